#include "engine/keeper.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "engine/backup_folder.h"
#include "store/retention.h"

/* It looks often, because a home machine sleeps and wakes: what is due is decided
 * by what is there, never by a count of hours. */
enum { FIRST_MS = 5 * 1000, INTERVAL_MS = 10 * 60 * 1000, STEP_MS = 1000 };

/* A task and whether it is on its way. */
struct job {
  struct db_task task;
  bool running;
  char problem[ERR_TEXT_MAX]; /* of its last run; "" when it went well */
};

struct keeper {
  struct keeper_options options;
  uv_timer_t timer;
  struct job backup, removal;
  bool backup_made; /* by the run that just ended */
  int64_t last_backup_ms;
  int64_t removed; /* by the step that just ended */
};

/* ---- on the database threads ---- */

static void make_backup(struct db_task *task, struct db *db) {
  struct keeper *keeper = task->arg;
  keeper->backup_made = false;
  task->ok = db != NULL &&
             backup_folder_make_daily(db, keeper->options.backup_dir, keeper->options.backup_keep,
                                      clock_wall_ms(), &keeper->backup_made, &task->err);
}

static void remove_step(struct db_task *task, struct db *db) {
  struct keeper *keeper = task->arg;
  keeper->removed = 0;
  task->ok = retention_step(db, clock_wall_ms() - keeper->options.retention_ms, &keeper->removed,
                            &task->err);
}

/* ---- on the loop ---- */

/* Logged when it is news, not at every try. That the database is away is not:
 * whoever writes samples tells of it. */
static void finish_job(struct keeper *keeper, struct job *job, const char *what) {
  const char *problem = job->task.ok ? "" : job->task.err.text;
  bool away = !job->task.ok && job->task.err.code == ERR_UNAVAILABLE;
  job->running = false;
  if (away || str_equal(problem, job->problem))
    return;
  str_copy(job->problem, sizeof job->problem, problem);
  if (job->task.ok)
    log_write(keeper->options.log, LOG_INFO, "keeper", "%s works again", what);
  else
    log_write(keeper->options.log, LOG_WARN, "keeper", "%s failed: %s", what, problem);
  if (keeper->options.changed != NULL)
    keeper->options.changed(keeper->options.arg);
}

static void on_backup_done(struct db_task *task) {
  struct keeper *keeper = task->arg;
  if (task->ok && keeper->backup_made) {
    keeper->last_backup_ms = clock_wall_ms();
    log_write(keeper->options.log, LOG_INFO, "keeper", "today's backup is in %s",
              keeper->options.backup_dir);
  }
  finish_job(keeper, &keeper->backup, "the daily backup");
  mem_give_back(); /* of the copy and, the first time, of the start */
}

static void on_tick(uv_timer_t *timer);

/* No new step from here: the threads may be stopping, and then hand this back. */
static void on_step_done(struct db_task *task) {
  struct keeper *keeper = task->arg;
  finish_job(keeper, &keeper->removal, "the removal of old samples");
  if (task->ok && keeper->removed > 0)
    uv_timer_start(&keeper->timer, on_tick, STEP_MS, INTERVAL_MS);
}

static void on_tick(uv_timer_t *timer) {
  struct keeper *keeper = timer->data;
  if (keeper->options.backup_dir != NULL && !keeper->backup.running) {
    keeper->backup.running = true;
    db_threads_read(keeper->options.db, &keeper->backup.task);
  }
  if (keeper->options.retention_ms > 0 && !keeper->removal.running) {
    keeper->removal.running = true;
    db_threads_write(keeper->options.db, &keeper->removal.task);
  }
}

struct keeper *keeper_create(const struct keeper_options *options) {
  struct keeper *keeper = mem_alloc(sizeof *keeper);
  *keeper = (struct keeper){.options = *options};
  keeper->backup.task = (struct db_task){.run = make_backup, .done = on_backup_done, .arg = keeper};
  keeper->removal.task = (struct db_task){.run = remove_step, .done = on_step_done, .arg = keeper};
  uv_timer_init(options->loop, &keeper->timer);
  keeper->timer.data = keeper;
  uv_timer_start(&keeper->timer, on_tick,
                 (uint64_t)(options->first_ms > 0 ? options->first_ms : FIRST_MS), INTERVAL_MS);
  return keeper;
}

static void on_closed(uv_handle_t *handle) {
  free(handle->data);
}

void keeper_close(struct keeper *keeper) {
  if (keeper != NULL)
    uv_close((uv_handle_t *)&keeper->timer, on_closed);
}

void keeper_state_get(const struct keeper *keeper, struct keeper_state *state) {
  const struct job *failing =
      keeper->backup.problem[0] != '\0' ? &keeper->backup : &keeper->removal;
  *state = (struct keeper_state){.ok = failing->problem[0] == '\0',
                                 .last_backup_ms = keeper->last_backup_ms};
  str_copy(state->problem, sizeof state->problem, failing->problem);
}
