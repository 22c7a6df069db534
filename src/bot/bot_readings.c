/* /last and /thresholds: what was measured, and where warnings begin. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "bot/bot_commands.h"
#include "bot/bot_words.h"
#include "model/text_figure.h"

enum { LAST_DEFAULT = 10, LAST_MAX = 50, LIMITS_MAX = 25 };

/* --- /last --- */

/* The newest `size` samples; `next` wraps around. */
struct newest {
  struct sample *samples;
  size_t size, next, count;
};

static bool keep_newest(const struct sample *sample, void *arg) {
  struct newest *newest = arg;
  newest->samples[newest->next] = *sample;
  newest->next = (newest->next + 1) % newest->size;
  if (newest->count < newest->size)
    newest->count++;
  return true;
}

static void write_missed(struct buf *out, const struct bot_view *view, enum reason reason) {
  char key[64];
  snprintf(key, sizeof key, "reason.%s.text", reason_facts(reason)->name);
  buf_append_text(out, "  ");
  bot_words_say(out, view, "bot.last_missed",
                &(struct text_value){"reason", text_get(view->language, key)}, 1);
}

static void write_reading(struct buf *out, const struct bot_view *view,
                          const struct sample *sample) {
  static const struct {
    const char *key;
    enum metric metric;
  } figures[] = {{"bot.figure.chip", METRIC_CHIP_TEMP_C},
                 {"bot.figure.vr", METRIC_VR_TEMP_C},
                 {NULL, METRIC_POWER_W}};
  bot_words_time(out, sample->at_ms);
  if ((sample->flags & SAMPLE_MISSED) != 0) {
    write_missed(out, view, sample->reason);
    return;
  }
  buf_printf(out, "  %s", bot_words_state(view, sample->state));
  double hashrate = sample->values[METRIC_HASHRATE_GHS];
  if (metric_is_known(hashrate)) {
    char figure[TEXT_FIGURE_SIZE];
    text_figure_hashrate(figure, view->language, hashrate);
    buf_printf(out, ", %s", figure);
  }
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
    if (!metric_is_known(sample->values[figures[i].metric]))
      continue;
    buf_append_text(out, ", ");
    bot_words_figure(out, view, figures[i].key, sample, figures[i].metric);
  }
  buf_append_char(out, '\n');
}

static void write_last(const struct bot_view *view, const struct fleet_miner *miner, size_t size,
                       struct buf *out) {
  char count[24];
  struct newest newest = {.samples = mem_alloc(size * sizeof(struct sample)), .size = size};
  open_chunk_each(miner->recent, INT64_MIN, INT64_MAX, keep_newest, &newest);
  snprintf(count, sizeof count, "%zu", newest.count);
  const struct text_value values[] = {{"name", miner->miner.name}, {"count", count}};
  bot_words_say(out, view, newest.count == 0 ? "bot.last_none" : "bot.last", values, 2);
  for (size_t i = 1; i <= newest.count; i++)
    write_reading(out, view, &newest.samples[(newest.next + size - i) % size]);
  free(newest.samples);
}

/* A number of readings, however large or small it was written. */
static bool parse_count(const char *text, size_t *out) {
  int64_t count = 0;
  const char *digits = text[0] == '-' ? text + 1 : text;
  if (digits[0] == '\0' || strspn(digits, "0123456789") != strlen(digits))
    return false;
  if (!str_to_i64(text, INT64_MIN, INT64_MAX, &count))
    count = text[0] == '-' ? 1 : LAST_MAX;
  *out = (size_t)(count < 1 ? 1 : count > LAST_MAX ? LAST_MAX : count);
  return true;
}

/* "5", "Garage", "5 Garage", "Garage 5"; a miner may itself be called "5" or
 * "Garage 5", so a whole name wins where there is no number in front. */
static const char *split_last(struct fleet *fleet, char *text, size_t *count) {
  char *name = str_trim(text);
  char *space = strchr(name, ' ');
  if (space != NULL)
    *space = '\0';
  if (parse_count(name, count))
    return space != NULL ? str_trim(space + 1) : "";
  if (space != NULL)
    *space = ' ';
  char *tail = strrchr(name, ' ');
  if (tail != NULL && fleet_find_name(fleet, name) == NULL && parse_count(tail + 1, count)) {
    *tail = '\0';
    return str_trim(name);
  }
  return name;
}

static void say_others(const struct bot_view *view, const struct fleet_miner *miner, size_t wanted,
                       struct buf *out) {
  char count[24];
  struct buf names;
  snprintf(count, sizeof count, "%zu", wanted);
  buf_init(&names);
  bot_words_names(view->fleet, miner, &names);
  const struct text_value values[] = {{"count", count}, {"names", names.data}};
  buf_append_char(out, '\n');
  bot_words_say(out, view, "bot.last_other", values, 2);
  buf_finish(&names);
}

