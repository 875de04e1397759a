/* Who the job is. Each number comes from the one place where Slurm has it right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "plugin.h"

#define NO_VALUE 0xFFFFFFFEu               /* Slurm's for a number that is not set */

/* A number in the job's environment; other where there is none. */
static uint64_t number(spank_t spank, const char *name, uint64_t other) {
  char text[32];
  if (spank_getenv(spank, name, text, sizeof text) != ESPANK_SUCCESS || text[0] < '0'
      || text[0] > '9') {
    return other;
  }
  char *past;
  uint64_t value = strtoull(text, &past, 10);
  return *past == 0 ? value : other;
}

/* A text in the job's environment; stays as it is where there is none. A long one is cut. */
static void text(spank_t spank, const char *name, char *to, size_t bytes) {
  char value[4096];
  if (spank_getenv(spank, name, value, sizeof value) == ESPANK_SUCCESS && value[0] != 0) {
    snprintf(to, bytes, "%.*s", (int)bytes - 1, value);
  }
}

/*
 * Components of a heterogeneous job have ids of their own; SLURM_JOB_ID is the leader's in all of
 * them. It counts only where the job says that it is heterogeneous: a user may set anything.
 */
static uint32_t leader(spank_t spank, uint32_t id) {
  uint64_t said = number(spank, "SLURM_JOB_ID", id);
  /* A batch step has the new name, srun by hand the old one (22.05). */
  uint64_t first = number(spank, "SLURM_JOB_ID_HET_GROUP_0",
                          number(spank, "SLURM_JOB_ID_PACK_GROUP_0", 0));
  return said != id && said == first && said < NO_VALUE ? (uint32_t)said : id;
}

/*
 * A task of an array has an id of its own; users know it as ARRAY_INDEX. The environment may be
 * inherited from the job that submitted this one, so that the plugin's items decide.
 */
static void name_job(spank_t spank, struct job *job, uint32_t leading) {
  uint32_t array = 0;
  uint32_t index = NO_VALUE;
  if (spank_get_item(spank, S_JOB_ARRAY_ID, &array) == ESPANK_SUCCESS
      && spank_get_item(spank, S_JOB_ARRAY_TASK_ID, &index) == ESPANK_SUCCESS && array != 0
      && index < NO_VALUE) {
    snprintf(job->hello.job, ID_BYTES, "%u_%u", array, index);
  } else {
    snprintf(job->hello.job, ID_BYTES, "%u", leading);
  }
}

static uint64_t now_micros(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_nsec / 1000u;
}

static uint32_t restart_count(spank_t spank) {
  /* Not the item S_SLURM_RESTART_COUNT: it is 0 always. */
  return (uint32_t)(number(spank, "SLURM_RESTART_COUNT", 0) & 0x7FFFFFFFu);
}

/*
 * Slurm puts the count into the environment of the tasks, of a batch step not before. Whether the
 * job's key has changed by it.
 */
bool job_learn_restart(struct job *job, spank_t spank) {
  uint32_t restart = restart_count(spank);
  if (restart == job->hello.restart) {
    return false;
  }
  job->hello.restart = restart;
  snprintf(job->key, sizeof job->key, "%u.%u", leader(spank, job->id), restart);
  return true;
}

/* The item counts within a component of a heterogeneous step, the environment over all. */
bool job_rank(spank_t spank, uint32_t *rank) {
  if (spank_get_item(spank, S_TASK_GLOBAL_ID, rank) != ESPANK_SUCCESS) {
    return false;
  }
  uint64_t said = number(spank, "SLURM_PROCID", *rank);
  *rank = said < NO_VALUE ? (uint32_t)said : *rank;
  return true;
}

bool job_read(struct job *job, spank_t spank, const struct arguments *arguments) {
  memset(job, 0, sizeof *job);
  struct control_hello *hello = &job->hello;
  uid_t uid;
  uint32_t tasks = 0;
  if (spank_get_item(spank, S_JOB_ID, &job->id) != ESPANK_SUCCESS
      || spank_get_item(spank, S_JOB_STEPID, &hello->step) != ESPANK_SUCCESS
      || spank_get_item(spank, S_JOB_UID, &uid) != ESPANK_SUCCESS
      || spank_get_item(spank, S_JOB_GID, &job->gid) != ESPANK_SUCCESS) {
    return false;
  }
  spank_get_item(spank, S_JOB_LOCAL_TASK_COUNT, &tasks);
  hello->type = CONTROL_HELLO;
  hello->version = CONTROL_VERSION;
  hello->uid = uid;
  hello->tasks = tasks == 0 ? 1 : tasks;   /* a batch step says 0 or 1 */
  hello->restart = restart_count(spank);
  uint64_t start = number(spank, "SLURM_JOB_START_TIME", 0);
  hello->start_micros = start != 0 && start < 253402300800u ? start * 1000000u : now_micros();
  snprintf(hello->cluster, ID_BYTES, "local");
  text(spank, "SLURM_CLUSTER_NAME", hello->cluster, ID_BYTES);
  if (arguments->cluster != NULL) {
    snprintf(hello->cluster, ID_BYTES, "%s", arguments->cluster);
  }
  gethostname(hello->node, NAME_BYTES - 1);
  text(spank, "SLURM_JOB_NAME", hello->name, NAME_BYTES);
  uint32_t leading = leader(spank, job->id);
  name_job(spank, job, leading);
  snprintf(job->key, sizeof job->key, "%u.%u", leading, hello->restart);
  return hello->tasks <= CONTROL_MAX_TASKS;
}
