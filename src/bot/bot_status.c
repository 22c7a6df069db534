/* /status, /miners, /miner: how things stand now. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "bot/bot_commands.h"
#include "bot/bot_words.h"
#include "engine/summary.h"
#include "model/text_figure.h"

enum { STATUS_BLOCKS_MAX = 25, /* a farm's page is the place for more */ MINERS_MAX = 60 };

static void write_hashing(struct buf *out, const struct bot_view *view,
                          const struct sample *sample) {
  double hashrate = sample->values[METRIC_HASHRATE_GHS];
  double expected = sample->values[METRIC_EXPECTED_HASHRATE_GHS];
  char now[TEXT_FIGURE_SIZE], wanted[TEXT_FIGURE_SIZE], share[TEXT_FIGURE_SIZE];
  if (!metric_is_known(hashrate))
    return;
  text_figure_hashrate(now, view->language, hashrate);
  if (!metric_is_known(expected) || expected <= 0) {
    buf_printf(out, "%s\n", now);
    return;
  }
  text_figure_hashrate(wanted, view->language, expected);
  text_figure_number(share, view->language, hashrate / expected * 100, 0);
  const struct text_value values[] = {{"hashrate", now}, {"expected", wanted}, {"share", share}};
  bot_words_say(out, view, "bot.hashing", values, 3);
}

/* Figures that are known, in one line; the first needs no comma. */
static void write_figures(struct buf *out, const struct bot_view *view,
                          const struct sample *sample) {
  static const struct {
    const char *key;
    enum metric metric;
  } figures[] = {{"bot.figure.chip", METRIC_CHIP_TEMP_C},
                 {"bot.figure.vr", METRIC_VR_TEMP_C},
                 {NULL, METRIC_POWER_W}};
  size_t start = out->length;
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
    if (!metric_is_known(sample->values[figures[i].metric]))
      continue;
    if (out->length > start)
      buf_append_text(out, ", ");
    bot_words_figure(out, view, figures[i].key, sample, figures[i].metric);
  }
  double uptime_s = sample->values[METRIC_UPTIME_S];
  if (metric_is_known(uptime_s)) {
    char span[TEXT_FIGURE_SIZE];
    text_figure_span(span, view->language, (int64_t)uptime_s * 1000);
    buf_append_text(out, out->length > start ? ", " : "");
    text_write(out, view->language, "bot.figure.uptime", &(struct text_value){"span", span}, 1);
  }
  if (out->length > start)
    buf_append_char(out, '\n');
}

static bool is_trouble(const struct fleet_miner *miner) {
  switch (miner->memory.state) {
  case STATE_HASHING:
  case STATE_STARTING:
  case STATE_PAUSED:
  case STATE_UNKNOWN:
    return false;
  default:
    return true;
  }
}

/* What is wrong, and what to do; not again where the headline said so already. */
static void write_trouble(const struct bot_view *view, const struct fleet_miner *miner,
                          const char *headline, struct buf *out) {
  struct buf text, advice;
  buf_init(&text);
  buf_init(&advice);
  summary_write_miner(miner, view->now_wall_ms, view->language, &text, &advice);
  if (text.length > 0 && strstr(headline, text.data) == NULL) {
    buf_printf(out, "%s\n", text.data);
    if (advice.length > 0)
      buf_printf(out, "%s\n", advice.data);
  }
  buf_finish(&text);
  buf_finish(&advice);
}

static void write_block(const struct bot_view *view, const struct fleet_miner *miner,
                        const char *headline, struct buf *out) {
  buf_printf(out, "\n%s: %s\n", miner->miner.name, bot_words_state(view, miner->memory.state));
  if (is_trouble(miner))
    write_trouble(view, miner, headline, out);
  if (fleet_miner_is_live(miner)) {
    write_hashing(out, view, &miner->last);
    write_figures(out, view, &miner->last);
  }
}

static void say_more(const struct bot_view *view, size_t left_out, struct buf *out) {
  char count[24];
  snprintf(count, sizeof count, "%zu", left_out);
  bot_words_say(out, view, "bot.more", &(struct text_value){"count", count}, 1);
}

static void answer_status(const struct bot_view *view, const char *arguments,
                          struct bot_answer *answer) {
  struct buf *reply = &answer->text;
  (void)arguments;
  struct buf headline, advice;
  buf_init(&headline);
  buf_init(&advice);
  summary_write(view->fleet, view->now_wall_ms, view->language, &headline, &advice);
  buf_append_char(&headline, '\n');
  buf_append_text(reply, headline.data);
  if (advice.length > 0)
    buf_printf(reply, "%s\n", advice.data);

  size_t count = fleet_count(view->fleet);
  size_t written = 0;
  for (int trouble = 1; trouble >= 0; trouble--) {
    for (size_t i = 0; i < count && written < STATUS_BLOCKS_MAX; i++) {
      const struct fleet_miner *miner = fleet_at(view->fleet, i);
      if (is_trouble(miner) != (trouble == 1))
        continue;
      write_block(view, miner, headline.data, reply);
      written++;
    }
  }
  if (written < count) {
    buf_append_char(reply, '\n');
    say_more(view, count - written, reply);
  }
  buf_finish(&headline);
  buf_finish(&advice);
}

