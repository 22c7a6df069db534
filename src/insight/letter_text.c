#include "insight/letter_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/text.h"
#include "model/text_figure.h"

enum { MINERS_SHOWN = 10 };

/* ------------------------------------------------------------ figures */

/* Rounded down: what is not whole never reads as 100. */
static void write_share(const char *language, double share, char text[TEXT_FIGURE_SIZE]) {
  bool whole = share >= 1;
  text_figure_number(text, language, whole ? 100 : floor(share * 1000) / 10, whole ? 0 : 1);
}

static double known_or_zero(double value) {
  return isfinite(value) ? value : 0;
}

static void add_line(struct buf *out, const char *language, const char *key,
                     const struct text_value values[3]) {
  buf_append_char(out, '\n');
  text_write(out, language, key, values, 3);
}

/* ------------------------------------------------------------ parts */

static bool is_known(const struct letter *letter) {
  for (size_t i = 0; i < letter->miner_count; i++) {
    if (letter->miners[i].polls > 0)
      return true;
  }
  return false;
}

static const char *verdict_of(const struct letter *letter) {
  if (letter->alerts > 0)
    return letter->alerts == 1 ? "letter.verdict.alert" : "letter.verdict.alerts";
  if (letter->open_count > 0)
    return "letter.verdict.open";
  return is_known(letter) ? "letter.verdict.well" : "letter.verdict.unknown";
}

static void write_headline(struct buf *out, const char *language, const struct letter *letter) {
  char count[24], from[TEXT_FIGURE_SIZE], to[TEXT_FIGURE_SIZE];
  struct buf who, verdict;
  buf_init(&who);
  buf_init(&verdict);
  snprintf(count, sizeof count, "%zu", letter->miner_count);
  if (letter->miner_count == 1)
    buf_append_text(&who, letter->miners[0].name);
  else
    text_write(&who, language, "letter.who", &(struct text_value){"count", count}, 1);
  snprintf(count, sizeof count, "%zu", letter->alerts);
  text_write(&verdict, language, verdict_of(letter), &(struct text_value){"count", count}, 1);
  text_figure_date(from, language, letter->from_ms);
  text_figure_date(to, language, letter->to_ms - 1);
  const struct text_value values[] = {
      {"who", who.data}, {"from", from}, {"to", to}, {"verdict", verdict.data}};
  bool one_day = strcmp(from, to) == 0;
  text_write(out, language, one_day ? "letter.headline.day" : "letter.headline.days", values, 4);
  buf_finish(&who);
  buf_finish(&verdict);
}

/* Of all the time in which the monitor asked; mining is part of being reachable. */
static void shares_of(const char *language, const struct letter_miner *miner,
                      char reachable[TEXT_FIGURE_SIZE], char hashing[TEXT_FIGURE_SIZE]) {
  double share = miner->polls > 0 ? miner->answered / miner->polls : 0;
  double part = miner->online_s > 0 ? fmin(miner->hashing_s / miner->online_s, 1) : 0;
  write_share(language, share, reachable);
  write_share(language, share * part, hashing);
}

static void write_uptime(struct buf *out, const char *language, const struct letter *letter) {
  struct letter_miner all = {.polls = 0};
  char reachable[TEXT_FIGURE_SIZE], hashing[TEXT_FIGURE_SIZE];
  for (size_t i = 0; i < letter->miner_count; i++) {
    all.polls += letter->miners[i].polls;
    all.answered += letter->miners[i].answered;
    all.online_s += letter->miners[i].online_s;
    all.hashing_s += letter->miners[i].hashing_s;
  }
  shares_of(language, &all, reachable, hashing);
  const struct text_value values[3] = {{"reachable", reachable}, {"hashing", hashing}};
  add_line(out, language, "letter.uptime", values);
}

/* A full block is the highest; a dot: no reading. */
static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char no_reading[] = "·";

static void write_bars(struct buf *out, const struct letter *letter) {
  double highest = 0;
  for (size_t i = 0; i < letter->bar_count; i++)
    highest = fmax(highest, known_or_zero(letter->bars_ghs[i]));
  for (size_t i = 0; i < letter->bar_count; i++) {
    double value = letter->bars_ghs[i];
    if (!isfinite(value))
      buf_append_text(out, no_reading);
    else
      buf_append_text(out, blocks[highest > 0 ? (size_t)lround(value / highest * 7) : 0]);
  }
}

static void write_hashrate(struct buf *out, const char *language, const struct letter *letter) {
  if (!isfinite(letter->hashrate_ghs))
    return;
  char average[TEXT_FIGURE_SIZE];
  struct buf chart;
  buf_init(&chart);
  buf_append_text(&chart, "");
  write_bars(&chart, letter);
  text_figure_scaled(average, language, letter->hashrate_ghs * 1e9, "H/s");
  const struct text_value values[3] = {{"chart", chart.data}, {"average", average}};
  add_line(out, language, letter->weekly ? "letter.hashrate.week" : "letter.hashrate.day", values);
  buf_finish(&chart);
}

