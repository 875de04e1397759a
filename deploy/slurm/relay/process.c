#define _GNU_SOURCE
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OOM_SCORE "-900"                   /* -1000 would spare it for ever, also from its own leak */

void process_name(const char *name) {
  prctl(PR_SET_NAME, name, 0, 0, 0);
}

void process_ignore_signals(void) {
  for (int signal_number = 1; signal_number < NSIG; signal_number++) {
    if (signal_number != SIGCHLD) {
      signal(signal_number, SIG_IGN);
    }
  }
  /* Faults of our own are not to be ignored: the keeper starts a new worker. */
  signal(SIGSEGV, SIG_DFL);
  signal(SIGBUS, SIG_DFL);
  signal(SIGFPE, SIG_DFL);
  signal(SIGILL, SIG_DFL);
  signal(SIGABRT, SIG_DFL);
}

void process_close_from(int first) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, (unsigned)first, ~0u, 0u) == 0) {
    return;
  }
#endif
  struct rlimit limit;
  int most = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536
      ? (int)limit.rlim_cur : 65536;
  for (int fd = first; fd < most; fd++) {
    close(fd);
  }
}

void process_raise_descriptors(unsigned most) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= most) {
    return;
  }
  limit.rlim_cur = most;
  if (limit.rlim_max < most) {
    limit.rlim_max = most;
  }
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

static bool write_text(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) {
    return false;
  }
  bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
  return close(fd) == 0 && written;
}

bool process_move_to_cgroup(const char *folder) {
  char path[4096];
  mkdir(folder, 0755);                     /* there already, but for the first relay after a boot */
  int length = snprintf(path, sizeof path, "%s/cgroup.procs", folder);
  return length > 0 && (size_t)length < sizeof path && write_text(path, "0");
}

bool process_is_inside_step(void) {
  FILE *file = fopen("/proc/self/cgroup", "re");
  if (file == NULL) {
    return true;
  }
  char line[4096];
  bool inside = false;
  while (fgets(line, sizeof line, file) != NULL) {
    bool counts = strncmp(line, "0::", 3) == 0 || strstr(line, ":freezer:") != NULL;
    inside |= counts && strstr(line, "/step_") != NULL;
  }
  fclose(file);
  return inside;
}

void process_spare_from_oom(void) {
  write_text("/proc/self/oom_score_adj", OOM_SCORE);
}

bool process_become(uid_t uid, gid_t gid) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  if (getuid() == 0 && uid != 0
      && (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0
          || setresuid(uid, uid, uid) != 0)) {
    return false;
  }
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return getuid() == uid && geteuid() == uid;
}
