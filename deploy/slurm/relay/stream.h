/*
 * One output of one task: the pipe that the task prints into, the place where it went before, the
 * ring between, and how far each reader of the ring is. Lives in shared memory (shared.h): a worker
 * that is killed leaves it, and the next one goes on.
 *
 *   ring_begin ≤ ··· ≤ written ≤ end        the user's own file has everything below written
 *   acked ≤ written                         the agent has everything below acked
 */
#ifndef JOBLOG_STREAM_H
#define JOBLOG_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "ring.h"

enum sink_kind {
  SINK_FILE,                               /* a regular file, or a device that is no terminal */
  SINK_PIPE,
  SINK_TERMINAL,
};

/* What becomes of a destination that refuses bytes (decision 081). */
enum sink_policy {
  SINK_BREAKS,                             /* the command's pipe breaks: it notices */
  SINK_GOES_ON,                            /* what is refused is dropped: the job runs on */
};

struct stream {
  uint8_t kind;
  uint32_t task;
  int source;                              /* -1 when it has ended */
  int sink;
  bool source_is_terminal;
  enum sink_kind sink_kind;
  bool source_ended;
  bool ended;                              /* and everything is written: both are closed */
  uint64_t written;
  uint64_t acked;
  uint64_t copy_end;                       /* the copy ends here; UINT64_MAX while it goes on */
  uint8_t loss_reason;                     /* of what is overwritten before the agent has it */
  uint32_t failed;                         /* errno of the first failure of the destination, or 0 */
  bool failure_told;
  struct ring ring;
};

/* Where the copy of a stream ends, UINT64_MAX while nobody knows. */
static inline uint64_t stream_copy_end(const struct stream *stream) {
  bool short_of_it = stream->ended && stream->ring.end < stream->copy_end;
  return short_of_it ? stream->ring.end : stream->copy_end;
}

/* What of a stream may be sent: never more than the user's own file has. */
static inline uint64_t stream_sendable(const struct stream *stream) {
  return stream->written < stream->copy_end ? stream->written : stream->copy_end;
}

#endif
