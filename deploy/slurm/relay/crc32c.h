/* CRC-32C (Castagnoli), the checksum of the wire. */
#ifndef JOBLOG_CRC32C_H
#define JOBLOG_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* The checksum of bytes that follow bytes with the checksum crc; 0 for none before. */
uint32_t crc32c(uint32_t crc, const void *bytes, size_t length);

/* The same without the instruction of the processor: what other processors run. */
uint32_t crc32c_portable(uint32_t crc, const void *bytes, size_t length);

#endif
