/* The keeper: once a day a backup, and in small steps the removal of what is
 * older than its owner wants. Backups are made on a reader thread, removals on
 * the writer; the loop only says when.
 *
 * Life: keeper_create -> ... -> keeper_close, after db_threads_stop. Loop thread. */
#ifndef ENGINE_KEEPER_H
#define ENGINE_KEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "base/log.h"
#include "engine/db_thread.h"

struct keeper;

struct keeper_options {
  uv_loop_t *loop;
  struct log *log;
  struct db_threads *db;
  const char *backup_dir;     /* borrowed; NULL: no backups (not a file, or not wanted) */
  int backup_keep;            /* days; at least 1 with backup_dir */
  int64_t retention_ms;       /* 0: samples are kept for ever */
  int64_t first_ms;           /* until it first looks; 0: 5 s */
  void (*changed)(void *arg); /* the state is another one; may be NULL */
  void *arg;
};

struct keeper *keeper_create(const struct keeper_options *options);

/* Frees it once the loop has run its close callback. NULL accepted. */
void keeper_close(struct keeper *keeper);

struct keeper_state {
  bool ok;                    /* false: the last backup or removal failed */
  char problem[ERR_TEXT_MAX]; /* in words; "" when ok */
  int64_t last_backup_ms;     /* made by this run; wall time, 0: none yet */
};
void keeper_state_get(const struct keeper *keeper, struct keeper_state *state);

#endif
