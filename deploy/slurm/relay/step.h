/* The relay of a step under Slurm. */
#ifndef JOBLOG_STEP_H
#define JOBLOG_STEP_H

#include <sys/types.h>

struct step_options {
  uid_t uid;
  gid_t gid;
  const char *cgroup;                      /* NULL: stays where it was started */
  const char *socket;                      /* the agent's */
};

/* Serves one step; the process's exit code. */
int step_main(const struct step_options *options);

#endif
