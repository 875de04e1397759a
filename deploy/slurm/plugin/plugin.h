/*
 * The SPANK plugin's parts. All of it runs inside slurmstepd, as root, and must never make a job
 * fail: no threads, no look-up of names, bounded waits; what can go wrong goes wrong in a child.
 */
#ifndef JOBLOG_PLUGIN_H
#define JOBLOG_PLUGIN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <slurm/spank.h>

#include "../control.h"
#include "../optin.h"

/* Slurm's numbers for steps that are none of srun. */
#define STEP_BATCH 0xFFFFFFFBu
#define STEP_INTERACTIVE 0xFFFFFFFAu
#define STEP_EXTERN 0xFFFFFFFCu

/* Which steps are captured. */
enum capture {
  CAPTURE_AUTO,                            /* the batch step, or steps where it is not captured */
  CAPTURE_BATCH,                           /* batch steps only */
  CAPTURE_STEPS,                           /* each step of srun by itself, never the batch step */
};

/* What plugstack.conf says. */
struct arguments {
  const char *cluster;                     /* NULL: as the job's environment says */
  const char *relay_user;
  const char *relay;
  const char *socket;
  const char *cgroup;                      /* NULL: the relay stays where slurmstepd is */
  const char *state;
  const char *disabled;
  enum capture capture;
};

bool arguments_read(struct arguments *arguments, int count, char **words);

/* Who the step is. */
struct job {
  gid_t gid;
  uint32_t id;                             /* of this component, where the job is heterogeneous */
  char key[32];                            /* job and run: LEADER.RESTART */
  struct control_hello hello;
};

bool job_read(struct job *job, spank_t spank, const struct arguments *arguments);

/* In a task: what only its environment knows. True if the key of the job has changed by it. */
bool job_learn_restart(struct job *job, spank_t spank);

/* In a task: its rank in the whole step. */
bool job_rank(spank_t spank, uint32_t *rank);

/* Decided once for a job, by its first step. */
enum decision {
  DECISION_NONE,                           /* nobody has decided yet */
  DECISION_NO,                             /* nothing of the job leaves the node */
  DECISION_YES,                            /* steps are captured one by one */
  DECISION_CAPTURED,                       /* a step further out is captured, with all that comes through it */
};

/* Decides, or finds what was decided; the opt-in file's bytes where there are some. */
enum decision decision_make(spank_t spank, const struct job *job,
                            const struct arguments *arguments, struct optin *optin);

/* Tells the later steps of the job. */
void decision_pass_on(spank_t spank, const struct job *job, enum decision decision);

/* Remembers a decision on this node, for steps that nobody tells. */
enum decision memory_find(const char *folder, const struct job *job, struct optin *optin);
enum decision memory_keep(const char *folder, const struct job *job, enum decision decision,
                          struct optin *optin);

/* A running relay. */
struct relay {
  int control;                             /* -1: there is none */
  pid_t keeper;
  bool inside_step;
};

/* Starts the relay of a step outside of the job; false if it is not ready within a second. */
bool relay_start(struct relay *relay, const struct arguments *arguments,
                 const struct control_hello *hello, const unsigned char *optin);

/* Waits, at most 2 s, until the user's own files have everything. */
void relay_finish(struct relay *relay);

/* In a task, as its user: puts pipes between the task's outputs and where they go. */
void splice_task(const struct relay *relay, spank_t spank, uint32_t restart);

#endif
