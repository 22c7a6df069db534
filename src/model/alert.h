/* The words of alerting that several floors share: rules, phases, events. What a
 * rule looks at is src/alert/alert_rules.h; its texts are in texts/en.json. */
#ifndef MODEL_ALERT_H
#define MODEL_ALERT_H

#include <stdbool.h>
#include <stdint.h>

/* Stored: append only. Those marked "moment" happen and are over: no episode stays open. */
enum alert_rule {
  ALERT_OFFLINE, /* the host is gone */
  ALERT_CHIP_TEMP,
  ALERT_VR_TEMP,
  ALERT_UNRESPONSIVE,     /* the host is there, its web server does not answer */
  ALERT_OVERHEATED,       /* the firmware's overheat mode */
  ALERT_OVERHEAT_SLOW,    /* hashing again, at lower settings than before the overheat */
  ALERT_HASHRATE_LOW,     /* below expected for longer than luck explains */
  ALERT_STALLED,          /* a hashrate is shown, but no share comes */
  ALERT_NOT_HASHING,      /* no hashrate, not on purpose, and not for want of a pool */
  ALERT_REJECTED_SHARES,  /* the pool refuses too many */
  ALERT_ERROR_RATE,       /* the chip miscalculates too often */
  ALERT_FAN_STOPPED,      /* told to turn, and does not */
  ALERT_INPUT_VOLTAGE,    /* the power supply sags */
  ALERT_POWER_FAULT,      /* the device says so */
  ALERT_HARDWARE_FAULT,   /* the device says so */
  ALERT_FALLBACK_POOL,    /* mines on its second pool */
  ALERT_POOL_LOST,        /* no pool answers it */
  ALERT_WEAK_WIFI,        /* signal below the limit */
  ALERT_RESTARTED,        /* moment */
  ALERT_RESTART_LOOP,     /* again and again */
  ALERT_LOW_MEMORY,       /* the device's free memory runs out */
  ALERT_CHIP_LOST,        /* one chip, or a part of one, is silent */
  ALERT_SETTINGS_CHANGED, /* moment: pool, user, frequency, voltage, firmware */
  ALERT_PAYOUT_ADDRESS,   /* pays to an address that is not on the owner's list */
  ALERT_NEW_BEST,         /* moment, good news */
  ALERT_BLOCK_FOUND,      /* moment, good news; no cooldown ever holds it back */
  ALERT_MONITOR_DISK,     /* the monitor's own from here: miner_id 0 */
  ALERT_MONITOR_DATABASE,
  ALERT_MONITOR_OFF,     /* moment: was off from..to */
  ALERT_MONITOR_CHANNEL, /* a channel of messages is dead */
  ALERT_RULE_COUNT
};

/* Stored: append only. */
enum alert_phase {
  ALERT_OK,
  ALERT_PENDING,      /* the condition holds, not yet for long enough */
  ALERT_FIRING,       /* announced */
  ALERT_RECOVERING,   /* announced, and the condition is over, not yet for long enough */
  ALERT_ACKNOWLEDGED, /* firing, and somebody has said "I know": no reminders */
  ALERT_PHASE_COUNT
};

enum alert_severity { ALERT_INFO, ALERT_WARNING, ALERT_CRITICAL };

struct alert_rule_facts {
  const char *name;             /* "chip_temp": in the API, in texts, in metrics */
  const char *title;            /* "Chip too hot" */
  const char *meaning;          /* what it means, one or two plain sentences */
  const char *advice;           /* what to do, likewise */
  const char *unit;             /* of value, limit and worst: "°C"; "" none */
  enum alert_severity severity; /* unless the owner changed it */
  bool moment;                  /* happens and is over */
  bool good_news;
  bool of_monitor; /* of the monitor itself, not of a miner */
  bool low_is_bad; /* the worst value is the smallest */
};

/* Texts are English; other languages through text_get("rule.NAME.title" ...). */
const struct alert_rule_facts *alert_rule_facts(enum alert_rule rule);
bool alert_rule_find(const char *name, enum alert_rule *out);
const char *alert_severity_name(enum alert_severity severity);
bool alert_severity_find(const char *name, enum alert_severity *out);

/* True while a person has been told and not yet told that it is over. */
bool alert_phase_is_open(enum alert_phase phase);

/* Stored: append only. */
enum alert_event_kind {
  ALERT_RAISED,
  ALERT_REMINDED,
  ALERT_CLEARED,
  ALERT_ACKED,    /* somebody said "I know" */
  ALERT_CHANGED,  /* closed without "all is well": the rule was changed or switched off, or
                     the miner paused (then `reason` is REASON_PAUSED_BY_USER) */
  ALERT_HAPPENED, /* of a rule that is a moment */
  ALERT_EVENT_KIND_COUNT
};

const char *alert_event_kind_name(enum alert_event_kind kind); /* "raised" */

enum { ALERT_DETAIL_MAX = 160 };

/* One change of phase that is worth recording, or a moment. */
struct alert_event {
  int64_t miner_id; /* 0: the monitor itself */
  int64_t episode;  /* one time that the rule was not ok; a moment has its own. 0: unknown */
  enum alert_rule rule;
  enum alert_event_kind kind;
  enum alert_severity severity;
  int64_t at_ms;                 /* wall time of the sample that caused it */
  int64_t since_ms;              /* when the condition began */
  double value;                  /* what was measured; NaN where none applies */
  double limit;                  /* what it was compared with; NaN where none applies */
  double worst;                  /* the worst value of the episode */
  int reason;                    /* enum reason; 0 where none applies */
  char detail[ALERT_DETAIL_MAX]; /* what changed, which pool, which chip: plain, no secrets; "" */
};

/* What an owner changed of a rule for all miners (miner_id 0) or for one. What is
 * not changed comes from the row of all miners, then from the defaults. */
enum { ALERT_UNSET = -1 };
struct alert_rule_setting {
  int64_t miner_id;
  enum alert_rule rule;
  int enabled;                                         /* 0, 1 or ALERT_UNSET */
  int severity;                                        /* enum alert_severity or ALERT_UNSET */
  double limit, hysteresis;                            /* in the rule's unit; NaN: unset */
  int64_t hold_ms, clear_ms, cooldown_ms, reminder_ms; /* ALERT_UNSET */
};

void alert_rule_setting_init(struct alert_rule_setting *setting, int64_t miner_id,
                             enum alert_rule rule); /* nothing is changed */
bool alert_rule_setting_is_empty(const struct alert_rule_setting *setting);

#endif
