/*
 * A slurmstepd for tests: calls the plugin's hooks in Slurm's order, around tasks that inherit its
 * outputs. The plugin's own code is linked in, and the real relay is started.
 *
 *   fake-stepd [PLUGIN ARGUMENTS...] -- COMMAND [ARGS...]
 *
 * FAKE_STEP      batch, interactive, extern or a number          FAKE_JOB, FAKE_TASKS
 * FAKE_HOME      the user's home                                 FAKE_LOG      file for Slurm's log
 * FAKE_ARRAY     ID_INDEX of a task of an array                  FAKE_TERMINAL out: a terminal for
 *                                                                stdout (srun -u); all: also stdin
 * FAKE_HANG      yes: the user's home cannot be found out
 * FAKE_KILL      yes: what the tasks leave behind is killed, as a container does it
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <pty.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <slurm/spank.h>

#define MOST_TASKS 16
#define HOOK_FAILED 99
#define CHILD_LEFT 98
#define NO_VALUE 0xFFFFFFFEu

static uint32_t task_id;
static int task_status;

static const char *setting(const char *name, const char *other) {
  const char *value = getenv(name);
  return value != NULL ? value : other;
}

static uint32_t number(const char *name, const char *other) {
  return (uint32_t)strtoul(setting(name, other), NULL, 0);
}

static uint32_t step(void) {
  const char *name = setting("FAKE_STEP", "batch");
  if (strcmp(name, "batch") == 0) {
    return 0xFFFFFFFBu;
  }
  if (strcmp(name, "interactive") == 0) {
    return 0xFFFFFFFAu;
  }
  return strcmp(name, "extern") == 0 ? 0xFFFFFFFCu : number("FAKE_STEP", "0");
}

/* The user as the test has it; nobody's password database is asked. */
struct passwd *getpwuid(uid_t uid) {
  if (strcmp(setting("FAKE_HANG", ""), "yes") == 0) {
    pause();
  }
  static struct passwd entry;
  static char name[] = "tester";
  entry = (struct passwd){.pw_name = name, .pw_uid = uid, .pw_gid = getgid(),
                          .pw_dir = (char *)(uintptr_t)setting("FAKE_HOME", "/nonexistent")};
  return &entry;
}

struct passwd *getpwnam(const char *name) {
  return strcmp(name, "nobody-knows") == 0 ? NULL : getpwuid(getuid());
}

/* Only root may do this, and the tests need not be root. */
int initgroups(const char *user, gid_t group) {
  (void)user;
  (void)group;
  return 0;
}

enum spank_context spank_context(void) {
  return S_CTX_REMOTE;
}

spank_err_t spank_get_item(spank_t spank, enum spank_item item, ...) {
  (void)spank;
  va_list rest;
  va_start(rest, item);
  uint32_t *to = va_arg(rest, uint32_t *);
  va_end(rest);
  uint32_t array = 0;
  uint32_t index = NO_VALUE;
  sscanf(setting("FAKE_ARRAY", ""), "%u_%u", &array, &index);
  switch (item) {
    case S_JOB_UID: *to = getuid(); break;
    case S_JOB_GID: *to = getgid(); break;
    case S_JOB_ID: *to = number("FAKE_JOB", "7"); break;
    case S_JOB_STEPID: *to = step(); break;
    case S_JOB_LOCAL_TASK_COUNT: *to = number("FAKE_TASKS", "1"); break;
    case S_TASK_GLOBAL_ID: *to = task_id; break;
    case S_TASK_EXIT_STATUS: *to = (uint32_t)task_status; break;
    case S_JOB_ARRAY_ID: *to = array; break;
    case S_JOB_ARRAY_TASK_ID: *to = index; break;
  }
  return ESPANK_SUCCESS;
}

spank_err_t spank_getenv(spank_t spank, const char *name, char *value, int bytes) {
  (void)spank;
  const char *found = getenv(name);
  if (found == NULL) {
    return ESPANK_ENV_NOEXIST;
  }
  snprintf(value, (size_t)bytes, "%s", found);
  return ESPANK_SUCCESS;
}

