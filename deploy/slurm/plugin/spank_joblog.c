/*
 * joblog's SPANK plugin: the hooks. What each does stands here; how, in the files beside it.
 *
 *   init_post_opt   decide once for the job; if it is captured, start a relay outside of the job
 *   task_init       in each task: put a pipe between its outputs and where they go
 *   task_exit       tell the relay how the task ended
 *   exit            wait, bounded, until the user's own file has everything
 *
 * Every hook returns 0, whatever happens: a job must never fail because of its log.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plugin.h"

#define EXPORTED __attribute__((visibility("default")))

EXPORTED extern const char plugin_name[];
EXPORTED extern const char plugin_type[];
EXPORTED extern const unsigned int plugin_version;
EXPORTED extern const unsigned int spank_plugin_version;
SPANK_PLUGIN(joblog, 1)

/* The step of this slurmstepd. Its tasks inherit it. */
static struct relay relay = {.control = -1};
static struct job job;
static enum decision decision = DECISION_NONE;

/* Whether it is this step's output that is captured, in a job that is logged. */
static bool is_captured(uint32_t step, enum capture capture) {
  if (step == STEP_BATCH) {
    return capture != CAPTURE_STEPS;
  }
  return step != STEP_INTERACTIVE && capture != CAPTURE_BATCH;
}

/* Captures this step, if it is to be. What its tasks start must know: their output comes through it. */
static enum decision capture_step(const struct arguments *arguments, const struct optin *optin) {
  if (decision != DECISION_YES || !is_captured(job.hello.step, arguments->capture)) {
    return decision;
  }
  memcpy(job.hello.user, optin->user, NAME_BYTES);
  job.hello.optin_bytes = (uint32_t)optin->length;
  if (relay_start(&relay, arguments, &job.hello, optin->bytes)) {
    return DECISION_CAPTURED;
  }
  slurm_info("joblog: no relay for job %s, its output is not logged", job.hello.job);
  return job.hello.step == STEP_BATCH ? DECISION_NO : DECISION_YES;
}

EXPORTED int slurm_spank_init_post_opt(spank_t spank, int count, char **words) {
  static struct optin optin;
  struct arguments arguments;
  if (spank_context() != S_CTX_REMOTE || !arguments_read(&arguments, count, words)
      || access(arguments.disabled, F_OK) == 0 || !job_read(&job, spank, &arguments)
      || job.hello.step == STEP_EXTERN) {
    return 0;
  }
  decision = decision_make(spank, &job, &arguments, &optin);
  decision = capture_step(&arguments, &optin);
  decision_pass_on(spank, &job, decision);
  return 0;
}

EXPORTED int slurm_spank_task_init(spank_t spank, int count, char **words) {
  (void)count;
  (void)words;
  if (decision != DECISION_NONE && job_learn_restart(&job, spank)) {
    decision_pass_on(spank, &job, decision);
  }
  if (relay.control >= 0) {
    splice_task(&relay, spank, job.hello.restart);
  }
  return 0;
}

EXPORTED int slurm_spank_task_exit(spank_t spank, int count, char **words) {
  (void)count;
  (void)words;
  struct control_exit over = {.type = CONTROL_EXIT};
  if (relay.control >= 0
      && spank_get_item(spank, S_TASK_GLOBAL_ID, &over.task) == ESPANK_SUCCESS
      && spank_get_item(spank, S_TASK_EXIT_STATUS, &over.status) == ESPANK_SUCCESS) {
    (void)!send(relay.control, &over, sizeof over, MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  return 0;
}

EXPORTED int slurm_spank_exit(spank_t spank, int count, char **words) {
  (void)spank;
  (void)count;
  (void)words;
  if (relay.control >= 0) {
    relay_finish(&relay);
  }
  return 0;
}
