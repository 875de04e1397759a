/*
 * The relay's wire against the golden frames of schema, for a test in workbench:
 *
 *   wire-test write            prints NAME HEX for the golden frames that a shipper sends
 *   wire-test read             reads NAME HEX lines, prints what the relay understands of each
 *   wire-test fuzz SEED N      reads NAME HEX lines, mutates them N times; must not crash
 *   wire-test crc              the two ways to the checksum agree
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../relay/crc32c.h"
#include "../relay/wire.h"

#define AT UINT64_C(1790000000123456)
#define MOST_FRAMES 64
#define MOST_BYTES 2048u

struct golden {
  char name[64];
  unsigned char bytes[MOST_BYTES];
  size_t length;
};

static void print(const char *name, const unsigned char *bytes, size_t length) {
  printf("%s ", name);
  for (size_t i = 0; i < length; i++) {
    printf("%02x", bytes[i]);
  }
  putchar('\n');
}

static void write_greetings(unsigned char *frame) {
  struct control_hello least = {.cluster = "c", .job = "j", .node = "n", .user = "u"};
  print("greeting-least", frame, wire_greeting(frame, &least, NULL));
  static const unsigned char optin[] = "mode: metadata\n";
  struct control_hello hello = {.uid = 4000000000u,
                                .restart = 2,
                                .start_micros = AT,
                                .source = UINT64_C(0x8123456789abcdef),
                                .cluster = "alpha",
                                .job = "4711_3",
                                .node = "node-17.cluster",
                                .user = "jürgen",
                                .name = "näht 𝄞",
                                .optin_bytes = sizeof optin - 1};
  print("greeting-without-proof", frame, wire_greeting(frame, &hello, optin));
}

static int write_all(void) {
  unsigned char *frame = malloc(WIRE_MAX_GREETING_BYTES);
  if (frame == NULL) {
    return 1;
  }
  write_greetings(frame);
  print("open-batch-script", frame, wire_open_stream(frame, 0, 0xfffffffbu, 0, KIND_COMBINED));
  print("open-stderr", frame, wire_open_stream(frame, 65535, 7, 12, KIND_STDERR));
  memcpy(frame + WIRE_HEADER_BYTES + WIRE_DATA_HEAD_BYTES, "hi\n\0\377", 5);
  print("data", frame, wire_data(frame, 1, UINT64_C(4294967296), AT, 5));
  print("gap", frame, wire_gap(frame, 1, 10, UINT64_C(4294967296), AT, GAP_SERVER_AWAY));
  print("end-of-stream", frame, wire_end_of_stream(frame, 1, UINT64_C(4294967301), AT));
  print("end-of-job-exit-3", frame, wire_end_of_job(frame, AT, (struct ending){3, 0}));
  print("end-of-job-signal-9", frame, wire_end_of_job(frame, AT, (struct ending){-1, 9}));
  print("notice", frame, wire_notice(frame, 1, AT, NOTICE_DESTINATION_FAILED, 28));
  print("heartbeat", frame, wire_heartbeat(frame));
  print("goodbye", frame, wire_goodbye(frame, 30000));
  free(frame);
  return 0;
}

/* The frames on standard input; how many. */
static size_t read_golden(struct golden *golden) {
  size_t count = 0;
  char hex[2 * MOST_BYTES + 1];
  while (count < MOST_FRAMES && scanf("%63s %4096s", golden[count].name, hex) == 2) {
    golden[count].length = strlen(hex) / 2;
    for (size_t i = 0; i < golden[count].length; i++) {
      unsigned value = 0;
      sscanf(hex + 2 * i, "%2x", &value);
      golden[count].bytes[i] = (unsigned char)value;
    }
    count++;
  }
  return count;
}

/* Reads a copy that ends where the frame ends, so that the sanitizer sees a step too far. */
static int read_exactly(const unsigned char *bytes, size_t length, struct incoming *frame) {
  unsigned char *copy = malloc(length + (length == 0));
  memcpy(copy, bytes, length);
  int result = wire_read(copy, length, frame);
  free(copy);
  return result;
}

