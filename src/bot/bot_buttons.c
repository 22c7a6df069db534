#include "bot/bot_buttons.h"

#include <inttypes.h>
#include <string.h>

#include "base/str.h"
#include "bot/bot_words.h"
#include "model/text_figure.h"

enum { EPISODES_MAX = 200, RESTART_GOOD_S = 600, DAY_MS = 24 * 3600 * 1000 };

/* "ack:17:60" in parts; a part that is not there is 0. */
struct press {
  char verb[16];
  int64_t number, extra;
};

static bool read_press(const char *data, struct press *press) {
  char copy[BOT_BUTTON_DATA_MAX];
  *press = (struct press){.number = 0};
  str_copy(copy, sizeof copy, data);
  char *rest = copy;
  const char *verb = strsep(&rest, ":");
  const char *number = strsep(&rest, ":");
  str_copy(press->verb, sizeof press->verb, verb);
  return (number == NULL || str_to_i64(number, 0, INT64_MAX, &press->number)) &&
         (rest == NULL || str_to_i64(rest, 0, INT64_MAX, &press->extra));
}

static void fill(const struct bot_view *view, struct bot_buttons_answer *answer, const char *key,
                 const struct text_value values[2]) {
  struct buf text;
  buf_init(&text);
  text_write(&text, view->language, key, values, 2);
  str_copy(answer->text, sizeof answer->text, text.data);
  buf_finish(&text);
}

static void say(const struct bot_view *view, struct bot_buttons_answer *answer, const char *key) {
  str_copy(answer->text, sizeof answer->text, text_get(view->language, key));
}

/* What is open of the alerts that the message of `id` told: one, or a group. Returns
 * how many; 0 was answered: it is over. */
static size_t find_episodes(const struct bot_view *view, int64_t id, struct bot_episode *found,
                            struct bot_buttons_answer *answer) {
  struct bot_episode all[EPISODES_MAX];
  size_t count = view->hands->list(view->hands_arg, all, EPISODES_MAX), kept = 0;
  for (size_t i = 0; i < count && i < EPISODES_MAX; i++) {
    if (all[i].id == id || all[i].told_with == id)
      found[kept++] = all[i];
  }
  if (kept == 0) {
    say(view, answer, "bot.over");
    answer->then = BOT_BUTTONS_GO;
  } else {
    answer->then = BOT_BUTTONS_CHART;
    answer->episode = id;
  }
  return kept;
}

static void fail(const struct bot_view *view, const struct err *err,
                 struct bot_buttons_answer *answer) {
  fill(view, answer, "bot.failed", (struct text_value[2]){{"detail", err->text}, {"", NULL}});
  answer->then = BOT_BUTTONS_STAY;
}

static void acknowledge(const struct bot_view *view, const struct press *press,
                        struct bot_buttons_answer *answer) {
  struct bot_episode episodes[EPISODES_MAX];
  struct err err;
  size_t count = find_episodes(view, press->number, episodes, answer);
  if (count > 0)
    say(view, answer, "bot.toast.acked");
  for (size_t i = 0; i < count; i++) {
    if (!episodes[i].acknowledged &&
        !view->hands->acknowledge(view->hands_arg, episodes[i].id, view->by, &err))
      fail(view, &err, answer);
  }
}

/* The rule on that miner; what else may be wrong with it is told all the same. */
static void mute(const struct bot_view *view, int64_t until_ms, const struct press *press,
                 struct bot_buttons_answer *answer) {
  struct bot_episode episodes[EPISODES_MAX];
  struct err err;
  char span[TEXT_FIGURE_SIZE];
  size_t count = find_episodes(view, press->number, episodes, answer);
  text_figure_span(span, view->language, until_ms - view->now_wall_ms);
  if (count > 0)
    fill(view, answer, "bot.toast.muted", (struct text_value[2]){{"span", span}, {"", NULL}});
  for (size_t i = 0; i < count; i++) {
    const struct bot_mute wish = {episodes[i].miner_id, (int)episodes[i].rule, until_ms};
    if (!view->hands->mute(view->hands_arg, &wish, view->by, &err))
      fail(view, &err, answer);
  }
}

