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

/* "4.29 G" */
static void write_difficulty(struct buf *out, double difficulty) {
  static const char units[] = " kMGTPE";
  int unit = 0;
  while (difficulty >= 1000 && units[unit + 1] != '\0') {
    difficulty /= 1000;
    unit++;
  }
  if (unit == 0)
    buf_printf(out, "%.0f", difficulty);
  else
    buf_printf(out, "%.3g %c", difficulty, units[unit]);
}

/* "1 in 46,000", or "35 %" of what is likely. */
static void write_chance(struct buf *out, double probability) {
  double one_in = odds_one_in(probability);
  if (one_in < 5) {
    buf_printf(out, "%.0f %%", probability * 100);
    return;
  }
  /* Two digits are as much as is known. */
  double unit = pow(10, fmax(0, floor(log10(one_in)) - 1));
  char digits[64];
  snprintf(digits, sizeof digits, "%.0f", nearbyint(one_in / unit) * unit);
  buf_append_text(out, "1 in ");
  size_t length = strlen(digits);
  for (size_t i = 0; i < length; i++) {
    if (i > 0 && (length - i) % 3 == 0)
      buf_append_char(out, ',');
    buf_append_char(out, digits[i]);
  }
}

static void write_odds(double hashrate_ghs, double best, double network, struct buf *out) {
  double day = odds_hashes(hashrate_ghs, ODDS_DAY_S);
  double year = odds_hashes(hashrate_ghs, ODDS_YEAR_S);
  buf_append_text(out, "Solo mining is a lottery, and every second a new draw. With ");
  bot_words_hashrate(out, hashrate_ghs);
  buf_append_text(out, " the chance of a block is\n");
  write_chance(out, odds_reach(day, network));
  buf_append_text(out, " a day,\n");
  write_chance(out, odds_reach(year, network));
  buf_append_text(out, " a year\n(at a network difficulty of about ");
  write_difficulty(out, network);
  buf_append_text(out, "; it changes every two weeks).\n");
  if (!metric_is_known(best) || best <= 0)
    return;
  buf_append_text(out, "\nYour best difficulty so far: ");
  write_difficulty(out, best);
  buf_append_text(out, ". The chance to beat it: ");
  write_chance(out, odds_reach(day, best));
  buf_append_text(out, " a day.\n");
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
  if (metric_is_known(hashrate) && hashrate > 0)
    write_odds(hashrate, best, metric_is_known(network) ? network : NETWORK_DIFFICULTY,
               &answer->text);
  else
    buf_append_text(&answer->text, "Nothing is hashing right now, so there is nothing to win.\n");
}

/* --- /restart --- */

/* Only asks: the button that does it is good for a few minutes (bot_buttons). */
static void answer_restart(const struct bot_view *view, const char *arguments,
                           struct bot_answer *answer) {
  const struct fleet_miner *miner = NULL;
  if (arguments[strspn(arguments, " ")] == '\0')
    buf_append_text(&answer->text, "Which miner? /restart NAME\n");
  else
    miner = bot_words_miner(view, arguments, answer);
  if (miner == NULL)
    return;
  buf_printf(&answer->text,
             "Restart %s? It stops mining, and is back after a minute or so. Its settings stay.\n",
             miner->miner.name);
  bot_answer_button(answer, "Restart it", "restart:%" PRId64 ":%" PRId64, miner->miner.id,
                    view->now_wall_ms / 1000);
  bot_answer_button(answer, "Leave it", "leave");
}

/* --- /help, /start --- */

struct listing {
  const struct bot_view *view;
  struct buf *out;
};

static void list_command(const struct bot_command *command, void *arg) {
  const struct listing *listing = arg;
  if (!str_equal(command->name, "start") && listing->view->role >= command->role)
    buf_printf(listing->out, "/%s - %s\n", command->name, command->help);
}

static void explain_word(const struct bot_view *view, const char *word, struct buf *out) {
  if (bot_glossary_explain(view->language, word, out))
    return;
  buf_append_text(out, "I have no explanation for that. I know: ");
  bot_glossary_list(view->language, out);
  buf_append_text(out, ".\n");
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
  buf_append_text(&answer->text, "I watch your miners and write here when one needs you.\n\n");
  (void)arguments;
  answer_help(view, "", answer);
}

const struct bot_command bot_more_commands[] = {
    {"chart", "a picture: /chart NAME, or /chart NAME 7d", CHANNEL_VIEWER, answer_chart},
    {"odds", "the chance of a block", CHANNEL_VIEWER, answer_odds},
    {"restart", "restart a miner: /restart NAME", CHANNEL_OWNER, answer_restart},
    {"help", "what I understand; /help WORD explains a word of mining", CHANNEL_VIEWER,
     answer_help},
    {"start", "say hello", CHANNEL_VIEWER, answer_start},
    {0},
};