static void answer_last(const struct bot_view *view, const char *arguments,
                        struct bot_answer *answer) {
  struct buf *reply = &answer->text;
  size_t count = LAST_DEFAULT;
  char *copy = mem_strdup(arguments);
  const char *name = split_last(view->fleet, copy, &count);
  bool named = name[0] != '\0';
  const struct fleet_miner *miner = NULL;
  if (named)
    miner = fleet_find_name(view->fleet, name);
  else if (fleet_count(view->fleet) > 0)
    miner = fleet_at(view->fleet, 0);

  if (fleet_count(view->fleet) == 0) {
    bot_words_say(reply, view, "bot.no_miner", NULL, 0);
  } else if (miner == NULL) {
    bot_words_unknown(view, name, reply);
  } else {
    write_last(view, miner, count, reply);
    if (!named && fleet_count(view->fleet) > 1)
      say_others(view, miner, count, reply);
  }
  free(copy);
}

/* --- /thresholds --- */

static void write_limit(const struct bot_view *view, enum alert_rule rule,
                        const struct miner_limits *limits, struct buf *out) {
  char limit[TEXT_FIGURE_SIZE];
  text_figure_number(limit, view->language, alert_limit(view->alerts, rule, limits), 1);
  text_write(out, view->language,
             view->alerts->enabled[rule] ? "bot.limits.above" : "bot.limits.off",
             &(struct text_value){"limit", limit}, 1);
}

static void write_limits(const struct bot_view *view, const char *name,
                         const struct miner_limits *limits, struct buf *out) {
  struct buf chip, vr;
  buf_init(&chip);
  buf_init(&vr);
  write_limit(view, ALERT_CHIP_TEMP, limits, &chip);
  write_limit(view, ALERT_VR_TEMP, limits, &vr);
  const struct text_value values[] = {{"name", name}, {"chip", chip.data}, {"vr", vr.data}};
  bot_words_say(out, view, "bot.limits.line", values, 3);
  buf_finish(&chip);
  buf_finish(&vr);
}

static bool same_limits(const struct bot_view *view, const struct fleet_miner *a,
                        const struct fleet_miner *b) {
  for (int rule = ALERT_CHIP_TEMP; rule <= ALERT_VR_TEMP; rule++) {
    double difference = alert_limit(view->alerts, (enum alert_rule)rule, &a->miner.facts.limits) -
                        alert_limit(view->alerts, (enum alert_rule)rule, &b->miner.facts.limits);
    if (difference < -0.05 || difference > 0.05)
      return false;
  }
  return true;
}

static void write_all_limits(const struct bot_view *view, struct buf *out) {
  size_t count = fleet_count(view->fleet);
  bool same = true;
  for (size_t i = 1; i < count; i++)
    same = same && same_limits(view, fleet_at(view->fleet, 0), fleet_at(view->fleet, i));
  if (count == 0) {
    const struct miner_limits unknown = {METRIC_UNKNOWN, METRIC_UNKNOWN, METRIC_UNKNOWN,
                                         METRIC_UNKNOWN, METRIC_UNKNOWN, METRIC_UNKNOWN,
                                         METRIC_UNKNOWN};
    write_limits(view, text_get(view->language, "bot.limits.any"), &unknown, out);
  } else if (same && count > 1) {
    write_limits(view, text_get(view->language, "bot.limits.all"),
                 &fleet_at(view->fleet, 0)->miner.facts.limits, out);
  } else {
    for (size_t i = 0; i < count && i < LIMITS_MAX; i++) {
      const struct fleet_miner *miner = fleet_at(view->fleet, i);
      write_limits(view, miner->miner.name, &miner->miner.facts.limits, out);
    }
    char left_out[24];
    snprintf(left_out, sizeof left_out, "%zu", count > LIMITS_MAX ? count - LIMITS_MAX : 0);
    if (count > LIMITS_MAX)
      bot_words_say(out, view, "bot.more", &(struct text_value){"count", left_out}, 1);
  }
}

static void answer_thresholds(const struct bot_view *view, const char *arguments,
                              struct bot_answer *answer) {
  struct buf *reply = &answer->text;
  (void)arguments;
  const struct alert_config *alerts = view->alerts;
  char count[24], misses[24], hysteresis[TEXT_FIGURE_SIZE], cooldown[TEXT_FIGURE_SIZE],
      interval[TEXT_FIGURE_SIZE];
  snprintf(count, sizeof count, "%d", alerts->hold_samples);
  snprintf(misses, sizeof misses, "%d", MINER_JUDGE_MISSES);
  text_figure_number(hysteresis, view->language, alerts->hysteresis_c, 1);
  text_figure_span(cooldown, view->language, alerts->cooldown_ms);
  text_figure_span(interval, view->language, view->poll_interval_ms);
  const struct text_value hold[] = {{"count", count}, {"hysteresis", hysteresis}};
  const struct text_value away[] = {{"count", misses}, {"span", interval}};

  bot_words_say(reply, view, "bot.limits", NULL, 0);
  write_all_limits(view, reply);
  buf_append_char(reply, '\n');
  bot_words_say(reply, view, "bot.limits.hold", hold, 2);
  bot_words_say(reply, view, "bot.limits.cooldown", &(struct text_value){"span", cooldown}, 1);
  bot_words_say(reply, view,
                alerts->enabled[ALERT_OFFLINE] ? "bot.limits.offline" : "bot.limits.offline_off",
                away, 2);
}

const struct bot_command bot_readings_commands[] = {
    {"last", CHANNEL_VIEWER, answer_last},
    {"thresholds", CHANNEL_VIEWER, answer_thresholds},
    {0},
};
