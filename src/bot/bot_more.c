/* /chart, /odds, /restart, /help, /start. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "bot/bot_commands.h"
#include "bot/bot_glossary.h"
#include "bot/bot_words.h"
#include "insight/odds.h"
#include "model/text_figure.h"

static const int64_t HOUR_MS = 3600000;

/* --- /chart --- */

/* "Garage", "Garage 7d", "7d Garage", "24h": the span, with what is left as the name. */
static char *split_chart(const struct bot_view *view, char *text, int64_t *span_ms) {
  char *name = str_trim(text);
  if (fleet_find_name(view->fleet, name) != NULL)
    return name;
  char *last = strrchr(name, ' ');
  if (last != NULL && bot_words_span(last + 1, span_ms)) {
    *last = '\0';
    return str_trim(name);
  }
  char *first = strchr(name, ' ');
  if (first != NULL)
    *first = '\0';
  if (bot_words_span(name, span_ms))
    return first == NULL ? name + strlen(name) : str_trim(first + 1);
  if (first != NULL)
    *first = ' ';
  return name;
}

static void answer_chart(const struct bot_view *view, const char *arguments,
                         struct bot_answer *answer) {
  int64_t span_ms = 24 * HOUR_MS;
  char *copy = mem_strdup(arguments);
  const struct fleet_miner *miner =
      bot_words_miner(view, split_chart(view, copy, &span_ms), answer);
  if (miner != NULL)
    view->hands->chart(view->hands_arg, miner->miner.id, span_ms < HOUR_MS ? HOUR_MS : span_ms);
  free(copy);
}

/* --- /odds --- */

/* The difficulty of the Bitcoin network, about, while no miner has told today's: the
 * order of magnitude is what the answer is about. */
static const double NETWORK_DIFFICULTY = 150e12;

/* "1 in 46,000", or "35 %" of what is likely. */
static void write_chance(const struct bot_view *view, double probability, struct buf *out) {
  char figure[TEXT_FIGURE_SIZE];
  const struct text_value value = {"count", figure};
  double one_in = odds_one_in(probability);
  if (one_in < 5) {
    text_figure_number(figure, view->language, probability * 100, 0);
    text_write(out, view->language, "bot.percent", &value, 1);
    return;
  }
  /* Two digits are as much as is known. */
  double unit = pow(10, fmax(0, floor(log10(one_in)) - 1));
  text_figure_number(figure, view->language, nearbyint(one_in / unit) * unit, 0);
  text_write(out, view->language, "bot.one_in", &value, 1);
}

/* "4.29 G", "150 T": three digits say how rare it is. */
static void write_difficulty(const struct bot_view *view, double difficulty,
                             char text[TEXT_FIGURE_SIZE]) {
  static const char letters[] = " kMGTPE";
  size_t step = 0;
  while (difficulty >= 999.5 && step + 2 < sizeof letters) {
    difficulty /= 1000;
    step++;
  }
  double unit = pow(10, floor(log10(fmax(difficulty, 1))) - 2);
  text_figure_short(text, view->language, nearbyint(difficulty / unit) * unit);
  size_t length = strlen(text);
  if (step > 0)
    snprintf(text + length, TEXT_FIGURE_SIZE - length, " %c", letters[step]);
}

struct lottery {
  double hashrate_ghs, best, network;
};

static void write_best(const struct bot_view *view, const struct lottery *lottery,
                       struct buf *out) {
  char best[TEXT_FIGURE_SIZE];
  struct buf chance;
  if (!metric_is_known(lottery->best) || lottery->best <= 0)
    return;
  buf_init(&chance);
  write_chance(view, odds_reach(odds_hashes(lottery->hashrate_ghs, ODDS_DAY_S), lottery->best),
               &chance);
  write_difficulty(view, lottery->best, best);
  const struct text_value values[] = {{"best", best}, {"chance", chance.data}};
  buf_append_char(out, '\n');
  bot_words_say(out, view, "bot.odds_best", values, 2);
  buf_finish(&chance);
}

