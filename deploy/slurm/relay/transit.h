/*
 * Moving bytes so that a worker killed at any instruction neither loses nor repeats one.
 *
 * A read that is killed has taken bytes out of the pipe, and nobody knows how many. So bytes are
 * first spliced into a pipe of our own, where nobody else writes: the kernel has them either there
 * or here. How far the read out of that pipe came is told by how much is left in it. The way into a
 * destination that is a pipe is the same in reverse; a file tells by its offset.
 *
 *   task's pipe ══splice══► in ──read──► ring ──write──► out ══splice══► destination
 *                                          └─────write─────────────────► file
 *
 * Each step writes down beforehand what it is about to do; transit_recover finishes it.
 */
#ifndef JOBLOG_TRANSIT_H
#define JOBLOG_TRANSIT_H

#include <sys/types.h>

#include "shared.h"

/*
 * Moves up to length bytes from the stream's source behind the end of its ring.
 * Returns how many, 0 at the end of the source, -1 with errno (EAGAIN: nothing there now).
 */
ssize_t transit_pull(struct shared *shared, struct stream *stream, size_t length);

/* Moves up to length bytes that are not written yet into the sink. Returns how many, or -1. */
ssize_t transit_push(struct shared *shared, struct stream *stream, size_t length);

/* Finishes what an earlier worker was doing when it ended. */
void transit_recover(struct shared *shared);

#endif
