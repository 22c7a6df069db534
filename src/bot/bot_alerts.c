/* /ack, /mute, /unmute: what a person says to an alert. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "bot/bot_commands.h"
#include "bot/bot_words.h"

enum { EPISODES_MAX = 50, MUTE_DEFAULT_MS = 3600 * 1000 };

/* --- /ack --- */

static void write_episode(const struct bot_view *view, const struct bot_episode *episode,
                          struct buf *out) {
  const struct fleet_miner *miner = fleet_find(view->fleet, episode->miner_id);
  char span[48];
  buf_printf(out, "%s: %s, for %s\n", miner != NULL ? miner->miner.name : "Monitor",
             alert_rule_facts(episode->rule)->title,
             clock_format_span(view->now_wall_ms - episode->since_ms, span, (int)sizeof span));
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
      buf_printf(&answer->text, "%s\n", err.text);
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
  if (acknowledge_all(view, miner_id, answer) > 0)
    buf_append_text(&answer->text, "\nAcknowledged: I will not remind you of this, and tell you "
                                   "when it is over.\n");
  else if (answer->text.length == 0)
    buf_append_text(&answer->text, "There is no open alert that is not acknowledged yet.\n");
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
  if (str_equal_ignore_case(text, "morning"))
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
  char span[48];
  buf_printf(&answer->text, "Muted for %s: I stay silent about ",
             clock_format_span(until_ms - view->now_wall_ms, span, (int)sizeof span));
  if (miner != NULL)
    buf_printf(&answer->text, "%s. /unmute %s ends it.\n", miner->miner.name, miner->miner.name);
  else
    buf_append_text(&answer->text, "all miners, in every chat. /unmute ends it.\n");
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
    buf_append_text(&answer->text, "Only an owner may mute all miners. Name one: /mute NAME 2h\n");
  else if (named && miner == NULL)
    buf_append_text(&answer->text, "It goes like this: /mute NAME 2h\n");
  else if (view->hands->mute(view->hands_arg,
                             &(struct bot_mute){miner == NULL ? 0 : miner->miner.id, BOT_ALL_RULES,
                                                mute.until_ms},
                             view->by, &err))
    say_muted(view, miner, mute.until_ms, answer);
  else
    buf_printf(&answer->text, "%s\n", err.text);
  free(mute.copy);
}

static void answer_unmute(const struct bot_view *view, const char *arguments,
                          struct bot_answer *answer) {
  const struct fleet_miner *miner = NULL;
  bool named = arguments[strspn(arguments, " ")] != '\0';
  if (named && (miner = bot_words_miner(view, arguments, answer)) == NULL)
    return;
  if (!named && view->role < CHANNEL_OWNER) {
    buf_append_text(&answer->text, "Only an owner may unmute everything. Name one: /unmute NAME\n");
    return;
  }
  size_t lifted = view->hands->unmute(view->hands_arg, miner == NULL ? 0 : miner->miner.id);
  if (lifted > 0)
    buf_append_text(&answer->text, "You will hear from me again.\n");
  else
    buf_append_text(&answer->text, "Nothing was muted.\n");
}

const struct bot_command bot_alert_commands[] = {
    {"ack", "I know: no more reminders of open alerts", CHANNEL_MEMBER, answer_ack},
    {"mute", "silence for a while: /mute NAME 2h", CHANNEL_MEMBER, answer_mute},
    {"unmute", "end the silence: /unmute NAME", CHANNEL_MEMBER, answer_unmute},
    {0},
};
