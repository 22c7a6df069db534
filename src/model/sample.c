#include "model/sample.h"

void sample_init(struct sample *sample, int64_t at_ms) {
  *sample = (struct sample){.at_ms = at_ms, .state = STATE_UNKNOWN, .reason = REASON_NONE};
  for (int metric = 0; metric < METRIC_COUNT; metric++)
    sample->values[metric] = METRIC_UNKNOWN;
}

double sample_efficiency_j_th(const struct sample *sample) {
  double hashrate_ghs = sample->values[METRIC_HASHRATE_GHS];
  double power_w = sample->values[METRIC_POWER_W];
  if (!metric_is_known(hashrate_ghs) || !metric_is_known(power_w) || hashrate_ghs <= 0.0)
    return METRIC_UNKNOWN;
  return power_w / hashrate_ghs * 1000.0;
}
