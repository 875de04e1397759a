#define _GNU_SOURCE
#include "worker.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "drain.h"
#include "link.h"
#include "pump.h"

#define LONGEST_SLEEP SECONDS(5)           /* so that the keeper's end is noticed */
#define WAITING_SLEEP MILLIS(100)          /* while the job waits, its right to run on is looked at */

struct worker {
  struct shared *shared;
  struct link *link;
  struct budget budget;
  struct drain drain;
  struct pollfd *polled;
  bool *sink_is_full;
  pid_t keeper;
};

/* Which bytes the next read may overwrite. */
static enum hold hold_now(const struct worker *worker) {
  if (!atomic_load(&worker->shared->copying) || worker->drain.copy_is_over) {
    return HOLD_NOTHING;
  }
  return link_holds(worker->link) ? HOLD_COPY : HOLD_NOTHING;
}

static bool job_waits(const struct shared *shared) {
  for (uint32_t i = 0; i < atomic_load(&shared->streams); i++) {
    if (pump_waits_for_copy(&shared->stream[i])) {
      return true;
    }
  }
  return false;
}

/* Reckons how long the job has waited, and looks whether it still may. */
static enum hold reckon_waiting(struct worker *worker, int64_t now) {
  enum hold hold = hold_now(worker);
  bool waits = hold == HOLD_COPY && job_waits(worker->shared);
  budget_reckon(&worker->budget, waits, now);
  if (waits) {
    link_watch_stall(worker->link, now);
    hold = hold_now(worker);
  }
  return hold;
}

static int64_t earlier(int64_t one, int64_t other) {
  return one < other ? one : other;
}

static int sleep_millis(const struct worker *worker, int64_t now) {
  int64_t until = now + (worker->budget.waiting ? WAITING_SLEEP : LONGEST_SLEEP);
  if (!worker->drain.copy_is_over && atomic_load(&worker->shared->copying)) {
    until = earlier(until, link_wake_at(worker->link));
  }
  until = earlier(until, worker->drain.look_again);
  return until <= now ? 0 : (int)((until - now) / MILLIS(1)) + 1;
}

/* Two places for each stream, its source and its sink, then the connection and the keeper's word. */
static void wait_for_work(struct worker *worker, enum hold hold, int64_t now) {
  struct shared *shared = worker->shared;
  uint32_t streams = atomic_load(&shared->streams);
  for (uint32_t i = 0; i < streams; i++) {
    const struct stream *stream = &shared->stream[i];
    bool reads = pump_wants_to_read(stream, hold);
    bool full = worker->sink_is_full[i] && !stream->ended;
    worker->polled[2 * i] = (struct pollfd){reads ? stream->source : -1, POLLIN, 0};
    worker->polled[2 * i + 1] = (struct pollfd){full ? stream->sink : -1, POLLOUT, 0};
  }
  short events = link_events(worker->link);
  worker->polled[2 * streams] = (struct pollfd){events == 0 ? -1 : shared->link, events, 0};
  worker->polled[2 * streams + 1] = (struct pollfd){shared->wake, POLLIN, 0};
  poll(worker->polled, 2 * streams + 2, sleep_millis(worker, now));
  if (worker->polled[2 * streams + 1].revents != 0) {
    eventfd_t news;
    eventfd_read(shared->wake, &news);
  }
  for (uint32_t i = 0; i < streams; i++) {
    struct stream *stream = &shared->stream[i];
    if (worker->polled[2 * i + 1].revents != 0) {
      worker->sink_is_full[i] = false;
    }
    if (worker->polled[2 * i].revents != 0) {
      pump_read(shared, stream, hold, !budget_allows(&worker->budget));
    }
    if (!worker->sink_is_full[i]) {
      worker->sink_is_full[i] = pump_write(shared, stream) == PUMP_FULL;
    }
  }
}

/* Without its keeper nobody will tell that the job has ended; the pipes will. */
static void watch_keeper(const struct worker *worker) {
  if (getppid() != worker->keeper) {
    atomic_store(&worker->shared->closing, true);
  }
}

void worker_run(struct shared *shared) {
  int64_t now = now_nanos();
  struct worker worker = {.shared = shared, .keeper = getppid()};
  worker.link = calloc(1, sizeof *worker.link);
  worker.polled = calloc(2 * (size_t)shared->most_streams + 2, sizeof *worker.polled);
  worker.sink_is_full = calloc(shared->most_streams, sizeof *worker.sink_is_full);
  struct lane *lanes = calloc(shared->most_streams, sizeof *lanes);
  if (worker.link == NULL || worker.polled == NULL || worker.sink_is_full == NULL
      || lanes == NULL) {
    _exit(1);
  }
  worker.link->lane = lanes;
  srandom((unsigned)getpid() ^ (unsigned)now);
  budget_start(&worker.budget, shared->policy.hold_budget_nanos, now);
  link_start(worker.link, shared, &worker.budget, now);
  drain_start(&worker.drain);
  transit_recover(shared);
  for (;;) {
    now = now_nanos();
    if (!worker.drain.copy_is_over && atomic_load(&shared->copying)) {
      link_work(worker.link, now);
    } else {
      link_stop(worker.link);
    }
    drain_look(&worker.drain, shared, worker.link, now);
    if (worker.drain.all_is_over) {
      break;
    }
    wait_for_work(&worker, reckon_waiting(&worker, now), now);
    watch_keeper(&worker);
  }
  free(lanes);
  free(worker.sink_is_full);
  free(worker.polled);
  free(worker.link);
}
