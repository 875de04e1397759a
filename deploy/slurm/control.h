/*
 * What the SPANK plugin and the relay say to each other, on a SOCK_SEQPACKET socket pair: one struct
 * a message. Both come from one build; the version stops a mixture of an old and a new one.
 *
 *   plugin                                                   relay
 *     HELLO  who the job is, opt-in file ─────────────────────►    at once
 *     ◄──────────────────────────────────────────────── READY     within 1 s, or nothing is captured
 *     TASK   descriptors, from each task's process ───────────►    zero or more
 *     EXIT   status of a task ────────────────────────────────►    one for each task
 *     END    no more tasks ───────────────────────────────────►
 *     ◄───────────────────────────────────────────────── DONE     the users' files have everything
 *     LEAVE  nobody waits any longer ─────────────────────────►    instead of DONE, after 2 s
 */
#ifndef JOBLOG_CONTROL_H
#define JOBLOG_CONTROL_H

#include <stdint.h>

#define CONTROL_VERSION 2
#define CONTROL_FD 3             /* where the relay finds its end of the socket pair */
#define CONTROL_MAX_TASKS 512u   /* tasks of a step on one node; a step with more is not captured */
#define CONTROL_MAX_OUTPUTS 2    /* stdout and stderr */

#define ID_BYTES 65              /* 64 characters and NUL, as in schema/PROTOCOL.md */
#define NAME_BYTES 256           /* 255 bytes and NUL */
#define OPTIN_MAX_BYTES 65537u    /* 64 KiB may be understood; one more tells that a file is longer */

enum control_type {
  CONTROL_HELLO = 'H',
  CONTROL_READY = 'R',
  CONTROL_TASK = 'T',
  CONTROL_EXIT = 'X',
  CONTROL_END = 'E',
  CONTROL_DONE = 'D',
  CONTROL_LEAVE = 'L',
};

/* The kinds of streams, as on the wire. */
enum stream_kind { KIND_STDOUT = 1, KIND_STDERR = 2, KIND_COMBINED = 3 };

/* The job, the step and the node; the bytes of the opt-in file follow. Texts end with NUL. */
struct control_hello {
  uint8_t type;
  uint8_t version;
  uint32_t uid;
  uint32_t restart;
  uint32_t step;
  uint32_t tasks;                /* of this step on this node, at most CONTROL_MAX_TASKS */
  uint64_t start_micros;
  uint64_t source;               /* set by the relay */
  char cluster[ID_BYTES];
  char job[ID_BYTES];
  char node[NAME_BYTES];
  char user[NAME_BYTES];
  char name[NAME_BYTES];
  uint32_t optin_bytes;
};

struct control_ready {
  uint8_t type;
  uint8_t inside_step;           /* 1: the relay is in a cgroup of the step and must not outlive it */
  int32_t pid;                   /* of the keeper, which leads a process group */
};

/* Comes with two descriptors for each output: what the task prints into, where it went before. */
struct control_task {
  uint8_t type;
  uint8_t outputs;
  uint8_t kind[CONTROL_MAX_OUTPUTS];
  uint8_t terminal[CONTROL_MAX_OUTPUTS];
  uint32_t task;                 /* global rank */
  uint32_t restart;              /* only a task's environment knows that, too */
  char node[NAME_BYTES];         /* as Slurm calls it, or empty: only a task's environment knows */
};

struct control_exit {
  uint8_t type;
  uint32_t task;
  int32_t status;                /* as waitpid gives it */
};

/* END, DONE, LEAVE. */
struct control_word {
  uint8_t type;
};

#endif
