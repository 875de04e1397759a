/*
 * The last bytes of a stream, in memory that outlives the worker. Places are offsets in the stream,
 * counted from its first byte and never wrapped.
 *
 *   0 ........ ring_begin ................. end .... reserved
 *     gone      still here, may be sent again | being filled
 */
#ifndef JOBLOG_RING_H
#define JOBLOG_RING_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#define RING_MARKS 512                     /* 8 KiB a stream; older bytes than the oldest get its time */

/* From this offset on the bytes were read at this time. */
struct mark {
  uint64_t offset;
  uint64_t micros;
};

struct ring {
  unsigned char *bytes;
  uint32_t size;                           /* a power of two */
  uint64_t end;
  uint64_t reserved;
  uint32_t marks;                          /* how many were ever made */
  struct mark mark[RING_MARKS];
};

/* The oldest byte that is still here. */
uint64_t ring_begin(const struct ring *ring);

/* Gives the bytes that follow the end up to being overwritten; two parts where they wrap. */
int ring_reserve(struct ring *ring, size_t length, struct iovec parts[2]);

/* Sets the end behind what was filled, read at this time. */
void ring_advance(struct ring *ring, uint64_t end, uint64_t micros);

/* Where length bytes from an offset lie. */
int ring_parts(const struct ring *ring, uint64_t offset, size_t length, struct iovec parts[2]);

/* When the byte at an offset was read; *until becomes the first offset read later. */
uint64_t ring_time(const struct ring *ring, uint64_t offset, uint64_t *until);

#endif
