/* The history of a miner over a real socket: what is in the database and what is
 * in memory are one. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/record.h"
#include "api/twin.h"
#include "base/clock.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE };

/* A range that is long over, in round figures. */
#define START INT64_C(1700000000000)
#define HOUR_START INT64_C(1700002800000)

static int setup(void **state) {
  *state = twin_create(NULL);
  return 0;
}

static int teardown(void **state) {
  twin_destroy(*state);
  return 0;
}

/* ------------------------------------------------------------ what was recorded */

static void add(struct record *record, int64_t at_ms, double ghs) {
  struct sample_row *row = &record->rows[record->count++];
  row->miner_id = 3;
  sample_init(&row->sample, at_ms);
  row->sample.values[METRIC_HASHRATE_GHS] = ghs;
  row->sample.values[METRIC_POWER_W] = 17;
}

static void add_missed(struct record *record, int64_t at_ms) {
  struct sample_row *row = &record->rows[record->count++];
  row->miner_id = 3;
  sample_init(&row->sample, at_ms);
  row->sample.flags = SAMPLE_MISSED;
  row->sample.state = STATE_OFFLINE;
}

/* Answers for 20 minutes with a spike, is off for 10, answers again; then the
 * monitor is off for half an hour. */
static void record_an_hour(struct engine *twin) {
  struct record record = {.count = 0};
  for (int minute = 0; minute < 20; minute++)
    add(&record, START + minute * MINUTE, minute == 7 ? 9999 : 500);
  for (int minute = 20; minute < 30; minute++)
    add_missed(&record, START + minute * MINUTE);
  add(&record, START + 30 * MINUTE, 500);
  add(&record, START + 60 * MINUTE, 500);
  record_insert(twin, &record);
}

static struct reply ask(struct engine *twin, int64_t from_ms, int64_t to_ms, const char *rest) {
  char path[200];
  snprintf(path, sizeof path, "/api/v1/miners/3/history?from=%" PRId64 "&to=%" PRId64 "%s", from_ms,
           to_ms, rest);
  return twin_get(twin, path);
}

static void expect_in(const struct reply *reply, const char *text) {
  assert_int_equal(reply->status, 200);
  if (strstr(reply->body, text) == NULL)
    fail_msg("no %s in %s", text, reply->body);
}

/* ------------------------------------------------------------ tests */

static void gaps_are_told_with_their_kind(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  record_an_hour(twin);

  struct reply reply = ask(twin, START, START + HOUR + 1, "&metrics=hashrate_ghs");

  expect_in(&reply, "\"gaps\":[{\"from\":\"2023-11-14T22:33:20.000Z\","
                    "\"to\":\"2023-11-14T22:43:20.000Z\",\"kind\":\"miner_off\"},"
                    "{\"from\":\"2023-11-14T22:43:20.000Z\","
                    "\"to\":\"2023-11-14T23:13:20.000Z\",\"kind\":\"monitor_off\"}]");
  reply_finish(&reply);
}

static void time_whose_samples_were_let_go_is_expired(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  record_an_hour(twin);
  twin->options.retention_ms = 24 * HOUR;

  struct reply reply = ask(twin, START + 30 * MINUTE, START + HOUR + 1, "");

  expect_in(&reply, "\"gaps\":[{\"from\":\"2023-11-14T22:43:20.000Z\","
                    "\"to\":\"2023-11-14T23:13:20.000Z\",\"kind\":\"expired\"}]");
  reply_finish(&reply);
}

