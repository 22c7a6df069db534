/* The picture as a phone gets it. With BITAXE_KEEP_PNG set, what was drawn is kept
 * in that folder, to be looked at. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rand.h"
#include "base/str.h"
#include "chart/chart_png.h"

#define TO_MS INT64_C(1795363200000)
#define DAY_MS INT64_C(86400000)

enum { MOST_BYTES = 80 * 1024 }; /* a second on a bad mobile network */

static struct chart_order order;
static struct buf png;

static int setup(void **state) {
  (void)state;
  chart_series_init(&order.series, TO_MS - DAY_MS, TO_MS);
  buf_init(&png);
  return 0;
}

static int teardown(void **state) {
  (void)state;
  buf_finish(&png);
  return 0;
}

/* A day of a Gamma: noisy, gone for two hours, hot and throttled at the end. */
static void fill_day(double scale) {
  struct rand rand;
  rand_init(&rand, 1);
  for (int64_t at_ms = TO_MS - DAY_MS; at_ms < TO_MS; at_ms += 10000) {
    double hour = (double)(at_ms - TO_MS + DAY_MS) / 3600000;
    struct sample sample;
    sample_init(&sample, at_ms);
    if (hour > 7 && hour < 9)
      sample.flags = SAMPLE_MISSED;
    double part = hour > 20 ? 0.8 : 1;
    sample.values[METRIC_EXPECTED_HASHRATE_GHS] = 1071 * scale;
    sample.values[METRIC_HASHRATE_GHS] = (1071 + 80 * rand_normal(&rand)) * part * scale;
    sample.values[METRIC_CHIP_TEMP_C] =
        56 + 4 * sin(hour / 4) + (hour > 18 ? 1.3 * (hour - 18) : 0) + 0.3 * rand_normal(&rand);
    chart_series_add(&order.series, &sample);
  }
}

static void draw(const char *title, const char *name) {
  struct err err;
  str_copy(order.title, sizeof order.title, title);
  str_copy(order.range, sizeof order.range, "last 24 hours");
  order.chip_limit_c = 65;
  assert_true(chart_png_draw(&order, &png, &err));
  const char *folder = getenv("BITAXE_KEEP_PNG");
  if (folder == NULL)
    return;
  char path[256];
  snprintf(path, sizeof path, "%s/%s.png", folder, name);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(png.data, 1, png.length, file), png.length);
  fclose(file);
}

static unsigned number_at(size_t offset) {
  const unsigned char *bytes = (const unsigned char *)png.data + offset;
  return (unsigned)bytes[0] << 24 | (unsigned)bytes[1] << 16 | (unsigned)bytes[2] << 8 | bytes[3];
}

/* The signature and the header chunk (www.w3.org/TR/png). */
static void assert_is_picture(void) {
  assert_true(png.length > 33 && png.length < MOST_BYTES);
  assert_memory_equal(png.data, "\x89PNG\r\n\x1a\n", 8);
  assert_memory_equal(png.data + 12, "IHDR", 4);
  assert_int_equal(number_at(16), CHART_PNG_WIDTH);
  assert_int_equal(number_at(20), CHART_PNG_HEIGHT);
  assert_memory_equal(png.data + png.length - 8, "IEND", 4);
}

static void day_is_a_small_picture(void **state) {
  (void)state;
  fill_day(1);

  draw("Garage", "day");

  assert_is_picture();
}

static void slow_miner_is_drawn_too(void **state) {
  (void)state;
  fill_day(0.4);

  draw("Kitchen", "slow");

  assert_is_picture();
}

static void miner_without_history_is_drawn_as_such(void **state) {
  (void)state;
  draw("Garage", "empty");

  assert_is_picture();
}

static void odd_figures_are_survived(void **state) {
  (void)state;
  static const double odd[] = {0, -5, 1e18, 1e-9, 3};
  for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
    struct sample sample;
    sample_init(&sample, TO_MS - (int64_t)(i + 1) * 3600000);
    for (int metric = 0; metric < METRIC_COUNT; metric++)
      sample.values[metric] = odd[i];
    chart_series_add(&order.series, &sample);
  }

  draw("", "odd");

  assert_is_picture();
}

static void any_name_can_stand_above(void **state) {
  (void)state;
  draw("A very long name of a miner that does not fit beside the range at all \xc3\xa9 \xff\x01",
       "name");

  assert_is_picture();
}

static int let_go(void **state) {
  (void)state;
  chart_png_finish();
  return 0;
}

#define PICTURE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      PICTURE_TEST(day_is_a_small_picture),
      PICTURE_TEST(slow_miner_is_drawn_too),
      PICTURE_TEST(miner_without_history_is_drawn_as_such),
      PICTURE_TEST(odd_figures_are_survived),
      PICTURE_TEST(any_name_can_stand_above),
  };
  return cmocka_run_group_tests(tests, NULL, let_go);
}
