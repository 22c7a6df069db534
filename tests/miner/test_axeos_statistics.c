#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "miner/axeos_statistics.h"
#include "miner/fixture_file.h"

static bool parse_file(const char *name, struct miner_past *past, struct err *err) {
  char path[256];
  size_t length = 0;
  snprintf(path, sizeof path, "tests/fixtures/axeos_statistics/%s", name);
  char *body = fixture_file_read(path, &length);
  assert_non_null(body);
  bool good = axeos_statistics_parse(body, length, past, err);
  free(body);
  return good;
}

/* The rows of a fixture, which must be usable. */
static struct miner_past read_past(const char *name) {
  struct miner_past past;
  struct err err = {0};
  if (!parse_file(name, &past, &err))
    fail_msg("%s: %s", name, err.text);
  return past;
}

static double value(const struct miner_past *past, size_t row, enum metric metric) {
  assert_true(row < past->count);
  return past->rows[row].sample.values[metric];
}

static void columns_up_to_2_10_are_understood(void **state) {
  (void)state;
  struct miner_past past = read_past("v2.9-old-labels.json");

  assert_int_equal(past.count, 3);
  assert_int_equal(past.rows[0].age_ms, 60500);
  assert_int_equal(past.rows[2].age_ms, 500);
  assert_float_equal(value(&past, 0, METRIC_HASHRATE_GHS), 1012.447, 0.001);
  assert_float_equal(value(&past, 0, METRIC_CHIP_TEMP_C), 59.5, 1e-9);
  assert_float_equal(value(&past, 0, METRIC_VR_TEMP_C), 61, 1e-9);
  assert_float_equal(value(&past, 0, METRIC_POWER_W), 18.25, 1e-9);
  assert_float_equal(value(&past, 0, METRIC_INPUT_VOLTAGE_MV), 5046.875, 1e-3);
  assert_float_equal(value(&past, 0, METRIC_CORE_VOLTAGE_ACTUAL_MV), 1136, 1e-9);
  assert_float_equal(value(&past, 0, METRIC_FAN_PCT), 62, 1e-9);
  assert_float_equal(value(&past, 0, METRIC_FAN_RPM), 4200, 1e-9);
  assert_float_equal(value(&past, 0, METRIC_WIFI_RSSI_DBM), -58, 1e-9);
  assert_float_equal(value(&past, 0, METRIC_FREE_HEAP_BYTES), 8181000, 1);
  miner_past_finish(&past);
}

static void columns_since_2_11_are_understood(void **state) {
  (void)state;
  struct miner_past past = read_past("v2.13-new-labels.json");

  assert_int_equal(past.count, 2);
  assert_int_equal(past.rows[1].age_ms, 30000);
  assert_float_equal(value(&past, 1, METRIC_HASHRATE_GHS), 1077.5, 1e-9);
  assert_float_equal(value(&past, 1, METRIC_ERROR_PCT), 0.25, 1e-9);
  assert_float_equal(value(&past, 1, METRIC_CHIP_TEMP_C), 60.25, 1e-9);
  assert_float_equal(value(&past, 1, METRIC_FAN_PCT), 55, 1e-9);
  assert_float_equal(value(&past, 1, METRIC_FAN_RPM), 4020, 1e-9);
  assert_true(isnan(value(&past, 1, METRIC_FAN2_RPM)));
  /* The pool's response time is not that of our poll. */
  assert_true(isnan(value(&past, 1, METRIC_RESPONSE_MS)));
  miner_past_finish(&past);
}

static void the_order_of_columns_and_unknown_ones_do_not_matter(void **state) {
  (void)state;
  struct miner_past past = read_past("v2.14-other-order-and-more.json");

  assert_int_equal(past.count, 2);
  assert_int_equal(past.rows[0].age_ms, 31000);
  assert_float_equal(value(&past, 0, METRIC_CHIP_TEMP2_C), 67.25, 1e-9);
  assert_true(isnan(value(&past, 0, METRIC_POWER_W)));
  assert_float_equal(value(&past, 1, METRIC_POWER_W), 36.5, 1e-9);
  miner_past_finish(&past);
}

static void the_form_without_labels_is_understood(void **state) {
  (void)state;
  struct miner_past past = read_past("dashboard-v2.8.json");

  assert_int_equal(past.count, 3);
  assert_float_equal(value(&past, 1, METRIC_HASHRATE_GHS), 441.25, 1e-9);
  assert_float_equal(value(&past, 1, METRIC_CHIP_TEMP_C), 58.5, 1e-9);
  assert_float_equal(value(&past, 1, METRIC_POWER_W), 11.75, 1e-9);
  assert_int_equal(past.rows[2].age_ms, 3000);
  miner_past_finish(&past);
}