static void write_odds(const struct bot_view *view, const struct lottery *lottery,
                       struct buf *out) {
  char hashrate[TEXT_FIGURE_SIZE], difficulty[TEXT_FIGURE_SIZE];
  struct buf day, year;
  buf_init(&day);
  buf_init(&year);
  double a_day = odds_hashes(lottery->hashrate_ghs, ODDS_DAY_S);
  double a_year = odds_hashes(lottery->hashrate_ghs, ODDS_YEAR_S);
  write_chance(view, odds_reach(a_day, lottery->network), &day);
  write_chance(view, odds_reach(a_year, lottery->network), &year);
  text_figure_hashrate(hashrate, view->language, lottery->hashrate_ghs);
  write_difficulty(view, lottery->network, difficulty);
  const struct text_value values[] = {
      {"hashrate", hashrate}, {"day", day.data}, {"year", year.data}, {"difficulty", difficulty}};
  bot_words_say(out, view, "bot.odds", values, 4);
  write_best(view, lottery, out);
  buf_finish(&day);
  buf_finish(&year);
}

static void answer_odds(const struct bot_view *view, const char *arguments,
                        struct bot_answer *answer) {
  struct fleet_totals totals;
  fleet_totals(view->fleet, &totals);
  double hashrate = totals.hashrate_ghs, best = totals.best_diff;
  double network = fleet_network(view->fleet).difficulty;
  if (arguments[strspn(arguments, " ")] != '\0') {
    const struct fleet_miner *miner = bot_words_miner(view, arguments, answer);
    if (miner == NULL)
      return;
    hashrate = fleet_miner_is_live(miner) ? miner->last.values[METRIC_HASHRATE_GHS] : 0;
    best = miner->best_diff_ever;
  }
  const struct lottery lottery = {hashrate, best,
                                  metric_is_known(network) ? network : NETWORK_DIFFICULTY};
  if (metric_is_known(hashrate) && hashrate > 0)
    write_odds(view, &lottery, &answer->text);
  else
    bot_words_say(&answer->text, view, "bot.odds_none", NULL, 0);
}

/* --- /restart --- */

/* Only asks: the button that does it is good for a few minutes (bot_buttons). */
static void answer_restart(const struct bot_view *view, const char *arguments,
                           struct bot_answer *answer) {
  const struct fleet_miner *miner = NULL;
  if (arguments[strspn(arguments, " ")] == '\0')
    bot_words_say(&answer->text, view, "bot.restart_which", NULL, 0);
  else
    miner = bot_words_miner(view, arguments, answer);
  if (miner == NULL)
    return;
  bot_words_say(&answer->text, view, "bot.restart_ask",
                &(struct text_value){"name", miner->miner.name}, 1);
  bot_answer_button(answer, text_get(view->language, "button.restart"),
                    "restart:%" PRId64 ":%" PRId64, miner->miner.id, view->now_wall_ms / 1000);
  bot_answer_button(answer, text_get(view->language, "button.leave"), "leave");
}

/* --- /help, /start --- */

struct listing {
  const struct bot_view *view;
  struct buf *out;
};

static void list_command(const struct bot_command *command, void *arg) {
  const struct listing *listing = arg;
  if (!str_equal(command->name, "start") && listing->view->role >= command->role)
    buf_printf(listing->out, "/%s - %s\n", command->name,
               bot_commands_help(command, listing->view->language));
}

static void explain_word(const struct bot_view *view, const char *word, struct buf *out) {
  if (bot_glossary_explain(view->language, word, out))
    return;
  struct buf words;
  buf_init(&words);
  bot_glossary_list(view->language, &words);
  bot_words_say(out, view, "bot.no_explanation", &(struct text_value){"words", words.data}, 1);
  buf_finish(&words);
}

static void answer_help(const struct bot_view *view, const char *arguments,
                        struct bot_answer *answer) {
  const char *word = arguments + strspn(arguments, " ");
  struct listing listing = {view, &answer->text};
  if (word[0] != '\0')
    explain_word(view, word, &answer->text);
  else
    bot_commands_each(list_command, &listing);
}

static void answer_start(const struct bot_view *view, const char *arguments,
                         struct bot_answer *answer) {
  bot_words_say(&answer->text, view, "bot.start", NULL, 0);
  buf_append_char(&answer->text, '\n');
  (void)arguments;
  answer_help(view, "", answer);
}

const struct bot_command bot_more_commands[] = {
    {"chart", CHANNEL_VIEWER, answer_chart},    {"odds", CHANNEL_VIEWER, answer_odds},
    {"restart", CHANNEL_OWNER, answer_restart}, {"help", CHANNEL_VIEWER, answer_help},
    {"start", CHANNEL_VIEWER, answer_start},    {0},
};
