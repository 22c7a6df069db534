/* /ack, /mute, /unmute: what a person says to an alert. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "bot/bot_commands.h"
#include "bot/bot_words.h"
#include "model/text_figure.h"

enum { EPISODES_MAX = 50, MUTE_DEFAULT_MS = 3600 * 1000 };

/* --- /ack --- */

static void write_episode(const struct bot_view *view, const struct bot_episode *episode,
                          struct buf *out) {
  const struct fleet_miner *miner = fleet_find(view->fleet, episode->miner_id);
  char span[TEXT_FIGURE_SIZE], title[64];
  text_figure_span(span, view->language, view->now_wall_ms - episode->since_ms);
  snprintf(title, sizeof title, "rule.%s.title", alert_rule_facts(episode->rule)->name);
  const struct text_value values[] = {
      {"name", miner != NULL ? miner->miner.name : text_get(view->language, "bot.monitor")},
      {"title", text_get(view->language, title)},
      {"span", span}};
  bot_words_say(out, view, "bot.episode", values, 3);
}

/* Acknowledges what is open of the miner (0: all); says which. */
static size_t acknowledge_all(const struct bot_view *view, int64_t miner_id,
                              struct bot_answer *answer) {
  struct bot_episode episodes[EPISODES_MAX];
  size_t count = view->hands->list(view->hands_arg, episodes, EPISODES_MAX), done = 0;
  for (size_t i = 0; i < count && i < EPISODES_MAX; i++) {
    struct err err;
    if (episodes[i].acknowledged || (miner_id != 0 && episodes[i].miner_id != miner_id))
      continue;
    if (!view->hands->acknowledge(view->hands_arg, episodes[i].id, view->by, &err)) {
      bot_words_say(&answer->text, view, "bot.failed", &(struct text_value){"detail", err.text}, 1);
      continue;
    }
    write_episode(view, &episodes[i], &answer->text);
    done++;
  }
  return done;
}

static void answer_ack(const struct bot_view *view, const char *arguments,
                       struct bot_answer *answer) {
  int64_t miner_id = 0;
  if (arguments[strspn(arguments, " ")] != '\0') {
    const struct fleet_miner *miner = bot_words_miner(view, arguments, answer);
    if (miner == NULL)
      return;
    miner_id = miner->miner.id;
  }
  if (acknowledge_all(view, miner_id, answer) > 0) {
    buf_append_char(&answer->text, '\n');
    bot_words_say(&answer->text, view, "bot.acked", NULL, 0);
  } else if (answer->text.length == 0) {
    bot_words_say(&answer->text, view, "bot.nothing_open", NULL, 0);
  }
}

/* --- /mute --- */

/* What stands behind the command: a name, a span, or both in this order. */
struct mute {
  char *copy;
  const char *name; /* "" all */
  int64_t until_ms;
};

static bool parse_until(const struct bot_view *view, const char *text, int64_t *until_ms) {
  int64_t span_ms = 0;
  if (str_equal_ignore_case(text, "morning") || str_equal_ignore_case(text, "morgen") ||
      str_equal_ignore_case(text, "mañana"))
    *until_ms = bot_words_morning(view->now_wall_ms);
  else if (bot_words_span(text, &span_ms))
    *until_ms = view->now_wall_ms + span_ms;
  else
    return false;
  return true;
}

/* The space before this one; NULL when there is none. */
static char *last_space(char *text, const char *end) {
  while (end > text) {
    if (*--end == ' ')
      return text + (end - text);
  }
  return NULL;
}

/* "2h", "Garage", "Garage 2h", "Garage 2 h"; a miner may be called "5" or "Rack 5". */
static void read_mute(const struct bot_view *view, const char *arguments, struct mute *mute) {
  mute->copy = mem_strdup(arguments);
  mute->until_ms = view->now_wall_ms + MUTE_DEFAULT_MS;
  char *text = str_trim(mute->copy);
  mute->name = text;
  if (text[0] == '\0' || fleet_find_name(view->fleet, text) != NULL)
    return;
  if (parse_until(view, text, &mute->until_ms)) {
    mute->name = "";
    return;
  }
  for (char *end = strrchr(text, ' '); end != NULL; end = last_space(text, end)) {
    if (parse_until(view, end + 1, &mute->until_ms)) {
      *end = '\0';
      return;
    }
  }
}

static void say_muted(const struct bot_view *view, const struct fleet_miner *miner,
                      int64_t until_ms, struct bot_answer *answer) {
  char span[TEXT_FIGURE_SIZE];
  text_figure_span(span, view->language, until_ms - view->now_wall_ms);
  const struct text_value values[] = {{"span", span},
                                      {"name", miner == NULL ? NULL : miner->miner.name}};
  bot_words_say(&answer->text, view, miner == NULL ? "bot.muted_all" : "bot.muted_miner", values,
                2);
}

static void answer_mute(const struct bot_view *view, const char *arguments,
                        struct bot_answer *answer) {
  struct mute mute;
  struct err err;
  const struct fleet_miner *miner = NULL;
  read_mute(view, arguments, &mute);
  bool named = mute.name[0] != '\0';
  if (named)
    miner = bot_words_miner(view, mute.name, answer);
  if (!named && view->role < CHANNEL_OWNER)
    bot_words_say(&answer->text, view, "bot.mute_owner", NULL, 0);
  else if (named && miner == NULL)
    bot_words_say(&answer->text, view, "bot.mute_usage", NULL, 0);
  else if (view->hands->mute(view->hands_arg,
                             &(struct bot_mute){miner == NULL ? 0 : miner->miner.id, BOT_ALL_RULES,
                                                mute.until_ms},
                             view->by, &err))
    say_muted(view, miner, mute.until_ms, answer);
  else
    bot_words_say(&answer->text, view, "bot.failed", &(struct text_value){"detail", err.text}, 1);
  free(mute.copy);
}

static void answer_unmute(const struct bot_view *view, const char *arguments,
                          struct bot_answer *answer) {
  const struct fleet_miner *miner = NULL;
  bool named = arguments[strspn(arguments, " ")] != '\0';
  if (named && (miner = bot_words_miner(view, arguments, answer)) == NULL)
    return;
  if (!named && view->role < CHANNEL_OWNER) {
    bot_words_say(&answer->text, view, "bot.unmute_owner", NULL, 0);
    return;
  }
  size_t lifted = view->hands->unmute(view->hands_arg, miner == NULL ? 0 : miner->miner.id);
  bot_words_say(&answer->text, view, lifted > 0 ? "bot.unmuted" : "bot.nothing_muted", NULL, 0);
}

const struct bot_command bot_alert_commands[] = {
    {"ack", CHANNEL_MEMBER, answer_ack},
    {"mute", CHANNEL_MEMBER, answer_mute},
    {"unmute", CHANNEL_MEMBER, answer_unmute},
    {0},
};
