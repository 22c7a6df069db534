#include "insight/letter_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/text.h"

enum { FIGURE_SIZE = 48, MINERS_SHOWN = 10 };

/* ------------------------------------------------------------ figures */

/* Rounded down: what is not whole never reads as 100. */
static void write_share(double share, char text[FIGURE_SIZE]) {
  if (share >= 1)
    snprintf(text, FIGURE_SIZE, "100");
  else
    snprintf(text, FIGURE_SIZE, "%.1f", floor(share * 1000) / 10);
}

static void write_scaled(double value, const char *unit, char text[FIGURE_SIZE]) {
  static const char letters[] = " kMGTPE";
  size_t step = 0;
  while (value >= 1000 && step + 2 < sizeof letters) {
    value /= 1000;
    step++;
  }
  if (step == 0)
    snprintf(text, FIGURE_SIZE, "%.0f%s%s", value, unit[0] == '\0' ? "" : " ", unit);
  else
    snprintf(text, FIGURE_SIZE, "%.2f %c%s", value, letters[step], unit);
}

static double known_or_zero(double value) {
  return isfinite(value) ? value : 0;
}

/* ------------------------------------------------------------ words */

static void take_text(struct buf *from, char *text, size_t size) {
  snprintf(text, size, "%s", from->data == NULL ? "" : from->data);
  buf_finish(from);
}

static void write_span(const char *language, int64_t ms, char text[FIGURE_SIZE]) {
  int64_t minutes = ms > 0 ? ms / 60000 : 0, hours = minutes / 60;
  bool in_days = hours >= 48, in_hours = hours > 0;
  char count[24], hour[24], rest[24];
  snprintf(count, sizeof count, "%lld", (long long)(in_days ? hours / 24 : minutes));
  snprintf(hour, sizeof hour, "%lld", (long long)hours);
  snprintf(rest, sizeof rest, "%02d", (int)(minutes % 60));
  const struct text_value values[] = {{"count", count}, {"hours", hour}, {"minutes", rest}};
  const char *key = in_days        ? "span.days"
                    : in_hours     ? "span.hours"
                    : minutes == 1 ? "span.minute"
                                   : "span.minutes";
  struct buf out;
  buf_init(&out);
  text_write(&out, language, key, values, 3);
  take_text(&out, text, FIGURE_SIZE);
}

static void write_date(const char *language, int64_t wall_ms, char text[FIGURE_SIZE]) {
  time_t seconds = (time_t)(wall_ms / 1000);
  struct tm local;
  char day[8], month[16];
  text[0] = '\0';
  if (localtime_r(&seconds, &local) == NULL)
    return;
  snprintf(day, sizeof day, "%d", local.tm_mday % 100);
  snprintf(month, sizeof month, "month.%d", local.tm_mon % 12 + 1);
  const struct text_value values[] = {{"day", day}, {"month", text_get(language, month)}};
  struct buf out;
  buf_init(&out);
  text_write(&out, language, "letter.date", values, 2);
  take_text(&out, text, FIGURE_SIZE);
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
  char count[24], from[FIGURE_SIZE], to[FIGURE_SIZE];
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
  write_date(language, letter->from_ms, from);
  write_date(language, letter->to_ms - 1, to);
  const struct text_value values[] = {
      {"who", who.data}, {"from", from}, {"to", to}, {"verdict", verdict.data}};
  bool one_day = strcmp(from, to) == 0;
  text_write(out, language, one_day ? "letter.headline.day" : "letter.headline.days", values, 4);
  buf_finish(&who);
  buf_finish(&verdict);
}

/* Of all the time in which the monitor asked; mining is part of being reachable. */
static void shares_of(const struct letter_miner *miner, char reachable[FIGURE_SIZE],
                      char hashing[FIGURE_SIZE]) {
  double share = miner->polls > 0 ? miner->answered / miner->polls : 0;
  double part = miner->online_s > 0 ? fmin(miner->hashing_s / miner->online_s, 1) : 0;
  write_share(share, reachable);
  write_share(share * part, hashing);
}

