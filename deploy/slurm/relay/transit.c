#define _GNU_SOURCE
#include "transit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "clock.h"

enum phase { IDLE = 0, SPLICING, FILLING_RING, FILLING_PIPE, SPLICING_ON, WRITING };

static void enter(struct transit *transit, enum phase phase) {
  atomic_store(&transit->phase, (int)phase);
}

static void plan(struct shared *shared, const struct stream *stream, uint64_t base, size_t bytes) {
  shared->transit.stream = (uint32_t)(stream - shared->stream);
  shared->transit.base = base;
  shared->transit.bytes = bytes;
}

static size_t bytes_in(int pipe) {
  int bytes = 0;
  return ioctl(pipe, FIONREAD, &bytes) == 0 && bytes > 0 ? (size_t)bytes : 0;
}

/* Takes what is in the transit pipe into the ring. */
static void fill_ring(struct shared *shared, struct stream *stream, size_t bytes) {
  struct transit *transit = &shared->transit;
  uint64_t past = transit->base + transit->bytes;
  struct iovec parts[2];
  while (bytes > 0) {
    int count = ring_reserve(&stream->ring, bytes, parts);
    ssize_t n = readv(transit->in[0], parts, count);
    if (n <= 0) {
      break;
    }
    bytes -= (size_t)n;
    ring_advance(&stream->ring, past - bytes, now_micros());
  }
  enter(transit, IDLE);
}

/* A terminal cannot be spliced. What a worker killed here had read is lost. */
static ssize_t pull_terminal(struct stream *stream, size_t length) {
  struct iovec parts[2];
  int count = ring_reserve(&stream->ring, length, parts);
  ssize_t n = readv(stream->source, parts, count);
  if (n > 0) {
    ring_advance(&stream->ring, stream->ring.end + (uint64_t)n, now_micros());
  }
  return n < 0 && errno == EIO ? 0 : n;    /* the last writer has closed it */
}

ssize_t transit_pull(struct shared *shared, struct stream *stream, size_t length) {
  if (stream->source_is_terminal) {
    return pull_terminal(stream, length);
  }
  struct transit *transit = &shared->transit;
  plan(shared, stream, stream->ring.end, 0);
  enter(transit, SPLICING);
  ssize_t n = splice(stream->source, NULL, transit->in[1], NULL, length, SPLICE_F_NONBLOCK);
  if (n <= 0) {
    int error = errno;
    enter(transit, IDLE);
    errno = error;
    return n;
  }
  transit->bytes = (uint64_t)n;
  enter(transit, FILLING_RING);
  fill_ring(shared, stream, (size_t)n);
  return n;
}

static void drain(int pipe) {
  char rest[4096];
  while (read(pipe, rest, sizeof rest) > 0) {
  }
}

/* A pipe as destination: never blocks, and leaves the flags of what others share alone. */
static ssize_t push_pipe(struct shared *shared, struct stream *stream, size_t length) {
  struct transit *transit = &shared->transit;
  struct iovec parts[2];
  int count = ring_parts(&stream->ring, stream->written, length, parts);
  plan(shared, stream, stream->written, length);
  enter(transit, FILLING_PIPE);
  ssize_t filled = writev(transit->out[1], parts, count);
  if (filled <= 0) {
    enter(transit, IDLE);
    return filled;
  }
  transit->bytes = (uint64_t)filled;
  enter(transit, SPLICING_ON);
  ssize_t n =
      splice(transit->out[0], NULL, stream->sink, NULL, (size_t)filled, SPLICE_F_NONBLOCK);
  int error = errno;
  stream->written = transit->base + (n > 0 ? (uint64_t)n : 0);
  enter(transit, FILLING_PIPE);
  if (n < filled) {
    drain(transit->out[0]);
  }
  enter(transit, IDLE);
  errno = error;
  return n;
}

/* Where the next write to a file begins, as far as one can know; -1 if it is none. */
static int64_t place_of(int sink) {
  off_t place = lseek(sink, 0, SEEK_CUR);
  struct stat status;
  if (place < 0 || fstat(sink, &status) != 0 || !S_ISREG(status.st_mode)) {
    return -1;
  }
  bool appends = (fcntl(sink, F_GETFL) & O_APPEND) != 0;
  return appends && status.st_size > place ? status.st_size : place;
}

static ssize_t push_file(struct shared *shared, struct stream *stream, size_t length) {
  struct transit *transit = &shared->transit;
  struct iovec parts[2];
  int count = ring_parts(&stream->ring, stream->written, length, parts);
  plan(shared, stream, stream->written, length);
  transit->place = place_of(stream->sink);
  enter(transit, WRITING);
  ssize_t n = writev(stream->sink, parts, count);
  int error = errno;
  stream->written = transit->base + (n > 0 ? (uint64_t)n : 0);
  enter(transit, IDLE);
  errno = error;
  return n;
}

ssize_t transit_push(struct shared *shared, struct stream *stream, size_t length) {
  return stream->sink_kind == SINK_PIPE ? push_pipe(shared, stream, length)
                                        : push_file(shared, stream, length);
}

/* How much of a write that was killed the file has; another writer in between blurs it. */
static uint64_t written_by_the_dead(const struct transit *transit, int sink) {
  off_t place = lseek(sink, 0, SEEK_CUR);
  if (transit->place < 0 || place <= transit->place) {
    return 0;
  }
  uint64_t moved = (uint64_t)(place - transit->place);
  return moved < transit->bytes ? moved : transit->bytes;
}

void transit_recover(struct shared *shared) {
  struct transit *transit = &shared->transit;
  struct stream *stream = &shared->stream[transit->stream];
  switch ((enum phase)atomic_load(&transit->phase)) {
    case IDLE:
      break;
    case SPLICING:
      transit->bytes = bytes_in(transit->in[0]);
      enter(transit, FILLING_RING);
      fill_ring(shared, stream, transit->bytes);
      break;
    case FILLING_RING: {
      size_t left = bytes_in(transit->in[0]);
      ring_advance(&stream->ring, transit->base + transit->bytes - left, now_micros());
      fill_ring(shared, stream, left);
      break;
    }
    case SPLICING_ON:
      stream->written = transit->base + transit->bytes - bytes_in(transit->out[0]);
      enter(transit, FILLING_PIPE);
      drain(transit->out[0]);
      break;
    case FILLING_PIPE:
      drain(transit->out[0]);
      break;
    case WRITING:
      stream->written = transit->base + written_by_the_dead(transit, stream->sink);
      break;
  }
  enter(transit, IDLE);
}
