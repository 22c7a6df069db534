#include "alert/alert_step.h"

#include <assert.h>
#include <math.h>

#include "model/metric.h"

/* What one sample says about the condition. */
enum signal {
  SIGNAL_NONE,    /* nothing: missing data neither raises nor clears */
  SIGNAL_BAD,     /* the condition holds */
  SIGNAL_BETWEEN, /* below the limit, but not by the hysteresis */
  SIGNAL_GOOD,    /* the condition is over */
  SIGNAL_COUNT
};

enum step { STEP_STAY, STEP_COUNT_RAISE, STEP_COUNT_CLEAR, STEP_RELAPSE, STEP_FORGET };

/* The drawing in the header as a table: what a signal does in a phase. */
static const enum step steps[][SIGNAL_COUNT] = {
    /*                    NONE       BAD               BETWEEN       GOOD */
    [ALERT_OK] = {STEP_STAY, STEP_COUNT_RAISE, STEP_STAY, STEP_STAY},
    [ALERT_PENDING] = {STEP_STAY, STEP_COUNT_RAISE, STEP_FORGET, STEP_FORGET},
    [ALERT_FIRING] = {STEP_STAY, STEP_STAY, STEP_STAY, STEP_COUNT_CLEAR},
    [ALERT_RECOVERING] = {STEP_STAY, STEP_RELAPSE, STEP_RELAPSE, STEP_COUNT_CLEAR},
};

void alert_config_init(struct alert_config *config) {
  *config = (struct alert_config){.chip_limit_c = METRIC_UNKNOWN,
                                  .vr_limit_c = METRIC_UNKNOWN,
                                  .hysteresis_c = 2,
                                  .hold_samples = 2,
                                  .clear_samples = 2,
                                  .cooldown_ms = 10 * 60 * 1000,
                                  .reminder_ms = 6 * 60 * 60 * 1000};
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++)
    config->enabled[rule] = true;
}

void alert_memory_init(struct alert_memory *memory) {
  *memory = (struct alert_memory){
      .worst = METRIC_UNKNOWN, .value = METRIC_UNKNOWN, .limit = METRIC_UNKNOWN};
}

static double first_known(double a, double b, double otherwise) {
  if (metric_is_known(a))
    return a;
  return metric_is_known(b) ? b : otherwise;
}

double alert_limit(const struct alert_config *config, enum alert_rule rule,
                   const struct miner_limits *limits) {
  if (rule == ALERT_CHIP_TEMP)
    return first_known(config->chip_limit_c, limits->chip_warn_c, 70);
  if (rule == ALERT_VR_TEMP)
    return first_known(config->vr_limit_c, limits->vr_warn_c, 95);
  return METRIC_UNKNOWN;
}

/* ------------------------------------------------------------ signals */

static double rule_value(enum alert_rule rule, const struct sample *sample) {
  if (rule == ALERT_CHIP_TEMP) /* the hotter of two sensors; fmax skips unknown ones */
    return fmax(sample->values[METRIC_CHIP_TEMP_C], sample->values[METRIC_CHIP_TEMP2_C]);
  return rule == ALERT_VR_TEMP ? sample->values[METRIC_VR_TEMP_C] : METRIC_UNKNOWN;
}

static enum signal offline_signal(const struct sample *sample) {
  if (sample->state == STATE_OFFLINE || sample->state == STATE_UNRESPONSIVE)
    return SIGNAL_BAD;
  return (sample->flags & SAMPLE_MISSED) != 0 ? SIGNAL_NONE : SIGNAL_GOOD;
}

static enum signal temp_signal(double value, double limit, double hysteresis,
                               const struct sample *sample) {
  if (sample->state == STATE_PAUSED)
    return SIGNAL_GOOD; /* paused on purpose: whatever it was is over */
  if (!metric_is_known(value))
    return SIGNAL_NONE;
  if (value >= limit) /* as the settings say: "at or above" */
    return SIGNAL_BAD;
  return value <= limit - hysteresis ? SIGNAL_GOOD : SIGNAL_BETWEEN;
}

/* ------------------------------------------------------------ steps */

static void enter(struct alert_memory *memory, enum alert_phase phase, int64_t at_ms) {
  memory->phase = phase;
  memory->changed_ms = at_ms;
  memory->holds = 0;
}

/* Offline is decided after three missed polls: there is nothing more to wait for. */
static int needed(enum alert_rule rule, int samples) {
  return rule == ALERT_OFFLINE ? 1 : samples;
}

