/*
 * The process that does not work: it holds every descriptor and the shared memory, and starts a new
 * worker when one ends too early. A pipe whose only reader dies would kill the job.
 */
#ifndef JOBLOG_KEEPER_H
#define JOBLOG_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

#include "shared.h"

struct keeper {
  struct shared *shared;
  pid_t worker;
  int crashes;
};

/* Starts the first worker; false if there can be none. */
bool keeper_start(struct keeper *keeper, struct shared *shared);

/* The worker has ended. True if its work is done, false if another one works now. */
bool keeper_replace(struct keeper *keeper, int status);

#endif
