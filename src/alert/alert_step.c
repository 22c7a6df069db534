#include "alert/alert_step.h"

#include <assert.h>
#include <math.h>

/* What one sample says about one rule. */
enum input {
  MISSING, /* nothing */
  SUSPECT, /* it may be beginning */
  ABOVE,   /* the condition holds */
  BETWEEN, /* below the limit, within the hysteresis */
  BELOW,   /* the condition is over */
  INPUT_COUNT
};

/* `to` while the samples in a row are too few, `enough` once they are not. A
 * phase and an input have exactly one row, in this order. */
static const struct transition {
  enum alert_phase from;
  enum input input;
  enum alert_phase to, enough;
} transitions[] = {
    {ALERT_OK, MISSING, ALERT_OK, ALERT_OK},
    {ALERT_OK, SUSPECT, ALERT_PENDING, ALERT_PENDING},
    {ALERT_OK, ABOVE, ALERT_PENDING, ALERT_FIRING},
    {ALERT_OK, BETWEEN, ALERT_OK, ALERT_OK},
    {ALERT_OK, BELOW, ALERT_OK, ALERT_OK},

    {ALERT_PENDING, MISSING, ALERT_PENDING, ALERT_PENDING},
    {ALERT_PENDING, SUSPECT, ALERT_PENDING, ALERT_PENDING},
    {ALERT_PENDING, ABOVE, ALERT_PENDING, ALERT_FIRING},
    {ALERT_PENDING, BETWEEN, ALERT_OK, ALERT_OK},
    {ALERT_PENDING, BELOW, ALERT_OK, ALERT_OK},

    {ALERT_FIRING, MISSING, ALERT_FIRING, ALERT_FIRING},
    {ALERT_FIRING, SUSPECT, ALERT_FIRING, ALERT_FIRING},
    {ALERT_FIRING, ABOVE, ALERT_FIRING, ALERT_FIRING},
    {ALERT_FIRING, BETWEEN, ALERT_FIRING, ALERT_FIRING},
    {ALERT_FIRING, BELOW, ALERT_RECOVERING, ALERT_OK},

    {ALERT_RECOVERING, MISSING, ALERT_RECOVERING, ALERT_RECOVERING},
    {ALERT_RECOVERING, SUSPECT, ALERT_RECOVERING, ALERT_RECOVERING},
    {ALERT_RECOVERING, ABOVE, ALERT_FIRING, ALERT_FIRING},
    {ALERT_RECOVERING, BETWEEN, ALERT_FIRING, ALERT_FIRING},
    {ALERT_RECOVERING, BELOW, ALERT_RECOVERING, ALERT_OK},
};

static const struct transition *find_transition(enum alert_phase from, enum input input) {
  assert(from >= ALERT_OK && from <= ALERT_RECOVERING && input >= 0 && input < INPUT_COUNT);
  const struct transition *row = &transitions[from * INPUT_COUNT + input];
  assert(row->from == from && row->input == input);
  return row;
}

void alert_config_init(struct alert_config *config) {
  *config = (struct alert_config){
      .chip_limit_c = METRIC_UNKNOWN,
      .vr_limit_c = METRIC_UNKNOWN,
      .hysteresis_c = 2,
      .hold_samples = 2,
      .clear_samples = 2,
      .cooldown_ms = 10 * 60 * 1000,
      .reminder_ms = (int64_t)6 * 60 * 60 * 1000,
  };
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++)
    config->enabled[rule] = true;
}

void alert_memory_init(struct alert_memory *memory) {
  *memory = (struct alert_memory){
      .phase = ALERT_OK,
      .worst = METRIC_UNKNOWN,
      .value = METRIC_UNKNOWN,
      .limit = METRIC_UNKNOWN,
  };
}

static double first_known(double a, double b, double c) {
  if (metric_is_known(a))
    return a;
  return metric_is_known(b) ? b : c;
}

double alert_limit(const struct alert_config *config, enum alert_rule rule,
                   const struct miner_limits *limits) {
  /* Limits of a miner that never answered are all zero. */
  double chip_c = limits->chip_warn_c > 0 ? limits->chip_warn_c : METRIC_UNKNOWN;
  double vr_c = limits->vr_warn_c > 0 ? limits->vr_warn_c : METRIC_UNKNOWN;
  switch (rule) {
  case ALERT_CHIP_TEMP:
    return first_known(config->chip_limit_c, chip_c, 70);
  case ALERT_VR_TEMP:
    return first_known(config->vr_limit_c, vr_c, 95);
  default:
    return METRIC_UNKNOWN;
  }
}

/* The hottest chip counts; NaN where the rule or the sample has no figure. */
static double measured(enum alert_rule rule, const struct sample *sample) {
  const double *values = sample->values;
  if (rule == ALERT_CHIP_TEMP) /* fmax ignores NaN */
    return fmax(values[METRIC_CHIP_TEMP_C], values[METRIC_CHIP_TEMP2_C]);
  return rule == ALERT_VR_TEMP ? values[METRIC_VR_TEMP_C] : METRIC_UNKNOWN;
}

static bool is_away(const struct sample *sample) {
  return sample->state == STATE_OFFLINE || sample->state == STATE_UNRESPONSIVE ||
         (sample->flags & SAMPLE_MISSED) != 0;
}

static enum input offline_input(const struct sample *sample) {
  if (sample->state == STATE_OFFLINE || sample->state == STATE_UNRESPONSIVE)
    return ABOVE;
  return is_away(sample) ? SUSPECT : BELOW;
}