static void fill_event(enum alert_rule rule, enum alert_event_kind kind,
                       const struct alert_memory *memory, int64_t at_ms,
                       struct alert_event *event) {
  *event = (struct alert_event){.rule = rule,
                                .kind = kind,
                                .at_ms = at_ms,
                                .since_ms = memory->since_ms,
                                .value = memory->value,
                                .limit = memory->limit,
                                .worst = memory->worst,
                                .reason = memory->reason};
}

static bool count_raise(enum alert_rule rule, const struct alert_config *config,
                        struct alert_memory *memory, int64_t at_ms, struct alert_event *event) {
  if (memory->phase == ALERT_OK) {
    enter(memory, ALERT_PENDING, at_ms);
    memory->since_ms = at_ms;
    memory->worst = memory->value;
  }
  memory->holds++;
  bool cooling = memory->announced_ms > 0 && at_ms >= memory->announced_ms &&
                 at_ms - memory->announced_ms < config->cooldown_ms;
  if (memory->holds < needed(rule, config->hold_samples) || cooling)
    return false;
  enter(memory, ALERT_FIRING, at_ms);
  memory->announced_ms = at_ms;
  fill_event(rule, ALERT_RAISED, memory, at_ms, event);
  return true;
}

static bool count_clear(enum alert_rule rule, const struct alert_config *config,
                        struct alert_memory *memory, int64_t at_ms, struct alert_event *event) {
  if (memory->phase == ALERT_FIRING)
    enter(memory, ALERT_RECOVERING, at_ms);
  memory->holds++;
  if (memory->holds < needed(rule, config->clear_samples))
    return false;
  fill_event(rule, ALERT_CLEARED, memory, at_ms, event);
  int64_t announced_ms = memory->announced_ms; /* the cooldown goes on */
  alert_memory_init(memory);
  memory->announced_ms = announced_ms;
  memory->changed_ms = at_ms;
  return true;
}

static bool remind(enum alert_rule rule, const struct alert_config *config,
                   struct alert_memory *memory, int64_t at_ms, struct alert_event *event) {
  bool due = memory->phase == ALERT_FIRING && config->reminder_ms > 0 &&
             at_ms - memory->announced_ms >= config->reminder_ms;
  if (!due)
    return false;
  memory->announced_ms = at_ms;
  fill_event(rule, ALERT_REMINDED, memory, at_ms, event);
  return true;
}

static bool take_step(enum alert_rule rule, const struct alert_config *config,
                      struct alert_memory *memory, enum signal signal, int64_t at_ms,
                      struct alert_event *event) {
  assert(memory->phase <= ALERT_RECOVERING);
  switch (steps[memory->phase][signal]) {
  case STEP_COUNT_RAISE:
    return count_raise(rule, config, memory, at_ms, event);
  case STEP_COUNT_CLEAR:
    return count_clear(rule, config, memory, at_ms, event);
  case STEP_RELAPSE:
    enter(memory, ALERT_FIRING, at_ms);
    return false;
  case STEP_FORGET:
    enter(memory, ALERT_OK, at_ms);
    return false;
  default:
    return signal == SIGNAL_BAD && remind(rule, config, memory, at_ms, event);
  }
}

/* Keeps what was measured; true when the worst value of the episode changed. */
static bool note_value(enum alert_rule rule, struct alert_memory *memory, double value,
                       double limit, const struct sample *sample) {
  memory->limit = limit;
  if (rule == ALERT_OFFLINE && sample->reason != REASON_NONE)
    memory->reason = (int)sample->reason;
  if (!metric_is_known(value))
    return false;
  memory->value = value;
  double worst = fmax(memory->worst, value);
  bool worse = memory->phase != ALERT_OK && !(worst <= memory->worst);
  memory->worst = memory->phase == ALERT_OK ? value : worst;
  return worse;
}

bool alert_step(enum alert_rule rule, const struct alert_config *config,
                const struct miner_limits *limits, struct alert_memory *memory,
                const struct sample *sample, struct alert_event *event, bool *changed) {
  double limit = alert_limit(config, rule, limits);
  double value = rule_value(rule, sample);
  enum signal signal = rule == ALERT_OFFLINE
                           ? offline_signal(sample)
                           : temp_signal(value, limit, config->hysteresis_c, sample);
  if (!config->enabled[rule] && memory->phase == ALERT_OK)
    signal = SIGNAL_NONE;
  enum alert_phase before = memory->phase;
  int holds_before = memory->holds;
  bool worse = signal != SIGNAL_NONE && note_value(rule, memory, value, limit, sample);
  bool happened = take_step(rule, config, memory, signal, sample->at_ms, event);
  *changed = happened || worse || memory->phase != before || memory->holds != holds_before;
  return happened;
}
