#include "wire.h"

#include <string.h>

#include "crc32c.h"

#define MAX_OFFSET INT64_MAX

/* A place in a frame that is being written. */
struct writer {
  unsigned char *at;
};

static void put(struct writer *out, uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; i--) {
    *out->at++ = (unsigned char)(value >> (8 * i));
  }
}

static void put_bytes(struct writer *out, const void *bytes, size_t length) {
  if (length > 0) {
    memcpy(out->at, bytes, length);
  }
  out->at += length;
}

static void put_text(struct writer *out, const char *text) {
  size_t length = strlen(text);
  put(out, length, 1);
  put_bytes(out, text, length);
}

static struct writer body_of(unsigned char *frame) {
  return (struct writer){frame + WIRE_HEADER_BYTES};
}

/* The header of a frame whose body is written; the length of the whole. */
static size_t seal(unsigned char *frame, enum frame_type type, size_t body) {
  struct writer out = {frame};
  put(&out, body, 4);
  put(&out, (uint64_t)type, 1);
  put(&out, 0, 3);
  uint32_t crc = crc32c(0, frame, 8);
  put(&out, crc32c(crc, frame + WIRE_HEADER_BYTES, body), 4);
  return WIRE_HEADER_BYTES + body;
}

static size_t seal_at(unsigned char *frame, enum frame_type type, struct writer end) {
  return seal(frame, type, (size_t)(end.at - frame) - WIRE_HEADER_BYTES);
}

size_t wire_greeting(unsigned char *to, const struct control_hello *hello,
                     const unsigned char *optin) {
  struct writer out = body_of(to);
  put(&out, WIRE_VERSION, 1);
  put(&out, hello->restart, 4);
  put(&out, hello->uid, 4);
  put(&out, hello->start_micros, 8);
  put(&out, hello->source, 8);
  put_text(&out, hello->cluster);
  put_text(&out, hello->job);
  put_text(&out, hello->node);
  put_text(&out, hello->user);
  put_text(&out, hello->name);
  put(&out, hello->optin_bytes, 4);
  put_bytes(&out, optin, hello->optin_bytes);
  put(&out, 0, 1);                         /* no proof: the socket is the proof */
  return seal_at(to, FRAME_GREETING, out);
}

size_t wire_open_stream(unsigned char *to, uint32_t stream, uint32_t step, uint32_t task,
                        uint8_t kind) {
  struct writer out = body_of(to);
  put(&out, stream, 4);
  put(&out, step, 4);
  put(&out, task, 4);
  put(&out, kind, 1);
  return seal_at(to, FRAME_OPEN_STREAM, out);
}

size_t wire_gap(unsigned char *to, uint32_t stream, uint64_t from, uint64_t past, uint64_t micros,
                uint8_t reason) {
  struct writer out = body_of(to);
  put(&out, stream, 4);
  put(&out, from, 8);
  put(&out, past, 8);
  put(&out, micros, 8);
  put(&out, reason, 1);
  return seal_at(to, FRAME_GAP, out);
}

size_t wire_end_of_stream(unsigned char *to, uint32_t stream, uint64_t length, uint64_t micros) {
  struct writer out = body_of(to);
  put(&out, stream, 4);
  put(&out, length, 8);
  put(&out, micros, 8);
  return seal_at(to, FRAME_END_OF_STREAM, out);
}

size_t wire_end_of_job(unsigned char *to, uint64_t micros, struct ending ending) {
  struct writer out = body_of(to);
  put(&out, micros, 8);
  put(&out, (uint16_t)ending.code, 2);
  put(&out, ending.signal, 1);
  return seal_at(to, FRAME_END_OF_JOB, out);
}

size_t wire_notice(unsigned char *to, uint32_t stream, uint64_t micros, uint8_t code,
                   uint32_t detail) {
  struct writer out = body_of(to);
  put(&out, stream, 4);
  put(&out, micros, 8);
  put(&out, code, 1);
  put(&out, detail, 4);
  return seal_at(to, FRAME_NOTICE, out);
}

size_t wire_heartbeat(unsigned char *to) {
  return seal(to, FRAME_HEARTBEAT, 0);
}