static void write_uptime(struct buf *out, const char *language, const struct letter *letter) {
  struct letter_miner all = {.polls = 0};
  char reachable[FIGURE_SIZE], hashing[FIGURE_SIZE];
  for (size_t i = 0; i < letter->miner_count; i++) {
    all.polls += letter->miners[i].polls;
    all.answered += letter->miners[i].answered;
    all.online_s += letter->miners[i].online_s;
    all.hashing_s += letter->miners[i].hashing_s;
  }
  shares_of(&all, reachable, hashing);
  const struct text_value values[3] = {{"reachable", reachable}, {"hashing", hashing}};
  add_line(out, language, "letter.uptime", values);
}

/* A full block is the highest; a dot: no reading. */
static void write_chart(struct buf *out, const struct letter *letter) {
  static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double highest = 0;
  for (size_t i = 0; i < letter->bar_count; i++)
    highest = fmax(highest, known_or_zero(letter->bars_ghs[i]));
  for (size_t i = 0; i < letter->bar_count; i++) {
    double value = letter->bars_ghs[i];
    if (!isfinite(value))
      buf_append_text(out, "·");
    else
      buf_append_text(out, blocks[highest > 0 ? (size_t)lround(value / highest * 7) : 0]);
  }
}

static void write_hashrate(struct buf *out, const char *language, const struct letter *letter) {
  if (!isfinite(letter->hashrate_ghs))
    return;
  char average[FIGURE_SIZE];
  struct buf chart;
  buf_init(&chart);
  buf_append_text(&chart, "");
  write_chart(&chart, letter);
  write_scaled(letter->hashrate_ghs * 1e9, "H/s", average);
  const struct text_value values[3] = {{"chart", chart.data}, {"average", average}};
  add_line(out, language, letter->weekly ? "letter.hashrate.week" : "letter.hashrate.day", values);
  buf_finish(&chart);
}

static void write_energy(struct buf *out, const char *language, const struct letter *letter) {
  if (letter->energy_wh <= 0)
    return;
  char energy[FIGURE_SIZE], cost[FIGURE_SIZE];
  double kwh = letter->energy_wh / 1000;
  snprintf(energy, sizeof energy, "%.*f", kwh < 10 ? 2 : 0, kwh);
  snprintf(cost, sizeof cost, "%.2f %s", kwh * letter->price, letter->currency);
  const struct text_value values[3] = {{"energy", energy}, {"cost", cost}};
  add_line(out, language, isfinite(letter->price) ? "letter.energy_cost" : "letter.energy", values);
}

static void write_records(struct buf *out, const char *language, const struct letter *letter) {
  if (letter->block_of[0] != '\0')
    add_line(out, language, "letter.block", (struct text_value[3]){{"name", letter->block_of}});
  if (!isfinite(letter->best_diff))
    return;
  char value[FIGURE_SIZE];
  write_scaled(letter->best_diff, "", value);
  const struct text_value values[3] = {{"name", letter->best_of}, {"value", value}};
  add_line(out, language, "letter.record", values);
}

static void write_alerts(struct buf *out, const char *language, const struct letter *letter) {
  char count[24], span[FIGURE_SIZE];
  snprintf(count, sizeof count, "%zu", letter->alerts);
  write_span(language, letter->alert_ms, span);
  const struct text_value told[3] = {{"count", count}, {"span", span}};
  add_line(out, language,
           letter->alerts == 0   ? "letter.alerts.none"
           : letter->alerts == 1 ? "letter.alerts.one"
                                 : "letter.alerts.many",
           told);
  size_t named = letter->open_count < LETTER_OPEN_MAX ? letter->open_count : LETTER_OPEN_MAX;
  for (size_t i = 0; i < named; i++) {
    const struct letter_open *open = &letter->open[i];
    write_span(language, letter->now_ms - open->since_ms, span);
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
    char reachable[FIGURE_SIZE], hashing[FIGURE_SIZE];
    shares_of(miner, reachable, hashing);
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
