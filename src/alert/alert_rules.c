#include "alert/alert_rules.h"

#include "alert/rules_inside.h"

/* What a pause by the user means. It raises nothing in any case. */
enum pause {
  PAUSE_CLOSES, /* about work that is not asked for: closed without a word of being well */
  PAUSE_STOPS,  /* about something that a pause does not mend: stands still */
  PAUSE_READS,  /* the rule decides */
};

/* The rules of a miner; a row without `read` is a moment or the monitor's own. */
static const struct rule {
  rules_read *read;
  rules_detail *detail; /* NULL: none */
  enum pause pause;
} rules[ALERT_RULE_COUNT] = {
    [ALERT_OFFLINE] = {rules_offline, NULL, PAUSE_READS},
    [ALERT_UNRESPONSIVE] = {rules_unresponsive, NULL, PAUSE_READS},
    [ALERT_CHIP_TEMP] = {rules_chip_temp, NULL, PAUSE_READS},
    [ALERT_VR_TEMP] = {rules_vr_temp, NULL, PAUSE_READS},
    [ALERT_OVERHEATED] = {rules_overheated, rules_flag_detail, PAUSE_CLOSES},
    [ALERT_OVERHEAT_SLOW] = {rules_overheat_slow, NULL, PAUSE_STOPS},
    [ALERT_HASHRATE_LOW] = {rules_hashrate_low, NULL, PAUSE_CLOSES},
    [ALERT_STALLED] = {rules_stalled, NULL, PAUSE_CLOSES},
    [ALERT_NOT_HASHING] = {rules_not_hashing, NULL, PAUSE_CLOSES},
    [ALERT_REJECTED_SHARES] = {rules_rejected_shares, NULL, PAUSE_CLOSES},
    [ALERT_ERROR_RATE] = {rules_error_rate, NULL, PAUSE_CLOSES},
    [ALERT_FAN_STOPPED] = {rules_fan_stopped, rules_fan_detail, PAUSE_CLOSES},
    [ALERT_INPUT_VOLTAGE] = {rules_input_voltage, NULL, PAUSE_CLOSES},
    [ALERT_POWER_FAULT] = {rules_power_fault, rules_fault_detail, PAUSE_CLOSES},
    [ALERT_HARDWARE_FAULT] = {rules_hardware_fault, rules_fault_detail, PAUSE_CLOSES},
    [ALERT_FALLBACK_POOL] = {rules_fallback_pool, rules_pool_detail, PAUSE_CLOSES},
    [ALERT_POOL_LOST] = {rules_pool_lost, NULL, PAUSE_CLOSES},
    [ALERT_WEAK_WIFI] = {rules_weak_wifi, NULL, PAUSE_STOPS},
    [ALERT_RESTART_LOOP] = {rules_restart_loop, NULL, PAUSE_STOPS},
    [ALERT_LOW_MEMORY] = {rules_low_memory, NULL, PAUSE_STOPS},
    [ALERT_CHIP_LOST] = {rules_chip_lost, rules_chip_detail, PAUSE_CLOSES},
    [ALERT_PAYOUT_ADDRESS] = {rules_payout_address, rules_payout_detail, PAUSE_STOPS},
};

/* They are about the silence itself; all others stand still while it lasts. */
static bool is_about_silence(enum alert_rule rule) {
  return rule == ALERT_OFFLINE || rule == ALERT_UNRESPONSIVE;
}

void alert_rules_read(enum alert_rule rule, const struct alert_look *look,
                      struct alert_reading *reading) {
  const struct rule *row = &rules[rule];
  bool paused = look->context->sample->state == STATE_PAUSED;
  *reading = (struct alert_reading){
      .input = ALERT_IS_MISSING, .value = METRIC_UNKNOWN, .limit = look->tuning.limit};
  if (row->read == NULL || (look->watch->away && !is_about_silence(rule)))
    return;
  if (!paused || row->pause == PAUSE_READS)
    row->read(look, reading);
  else if (row->pause == PAUSE_CLOSES || look->memories[rule].phase == ALERT_PENDING)
    reading->input = ALERT_IS_VOID;
}

void alert_rules_detail(enum alert_rule rule, const struct alert_look *look,
                        enum alert_event_kind kind, char detail[ALERT_DETAIL_MAX]) {
  detail[0] = '\0';
  bool tells = kind == ALERT_RAISED || kind == ALERT_REMINDED ||
               (kind == ALERT_CLEARED && rule == ALERT_OVERHEATED);
  if (rules[rule].detail != NULL && tells)
    rules[rule].detail(look, detail);
}