static void what_was_let_go_is_expired_when_more_is_kept_since(void **state) {
  struct engine *twin = *state;
  struct record until = {.count = 0};
  twin_add_miner(twin, 3, "Garage");
  record_an_hour(twin);
  add(&until, START + 30 * MINUTE, 500);
  record_let_go(twin, &until);
  twin->options.retention_ms = 0;

  struct reply reply = ask(twin, START, START + HOUR + 1, "");

  expect_in(&reply, "\"gaps\":[{\"from\":\"2023-11-14T22:13:20.000Z\","
                    "\"to\":\"2023-11-14T22:43:20.000Z\",\"kind\":\"expired\"},"
                    "{\"from\":\"2023-11-14T22:43:20.000Z\","
                    "\"to\":\"2023-11-14T23:13:20.000Z\",\"kind\":\"monitor_off\"}]");
  reply_finish(&reply);
}

static void time_before_the_miner_was_added_is_unknown(void **state) {
  struct engine *twin = *state;
  struct fleet_miner *miner = twin_add_miner(twin, 3, "Garage");
  miner->miner.created_ms = START;
  record_an_hour(twin);

  struct reply reply = ask(twin, START - HOUR, START + 5 * MINUTE, "");

  expect_in(&reply, "\"gaps\":[{\"from\":\"2023-11-14T21:13:20.000Z\","
                    "\"to\":\"2023-11-14T22:13:20.000Z\",\"kind\":\"unknown\"}]");
  reply_finish(&reply);
}

static void spike_survives_the_fewest_points(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  record_an_hour(twin);

  struct reply reply = ask(twin, START, START + HOUR + 1, "&points=2&metrics=hashrate_ghs");

  expect_in(&reply, "\"reduced\":true");
  expect_in(&reply, "[500,9999]");
  reply_finish(&reply);
}

static void only_the_figures_asked_for_are_in_it(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  record_an_hour(twin);

  struct reply reply = ask(twin, START, START + 2 * MINUTE, "&metrics=power_w,efficiency_j_th");

  expect_in(&reply, "\"columns\":[\"at_ms\",\"power_w\",\"efficiency_j_th\"],"
                    "\"data\":[[1700000000000,1700000060000],[17,17],[34,34]],\"gaps\":[]");
  reply_finish(&reply);
}

static void unknown_figure_is_refused_by_name(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  struct reply reply = ask(twin, START, START + HOUR, "&metrics=power_w,luck");
  assert_int_equal(reply.status, 422);
  assert_non_null(strstr(reply.body, "'luck'"));
  reply_finish(&reply);
}

static void stored_and_recent_samples_are_one_history(void **state) {
  struct engine *twin = *state;
  struct fleet_miner *miner = twin_add_miner(twin, 3, "Garage");
  int64_t recent_ms = miner->last.at_ms;
  struct record record = {.count = 0};
  add(&record, recent_ms - 20000, 400);
  add(&record, recent_ms - 10000, 450);
  record_insert(twin, &record);

  struct reply reply = ask(twin, recent_ms - MINUTE, recent_ms + 1, "&metrics=hashrate_ghs");

  expect_in(&reply, ",[400,450,1000]]");
  reply_finish(&reply);
}

static void range_that_is_over_is_not_sent_again(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  record_an_hour(twin);
  char path[200], etag[256], headers[300];
  snprintf(path, sizeof path, "/api/v1/miners/3/history?from=%" PRId64 "&to=%" PRId64, START,
           START + HOUR);
  struct reply first = twin_get(twin, path);
  reply_header(&first, "ETag", etag);
  reply_finish(&first);
  snprintf(headers, sizeof headers, "If-None-Match: %s\r\n", etag);

  struct reply again = twin_ask(twin, "GET", path, headers, "");
  assert_int_equal(again.status, 304);
  reply_finish(&again);

  struct record late = {.count = 0};
  add(&late, START + 45 * MINUTE, 480);
  record_insert(twin, &late);
  struct reply changed = twin_ask(twin, "GET", path, headers, "");
  assert_int_equal(changed.status, 200);
  reply_finish(&changed);
}

