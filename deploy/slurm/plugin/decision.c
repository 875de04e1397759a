/* Whether a job is logged: decided once, by its first step, and passed on to the later ones. */
#define _GNU_SOURCE
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "plugin.h"

#define DEADLINE_MILLIS 2000               /* for a home on a file system that hangs */

/* In the environment of tasks; SLURM_ so that srun --export=NONE keeps it. The value is KEY:WORD. */
#define DECIDED "SLURM_JOBLOG"
/* What joblog-shipper run and joblog-relay run look for, so as not to capture twice. */
#define CAPTURED "SLURM_JOBLOG_CAPTURED"

static const char *const words[] = {
    [DECISION_NO] = "no", [DECISION_YES] = "yes", [DECISION_CAPTURED] = "captured"};

/*
 * In a child: becomes the user, with all groups, because a home may be closed to root, and looks.
 * The home is the one that the password database names; HOME may be anything.
 */
static bool read_as_user(struct optin *optin, const void *who) {
  const struct job *job = who;
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  const struct passwd *entry = getpwuid(job->hello.uid);
  if (entry == NULL) {
    return false;
  }
  char home[4096];
  snprintf(home, sizeof home, "%s", entry->pw_dir);
  snprintf(optin->user, sizeof optin->user, "%s", entry->pw_name);
  if (initgroups(entry->pw_name, job->gid) != 0 || setresgid(job->gid, job->gid, job->gid) != 0
      || setresuid(job->hello.uid, job->hello.uid, job->hello.uid) != 0) {
    return false;
  }
  return optin_read(home, optin);
}

static enum decision told(spank_t spank, const struct job *job) {
  char value[64];
  size_t length = strlen(job->key);
  if (spank_getenv(spank, DECIDED, value, sizeof value) != ESPANK_SUCCESS
      || strncmp(value, job->key, length) != 0 || value[length] != ':') {
    return DECISION_NONE;                  /* of the job, perhaps, that submitted this one */
  }
  for (int decision = DECISION_NO; decision <= DECISION_CAPTURED; decision++) {
    if (strcmp(value + length + 1, words[decision]) == 0) {
      return (enum decision)decision;
    }
  }
  return DECISION_NONE;
}

/*
 * The job is logged, and a step must say so with the file's bytes, which may be gone by now. The
 * server knows the options by the first greeting; should this be it, nothing is shown.
 */
static void find_options(const struct job *job, struct optin *optin) {
  optin_ask(read_as_user, job, DEADLINE_MILLIS, optin);
  if (!optin->opted_in) {
    static const char safe[] = "mode: disabled # the opt-in file was gone when this step began\n";
    optin->length = sizeof safe - 1;
    memcpy(optin->bytes, safe, optin->length);
  }
}

enum decision decision_make(spank_t spank, const struct job *job,
                            const struct arguments *arguments, struct optin *optin) {
  memset(optin, 0, offsetof(struct optin, bytes));
  bool batch = job->hello.step == STEP_BATCH;
  if (!batch) {
    enum decision earlier = told(spank, job);
    if (earlier == DECISION_YES) {
      find_options(job, optin);
    }
    earlier = earlier == DECISION_NONE ? memory_find(arguments->state, job, optin) : earlier;
    if (earlier != DECISION_NONE) {
      return earlier;
    }
  }
  optin_ask(read_as_user, job, DEADLINE_MILLIS, optin);
  enum decision decision = optin->opted_in ? DECISION_YES : DECISION_NO;
  if (batch) {
    return decision;                       /* its tasks' environment tells all others */
  }
  return memory_keep(arguments->state, job, decision, optin);
}

void decision_pass_on(spank_t spank, const struct job *job, enum decision decision) {
  char value[64];
  snprintf(value, sizeof value, "%s:%s", job->key, words[decision]);
  spank_setenv(spank, DECIDED, value, 1);
  if (decision == DECISION_CAPTURED) {
    char run[ID_BYTES * 2 + 16];
    snprintf(run, sizeof run, "%s/%s/%u", job->hello.cluster, job->hello.job, job->hello.restart);
    spank_setenv(spank, CAPTURED, run, 1);
  }
}