static void press_mute(const struct bot_view *view, const struct press *press,
                       struct bot_buttons_answer *answer) {
  int64_t minutes = press->extra < 1 ? 1 : press->extra > 7 * 24 * 60 ? 7 * 24 * 60 : press->extra;
  mute(view, view->now_wall_ms + minutes * 60000, press, answer);
}

static void press_morning(const struct bot_view *view, const struct press *press,
                          struct bot_buttons_answer *answer) {
  mute(view, bot_words_morning(view->now_wall_ms), press, answer);
}

static void draw(const struct bot_view *view, int64_t miner_id, struct bot_buttons_answer *answer) {
  if (fleet_find(view->fleet, miner_id) == NULL) {
    say(view, answer, "bot.toast.no_chart");
    return;
  }
  view->hands->chart(view->hands_arg, miner_id, DAY_MS);
  say(view, answer, "bot.toast.drawing");
}

/* Of a group, the miner that was told first. */
static void press_chart(const struct bot_view *view, const struct press *press,
                        struct bot_buttons_answer *answer) {
  struct bot_episode episodes[EPISODES_MAX];
  size_t count = find_episodes(view, press->number, episodes, answer);
  if (count == 0) {
    say(view, answer, "bot.over_chart");
    return;
  }
  answer->then = BOT_BUTTONS_STAY;
  draw(view, episodes[count - 1].miner_id, answer);
}

static void press_draw(const struct bot_view *view, const struct press *press,
                       struct bot_buttons_answer *answer) {
  draw(view, press->number, answer);
}

static void press_restart(const struct bot_view *view, const struct press *press,
                          struct bot_buttons_answer *answer) {
  int64_t age_s = view->now_wall_ms / 1000 - press->extra;
  answer->then = BOT_BUTTONS_GO;
  if (age_s < 0 || age_s > RESTART_GOOD_S) {
    say(view, answer, "bot.toast.too_late");
  } else if (fleet_find(view->fleet, press->number) == NULL) {
    say(view, answer, "bot.toast.unwatched");
  } else {
    view->hands->restart(view->hands_arg, press->number);
    say(view, answer, "bot.toast.restarting");
  }
}

static void press_leave(const struct bot_view *view, const struct press *press,
                        struct bot_buttons_answer *answer) {
  (void)press;
  say(view, answer, "bot.toast.nothing");
  answer->then = BOT_BUTTONS_GO;
}

static const struct {
  const char *verb;
  enum channel_role role;
  void (*press)(const struct bot_view *view, const struct press *press,
                struct bot_buttons_answer *answer);
} presses[] = {
    {"ack", CHANNEL_MEMBER, acknowledge},       {"mute", CHANNEL_MEMBER, press_mute},
    {"morning", CHANNEL_MEMBER, press_morning}, {"chart", CHANNEL_VIEWER, press_chart},
    {"draw", CHANNEL_VIEWER, press_draw},       {"restart", CHANNEL_OWNER, press_restart},
    {"leave", CHANNEL_VIEWER, press_leave},
};

void bot_buttons_press(const struct bot_view *view, const char *data,
                       struct bot_buttons_answer *answer) {
  struct press press;
  *answer = (struct bot_buttons_answer){.then = BOT_BUTTONS_STAY};
  bool readable = read_press(data, &press);
  for (size_t i = 0; readable && i < sizeof presses / sizeof presses[0]; i++) {
    if (!str_equal(presses[i].verb, press.verb))
      continue;
    if (view->role >= presses[i].role)
      presses[i].press(view, &press, answer);
    else
      fill(view, answer, "bot.not_allowed_short",
           (struct text_value[2]){{"role", bot_words_role(view->language, view->role)},
                                  {"needed", bot_words_role(view->language, presses[i].role)}});
    return;
  }
  say(view, answer, "bot.toast.unknown");
}
