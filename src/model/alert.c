#include "model/alert.h"

#include <assert.h>
#include <stddef.h>

#include "base/str.h"

static const struct alert_rule_facts rules[ALERT_RULE_COUNT] = {
    [ALERT_OFFLINE] =
        {
            .name = "offline",
            .title = "Not reachable",
            .meaning = "The monitor cannot read this miner any more. It may be switched off, off "
                       "the Wi-Fi, or still mining without answering.",
            .advice = "Check that its display is on and your Wi-Fi works, then unplug it for ten "
                      "seconds and plug it in again.",
            .severity = ALERT_CRITICAL,
        },
    [ALERT_CHIP_TEMP] =
        {
            .name = "chip_temp",
            .title = "Chip too hot",
            .meaning = "The mining chip is hotter than it should be. If it gets hotter still, the "
                       "miner stops by itself to protect the chip.",
            .advice = "Check that the fan turns and the air can flow freely, clean out dust, or "
                      "lower the frequency in the miner's settings.",
            .severity = ALERT_WARNING,
        },
    [ALERT_VR_TEMP] =
        {
            .name = "vr_temp",
            .title = "Voltage regulator too hot",
            .meaning = "The part that supplies the chip with power is hotter than it should be. "
                       "Long heat shortens its life.",
            .advice = "Let the fan's air reach the back of the board too, add small heat sinks, or "
                      "lower the core voltage in the miner's settings.",
            .severity = ALERT_WARNING,
        },
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

const char *alert_phase_name(enum alert_phase phase) {
  static const char *const names[] = {
      [ALERT_OK] = "ok",
      [ALERT_PENDING] = "pending",
      [ALERT_FIRING] = "firing",
      [ALERT_RECOVERING] = "recovering",
  };
  assert(phase >= ALERT_OK && phase <= ALERT_RECOVERING);
  return names[phase];
}

const char *alert_severity_name(enum alert_severity severity) {
  static const char *const names[] = {
      [ALERT_INFO] = "info",
      [ALERT_WARNING] = "warning",
      [ALERT_CRITICAL] = "critical",
  };
  assert(severity >= ALERT_INFO && severity <= ALERT_CRITICAL);
  return names[severity];
}
