/*
 * A decision in a small file, ID.RESTART in a folder of root's: for steps of srun and salloc without
 * a batch step that would tell them. First line: the decision. Then the opt-in file's bytes.
 *
 * Nobody tells when such a job is over, so a file goes when it was not used for 30 days, or when
 * there are too many. The folder is below /run: a restart of the node ends its jobs and empties it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "plugin.h"

#define MOST_FILES 1024                    /* 64 MiB of memory if every user's file were the longest */
#define OLDEST_SECONDS (30 * 24 * 3600)
#define YES "yes\n"
#define NO "no\n"

static void file_name(const struct job *job, char *name, size_t bytes) {
  snprintf(name, bytes, "%u.%u", job->id, job->hello.restart);
}

/* The folder, only if nobody but root can change what is in it; -1 if not. */
static int open_folder(const char *path) {
  mkdir(path, 0700);
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat status;
  if (folder >= 0
      && (fstat(folder, &status) != 0 || status.st_uid != geteuid()
          || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)) {
    close(folder);
    return -1;
  }
  return folder;
}

static enum decision read_decision(int folder, const char *name, struct optin *optin) {
  int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) {
    return DECISION_NONE;
  }
  char line[sizeof YES - 1];
  enum decision decision = DECISION_NO;
  ssize_t head = read(file, line, sizeof line);
  if (head == sizeof line && memcmp(line, YES, sizeof line) == 0) {
    ssize_t n = read(file, optin->user, NAME_BYTES);
    ssize_t bytes = n == NAME_BYTES ? read(file, optin->bytes, OPTIN_MAX_BYTES) : -1;
    optin->user[NAME_BYTES - 1] = 0;
    optin->length = bytes > 0 ? (size_t)bytes : 0;
    optin->opted_in = bytes >= 0;
    decision = bytes >= 0 ? DECISION_YES : DECISION_NONE;
  }
  futimens(file, NULL);                    /* used just now */
  close(file);
  return decision;
}

enum decision memory_find(const char *path, const struct job *job, struct optin *optin) {
  int folder = open_folder(path);
  if (folder < 0) {
    return DECISION_NONE;
  }
  char name[32];
  file_name(job, name, sizeof name);
  enum decision decision = read_decision(folder, name, optin);
  close(folder);
  return decision;
}

/* Forgets what is old, and the oldest where there are too many. */
static void sweep(int folder) {
  int again = dup(folder);
  DIR *list = again >= 0 ? fdopendir(again) : NULL;
  if (list == NULL) {
    return;
  }
  char oldest[NAME_BYTES] = "";
  time_t oldest_time = 0;
  int files = 0;
  time_t now = time(NULL);
  for (const struct dirent *entry = readdir(list); entry != NULL; entry = readdir(list)) {
    struct stat status;
    if (entry->d_name[0] == '.'
        || fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      continue;
    }
    if (now - status.st_mtime > OLDEST_SECONDS) {
      unlinkat(folder, entry->d_name, 0);
      continue;
    }
    files++;
    if (oldest[0] == 0 || status.st_mtime < oldest_time) {
      oldest_time = status.st_mtime;
      snprintf(oldest, sizeof oldest, "%s", entry->d_name);
    }
  }
  if (files >= MOST_FILES) {
    unlinkat(folder, oldest, 0);
  }
  closedir(list);
}

/* Writes a file of its own first, so that no other step sees half of it. */
static bool write_decision(int folder, const char *name, enum decision decision,
                           const struct optin *optin) {
  char own[64];
  snprintf(own, sizeof own, "%s.%d", name, (int)getpid());
  int file = openat(folder, own, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) {
    return false;
  }
  bool yes = decision == DECISION_YES;
  const char *line = yes ? YES : NO;
  size_t length = strlen(line);
  bool written = write(file, line, length) == (ssize_t)length;
  if (yes) {
    written = written && write(file, optin->user, NAME_BYTES) == NAME_BYTES
        && write(file, optin->bytes, optin->length) == (ssize_t)optin->length;
  }
  close(file);
  written = written && linkat(folder, own, folder, name, 0) == 0;
  unlinkat(folder, own, 0);
  return written;
}

/* Two steps may begin together: the first to write has decided. */
enum decision memory_keep(const char *path, const struct job *job, enum decision decision,
                          struct optin *optin) {
  int folder = open_folder(path);
  if (folder < 0) {
    return decision;
  }
  char name[32];
  file_name(job, name, sizeof name);
  sweep(folder);
  if (!write_decision(folder, name, decision, optin)) {
    enum decision first = read_decision(folder, name, optin);
    decision = first == DECISION_NONE ? decision : first;
  }
  close(folder);
  return decision;
}
