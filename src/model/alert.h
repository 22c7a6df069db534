/* The words of alerting that several floors share: rules, phases, events. */
#ifndef MODEL_ALERT_H
#define MODEL_ALERT_H

#include <stdbool.h>
#include <stdint.h>

/* Stored: append only. */
enum alert_rule { ALERT_OFFLINE, ALERT_CHIP_TEMP, ALERT_VR_TEMP, ALERT_RULE_COUNT };

enum alert_phase {
  ALERT_OK,
  ALERT_PENDING,    /* the condition holds, not yet for long enough */
  ALERT_FIRING,     /* announced */
  ALERT_RECOVERING, /* announced, and the condition is over, not yet for long enough */
};

enum alert_severity { ALERT_INFO, ALERT_WARNING, ALERT_CRITICAL };

struct alert_rule_facts {
  const char *name;    /* "chip_temp" */
  const char *title;   /* "Chip too hot" */
  const char *meaning; /* what it means, one plain sentence */
  const char *advice;  /* what to do, one plain sentence */
  enum alert_severity severity;
};

const struct alert_rule_facts *alert_rule_facts(enum alert_rule rule);
bool alert_rule_find(const char *name, enum alert_rule *out);
const char *alert_phase_name(enum alert_phase phase);
const char *alert_severity_name(enum alert_severity severity);

/* One change of phase that is worth recording: raised, reminded or cleared. */
enum alert_event_kind { ALERT_RAISED, ALERT_REMINDED, ALERT_CLEARED };

struct alert_event {
  int64_t miner_id;
  enum alert_rule rule;
  enum alert_event_kind kind;
  int64_t at_ms;    /* wall time of the sample that caused it */
  int64_t since_ms; /* when the condition began */
  double value;     /* what was measured; NaN where none applies */
  double limit;     /* what it was compared with; NaN where none applies */
  double worst;     /* the worst value of the episode */
  int reason;       /* enum reason for ALERT_OFFLINE, else 0 */
};

#endif