size_t wire_goodbye(unsigned char *to, uint32_t retry_millis) {
  struct writer out = body_of(to);
  put(&out, retry_millis, 4);
  return seal_at(to, FRAME_GOODBYE, out);
}

size_t wire_data(unsigned char *to, uint32_t stream, uint64_t offset, uint64_t micros,
                 size_t bytes) {
  struct writer out = body_of(to);
  put(&out, stream, 4);
  put(&out, offset, 8);
  put(&out, micros, 8);
  return seal(to, FRAME_DATA, WIRE_DATA_HEAD_BYTES + bytes);
}

static uint64_t get(const unsigned char **from, int bytes) {
  uint64_t value = 0;
  for (int i = 0; i < bytes; i++) {
    value = value << 8 | *(*from)++;
  }
  return value;
}

/* The shortest and longest body of the agent's frames; no room at all for those of a shipper. */
static bool length_fits(uint8_t type, uint32_t body) {
  switch (type) {
    case FRAME_CHALLENGE: return body == 34;
    case FRAME_WELCOME: return body == 9;
    case FRAME_RESUME_POINT:
    case FRAME_ACK: return body == 12;
    case FRAME_END_ACK:
    case FRAME_HEARTBEAT:
    case FRAME_UNPAUSE: return body == 0;
    case FRAME_PAUSE: return body == 1;
    case FRAME_GOODBYE: return body == 4;
    case FRAME_REFUSAL: return body >= 3 && body <= WIRE_MAX_INCOMING_BODY;
    default: return false;
  }
}

/* The values of a body whose length fits its type; false if one is out of its range. */
static bool read_body(const unsigned char *at, uint32_t body, struct incoming *frame) {
  switch (frame->type) {
    case FRAME_CHALLENGE:
      frame->oldest_version = (uint8_t)get(&at, 1);
      frame->newest_version = (uint8_t)get(&at, 1);
      return frame->oldest_version >= 1 && frame->oldest_version <= frame->newest_version;
    case FRAME_WELCOME:
      frame->version = (uint8_t)get(&at, 1);
      frame->longest_body = (uint32_t)get(&at, 4);
      frame->heartbeat_millis = (uint32_t)get(&at, 4);
      return frame->version == WIRE_VERSION && frame->longest_body >= WIRE_MIN_LONGEST_BODY
          && frame->longest_body <= WIRE_MAX_LONGEST_BODY && frame->heartbeat_millis >= 10
          && frame->heartbeat_millis <= 600000;
    case FRAME_RESUME_POINT:
    case FRAME_ACK:
      frame->stream = (uint32_t)get(&at, 4);
      frame->offset = get(&at, 8);
      return frame->stream <= 65535 && frame->offset <= MAX_OFFSET;
    case FRAME_PAUSE:
      frame->code = (uint8_t)get(&at, 1);
      return frame->code >= 1 && frame->code <= 3;
    case FRAME_GOODBYE:
      frame->retry_millis = (uint32_t)get(&at, 4);
      return frame->retry_millis <= 3600000;
    case FRAME_REFUSAL:
      frame->code = (uint8_t)get(&at, 1);
      return frame->code >= 1 && frame->code <= 8 && get(&at, 2) == body - 3;
    default:
      return true;
  }
}

int wire_read(const unsigned char *bytes, size_t length, struct incoming *frame) {
  if (length < WIRE_HEADER_BYTES) {
    return WIRE_MORE;
  }
  const unsigned char *at = bytes;
  uint32_t body = (uint32_t)get(&at, 4);
  uint8_t type = (uint8_t)get(&at, 1);
  if (get(&at, 3) != 0 || !length_fits(type, body)) {
    return WIRE_WRONG;
  }
  if (length < WIRE_HEADER_BYTES + body) {
    return WIRE_MORE;
  }
  uint32_t claimed = (uint32_t)get(&at, 4);
  if (crc32c(crc32c(0, bytes, 8), at, body) != claimed) {
    return WIRE_WRONG;
  }
  *frame = (struct incoming){.type = (enum frame_type)type};
  return read_body(at, body, frame) ? (int)(WIRE_HEADER_BYTES + body) : WIRE_WRONG;
}

bool wire_refusal_is_final(uint8_t code) {
  return code != 2 && code != 6 && code != 7;
}
