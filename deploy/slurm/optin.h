/* The user's opt-in file, read with nothing but the user's own rights. Plugin and wrapper share it. */
#ifndef JOBLOG_OPTIN_H
#define JOBLOG_OPTIN_H

#include <stddef.h>
#include <stdbool.h>

#include "control.h"

/* What a child found out for its parent. */
struct optin {
  bool opted_in;
  char user[NAME_BYTES];
  size_t length;
  unsigned char bytes[OPTIN_MAX_BYTES];
};

/*
 * Reads FOLDER/.logoptin, the first OPTIN_MAX_BYTES of it. True if it counts: a regular file, also
 * behind a symbolic link, that this process may read. Never waits for a FIFO or a device; may wait
 * for a file system that hangs, for which callers need a deadline.
 */
bool optin_read(const char *folder, struct optin *optin);

/*
 * Runs a reader in a process of its own until the deadline, and takes what it found.
 * Where anything goes wrong the answer is no.
 */
void optin_ask(bool (*reader)(struct optin *optin, const void *who), const void *who,
               int deadline_millis, struct optin *optin);

#endif