static enum input temperature_input(const struct sample *sample, double value, double limit,
                                    double hysteresis) {
  if (is_away(sample))
    return MISSING;
  if (sample->state == STATE_PAUSED)
    return BELOW;
  if (!metric_is_known(value))
    return MISSING;
  if (value > limit)
    return ABOVE;
  return value < limit - hysteresis ? BELOW : BETWEEN;
}

/* One rule, one sample: what the small functions below pass around. */
struct step {
  enum alert_rule rule;
  const struct alert_config *config;
  const struct sample *sample;
  struct alert_memory *memory;
  struct alert_event *event;
};

static bool is_cooling_down(const struct step *step) {
  int64_t since_announced = step->sample->at_ms - step->memory->announced_ms;
  /* A clock that was set back must not silence the rule. */
  return step->memory->announced_ms != 0 && since_announced >= 0 &&
         since_announced < step->config->cooldown_ms;
}

/* Samples in a row that the input needs. Being offline was counted by the judge. */
static int needed(const struct step *step, enum input input) {
  if (input == BELOW)
    return step->config->clear_samples;
  return step->rule == ALERT_OFFLINE ? 1 : step->config->hold_samples;
}

static void measure(const struct step *step, enum input input, double value, double limit) {
  struct alert_memory *memory = step->memory;
  memory->limit = limit;
  if (input != MISSING) {
    memory->value = value;
    memory->worst = fmax(memory->worst, value); /* fmax ignores NaN */
  }
  if (step->rule == ALERT_OFFLINE && is_away(step->sample))
    memory->reason = (int)step->sample->reason;
}

static void begin_episode(struct alert_memory *memory, int64_t at_ms) {
  memory->since_ms = at_ms;
  memory->worst = METRIC_UNKNOWN;
  memory->value = METRIC_UNKNOWN;
  memory->reason = 0;
}

static bool announce(const struct step *step, enum alert_event_kind kind) {
  struct alert_memory *memory = step->memory;
  *step->event = (struct alert_event){
      .rule = step->rule,
      .kind = kind,
      .at_ms = step->sample->at_ms,
      .since_ms = memory->since_ms,
      .value = memory->value,
      .limit = memory->limit,
      .worst = memory->worst,
      .reason = memory->reason,
  };
  if (kind != ALERT_CLEARED)
    memory->announced_ms = step->sample->at_ms;
  return true;
}

/* Without a figure there is nothing to remind of; a miner that is away has its
 * own alert. */
static bool reminder_is_due(const struct step *step, enum input input) {
  const struct alert_memory *memory = step->memory;
  return memory->phase == ALERT_FIRING && (input == ABOVE || input == BETWEEN) &&
         step->config->reminder_ms > 0 &&
         step->sample->at_ms - memory->announced_ms >= step->config->reminder_ms;
}

/* Counts the sample and returns the next phase. */
static enum alert_phase advance(const struct step *step, enum input input) {
  struct alert_memory *memory = step->memory;
  const struct transition *row = find_transition(memory->phase, input);
  if (row->to == row->enough) { /* nothing to count */
    if (row->to != memory->phase)
      memory->holds = 0;
    return row->to;
  }
  int most = needed(step, input);
  int holds = row->to == memory->phase ? memory->holds + 1 : 1;
  memory->holds = holds < most ? holds : most;
  if (holds < most || (row->enough == ALERT_FIRING && is_cooling_down(step)))
    return row->to;
  memory->holds = 0;
  return row->enough;
}

/* Moves to the next phase; returns whether that is an event. */
static bool move(const struct step *step, enum input input) {
  struct alert_memory *memory = step->memory;
  enum alert_phase from = memory->phase, to = advance(step, input);
  if (to != from)
    memory->changed_ms = step->sample->at_ms;
  memory->phase = to;
  bool was_announced = from == ALERT_FIRING || from == ALERT_RECOVERING;
  if (to == ALERT_FIRING && !was_announced)
    return announce(step, ALERT_RAISED);
  if (to == ALERT_OK && was_announced)
    return announce(step, ALERT_CLEARED);
  return reminder_is_due(step, input) && announce(step, ALERT_REMINDED);
}

static bool differs(const struct alert_memory *a, const struct alert_memory *b) {
  bool worse = a->worst != b->worst && !(isnan(a->worst) && isnan(b->worst));
  return a->phase != b->phase || a->holds != b->holds || a->announced_ms != b->announced_ms ||
         a->reason != b->reason || worse;
}

/* A rule that is switched off forgets what it knew, without a word. */
static void switch_off(struct alert_memory *memory, bool *changed) {
  *changed = memory->phase != ALERT_OK;
  if (*changed)
    alert_memory_init(memory);
}

bool alert_step(enum alert_rule rule, const struct alert_config *config,
                const struct miner_limits *limits, struct alert_memory *memory,
                const struct sample *sample, struct alert_event *event, bool *changed) {
  assert(rule >= 0 && rule < ALERT_RULE_COUNT);
  if (!config->enabled[rule]) {
    switch_off(memory, changed);
    return false;
  }
  const struct alert_memory before = *memory;
  const struct step step = {rule, config, sample, memory, event};
  double limit = alert_limit(config, rule, limits), value = measured(rule, sample);
  enum input input = rule == ALERT_OFFLINE
                         ? offline_input(sample)
                         : temperature_input(sample, value, limit, config->hysteresis_c);
  bool idle = memory->phase == ALERT_OK;
  if (idle && find_transition(ALERT_OK, input)->to != ALERT_OK) {
    begin_episode(memory, sample->at_ms);
    idle = false;
  }
  if (!idle)
    measure(&step, input, value, limit);
  bool happened = move(&step, input);
  if (memory->phase == ALERT_OK)
    memory->since_ms = 0;
  *changed = differs(&before, memory);
  return happened;
}