/* Every minute of the hours from START on, with a spike in the second one. */
static void seal_hours(struct engine *twin, int from_hour, int to_hour) {
  for (int hour = from_hour; hour < to_hour; hour++) {
    struct record record = {.count = 0};
    for (int minute = 0; minute < 60; minute++)
      add(&record, HOUR_START + (int64_t)hour * HOUR + minute * MINUTE,
          hour == 1 && minute == 7 ? 9999 : 500);
    record_seal(twin, &record);
  }
}

static void sealed_and_unsealed_samples_are_one_history(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  seal_hours(twin, 0, 1);
  struct record record = {.count = 0};
  add(&record, HOUR_START + HOUR, 600);
  record_insert(twin, &record);

  struct reply reply =
      ask(twin, HOUR_START + 58 * MINUTE, HOUR_START + HOUR + 1, "&metrics=hashrate_ghs");

  expect_in(&reply, "\"resolution\":\"sample\"");
  expect_in(&reply, ",[500,500,600]],\"gaps\":[]");
  reply_finish(&reply);
}

static void damaged_chunk_is_passed_over_and_told(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  seal_hours(twin, 0, 1);
  record_spoil(twin);
  seal_hours(twin, 1, 2);

  struct reply reply = ask(twin, HOUR_START, HOUR_START + 2 * HOUR, "&metrics=power_w");

  expect_in(&reply, "\"gaps\":[{\"from\":\"2023-11-14T23:00:00.000Z\","
                    "\"to\":\"2023-11-14T23:59:00.000Z\",\"kind\":\"unknown\"}]");
  expect_in(&reply, "17,17,17");
  reply_finish(&reply);
}

static void long_range_is_read_from_hours_and_keeps_the_spike(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  seal_hours(twin, 0, 10);
  record_spoil(twin); /* so that only hours can tell, but for the newest */

  struct reply reply =
      ask(twin, HOUR_START, HOUR_START + 10 * HOUR, "&points=20&metrics=hashrate_ghs");

  expect_in(&reply, "\"resolution\":\"hour\",\"reduced\":true");
  expect_in(&reply, "[500,500,500,9999,500,");
  expect_in(&reply, "\"gaps\":[{\"from\":\"2023-11-15T08:00:00.000Z\"");
  reply_finish(&reply);
}

static void ends_of_a_range_in_hours_are_read_from_samples(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  seal_hours(twin, 0, 10);

  struct reply reply = ask(twin, HOUR_START + HOUR + 59 * MINUTE, HOUR_START + 4 * HOUR + MINUTE,
                           "&points=8&metrics=hashrate_ghs");

  expect_in(&reply, "\"resolution\":\"hour\"");
  expect_in(&reply, "[1700009940000,");
  assert_null(strstr(reply.body, "9999")); /* it stands before the range, in the same hour */
  reply_finish(&reply);
}

static void range_to_come_is_empty_and_has_no_gap(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  int64_t later_ms = clock_wall_ms() + HOUR;
  struct reply reply = ask(twin, later_ms, later_ms + HOUR, "&metrics=power_w");
  expect_in(&reply, "\"data\":[[],[]],\"gaps\":[]");
  reply_finish(&reply);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(gaps_are_told_with_their_kind),
      TEST(time_whose_samples_were_let_go_is_expired),
      TEST(what_was_let_go_is_expired_when_more_is_kept_since),
      TEST(time_before_the_miner_was_added_is_unknown),
      TEST(spike_survives_the_fewest_points),
      TEST(only_the_figures_asked_for_are_in_it),
      TEST(unknown_figure_is_refused_by_name),
      TEST(stored_and_recent_samples_are_one_history),
      TEST(range_that_is_over_is_not_sent_again),
      TEST(sealed_and_unsealed_samples_are_one_history),
      TEST(damaged_chunk_is_passed_over_and_told),
      TEST(long_range_is_read_from_hours_and_keeps_the_spike),
      TEST(ends_of_a_range_in_hours_are_read_from_samples),
      TEST(range_to_come_is_empty_and_has_no_gap),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
