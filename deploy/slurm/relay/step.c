/*
 * joblog-relay step: started by the SPANK plugin outside of the job, as root. Leaves the step's
 * cgroup, becomes the relay's user, and serves the tasks whose descriptors come through the control
 * socket.
 */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "identity.h"
#include "keeper.h"
#include "process.h"

#define OWN_DESCRIPTORS 64u                /* beside those of the tasks */
#define MOST_DESCRIPTORS (CONTROL_MAX_TASKS * CONTROL_MAX_OUTPUTS * 2 + OWN_DESCRIPTORS)

static const struct policy step_policy = {
    .sink = SINK_GOES_ON,
    .linger_nanos = INT64_MAX / 4,         /* the plugin says when nobody waits any longer */
    .drain_nanos = SECONDS(60),
    .drain_most_nanos = SECONDS(600),
    .first_nanos = SECONDS(60),
    .absent_nanos = SECONDS(60),
    .hold_budget_nanos = SECONDS(60),
};

/* A message with its descriptors. */
struct message {
  ssize_t length;
  int fds;
  int fd[CONTROL_MAX_OUTPUTS * 2];
  union {
    struct control_word word;
    struct control_task task;
    struct control_exit exit;
    unsigned char bytes[sizeof(struct control_hello) + OPTIN_MAX_BYTES];
  } body;
};

static void receive(struct message *message) {
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof message->fd)];
  } control;
  struct iovec part = {&message->body, sizeof message->body};
  struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes,
                          .msg_controllen = sizeof control.bytes};
  message->fds = 0;
  message->length = recvmsg(CONTROL_FD, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (message->length <= 0) {
    return;
  }
  for (struct cmsghdr *at = CMSG_FIRSTHDR(&header); at != NULL; at = CMSG_NXTHDR(&header, at)) {
    if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_RIGHTS) {
      message->fds = (int)((at->cmsg_len - CMSG_LEN(0)) / sizeof(int));
      memcpy(message->fd, CMSG_DATA(at), (size_t)message->fds * sizeof(int));
    }
  }
}

/*
 * What only a task knew: the node's name, and which run of the job it is. Before anything was said,
 * for the connection begins with the first stream.
 */
static void complete_hello(struct shared *shared, const struct control_task *task) {
  struct control_hello *hello = &shared->hello;
  if (atomic_load(&shared->streams) == 0) {
    hello->restart = task->restart;
    if (task->node[0] != 0) {
      memcpy(hello->node, task->node, NAME_BYTES);
    }
    identity_fit(hello);
  }
  hello->source = identity_source(hello);
}

/* Takes over a task's outputs. What cannot be taken is closed, so that nothing waits for it. */
static void take_task(struct shared *shared, const struct message *message) {
  const struct control_task *task = &message->body.task;
  bool fits = message->length == sizeof *task && task->outputs <= CONTROL_MAX_OUTPUTS
      && message->fds == 2 * task->outputs;
  if (fits) {
    complete_hello(shared, task);
  }
  for (int i = 0; i < message->fds / 2; i++) {
    int source = message->fd[2 * i];
    int sink = message->fd[2 * i + 1];
    if (!fits || !shared_add(shared, task->kind[i], task->task, source, sink, task->terminal[i])) {
      close(source);
      close(sink);
    }
  }
}

static void obey(struct shared *shared, const struct message *message) {
  switch ((enum control_type)message->body.word.type) {
    case CONTROL_TASK:
      take_task(shared, message);
      break;
    case CONTROL_EXIT:
      if (message->length == sizeof message->body.exit) {
        shared_note_exit(shared, message->body.exit.status);
      }
      break;
    case CONTROL_LEAVE:
      atomic_store(&shared->leaving, true);
      break;
    case CONTROL_END:
      atomic_store(&shared->closing, true);
      break;
    case CONTROL_HELLO:
    case CONTROL_READY:
    case CONTROL_DONE:
      break;
  }
  shared_wake(shared);
}

