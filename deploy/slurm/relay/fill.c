/* What the link says next, as long as its buffer has room. */
#include <string.h>

#include "clock.h"
#include "link.h"
#include "wire.h"

#define DATA_BYTES (16u << 10)             /* of a frame: an agent at its floor of 64 KiB/s still acks often */
#define TOGETHER_BYTES DATA_BYTES          /* as much as this is sent at once */

static bool has_room(const struct link *link, size_t bytes) {
  return link->out_past + bytes <= sizeof link->out;
}

static unsigned char *next(struct link *link) {
  return link->out + link->out_past;
}

static void fill_data(struct link *link, uint32_t index, const struct stream *stream) {
  struct lane *lane = &link->lane[index];
  uint64_t until;
  uint64_t micros = ring_time(&stream->ring, lane->sent, &until);
  uint64_t most = stream_sendable(stream);
  size_t length = (size_t)((until < most ? until : most) - lane->sent);
  size_t fitting = link->longest_body - WIRE_DATA_HEAD_BYTES;
  fitting = fitting < DATA_BYTES ? fitting : DATA_BYTES;
  length = length < fitting ? length : fitting;
  struct iovec parts[2];
  int count = ring_parts(&stream->ring, lane->sent, length, parts);
  unsigned char *bytes = next(link) + WIRE_HEADER_BYTES + WIRE_DATA_HEAD_BYTES;
  for (int i = 0; i < count; i++) {
    memcpy(bytes, parts[i].iov_base, parts[i].iov_len);
    bytes += parts[i].iov_len;
  }
  link->out_past += wire_data(next(link), index, lane->sent, micros, length);
  lane->sent += length;
}

/* Little is sent together with what follows soon: a frame for each line would cost more. */
static bool may_wait(struct link *link, const struct stream *stream, uint64_t sent, int64_t now) {
  if (stream_copy_end(stream) != UINT64_MAX || stream_sendable(stream) - sent >= TOGETHER_BYTES) {
    return false;
  }
  if (link->unsent_since == 0) {
    link->unsent_since = now;
  }
  return now - link->unsent_since < LINK_TOGETHER;
}

/* One frame of a stream; whether there was one. */
static bool fill_stream(struct link *link, uint32_t index, int64_t now) {
  struct stream *stream = &link->shared->stream[index];
  struct lane *lane = &link->lane[index];
  uint64_t begin = ring_begin(&stream->ring);
  if (lane->state == LANE_NEW) {
    link->out_past += wire_open_stream(next(link), index, link->shared->hello.step, stream->task,
                                       stream->kind);
    lane->state = LANE_OPENING;
    return true;
  }
  if (lane->state != LANE_FLOWING || link->paused) {
    return false;
  }
  if (stream->failed != 0 && !stream->failure_told) {
    stream->failure_told = true;
    link->out_past += wire_notice(next(link), index, now_micros(), NOTICE_DESTINATION_FAILED,
                                  stream->failed);
    return true;
  }
  if (lane->sent < begin) {
    uint64_t past = begin < stream_sendable(stream) ? begin : stream_sendable(stream);
    link->out_past += wire_gap(next(link), index, lane->sent, past, now_micros(),
                               stream->loss_reason);
    lane->sent = past;
    stream->loss_reason = GAP_PART_FAILED;
    return true;
  }
  if (lane->sent < stream_sendable(stream)) {
    if (may_wait(link, stream, lane->sent, now)) {
      return false;
    }
    fill_data(link, index, stream);
    return true;
  }
  if (lane->sent == stream_copy_end(stream)) {
    link->out_past += wire_end_of_stream(next(link), index, lane->sent, now_micros());
    lane->state = LANE_ENDED;
    return true;
  }
  return false;
}

static bool fill_streams(struct link *link, int64_t now) {
  uint32_t streams = atomic_load(&link->shared->streams);
  bool filled = false;
  for (uint32_t i = 0; i < streams; i++) {
    if (!has_room(link, WIRE_HEADER_BYTES + WIRE_DATA_HEAD_BYTES + DATA_BYTES)) {
      break;
    }
    link->turn = (link->turn + 1) % streams;
    filled |= fill_stream(link, link->turn, now);
  }
  return filled;
}

static bool all_ended(const struct link *link) {
  for (uint32_t i = 0; i < atomic_load(&link->shared->streams); i++) {
    if (link->lane[i].state != LANE_ENDED) {
      return false;
    }
  }
  return atomic_load(&link->shared->closing);
}

bool link_fill(struct link *link, int64_t now) {
  bool due = link->state >= LINK_OPEN && now - link->said_at >= link->heartbeat;
  bool over = link->unsent_since != 0 && now - link->unsent_since >= LINK_TOGETHER;
  bool filled = link->state == LINK_OPEN && fill_streams(link, now);
  if (over) {
    link->unsent_since = 0;
  }
  if (!filled && link->state == LINK_OPEN && !link->paused && all_ended(link)) {
    link->out_past += wire_end_of_job(next(link), now_micros(), shared_ending(link->shared));
    link->state = LINK_ENDING;
    return true;
  }
  if (!filled && due) {
    link->out_past += wire_heartbeat(next(link));
    return true;
  }
  return filled;
}
