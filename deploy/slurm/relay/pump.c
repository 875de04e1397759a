#include "pump.h"

#include <errno.h>
#include <unistd.h>

#define LEAST_ROOM 4096u                   /* less is not worth a read */

static size_t room(const struct stream *stream, enum hold hold) {
  const struct ring *ring = &stream->ring;
  uint64_t needed = stream->written;
  if (hold == HOLD_COPY && stream->copy_end == UINT64_MAX) {
    uint64_t begin = ring_begin(ring);
    uint64_t unsent = stream->acked > begin ? stream->acked : begin;
    needed = unsent < needed ? unsent : needed;
  }
  uint64_t used = ring->end - needed;
  return used < ring->size ? (size_t)(ring->size - used) : 0;
}

bool pump_wants_to_read(const struct stream *stream, enum hold hold) {
  return !stream->source_ended && room(stream, hold) >= LEAST_ROOM;
}

bool pump_waits_for_copy(const struct stream *stream) {
  return pump_wants_to_read(stream, HOLD_NOTHING) && !pump_wants_to_read(stream, HOLD_COPY);
}

void pump_read(struct shared *shared, struct stream *stream, enum hold hold,
               bool waited_too_long) {
  if (!pump_wants_to_read(stream, hold)) {
    return;
  }
  size_t length = room(stream, hold);
  length = length < CHUNK_BYTES ? length : CHUNK_BYTES;
  ssize_t n = transit_pull(shared, stream, length);
  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
    stream->source_ended = true;
  }
  if (waited_too_long && ring_begin(&stream->ring) > stream->acked) {
    stream->loss_reason = GAP_HELD_TOO_LONG;
  }
}

/* Forgotten before it is closed: a worker killed in between leaves nothing that the next one closes. */
static void close_forgotten(int *fd) {
  int open = *fd;
  *fd = -1;
  if (open >= 0) {
    close(open);
  }
}

/* Nobody reads the output any longer, or policy wants the command to notice: its pipe breaks. */
static void break_pipe(struct stream *stream) {
  close_forgotten(&stream->source);
  stream->source_ended = true;
  stream->ring.end = stream->written;
}

static bool is_gone(const struct stream *stream, int error) {
  return error == EPIPE || (error == EIO && stream->sink_kind == SINK_TERMINAL);
}

/* The destination refuses bytes. The relay's policy says what becomes of them. */
static void refused(const struct shared *shared, struct stream *stream, size_t length, int error) {
  if (!is_gone(stream, error) && stream->failed == 0) {
    stream->failed = (uint32_t)error;
  }
  if (is_gone(stream, error) || shared->policy.sink == SINK_BREAKS) {
    break_pipe(stream);
  } else {
    stream->written += length;
  }
}

static void end(struct stream *stream) {
  stream->ended = true;
  close_forgotten(&stream->source);
  close_forgotten(&stream->sink);          /* at once: whoever reads it waits for its end */
}

enum pump_result pump_write(struct shared *shared, struct stream *stream) {
  while (stream->written < stream->ring.end) {
    uint64_t left = stream->ring.end - stream->written;
    size_t length = left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES;
    ssize_t n = transit_push(shared, stream, length);
    if (n < 0 && errno == EAGAIN) {
      return PUMP_FULL;
    }
    if (n < 0 && errno != EINTR) {
      refused(shared, stream, length, errno);
    }
  }
  if (stream->source_ended && !stream->ended) {
    end(stream);
  }
  return PUMP_DONE;
}
