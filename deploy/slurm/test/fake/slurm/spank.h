/* As much of Slurm's header as the plugin uses, for tests on machines without Slurm. */
#ifndef FAKE_SPANK_H
#define FAKE_SPANK_H

typedef struct spank_handle *spank_t;
typedef int spank_err_t;

#define ESPANK_SUCCESS 0
#define ESPANK_ENV_NOEXIST 1

enum spank_item {
  S_JOB_UID,
  S_JOB_GID,
  S_JOB_ID,
  S_JOB_STEPID,
  S_JOB_LOCAL_TASK_COUNT,
  S_TASK_GLOBAL_ID,
  S_TASK_EXIT_STATUS,
  S_JOB_ARRAY_ID,
  S_JOB_ARRAY_TASK_ID,
};

enum spank_context { S_CTX_LOCAL, S_CTX_REMOTE };

#define SPANK_PLUGIN(name, version)                 \
  const char plugin_name[] = #name;                 \
  const char plugin_type[] = "spank";               \
  const unsigned int plugin_version = (version);    \
  const unsigned int spank_plugin_version = 1;

enum spank_context spank_context(void);
spank_err_t spank_get_item(spank_t spank, enum spank_item item, ...);
spank_err_t spank_getenv(spank_t spank, const char *name, char *value, int bytes);
spank_err_t spank_setenv(spank_t spank, const char *name, const char *value, int overwrite);
void slurm_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void slurm_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

int slurm_spank_init_post_opt(spank_t spank, int count, char **words);
int slurm_spank_task_init(spank_t spank, int count, char **words);
int slurm_spank_task_exit(spank_t spank, int count, char **words);
int slurm_spank_exit(spank_t spank, int count, char **words);

#endif
