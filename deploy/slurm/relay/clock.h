/* The two clocks. */
#ifndef JOBLOG_CLOCK_H
#define JOBLOG_CLOCK_H

#include <stdint.h>
#include <time.h>

#define MILLIS(n) ((int64_t)(n) * 1000000)
#define SECONDS(n) MILLIS((n) * INT64_C(1000))

/* Nanoseconds that only go forward; for waits. */
static inline int64_t now_nanos(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return SECONDS(time.tv_sec) + time.tv_nsec;
}

/* Microseconds since the epoch; for what is told. */
static inline uint64_t now_micros(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_nsec / 1000u;
}

#endif
