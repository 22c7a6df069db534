#include "engine/summary.h"

#include <stdbool.h>
#include <string.h>

#include "base/clock.h"

const char *summary_mood_name(enum summary_mood mood) {
  static const char *const names[] = {
      [SUMMARY_EMPTY] = "empty",
      [SUMMARY_FINE] = "fine",
      [SUMMARY_ATTENTION] = "attention",
      [SUMMARY_TROUBLE] = "trouble",
  };
  return names[mood];
}

static bool is_firing(const struct fleet_miner *miner, enum alert_rule rule) {
  enum alert_phase phase = miner->alerts[rule].phase;
  return alert_phase_is_open(phase);
}

static bool is_hot(const struct fleet_miner *miner) {
  return fleet_miner_is_live(miner) &&
         (is_firing(miner, ALERT_CHIP_TEMP) || is_firing(miner, ALERT_VR_TEMP));
}

/* How much a miner wants its owner: the highest is spoken of first. */
static int urgency(const struct fleet_miner *miner) {
  if (is_hot(miner))
    return 9;
  switch (miner->memory.state) {
  case STATE_OVERHEATED:
    return 8;
  case STATE_FAULT:
    return 7;
  case STATE_NOT_HASHING:
    return 6;
  case STATE_OFFLINE:
    return 5;
  case STATE_UNRESPONSIVE:
    return 4;
  case STATE_UNKNOWN:
    return 2;
  case STATE_STARTING:
  case STATE_PAUSED:
    return 1;
  default:
    return 0;
  }
}

enum { URGENT = 4 };

static void write_hashrate(struct buf *text, double ghs) {
  if (ghs >= 1000)
    buf_printf(text, "%.2f TH/s", ghs / 1000);
  else
    buf_printf(text, "%.0f GH/s", ghs);
}

static void write_silence(const struct fleet_miner *miner, int64_t now_ms, struct buf *text) {
  char span[32];
  if (miner->memory.seen_ms > 0)
    buf_printf(text, " for %s",
               clock_format_span(now_ms - miner->memory.seen_ms, span, (int)sizeof span));
}

static void write_because(enum reason reason, struct buf *text) {
  if (reason != REASON_NONE)
    buf_printf(text, ": %s", reason_facts(reason)->text);
  buf_append_char(text, '.');
}

static void write_hot(const struct fleet_miner *miner, struct buf *text, struct buf *advice) {
  enum alert_rule rule = is_firing(miner, ALERT_CHIP_TEMP) ? ALERT_CHIP_TEMP : ALERT_VR_TEMP;
  double value =
      miner->last.values[rule == ALERT_CHIP_TEMP ? METRIC_CHIP_TEMP_C : METRIC_VR_TEMP_C];
  const char *part = rule == ALERT_CHIP_TEMP ? "chip" : "voltage regulator";
  buf_printf(text, "%s is too hot", miner->miner.name);
  if (metric_is_known(value))
    buf_printf(text, ": its %s has %.1f °C", part, value);
  buf_append_char(text, '.');
  buf_append_text(advice, alert_rule_facts(rule)->advice);
}

