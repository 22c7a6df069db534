/* /status, /miners, /miner: how things stand now. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"
#include "bot/bot_commands.h"
#include "bot/bot_words.h"
#include "engine/summary.h"

enum { STATUS_BLOCKS_MAX = 25, /* a farm's page is the place for more */ MINERS_MAX = 60 };

static void write_hashing(struct buf *out, const struct sample *sample) {
  double hashrate = sample->values[METRIC_HASHRATE_GHS];
  double expected = sample->values[METRIC_EXPECTED_HASHRATE_GHS];
  if (!metric_is_known(hashrate))
    return;
  bot_words_hashrate(out, hashrate);
  if (metric_is_known(expected) && expected > 0) {
    buf_append_text(out, " of ");
    bot_words_hashrate(out, expected);
    buf_printf(out, " expected (%.0f %%)", hashrate / expected * 100);
  }
  buf_append_char(out, '\n');
}

/* Figures that are known, in one line; the first needs no comma. */
static void write_figures(struct buf *out, const struct sample *sample) {
  static const struct {
    const char *label;
    enum metric metric;
  } figures[] = {{"chip ", METRIC_CHIP_TEMP_C}, {"VR ", METRIC_VR_TEMP_C}, {"", METRIC_POWER_W}};
  size_t start = out->length;
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
    if (!metric_is_known(sample->values[figures[i].metric]))
      continue;
    if (out->length > start)
      buf_append_text(out, ", ");
    bot_words_figure(out, figures[i].label, sample, figures[i].metric);
  }
  double uptime_s = sample->values[METRIC_UPTIME_S];
  if (metric_is_known(uptime_s)) {
    char span[48];
    clock_format_span((int64_t)uptime_s * 1000, span, (int)sizeof span);
    buf_printf(out, "%sup for %s", out->length > start ? ", " : "", span);
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
  summary_write_miner(miner, view->now_wall_ms, &text, &advice);
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
  buf_printf(out, "\n%s: %s\n", miner->miner.name, state_title(miner->memory.state));
  if (is_trouble(miner))
    write_trouble(view, miner, headline, out);
  if (fleet_miner_is_live(miner)) {
    write_hashing(out, &miner->last);
    write_figures(out, &miner->last);
  }
}

static void answer_status(const struct bot_view *view, const char *arguments,
                          struct bot_answer *answer) {
  struct buf *reply = &answer->text;
  (void)arguments;
  struct buf headline, advice;
  buf_init(&headline);
  buf_init(&advice);
  summary_write(view->fleet, view->now_wall_ms, &headline, &advice);
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
  if (written < count)
    buf_printf(reply, "\nand %zu more: see the dashboard.\n", count - written);
  buf_finish(&headline);
  buf_finish(&advice);
}

/* --- /miners --- */

static void answer_miners(const struct bot_view *view, const char *arguments,
                          struct bot_answer *answer) {
  (void)arguments;
  struct buf *out = &answer->text;
  size_t count = fleet_count(view->fleet);
  struct fleet_totals totals;
  fleet_totals(view->fleet, &totals);
  if (count == 0)
    buf_append_text(out, "There is no miner yet. Add one in the dashboard.\n");
  for (size_t i = 0; i < count && i < MINERS_MAX; i++) {
    const struct fleet_miner *miner = fleet_at(view->fleet, i);
    buf_printf(out, "%s: %s", miner->miner.name, state_title(miner->memory.state));
    double hashrate = miner->last.values[METRIC_HASHRATE_GHS];
    if (fleet_miner_is_live(miner) && metric_is_known(hashrate)) {
      buf_append_text(out, ", ");
      bot_words_hashrate(out, hashrate);
    }
    buf_append_char(out, '\n');
  }
  if (count > MINERS_MAX)
    buf_printf(out, "and %zu more: see the dashboard.\n", count - MINERS_MAX);
  if (count > 1 && metric_is_known(totals.hashrate_ghs)) {
    buf_append_text(out, "\nTogether: ");
    bot_words_hashrate(out, totals.hashrate_ghs);
    if (metric_is_known(totals.power_w))
      buf_printf(out, ", %.0f W", totals.power_w);
    buf_append_char(out, '\n');
  }
}

/* --- /miner --- */

static void write_more(const struct fleet_miner *miner, struct buf *out) {
  static const struct {
    const char *label;
    enum metric metric;
  } figures[] = {{"Fan: ", METRIC_FAN_RPM},
                 {"Frequency: ", METRIC_FREQUENCY_MHZ},
                 {"Wi-Fi: ", METRIC_WIFI_RSSI_DBM},
                 {"Chip errors: ", METRIC_ERROR_PCT}};
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
    if (!metric_is_known(miner->last.values[figures[i].metric]))
      continue;
    bot_words_figure(out, figures[i].label, &miner->last, figures[i].metric);
    buf_append_char(out, '\n');
  }
  double accepted = miner->last.values[METRIC_SHARES_ACCEPTED];
  double rejected = miner->last.values[METRIC_SHARES_REJECTED];
  if (metric_is_known(accepted))
    buf_printf(out, "Shares since its last restart: %.0f accepted", accepted);
  if (metric_is_known(accepted) && metric_is_known(rejected))
    buf_printf(out, ", %.0f rejected", rejected);
  if (metric_is_known(accepted))
    buf_append_char(out, '\n');
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
    write_more(miner, out);
  buf_append_char(out, '\n');
  if (facts->model[0] != '\0')
    buf_printf(out, "%s%s%s\n", facts->model, facts->firmware[0] != '\0' ? ", firmware " : "",
               facts->firmware);
  buf_printf(out, "Its own page: %s\n", miner->miner.address);
  bot_answer_button(answer, "Chart", "draw:%" PRId64, miner->miner.id);
}

const struct bot_command bot_status_commands[] = {
    {"status", "how every miner is doing", CHANNEL_VIEWER, answer_status},
    {"miners", "all miners, a line each", CHANNEL_VIEWER, answer_miners},
    {"miner", "one miner in detail: /miner NAME", CHANNEL_VIEWER, answer_miner},
    {0},
};
