#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "chart/chart_axis.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
/* 2026-11-22T16:00:00Z, a Sunday */
#define NOW_MS INT64_C(1795363200000)

static int setup(void **state) {
  (void)state;
  setenv("TZ", "CET-1", 1);
  tzset();
  return 0;
}

static void values_stand_at_round_steps_that_hold_them(void **state) {
  (void)state;
  static const struct {
    double low, high, axis_low, axis_high, step;
    int decimals;
  } rows[] = {
      {0, 1.32, 0, 1.5, 0.5, 1},   {0, 1050, 0, 1500, 500, 0}, {51.5, 66.1, 50, 70, 5, 0},
      {0, 0.07, 0, 0.08, 0.02, 2}, {57, 57, 57, 57.5, 0.5, 1}, {-5, -3, -5, -3, 0.5, 1},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct chart_axis axis = chart_axis_values(rows[i].low, rows[i].high, 4);

    assert_float_equal(axis.step, rows[i].step, 1e-9);
    assert_float_equal(axis.low, rows[i].axis_low, 1e-9);
    assert_float_equal(axis.high, rows[i].axis_high, 1e-9);
    assert_int_equal(axis.decimals, rows[i].decimals);
  }
}

static void times_are_few_and_round(void **state) {
  (void)state;
  static const struct {
    int64_t span_ms, step_ms;
  } rows[] = {
      {HOUR_MS, 10 * 60000},     {24 * HOUR_MS, 4 * HOUR_MS},   {7 * DAY_MS, DAY_MS},
      {30 * DAY_MS, 7 * DAY_MS}, {3000 * DAY_MS, 365 * DAY_MS},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_true(chart_axis_step_ms(rows[i].span_ms, 7) == rows[i].step_ms);
}

static void labels_are_times_of_the_local_clock(void **state) {
  (void)state;
  char label[CHART_AXIS_LABEL_MAX];

  int64_t hour_ms = chart_axis_first_ms(NOW_MS + 1, 4 * HOUR_MS);
  chart_axis_label(hour_ms, 4 * HOUR_MS, "en", label);
  assert_string_equal(label, "20:00");
  assert_true(hour_ms == NOW_MS + 3 * HOUR_MS);

  int64_t day_ms = chart_axis_first_ms(NOW_MS, DAY_MS);
  chart_axis_label(day_ms, DAY_MS, "en", label);
  assert_string_equal(label, "Mon 23");
  chart_axis_label(day_ms, DAY_MS, "de", label);
  assert_string_equal(label, "Mo 23.");
  assert_true(day_ms == NOW_MS + 7 * HOUR_MS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(values_stand_at_round_steps_that_hold_them, setup),
      cmocka_unit_test_setup(times_are_few_and_round, setup),
      cmocka_unit_test_setup(labels_are_times_of_the_local_clock, setup),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
