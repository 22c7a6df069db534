#include "alert/alert_step.h"

#include <assert.h>
#include <math.h>

#include "alert/alert_moments.h"
#include "alert/alert_rules.h"

/* `to` while it is not for long enough, `enough` once it is. A phase and an input have
 * exactly one row, in this order. FIRING as a goal means ACKNOWLEDGED when somebody
 * has said "I know" (open_phase). */
static const struct transition {
  enum alert_phase from;
  enum alert_input input;
  enum alert_phase to, enough;
} transitions[] = {
    {ALERT_OK, ALERT_IS_MISSING, ALERT_OK, ALERT_OK},
    {ALERT_OK, ALERT_IS_SUSPECT, ALERT_PENDING, ALERT_PENDING},
    {ALERT_OK, ALERT_IS_BAD, ALERT_PENDING, ALERT_FIRING},
    {ALERT_OK, ALERT_IS_BETWEEN, ALERT_OK, ALERT_OK},
    {ALERT_OK, ALERT_IS_GOOD, ALERT_OK, ALERT_OK},
    {ALERT_OK, ALERT_IS_VOID, ALERT_OK, ALERT_OK},
    {ALERT_OK, ALERT_IS_KNOWN, ALERT_OK, ALERT_OK},

    {ALERT_PENDING, ALERT_IS_MISSING, ALERT_PENDING, ALERT_PENDING},
    {ALERT_PENDING, ALERT_IS_SUSPECT, ALERT_PENDING, ALERT_PENDING},
    {ALERT_PENDING, ALERT_IS_BAD, ALERT_PENDING, ALERT_FIRING},
    {ALERT_PENDING, ALERT_IS_BETWEEN, ALERT_OK, ALERT_OK},
    {ALERT_PENDING, ALERT_IS_GOOD, ALERT_OK, ALERT_OK},
    {ALERT_PENDING, ALERT_IS_VOID, ALERT_OK, ALERT_OK},
    {ALERT_PENDING, ALERT_IS_KNOWN, ALERT_PENDING, ALERT_PENDING},

    {ALERT_FIRING, ALERT_IS_MISSING, ALERT_FIRING, ALERT_FIRING},
    {ALERT_FIRING, ALERT_IS_SUSPECT, ALERT_FIRING, ALERT_FIRING},
    {ALERT_FIRING, ALERT_IS_BAD, ALERT_FIRING, ALERT_FIRING},
    {ALERT_FIRING, ALERT_IS_BETWEEN, ALERT_FIRING, ALERT_FIRING},
    {ALERT_FIRING, ALERT_IS_GOOD, ALERT_RECOVERING, ALERT_OK},
    {ALERT_FIRING, ALERT_IS_VOID, ALERT_OK, ALERT_OK},
    {ALERT_FIRING, ALERT_IS_KNOWN, ALERT_ACKNOWLEDGED, ALERT_ACKNOWLEDGED},

    {ALERT_RECOVERING, ALERT_IS_MISSING, ALERT_RECOVERING, ALERT_RECOVERING},
    {ALERT_RECOVERING, ALERT_IS_SUSPECT, ALERT_RECOVERING, ALERT_RECOVERING},
    {ALERT_RECOVERING, ALERT_IS_BAD, ALERT_FIRING, ALERT_FIRING},
    {ALERT_RECOVERING, ALERT_IS_BETWEEN, ALERT_FIRING, ALERT_FIRING},
    {ALERT_RECOVERING, ALERT_IS_GOOD, ALERT_RECOVERING, ALERT_OK},
    {ALERT_RECOVERING, ALERT_IS_VOID, ALERT_OK, ALERT_OK},
    {ALERT_RECOVERING, ALERT_IS_KNOWN, ALERT_RECOVERING, ALERT_RECOVERING},

    {ALERT_ACKNOWLEDGED, ALERT_IS_MISSING, ALERT_ACKNOWLEDGED, ALERT_ACKNOWLEDGED},
    {ALERT_ACKNOWLEDGED, ALERT_IS_SUSPECT, ALERT_ACKNOWLEDGED, ALERT_ACKNOWLEDGED},
    {ALERT_ACKNOWLEDGED, ALERT_IS_BAD, ALERT_ACKNOWLEDGED, ALERT_ACKNOWLEDGED},
    {ALERT_ACKNOWLEDGED, ALERT_IS_BETWEEN, ALERT_ACKNOWLEDGED, ALERT_ACKNOWLEDGED},
    {ALERT_ACKNOWLEDGED, ALERT_IS_GOOD, ALERT_RECOVERING, ALERT_OK},
    {ALERT_ACKNOWLEDGED, ALERT_IS_VOID, ALERT_OK, ALERT_OK},
    {ALERT_ACKNOWLEDGED, ALERT_IS_KNOWN, ALERT_ACKNOWLEDGED, ALERT_ACKNOWLEDGED},
};

