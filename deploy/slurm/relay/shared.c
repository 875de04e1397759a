#define _GNU_SOURCE
#include "shared.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SIGNALLED 256                      /* a signal ranks above every exit code */

static uint32_t ring_bytes(uint32_t streams) {
  uint32_t bytes = RING_MAX_BYTES;
  while (bytes > RING_MIN_BYTES && bytes * (uint64_t)streams > RINGS_BYTES) {
    bytes /= 2;
  }
  return bytes;
}

/* Memory is taken only where it is touched. */
struct shared *shared_create(uint32_t most_streams) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t head = sizeof(struct shared) + most_streams * sizeof(struct stream);
  head = (head + page - 1) & ~(page - 1);
  size_t ring = ring_bytes(most_streams);
  unsigned char *memory = mmap(NULL, head + most_streams * ring, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    return NULL;
  }
  struct shared *shared = (struct shared *)(void *)memory;
  for (uint32_t i = 0; i < most_streams; i++) {
    shared->stream[i].ring.bytes = memory + head + i * ring;
    shared->stream[i].ring.size = (uint32_t)ring;
  }
  shared->most_streams = most_streams;
  shared->control = -1;
  shared->link = -1;
  atomic_store(&shared->ending, -1);
  atomic_store(&shared->copying, true);
  shared->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  shared->over = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (shared->wake < 0 || shared->over < 0
      || pipe2(shared->transit.in, O_CLOEXEC | O_NONBLOCK) != 0
      || pipe2(shared->transit.out, O_CLOEXEC | O_NONBLOCK) != 0) {
    munmap(memory, head + most_streams * ring);
    return NULL;
  }
  return shared;
}

static enum sink_kind kind_of_sink(int sink) {
  struct stat status;
  if (fstat(sink, &status) == 0 && S_ISFIFO(status.st_mode)) {
    return SINK_PIPE;
  }
  return isatty(sink) ? SINK_TERMINAL : SINK_FILE;
}

bool shared_add(struct shared *shared, uint8_t kind, uint32_t task, int source, int sink,
                bool terminal) {
  uint32_t index = atomic_load(&shared->streams);
  if (index == shared->most_streams) {
    return false;
  }
  struct stream *stream = &shared->stream[index];
  stream->kind = kind;
  stream->task = task;
  stream->source = source;
  stream->sink = sink;
  stream->source_is_terminal = terminal;
  stream->sink_kind = kind_of_sink(sink);
  stream->copy_end = UINT64_MAX;
  stream->loss_reason = GAP_PART_FAILED;
  atomic_store(&shared->streams, index + 1);
  shared_wake(shared);
  return true;
}

void shared_note_exit(struct shared *shared, int status) {
  int ending = WIFSIGNALED(status) ? SIGNALLED + WTERMSIG(status) : WEXITSTATUS(status);
  if (ending > atomic_load(&shared->ending)) {
    atomic_store(&shared->ending, ending);
  }
}

struct ending shared_ending(const struct shared *shared) {
  int ending = atomic_load(&shared->ending);
  if (ending >= SIGNALLED) {
    return (struct ending){-1, (uint8_t)(ending - SIGNALLED)};
  }
  return (struct ending){(int16_t)ending, 0};
}

void shared_wake(const struct shared *shared) {
  eventfd_write(shared->wake, 1);
}