static void sentinels_are_unknown_and_zero_hashes_is_no_hashing(void **state) {
  (void)state;
  struct miner_past past = read_past("v2.9-old-labels.json");

  assert_int_equal(past.rows[0].sample.state, STATE_HASHING);
  assert_int_equal(past.rows[0].sample.flags, SAMPLE_BACKFILLED);
  assert_true(isnan(value(&past, 1, METRIC_WIFI_RSSI_DBM)));
  assert_int_equal(past.rows[2].sample.state, STATE_NOT_HASHING);
  assert_int_equal(past.rows[2].sample.reason, REASON_ZERO_HASHRATE);
  assert_true(isnan(value(&past, 2, METRIC_CHIP_TEMP_C)));
  assert_true(isnan(value(&past, 2, METRIC_VR_TEMP_C)));
  assert_true(isnan(value(&past, 2, METRIC_POWER_W)));
  miner_past_finish(&past);
}

static void a_clock_of_32_bits_may_start_again(void **state) {
  (void)state;
  struct miner_past unsigned_clock = read_past("clock-started-again.json");
  struct miner_past signed_clock = read_past("clock-below-zero.json");

  assert_int_equal(unsigned_clock.count, 4);
  assert_int_equal(unsigned_clock.rows[0].age_ms, 30000);
  assert_int_equal(unsigned_clock.rows[3].age_ms, 5000);
  assert_int_equal(signed_clock.count, 3);
  assert_int_equal(signed_clock.rows[0].age_ms, 10000);
  assert_int_equal(signed_clock.rows[2].age_ms, 352);
  miner_past_finish(&unsigned_clock);
  miner_past_finish(&signed_clock);
}

static void rows_at_times_that_cannot_be_are_left_out(void **state) {
  (void)state;
  struct miner_past past = read_past("times-that-cannot-be.json");

  assert_int_equal(past.count, 3);
  assert_float_equal(value(&past, 0, METRIC_HASHRATE_GHS), 1, 1e-9);
  assert_float_equal(value(&past, 1, METRIC_HASHRATE_GHS), 7, 1e-9);
  assert_float_equal(value(&past, 2, METRIC_HASHRATE_GHS), 8, 1e-9);
  miner_past_finish(&past);
}

static void no_rows_are_no_failure(void **state) {
  (void)state;
  struct miner_past empty = read_past("empty.json"), timeless = read_past("no-times.json");

  assert_int_equal(empty.count, 0);
  assert_int_equal(timeless.count, 0);
  miner_past_finish(&empty);
  miner_past_finish(&timeless);
}

static void what_is_no_statistics_is_refused_with_words(void **state) {
  (void)state;
  static const char *const bodies[] = {
      "",
      "<html>",
      "[]",
      "{}",
      "{\"statistics\":[]}",
      "{\"currentTimestamp\":1}",
      "{\"currentTimestamp\":null,\"statistics\":[]}",
      "{\"currentTimestamp\":1,\"statistics\":{}}",
      "{\"error\":\"unknown route\"}",
      "{\"currentTimestamp\":1,\"statistics\":[[1",
  };
  for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
    struct miner_past past;
    struct err err = {0};
    assert_false(axeos_statistics_parse(bodies[i], strlen(bodies[i]), &past, &err));
    assert_true(err.text[0] != '\0');
    assert_int_equal(past.count, 0);
    assert_null(past.rows);
  }
}

static bool keeps_no_past(const char *body) {
  struct miner_report report;
  enum reason reason;
  struct err err = {0};
  assert_true(axeos_driver.parse(body, strlen(body), &report, &reason, &err));
  return report.keeps_no_past;
}

static void only_a_miner_that_says_so_keeps_none(void **state) {
  (void)state;
  assert_true(keeps_no_past("{\"ASICModel\":\"BM1370\",\"power\":15,\"statsFrequency\":0}"));
  assert_false(keeps_no_past("{\"ASICModel\":\"BM1370\",\"power\":15,\"statsFrequency\":30}"));
  assert_false(keeps_no_past("{\"ASICModel\":\"BM1370\",\"power\":15}"));
}

static void the_driver_offers_it(void **state) {
  (void)state;
  assert_string_equal(axeos_driver.past_path, "/api/system/statistics");
  assert_true(axeos_driver.parse_past == axeos_statistics_parse);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_up_to_2_10_are_understood),
      cmocka_unit_test(columns_since_2_11_are_understood),
      cmocka_unit_test(the_order_of_columns_and_unknown_ones_do_not_matter),
      cmocka_unit_test(the_form_without_labels_is_understood),
      cmocka_unit_test(sentinels_are_unknown_and_zero_hashes_is_no_hashing),
      cmocka_unit_test(a_clock_of_32_bits_may_start_again),
      cmocka_unit_test(rows_at_times_that_cannot_be_are_left_out),
      cmocka_unit_test(no_rows_are_no_failure),
      cmocka_unit_test(what_is_no_statistics_is_refused_with_words),
      cmocka_unit_test(only_a_miner_that_says_so_keeps_none),
      cmocka_unit_test(the_driver_offers_it),
  };
  return cmocka_run_group_tests_name("axeos_statistics", tests, NULL, NULL);
}