static const struct transition *find_transition(enum alert_phase from, enum alert_input input) {
  assert(from >= 0 && from < ALERT_PHASE_COUNT && input >= 0 && input < ALERT_INPUT_COUNT);
  const struct transition *row = &transitions[from * ALERT_INPUT_COUNT + input];
  assert(row->from == from && row->input == input);
  return row;
}

void alert_memory_init(struct alert_memory *memory) {
  *memory = (struct alert_memory){
      .phase = ALERT_OK,
      .worst = METRIC_UNKNOWN,
      .value = METRIC_UNKNOWN,
      .limit = METRIC_UNKNOWN,
  };
}

int64_t alert_step_number(int64_t at_ms, int64_t *last_episode) {
  int64_t number = at_ms * 1000;
  if (number <= *last_episode) /* many in one millisecond, or the clock was set back */
    number = *last_episode + 1;
  *last_episode = number;
  return number;
}

/* ------------------------------------------------------------ one rule */

static bool is_cooling_down(const struct alert_step *step, const struct alert_memory *memory) {
  int64_t since_ms = step->at_ms - memory->announced_ms;
  /* A clock that was set back must not silence the rule. */
  return memory->announced_ms != 0 && since_ms >= 0 && since_ms < step->tuning->cooldown_ms;
}

static void begin_episode(struct alert_memory *memory, int64_t at_ms) {
  memory->since_ms = at_ms;
  memory->worst = METRIC_UNKNOWN;
  memory->value = METRIC_UNKNOWN;
  memory->limit = METRIC_UNKNOWN;
  memory->reason = 0;
}

static void measure(const struct alert_step *step, struct alert_memory *memory) {
  const struct alert_reading *reading = &step->reading;
  bool low_is_bad = alert_rule_facts(step->rule)->low_is_bad;
  if (reading->input == ALERT_IS_MISSING || reading->input == ALERT_IS_VOID)
    return;
  memory->limit = reading->limit;
  memory->value = reading->value;
  /* Both pass over NaN. */
  memory->worst =
      low_is_bad ? fmin(memory->worst, reading->value) : fmax(memory->worst, reading->value);
  if (reading->reason != 0)
    memory->reason = reading->reason;
}

static void fill_event(enum alert_rule rule, enum alert_event_kind kind, int64_t at_ms,
                       const struct alert_memory *memory, struct alert_event *event) {
  *event = (struct alert_event){
      .episode = memory->episode,
      .rule = rule,
      .kind = kind,
      .severity = alert_rule_facts(rule)->severity,
      .at_ms = at_ms,
      .since_ms = memory->since_ms,
      .value = memory->value,
      .limit = memory->limit,
      .worst = memory->worst,
      .reason = memory->reason,
  };
}

