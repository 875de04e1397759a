#define _GNU_SOURCE
#include "drain.h"

#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "clock.h"

void drain_start(struct drain *drain) {
  *drain = (struct drain){.look_again = INT64_MAX};
}

static bool all_ended(const struct shared *shared) {
  for (uint32_t i = 0; i < atomic_load(&shared->streams); i++) {
    if (!shared->stream[i].ended) {
      return false;
    }
  }
  return true;
}

/* Whether all that will be copied is in the users' files. */
static bool all_is_there(const struct shared *shared) {
  for (uint32_t i = 0; i < atomic_load(&shared->streams); i++) {
    const struct stream *stream = &shared->stream[i];
    if (stream->written < stream_copy_end(stream)) {
      return false;
    }
  }
  return true;
}

/* How much a stream's source holds at this moment. */
static uint64_t bytes_waiting(const struct stream *stream) {
  int bytes = 0;
  bool open = stream->source >= 0 && !stream->source_ended;
  return open && ioctl(stream->source, FIONREAD, &bytes) == 0 && bytes > 0 ? (uint64_t)bytes : 0;
}

/* What was printed up to now is copied; what still comes goes to the user's file only. */
static void end_copies(struct shared *shared) {
  for (uint32_t i = 0; i < atomic_load(&shared->streams); i++) {
    struct stream *stream = &shared->stream[i];
    if (!stream->ended && stream->copy_end == UINT64_MAX) {
      stream->copy_end = stream->ring.end + bytes_waiting(stream);
    }
  }
}

static void tell_done(struct shared *shared) {
  if (shared->control >= 0 && !atomic_exchange(&shared->told_done, true)) {
    struct control_word done = {CONTROL_DONE};
    (void)!send(shared->control, &done, sizeof done, MSG_DONTWAIT | MSG_NOSIGNAL);
  }
}

/* Until when the agent is waited for. */
static int64_t deadline(const struct drain *drain, const struct shared *shared,
                        const struct link *link) {
  const struct policy *policy = &shared->policy;
  if (!link->ever_open) {
    return drain->since + (link->was_absent ? policy->absent_nanos : policy->first_nanos);
  }
  int64_t without_progress = drain->progress_at + policy->drain_nanos;
  int64_t most = drain->since + policy->drain_most_nanos;
  return without_progress < most ? without_progress : most;
}

static void look_at_copy(struct drain *drain, struct shared *shared, const struct link *link,
                         int64_t now) {
  if (drain->since == 0) {
    drain->since = drain->progress_at = now;
  }
  if (drain->progress != link->progress) {
    drain->progress = link->progress;
    drain->progress_at = now;
  }
  int64_t until = deadline(drain, shared, link);
  bool over = link->state == LINK_OVER || atomic_load(&shared->streams) == 0
      || !atomic_load(&shared->copying) || now >= until;
  if (over) {
    drain->copy_is_over = true;
    atomic_store(&shared->copying, false);
    eventfd_write(shared->over, 1);
  }
  drain->look_again = over ? INT64_MAX : until;
}

void drain_look(struct drain *drain, struct shared *shared, const struct link *link, int64_t now) {
  if (!atomic_load(&shared->closing)) {
    return;
  }
  if (drain->closing_since == 0) {
    drain->closing_since = now;
    drain->look_again = now + shared->policy.linger_nanos;
  }
  bool ended = all_ended(shared);
  if (ended) {
    tell_done(shared);
  } else if (atomic_load(&shared->leaving)
             || now - drain->closing_since >= shared->policy.linger_nanos) {
    end_copies(shared);
  }
  if (!drain->copy_is_over && all_is_there(shared)) {
    look_at_copy(drain, shared, link, now);
  }
  drain->all_is_over = ended && drain->copy_is_over;
}
