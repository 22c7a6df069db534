#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "engine/sealer.h"
#include "store/sample_store.h"
#include "store/seal_store.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

enum { SAMPLES = 25000, MINER = 5 }; /* more than one step's worth */

struct fixture {
  struct temp_dir dir;
  char url[TEMP_DIR_MAX + 64];
  uv_loop_t loop;
  struct log *log;
  struct fleet *fleet;
  struct db_threads *threads;
  struct sealer *sealer;
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  struct err err;
  temp_dir_create(&f->dir);
  snprintf(f->url, sizeof f->url, "sqlite:%s/monitor.db", f->dir.path);
  f->log = log_create(STDERR_FILENO, LOG_ERROR, false);
  f->fleet = fleet_create();
  uv_loop_init(&f->loop);
  *state = f;
  return db_threads_start(&f->threads, &f->loop, &(struct db_threads_options){.url = f->url}, &err)
             ? 0
             : -1;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  db_threads_stop(f->threads);
  sealer_close(f->sealer);
  uv_run(&f->loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&f->loop), 0);
  fleet_destroy(f->fleet);
  log_destroy(f->log);
  temp_dir_destroy(&f->dir);
  free(f);
  return 0;
}

static int64_t read_int(const struct fixture *f, const char *sql) {
  struct err err;
  struct db *db = NULL;
  struct db_cursor *cursor;
  assert_true(db_open(&db, f->url, DB_READ_ONLY, &err));
  assert_true(db_query(db, sql, NULL, 0, &cursor, &err));
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  int64_t value = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  db_close(db);
  return value;
}

/* Two days and more of one miner that nobody sealed, and a schedule that began long
 * ago. */
static void run_overdue(struct db_task *task, struct db *db) {
  int64_t now_ms = clock_wall_ms();
  struct seal_result result;
  const struct seal_step step = {.max_rows = 1};
  task->ok = seal_store_step(db, now_ms - 3 * SEAL_PERIOD_MS, &step, &result, &task->err);
  for (int n = 0; task->ok && n < SAMPLES; n++) {
    struct sample_row row = {.miner_id = MINER};
    sample_init(&row.sample, now_ms - (SAMPLES - n) * INT64_C(10000));
    row.sample.values[METRIC_POWER_W] = 18;
    task->ok = sample_store_insert(db, &row, 1, &task->err);
  }
}

static void on_overdue(struct db_task *task) {
  if (!task->ok)
    fail_msg("%s", task->err.text);
  *(bool *)task->arg = true;
}

static bool is_set(void *arg) {
  return *(bool *)arg;
}

static bool all_sealed(void *arg) {
  return read_int(arg, "SELECT COALESCE(SUM(samples), 0) FROM chunk") == SAMPLES &&
         read_int(arg, "SELECT COUNT(*) FROM sample") < SAMPLES;
}

static void overdue_history_is_sealed_after_the_start(void **state) {
  struct fixture *f = *state;
  bool inserted = false;
  struct db_task task = {.run = run_overdue, .done = on_overdue, .arg = &inserted};
  db_threads_write(f->threads, &task);
  assert_true(wait_until_loop(&f->loop, is_set, &inserted));

  f->sealer = sealer_create(&(struct sealer_options){
      .loop = &f->loop, .log = f->log, .db = f->threads, .fleet = f->fleet, .first_ms = 1});

  assert_true(wait_until_loop(&f->loop, all_sealed, f));
  assert_true(read_int(f, "SELECT COUNT(*) FROM hour") >= SAMPLES / 360);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(overdue_history_is_sealed_after_the_start, setup, teardown),
  };
  return cmocka_run_group_tests_name("sealer", tests, NULL, NULL);
}
