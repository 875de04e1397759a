/*
 * What keeper and worker share: memory, and their table of descriptors (the worker is a clone with
 * CLONE_FILES). The worker may be killed at any instruction; the next one finds everything here.
 */
#ifndef JOBLOG_SHARED_H
#define JOBLOG_SHARED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/un.h>

#include "../control.h"
#include "stream.h"
#include "wire.h"

/* Bounds; every one is per relay. */
#define RING_MAX_BYTES (1u << 20)          /* of a stream: absorbs a restart of the agent */
#define RINGS_BYTES (4u << 20)             /* of all streams, while each gets the least at least */
#define RING_MIN_BYTES (64u << 10)         /* one chunk */
#define CHUNK_BYTES (64u << 10)            /* moved at once: what a pipe holds */

/* What differs between a step under Slurm and a wrapped command. */
struct policy {
  enum sink_policy sink;
  int64_t linger_nanos;                    /* how long the end waits for what holds a pipe open */
  int64_t drain_nanos;                     /* how long the end waits for the agent without progress */
  int64_t drain_most_nanos;                /* and in all */
  int64_t first_nanos;                     /* and for the first answer */
  int64_t absent_nanos;                    /* and for an agent that was never there */
  int64_t hold_budget_nanos;               /* waiting of the job that nothing excuses */
};

/* What a worker was moving when it was killed: see transit.h. */
struct transit {
  _Atomic int phase;
  uint32_t stream;
  uint64_t base;                           /* offset where the move begins */
  uint64_t bytes;                          /* how much is moved */
  int64_t place;                           /* of the file's end before */
  int in[2];                               /* from a task's pipe into the ring */
  int out[2];                              /* from the ring into a destination that is a pipe */
};

struct shared {
  struct policy policy;
  struct sockaddr_un agent;
  int control;                             /* to the plugin, or -1 */
  int wake;                                /* eventfd: there is news from the keeper */
  int over;                                /* eventfd: for a wrapper, its command need not wait */
  int link;                                /* the worker's connection, or -1 */
  _Atomic bool closing;                    /* no more tasks will come */
  _Atomic bool leaving;                    /* nobody waits for open pipes any longer */
  _Atomic bool copying;                    /* false: only the users' files, the copy is given up */
  _Atomic bool told_done;
  _Atomic int ending;                      /* highest status of a task: see ending_of, or -1 */
  _Atomic uint32_t streams;                /* how many are ready */
  uint32_t most_streams;
  struct transit transit;
  struct control_hello hello;
  unsigned char optin[OPTIN_MAX_BYTES];
  struct stream stream[];
};

/* Shared memory for a step with this many streams at most; NULL if there is none. */
struct shared *shared_create(uint32_t most_streams);

/* Adds a stream; the descriptors are the relay's from now on. False if there is no room. */
bool shared_add(struct shared *shared, uint8_t kind, uint32_t task, int source, int sink,
                bool terminal);

/* Notes how a task ended, in the form of waitpid. */
void shared_note_exit(struct shared *shared, int status);

/* How the job's part here ended: the highest of its tasks. */
struct ending shared_ending(const struct shared *shared);

/* Tells the worker that something changed. */
void shared_wake(const struct shared *shared);

#endif
