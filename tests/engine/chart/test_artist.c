/* What messages show, drawn by the real bitaxe-chart from an empty database and the open
 * chunks of some miners. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "engine/courier/artist.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS };

struct bench {
  struct temp_dir dir;
  uv_loop_t loop;
  struct log *log;
  struct fleet *fleet;
  struct db_threads *threads;
  struct alert_config alerts;
  struct artist *artist;
  struct chart_maker *maker;
  bool stopped;
  int drawn, failed, expected;
  unsigned width, height;
  double average_ghs;
};

static int setup(void **state) {
  struct bench *bench = mem_alloc(sizeof *bench);
  char url[TEMP_DIR_MAX + 64];
  struct err err;
  signal(SIGPIPE, SIG_IGN); /* as the monitor does */
  temp_dir_create(&bench->dir);
  snprintf(url, sizeof url, "sqlite:%s/monitor.db", bench->dir.path);
  bench->log = log_create(STDERR_FILENO, LOG_ERROR, false);
  bench->fleet = fleet_create();
  uv_loop_init(&bench->loop);
  alert_config_init(&bench->alerts);
  assert_true(db_threads_start(&bench->threads, &bench->loop,
                               &(struct db_threads_options){.url = url}, &err));
  bench->artist = artist_create(&(struct artist_options){
      .loop = &bench->loop, .db = bench->threads, .fleet = bench->fleet, .alerts = &bench->alerts});
  bench->maker = chart_maker_create(&bench->loop, bench->threads);
  *state = bench;
  return 0;
}

static int teardown(void **state) {
  struct bench *bench = *state;
  artist_stop(bench->artist, NULL, NULL);
  if (bench->maker != NULL)
    chart_maker_stop(bench->maker, NULL, NULL);
  db_threads_stop(bench->threads);
  uv_run(&bench->loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&bench->loop), 0); /* no handle is left */
  fleet_destroy(bench->fleet);
  log_destroy(bench->log);
  temp_dir_destroy(&bench->dir);
  free(bench);
  return 0;
}

/* Mined for the last hour. */
static const struct fleet_miner *add_miner(struct bench *bench, int64_t id) {
  struct miner miner = {.id = id, .created_ms = 1};
  snprintf(miner.name, sizeof miner.name, "Rack %d", (int)id);
  struct fleet_miner *added = fleet_add(bench->fleet, &miner);
  int64_t now_ms = clock_wall_ms();
  for (int64_t at_ms = now_ms - HOUR_MS; at_ms < now_ms; at_ms += 10000) {
    struct sample sample;
    sample_init(&sample, at_ms);
    sample.values[METRIC_HASHRATE_GHS] = 1000;
    open_chunk_append(added->recent, &sample);
  }
  return added;
}

static unsigned read_size(const char *bytes) {
  const unsigned char *b = (const unsigned char *)bytes;
  return (unsigned)b[0] << 24 | (unsigned)b[1] << 16 | (unsigned)b[2] << 8 | b[3];
}

static void on_done(struct buf *png, double average_ghs, const struct err *err, void *arg) {
  struct bench *bench = arg;
  bench->average_ghs = average_ghs;
  if (err != NULL) {
    bench->failed++;
    return;
  }
  bench->drawn++;
  assert_true(png->length > 24 && memcmp(png->data, "\x89PNG\r\n\x1a\n", 8) == 0);
  bench->width = read_size(png->data + 16);
  bench->height = read_size(png->data + 20);
}

static bool are_done(void *arg) {
  const struct bench *bench = arg;
  return bench->drawn + bench->failed >= bench->expected;
}

static void wait_for(struct bench *bench, int count) {
  bench->expected = count;
  assert_true(wait_until_loop(&bench->loop, are_done, bench));
}

static struct picture_ref last_day(void) {
  int64_t now_ms = clock_wall_ms();
  return (struct picture_ref){PICTURE_HASHRATE, now_ms - DAY_MS, now_ms + HOUR_MS, 0};
}

