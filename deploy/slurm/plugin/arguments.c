#include <string.h>

#include "plugin.h"

/* The value of a word NAME=VALUE, NULL if it is another one. */
static const char *value_of(const char *word, const char *name) {
  size_t length = strlen(name);
  return strncmp(word, name, length) == 0 && word[length] == '=' ? word + length + 1 : NULL;
}

static bool read_capture(enum capture *capture, const char *value) {
  static const char *const names[] = {"auto", "batch", "steps"};
  for (int i = 0; i < 3; i++) {
    if (strcmp(value, names[i]) == 0) {
      *capture = (enum capture)i;
      return true;
    }
  }
  return false;
}

static bool read_word(struct arguments *arguments, const char *word) {
  const struct {
    const char *name;
    const char **value;
  } texts[] = {
      {"cluster", &arguments->cluster}, {"ruser", &arguments->relay_user},
      {"relay", &arguments->relay},     {"sock", &arguments->socket},
      {"cg", &arguments->cgroup},       {"state", &arguments->state},
      {"disabled", &arguments->disabled},
  };
  const char *value = value_of(word, "capture");
  if (value != NULL) {
    return read_capture(&arguments->capture, value);
  }
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    value = value_of(word, texts[i].name);
    if (value != NULL && value[0] != 0) {
      *texts[i].value = value;
      return true;
    }
  }
  return false;
}

bool arguments_read(struct arguments *arguments, int count, char **words) {
  *arguments = (struct arguments){
      .relay_user = "joblog",
      .relay = "/usr/libexec/joblog/joblog-relay",
      .socket = "/run/joblog/agent.sock",
      .state = "/run/joblog-jobs",
      .disabled = "/etc/joblog/disabled",
      .capture = CAPTURE_AUTO,
  };
  for (int i = 0; i < count; i++) {
    if (!read_word(arguments, words[i])) {
      slurm_error("joblog: argument in plugstack.conf: %s (expected: cluster=, ruser=, relay=, sock=, "
                  "cg=, state=, disabled=, capture=auto|batch|steps); nothing is logged", words[i]);
      return false;
    }
  }
  return true;
}
