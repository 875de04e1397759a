/*
 * The connection to the node's agent: the shipper's side of schema/PROTOCOL.md. Belongs to the
 * worker; a new worker begins with a new connection, and the streams say how far the agent is.
 *
 *   AWAY ─connect─► FRESH ─challenge─► GREETED ─welcome─► OPEN ─end of job─► ENDING ─end ack─► OVER
 *     ▲                │                  │                 │                   │
 *     └── back-off ────┴──────────────────┴─────────────────┴───────────────────┘   refused: OVER
 */
#ifndef JOBLOG_LINK_H
#define JOBLOG_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "budget.h"
#include "clock.h"
#include "shared.h"

#define LINK_OUT_BYTES (96u << 10)         /* a greeting, or a few frames of data */
#define LINK_IN_BYTES 8192u                /* some hundred acknowledgements */
#define LINK_AWAY_FIRST MILLIS(250)        /* the first wait before coming again */
#define LINK_STALL_FIRST SECONDS(2)        /* the same, where the job has waited in vain */
#define LINK_TOGETHER MILLIS(25)           /* for so long a few bytes wait for more */

enum link_state { LINK_AWAY, LINK_FRESH, LINK_GREETED, LINK_OPEN, LINK_ENDING, LINK_OVER };

/* What this connection has said about a stream. */
enum lane_state { LANE_NEW, LANE_OPENING, LANE_FLOWING, LANE_ENDED };

struct lane {
  enum lane_state state;
  uint64_t sent;
};

struct link {
  struct shared *shared;
  struct budget *budget;
  enum link_state state;
  struct lane *lane;                       /* as many as there may be streams */
  uint32_t turn;                           /* which stream is served next */
  uint32_t longest_body;
  int64_t heartbeat;
  int64_t heard_at;
  int64_t said_at;
  int64_t owed_since;                      /* since when the agent owes an answer, 0 if it owes none */
  int64_t unsent_since;                    /* since when bytes wait to be sent together, 0 if none do */
  int64_t next_try;
  int64_t away_nanos;                      /* the next wait after an end */
  int64_t stall_nanos;                     /* the next wait after a stall */
  bool paused;
  bool trusted;                            /* may hold the job back: has proven that it takes bytes */
  bool ever_open;
  bool was_absent;                         /* a connection was refused, or ended before its welcome */
  uint64_t progress;                       /* acknowledgements so far */
  size_t in_bytes;
  size_t out_from;
  size_t out_past;
  unsigned char in[LINK_IN_BYTES];
  unsigned char out[LINK_OUT_BYTES];
};

void link_start(struct link *link, struct shared *shared, struct budget *budget, int64_t now);

/* Connects, reads, obeys, writes: as much as goes without waiting. */
void link_work(struct link *link, int64_t now);

/* No more copying: the connection ends. */
void link_stop(struct link *link);

/* Whether bytes that the agent does not have yet may hold the job back. */
bool link_holds(const struct link *link);

/* Tells the link that the job waits for it: an agent that shows no progress is given up soon. */
void link_watch_stall(struct link *link, int64_t now);

/* When there is something to do, whatever comes. */
int64_t link_wake_at(const struct link *link);

/* Does what a frame says; false if it does not belong here. In obey.c. */
struct incoming;
bool link_obey(struct link *link, const struct incoming *frame, int64_t now);

/* The one way out of a connection, and the way out after which it is tried again. */
void link_leave(struct link *link, enum link_state state, int64_t next_try);
void link_come_again(struct link *link, int64_t now);

/* So that the relays of a node do not all come at once: 0.5 to 1 of a wait. */
int64_t link_spread(int64_t nanos);

/* Puts the next frames into the empty buffer; whether there were any. In fill.c. */
bool link_fill(struct link *link, int64_t now);

/* What to poll the connection for; 0 for nothing. */
short link_events(const struct link *link);

#endif
