/* What the agent says, and what the link does about it. */
#define _GNU_SOURCE
#include <sys/socket.h>

#include "clock.h"
#include "link.h"
#include "wire.h"

static void greet(struct link *link, const struct incoming *frame, int64_t now) {
  if (frame->oldest_version > WIRE_VERSION) {
    link_leave(link, LINK_OVER, INT64_MAX);
    return;
  }
  const struct shared *shared = link->shared;
  link->out_from = 0;
  link->out_past = wire_greeting(link->out, &shared->hello, shared->optin);
  link->state = LINK_GREETED;
  link->said_at = now;
}

/* At the agent's word, but not in a loop. */
static void come_again_after(struct link *link, int64_t wait, int64_t now) {
  link_leave(link, LINK_AWAY, now + link_spread(wait > LINK_AWAY_FIRST ? wait : LINK_AWAY_FIRST));
}

/* Where the agent wants to go on. What is here no more becomes a gap when it is sent. */
static bool resume(struct link *link, const struct incoming *frame) {
  struct stream *stream = &link->shared->stream[frame->stream];
  struct lane *lane = &link->lane[frame->stream];
  if (lane->state != LANE_OPENING || frame->offset > stream_sendable(stream)) {
    return false;
  }
  lane->state = LANE_FLOWING;
  lane->sent = frame->offset;
  stream->acked = frame->offset;
  return true;
}

static bool acknowledge(struct link *link, const struct incoming *frame, int64_t now) {
  struct stream *stream = &link->shared->stream[frame->stream];
  struct lane *lane = &link->lane[frame->stream];
  if (lane->state < LANE_FLOWING || frame->offset > lane->sent) {
    return false;
  }
  if (frame->offset > stream->acked) {
    budget_excuse(link->budget, frame->offset - stream->acked);
    stream->acked = frame->offset;
    link->progress++;
    link->trusted = true;
    link->owed_since = now;                /* reckoned anew below, where nothing is owed any more */
    link->away_nanos = LINK_AWAY_FIRST;
    link->stall_nanos = LINK_STALL_FIRST;
  }
  return true;
}

static void say_goodbye(struct link *link) {
  unsigned char frame[WIRE_MAX_SMALL_BYTES];
  size_t length = wire_goodbye(frame, 0);
  (void)!send(link->shared->link, frame, length, MSG_NOSIGNAL);
  link_leave(link, LINK_OVER, INT64_MAX);
}

bool link_obey(struct link *link, const struct incoming *frame, int64_t now) {
  bool open = link->state == LINK_OPEN || link->state == LINK_ENDING;
  bool knows = frame->stream < link->shared->most_streams;
  switch (frame->type) {
    case FRAME_CHALLENGE:
      if (link->state == LINK_FRESH) {
        greet(link, frame, now);
        return true;
      }
      return false;
    case FRAME_WELCOME:
      link->longest_body = frame->longest_body;
      link->heartbeat = MILLIS(frame->heartbeat_millis);
      link->owed_since = 0;
      if (link->state == LINK_GREETED) {
        link->state = LINK_OPEN;
        link->ever_open = true;
        return true;
      }
      return false;
    case FRAME_RESUME_POINT:
      return open && knows && resume(link, frame);
    case FRAME_ACK:
      return open && knows && acknowledge(link, frame, now);
    case FRAME_PAUSE:
      link->paused = true;
      return open;
    case FRAME_UNPAUSE:
      link->paused = false;
      link->owed_since = 0;                /* what was owed during the pause is owed from now on */
      return open;
    case FRAME_END_ACK:
      if (link->state == LINK_ENDING) {
        say_goodbye(link);
        return true;
      }
      return false;
    case FRAME_GOODBYE:
      come_again_after(link, MILLIS(frame->retry_millis), now);
      return true;
    case FRAME_REFUSAL:
      if (wire_refusal_is_final(frame->code)) {
        link_leave(link, LINK_OVER, INT64_MAX);
      } else {
        link_come_again(link, now);
      }
      return true;
    case FRAME_HEARTBEAT:
      return link->state >= LINK_GREETED;
    default:
      return false;
  }
}
