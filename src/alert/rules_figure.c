#include <math.h>

#include "alert/rules_inside.h"
#include "base/str.h"
#include "model/text.h"

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
  reading->input = rules_above(value, look->tuning.limit, look->tuning.hysteresis);
}

void rules_chip_temp(const struct alert_look *look, struct alert_reading *reading) {
  const double *values = look->context->sample->values;
  /* The hotter of two; fmax ignores NaN. */
  read_heat(look, fmax(values[METRIC_CHIP_TEMP_C], values[METRIC_CHIP_TEMP2_C]), reading);
}

void rules_vr_temp(const struct alert_look *look, struct alert_reading *reading) {
  read_heat(look, look->context->sample->values[METRIC_VR_TEMP_C], reading);
}

void rules_error_rate(const struct alert_look *look, struct alert_reading *reading) {
  reading->value = look->watch->error_pct;
  reading->input = rules_above(reading->value, reading->limit, look->tuning.hysteresis);
}

/* --- fans --- */

enum { LEAST_DUTY_PCT = 20 }; /* below it some fans stand still, as they should */

/* A fan that was never seen turning may have no tachometer: nothing is said of it.
 * The second one's 0 rpm cannot be told from none, so its silence counts. */
static bool has_stopped(const struct alert_look *look, int fan) {
  const double *values = look->context->sample->values;
  double rpm = values[fan == 0 ? METRIC_FAN_RPM : METRIC_FAN2_RPM];
  bool silent = fan == 1 && isnan(rpm) && metric_is_known(values[METRIC_FAN_RPM]);
  return look->watch->fan_turned[fan] && (rpm == 0 || silent);
}

void rules_fan_stopped(const struct alert_look *look, struct alert_reading *reading) {
  const double *values = look->context->sample->values;
  if (!look->watch->fan_turned[0] && !look->watch->fan_turned[1])
    return;
  if (isnan(values[METRIC_FAN_RPM]) && isnan(values[METRIC_FAN2_RPM]))
    return;
  bool stopped = has_stopped(look, 0) || has_stopped(look, 1);
  if (stopped && !(values[METRIC_FAN_PCT] >= LEAST_DUTY_PCT))
    return;
  reading->value = values[METRIC_FAN_PCT];
  reading->input = stopped ? ALERT_IS_BAD : ALERT_IS_GOOD;
}

void rules_fan_detail(const struct alert_look *look, char detail[ALERT_DETAIL_MAX]) {
  bool second = has_stopped(look, 1) && !has_stopped(look, 0);
  str_copy(detail, ALERT_DETAIL_MAX, text_get(NULL, second ? "detail.fan_second" : "detail.fan"));
}

/* --- power, network, memory --- */

void rules_input_voltage(const struct alert_look *look, struct alert_reading *reading) {
  reading->value = look->context->sample->values[METRIC_INPUT_VOLTAGE_MV] / 1000;
  reading->input = rules_below(reading->value, reading->limit, look->tuning.hysteresis);
}

void rules_weak_wifi(const struct alert_look *look, struct alert_reading *reading) {
  reading->value = look->context->sample->values[METRIC_WIFI_RSSI_DBM];
  reading->input = rules_below(reading->value, reading->limit, look->tuning.hysteresis);
}

/* Little left of the memory that the web server lives on, or half of what there was a
 * day ago: a leak ends in a crash. */
void rules_low_memory(const struct alert_look *look, struct alert_reading *reading) {
  const struct alert_watch *watch = look->watch;
  const struct vitals *vitals = look->context->vitals;
  bool is_internal = vitals != NULL && metric_is_known(vitals->heap_internal_bytes);
  bool leaks = watch->heap < 0.5F * watch->heap_high_before; /* false when unknown */
  reading->value = (double)watch->heap / 1024;
  if (leaks)
    reading->input = ALERT_IS_BAD;
  else if (is_internal)
    reading->input = rules_below(reading->value, reading->limit, look->tuning.hysteresis);
  else if (!isnan(watch->heap))
    reading->input = ALERT_IS_GOOD;
}
