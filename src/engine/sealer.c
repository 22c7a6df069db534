#include "engine/sealer.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "store/sample_store.h"
#include "store/seal_store.h"

enum {
  FIRST_MS = 20 * 1000, /* the start has other things to do */
  LOOK_MS = 30 * 1000,
  /* A step walks over the rows that all miners send in two hours, and at least over
   * this many, so that a single miner's long absence takes few steps. */
  ROWS_PER_MINER = 800,
  ROWS_MIN = 20000,
};

struct sealer {
  struct sealer_options options;
  uv_timer_t timer;
  struct db_task task; /* one at a time: the timer runs only while none is under way */
  int64_t look_ms;     /* between looks */
  struct seal_step step;
  struct seal_result result;
  int64_t now_ms;
  bool failed; /* the last step was refused */
};

static void on_timer(uv_timer_t *timer);

static void run_step(struct db_task *task, struct db *db) {
  struct sealer *sealer = task->arg;
  task->ok = seal_store_step(db, sealer->now_ms, &sealer->step, &sealer->result, &task->err);
}

static void note_outcome(struct sealer *sealer, const struct db_task *task) {
  bool was_failed = sealer->failed;
  sealer->failed = !task->ok;
  if (sealer->failed && !was_failed)
    log_write(sealer->options.log, LOG_WARN, "sealer",
              "history stays unpacked for now, nothing is lost; tried again every 30 s: %s",
              task->err.text);
  else if (was_failed && !sealer->failed)
    log_write(sealer->options.log, LOG_INFO, "sealer", "history is packed again");
}

static void on_step_done(struct db_task *task) {
  struct sealer *sealer = task->arg;
  bool more = task->ok && !sealer->result.done;
  note_outcome(sealer, task);
  uv_timer_start(&sealer->timer, on_timer, more ? 0 : (uint64_t)sealer->look_ms, 0);
}

static void on_timer(uv_timer_t *timer) {
  struct sealer *sealer = timer->data;
  int64_t rows = (int64_t)fleet_count(sealer->options.fleet) * ROWS_PER_MINER;
  sealer->step = (struct seal_step){.max_rows = rows > ROWS_MIN ? rows : ROWS_MIN,
                                    .period_ms = sealer->options.period_ms};
  sealer->now_ms = clock_wall_ms();
  sealer->task = (struct db_task){.run = run_step, .done = on_step_done, .arg = sealer};
  sealer->task.statement_ms = db_threads_walk_ms(fleet_count(sealer->options.fleet));
  db_threads_write(sealer->options.db, &sealer->task);
}

struct sealer *sealer_create(const struct sealer_options *options) {
  struct sealer *sealer = mem_alloc(sizeof *sealer);
  sealer->options = *options;
  uv_timer_init(options->loop, &sealer->timer);
  sealer->timer.data = sealer;
  int64_t slot_ms = options->period_ms / SAMPLE_SLOTS;
  sealer->look_ms = slot_ms > 0 && slot_ms < LOOK_MS ? slot_ms : LOOK_MS;
  int64_t first_ms = sealer->look_ms < FIRST_MS ? sealer->look_ms : FIRST_MS;
  if (options->first_ms > 0)
    first_ms = options->first_ms;
  uv_timer_start(&sealer->timer, on_timer, (uint64_t)first_ms, 0);
  return sealer;
}

static void on_closed(uv_handle_t *handle) {
  free(handle->data);
}

void sealer_close(struct sealer *sealer) {
  if (sealer != NULL)
    uv_close((uv_handle_t *)&sealer->timer, on_closed);
}
