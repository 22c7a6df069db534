/* That a chart loses no spike, keeps its order and shows its gaps. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "api/chart.h"
#include "base/json.h"

static struct sample sample_at(int64_t at_ms, double ghs) {
  struct sample sample;
  sample_init(&sample, at_ms);
  sample.values[METRIC_HASHRATE_GHS] = ghs;
  return sample;
}

static struct chart *chart_of(int64_t from_ms, int64_t to_ms, int64_t points) {
  return chart_create(&(struct chart_options){.from_ms = from_ms,
                                              .to_ms = to_ms,
                                              .points = points,
                                              .columns = UINT64_C(1) << METRIC_HASHRATE_GHS});
}

static void add(struct chart *chart, int64_t at_ms, double ghs) {
  struct sample sample = sample_at(at_ms, ghs);
  chart_add(chart, &sample);
}

/* The chart as JSON; release with json_free. */
static struct json *read_chart(struct chart *chart) {
  struct buf body;
  struct json_write json;
  struct err err;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  chart_write(chart, &json);
  json_write_object_end(&json);
  struct json *root = json_parse(body.data, body.length, NULL, &err);
  assert_non_null(root);
  buf_finish(&body);
  return root;
}

static const struct json *column(const struct json *root, int index) {
  const struct json *item = json_first(json_get(root, "data"));
  for (; index > 0; index--)
    item = json_next(item);
  return item;
}

static bool is_reduced(const struct json *root) {
  bool reduced = false;
  assert_true(json_bool(json_get(root, "reduced"), &reduced));
  return reduced;
}

static void few_samples_are_all_in_it(void **state) {
  (void)state;
  struct chart *chart = chart_of(1, 100000, 10);
  add(chart, 1000, 5);
  add(chart, 2000, NAN);
  add(chart, 3000, 7);

  struct json *root = read_chart(chart);

  assert_false(is_reduced(root));
  assert_int_equal(json_count(column(root, 0)), 3);
  const struct json *value = json_first(column(root, 1));
  double number;
  assert_true(json_number(value, &number) && number == 5);
  value = json_next(value);
  assert_int_equal(json_type(value), JSON_NULL);
  json_free(root);
  chart_destroy(chart);
}

static void no_spike_is_lost_when_it_is_reduced(void **state) {
  (void)state;
  enum { COUNT = 10000, POINTS = 100 };
  struct chart *chart = chart_of(1, COUNT * 1000, POINTS);
  for (int i = 0; i < COUNT; i++)
    add(chart, 1 + i * 1000, i == 4321 ? 9999 : i == 7777 ? 1 : 1000);

  struct json *root = read_chart(chart);

  assert_true(is_reduced(root));
  size_t points = json_count(column(root, 0));
  assert_true(points <= POINTS);
  assert_int_equal(points, json_count(column(root, 1)));
  double low = 1e9, high = 0, number;
  for (const struct json *v = json_first(column(root, 1)); v != NULL; v = json_next(v)) {
    assert_true(json_number(v, &number));
    low = fmin(low, number);
    high = fmax(high, number);
  }
  assert_true(low == 1);
  assert_true(high == 9999);
  json_free(root);
  chart_destroy(chart);
}

static void times_only_grow_whatever_the_order_of_arrival(void **state) {
  (void)state;
  for (int count = 20; count <= 2000; count *= 10) {
    struct chart *chart = chart_of(1, 3000000, 50);
    for (int i = 0; i < count; i++)
      add(chart, 1 + (int64_t)(i ^ 3) * 1000, i);

    struct json *root = read_chart(chart);

    double before = 0, number;
    for (const struct json *v = json_first(column(root, 0)); v != NULL; v = json_next(v)) {
      assert_true(json_number(v, &number));
      assert_true(number > before);
      before = number;
    }
    json_free(root);
    chart_destroy(chart);
  }
}

static int count_nulls(const struct json *array) {
  int nulls = 0;
  for (const struct json *v = json_first(array); v != NULL; v = json_next(v))
    nulls += json_type(v) == JSON_NULL;
  return nulls;
}

static void silence_is_a_point_of_null(void **state) {
  (void)state;
  for (int count = 5; count <= 500; count *= 100) {
    struct chart *chart = chart_of(1, 4000000, 60);
    for (int i = 0; i < count; i++)
      add(chart, 1 + i * 1000, 1000);
    for (int i = 0; i < count; i++)
      add(chart, 2000000 + i * 1000, 1000);

    struct json *root = read_chart(chart);

    assert_int_equal(is_reduced(root), count == 500);
    assert_int_equal(count_nulls(column(root, 1)), 1);
    json_free(root);
    chart_destroy(chart);
  }
}

static void samples_outside_the_range_are_ignored(void **state) {
  (void)state;
  struct chart *chart = chart_of(1000, 2000, 10);
  add(chart, 999, 1);
  add(chart, 1000, 2);
  add(chart, 2000, 3);

  struct json *root = read_chart(chart);

  assert_int_equal(json_count(column(root, 0)), 1);
  json_free(root);
  chart_destroy(chart);
}

static void columns_are_named_by_figures_and_the_efficiency(void **state) {
  (void)state;
  struct err err;
  uint64_t mask = 0;
  assert_true(chart_parse_columns("power_w,efficiency_j_th", &mask, &err));
  assert_true(mask == ((UINT64_C(1) << METRIC_POWER_W) | (UINT64_C(1) << CHART_EFFICIENCY)));
  assert_true(chart_parse_columns(NULL, &mask, &err));
  assert_true(mask == (UINT64_C(1) << CHART_COLUMN_COUNT) - 1);
  assert_false(chart_parse_columns("power_w,luck", &mask, &err));
  assert_non_null(strstr(err.text, "luck"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(few_samples_are_all_in_it),
      cmocka_unit_test(no_spike_is_lost_when_it_is_reduced),
      cmocka_unit_test(times_only_grow_whatever_the_order_of_arrival),
      cmocka_unit_test(silence_is_a_point_of_null),
      cmocka_unit_test(samples_outside_the_range_are_ignored),
      cmocka_unit_test(columns_are_named_by_figures_and_the_efficiency),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
