#include "ring.h"

#define MARK_MICROS 20000u                 /* bytes read within this time count as read together */

uint64_t ring_begin(const struct ring *ring) {
  return ring->reserved > ring->size ? ring->reserved - ring->size : 0;
}

int ring_parts(const struct ring *ring, uint64_t offset, size_t length, struct iovec parts[2]) {
  size_t at = (size_t)(offset & (ring->size - 1));
  size_t first = ring->size - at < length ? ring->size - at : length;
  parts[0] = (struct iovec){ring->bytes + at, first};
  parts[1] = (struct iovec){ring->bytes, length - first};
  return first == length ? 1 : 2;
}

int ring_reserve(struct ring *ring, size_t length, struct iovec parts[2]) {
  ring->reserved = ring->end + length;
  return ring_parts(ring, ring->end, length, parts);
}

void ring_advance(struct ring *ring, uint64_t end, uint64_t micros) {
  if (end == ring->end) {
    return;
  }
  const struct mark *last = &ring->mark[(ring->marks - 1) % RING_MARKS];
  if (ring->marks == 0 || micros - last->micros >= MARK_MICROS) {
    ring->mark[ring->marks % RING_MARKS] = (struct mark){ring->end, micros};
    ring->marks++;
  }
  ring->end = end;
}

uint64_t ring_time(const struct ring *ring, uint64_t offset, uint64_t *until) {
  uint32_t oldest = ring->marks > RING_MARKS ? ring->marks - RING_MARKS : 0;
  uint32_t low = oldest;
  uint32_t high = ring->marks;
  while (high - low > 1) {
    uint32_t middle = low + (high - low) / 2;
    if (ring->mark[middle % RING_MARKS].offset <= offset) {
      low = middle;
    } else {
      high = middle;
    }
  }
  *until = high < ring->marks ? ring->mark[high % RING_MARKS].offset : ring->end;
  return ring->mark[low % RING_MARKS].micros;
}
