/* One stream's bytes: out of the pipe into the ring, out of the ring to where they went before. */
#ifndef JOBLOG_PUMP_H
#define JOBLOG_PUMP_H

#include <stdbool.h>

#include "shared.h"
#include "transit.h"

/* What must not be overwritten before it is read out of the ring. */
enum hold {
  HOLD_NOTHING,                            /* what the user's file does not have */
  HOLD_COPY,                               /* and what the agent does not have */
};

enum pump_result { PUMP_DONE, PUMP_FULL };

/* Whether there is room to read more. */
bool pump_wants_to_read(const struct stream *stream, enum hold hold);

/* Whether there would be room, if the agent had all. */
bool pump_waits_for_copy(const struct stream *stream);

/* Reads once. What is overwritten unread because waiting was too long is lost for that reason. */
void pump_read(struct shared *shared, struct stream *stream, enum hold hold, bool waited_too_long);

/* Writes until all is written or the destination is full. Ends a stream that has no more. */
enum pump_result pump_write(struct shared *shared, struct stream *stream);

#endif
