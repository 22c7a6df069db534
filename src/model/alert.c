#include "model/alert.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#include "base/str.h"
#include "model/metric.h"
#include "text_english.h"

/* The words stand in texts/en.json, once for all who show them. */
#define WORDS(key)                                                                                 \
  .name = #key, .title = TEXT_rule_##key##_title, .meaning = TEXT_rule_##key##_meaning,            \
  .advice = TEXT_rule_##key##_advice

static const struct alert_rule_facts rules[ALERT_RULE_COUNT] = {
    [ALERT_OFFLINE] = {WORDS(offline), .unit = "", .severity = ALERT_CRITICAL},
    [ALERT_CHIP_TEMP] = {WORDS(chip_temp), .unit = "°C", .severity = ALERT_WARNING},
    [ALERT_VR_TEMP] = {WORDS(vr_temp), .unit = "°C", .severity = ALERT_WARNING},
    [ALERT_UNRESPONSIVE] = {WORDS(unresponsive), .unit = "", .severity = ALERT_WARNING},
    [ALERT_OVERHEATED] = {WORDS(overheated), .unit = "°C", .severity = ALERT_CRITICAL},
    [ALERT_OVERHEAT_SLOW] = {WORDS(overheat_slow), .unit = "MHz", .severity = ALERT_WARNING,
                             .low_is_bad = true},
    [ALERT_HASHRATE_LOW] = {WORDS(hashrate_low), .unit = "%", .severity = ALERT_WARNING,
                            .low_is_bad = true},
    [ALERT_STALLED] = {WORDS(stalled), .unit = "s", .severity = ALERT_CRITICAL},
    [ALERT_NOT_HASHING] = {WORDS(not_hashing), .unit = "", .severity = ALERT_CRITICAL},
    [ALERT_REJECTED_SHARES] = {WORDS(rejected_shares), .unit = "%", .severity = ALERT_WARNING},
    [ALERT_ERROR_RATE] = {WORDS(error_rate), .unit = "%", .severity = ALERT_WARNING},
    [ALERT_FAN_STOPPED] = {WORDS(fan_stopped), .unit = "", .severity = ALERT_CRITICAL},
    [ALERT_INPUT_VOLTAGE] = {WORDS(input_voltage), .unit = "V", .severity = ALERT_WARNING,
                             .low_is_bad = true},
    [ALERT_POWER_FAULT] = {WORDS(power_fault), .unit = "", .severity = ALERT_CRITICAL},
    [ALERT_HARDWARE_FAULT] = {WORDS(hardware_fault), .unit = "", .severity = ALERT_CRITICAL},
    [ALERT_FALLBACK_POOL] = {WORDS(fallback_pool), .unit = "", .severity = ALERT_WARNING},
    [ALERT_POOL_LOST] = {WORDS(pool_lost), .unit = "", .severity = ALERT_CRITICAL},
    [ALERT_WEAK_WIFI] = {WORDS(weak_wifi), .unit = "dBm", .severity = ALERT_INFO,
                         .low_is_bad = true},
    [ALERT_RESTARTED] = {WORDS(restarted), .unit = "", .severity = ALERT_INFO, .moment = true},
    [ALERT_RESTART_LOOP] = {WORDS(restart_loop), .unit = "", .severity = ALERT_WARNING},
    [ALERT_LOW_MEMORY] = {WORDS(low_memory), .unit = "kB", .severity = ALERT_WARNING,
                          .low_is_bad = true},
    [ALERT_CHIP_LOST] = {WORDS(chip_lost), .unit = "", .severity = ALERT_WARNING},
    [ALERT_SETTINGS_CHANGED] = {WORDS(settings_changed), .unit = "", .severity = ALERT_INFO,
                                .moment = true},
    [ALERT_PAYOUT_ADDRESS] = {WORDS(payout_address), .unit = "", .severity = ALERT_CRITICAL},
    [ALERT_NEW_BEST] = {WORDS(new_best), .unit = "", .severity = ALERT_INFO, .moment = true,
                        .good_news = true},
    [ALERT_BLOCK_FOUND] = {WORDS(block_found), .unit = "", .severity = ALERT_CRITICAL,
                           .moment = true, .good_news = true},
    [ALERT_MONITOR_DISK] = {WORDS(monitor_disk), .unit = "", .severity = ALERT_CRITICAL,
                            .of_monitor = true},
    [ALERT_MONITOR_DATABASE] = {WORDS(monitor_database), .unit = "", .severity = ALERT_CRITICAL,
                                .of_monitor = true},
    [ALERT_MONITOR_OFF] = {WORDS(monitor_off), .unit = "", .severity = ALERT_INFO, .moment = true,
                           .of_monitor = true},
    [ALERT_MONITOR_CHANNEL] = {WORDS(monitor_channel), .unit = "", .severity = ALERT_WARNING,
                               .of_monitor = true},
};

