#include "store_samples.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

void make_realistic_sample(struct rand *rand, struct sample *sample, int n) {
  double hour = n / 360.0;
  int accepted = 1200 + n / 2;
  int rejected = 3 + n / 700;
  double *v = sample->values;
  sample_init(sample, SAMPLES_START_MS + n * INT64_C(10000));
  sample->offset_ms = (int32_t)rand_below(rand, 60) + 20;
  sample->state = STATE_HASHING;
  v[METRIC_HASHRATE_GHS] = 1071 + rand_normal(rand) * 60;
  v[METRIC_EXPECTED_HASHRATE_GHS] = 1071;
  v[METRIC_CHIP_TEMP_C] = 58 + 2 * sin(hour) + round(rand_normal(rand) * 2) / 8;
  v[METRIC_VR_TEMP_C] = 61 + 2 * sin(hour) + round(rand_normal(rand) / 2);
  v[METRIC_POWER_W] = 18.4 + rand_normal(rand) * 0.15;
  v[METRIC_INPUT_VOLTAGE_MV] = 5040 + round(rand_normal(rand) * 8);
  v[METRIC_CORE_VOLTAGE_MV] = 1150;
  v[METRIC_CORE_VOLTAGE_ACTUAL_MV] = 1141 + round(rand_normal(rand) * 2);
  v[METRIC_FREQUENCY_MHZ] = 525;
  v[METRIC_FAN_PCT] = 42 + round(sin(hour) * 3);
  v[METRIC_FAN_RPM] = 4100 + round(rand_normal(rand) * 20);
  v[METRIC_WIFI_RSSI_DBM] = -61 + round(rand_normal(rand));
  v[METRIC_UPTIME_S] = 86400 + n * 10;
  v[METRIC_SHARES_ACCEPTED] = accepted;
  v[METRIC_SHARES_REJECTED] = rejected;
  v[METRIC_BEST_DIFF] = 4.29e9;
  v[METRIC_BEST_SESSION_DIFF] = n < 400 ? 1.2e8 : 3.1e8;
  v[METRIC_POOL_DIFFICULTY] = 8192;
  v[METRIC_ERROR_PCT] = 0.3 + rand_unit(rand) * 0.05;
  v[METRIC_RESPONSE_MS] = 35 + round(rand_exponential(rand) * 10);
  v[METRIC_FREE_HEAP_BYTES] = 8200000 + round(rand_normal(rand) * 2000);
  v[METRIC_BLOCKS_FOUND] = 0;
}

static double wild_value(struct rand *rand, enum metric metric) {
  const struct metric_facts *facts = metric_facts(metric);
  switch (rand_below(rand, 4)) {
  case 0:
    return METRIC_UNKNOWN;
  case 1:
    return facts->minimum;
  case 2:
    return facts->maximum;
  default:
    return facts->minimum + rand_unit(rand) * (facts->maximum - facts->minimum);
  }
}

void make_wild_sample(struct rand *rand, struct sample *sample, int n) {
  (void)n;
  sample_init(sample, (int64_t)(rand_u64(rand) >> rand_below(rand, 64)));
  sample->offset_ms = (int32_t)rand_u64(rand);
  sample->state = (enum miner_state)rand_below(rand, STATE_COUNT);
  sample->reason = (enum reason)rand_below(rand, REASON_COUNT);
  sample->flags = (uint32_t)rand_u64(rand);
  for (int m = 0; m < METRIC_COUNT; m++)
    sample->values[m] = wild_value(rand, (enum metric)m);
}

void expect_same_sample(const struct sample *got, const struct sample *sent) {
  assert_true(got->at_ms == sent->at_ms);
  assert_int_equal(got->offset_ms, sent->offset_ms);
  assert_int_equal(got->state, sent->state);
  assert_int_equal(got->reason, sent->reason);
  assert_int_equal(got->flags, sent->flags);
  for (int i = 0; i < METRIC_COUNT; i++) {
    enum metric metric = (enum metric)i;
    int64_t stored = metric_to_stored(metric, sent->values[i]);
    assert_true(metric_to_stored(metric, got->values[i]) == stored);
    assert_true(metric_is_known(got->values[i]) == (stored != METRIC_STORED_UNKNOWN));
    if (stored != METRIC_STORED_UNKNOWN)
      assert_true(got->values[i] == metric_from_stored(metric, stored));
  }
}
