/* An order goes to the drawing program and comes out as what it was. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/str.h"
#include "model/chart_order.h"

#define TO_MS INT64_C(1795363200000)
#define DAY_MS INT64_C(86400000)
#define HEAD                                                                                       \
  "{\"title\":\"G\",\"range\":\"r\",\"chip_limit_c\":65,\"language\":\"de\",\"miners\":2,"

static struct chart_order order, read;
static struct buf json;

static int setup(void **state) {
  (void)state;
  memset(&order, 0, sizeof order);
  str_copy(order.title, sizeof order.title, "Garage \"2\"");
  str_copy(order.range, sizeof order.range, "last 24 hours");
  order.chip_limit_c = METRIC_UNKNOWN;
  str_copy(order.language, sizeof order.language, "es");
  order.miners = 3;
  chart_series_init(&order.series, TO_MS - DAY_MS, TO_MS);
  buf_init(&json);
  return 0;
}

static int teardown(void **state) {
  (void)state;
  buf_finish(&json);
  return 0;
}

static void add(int64_t at_ms, double hashrate_ghs) {
  struct sample sample;
  sample_init(&sample, at_ms);
  sample.values[METRIC_HASHRATE_GHS] = hashrate_ghs;
  chart_series_add(&order.series, &sample);
}

static void order_comes_out_as_it_went_in(void **state) {
  (void)state;
  struct err err;
  add(TO_MS - DAY_MS, 1000);
  add(TO_MS - DAY_MS + 1, 1010.5);
  add(TO_MS - 1, 7);

  chart_order_format(&order, &json);
  assert_true(chart_order_parse(json.data, json.length, &read, &err));

  assert_string_equal(read.title, "Garage \"2\"");
  assert_string_equal(read.range, "last 24 hours");
  assert_string_equal(read.language, "es");
  assert_int_equal(read.miners, 3);
  assert_true(isnan(read.chip_limit_c));
  assert_true(read.series.from_ms == TO_MS - DAY_MS && read.series.to_ms == TO_MS);
  const struct chart_value *first = &read.series.columns[0].values[CHART_HASHRATE];
  assert_true(first->low == 1000 && first->high == 1010.5);
  assert_float_equal(chart_series_mean(&read.series, 0, CHART_HASHRATE), 1005.25, 0.001);
  assert_true(isnan(chart_series_mean(&read.series, 0, CHART_CHIP_TEMP)));
  assert_false(read.series.columns[1].answered);
  assert_true(read.series.columns[CHART_SERIES_COLUMNS - 1].answered);
}

static void fullest_order_is_within_the_limit(void **state) {
  (void)state;
  struct err err;
  memset(order.title, 'x', sizeof order.title - 1);
  for (int i = 0; i < CHART_SERIES_COLUMNS; i++) {
    order.series.columns[i].answered = true;
    for (int figure = 0; figure < CHART_FIGURE_COUNT; figure++)
      order.series.columns[i].values[figure] =
          (struct chart_value){-123456789012.345, 123456789012.345, 123456789012.345, 1};
  }

  chart_order_format(&order, &json);

  assert_true(json.length < CHART_ORDER_MAX_BYTES);
  assert_true(chart_order_parse(json.data, json.length, &read, &err));
}

static void what_is_no_order_is_refused(void **state) {
  (void)state;
  static const char *const rows[] = {
      "",
      "garbage",
      "[]",
      "{}",
      HEAD "\"from_ms\":1,\"to_ms\":2}",
      HEAD "\"from_ms\":2,\"to_ms\":2,\"columns\":[]}",
      HEAD "\"from_ms\":0,\"to_ms\":253402300799000,\"columns\":[]}",
      HEAD "\"from_ms\":1,\"to_ms\":2,\"columns\":[1]}",
      HEAD "\"from_ms\":1,\"to_ms\":2,\"columns\":[[0,1,2]]}",
      HEAD "\"from_ms\":1,\"to_ms\":2,\"columns\":[[432,1,1,1,1,1,1,1,1,1]]}",
      HEAD "\"from_ms\":1,\"to_ms\":2,\"columns\":[[-1,1,1,1,1,1,1,1,1,1]]}",
      HEAD "\"from_ms\":1,\"to_ms\":2,\"columns\":[[0,1,1,1,1,1,1,1,1,1e300]]}",
      HEAD "\"from_ms\":1,\"to_ms\":2,\"columns\":[[0,\"1\",1,1,1,1,1,1,1,1]]}",
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct err err = {.code = ERR_NONE};
    assert_false(chart_order_parse(rows[i], strlen(rows[i]), &read, &err));
    assert_int_not_equal(err.code, ERR_NONE);
  }
}

#define ORDER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      ORDER_TEST(order_comes_out_as_it_went_in),
      ORDER_TEST(fullest_order_is_within_the_limit),
      ORDER_TEST(what_is_no_order_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