spank_err_t spank_setenv(spank_t spank, const char *name, const char *value, int overwrite) {
  (void)spank;
  return setenv(name, value, overwrite);
}

static void log_line(const char *format, va_list values) {
  FILE *log = fopen(setting("FAKE_LOG", "/dev/null"), "ae");
  if (log != NULL) {
    vfprintf(log, format, values);
    fputc('\n', log);
    fclose(log);
  }
}

void slurm_info(const char *format, ...) {
  va_list values;
  va_start(values, format);
  log_line(format, values);
  va_end(values);
}

void slurm_error(const char *format, ...) {
  va_list values;
  va_start(values, format);
  log_line(format, values);
  va_end(values);
}

/* Puts a terminal where the task's outputs are; what it shows goes where they went. */
static int open_terminal(pid_t *copier) {
  int master;
  int slave;
  if (openpty(&master, &slave, NULL, NULL, NULL) != 0) {
    return -1;
  }
  *copier = fork();
  if (*copier == 0) {
    char bytes[4096];
    close(slave);
    for (ssize_t n = read(master, bytes, sizeof bytes); n > 0;
         n = read(master, bytes, sizeof bytes)) {
      (void)!write(STDOUT_FILENO, bytes, (size_t)n);
    }
    _exit(0);
  }
  close(master);
  return slave;
}

static void become_task(int count, char **arguments, char **command, int terminal) {
  if (terminal >= 0) {
    dup2(terminal, STDOUT_FILENO);
    if (strcmp(setting("FAKE_TERMINAL", ""), "all") == 0) {
      dup2(terminal, STDIN_FILENO);
    }
    close(terminal);
  }
  slurm_spank_task_init(NULL, count, arguments);
  execvp(command[0], command);
  _exit(127);
}

/* As the end of a step's container: all that descends from the tasks, but no relay. */
static void kill_the_rest(void) {
  pid_t group = getpid();
  signal(SIGTERM, SIG_IGN);
  kill(-group, SIGTERM);
}

static int run_tasks(int count, char **arguments, char **command) {
  uint32_t tasks = number("FAKE_TASKS", "1");
  pid_t pids[MOST_TASKS];
  pid_t copier = -1;
  int terminal = setting("FAKE_TERMINAL", "")[0] != 0 ? open_terminal(&copier) : -1;
  for (task_id = 0; task_id < tasks && task_id < MOST_TASKS; task_id++) {
    pids[task_id] = fork();
    if (pids[task_id] == 0) {
      become_task(count, arguments, command, terminal);
    }
  }
  if (terminal >= 0) {
    close(terminal);
  }
  int highest = 0;
  for (task_id = 0; task_id < tasks && task_id < MOST_TASKS; task_id++) {
    waitpid(pids[task_id], &task_status, 0);
    slurm_spank_task_exit(NULL, count, arguments);
    int code = WIFEXITED(task_status) ? WEXITSTATUS(task_status) : 128 + WTERMSIG(task_status);
    highest = code > highest ? code : highest;
  }
  if (strcmp(setting("FAKE_KILL", ""), "yes") == 0) {
    kill_the_rest();
  }
  slurm_spank_exit(NULL, count, arguments);
  if (copier > 0) {
    waitpid(copier, NULL, 0);
  }
  return highest;
}

int main(int count, char **words) {
  int arguments = 0;
  while (1 + arguments < count && strcmp(words[1 + arguments], "--") != 0) {
    arguments++;
  }
  if (2 + arguments >= count) {
    return 2;
  }
  setpgid(0, 0);
  if (slurm_spank_init_post_opt(NULL, arguments, words + 1) != 0) {
    return HOOK_FAILED;
  }
  if (waitpid(-1, NULL, WNOHANG) != -1) {
    return CHILD_LEFT;                     /* the real one would take it for a task, and sleep */
  }
  return run_tasks(arguments, words + 1, words + 2 + arguments);
}
