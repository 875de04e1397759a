/* The end: who is told what, how long anything is waited for, and when all is over. */
#ifndef JOBLOG_DRAIN_H
#define JOBLOG_DRAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "link.h"
#include "shared.h"

struct drain {
  bool copy_is_over;                       /* the agent has all, or is no longer waited for */
  bool all_is_over;                        /* and no output is open */
  int64_t closing_since;                   /* the end was told, 0 before */
  int64_t since;                           /* all that will be copied is here, 0 before */
  int64_t progress_at;
  uint64_t progress;
  int64_t look_again;                      /* when time alone changes something */
};

void drain_start(struct drain *drain);
void drain_look(struct drain *drain, struct shared *shared, const struct link *link, int64_t now);

#endif
