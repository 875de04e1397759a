/* Starting the step's relay, and the end. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "plugin.h"

#define READY_MILLIS 1000                  /* a job does not start later than this because of its relay */
#define DONE_MILLIS 2000                   /* a node does not stay longer than this in "completing" */

static int64_t now_millis(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* In the relay's process: becomes the relay. It gives up root itself, after what needs root. */
static void become_relay(const struct arguments *arguments, int control) {
  const struct passwd *entry = getpwnam(arguments->relay_user);
  int nothing = open("/dev/null", O_RDWR);
  if (entry == NULL || nothing < 0 || setsid() < 0) {
    return;
  }
  char user[32];
  snprintf(user, sizeof user, "%u:%u", entry->pw_uid, entry->pw_gid);
  int high = fcntl(control, F_DUPFD_CLOEXEC, CONTROL_FD + 1);
  for (int fd = 0; fd < CONTROL_FD; fd++) {
    dup2(nothing, fd);
  }
  dup2(high, CONTROL_FD);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  char *empty[] = {NULL};
  if (arguments->cgroup != NULL) {
    execle(arguments->relay, "joblog-relay", "step", "--user", user, "--socket",
           arguments->socket, "--cgroup", arguments->cgroup, (char *)NULL, empty);
  } else {
    execle(arguments->relay, "joblog-relay", "step", "--user", user, "--socket",
           arguments->socket, (char *)NULL, empty);
  }
}

/* A grandchild: slurmstepd waits for its children, and kills what descends from it. */
static bool fork_relay(const struct arguments *arguments, int control) {
  pid_t child = fork();
  if (child == 0) {
    if (fork() == 0) {
      become_relay(arguments, control);
    }
    _exit(0);
  }
  return child > 0 && (waitpid(child, NULL, 0) == child || errno == ECHILD);
}

/* Receives one message until the deadline; its length, or -1. */
static ssize_t receive(int control, void *message, size_t bytes, int64_t deadline) {
  for (;;) {
    int64_t left = deadline - now_millis();
    struct pollfd polled = {control, POLLIN, 0};
    int ready = left > 0 ? poll(&polled, 1, (int)left) : 0;
    if (ready > 0) {
      return recv(control, message, bytes, MSG_DONTWAIT);
    }
    if (ready == 0 || errno != EINTR) {
      return -1;
    }
  }
}

static bool greet(int control, const struct control_hello *hello, const unsigned char *optin) {
  struct iovec parts[2] = {{(void *)(uintptr_t)hello, sizeof *hello},
                           {(void *)(uintptr_t)optin, hello->optin_bytes}};
  struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
  return sendmsg(control, &message, MSG_DONTWAIT | MSG_NOSIGNAL) > 0;
}

bool relay_start(struct relay *relay, const struct arguments *arguments,
                 const struct control_hello *hello, const unsigned char *optin) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
    return false;
  }
  int64_t deadline = now_millis() + READY_MILLIS;
  struct control_ready ready;
  bool started = greet(pair[0], hello, optin) && fork_relay(arguments, pair[1]);
  close(pair[1]);
  if (!started || receive(pair[0], &ready, sizeof ready, deadline) != (ssize_t)sizeof ready
      || ready.type != CONTROL_READY) {
    close(pair[0]);                        /* a relay that comes too late ends itself */
    return false;
  }
  *relay = (struct relay){pair[0], ready.pid, ready.inside_step != 0};
  return true;
}

static void say(int control, enum control_type type) {
  struct control_word word = {(uint8_t)type};
  (void)!send(control, &word, sizeof word, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/*
 * A relay that is not done has a slow or hanging file before it, or a process that has escaped from
 * the job holds its pipe. It goes on alone where it may; inside of the step it would be waited for
 * until the node is drained, so it goes.
 */
void relay_finish(struct relay *relay) {
  say(relay->control, CONTROL_END);
  struct control_word answer = {0};
  int64_t deadline = now_millis() + DONE_MILLIS;
  ssize_t n = receive(relay->control, &answer, sizeof answer, deadline);
  if (n < 0 && relay->inside_step) {
    kill(-relay->keeper, SIGKILL);
  } else if (n < 0) {
    say(relay->control, CONTROL_LEAVE);
  }
  close(relay->control);
  relay->control = -1;
}
