#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "account.h"
#include "clock.h"
#include "keeper.h"
#include "process.h"

#define DISABLED "/etc/joblog/disabled"
#define CAPTURED "SLURM_JOBLOG_CAPTURED"
#define LEAST_DESCRIPTOR 10                /* below are the command's own, and shells' */
#define DRAIN_MOST SECONDS(60)
#define FIRST_ANSWER SECONDS(2)

/* One output of the command on its way through the relay. */
struct output {
  uint8_t kind;
  int descriptor;                          /* the command's, 1 or 2 */
  int read_end;
  int write_end;
  int destination;
};

struct run {
  const struct run_options *options;
  struct shared *shared;
  struct keeper keeper;
  uint32_t task;
  int outputs;
  struct output output[CONTROL_MAX_OUTPUTS];
  sigset_t mask;                           /* as it was at the start */
  int signals;
  pid_t command;
  bool ended;
  int status;
};

/* As a shell does: 127 for what is not there, 126 for what cannot be run. */
static int cannot_run(const char *command, int error) {
  fprintf(stderr, "joblog-relay: %s: %s\n", command, strerror(error));
  return error == ENOENT ? 127 : 126;
}

static int become(char **command) {
  execvp(command[0], command);
  return cannot_run(command[0], errno);
}

/* Out of the way of the command's own descriptors. */
static int raised(int fd) {
  int high = fcntl(fd, F_DUPFD_CLOEXEC, LEAST_DESCRIPTOR);
  close(fd);
  return high;
}

static bool is_captured(int fd, struct stat *status) {
  return fstat(fd, status) == 0 && !isatty(fd);
}

/* Which outputs are captured, and as what: one pipe for both where both are one file. */
static void plan_outputs(struct run *run) {
  struct stat out;
  struct stat err;
  bool has_out = is_captured(STDOUT_FILENO, &out);
  bool has_err = is_captured(STDERR_FILENO, &err);
  if (has_out && has_err && out.st_dev == err.st_dev && out.st_ino == err.st_ino) {
    run->output[run->outputs++] = (struct output){KIND_COMBINED, STDOUT_FILENO, -1, -1, -1};
    return;
  }
  if (has_out) {
    run->output[run->outputs++] = (struct output){KIND_STDOUT, STDOUT_FILENO, -1, -1, -1};
  }
  if (has_err) {
    run->output[run->outputs++] = (struct output){KIND_STDERR, STDERR_FILENO, -1, -1, -1};
  }
}

static bool open_outputs(struct run *run) {
  for (int i = 0; i < run->outputs; i++) {
    struct output *output = &run->output[i];
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
      return false;
    }
    output->read_end = raised(ends[0]);
    output->write_end = raised(ends[1]);
    output->destination = fcntl(output->descriptor, F_DUPFD_CLOEXEC, LEAST_DESCRIPTOR);
    if (output->read_end < 0 || output->write_end < 0 || output->destination < 0) {
      return false;
    }
  }
  return true;
}

/* Whether the command is to be captured; all that it takes is ready then. */
static bool prepare(struct run *run) {
  const struct run_options *options = run->options;
  run->shared = NULL;
  plan_outputs(run);
  static struct optin optin;
  if (run->outputs == 0 || access(DISABLED, F_OK) == 0) {
    return false;
  }
  account_ask(options->home, &optin);
  if (!optin.opted_in) {
    return false;
  }
  struct shared *shared = shared_create(CONTROL_MAX_OUTPUTS);
  if (shared == NULL) {
    return false;
  }
  run->task = identity_of_environment(&shared->hello, &options->identity, options->command[0]);
  shared->hello.uid = getuid();
  snprintf(shared->hello.user, NAME_BYTES, "%s", optin.user);
  shared->hello.optin_bytes = (uint32_t)optin.length;
  memcpy(shared->optin, optin.bytes, optin.length);
  identity_fit(&shared->hello);
  char name[ID_BYTES * 2 + 16];
  identity_run(&shared->hello, name, sizeof name);
  const char *captured = getenv(CAPTURED);
  if ((captured != NULL && strcmp(captured, name) == 0) || !open_outputs(run)) {
    return false;                          /* a relay further out has it already */
  }
  shared->policy = (struct policy){SINK_BREAKS, options->linger_nanos, options->drain_nanos,
                                   DRAIN_MOST, FIRST_ANSWER, 0, options->hold_budget_nanos};
  shared->agent.sun_family = AF_UNIX;
  snprintf(shared->agent.sun_path, sizeof shared->agent.sun_path, "%s", options->socket);
  setenv(CAPTURED, name, 1);
  run->shared = shared;
  return true;
}