/* Takes every message that is there; false when the plugin is gone. */
static bool take_messages(struct shared *shared, struct message *message) {
  for (;;) {
    receive(message);
    if (message->length < 0) {
      return errno == EAGAIN || errno == EINTR;
    }
    if (message->length == 0) {
      atomic_store(&shared->closing, true);
      shared_wake(shared);
      return false;
    }
    obey(shared, message);
  }
}

/* Whether the worker has done all there is to do. */
static bool reap(struct keeper *keeper) {
  int status;
  for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
    if (pid == keeper->worker && keeper_replace(keeper, status)) {
      return true;
    }
  }
  return false;
}

static void serve(struct keeper *keeper, struct message *message, int signals) {
  struct pollfd polled[2] = {{signals, POLLIN, 0}, {CONTROL_FD, POLLIN, 0}};
  bool over = false;
  while (!over) {
    if (poll(polled, 2, -1) < 0) {
      continue;
    }
    if (polled[0].revents != 0) {
      struct signalfd_siginfo info;
      (void)!read(signals, &info, sizeof info);
      over = reap(keeper);
    }
    if (polled[1].revents != 0 && !take_messages(keeper->shared, message)) {
      polled[1].fd = -1;
    }
  }
}

/* SIGCHLD as a descriptor; everything else is ignored. */
static int take_signals(void) {
  process_ignore_signals();
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_SETMASK, &children, NULL);
  return signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool hello_fits(const struct message *message, const struct control_hello *hello) {
  return message->length >= (ssize_t)sizeof *hello && hello->type == CONTROL_HELLO
      && hello->version == CONTROL_VERSION && hello->optin_bytes <= OPTIN_MAX_BYTES
      && message->length == (ssize_t)(sizeof *hello + hello->optin_bytes) && hello->tasks >= 1
      && hello->tasks <= CONTROL_MAX_TASKS;
}

static struct shared *shared_of(const struct message *message, const char *socket_path) {
  struct control_hello hello;
  memcpy(&hello, message->body.bytes, sizeof hello);
  if (!hello_fits(message, &hello)) {
    return NULL;
  }
  struct shared *shared = shared_create(hello.tasks * CONTROL_MAX_OUTPUTS);
  if (shared != NULL) {
    shared->policy = step_policy;
    shared->control = CONTROL_FD;
    shared->hello = hello;
    memcpy(shared->optin, message->body.bytes + sizeof hello, hello.optin_bytes);
    identity_fit(&shared->hello);
    shared->agent.sun_family = AF_UNIX;
    snprintf(shared->agent.sun_path, sizeof shared->agent.sun_path, "%s", socket_path);
  }
  return shared;
}

/* Everything that needs root, and then no root any more. */
static bool leave_the_job(const struct step_options *options) {
  process_close_from(CONTROL_FD + 1);
  if (options->cgroup != NULL && !process_move_to_cgroup(options->cgroup)) {
    return false;
  }
  process_spare_from_oom();
  process_raise_descriptors(MOST_DESCRIPTORS);
  return chdir("/") == 0 && process_become(options->uid, options->gid);
}

int step_main(const struct step_options *options) {
  process_name("joblog-keeper");
  struct message *message = malloc(sizeof *message);
  if (message == NULL || !leave_the_job(options)) {
    return 1;
  }
  receive(message);
  struct shared *shared = shared_of(message, options->socket);
  int signals = take_signals();
  struct keeper keeper;
  if (shared == NULL || signals < 0 || !keeper_start(&keeper, shared)) {
    return 1;
  }
  struct control_ready ready = {CONTROL_READY, process_is_inside_step(), getpid()};
  if (send(CONTROL_FD, &ready, sizeof ready, MSG_NOSIGNAL) != sizeof ready) {
    atomic_store(&shared->closing, true);
    shared_wake(shared);
  }
  serve(&keeper, message, signals);
  return 0;
}
