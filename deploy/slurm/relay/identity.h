/* Who the job is, fitted into what the wire allows. */
#ifndef JOBLOG_IDENTITY_H
#define JOBLOG_IDENTITY_H

#include <stddef.h>

#include "../control.h"

/* Fits every text of a hello: what the wire does not allow becomes an underscore or a question mark. */
void identity_fit(struct control_hello *hello);

/* What a wrapped command is told apart by; NULL where nothing was said. */
struct identity_options {
  const char *cluster;
  const char *job;
  const char *task;
};

/*
 * The identity that the environment gives, the same as JobIdentity of the wrapper in Java gives.
 * Returns the task's rank. User and opt-in file are the caller's to set.
 */
uint32_t identity_of_environment(struct control_hello *hello,
                                 const struct identity_options *options, const char *command);

/*
 * The source of a step's streams: the same for all relays of a job on this node, so that the agent
 * knows them as one sender.
 */
uint64_t identity_source(const struct control_hello *hello);

/* The job and its run in words, as SLURM_JOBLOG_CAPTURED carries it. */
void identity_run(const struct control_hello *hello, char *run, size_t bytes);

#endif
