#define _GNU_SOURCE
#include "identity.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "clock.h"

#define BATCH_STEP 0xFFFFFFFBu
#define MOST_RANK 0x7FFFFFFFul

static bool is_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
      || c == '.' || c == '+' || c == '-';
}

static void fit_identifier(char *text) {
  for (char *at = text; *at != 0; at++) {
    if (!is_identifier(*at)) {
      *at = '_';
    }
  }
  if (text[0] == 0) {
    strcpy(text, "_");
  }
}

/* How many bytes the character at the beginning has, 0 if it is not allowed or no UTF-8. */
static size_t character(const unsigned char *at) {
  if (at[0] < 0x80) {
    return at[0] >= 0x20 && at[0] != 0x7F;
  }
  size_t length = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
  if (at[0] < 0xC2 || at[0] > 0xF4) {
    return 0;
  }
  for (size_t i = 1; i < length; i++) {
    if ((at[i] & 0xC0) != 0x80) {
      return 0;
    }
  }
  bool overlong = (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xF0 && at[1] < 0x90);
  bool surrogate = at[0] == 0xED && at[1] >= 0xA0;
  bool beyond = at[0] == 0xF4 && at[1] >= 0x90;
  bool control = at[0] == 0xC2 && at[1] < 0xA0;
  return overlong || surrogate || beyond || control ? 0 : length;
}

static void fit_text(char *text) {
  unsigned char *at = (unsigned char *)text;
  while (*at != 0) {
    size_t length = character(at);
    if (length == 0) {
      *at++ = '?';
    } else {
      at += length;
    }
  }
}

void identity_fit(struct control_hello *hello) {
  hello->cluster[ID_BYTES - 1] = hello->job[ID_BYTES - 1] = 0;
  hello->node[NAME_BYTES - 1] = hello->user[NAME_BYTES - 1] = hello->name[NAME_BYTES - 1] = 0;
  fit_identifier(hello->cluster);
  fit_identifier(hello->job);
  fit_identifier(hello->node);
  fit_text(hello->user);
  fit_text(hello->name);
  if (hello->user[0] == 0) {
    snprintf(hello->user, NAME_BYTES, "%u", hello->uid);
  }
}

static const char *variable(const char *name) {
  const char *value = getenv(name);
  return value != NULL && value[0] != 0 ? value : NULL;
}

/* The number in a variable, or another one where there is none up to most. */
static unsigned long number(const char *name, unsigned long most, unsigned long other) {
  const char *value = variable(name);
  if (value == NULL || value[0] < '0' || value[0] > '9') {
    return other;
  }
  char *past;
  unsigned long parsed = strtoul(value, &past, 10);
  return *past == 0 && parsed <= most ? parsed : other;
}

static void copy(char *to, size_t bytes, const char *from) {
  snprintf(to, bytes, "%s", from);
}

/* In a heterogeneous job the leader is named expressly; a task of an array is ARRAY_INDEX. */
static bool job_of_slurm(char *job) {
  const char *array = variable("SLURM_ARRAY_JOB_ID");
  const char *index = variable("SLURM_ARRAY_TASK_ID");
  const char *id = variable("SLURM_JOB_ID_HET_GROUP_0");
  id = id != NULL ? id : variable("SLURM_JOB_ID");
  id = id != NULL ? id : variable("SLURM_JOBID");
  if (array != NULL && index != NULL) {
    snprintf(job, ID_BYTES, "%s_%s", array, index);
  } else if (id != NULL) {
    copy(job, ID_BYTES, id);
  }
  return job[0] != 0;
}

static void generate_job(char *job) {
  unsigned random_bits = 0;
  (void)!getrandom(&random_bits, sizeof random_bits, 0);
  snprintf(job, ID_BYTES, "%llx-%08x", (unsigned long long)(now_micros() / 1000), random_bits);
}

uint32_t identity_of_environment(struct control_hello *hello,
                                 const struct identity_options *options, const char *command) {
  const char *cluster = options->cluster;
  bool slurm = options->job == NULL && job_of_slurm(hello->job);
  if (slurm && cluster == NULL) {
    cluster = variable("SLURM_CLUSTER_NAME");
  }
  copy(hello->cluster, ID_BYTES, cluster != NULL ? cluster : "local");
  if (gethostname(hello->node, NAME_BYTES) != 0) {
    hello->node[0] = 0;
  }
  const char *name = strrchr(command, '/') != NULL ? strrchr(command, '/') + 1 : command;
  hello->start_micros = now_micros();
  if (slurm) {
    hello->restart = (uint32_t)number("SLURM_RESTART_COUNT", MOST_RANK, 0);
    hello->step = (uint32_t)number(
        variable("SLURM_STEP_ID") != NULL ? "SLURM_STEP_ID" : "SLURM_STEPID", 0xFFFFFFFFul,
        BATCH_STEP);
    if (variable("SLURMD_NODENAME") != NULL) {
      copy(hello->node, NAME_BYTES, variable("SLURMD_NODENAME"));
    }
    name = variable("SLURM_JOB_NAME") != NULL ? variable("SLURM_JOB_NAME") : name;
    unsigned long start = number("SLURM_JOB_START_TIME", 253402300799ul, 0);
    hello->start_micros = start != 0 ? start * 1000000u : hello->start_micros;
  } else if (options->job != NULL) {
    copy(hello->job, ID_BYTES, options->job);
  } else {
    generate_job(hello->job);
  }
  copy(hello->name, NAME_BYTES, name);
  if (getrandom(&hello->source, sizeof hello->source, 0) != (ssize_t)sizeof hello->source) {
    hello->source = now_micros() ^ (uint64_t)getpid() << 40;
  }
  return options->task != NULL ? (uint32_t)strtoul(options->task, NULL, 10)
                               : (uint32_t)number("SLURM_PROCID", MOST_RANK, 0);
}

uint64_t identity_source(const struct control_hello *hello) {
  char run[ID_BYTES * 2 + NAME_BYTES + 32];
  snprintf(run, sizeof run, "%s/%s/%u/%s", hello->cluster, hello->job, hello->restart,
           hello->node);
  uint64_t hash = 0xCBF29CE484222325u;     /* FNV-1a */
  for (const char *at = run; *at != 0; at++) {
    hash = (hash ^ (unsigned char)*at) * 0x100000001B3u;
  }
  return hash;
}

void identity_run(const struct control_hello *hello, char *run, size_t bytes) {
  snprintf(run, bytes, "%s/%s/%u", hello->cluster, hello->job, hello->restart);
}
