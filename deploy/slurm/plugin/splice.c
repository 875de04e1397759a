/*
 * Between a task's outputs and where they go. Runs in the task's process, as its user, before the
 * program: pipes belong to the user then, so that /dev/stdout can be opened again.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "plugin.h"

#define LEAST_DESCRIPTOR 10                /* out of the way of 0, 1 and 2, also where they are closed */

/* What takes the place of one output, or of both. */
struct output {
  uint8_t kind;
  int descriptor;
  bool terminal;
  int relay_end;
  int task_end;
};

static int raised(int fd) {
  int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, LEAST_DESCRIPTOR);
  if (fd >= 0) {
    close(fd);
  }
  return high;
}

static bool open_pipe(struct output *output) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return false;
  }
  output->relay_end = raised(ends[0]);
  output->task_end = raised(ends[1]);
  return output->relay_end >= 0 && output->task_end >= 0;
}

/* A terminal in the place of a terminal (srun -u): programs write line by line only there. */
static bool open_terminal(struct output *output) {
  char name[64];
  output->relay_end = raised(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  if (output->relay_end < 0 || grantpt(output->relay_end) != 0
      || unlockpt(output->relay_end) != 0
      || ptsname_r(output->relay_end, name, sizeof name) != 0) {
    return false;
  }
  output->task_end = raised(open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
  struct termios settings;
  struct winsize size;
  if (output->task_end < 0 || tcgetattr(output->descriptor, &settings) != 0) {
    return false;
  }
  settings.c_oflag &= ~(tcflag_t)OPOST;    /* bytes pass unchanged here, and are cooked once, behind */
  settings.c_lflag &= ~(tcflag_t)ECHO;
  tcsetattr(output->task_end, TCSANOW, &settings);
  if (ioctl(output->descriptor, TIOCGWINSZ, &size) == 0) {
    ioctl(output->task_end, TIOCSWINSZ, &size);
  }
  return true;
}

static void add(struct output *outputs, int *count, uint8_t kind, int descriptor) {
  bool terminal = isatty(descriptor) == 1;
  outputs[(*count)++] = (struct output){kind, descriptor, terminal, -1, -1};
}

/* Which outputs are captured: never those of a terminal with a keyboard beside it. */
static int plan(struct output *outputs) {
  struct stat out;
  struct stat err;
  bool has_out = fstat(STDOUT_FILENO, &out) == 0;
  bool has_err = fstat(STDERR_FILENO, &err) == 0;
  int count = 0;
  if (isatty(STDIN_FILENO) && (isatty(STDOUT_FILENO) || isatty(STDERR_FILENO))) {
    return 0;
  }
  if (has_out && has_err && out.st_dev == err.st_dev && out.st_ino == err.st_ino) {
    add(outputs, &count, KIND_COMBINED, STDOUT_FILENO);
    return count;
  }
  if (has_out) {
    add(outputs, &count, KIND_STDOUT, STDOUT_FILENO);
  }
  if (has_err) {
    add(outputs, &count, KIND_STDERR, STDERR_FILENO);
  }
  return count;
}

/* Hands the relay its ends and the descriptors of where the output went before. */
static bool hand_over(int control, spank_t spank, uint32_t restart,
                      const struct output *outputs, int count) {
  struct control_task body = {
      .type = CONTROL_TASK, .outputs = (uint8_t)count, .restart = restart};
  if (!job_rank(spank, &body.task)) {
    return false;
  }
  spank_getenv(spank, "SLURMD_NODENAME", body.node, sizeof body.node);
  int fds[CONTROL_MAX_OUTPUTS * 2];
  for (int i = 0; i < count; i++) {
    body.kind[i] = outputs[i].kind;
    body.terminal[i] = outputs[i].terminal;
    fds[2 * i] = outputs[i].relay_end;
    fds[2 * i + 1] = outputs[i].descriptor;
  }
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof fds)];
  } rights;
  memset(&rights, 0, sizeof rights);
  size_t length = 2 * (size_t)count * sizeof(int);
  struct iovec part = {&body, sizeof body};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = rights.bytes,
                           .msg_controllen = CMSG_SPACE(length)};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(length);
  memcpy(CMSG_DATA(header), fds, length);
  return sendmsg(control, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)sizeof body;
}

void splice_task(const struct relay *relay, spank_t spank, uint32_t restart) {
  struct output outputs[CONTROL_MAX_OUTPUTS];
  int count = plan(outputs);
  bool ready = count > 0;
  for (int i = 0; i < count; i++) {
    ready = ready && (outputs[i].terminal ? open_terminal(&outputs[i]) : open_pipe(&outputs[i]));
  }
  /* Only what the relay has is put in place: a pipe without a reader would kill the task. */
  if (ready && hand_over(relay->control, spank, restart, outputs, count)) {
    for (int i = 0; i < count; i++) {
      dup2(outputs[i].task_end, outputs[i].descriptor);
      if (outputs[i].kind == KIND_COMBINED) {
        dup2(outputs[i].task_end, STDERR_FILENO);
      }
    }
  }
  for (int i = 0; i < count; i++) {
    close(outputs[i].relay_end);
    close(outputs[i].task_end);
  }
}
