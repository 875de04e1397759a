/* What the relay's processes are to the system. */
#ifndef JOBLOG_PROCESS_H
#define JOBLOG_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/* The name that ps and /proc/PID/comm show. */
void process_name(const char *name);

/* Ignores every signal that can be ignored. */
void process_ignore_signals(void);

/* Closes every descriptor from one on. */
void process_close_from(int first);

/* Room for this many descriptors, as far as the system gives it. */
void process_raise_descriptors(unsigned most);

/* Out of the step's cgroup into this one, which is made if it is not there; false if that failed. */
bool process_move_to_cgroup(const char *folder);

/* Whether the process is in a cgroup of a Slurm step, where it would be killed or waited for. */
bool process_is_inside_step(void);

/* Asks the kernel to end others first when memory is short. */
void process_spare_from_oom(void);

/* Becomes this user for good; false if that failed. */
bool process_become(uid_t uid, gid_t gid);

#endif
