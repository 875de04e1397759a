#include "crc32c.h"

#include <string.h>

#define POLYNOMIAL 0x82F63B78u   /* reversed */

static uint32_t table[256];

static void fill_table(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; bit++) {
      value = (value & 1) != 0 ? (value >> 1) ^ POLYNOMIAL : value >> 1;
    }
    table[i] = value;
  }
}

uint32_t crc32c_portable(uint32_t crc, const void *bytes, size_t length) {
  if (table[1] == 0) {
    fill_table();
  }
  const unsigned char *next = bytes;
  uint32_t value = ~crc;
  for (size_t i = 0; i < length; i++) {
    value = table[(value ^ next[i]) & 0xFF] ^ (value >> 8);
  }
  return ~value;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(
    uint32_t crc, const unsigned char *bytes, size_t length) {
  uint64_t value = ~crc;
  for (; length >= 8; length -= 8, bytes += 8) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    value = __builtin_ia32_crc32di(value, word);
  }
  uint32_t rest = (uint32_t)value;
  for (; length > 0; length--, bytes++) {
    rest = __builtin_ia32_crc32qi(rest, *bytes);
  }
  return ~rest;
}
#endif

uint32_t crc32c(uint32_t crc, const void *bytes, size_t length) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) {
    return crc32c_sse42(crc, bytes, length);
  }
#endif
  return crc32c_portable(crc, bytes, length);
}
