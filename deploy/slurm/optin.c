#define _GNU_SOURCE
#include "optin.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_millis(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

bool optin_read(const char *folder, struct optin *optin) {
  char path[4096];
  int length = snprintf(path, sizeof path, "%s/.logoptin", folder);
  if (length < 0 || (size_t)length >= sizeof path) {
    return false;
  }
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  struct stat status;
  if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    if (fd >= 0) {
      close(fd);
    }
    return false;
  }
  optin->length = 0;
  ssize_t n = 1;
  while (n > 0 && optin->length < OPTIN_MAX_BYTES) {
    n = read(fd, optin->bytes + optin->length, OPTIN_MAX_BYTES - optin->length);
    optin->length += n > 0 ? (size_t)n : 0;
  }
  close(fd);
  return n >= 0;
}

static void write_whole(int fd, const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t n = write(fd, at, length);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      return;
    }
    at += n;
    length -= (size_t)n;
  }
}

/* Reads up to length bytes until the deadline; how many there were. */
static size_t read_until(int fd, void *bytes, size_t length, int64_t deadline) {
  size_t have = 0;
  while (have < length) {
    int64_t left = deadline - now_millis();
    struct pollfd polled = {fd, POLLIN, 0};
    if (left <= 0 || poll(&polled, 1, (int)left) == 0) {
      return have;
    }
    ssize_t n = read(fd, (char *)bytes + have, length - have);
    if (n == 0 || (n < 0 && errno != EINTR)) {
      return have;
    }
    have += n > 0 ? (size_t)n : 0;
  }
  return have;
}

/* In a process of its own, which ends itself should its parent have given up on it. */
static void answer_and_end(bool (*reader)(struct optin *optin, const void *who), const void *who,
                           int deadline_millis, int answer, struct optin *optin) {
  signal(SIGALRM, SIG_DFL);
  alarm((unsigned)deadline_millis / 1000 + 1);
  optin->opted_in = reader(optin, who);
  write_whole(answer, optin, offsetof(struct optin, bytes));
  write_whole(answer, optin->bytes, optin->opted_in ? optin->length : 0);
  _exit(0);
}

/*
 * A grandchild, so that nobody has to wait for one that hangs in the kernel. A child that slurmstepd
 * found when it waits for its tasks would make it sleep 100 ms.
 */
static bool fork_reader(bool (*reader)(struct optin *optin, const void *who), const void *who,
                        int deadline_millis, int answer, struct optin *optin) {
  pid_t child = fork();
  if (child == 0) {
    if (fork() == 0) {
      answer_and_end(reader, who, deadline_millis, answer, optin);
    }
    _exit(0);
  }
  return child > 0 && (waitpid(child, NULL, 0) == child || errno == ECHILD);
}

void optin_ask(bool (*reader)(struct optin *optin, const void *who), const void *who,
               int deadline_millis, struct optin *optin) {
  memset(optin, 0, offsetof(struct optin, bytes));
  int answer[2];
  if (pipe2(answer, O_CLOEXEC) != 0) {
    return;
  }
  int64_t deadline = now_millis() + deadline_millis;
  size_t head = offsetof(struct optin, bytes);
  bool asked = fork_reader(reader, who, deadline_millis, answer[1], optin);
  close(answer[1]);
  bool whole = asked && read_until(answer[0], optin, head, deadline) == head && optin->opted_in
      && optin->length <= OPTIN_MAX_BYTES
      && read_until(answer[0], optin->bytes, optin->length, deadline) == optin->length;
  close(answer[0]);
  optin->opted_in = whole;
  optin->user[NAME_BYTES - 1] = 0;
}
