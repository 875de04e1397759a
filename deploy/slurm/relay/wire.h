/*
 * The frames of schema/PROTOCOL.md, as the shipper's side writes and reads them. Nothing here knows
 * of sockets; a caller gives memory and gets lengths.
 */
#ifndef JOBLOG_WIRE_H
#define JOBLOG_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../control.h"

#define WIRE_VERSION 1
#define WIRE_HEADER_BYTES 12
#define WIRE_DATA_HEAD_BYTES 20            /* of a Data frame's body, before the bytes */
#define WIRE_MIN_LONGEST_BODY 4096u
#define WIRE_MAX_LONGEST_BODY (1u << 20)
#define WIRE_MAX_GREETING_BYTES (WIRE_HEADER_BYTES + 66496)
#define WIRE_MAX_INCOMING_BODY 1027u       /* a Refusal, the longest frame of the agent */
#define WIRE_MAX_SMALL_BYTES 64            /* any frame that is no greeting and no data */
#define WIRE_SILENT_HEARTBEATS 3

enum frame_type {
  FRAME_CHALLENGE = 1,
  FRAME_GREETING = 2,
  FRAME_WELCOME = 3,
  FRAME_OPEN_STREAM = 4,
  FRAME_RESUME_POINT = 5,
  FRAME_DATA = 6,
  FRAME_GAP = 7,
  FRAME_END_OF_STREAM = 8,
  FRAME_END_OF_JOB = 9,
  FRAME_ACK = 10,
  FRAME_END_ACK = 11,
  FRAME_HEARTBEAT = 12,
  FRAME_PAUSE = 13,
  FRAME_UNPAUSE = 14,
  FRAME_GOODBYE = 15,
  FRAME_REFUSAL = 16,
  FRAME_NOTICE = 17,
};

enum gap_reason { GAP_SERVER_AWAY = 1, GAP_HELD_TOO_LONG = 2, GAP_PART_FAILED = 3 };
enum notice_code { NOTICE_DESTINATION_FAILED = 1 };

/* How a job or task ended, as an EndOfJob says it. */
struct ending {
  int16_t code;                            /* 0 to 255, or -1 */
  uint8_t signal;                          /* 1 to 127, or 0 */
};

/* Each writes one whole frame and says how long it is. */
size_t wire_greeting(unsigned char *to, const struct control_hello *hello,
                     const unsigned char *optin);
size_t wire_open_stream(unsigned char *to, uint32_t stream, uint32_t step, uint32_t task,
                        uint8_t kind);
size_t wire_gap(unsigned char *to, uint32_t stream, uint64_t from, uint64_t past, uint64_t micros,
                uint8_t reason);
size_t wire_end_of_stream(unsigned char *to, uint32_t stream, uint64_t length, uint64_t micros);
size_t wire_end_of_job(unsigned char *to, uint64_t micros, struct ending ending);
size_t wire_notice(unsigned char *to, uint32_t stream, uint64_t micros, uint8_t code,
                   uint32_t detail);
size_t wire_heartbeat(unsigned char *to);
size_t wire_goodbye(unsigned char *to, uint32_t retry_millis);

/* A Data frame around bytes that the caller has put behind header and head already. */
size_t wire_data(unsigned char *to, uint32_t stream, uint64_t offset, uint64_t micros,
                 size_t bytes);

/* What the agent says. Only the fields of the type are set. */
struct incoming {
  enum frame_type type;
  uint32_t stream;
  uint64_t offset;
  uint8_t oldest_version;
  uint8_t newest_version;
  uint8_t version;
  uint32_t longest_body;
  uint32_t heartbeat_millis;
  uint8_t code;                            /* of a Refusal or a Pause */
  uint32_t retry_millis;
};

enum { WIRE_MORE = 0, WIRE_WRONG = -1 };

/*
 * Reads the first frame of what has come from the agent.
 * Returns its length in bytes, WIRE_MORE if it is not whole yet, WIRE_WRONG if it is not valid or
 * not the agent's to send.
 */
int wire_read(const unsigned char *bytes, size_t length, struct incoming *frame);

/* Whether to come again after a refusal with this code. */
bool wire_refusal_is_final(uint8_t code);

#endif
