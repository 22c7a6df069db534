#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/pipeline.h"
#include "store/miner_store.h"
#include "store/sample_store.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

/* A pipeline over a real SQLite file, with one miner. */
struct bench {
  struct temp_dir dir;
  char url[TEMP_DIR_MAX + 32];
  uv_loop_t loop;
  struct fleet *fleet;
  struct bus *bus;
  struct db_threads *db;
  struct alert_config alerts;
  struct pipeline *pipeline;
  struct fleet_miner *miner;
  int alerts_heard, stored_when_heard, health_heard;
};

static int64_t count_rows(const struct bench *bench, const char *sql) {
  struct err err;
  struct db *db;
  struct db_cursor *cursor;
  assert_true(db_open(&db, bench->url, DB_READ_ONLY, &err));
  assert_true(db_query(db, sql, NULL, 0, &cursor, &err));
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  int64_t count = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  db_close(db);
  return count;
}

static void hear(const struct bus_event *event, void *arg) {
  struct bench *bench = arg;
  if (event->kind == BUS_HEALTH)
    bench->health_heard++;
  if (event->kind != BUS_ALERT)
    return;
  bench->alerts_heard++;
  bench->stored_when_heard = (int)count_rows(bench, "SELECT count(*) FROM alert_event");
}

static void run_insert(struct db_task *task, struct db *db) {
  task->ok = miner_store_insert(db, task->arg, &task->err);
}

struct flag {
  bool set;
};

static bool is_set(void *arg) {
  return ((struct flag *)arg)->set;
}

struct simple_task {
  struct db_task task;
  struct flag done;
};

static void on_simple_done(struct db_task *task) {
  ((struct simple_task *)((char *)task - offsetof(struct simple_task, task)))->done.set = true;
}

static void write_now(struct bench *bench, void (*run)(struct db_task *, struct db *), void *arg) {
  struct simple_task simple = {.task = {.run = run, .done = on_simple_done, .arg = arg}};
  db_threads_write(bench->db, &simple.task);
  assert_true(wait_until_loop(&bench->loop, is_set, &simple.done));
  assert_true(simple.task.ok);
}

static int open_bench(void **state) {
  struct bench *bench = calloc(1, sizeof *bench);
  struct err err;
  struct miner miner = {.name = "Garage", .address = "http://10.0.0.1", .driver = "axeos"};
  temp_dir_create(&bench->dir);
  snprintf(bench->url, sizeof bench->url, "sqlite:%s/monitor.db", bench->dir.path);
  uv_loop_init(&bench->loop);
  alert_config_init(&bench->alerts);
  bench->alerts.chip_limit_c = 68;
  bench->fleet = fleet_create();
  bench->bus = bus_create();
  bus_subscribe(bench->bus, hear, bench);
  struct db_threads_options threads = {.url = bench->url};
  assert_true(db_threads_start(&bench->db, &bench->loop, &threads, &err));
  write_now(bench, run_insert, &miner);
  bench->miner = fleet_add(bench->fleet, &miner);
  bench->pipeline = pipeline_create(&(struct pipeline_options){.loop = &bench->loop,
                                                               .fleet = bench->fleet,
                                                               .bus = bench->bus,
                                                               .db = bench->db,
                                                               .alerts = &bench->alerts});
  *state = bench;
  return 0;
}

static void set_flag(void *arg) {
  ((struct flag *)arg)->set = true;
}

static int close_bench(void **state) {
  struct bench *bench = *state;
  struct flag drained = {0};
  pipeline_drain(bench->pipeline, set_flag, &drained);
  assert_true(wait_until_loop(&bench->loop, is_set, &drained));
  db_threads_stop(bench->db);
  pipeline_close(bench->pipeline);
  uv_run(&bench->loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&bench->loop), 0);
  fleet_destroy(bench->fleet);
  bus_destroy(bench->bus);
  temp_dir_destroy(&bench->dir);
  free(bench);
  return 0;
}

