#include <math.h>

#include "alert/rules_inside.h"

enum alert_input rules_above(double value, double limit, double hysteresis) {
  if (!metric_is_known(value) || !metric_is_known(limit))
    return ALERT_IS_MISSING;
  if (value > limit)
    return ALERT_IS_BAD;
  return value < limit - hysteresis ? ALERT_IS_GOOD : ALERT_IS_BETWEEN;
}

enum alert_input rules_below(double value, double limit, double hysteresis) {
  return rules_above(-value, -limit, hysteresis);
}

/* A paused miner raises nothing, and counts as cooled down: its chip is off. */
static void read_heat(const struct alert_look *look, double value, struct alert_reading *reading) {
  if (look->context->sample->state == STATE_PAUSED) {
    reading->input = ALERT_IS_GOOD;
    return;
  }
  reading->value = value;
  reading->input = rules_above(value, look->tuning->limit, look->tuning->hysteresis);
}

void rules_chip_temp(const struct alert_look *look, struct alert_reading *reading) {
  const double *values = look->context->sample->values;
  /* The hotter of two; fmax ignores NaN. */
  read_heat(look, fmax(values[METRIC_CHIP_TEMP_C], values[METRIC_CHIP_TEMP2_C]), reading);
}

void rules_vr_temp(const struct alert_look *look, struct alert_reading *reading) {
  read_heat(look, look->context->sample->values[METRIC_VR_TEMP_C], reading);
}
