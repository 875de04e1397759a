/* The relay around a command, without Slurm's help and without root. */
#ifndef JOBLOG_RUN_H
#define JOBLOG_RUN_H

#include <stdint.h>

#include "identity.h"

struct run_options {
  const char *socket;                      /* the agent's */
  const char *home;                        /* where .logoptin is; NULL: as the password database says */
  struct identity_options identity;
  int64_t hold_budget_nanos;
  int64_t linger_nanos;
  int64_t drain_nanos;
  char **command;
};

/* Runs the command and ends as it ends. */
int run_main(const struct run_options *options);

#endif