static bool announce(const struct alert_step *step, struct alert_memory *memory,
                     enum alert_event_kind kind, struct alert_event *event) {
  if (kind == ALERT_RAISED)
    memory->episode = alert_step_number(step->at_ms, step->last_episode);
  fill_event(step->rule, kind, step->at_ms, memory, event);
  event->severity = step->tuning->severity;
  if (kind == ALERT_RAISED || kind == ALERT_REMINDED)
    memory->announced_ms = step->at_ms;
  return true;
}

/* Without a figure there is nothing to remind of; a miner that is away has its
 * own alert. */
static bool reminder_is_due(const struct alert_step *step, struct alert_memory *memory) {
  enum alert_input input = step->reading.input;
  int64_t since_ms = step->at_ms - memory->announced_ms;
  if (memory->phase != ALERT_FIRING || step->tuning->reminder_ms <= 0 ||
      (input != ALERT_IS_BAD && input != ALERT_IS_BETWEEN))
    return false;
  if (since_ms < 0) /* set back: count from here */
    memory->announced_ms = step->at_ms;
  return since_ms >= step->tuning->reminder_ms;
}

static enum alert_phase open_phase(const struct alert_memory *memory, enum alert_phase phase) {
  return phase == ALERT_FIRING && memory->acknowledged_ms != 0 ? ALERT_ACKNOWLEDGED : phase;
}

/* Counts the reading and its time; returns the next phase. */
static enum alert_phase advance(const struct alert_step *step, struct alert_memory *memory) {
  const struct alert_tuning *tuning = step->tuning;
  const struct transition *row = find_transition(memory->phase, step->reading.input);
  if (row->to == row->enough) { /* nothing to count */
    enum alert_phase to = open_phase(memory, row->to);
    if (to != memory->phase)
      memory->holds = 0;
    return to;
  }
  bool clearing = row->enough == ALERT_OK;
  int most = clearing ? tuning->clear_samples : tuning->hold_samples;
  bool goes_on = row->to == memory->phase && memory->holds > 0;
  int holds = goes_on ? memory->holds + 1 : 1;
  memory->holds = holds < most ? holds : most;
  memory->held_ms = goes_on ? memory->held_ms + step->elapsed_ms : 0;
  bool enough = holds >= most && memory->held_ms >= (clearing ? tuning->clear_ms : tuning->hold_ms);
  if (!enough || (!clearing && is_cooling_down(step, memory)))
    return row->to;
  memory->holds = 0;
  return row->enough;
}

/* Moves to the next phase; returns whether that is an event. */
static bool move(const struct alert_step *step, struct alert_memory *memory,
                 struct alert_event *event) {
  enum alert_phase from = memory->phase, to = advance(step, memory);
  if (to != from)
    memory->changed_ms = step->at_ms;
  memory->phase = to;
  if (to == ALERT_FIRING && !alert_phase_is_open(from))
    return announce(step, memory, ALERT_RAISED, event);
  if (to == ALERT_OK && alert_phase_is_open(from))
    return announce(step, memory,
                    step->reading.input == ALERT_IS_VOID ? ALERT_CHANGED : ALERT_CLEARED, event);
  return reminder_is_due(step, memory) && announce(step, memory, ALERT_REMINDED, event);
}

static bool same(double a, double b) {
  return a == b || (isnan(a) && isnan(b));
}

static bool differs(const struct alert_memory *a, const struct alert_memory *b) {
  return a->phase != b->phase || a->holds != b->holds || a->announced_ms != b->announced_ms ||
         a->reason != b->reason || a->since_ms != b->since_ms || !same(a->worst, b->worst);
}

/* The rule was switched off, or another limit was set and by it all is well. */
static bool is_void(const struct alert_step *step, const struct alert_memory *memory) {
  const struct alert_reading *reading = &step->reading;
  bool harmless = reading->input == ALERT_IS_GOOD || reading->input == ALERT_IS_BETWEEN;
  bool is_set = metric_is_known(reading->limit) && reading->limit == step->tuning->limit;
  return !step->tuning->enabled ||
         (alert_phase_is_open(memory->phase) && harmless && is_set &&
          metric_is_known(memory->limit) && memory->limit != reading->limit);
}

