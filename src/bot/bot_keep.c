#include "bot/bot_keep.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "store/setting_store.h"

struct bot_keep {
  struct bot_keep_options options;
  struct db_task task;
  bool busy;                    /* the task is with a database thread */
  char text[BOT_KEEP_TEXT_MAX]; /* what the task reads into or writes */
  char next[BOT_KEEP_TEXT_MAX]; /* to be written after it */
  bool has_next;
  bool stopping;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

static void keep_free(struct bot_keep *keep) {
  void (*stopped)(void *arg) = keep->stopped;
  void *arg = keep->stopped_arg;
  free(keep);
  if (stopped != NULL)
    stopped(arg);
}

static void run_read(struct db_task *task, struct db *db) {
  struct bot_keep *keep = task->arg;
  if (db != NULL)
    task->ok = setting_store_get(db, keep->options.name, keep->text, sizeof keep->text, &task->err);
}

static void on_read(struct db_task *task) {
  struct bot_keep *keep = task->arg;
  keep->busy = false;
  if (keep->stopping)
    keep_free(keep);
  else
    keep->options.loaded(task->ok ? keep->text : "", keep->options.arg);
}

static void run_write(struct db_task *task, struct db *db) {
  const struct bot_keep *keep = task->arg;
  if (db != NULL)
    task->ok = setting_store_set(db, keep->options.name, keep->text, &task->err);
}

static void on_written(struct db_task *task) {
  struct bot_keep *keep = task->arg;
  keep->busy = false;
  if (keep->stopping) {
    keep_free(keep);
    return;
  }
  if (keep->has_next) {
    keep->has_next = false;
    bot_keep_save(keep, keep->next);
  }
  if (keep->options.saved != NULL)
    keep->options.saved(keep->options.arg);
}

struct bot_keep *bot_keep_create(const struct bot_keep_options *options) {
  struct bot_keep *keep = mem_alloc(sizeof *keep);
  keep->options = *options;
  keep->busy = true;
  keep->task = (struct db_task){.run = run_read, .done = on_read, .arg = keep};
  db_threads_read(options->db, &keep->task);
  return keep;
}

void bot_keep_save(struct bot_keep *keep, const char *text) {
  if (keep->busy) {
    keep->has_next = true;
    str_copy(keep->next, sizeof keep->next, text);
    return;
  }
  keep->busy = true;
  str_copy(keep->text, sizeof keep->text, text);
  keep->task = (struct db_task){.run = run_write, .done = on_written, .arg = keep};
  db_threads_write(keep->options.db, &keep->task);
}

void bot_keep_stop(struct bot_keep *keep, void (*stopped)(void *arg), void *arg) {
  keep->stopping = true;
  keep->stopped = stopped;
  keep->stopped_arg = arg;
  if (!keep->busy)
    keep_free(keep);
}