static void several_miners_are_one_picture_of_all_together(void **state) {
  struct bench *bench = *state;
  const struct channel channel = {.language = "de"};
  const struct picture_ref ref = last_day();
  add_miner(bench, 1);
  add_miner(bench, 2);

  assert_non_null(artist_draw(bench->artist, &channel, &ref, on_done, bench));
  wait_for(bench, 1);

  assert_int_equal(bench->drawn, 1);
  assert_int_equal(bench->width, 1000);
  assert_int_equal(bench->height, 640);
  assert_true(fabs(bench->average_ghs - 2000) < 100);
}

static void a_channel_of_one_miner_sees_that_one(void **state) {
  struct bench *bench = *state;
  int64_t wanted[] = {2};
  const struct channel channel = {.language = "en", .wish = {.miners = wanted, .miner_count = 1}};
  const struct picture_ref ref = last_day();
  add_miner(bench, 1);
  add_miner(bench, 2);

  assert_non_null(artist_draw(bench->artist, &channel, &ref, on_done, bench));
  wait_for(bench, 1);

  assert_true(fabs(bench->average_ghs - 1000) < 1);
}

static void without_a_miner_there_is_nothing_to_draw(void **state) {
  struct bench *bench = *state;
  const struct channel channel = {.language = "en"};
  const struct picture_ref ref = last_day();

  assert_null(artist_draw(bench->artist, &channel, &ref, on_done, bench));
}

/* --- the maker --- */

static struct chart_job *begin(struct bench *bench, const struct fleet_miner *const *miners,
                               size_t count) {
  int64_t now_ms = clock_wall_ms();
  return chart_maker_draw(bench->maker,
                          &(struct chart_wish){.miners = miners,
                                               .miner_count = count,
                                               .from_ms = now_ms - DAY_MS,
                                               .to_ms = now_ms,
                                               .title = "Rack",
                                               .range = "all",
                                               .chip_limit_c = NAN},
                          on_done, bench);
}

static void of_many_miners_only_whole_hours_are_read(void **state) {
  struct bench *bench = *state;
  const struct fleet_miner *miners[CHART_MAKER_FINE_MINERS + 1];
  for (int i = 0; i <= CHART_MAKER_FINE_MINERS; i++)
    miners[i] = add_miner(bench, i + 1);

  begin(bench, miners, CHART_MAKER_FINE_MINERS + 1);
  wait_for(bench, 1);

  assert_int_equal(bench->drawn, 1);
  assert_true(isnan(bench->average_ghs)); /* no hour is reckoned yet */
}

static void what_waits_for_its_turn_can_be_cancelled(void **state) {
  struct bench *bench = *state;
  const struct fleet_miner *miner = add_miner(bench, 1);
  struct chart_job *jobs[4];

  for (int i = 0; i < 4; i++)
    jobs[i] = begin(bench, &miner, 1);
  size_t waiting = chart_maker_count(bench->maker);
  chart_job_cancel(jobs[3]);
  chart_job_cancel(jobs[2]);
  wait_for(bench, 4);

  assert_int_equal(waiting, 4);
  assert_int_equal(bench->drawn, 2);
  assert_int_equal(bench->failed, 2);
  assert_int_equal(chart_maker_count(bench->maker), 0);
}

static void on_stopped(void *arg) {
  ((struct bench *)arg)->stopped = true;
}

static bool is_stopped(void *arg) {
  return ((struct bench *)arg)->stopped;
}

static void a_stop_tells_everybody_and_leaves_nothing(void **state) {
  struct bench *bench = *state;
  const struct fleet_miner *miner = add_miner(bench, 1);
  for (int i = 0; i < 5; i++)
    begin(bench, &miner, 1);
  uv_run(&bench->loop, UV_RUN_NOWAIT);

  chart_maker_stop(bench->maker, on_stopped, bench);
  bench->maker = NULL;
  assert_true(wait_until_loop(&bench->loop, is_stopped, bench));

  assert_int_equal(bench->failed + bench->drawn, 5);
  assert_true(bench->failed >= 3);
}

#define BENCH_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      BENCH_TEST(several_miners_are_one_picture_of_all_together),
      BENCH_TEST(a_channel_of_one_miner_sees_that_one),
      BENCH_TEST(without_a_miner_there_is_nothing_to_draw),
      BENCH_TEST(of_many_miners_only_whole_hours_are_read),
      BENCH_TEST(what_waits_for_its_turn_can_be_cancelled),
      BENCH_TEST(a_stop_tells_everybody_and_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