void summary_write_miner(const struct fleet_miner *miner, int64_t now_ms, struct buf *text,
                         struct buf *advice) {
  const char *name = miner->miner.name;
  enum reason reason = miner->memory.reason;
  if (is_hot(miner)) {
    write_hot(miner, text, advice);
    return;
  }
  switch (miner->memory.state) {
  case STATE_HASHING:
    buf_printf(text, "%s is fine", name);
    if (metric_is_known(miner->last.values[METRIC_HASHRATE_GHS])) {
      buf_append_text(text, ": it hashes at ");
      write_hashrate(text, miner->last.values[METRIC_HASHRATE_GHS]);
    }
    buf_append_char(text, '.');
    return; /* nothing to do, whatever small print the reason has */
  case STATE_STARTING:
    buf_printf(text, "%s has just started and is warming up.", name);
    return;
  case STATE_PAUSED:
    buf_printf(text, "%s is paused.", name); /* on purpose: there is nothing to explain */
    return;
  case STATE_NOT_HASHING:
    buf_printf(text, "%s answers but does not hash", name);
    break;
  case STATE_OVERHEATED:
    buf_printf(text, "%s got too hot", name);
    break;
  case STATE_FAULT:
    buf_printf(text, "%s reports a fault", name);
    if (miner->miner.facts.fault[0] != '\0')
      buf_printf(text, " (\"%s\")", miner->miner.facts.fault);
    break;
  case STATE_UNRESPONSIVE:
    buf_printf(text,
               reason == REASON_OTHER_DEVICE ? "%s was not found" : "%s is there but gave no data",
               name);
    write_silence(miner, now_ms, text);
    break;
  case STATE_OFFLINE:
    buf_printf(text, "%s has been silent", name);
    write_silence(miner, now_ms, text);
    break;
  default:
    buf_printf(text,
               miner->memory.misses > 0 ? "%s has not answered yet." : "%s was not asked yet.",
               name);
    return;
  }
  write_because(reason, text);
  if (reason != REASON_NONE)
    buf_append_text(advice, reason_facts(reason)->advice);
}

/* Heat is a warning as long as the miner works; the rest of what is urgent is not. */
static bool is_grave(const struct fleet_miner *miner) {
  enum miner_state state = miner->memory.state;
  return state == STATE_OVERHEATED || state == STATE_FAULT || state == STATE_NOT_HASHING ||
         state == STATE_OFFLINE;
}

/* The first miner of the highest urgency, how many are urgent, and how many of
 * those are in trouble. */
static const struct fleet_miner *most_urgent(struct fleet *fleet, size_t *urgent, size_t *trouble) {
  const struct fleet_miner *worst = NULL;
  *urgent = *trouble = 0;
  for (size_t i = 0; i < fleet_count(fleet); i++) {
    const struct fleet_miner *miner = fleet_at(fleet, i);
    *urgent += urgency(miner) >= URGENT;
    *trouble += is_grave(miner);
    if (worst == NULL || urgency(miner) > urgency(worst))
      worst = miner;
  }
  return worst;
}

static void write_calm(struct fleet *fleet, struct buf *text) {
  struct fleet_totals totals;
  fleet_totals(fleet, &totals);
  if (totals.hashing == totals.miners) {
    buf_printf(text, "All %zu miners are fine. Nothing to do.", totals.miners);
    return;
  }
  buf_printf(text, "%zu of %zu miners are hashing", totals.hashing, totals.miners);
  const struct {
    size_t count;
    const char *words;
  } others[] = {{totals.by_state[STATE_STARTING], "starting"},
                {totals.by_state[STATE_PAUSED], "paused"},
                {totals.by_state[STATE_UNKNOWN], "not asked yet"}};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    if (others[i].count > 0)
      buf_printf(text, ", %zu %s", others[i].count, others[i].words);
  }
  buf_append_text(text, ". Nothing to do.");
}

enum summary_mood summary_write(struct fleet *fleet, int64_t now_ms, struct buf *text,
                                struct buf *advice) {
  if (fleet_count(fleet) == 0) {
    buf_append_text(text, "No miner is watched yet.");
    buf_append_text(advice, "Add a miner by its address, or try the demo.");
    return SUMMARY_EMPTY;
  }
  size_t urgent, trouble;
  const struct fleet_miner *worst = most_urgent(fleet, &urgent, &trouble);
  if (urgent == 0 && fleet_count(fleet) > 1) {
    write_calm(fleet, text);
    return SUMMARY_FINE;
  }
  if (urgent > 1)
    buf_printf(text, "%zu of %zu miners need you. ", urgent, fleet_count(fleet));
  summary_write_miner(worst, now_ms, text, advice);
  if (urgent == 0) {
    buf_append_text(text, " Nothing to do.");
    return SUMMARY_FINE;
  }
  return trouble > 0 ? SUMMARY_TROUBLE : SUMMARY_ATTENTION;
}
