#define _GNU_SOURCE
#include "link.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "wire.h"

#define STALL SECONDS(3)                   /* no progress for so long while the job waits: given up */
#define GREETING SECONDS(10)               /* for each step up to the welcome */
#define AWAY_MOST SECONDS(10)              /* a restart of the agent is noticed within this */
#define STALL_MOST SECONDS(60)

void link_start(struct link *link, struct shared *shared, struct budget *budget, int64_t now) {
  struct lane *lane = link->lane;
  memset(link, 0, sizeof *link);
  link->lane = lane;
  link->shared = shared;
  link->budget = budget;
  link->trusted = true;
  link->away_nanos = LINK_AWAY_FIRST;
  link->stall_nanos = LINK_STALL_FIRST;
  link->next_try = now;
  if (shared->link >= 0) {                 /* of a worker that was killed */
    close(shared->link);
    shared->link = -1;
  }
}

void link_leave(struct link *link, enum link_state state, int64_t next_try) {
  if (link->shared->link >= 0) {
    close(link->shared->link);
    link->shared->link = -1;
  }
  link->state = state;
  link->next_try = next_try;
  link->owed_since = 0;
  link->paused = false;
  link->in_bytes = link->out_from = link->out_past = 0;
}

int64_t link_spread(int64_t nanos) {
  return nanos / 2 + (int64_t)((double)nanos / 2 * ((double)random() / (double)RAND_MAX));
}

void link_come_again(struct link *link, int64_t now) {
  link->was_absent = true;
  link_leave(link, LINK_AWAY, now + link_spread(link->away_nanos));
  link->away_nanos = link->away_nanos * 2 < AWAY_MOST ? link->away_nanos * 2 : AWAY_MOST;
}

static void connect_now(struct link *link, int64_t now) {
  struct shared *shared = link->shared;
  shared->link = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (shared->link < 0
      || connect(shared->link, (const struct sockaddr *)&shared->agent, sizeof shared->agent) != 0) {
    link_come_again(link, now);
    return;
  }
  link->state = LINK_FRESH;
  link->heard_at = link->said_at = link->owed_since = now;
  for (uint32_t i = 0; i < shared->most_streams; i++) {
    link->lane[i].state = LANE_NEW;
  }
}

static bool connected(const struct link *link) {
  return link->state != LINK_AWAY && link->state != LINK_OVER;
}

static void take_frames(struct link *link, int64_t now) {
  size_t at = 0;
  while (connected(link)) {
    struct incoming frame;
    int length = wire_read(link->in + at, link->in_bytes - at, &frame);
    if (length == WIRE_MORE) {
      break;
    }
    if (length == WIRE_WRONG || !link_obey(link, &frame, now)) {
      link_come_again(link, now);
      return;
    }
    at += (size_t)length;
  }
  if (connected(link)) {
    link->in_bytes -= at;
    memmove(link->in, link->in + at, link->in_bytes);
  }
}

static void read_agent(struct link *link, int64_t now) {
  while (connected(link)) {
    ssize_t n = recv(link->shared->link, link->in + link->in_bytes,
                     sizeof link->in - link->in_bytes, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
      return;
    }
    if (n <= 0) {
      link_come_again(link, now);
      return;
    }
    link->heard_at = now;
    link->in_bytes += (size_t)n;
    take_frames(link, now);
  }
}

/* Writes what is in the buffer; whether all of it went. */
static bool flush(struct link *link, int64_t now) {
  while (link->out_from < link->out_past) {
    ssize_t n = send(link->shared->link, link->out + link->out_from,
                     link->out_past - link->out_from, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      if (errno != EAGAIN) {
        link_come_again(link, now);
      }
      return false;
    }
    link->out_from += (size_t)n;
    link->said_at = now;
  }
  link->out_from = link->out_past = 0;
  return true;
}

static void write_agent(struct link *link, int64_t now) {
  while (connected(link) && flush(link, now) && link_fill(link, now)) {
  }
}

/* Whether there are bytes that the agent should have acknowledged by now. */
static bool owed(const struct link *link) {
  if (link->state < LINK_OPEN) {
    return true;
  }
  for (uint32_t i = 0; i < atomic_load(&link->shared->streams); i++) {
    if (link->lane[i].state < LANE_FLOWING || link->shared->stream[i].acked < link->lane[i].sent) {
      return true;
    }
  }
  return false;
}

/* From when on the agent's debt counts. */
static void reckon_debt(struct link *link, int64_t now) {
  if (!connected(link) || !owed(link)) {
    link->owed_since = 0;
  } else if (link->owed_since == 0) {
    link->owed_since = now;
  }
}

static int64_t silence(const struct link *link) {
  return link->state >= LINK_OPEN ? WIRE_SILENT_HEARTBEATS * link->heartbeat : GREETING;
}

void link_work(struct link *link, int64_t now) {
  bool wanted = atomic_load(&link->shared->streams) > 0;
  if (link->state == LINK_AWAY && wanted && now >= link->next_try) {
    connect_now(link, now);
  }
  read_agent(link, now);
  write_agent(link, now);
  reckon_debt(link, now);
  if (connected(link) && now - link->heard_at >= silence(link)) {
    link_come_again(link, now);
  }
}

void link_stop(struct link *link) {
  link_leave(link, LINK_OVER, INT64_MAX);
}

bool link_holds(const struct link *link) {
  return connected(link) && link->trusted && budget_allows(link->budget);
}

void link_watch_stall(struct link *link, int64_t now) {
  if (!connected(link) || !link->trusted) {
    return;
  }
  int64_t sign = link->owed_since;
  if (link->paused && link->heard_at > sign) {
    sign = link->heard_at;                 /* a pause is no failure while the agent says that it lives */
  }
  if (sign != 0 && now - sign >= STALL) {
    link->trusted = false;
    link_leave(link, LINK_AWAY, now + link_spread(link->stall_nanos));
    link->stall_nanos = link->stall_nanos * 2 < STALL_MOST ? link->stall_nanos * 2 : STALL_MOST;
  }
}

int64_t link_wake_at(const struct link *link) {
  if (link->state == LINK_OVER || atomic_load(&link->shared->streams) == 0) {
    return INT64_MAX;
  }
  if (link->state == LINK_AWAY) {
    return link->next_try;
  }
  int64_t at = link->heard_at + silence(link);
  if (link->state >= LINK_OPEN && link->said_at + link->heartbeat < at) {
    at = link->said_at + link->heartbeat;
  }
  if (link->unsent_since != 0 && link->unsent_since + LINK_TOGETHER < at) {
    at = link->unsent_since + LINK_TOGETHER;
  }
  return at;
}

short link_events(const struct link *link) {
  if (!connected(link)) {
    return 0;
  }
  return link->out_from < link->out_past ? POLLIN | POLLOUT : POLLIN;
}