/* A miner that works, up for a day, at the given temperature. */
static void ingest(struct bench *bench, int64_t at_ms, double chip_c) {
  struct miner_report report = {0};
  sample_init(&report.sample, 0);
  report.sample.state = STATE_HASHING;
  report.sample.values[METRIC_HASHRATE_GHS] = 1000 + (double)(at_ms % 7);
  report.sample.values[METRIC_CHIP_TEMP_C] = chip_c;
  report.sample.values[METRIC_UPTIME_S] = 86400 + (double)at_ms / 1000;
  pipeline_ingest(bench->pipeline, bench->miner,
                  &(struct reading){.at_ms = at_ms, .elapsed_ms = 40, .report = &report});
}

static bool all_saved(void *arg) {
  struct pipeline_state state;
  pipeline_state(((struct bench *)arg)->pipeline, &state);
  return state.unsaved == 0;
}

static void readings_are_shown_at_once_and_committed_soon(void **state) {
  struct bench *bench = *state;

  ingest(bench, 1000000, 55);
  ingest(bench, 1010000, 56);

  assert_float_equal(bench->miner->last.values[METRIC_CHIP_TEMP_C], 56, 0);
  assert_int_equal(open_chunk_count(bench->miner->recent), 2);
  assert_true(wait_until_loop(&bench->loop, all_saved, bench));
  assert_int_equal(count_rows(bench, "SELECT count(*) FROM sample"), 2);
}

static bool alert_heard(void *arg) {
  return ((struct bench *)arg)->alerts_heard > 0;
}

static void an_alert_is_announced_only_after_its_commit(void **state) {
  struct bench *bench = *state;
  ingest(bench, 1000000, 75);

  ingest(bench, 1010000, 76);

  assert_int_equal(bench->alerts_heard, 0);
  assert_true(wait_until_loop(&bench->loop, alert_heard, bench));
  assert_int_equal(bench->stored_when_heard, 1);
  assert_int_equal(bench->miner->alerts[ALERT_CHIP_TEMP].phase, ALERT_FIRING);
}

static void a_missed_poll_is_a_sample_too(void **state) {
  struct bench *bench = *state;

  for (int i = 0; i < 3; i++)
    pipeline_ingest(bench->pipeline, bench->miner,
                    &(struct reading){.at_ms = 1000000 + i * 10000, .reason = REASON_REFUSED});

  assert_int_equal(bench->miner->memory.state, STATE_UNRESPONSIVE);
  assert_true(wait_until_loop(&bench->loop, all_saved, bench));
  assert_int_equal(count_rows(bench, "SELECT count(*) FROM sample WHERE hashrate_ghs IS NULL"), 3);
}

static void run_pragma(struct db_task *task, struct db *db) {
  task->ok = db_exec(db, task->arg, NULL, 0, NULL, &task->err);
}

static bool is_failing(void *arg) {
  struct pipeline_state state;
  pipeline_state(((struct bench *)arg)->pipeline, &state);
  return !state.storing;
}

static void samples_wait_in_memory_while_the_disk_is_full(void **state) {
  struct bench *bench = *state;
  struct pipeline_state now;
  write_now(bench, run_pragma, "PRAGMA max_page_count = 1");

  int ingested = 0;
  for (; ingested < 5000; ingested++) /* more than the pages in use can take */
    ingest(bench, 1000000 + ingested * 10000, 55);
  assert_true(wait_until_loop(&bench->loop, is_failing, bench));
  pipeline_state(bench->pipeline, &now);
  assert_false(now.storing);
  assert_true(now.unsaved > 0);
  assert_true(strlen(now.problem) > 0);
  assert_int_equal(bench->health_heard, 1);

  write_now(bench, run_pragma, "PRAGMA max_page_count = 1000000");
  assert_true(wait_until_loop(&bench->loop, all_saved, bench));
  assert_int_equal(count_rows(bench, "SELECT count(*) FROM sample"), ingested);
  pipeline_state(bench->pipeline, &now);
  assert_true(now.storing);
  assert_int_equal(now.lost, 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)
  const struct CMUnitTest tests[] = {
      TEST(readings_are_shown_at_once_and_committed_soon),
      TEST(an_alert_is_announced_only_after_its_commit),
      TEST(a_missed_poll_is_a_sample_too),
      TEST(samples_wait_in_memory_while_the_disk_is_full),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
