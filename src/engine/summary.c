#include "engine/summary.h"

#include <stdbool.h>
#include <stdio.h>

#include "model/text.h"
#include "model/text_figure.h"

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

/* What is said of a miner: a text with the placeholders name, value and so on. */
struct saying {
  const char *language, *name;
  struct buf *text;
};

static void say(const struct saying *saying, const char *key, const char *name, const char *value) {
  const struct text_value values[] = {{"name", saying->name}, {name, value}};
  text_write(saying->text, saying->language, key, values, 2);
}

static void say_sentence(const struct saying *saying, const char *key) {
  say(saying, key, "", NULL);
  buf_append_char(saying->text, '.');
}

static void write_hot(const struct saying *saying, const struct fleet_miner *miner,
                      struct buf *advice) {
  bool is_chip = is_firing(miner, ALERT_CHIP_TEMP);
  enum metric metric = is_chip ? METRIC_CHIP_TEMP_C : METRIC_VR_TEMP_C;
  char value[TEXT_FIGURE_SIZE], key[48];
  text_figure_metric(value, saying->language, metric, miner->last.values[metric]);
  if (!metric_is_known(miner->last.values[metric]))
    say(saying, "summary.hot", "", NULL);
  else
    say(saying, is_chip ? "summary.hot_chip" : "summary.hot_vr", "value", value);
  buf_append_char(saying->text, '.');
  snprintf(key, sizeof key, "rule.%s.advice",
           alert_rule_facts(is_chip ? ALERT_CHIP_TEMP : ALERT_VR_TEMP)->name);
  buf_append_text(advice, text_get(saying->language, key));
}

static void write_fine(const struct saying *saying, const struct fleet_miner *miner) {
  char hashrate[TEXT_FIGURE_SIZE];
  double ghs = miner->last.values[METRIC_HASHRATE_GHS];
  text_figure_hashrate(hashrate, saying->language, ghs);
  say(saying, metric_is_known(ghs) ? "summary.fine_at" : "summary.fine", "hashrate", hashrate);
  buf_append_char(saying->text, '.'); /* nothing to do, whatever small print the reason has */
}

/* What is wrong: "Kitchen has been silent for 12 minutes". */
static void write_trouble(const struct saying *saying, const struct fleet_miner *miner,
                          int64_t now_ms) {
  const struct miner_memory *memory = &miner->memory;
  const char *fault = miner->miner.facts.fault;
  struct buf what;
  buf_init(&what);
  struct saying inner = {saying->language, saying->name, &what};
  bool silent = memory->state == STATE_UNRESPONSIVE || memory->state == STATE_OFFLINE;
  if (memory->state == STATE_NOT_HASHING)
    say(&inner, "summary.not_hashing", "", NULL);
  else if (memory->state == STATE_OVERHEATED)
    say(&inner, "summary.overheated", "", NULL);
  else if (memory->state == STATE_FAULT)
    say(&inner, fault[0] != '\0' ? "summary.fault_words" : "summary.fault", "detail", fault);
  else if (memory->state == STATE_OFFLINE)
    say(&inner, "summary.offline", "", NULL);
  else
    say(&inner,
        memory->reason == REASON_OTHER_DEVICE ? "summary.other_device" : "summary.unresponsive", "",
        NULL);
  if (silent && memory->seen_ms > 0) {
    char span[TEXT_FIGURE_SIZE];
    text_figure_span(span, saying->language, now_ms - memory->seen_ms);
    const struct text_value values[] = {{"what", what.data}, {"span", span}};
    text_write(saying->text, saying->language, "summary.for", values, 2);
  } else {
    buf_append_text(saying->text, what.data);
  }
  buf_finish(&what);
}

static void write_because(const struct saying *saying, enum reason reason, struct buf *advice) {
  char key[64];
  if (reason != REASON_NONE) {
    snprintf(key, sizeof key, "reason.%s.text", reason_facts(reason)->name);
    buf_printf(saying->text, ": %s", text_get(saying->language, key));
    snprintf(key, sizeof key, "reason.%s.advice", reason_facts(reason)->name);
    buf_append_text(advice, text_get(saying->language, key));
  }
  buf_append_char(saying->text, '.');
}

