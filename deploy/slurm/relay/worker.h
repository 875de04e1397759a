/* The loop that moves the bytes: the users' files first, the copy second. */
#ifndef JOBLOG_WORKER_H
#define JOBLOG_WORKER_H

#include "shared.h"

/* Works until nothing is left to do. What an earlier worker began is finished first. */
void worker_run(struct shared *shared);

#endif
