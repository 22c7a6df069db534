#include <math.h>

#include "alert/rules_inside.h"
#include "base/str.h"
#include "model/text.h"

/* Whichever of the two was told first has the silence to itself: a host that goes
 * after its web server did (or comes back before it) is no second message. */
static void read_silence(const struct alert_look *look, enum miner_state mine,
                         enum alert_rule other, struct alert_reading *reading) {
  enum alert_rule rule = mine == STATE_OFFLINE ? ALERT_OFFLINE : ALERT_UNRESPONSIVE;
  const struct sample *sample = look->context->sample;
  bool gone = sample->state == STATE_OFFLINE || sample->state == STATE_UNRESPONSIVE;
  if (!look->watch->away) {
    reading->input = ALERT_IS_GOOD;
    return;
  }
  reading->reason = (int)sample->reason;
  bool told_otherwise = alert_phase_is_open(look->memories[other].phase);
  bool is_mine = sample->state == mine || alert_phase_is_open(look->memories[rule].phase);
  if (!told_otherwise && (!gone || look->watch->maintenance_ms > 0))
    reading->input = ALERT_IS_SUSPECT; /* an update restarts it more than once */
  else
    reading->input = !told_otherwise && is_mine ? ALERT_IS_BAD : ALERT_IS_GOOD;
}

void rules_offline(const struct alert_look *look, struct alert_reading *reading) {
  read_silence(look, STATE_OFFLINE, ALERT_UNRESPONSIVE, reading);
}

void rules_unresponsive(const struct alert_look *look, struct alert_reading *reading) {
  read_silence(look, STATE_UNRESPONSIVE, ALERT_OFFLINE, reading);
}

/* --- heat --- */

/* The firmware's overheat mode. While it hashes at full speed with the flag still set
 * (old firmware keeps it) the judge calls it hashing. */
void rules_overheated(const struct alert_look *look, struct alert_reading *reading) {
  const struct sample *sample = look->context->sample;
  if (sample->state == STATE_OVERHEATED) {
    reading->input = ALERT_IS_BAD;
    reading->value = fmax(sample->values[METRIC_CHIP_TEMP_C], sample->values[METRIC_CHIP_TEMP2_C]);
    reading->reason = (int)sample->reason;
  } else if (sample->state == STATE_HASHING) {
    reading->input = ALERT_IS_GOOD;
  }
}

/* Firmware up to 2.10 keeps the flag until somebody takes it away: a notice, no alert. */
void rules_flag_detail(const struct alert_look *look, char detail[ALERT_DETAIL_MAX]) {
  const struct sample *sample = look->context->sample;
  if (sample->state == STATE_HASHING && (sample->flags & SAMPLE_OVERHEAT_FLAG) != 0)
    str_copy(detail, ALERT_DETAIL_MAX, text_get(NULL, "detail.overheat_flag"));
}

/* After a restart of the monitor what was remembered is in the alert itself. */
static void remember_slow(const struct alert_look *look) {
  const struct alert_memory *memory = &look->memories[ALERT_OVERHEAT_SLOW];
  if (!isnan(look->watch->slow_from_mhz) || memory->phase == ALERT_OK ||
      look->watch->normal_mhz != (float)memory->value)
    return;
  look->watch->slow_from_mhz = (float)memory->limit;
  look->watch->slow_mhz = (float)memory->value;
}

void rules_overheat_slow(const struct alert_look *look, struct alert_reading *reading) {
  const struct sample *sample = look->context->sample;
  if (sample->state != STATE_HASHING)
    return;
  remember_slow(look);
  reading->value = sample->values[METRIC_FREQUENCY_MHZ];
  reading->limit = look->watch->slow_from_mhz;
  reading->input = isnan(reading->limit) ? ALERT_IS_GOOD : ALERT_IS_BAD;
}

/* --- work --- */

/* These are told by rules of their own. */
static bool has_own_rule(enum reason reason) {
  return reason == REASON_FROZEN || reason == REASON_POOLS_UNREACHABLE;
}

void rules_not_hashing(const struct alert_look *look, struct alert_reading *reading) {
  const struct sample *sample = look->context->sample;
  bool self_test = sample->state == STATE_FAULT && sample->reason == REASON_SELF_TEST;
  if (self_test || (sample->state == STATE_NOT_HASHING && !has_own_rule(sample->reason))) {
    reading->input = ALERT_IS_BAD;
    reading->reason = (int)sample->reason;
  } else if (sample->state == STATE_HASHING) {
    reading->input = ALERT_IS_GOOD;
  }
}

static void read_fault(const struct alert_look *look, enum reason mine,
                       struct alert_reading *reading) {
  const struct sample *sample = look->context->sample;
  if (sample->state == STATE_FAULT && sample->reason == mine) {
    reading->input = ALERT_IS_BAD;
    reading->reason = (int)mine;
  } else if (sample->state != STATE_STARTING) { /* which says nothing yet */
    reading->input = ALERT_IS_GOOD;
  }
}

void rules_power_fault(const struct alert_look *look, struct alert_reading *reading) {
  read_fault(look, REASON_POWER_FAULT, reading);
}

void rules_hardware_fault(const struct alert_look *look, struct alert_reading *reading) {
  read_fault(look, REASON_HARDWARE_FAULT, reading);
}

void rules_fault_detail(const struct alert_look *look, char detail[ALERT_DETAIL_MAX]) {
  str_copy(detail, ALERT_DETAIL_MAX, look->context->facts->fault);
}

/* --- pools --- */

void rules_fallback_pool(const struct alert_look *look, struct alert_reading *reading) {
  const struct sample *sample = look->context->sample;
  if (sample->state != STATE_HASHING)
    return;
  reading->input = (sample->flags & SAMPLE_FALLBACK_POOL) != 0 ? ALERT_IS_BAD : ALERT_IS_GOOD;
}

void rules_pool_detail(const struct alert_look *look, char detail[ALERT_DETAIL_MAX]) {
  str_copy(detail, ALERT_DETAIL_MAX, look->context->facts->pool_host);
}

void rules_pool_lost(const struct alert_look *look, struct alert_reading *reading) {
  const struct sample *sample = look->context->sample;
  if (sample->state == STATE_NOT_HASHING && sample->reason == REASON_POOLS_UNREACHABLE) {
    reading->input = ALERT_IS_BAD;
    reading->reason = REASON_POOLS_UNREACHABLE;
  } else if (sample->state == STATE_HASHING) {
    reading->input = ALERT_IS_GOOD;
  }
}

/* --- restarts --- */

enum { CALM_S = 6 * 60 * 60 };

void rules_restart_loop(const struct alert_look *look, struct alert_reading *reading) {
  const struct alert_watch *watch = look->watch;
  reading->value = watch->boot_count;
  if (watch->boot_count > reading->limit && watch->boots_ago_s[0] < CALM_S)
    reading->input = ALERT_IS_BAD;
  else if (watch->boot_count == 0 || watch->boots_ago_s[0] >= CALM_S)
    reading->input = ALERT_IS_GOOD;
  else
    reading->input = ALERT_IS_BETWEEN;
}