void summary_write_miner(const struct fleet_miner *miner, int64_t now_ms, const char *language,
                         struct buf *text, struct buf *advice) {
  const struct saying saying = {language, miner->miner.name, text};
  if (is_hot(miner)) {
    write_hot(&saying, miner, advice);
    return;
  }
  switch (miner->memory.state) {
  case STATE_HASHING:
    write_fine(&saying, miner);
    return;
  case STATE_STARTING:
    say_sentence(&saying, "summary.warming_up");
    return;
  case STATE_PAUSED: /* on purpose: there is nothing to explain */
    say_sentence(&saying, "summary.is_paused");
    return;
  case STATE_NOT_HASHING:
  case STATE_OVERHEATED:
  case STATE_FAULT:
  case STATE_UNRESPONSIVE:
  case STATE_OFFLINE:
    write_trouble(&saying, miner, now_ms);
    write_because(&saying, miner->memory.reason, advice);
    return;
  default:
    say_sentence(&saying, miner->memory.misses > 0 ? "summary.no_answer_yet" : "summary.not_asked");
  }
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

static void write_count(struct buf *text, const char *language, const char *key, size_t count) {
  char figure[24];
  snprintf(figure, sizeof figure, "%zu", count);
  text_write(text, language, key, &(struct text_value){"count", figure}, 1);
}

/* "2 of 5 miners ..." */
static void write_share(struct buf *text, const char *language, const char *key,
                        const size_t counts[2]) {
  char part[24], all[24];
  snprintf(part, sizeof part, "%zu", counts[0]);
  snprintf(all, sizeof all, "%zu", counts[1]);
  const struct text_value values[] = {{"hashing", part}, {"urgent", part}, {"count", all}};
  text_write(text, language, key, values, 3);
}

static void write_calm(struct fleet *fleet, const char *language, struct buf *text) {
  struct fleet_totals totals;
  fleet_totals(fleet, &totals);
  if (totals.hashing == totals.miners) {
    write_count(text, language, "summary.all_fine", totals.miners);
    return;
  }
  write_share(text, language, "summary.hashing", (const size_t[]){totals.hashing, totals.miners});
  const struct {
    size_t count;
    const char *key;
  } others[] = {{totals.by_state[STATE_STARTING], "summary.starting"},
                {totals.by_state[STATE_PAUSED], "summary.paused"},
                {totals.by_state[STATE_UNKNOWN], "summary.unasked"}};
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    if (others[i].count == 0)
      continue;
    buf_append_text(text, ", ");
    write_count(text, language, others[i].key, others[i].count);
  }
  buf_append_char(text, '.');
}

static void write_nothing_to_do(struct buf *text, const char *language) {
  buf_printf(text, " %s", text_get(language, "summary.nothing_to_do"));
}

enum summary_mood summary_write(struct fleet *fleet, int64_t now_ms, const char *language,
                                struct buf *text, struct buf *advice) {
  if (fleet_count(fleet) == 0) {
    buf_append_text(text, text_get(language, "summary.empty"));
    buf_append_text(advice, text_get(language, "summary.empty_advice"));
    return SUMMARY_EMPTY;
  }
  size_t urgent, trouble;
  const struct fleet_miner *worst = most_urgent(fleet, &urgent, &trouble);
  if (urgent == 0 && fleet_count(fleet) > 1) {
    write_calm(fleet, language, text);
    write_nothing_to_do(text, language);
    return SUMMARY_FINE;
  }
  if (urgent > 1) {
    write_share(text, language, "summary.need_you", (const size_t[]){urgent, fleet_count(fleet)});
    buf_append_char(text, ' ');
  }
  summary_write_miner(worst, now_ms, language, text, advice);
  if (urgent == 0) {
    write_nothing_to_do(text, language);
    return SUMMARY_FINE;
  }
  return trouble > 0 ? SUMMARY_TROUBLE : SUMMARY_ATTENTION;
}
