/* /last and /thresholds: what was measured, and where warnings begin. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "bot/bot_commands.h"
#include "bot/bot_words.h"

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

static void write_reading(struct buf *out, const struct sample *sample) {
  bot_words_time(out, sample->at_ms);
  if ((sample->flags & SAMPLE_MISSED) != 0) {
    buf_printf(out, "  no data: %s\n", reason_facts(sample->reason)->text);
    return;
  }
  buf_printf(out, "  %s", state_title(sample->state));
  double hashrate = sample->values[METRIC_HASHRATE_GHS];
  if (metric_is_known(hashrate)) {
    buf_append_text(out, ", ");
    bot_words_hashrate(out, hashrate);
  }
  bot_words_figure(out, ", chip ", sample, METRIC_CHIP_TEMP_C);
  bot_words_figure(out, ", VR ", sample, METRIC_VR_TEMP_C);
  bot_words_figure(out, ", ", sample, METRIC_POWER_W);
  buf_append_char(out, '\n');
}

static void write_last(const struct fleet_miner *miner, size_t size, struct buf *out) {
  struct newest newest = {.samples = mem_alloc(size * sizeof(struct sample)), .size = size};
  open_chunk_each(miner->recent, INT64_MIN, INT64_MAX, keep_newest, &newest);
  if (newest.count == 0)
    buf_printf(out, "%s: no readings yet.\n", miner->miner.name);
  else
    buf_printf(out, "%s: the last %zu readings, newest first\n", miner->miner.name, newest.count);
  for (size_t i = 1; i <= newest.count; i++)
    write_reading(out, &newest.samples[(newest.next + size - i) % size]);
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
    buf_append_text(reply, "There is no miner yet. Add one in the dashboard.\n");
  } else if (miner == NULL) {
    buf_printf(reply, "There is no miner called \"%s\". Miners: ", name);
    bot_words_names(view->fleet, NULL, reply);
  } else {
    write_last(miner, count, reply);
    if (!named && fleet_count(view->fleet) > 1) {
      buf_printf(reply, "\nFor another miner, add its name (/last %zu NAME): ", count);
      bot_words_names(view->fleet, miner, reply);
    }
  }
  free(copy);
}

/* --- /thresholds --- */

static void write_limits(const struct bot_view *view, const char *name,
                         const struct miner_limits *limits, struct buf *out) {
  static const struct {
    enum alert_rule rule;
    const char *label;
  } parts[] = {{ALERT_CHIP_TEMP, "chip"}, {ALERT_VR_TEMP, "VR"}};
  buf_printf(out, "%s:", name);
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    buf_printf(out, "%s %s ", i > 0 ? "," : "", parts[i].label);
    if (view->alerts->enabled[parts[i].rule])
      buf_printf(out, "above %.1f °C", alert_limit(view->alerts, parts[i].rule, limits));
    else
      buf_append_text(out, "off");
  }
  buf_append_char(out, '\n');
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
    write_limits(view, "Any miner", &unknown, out);
  } else if (same && count > 1) {
    write_limits(view, "All miners", &fleet_at(view->fleet, 0)->miner.facts.limits, out);
  } else {
    for (size_t i = 0; i < count && i < LIMITS_MAX; i++) {
      const struct fleet_miner *miner = fleet_at(view->fleet, i);
      write_limits(view, miner->miner.name, &miner->miner.facts.limits, out);
    }
    if (count > LIMITS_MAX)
      buf_printf(out, "and %zu more: see the dashboard.\n", count - LIMITS_MAX);
  }
}

static void answer_thresholds(const struct bot_view *view, const char *arguments,
                              struct bot_answer *answer) {
  struct buf *reply = &answer->text;
  (void)arguments;
  const struct alert_config *alerts = view->alerts;
  char span[48];
  buf_append_text(reply, "You are warned when a temperature is too high.\n");
  write_all_limits(view, reply);
  buf_printf(reply, "\nIt takes %d readings in a row above the limit", alerts->hold_samples);
  buf_printf(reply, ", and is over at %.1f °C below it (hysteresis).\n", alerts->hysteresis_c);
  buf_printf(reply, "The same warning comes again no sooner than after %s (cooldown).\n",
             clock_format_span(alerts->cooldown_ms, span, (int)sizeof span));
  if (alerts->enabled[ALERT_OFFLINE])
    buf_printf(reply, "A miner counts as offline after %d missed polls, one every %s.\n",
               MINER_JUDGE_MISSES,
               clock_format_span(view->poll_interval_ms, span, (int)sizeof span));
  else
    buf_append_text(reply, "Warnings about miners that go offline are off.\n");
}

const struct bot_command bot_readings_commands[] = {
    {"last", "the last readings: /last 10, or /last 10 NAME", CHANNEL_VIEWER, answer_last},
    {"thresholds", "when you are warned", CHANNEL_VIEWER, answer_thresholds},
    {0},
};