/* The command's process, up to the command. */
static void start_command(const struct run *run, int failure) {
  for (int i = 0; i < run->outputs; i++) {
    const struct output *output = &run->output[i];
    dup2(output->write_end, output->descriptor);
    if (output->kind == KIND_COMBINED) {
      dup2(output->write_end, STDERR_FILENO);
    }
  }
  sigprocmask(SIG_SETMASK, &run->mask, NULL);
  execvp(run->options->command[0], run->options->command);
  int error = errno;
  (void)!write(failure, &error, sizeof error);
  _exit(127);
}

/* Starts the command; 0, or why it could not be run. */
static int spawn(struct run *run) {
  int failure[2];
  if (pipe2(failure, O_CLOEXEC) != 0) {
    return errno;
  }
  failure[0] = raised(failure[0]);
  failure[1] = raised(failure[1]);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &run->mask);
  run->command = fork();
  if (run->command == 0) {
    start_command(run, failure[1]);
  }
  int error = run->command < 0 ? errno : 0;
  close(failure[1]);
  if (error == 0 && read(failure[0], &error, sizeof error) == (ssize_t)sizeof error) {
    waitpid(run->command, NULL, 0);
  }
  close(failure[0]);
  return error;
}

/* Keeps nothing open that the command's readers and writers would wait for. */
static void let_go(struct run *run) {
  int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int i = 0; i < run->outputs; i++) {
    struct output *output = &run->output[i];
    close(output->write_end);
    shared_add(run->shared, output->kind, run->task, output->read_end, output->destination, false);
  }
  for (int fd = 0; fd <= STDERR_FILENO; fd++) {
    if (nothing != fd) {
      dup2(nothing, fd);
    }
  }
}

/* A command that was stopped stops its wrapper, so that the shell sees it; both go on together. */
static void stop_with(const struct run *run) {
  kill(getpid(), SIGSTOP);
  kill(run->command, SIGCONT);
}

static void reap(struct run *run) {
  int status;
  pid_t pid = waitpid(-1, &status, WNOHANG | WUNTRACED);
  for (; pid > 0; pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) {
    if (pid == run->command && WIFSTOPPED(status)) {
      stop_with(run);
    } else if (pid == run->command) {
      run->ended = true;
      run->status = status;
      shared_note_exit(run->shared, status);
      atomic_store(&run->shared->closing, true);
      shared_wake(run->shared);
    } else if (pid == run->keeper.worker) {
      keeper_replace(&run->keeper, status);
    }
  }
}

/* A terminal sends its signals to the command itself; everything else is passed on. */
static void take_signal(struct run *run) {
  struct signalfd_siginfo info;
  while (read(run->signals, &info, sizeof info) == (ssize_t)sizeof info) {
    if (info.ssi_signo == SIGCHLD) {
      reap(run);
    } else if (info.ssi_code != SI_KERNEL && !run->ended) {
      kill(run->command, (int)info.ssi_signo);
    }
  }
}

static void serve(struct run *run) {
  struct pollfd polled[2] = {{run->signals, POLLIN, 0}, {run->shared->over, POLLIN, 0}};
  while (!run->ended || polled[1].revents == 0) {
    if (poll(polled, 2, -1) > 0 && polled[0].revents != 0) {
      take_signal(run);
    }
  }
}

/* Ends as the command ended, by the same signal where it was one. */
static int end_like(int status) {
  if (WIFSIGNALED(status)) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, WTERMSIG(status));
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    return 128 + WTERMSIG(status);
  }
  return WEXITSTATUS(status);
}

int run_main(const struct run_options *options) {
  static struct run run;
  run.options = options;
  if (!prepare(&run)) {
    return become(options->command);
  }
  int error = spawn(&run);
  if (error != 0) {
    return cannot_run(options->command[0], error);
  }
  sigset_t all;
  sigfillset(&all);
  run.signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  run.signals = raised(run.signals);
  let_go(&run);
  process_name("joblog-keeper");
  while (!keeper_start(&run.keeper, run.shared)) {
    struct timespec pause = {0, 10000000}; /* the command runs already, and must be served */
    nanosleep(&pause, NULL);
  }
  serve(&run);
  return end_like(run.status);
}
