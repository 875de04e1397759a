/*
 * How long the copy may hold the job back. Waiting is charged only without progress: what the agent
 * takes excuses the time that it would need at a floor, so that a limit on throughput may slow a job
 * for ever, and a dead end may not (decision 024 is the same for the wrapper in Java).
 */
#ifndef JOBLOG_BUDGET_H
#define JOBLOG_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

struct budget {
  int64_t left;                            /* nanoseconds of waiting */
  int64_t most;
  int64_t excused;                         /* nanoseconds that acknowledged bytes have paid for */
  int64_t at;                              /* when it was last reckoned */
  bool waiting;
};

void budget_start(struct budget *budget, int64_t most, int64_t now);

/* The agent has taken bytes. */
void budget_excuse(struct budget *budget, uint64_t bytes);

/* Reckons up to now, and notes whether the job waits from now on. */
void budget_reckon(struct budget *budget, bool waiting, int64_t now);

/* Whether the job may wait at all. */
bool budget_allows(const struct budget *budget);

#endif