/* Moments of a clock that was set back lie ahead of it: they count as now. */
static void mend_times(struct alert_memory *memory, int64_t at_ms) {
  if (memory->since_ms > at_ms)
    memory->since_ms = at_ms;
}

bool alert_step(const struct alert_step *step, struct alert_memory *memory,
                struct alert_event *event, bool *changed) {
  assert(step->rule >= 0 && step->rule < ALERT_RULE_COUNT && step->elapsed_ms >= 0);
  struct alert_step now = *step;
  const struct alert_memory before = *memory;
  if (is_void(step, memory))
    now.reading.input = ALERT_IS_VOID;
  const struct transition *row = find_transition(memory->phase, now.reading.input);
  *changed = false;
  if (memory->phase == ALERT_OK && row->to == ALERT_OK)
    return false; /* nearly always */
  if (memory->phase == ALERT_OK)
    begin_episode(memory, now.at_ms);
  mend_times(memory, now.at_ms);
  measure(&now, memory);
  bool happened = move(&now, memory, event);
  if (memory->phase == ALERT_OK) {
    memory->since_ms = 0;
    memory->acknowledged_ms = 0;
    memory->episode = 0;
  }
  *changed = differs(&before, memory);
  return happened;
}

bool alert_step_acknowledge(enum alert_rule rule, int64_t at_ms, struct alert_memory *memory,
                            struct alert_event *event) {
  if (!alert_phase_is_open(memory->phase) || memory->acknowledged_ms != 0)
    return false;
  enum alert_phase to = find_transition(memory->phase, ALERT_IS_KNOWN)->to;
  if (to != memory->phase)
    memory->changed_ms = at_ms;
  memory->phase = to;
  memory->acknowledged_ms = at_ms;
  fill_event(rule, ALERT_ACKED, at_ms, memory, event);
  return true;
}

/* ------------------------------------------------------------ all rules */

static void step_rule(struct alert_look *look, enum alert_rule rule, struct alert_memory *memory,
                      const struct alert_sink *sink) {
  const struct alert_context *context = look->context;
  const struct alert_tuning *tuning = &look->tuning;
  alert_rulebook_tuning(look->book, rule, context->miner_id, &context->facts->limits,
                        &look->tuning);
  if (!tuning->enabled && memory->phase == ALERT_OK)
    return;
  struct alert_step step = {.rule = rule,
                            .tuning = tuning,
                            .at_ms = context->sample->at_ms,
                            .elapsed_ms = look->watch->elapsed_ms,
                            .last_episode = context->last_episode};
  alert_rules_read(rule, look, &step.reading);
  struct alert_event event;
  bool changed;
  bool happened = alert_step(&step, memory, &event, &changed);
  if (changed)
    sink->changed(rule, memory, sink->arg);
  if (!happened)
    return;
  event.miner_id = context->miner_id;
  alert_rules_detail(rule, look, event.kind, event.detail);
  if (event.kind == ALERT_CHANGED && context->sample->state == STATE_PAUSED && tuning->enabled)
    event.reason = REASON_PAUSED_BY_USER;
  sink->event(&event, sink->arg);
}

void alert_step_all(const struct alert_rulebook *book, const struct alert_context *context,
                    struct alert_watch *watch, struct alert_memory *memories,
                    const struct alert_sink *sink) {
  alert_watch_take(watch, context);
  struct alert_look look = {.book = book, .context = context, .watch = watch, .memories = memories};
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++) {
    const struct alert_rule_facts *facts = alert_rule_facts((enum alert_rule)rule);
    if (!facts->of_monitor && !facts->moment)
      step_rule(&look, (enum alert_rule)rule, &memories[rule], sink);
  }
  alert_moments_step(&look, memories, sink);
}
