#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "model/metric.h"

static void every_metric_has_words_and_is_found_by_its_name(void **state) {
  (void)state;
  for (int metric = 0; metric < METRIC_COUNT; metric++) {
    const struct metric_facts *facts = metric_facts((enum metric)metric);
    enum metric found = METRIC_COUNT;

    assert_true(strlen(facts->title) > 0);
    assert_true(strlen(facts->help) > 0);
    assert_non_null(facts->unit);
    assert_true(metric_find(facts->name, &found));
    assert_int_equal(found, metric);
  }
  assert_false(metric_find("humidity", &(enum metric){0}));
}

/* True when `name` ends with `ending`. */
static bool ends_with(const char *name, const char *ending) {
  size_t name_length = strlen(name), length = strlen(ending);
  return name_length >= length && strcmp(name + name_length - length, ending) == 0;
}

static void the_unit_stands_in_the_name(void **state) {
  (void)state;
  static const struct {
    const char *unit, *ending;
  } pairs[] = {{"GH/s", "_ghs"}, {"°C", "_c"},  {"W", "_w"},        {"mV", "_mv"},
               {"MHz", "_mhz"},  {"%", "_pct"}, {"rpm", "_rpm"},    {"dBm", "_dbm"},
               {"s", "_s"},      {"ms", "_ms"}, {"bytes", "_bytes"}};

  for (int metric = 0; metric < METRIC_COUNT; metric++) {
    const struct metric_facts *facts = metric_facts((enum metric)metric);
    bool known = facts->unit[0] == '\0';
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
      known = known ||
              (strcmp(facts->unit, pairs[i].unit) == 0 && ends_with(facts->name, pairs[i].ending));
    assert_true(known);
  }
}

static void the_bounds_themselves_can_be_stored(void **state) {
  (void)state;
  for (int m = 0; m < METRIC_COUNT; m++) {
    enum metric metric = (enum metric)m;
    const struct metric_facts *facts = metric_facts(metric);

    assert_true(metric_from_stored(metric, metric_to_stored(metric, facts->minimum)) ==
                facts->minimum);
    assert_true(metric_from_stored(metric, metric_to_stored(metric, facts->maximum)) ==
                facts->maximum);
  }
}

static void what_devices_measure_survives_storage_exactly(void **state) {
  (void)state;
  static const struct {
    enum metric metric;
    double value;
  } cases[] = {
      {METRIC_CHIP_TEMP_C, 58.125},   {METRIC_CHIP_TEMP_C, -0.875},
      {METRIC_HASHRATE_GHS, 1071.34}, {METRIC_POWER_W, 18.437},
      {METRIC_FREQUENCY_MHZ, 485.25}, {METRIC_BEST_DIFF, 4290123456.0},
      {METRIC_WIFI_RSSI_DBM, -61},    {METRIC_POOL_DIFFICULTY, 0.125},
      {METRIC_ERROR_PCT, 0.333},      {METRIC_FAN_PCT, 42.5},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    int64_t stored = metric_to_stored(cases[i].metric, cases[i].value);
    assert_true(metric_from_stored(cases[i].metric, stored) == cases[i].value);
  }
}

static void unknown_stays_unknown(void **state) {
  (void)state;

  assert_false(metric_is_known(METRIC_UNKNOWN));
  assert_true(metric_is_known(0.0));
  assert_true(metric_to_stored(METRIC_POWER_W, METRIC_UNKNOWN) == METRIC_STORED_UNKNOWN);
  assert_false(metric_is_known(metric_from_stored(METRIC_POWER_W, METRIC_STORED_UNKNOWN)));
}

static void nonsense_becomes_unknown(void **state) {
  (void)state;
  static const struct {
    enum metric metric;
    double value;
  } cases[] = {
      {METRIC_HASHRATE_GHS, 9.5e8}, {METRIC_HASHRATE_GHS, -1},  {METRIC_CHIP_TEMP_C, 300},
      {METRIC_FAN_PCT, 101},        {METRIC_POWER_W, NAN},      {METRIC_POWER_W, INFINITY},
      {METRIC_POWER_W, -INFINITY},  {METRIC_WIFI_RSSI_DBM, 30}, {METRIC_BEST_DIFF, 1e19},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    assert_false(metric_is_known(metric_checked(cases[i].metric, cases[i].value)));
  assert_true(metric_checked(METRIC_CHIP_TEMP_C, 58.1) == 58.1);
}

static void what_does_not_fit_in_64_bits_is_stored_as_unknown(void **state) {
  (void)state;

  assert_true(metric_to_stored(METRIC_BEST_DIFF, 1e19) == METRIC_STORED_UNKNOWN);
  assert_true(metric_to_stored(METRIC_BEST_DIFF, -1e19) == METRIC_STORED_UNKNOWN);
  assert_true(metric_to_stored(METRIC_BEST_DIFF, INFINITY) == METRIC_STORED_UNKNOWN);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_metric_has_words_and_is_found_by_its_name),
      cmocka_unit_test(the_unit_stands_in_the_name),
      cmocka_unit_test(the_bounds_themselves_can_be_stored),
      cmocka_unit_test(what_devices_measure_survives_storage_exactly),
      cmocka_unit_test(unknown_stays_unknown),
      cmocka_unit_test(nonsense_becomes_unknown),
      cmocka_unit_test(what_does_not_fit_in_64_bits_is_stored_as_unknown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
