/*
 * joblog-relay: between a job's outputs and where they go. First the user's own file, then a copy
 * for the node's agent. See deploy/slurm/README.md.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "clock.h"
#include "run.h"
#include "step.h"

#define DEFAULT_SOCKET "/run/joblog/agent.sock"
#define WRONG_USE 2

static const char usage[] =
    "joblog-relay run [OPTIONS] -- COMMAND [ARGS...]\n"
    "  Runs COMMAND; if the user has opted in (~/.logoptin), its output is copied to the agent.\n"
    "  --socket FILE          the agent's socket (JOBLOG_SOCKET, else " DEFAULT_SOCKET ")\n"
    "  --cluster NAME         SLURM_CLUSTER_NAME, else local\n"
    "  --job ID               Slurm's, else a new one\n"
    "  --task N               rank of this task (SLURM_PROCID, else 0)\n"
    "  --home DIR             where .logoptin is looked for (as the password database says)\n"
    "  --hold-budget SECONDS  how long an agent may hold the command back without progress (60)\n"
    "  --linger SECONDS       how long the end waits for what is left in the background (2)\n"
    "  --drain SECONDS        how long the end waits for the agent without progress (5)\n"
    "\n"
    "joblog-relay step --user UID:GID --socket FILE [--cgroup DIR]\n"
    "  Started by the SPANK plugin, with its socket as descriptor 3.\n"
    "\n"
    "joblog-relay --version\n";

static int wrong(const char *option, const char *value, const char *expected) {
  fprintf(stderr, "joblog-relay: %s: %s (expected: %s)\n", option, value, expected);
  return WRONG_USE;
}

/* A whole number up to most; -1 if it is none. */
static int64_t whole(const char *text, int64_t most) {
  char *past;
  errno = 0;
  long long value = text[0] >= '0' && text[0] <= '9' ? strtoll(text, &past, 10) : -1;
  return value < 0 || *past != 0 || errno != 0 || value > most ? -1 : value;
}

static bool socket_fits(const char *path) {
  return path[0] == '/' && strlen(path) < sizeof((struct sockaddr_un *)NULL)->sun_path;
}

static bool seconds(const char *text, int64_t *nanos) {
  int64_t value = whole(text, 86400);
  *nanos = SECONDS(value);
  return value >= 0;
}

static const struct option run_words[] = {
    {"socket", required_argument, NULL, 's'},      {"cluster", required_argument, NULL, 'c'},
    {"job", required_argument, NULL, 'j'},         {"task", required_argument, NULL, 't'},
    {"home", required_argument, NULL, 'h'},        {"hold-budget", required_argument, NULL, 'b'},
    {"linger", required_argument, NULL, 'l'},      {"drain", required_argument, NULL, 'd'},
    {NULL, 0, NULL, 0},
};

/* Sets what one option says; 0, or the exit code of a wrong one. */
static int take_run_option(struct run_options *options, int option, const char *value) {
  switch (option) {
    case 's':
      options->socket = value;
      return socket_fits(value) ? 0 : wrong("--socket", value, "an absolute path, below 108 bytes");
    case 'c':
      options->identity.cluster = value;
      return 0;
    case 'j':
      options->identity.job = value;
      return 0;
    case 't':
      options->identity.task = value;
      return whole(value, INT32_MAX) >= 0 ? 0 : wrong("--task", value, "0 to 2147483647");
    case 'h':
      options->home = value;
      return 0;
    case 'b':
      return seconds(value, &options->hold_budget_nanos)
          ? 0 : wrong("--hold-budget", value, "0 to 86400");
    case 'l':
      return seconds(value, &options->linger_nanos) ? 0 : wrong("--linger", value, "0 to 86400");
    case 'd':
      return seconds(value, &options->drain_nanos) ? 0 : wrong("--drain", value, "0 to 86400");
    default:
      fputs("joblog-relay: see joblog-relay --help (expected: one of its options)\n", stderr);
      return WRONG_USE;
  }
}

static int run_command(int count, char **words) {
  const char *socket = getenv("JOBLOG_SOCKET");
  struct run_options options = {
      .socket = socket != NULL && socket_fits(socket) ? socket : DEFAULT_SOCKET,
      .home = getenv("JOBLOG_HOME"),
      .hold_budget_nanos = SECONDS(60),
      .linger_nanos = SECONDS(2),
      .drain_nanos = SECONDS(5),
  };
  int option;
  while ((option = getopt_long(count, words, "+", run_words, NULL)) != -1) {
    int result = take_run_option(&options, option, optarg);
    if (result != 0) {
      return result;
    }
  }
  options.command = words + optind;
  if (options.command[0] == NULL) {
    return wrong("command", "none", "-- COMMAND [ARGS...]");
  }
  return run_main(&options);
}

static const struct option step_words[] = {
    {"user", required_argument, NULL, 'u'},
    {"socket", required_argument, NULL, 's'},
    {"cgroup", required_argument, NULL, 'g'},
    {NULL, 0, NULL, 0},
};

static int run_step(int count, char **words) {
  struct step_options options = {.socket = DEFAULT_SOCKET, .uid = (uid_t)-1};
  int option;
  while ((option = getopt_long(count, words, "+", step_words, NULL)) != -1) {
    switch (option) {
      case 'u':
        if (sscanf(optarg, "%u:%u", &options.uid, &options.gid) != 2) {
          return wrong("--user", optarg, "UID:GID");
        }
        break;
      case 's':
        options.socket = optarg;
        break;
      case 'g':
        options.cgroup = optarg;
        break;
      default:
        return WRONG_USE;
    }
  }
  if (options.uid == (uid_t)-1 || !socket_fits(options.socket)) {
    return wrong("step", "options", "--user UID:GID and an absolute --socket");
  }
  return step_main(&options);
}

int main(int count, char **words) {
  const char *command = count > 1 ? words[1] : "";
  if (strcmp(command, "run") == 0) {
    return run_command(count - 1, words + 1);
  }
  if (strcmp(command, "step") == 0) {
    return run_step(count - 1, words + 1);
  }
  if (strcmp(command, "--version") == 0) {
    puts("joblog-relay " JOBLOG_VERSION);
    return 0;
  }
  bool help = strcmp(command, "--help") == 0;
  fputs(usage, help ? stdout : stderr);
  return help ? 0 : WRONG_USE;
}