const struct alert_rule_facts *alert_rule_facts(enum alert_rule rule) {
  assert(rule >= 0 && rule < ALERT_RULE_COUNT);
  return &rules[rule];
}

bool alert_rule_find(const char *name, enum alert_rule *out) {
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++) {
    if (str_equal(name, rules[rule].name)) {
      *out = (enum alert_rule)rule;
      return true;
    }
  }
  return false;
}

bool alert_phase_is_open(enum alert_phase phase) {
  return phase == ALERT_FIRING || phase == ALERT_RECOVERING || phase == ALERT_ACKNOWLEDGED;
}

static const char *const severities[] = {
    [ALERT_INFO] = "info",
    [ALERT_WARNING] = "warning",
    [ALERT_CRITICAL] = "critical",
};

const char *alert_severity_name(enum alert_severity severity) {
  assert(severity >= ALERT_INFO && severity <= ALERT_CRITICAL);
  return severities[severity];
}

bool alert_severity_find(const char *name, enum alert_severity *out) {
  for (int severity = ALERT_INFO; severity <= ALERT_CRITICAL; severity++) {
    if (str_equal(name, severities[severity])) {
      *out = (enum alert_severity)severity;
      return true;
    }
  }
  return false;
}

const char *alert_event_kind_name(enum alert_event_kind kind) {
  static const char *const names[ALERT_EVENT_KIND_COUNT] = {
      [ALERT_RAISED] = "raised",      [ALERT_REMINDED] = "reminded", [ALERT_CLEARED] = "cleared",
      [ALERT_ACKED] = "acknowledged", [ALERT_CHANGED] = "changed",   [ALERT_HAPPENED] = "happened",
  };
  assert(kind >= 0 && kind < ALERT_EVENT_KIND_COUNT);
  return names[kind];
}

void alert_rule_setting_init(struct alert_rule_setting *setting, int64_t miner_id,
                             enum alert_rule rule) {
  *setting = (struct alert_rule_setting){
      .miner_id = miner_id,
      .rule = rule,
      .enabled = ALERT_UNSET,
      .severity = ALERT_UNSET,
      .limit = METRIC_UNKNOWN,
      .hysteresis = METRIC_UNKNOWN,
      .hold_ms = ALERT_UNSET,
      .clear_ms = ALERT_UNSET,
      .cooldown_ms = ALERT_UNSET,
      .reminder_ms = ALERT_UNSET,
  };
}

bool alert_rule_setting_is_empty(const struct alert_rule_setting *setting) {
  return setting->enabled == ALERT_UNSET && setting->severity == ALERT_UNSET &&
         isnan(setting->limit) && isnan(setting->hysteresis) && setting->hold_ms == ALERT_UNSET &&
         setting->clear_ms == ALERT_UNSET && setting->cooldown_ms == ALERT_UNSET &&
         setting->reminder_ms == ALERT_UNSET;
}
