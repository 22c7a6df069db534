#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "model/sample.h"

static void a_new_sample_knows_nothing_but_its_time(void **state) {
  (void)state;
  struct sample sample;

  sample_init(&sample, 1234);

  assert_int_equal(sample.at_ms, 1234);
  assert_int_equal(sample.state, STATE_UNKNOWN);
  assert_int_equal(sample.reason, REASON_NONE);
  assert_int_equal(sample.flags, 0);
  for (int metric = 0; metric < METRIC_COUNT; metric++)
    assert_false(metric_is_known(sample.values[metric]));
}

static void efficiency_is_watts_per_terahash(void **state) {
  (void)state;
  struct sample sample;
  sample_init(&sample, 0);
  sample.values[METRIC_POWER_W] = 18.0;
  sample.values[METRIC_HASHRATE_GHS] = 1200.0;

  assert_true(fabs(sample_efficiency_j_th(&sample) - 15.0) < 1e-9);
}

static void efficiency_of_nothing_is_unknown(void **state) {
  (void)state;
  struct sample sample;
  sample_init(&sample, 0);

  assert_false(metric_is_known(sample_efficiency_j_th(&sample)));
  sample.values[METRIC_POWER_W] = 18.0;
  assert_false(metric_is_known(sample_efficiency_j_th(&sample)));
  sample.values[METRIC_HASHRATE_GHS] = 0.0;
  assert_false(metric_is_known(sample_efficiency_j_th(&sample)));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_sample_knows_nothing_but_its_time),
      cmocka_unit_test(efficiency_is_watts_per_terahash),
      cmocka_unit_test(efficiency_of_nothing_is_unknown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