static int read_all(void) {
  static struct golden golden[MOST_FRAMES];
  size_t count = read_golden(golden);
  for (size_t i = 0; i < count; i++) {
    struct incoming frame = {0};
    for (size_t cut = 0; cut < golden[i].length; cut++) {
      int early = read_exactly(golden[i].bytes, cut, &frame);
      if (early > 0) {
        printf("%s whole after %zu bytes\n", golden[i].name, cut);
      }
    }
    int length = read_exactly(golden[i].bytes, golden[i].length, &frame);
    printf("%s %d type=%d stream=%u offset=%" PRIu64 " versions=%u-%u version=%u longest=%u "
           "heartbeat=%u code=%u retry=%u\n",
           golden[i].name, length, (int)frame.type, frame.stream, frame.offset,
           frame.oldest_version, frame.newest_version, frame.version, frame.longest_body,
           frame.heartbeat_millis, frame.code, frame.retry_millis);
  }
  return 0;
}

/* A few bytes changed; half of the time with a checksum that fits, so that the values are read. */
static void mutate(unsigned char *bytes, size_t *length) {
  for (long i = random() % 4; i >= 0; i--) {
    bytes[(size_t)random() % *length] = (unsigned char)random();
  }
  if (random() % 4 == 0) {
    *length = 1 + (size_t)random() % *length;
  }
  if (random() % 2 == 0 && *length >= WIRE_HEADER_BYTES) {
    bytes[5] = bytes[6] = bytes[7] = 0;
    size_t body = *length - WIRE_HEADER_BYTES;
    bytes[0] = bytes[1] = 0;
    bytes[2] = (unsigned char)(body >> 8);
    bytes[3] = (unsigned char)body;
    uint32_t crc = crc32c(crc32c(0, bytes, 8), bytes + WIRE_HEADER_BYTES, body);
    for (int i = 0; i < 4; i++) {
      bytes[8 + i] = (unsigned char)(crc >> (24 - 8 * i));
    }
  }
}

static int fuzz(unsigned seed, long rounds) {
  static struct golden golden[MOST_FRAMES];
  size_t count = read_golden(golden);
  long valid = 0;
  srandom(seed);
  for (long round = 0; round < rounds && count > 0; round++) {
    struct golden one = golden[(size_t)random() % count];
    mutate(one.bytes, &one.length);
    struct incoming frame = {0};
    int length = read_exactly(one.bytes, one.length, &frame);
    if (length > (int)one.length || length < WIRE_WRONG) {
      printf("length: %d (expected: <= %zu)\n", length, one.length);
      return 1;
    }
    valid += length > 0;
  }
  printf("valid %ld\n", valid);
  return 0;
}

static int compare_crc(void) {
  unsigned char bytes[512];
  for (size_t i = 0; i < sizeof bytes; i++) {
    bytes[i] = (unsigned char)random();
  }
  for (size_t from = 0; from < 16; from++) {
    for (size_t length = 0; from + length <= sizeof bytes; length++) {
      if (crc32c(7, bytes + from, length) != crc32c_portable(7, bytes + from, length)) {
        printf("differs at %zu, %zu bytes\n", from, length);
        return 1;
      }
    }
  }
  printf("%08x\n", crc32c(0, "123456789", 9));
  return 0;
}

int main(int count, char **words) {
  const char *what = count > 1 ? words[1] : "";
  if (strcmp(what, "write") == 0) {
    return write_all();
  }
  if (strcmp(what, "read") == 0) {
    return read_all();
  }
  if (strcmp(what, "fuzz") == 0 && count == 4) {
    return fuzz((unsigned)strtoul(words[2], NULL, 10), strtol(words[3], NULL, 10));
  }
  return strcmp(what, "crc") == 0 ? compare_crc() : 2;
}