/* --- /miners --- */

static void say_together(const struct bot_view *view, const struct fleet_totals *totals,
                         struct buf *out) {
  char hashrate[TEXT_FIGURE_SIZE], power[TEXT_FIGURE_SIZE];
  text_figure_hashrate(hashrate, view->language, totals->hashrate_ghs);
  text_figure_number(power, view->language, totals->power_w, 0);
  buf_append_char(out, '\n');
  text_write(out, view->language, "bot.together", &(struct text_value){"hashrate", hashrate}, 1);
  if (metric_is_known(totals->power_w))
    buf_printf(out, ", %s W", power);
  buf_append_char(out, '\n');
}

static void answer_miners(const struct bot_view *view, const char *arguments,
                          struct bot_answer *answer) {
  (void)arguments;
  struct buf *out = &answer->text;
  size_t count = fleet_count(view->fleet);
  struct fleet_totals totals;
  fleet_totals(view->fleet, &totals);
  if (count == 0)
    bot_words_say(out, view, "bot.no_miner", NULL, 0);
  for (size_t i = 0; i < count && i < MINERS_MAX; i++) {
    const struct fleet_miner *miner = fleet_at(view->fleet, i);
    buf_printf(out, "%s: %s", miner->miner.name, bot_words_state(view, miner->memory.state));
    double hashrate = miner->last.values[METRIC_HASHRATE_GHS];
    if (fleet_miner_is_live(miner) && metric_is_known(hashrate)) {
      char figure[TEXT_FIGURE_SIZE];
      text_figure_hashrate(figure, view->language, hashrate);
      buf_printf(out, ", %s", figure);
    }
    buf_append_char(out, '\n');
  }
  if (count > MINERS_MAX)
    say_more(view, count - MINERS_MAX, out);
  if (count > 1 && metric_is_known(totals.hashrate_ghs))
    say_together(view, &totals, out);
}

/* --- /miner --- */

static void write_shares(const struct bot_view *view, const struct sample *sample,
                         struct buf *out) {
  char accepted[TEXT_FIGURE_SIZE], rejected[TEXT_FIGURE_SIZE];
  struct buf shares;
  if (!metric_is_known(sample->values[METRIC_SHARES_ACCEPTED]))
    return;
  text_figure_number(accepted, view->language, sample->values[METRIC_SHARES_ACCEPTED], 0);
  text_figure_number(rejected, view->language, sample->values[METRIC_SHARES_REJECTED], 0);
  buf_init(&shares);
  text_write(&shares, view->language, "bot.shares", &(struct text_value){"accepted", accepted}, 1);
  const struct text_value values[] = {{"shares", shares.data}, {"rejected", rejected}};
  if (metric_is_known(sample->values[METRIC_SHARES_REJECTED]))
    bot_words_say(out, view, "bot.shares_rejected", values, 2);
  else
    buf_printf(out, "%s\n", shares.data);
  buf_finish(&shares);
}

static void write_more(const struct bot_view *view, const struct fleet_miner *miner,
                       struct buf *out) {
  static const struct {
    const char *key;
    enum metric metric;
  } figures[] = {{"bot.figure.fan", METRIC_FAN_RPM},
                 {"bot.figure.frequency", METRIC_FREQUENCY_MHZ},
                 {"bot.figure.wifi", METRIC_WIFI_RSSI_DBM},
                 {"bot.figure.errors", METRIC_ERROR_PCT}};
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
    if (!metric_is_known(miner->last.values[figures[i].metric]))
      continue;
    bot_words_figure(out, view, figures[i].key, &miner->last, figures[i].metric);
    buf_append_char(out, '\n');
  }
  write_shares(view, &miner->last, out);
}

static void answer_miner(const struct bot_view *view, const char *arguments,
                         struct bot_answer *answer) {
  const struct fleet_miner *miner = bot_words_miner(view, arguments, answer);
  struct buf *out = &answer->text;
  if (miner == NULL)
    return;
  const struct miner_facts *facts = &miner->miner.facts;
  write_block(view, miner, "", out);
  if (fleet_miner_is_live(miner))
    write_more(view, miner, out);
  buf_append_char(out, '\n');
  const struct text_value values[] = {{"model", facts->model}, {"firmware", facts->firmware}};
  if (facts->model[0] != '\0' && facts->firmware[0] != '\0')
    bot_words_say(out, view, "bot.firmware", values, 2);
  else if (facts->model[0] != '\0')
    buf_printf(out, "%s\n", facts->model);
  bot_words_say(out, view, "bot.its_page", &(struct text_value){"address", miner->miner.address},
                1);
  bot_answer_button(answer, text_get(view->language, "button.chart"), "draw:%" PRId64,
                    miner->miner.id);
}

const struct bot_command bot_status_commands[] = {
    {"status", CHANNEL_VIEWER, answer_status},
    {"miners", CHANNEL_VIEWER, answer_miners},
    {"miner", CHANNEL_VIEWER, answer_miner},
    {0},
};
