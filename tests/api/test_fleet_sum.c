/* Miners add up, each with its average and only while it answers. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "api/history/fleet_sum.h"

enum { MINUTE = 60000 };

static void add(struct fleet_sum *sum, int64_t at_ms, double ghs) {
  struct sample sample;
  sample_init(&sample, at_ms);
  sample.values[METRIC_HASHRATE_GHS] = ghs;
  sample.values[METRIC_POWER_W] = 10;
  fleet_sum_add(sum, &sample);
}

static void add_missed(struct fleet_sum *sum, int64_t at_ms, enum miner_state state) {
  struct sample sample;
  sample_init(&sample, at_ms);
  sample.flags = SAMPLE_MISSED;
  sample.state = state;
  fleet_sum_add(sum, &sample);
}

static void expect(const struct fleet_sum *sum, const char *data) {
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  fleet_sum_write(sum, &json);
  json_write_object_end(&json);
  if (strstr(body.data, data) == NULL)
    fail_msg("no %s in %s", data, body.data);
  buf_finish(&body);
}

static void averages_of_miners_add_up(void **state) {
  (void)state;
  struct fleet_sum *sum = fleet_sum_create(0, 2 * MINUTE, MINUTE);
  add(sum, 0, 400);
  add(sum, 30000, 600);
  fleet_sum_next_miner(sum);
  add(sum, 10000, 1000);
  add(sum, 70000, 1000);
  fleet_sum_next_miner(sum);

  expect(sum, "\"data\":[[0,60000],[1500,1000],[20,10],[2,1]]");
  fleet_sum_destroy(sum);
}

static void miner_counts_only_while_it_answers(void **state) {
  (void)state;
  struct fleet_sum *sum = fleet_sum_create(0, MINUTE, MINUTE);
  add(sum, 0, 500);
  add_missed(sum, 30000, STATE_OFFLINE);
  fleet_sum_next_miner(sum);
  expect(sum, "[250],[5],[1]");
  fleet_sum_destroy(sum);
}

static void one_missed_poll_costs_nothing(void **state) {
  (void)state;
  struct fleet_sum *sum = fleet_sum_create(0, MINUTE, MINUTE);
  add(sum, 0, 500);
  add_missed(sum, 30000, STATE_UNKNOWN);
  fleet_sum_next_miner(sum);
  expect(sum, "[500],[10],[1]");
  fleet_sum_destroy(sum);
}

static void step_in_which_nobody_reported_is_unknown(void **state) {
  (void)state;
  struct fleet_sum *sum = fleet_sum_create(0, MINUTE, MINUTE);
  add_missed(sum, 0, STATE_OFFLINE);
  fleet_sum_next_miner(sum);
  expect(sum, "[null],[null],[0]");
  fleet_sum_destroy(sum);
}

static void hours_are_weighed_by_their_answers(void **state) {
  (void)state;
  struct fleet_sum *sum = fleet_sum_create(0, 2 * ROLLUP_HOUR_MS, 2 * ROLLUP_HOUR_MS);
  struct rollup hour = {.at_ms = 0, .samples = 300};
  hour.metrics[METRIC_HASHRATE_GHS].average = 100;
  hour.metrics[METRIC_POWER_W].average = 10;
  fleet_sum_add_rollup(sum, &hour);
  hour.at_ms = ROLLUP_HOUR_MS;
  hour.samples = 100;
  hour.metrics[METRIC_HASHRATE_GHS].average = 500;
  fleet_sum_add_rollup(sum, &hour);
  fleet_sum_next_miner(sum);
  expect(sum, "\"step_s\":7200");
  expect(sum, "[200],[10],[1]");
  fleet_sum_destroy(sum);
}

static void step_is_even_and_covers_the_range(void **state) {
  (void)state;
  assert_int_equal(fleet_sum_step_ms(3600000, 1000), MINUTE);
  assert_int_equal(fleet_sum_step_ms(ROLLUP_DAY_MS, 300), 5 * MINUTE);
  assert_int_equal(fleet_sum_step_ms(30 * ROLLUP_DAY_MS, 300), 3 * ROLLUP_HOUR_MS);
  assert_int_equal(fleet_sum_step_ms(366 * ROLLUP_DAY_MS, 300), 2 * ROLLUP_DAY_MS);
  assert_true(fleet_sum_step_ms(INT64_C(253402300799999), 2) * 2 >= INT64_C(253402300799999));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(averages_of_miners_add_up),
      cmocka_unit_test(miner_counts_only_while_it_answers),
      cmocka_unit_test(one_missed_poll_costs_nothing),
      cmocka_unit_test(step_in_which_nobody_reported_is_unknown),
      cmocka_unit_test(hours_are_weighed_by_their_answers),
      cmocka_unit_test(step_is_even_and_covers_the_range),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
