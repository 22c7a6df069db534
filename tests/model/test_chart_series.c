#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "model/chart_series.h"

#define FROM_MS INT64_C(1795363200000)
#define HOUR_MS ROLLUP_HOUR_MS
#define DAY_MS ROLLUP_DAY_MS

static struct chart_series series;

static int setup(void **state) {
  (void)state;
  chart_series_init(&series, FROM_MS, FROM_MS + DAY_MS);
  return 0;
}

static void add(int64_t after_ms, double hashrate_ghs) {
  struct sample sample;
  sample_init(&sample, FROM_MS + after_ms);
  sample.values[METRIC_HASHRATE_GHS] = hashrate_ghs;
  chart_series_add(&series, &sample);
}

/* One poll in ten seconds, from and to these hours. */
static void fill(double from_h, double to_h, uint8_t flags) {
  for (int64_t at_ms = (int64_t)(from_h * (double)HOUR_MS);
       at_ms < (int64_t)(to_h * (double)HOUR_MS); at_ms += 10000) {
    struct sample sample;
    sample_init(&sample, FROM_MS + at_ms);
    sample.flags = flags;
    chart_series_add(&series, &sample);
  }
}

static void column_keeps_lowest_highest_and_average(void **state) {
  (void)state;
  add(0, 1000);
  add(10000, 400);
  add(20000, 1600);
  add(30000, METRIC_UNKNOWN);

  const struct chart_value *value = &series.columns[0].values[CHART_HASHRATE];

  assert_true(value->low == 400);
  assert_true(value->high == 1600);
  assert_true(chart_series_mean(&series, 0, CHART_HASHRATE) == 1000);
  assert_true(isnan(chart_series_mean(&series, 0, CHART_CHIP_TEMP)));
  assert_true(isnan(chart_series_mean(&series, 1, CHART_HASHRATE)));
}

static void what_lies_outside_is_ignored(void **state) {
  (void)state;
  double low, high;
  add(-1, 7);
  add(DAY_MS, 7);

  assert_false(chart_series_bounds(&series, CHART_HASHRATE, &low, &high));
  add(DAY_MS - 1, 8);

  assert_true(chart_series_bounds(&series, CHART_HASHRATE, &low, &high));
  assert_true(low == 8 && high == 8);
  assert_true(series.columns[CHART_SERIES_COLUMNS - 1].answered);
}

static void silence_is_a_gap_and_a_missed_poll_is_silence(void **state) {
  (void)state;
  int begin = 0, end = 0;
  fill(0, 6, 0);
  fill(6, 12, SAMPLE_MISSED);
  fill(12, 24, 0);

  assert_true(chart_series_gap(&series, &begin, &end));

  assert_int_equal(begin, CHART_SERIES_COLUMNS / 4);
  assert_int_equal(end, CHART_SERIES_COLUMNS / 2);
  begin = end;
  assert_false(chart_series_gap(&series, &begin, &end));
}

static void short_silence_is_no_gap(void **state) {
  (void)state;
  int begin = 0, end = 0;
  chart_series_init(&series, FROM_MS, FROM_MS + HOUR_MS); /* a column is 8 seconds */
  fill(0, 0.5, 0);
  fill(0.54, 1, 0);

  assert_false(chart_series_gap(&series, &begin, &end));
}

static void nothing_at_all_is_one_gap(void **state) {
  (void)state;
  int begin = 0, end = 0;

  assert_true(chart_series_gap(&series, &begin, &end));

  assert_int_equal(begin, 0);
  assert_int_equal(end, CHART_SERIES_COLUMNS);
}

static void hour_fills_its_columns_and_a_silent_hour_none(void **state) {
  (void)state;
  struct rollup rollup = {.at_ms = FROM_MS, .samples = 360};
  for (int i = 0; i < METRIC_COUNT; i++)
    rollup.metrics[i] = (struct rollup_metric){.average = 5, .minimum = 1, .maximum = 9};
  chart_series_add_rollup(&series, &rollup, FROM_MS + HOUR_MS);
  rollup.at_ms = FROM_MS + HOUR_MS;
  rollup.missed = 360;
  chart_series_add_rollup(&series, &rollup, FROM_MS + 2 * HOUR_MS);

  double low, high;
  assert_true(chart_series_bounds(&series, CHART_CHIP_TEMP, &low, &high));

  assert_true(low == 1 && high == 9);
  int filled = 0;
  for (int i = 0; i < CHART_SERIES_COLUMNS; i++)
    filled += series.columns[i].answered;
  assert_int_equal(filled, CHART_SERIES_COLUMNS / 24);
  assert_true(chart_series_mean(&series, 0, CHART_HASHRATE) == 5);
}

static void average_weighs_every_moment_the_same(void **state) {
  (void)state;
  assert_true(isnan(chart_series_average(&series, CHART_HASHRATE)));
  add(0, 10);
  add(1000, 10);
  add(2000, 10);
  add(HOUR_MS, 20);

  assert_true(chart_series_average(&series, CHART_HASHRATE) == 15);
}

#define SERIES_TEST(name) cmocka_unit_test_setup(name, setup)

static void add_to(struct chart_series *target, int64_t after_ms, const double values[3]) {
  struct sample sample;
  sample_init(&sample, FROM_MS + after_ms);
  sample.values[METRIC_HASHRATE_GHS] = values[0];
  sample.values[METRIC_EXPECTED_HASHRATE_GHS] = values[1];
  sample.values[METRIC_CHIP_TEMP_C] = values[2];
  chart_series_add(target, &sample);
}

static void several_miners_are_summed_and_the_hottest_chip_stands_for_all(void **state) {
  (void)state;
  static struct chart_series other, all;
  chart_series_init(&other, FROM_MS, FROM_MS + DAY_MS);
  chart_series_init(&all, FROM_MS, FROM_MS + DAY_MS);
  add_to(&series, 0, (const double[]){1000, 1100, 55});
  add_to(&series, HOUR_MS, (const double[]){1010, 1100, 56});
  add_to(&other, 0, (const double[]){500, 520, 62});

  chart_series_join(&all, &series);
  chart_series_join(&all, &other);

  int later = CHART_SERIES_COLUMNS / 24;
  assert_true(chart_series_mean(&all, 0, CHART_HASHRATE) == 1500);
  assert_true(all.columns[0].values[CHART_HASHRATE].high == 1500);
  assert_true(chart_series_mean(&all, 0, CHART_EXPECTED) == 1620);
  assert_true(chart_series_mean(&all, 0, CHART_CHIP_TEMP) == 62);
  /* An hour later the other is silent: it is missed. */
  assert_true(chart_series_mean(&all, later, CHART_HASHRATE) == 1010);
  assert_true(chart_series_mean(&all, later, CHART_EXPECTED) == 1620);
  assert_true(chart_series_mean(&all, later, CHART_CHIP_TEMP) == 56);
  assert_true(all.columns[later].answered);
  assert_false(all.columns[later + 1].answered);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      SERIES_TEST(column_keeps_lowest_highest_and_average),
      SERIES_TEST(several_miners_are_summed_and_the_hottest_chip_stands_for_all),
      SERIES_TEST(what_lies_outside_is_ignored),
      SERIES_TEST(silence_is_a_gap_and_a_missed_poll_is_silence),
      SERIES_TEST(short_silence_is_no_gap),
      SERIES_TEST(nothing_at_all_is_one_gap),
      SERIES_TEST(hour_fills_its_columns_and_a_silent_hour_none),
      SERIES_TEST(average_weighs_every_moment_the_same),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