static void write_energy(struct buf *out, const char *language, const struct letter *letter) {
  if (letter->energy_wh <= 0)
    return;
  char energy[TEXT_FIGURE_SIZE], cost[TEXT_FIGURE_SIZE];
  double kwh = letter->energy_wh / 1000;
  text_figure_number(energy, language, kwh, kwh < 10 ? 2 : 0);
  text_figure_number(cost, language, kwh * letter->price, 2);
  snprintf(cost + strlen(cost), sizeof cost - strlen(cost), " %s", letter->currency);
  const struct text_value values[3] = {{"energy", energy}, {"cost", cost}};
  add_line(out, language, isfinite(letter->price) ? "letter.energy_cost" : "letter.energy", values);
}

static void write_records(struct buf *out, const char *language, const struct letter *letter) {
  if (letter->block_of[0] != '\0')
    add_line(out, language, "letter.block", (struct text_value[3]){{"name", letter->block_of}});
  if (!isfinite(letter->best_diff))
    return;
  char value[TEXT_FIGURE_SIZE];
  text_figure_scaled(value, language, letter->best_diff, "");
  const struct text_value values[3] = {{"name", letter->best_of}, {"value", value}};
  add_line(out, language, "letter.record", values);
}

static void write_alerts(struct buf *out, const char *language, const struct letter *letter) {
  char count[24], span[TEXT_FIGURE_SIZE];
  snprintf(count, sizeof count, "%zu", letter->alerts);
  text_figure_span(span, language, letter->alert_ms);
  const struct text_value told[3] = {{"count", count}, {"span", span}};
  add_line(out, language,
           letter->alerts == 0   ? "letter.alerts.none"
           : letter->alerts == 1 ? "letter.alerts.one"
                                 : "letter.alerts.many",
           told);
  size_t named = letter->open_count < LETTER_OPEN_MAX ? letter->open_count : LETTER_OPEN_MAX;
  for (size_t i = 0; i < named; i++) {
    const struct letter_open *open = &letter->open[i];
    text_figure_span(span, language, letter->now_ms - open->since_ms);
    const struct text_value values[3] = {
        {"name", open->name}, {"title", text_get(language, open->title_key)}, {"span", span}};
    add_line(out, language, "letter.open", values);
  }
  snprintf(count, sizeof count, "%zu", letter->open_count - named);
  if (letter->open_count > named)
    add_line(out, language, "letter.more_open", (struct text_value[3]){{"count", count}});
}

static double order_of(const struct letter_miner *miner) {
  double share = miner->polls > 0 ? miner->answered / miner->polls : -1;
  return miner->online_s > 0 ? share * miner->hashing_s / miner->online_s : fmin(share, 0);
}

static int compare(const void *a, const void *b) {
  double first = order_of(a), second = order_of(b);
  return first != second ? (first > second) - (first < second)
                         : strcmp(((const struct letter_miner *)a)->name,
                                  ((const struct letter_miner *)b)->name);
}

static void write_miners(struct buf *out, const char *language, const struct letter *letter) {
  if (letter->miner_count < 2)
    return;
  qsort(letter->miners, letter->miner_count, sizeof *letter->miners, compare);
  for (size_t i = 0; i < letter->miner_count && i < MINERS_SHOWN; i++) {
    const struct letter_miner *miner = &letter->miners[i];
    char reachable[TEXT_FIGURE_SIZE], hashing[TEXT_FIGURE_SIZE];
    shares_of(language, miner, reachable, hashing);
    const struct text_value values[3] = {
        {"name", miner->name}, {"reachable", reachable}, {"hashing", hashing}};
    add_line(out, language, miner->polls > 0 ? "letter.miner" : "letter.miner_unknown", values);
  }
  if (letter->miner_count <= MINERS_SHOWN)
    return;
  char count[24];
  snprintf(count, sizeof count, "%zu", letter->miner_count - MINERS_SHOWN);
  add_line(out, language, "letter.more_miners", (struct text_value[3]){{"count", count}});
}

void letter_text_write(struct buf *out, const char *language, struct letter *letter) {
  write_headline(out, language, letter);
  if (is_known(letter)) {
    write_uptime(out, language, letter);
    write_hashrate(out, language, letter);
    write_energy(out, language, letter);
  } else {
    add_line(out, language, "letter.nothing", (struct text_value[3]){{"", ""}});
  }
  write_records(out, language, letter);
  write_alerts(out, language, letter);
  if (is_known(letter))
    write_miners(out, language, letter);
}

/* ------------------------------------------------------------ without its bars */

/* How many bars the line begins with. */
static size_t count_bars(const char *line) {
  size_t count = 0;
  for (;;) {
    size_t length = str_starts_with(line, no_reading) ? sizeof no_reading - 1 : 0;
    for (size_t i = 0; length == 0 && i < sizeof blocks / sizeof blocks[0]; i++)
      length = str_starts_with(line, blocks[i]) ? strlen(blocks[i]) : 0;
    if (length == 0)
      return count;
    line += length;
    count++;
  }
}

void letter_text_without_bars(struct buf *out, const char *text) {
  for (bool passed = false; *text != '\0';) {
    size_t line = strcspn(text, "\n");
    line += text[line] == '\n';
    bool is_chart = !passed && count_bars(text) >= LETTER_BARS_MIN;
    if (!is_chart)
      buf_append(out, text, line);
    passed = passed || is_chart;
    text += line;
  }
}
