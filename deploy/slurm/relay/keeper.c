#define _GNU_SOURCE
#include "keeper.h"

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "process.h"
#include "worker.h"

#define MOST_CRASHES 5                     /* by its own fault; then the copy is suspected and given up */

/* A clone that shares the table of descriptors: what one side opens or closes, both have or have not. */
static pid_t start_worker(struct shared *shared) {
  pid_t pid = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) {
    process_name("joblog-relay");
    process_ignore_signals();
    if (shared->control < 0) {
      setsid();                            /* a terminal that ends must not take the output along */
    }
    worker_run(shared);
    _exit(0);
  }
  return pid;
}

bool keeper_start(struct keeper *keeper, struct shared *shared) {
  *keeper = (struct keeper){.shared = shared};
  keeper->worker = start_worker(shared);
  return keeper->worker > 0;
}

/* Someone else ended it: whoever may do that may do it often. */
static bool was_killed(int status) {
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

bool keeper_replace(struct keeper *keeper, int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    return true;
  }
  if (!was_killed(status) && ++keeper->crashes >= MOST_CRASHES) {
    atomic_store(&keeper->shared->copying, false);
  }
  struct timespec pause = {0, 10000000};   /* a worker that cannot live must not eat a processor */
  do {
    if (keeper->crashes > 0) {
      nanosleep(&pause, NULL);
    }
    keeper->worker = start_worker(keeper->shared);
    keeper->crashes += keeper->worker < 0;
  } while (keeper->worker < 0);
  return false;
}
