#include "desk_bench.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/batch.h"
#include "support/wait_until.h"

static struct db *open_db(const struct desk_bench *bench) {
  struct err err;
  struct db *db;
  if (!db_open(&db, bench->url, DB_READ_ONLY, &err))
    fail_msg("%s", err.text);
  return db;
}

int64_t desk_bench_number(const struct desk_bench *bench, const char *sql) {
  struct err err;
  struct db_cursor *cursor;
  struct db *db = open_db(bench);
  assert_true(db_query(db, sql, NULL, 0, &cursor, &err));
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  int64_t value = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  db_close(db);
  return value;
}

void desk_bench_read_text(const struct desk_bench *bench, const char *sql, char *text,
                          size_t size) {
  struct err err;
  struct db_cursor *cursor;
  struct db *db = open_db(bench);
  assert_true(db_query(db, sql, NULL, 0, &cursor, &err));
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  snprintf(text, size, "%s", db_cursor_text(cursor, 0));
  db_cursor_close(cursor);
  db_close(db);
}

void desk_bench_newest_text(const struct desk_bench *bench, char *text, size_t size) {
  desk_bench_read_text(bench, "SELECT text FROM outbox ORDER BY id DESC LIMIT 1", text, size);
}

void desk_bench_assert_contains(const char *text, const char *part) {
  if (strstr(text, part) == NULL)
    fail_msg("'%s' is not in '%s'", part, text);
}

void desk_bench_begin(struct desk_bench *bench) {
  struct err err;
  struct db_threads_options threads = {.url = bench->url};
  char *key = temp_dir_file(&bench->dir, "secret.key");
  bench->bus = bus_create();
  bench->fleet = fleet_create();
  assert_true(db_threads_start(&bench->db, &bench->loop, &threads, &err));
  for (int i = 1; i <= DESK_BENCH_MINERS; i++) {
    struct miner miner = {.id = i, .driver = "axeos"};
    snprintf(miner.name, sizeof miner.name, "Miner %d", i);
    snprintf(miner.address, sizeof miner.address, "http://127.0.0.1:%d", i);
    fleet_add(bench->fleet, &miner);
  }
  assert_true(channels_create(
      &bench->channels,
      &(struct channels_options){
          .db = bench->db, .key_path = key, .telegram_token = "1:secret", .telegram_chat = "42"},
      &err));
  free(key);
  bench->alerting = alerting_create(&bench->loop, bench->fleet, bench->channels, bench->url);
  struct db *db = open_db(bench);
  if (!channels_load(bench->channels, db, &err) || !alerting_load(bench->alerting, db, &err))
    fail_msg("%s", err.text);
  db_close(db);
  bench->pipeline = pipeline_create(&(struct pipeline_options){.loop = &bench->loop,
                                                               .fleet = bench->fleet,
                                                               .bus = bench->bus,
                                                               .db = bench->db,
                                                               .desk = bench->alerting->desk,
                                                               .interval_ms = 10000});
  alerting_start(bench->alerting, bench->pipeline);
}

static void set_flag(void *arg) {
  *(bool *)arg = true;
}

static bool is_set(void *arg) {
  return *(bool *)arg;
}

void desk_bench_end(struct desk_bench *bench) {
  bool drained = false;
  alerting_quiet(bench->alerting);
  pipeline_drain(bench->pipeline, set_flag, &drained);
  assert_true(wait_until_loop(&bench->loop, is_set, &drained));
  db_threads_stop(bench->db);
  pipeline_close(bench->pipeline);
  uv_run(&bench->loop, UV_RUN_DEFAULT);
  alerting_destroy(bench->alerting);
  channels_destroy(bench->channels);
  fleet_destroy(bench->fleet);
  bus_destroy(bench->bus);
}

void desk_bench_restart(struct desk_bench *bench) {
  desk_bench_end(bench);
  desk_bench_begin(bench);
}

int desk_bench_setup(void **state) {
  struct desk_bench *bench = calloc(1, sizeof *bench);
  temp_dir_create(&bench->dir);
  snprintf(bench->url, sizeof bench->url, "sqlite:%s/monitor.db", bench->dir.path);
  uv_loop_init(&bench->loop);
  bench->first_ms = clock_wall_ms() - 60000;
  desk_bench_begin(bench);
  *state = bench;
  return 0;
}

int desk_bench_teardown(void **state) {
  struct desk_bench *bench = *state;
  desk_bench_end(bench);
  assert_int_equal(uv_loop_close(&bench->loop), 0);
  temp_dir_destroy(&bench->dir);
  free(bench);
  return 0;
}

static bool is_saved(void *arg) {
  struct pipeline_state state;
  pipeline_state(arg, &state);
  return state.unsaved == 0 && batch_is_empty(pipeline_batch(arg));
}

struct statement {
  struct db_task task;
  const char *sql; /* NULL: none, only the round through the writer */
  bool done;
};

static void run_statement(struct db_task *task, struct db *db) {
  const struct statement *statement = task->arg;
  task->ok = statement->sql == NULL || db_exec(db, statement->sql, NULL, 0, NULL, &task->err);
}

static void on_statement(struct db_task *task) {
  ((struct statement *)task->arg)->done = true;
}

void desk_bench_write(struct desk_bench *bench, const char *sql) {
  struct statement statement = {.task = {.run = run_statement, .done = on_statement}, .sql = sql};
  statement.task.arg = &statement;
  db_threads_write(bench->db, &statement.task);
  assert_true(wait_until_loop(&bench->loop, is_set, &statement.done));
  if (!statement.task.ok)
    fail_msg("%s", statement.task.err.text);
}

void desk_bench_settle(struct desk_bench *bench) {
  pipeline_commit(bench->pipeline, true);
  assert_true(wait_until_loop(&bench->loop, is_saved, bench->pipeline));
  desk_bench_write(bench, NULL);
}

void desk_bench_ingest(struct desk_bench *bench, int64_t miner_id, int64_t after_ms,
                       double chip_c) {
  struct miner_report report = {0};
  sample_init(&report.sample, 0);
  vitals_init(&report.vitals);
  report.sample.state = STATE_HASHING;
  report.sample.values[METRIC_HASHRATE_GHS] = 1000 + (double)(after_ms % 7);
  report.sample.values[METRIC_CHIP_TEMP_C] = chip_c;
  report.sample.values[METRIC_UPTIME_S] = 86400 + (double)after_ms / 1000;
  pipeline_ingest(
      bench->pipeline, fleet_find(bench->fleet, miner_id),
      &(struct reading){.at_ms = bench->first_ms + after_ms, .elapsed_ms = 40, .report = &report});
}

void desk_bench_miss(struct desk_bench *bench, int64_t miner_id, int64_t after_ms) {
  pipeline_ingest(
      bench->pipeline, fleet_find(bench->fleet, miner_id),
      &(struct reading){.at_ms = bench->first_ms + after_ms, .reason = REASON_HOST_GONE});
}
