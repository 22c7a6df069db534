/* What commands may do, done by the engine. */
#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "bot/bot_parts.h"
#include "engine/alerts/desk.h"
#include "model/text.h"

static_assert((int)BOT_ALL_RULES == (int)MUTE_ALL_RULES, "the same word on both sides");

enum { RESTART_AGAIN_MS = 60 * 1000 }; /* while it reboots it must not be told again */

/* ------------------------------------------------------------ alerts */

static struct desk *find_desk(void *arg) {
  const struct bot_visit *visit = arg;
  return engine_desk(visit->bot->engine);
}

static size_t list(void *arg, struct bot_episode *episodes, size_t most) {
  const struct desk *desk = find_desk(arg);
  size_t count = desk_open_count(desk);
  for (size_t i = 0; i < count && i < most; i++) {
    const struct episode *open = desk_open_at(desk, count - 1 - i);
    episodes[i] = (struct bot_episode){.id = open->id,
                                       .told_with = open->told_with,
                                       .miner_id = open->miner_id,
                                       .rule = open->rule,
                                       .since_ms = open->since_ms,
                                       .acknowledged = open->acknowledged_ms != 0};
  }
  return count;
}

static bool acknowledge(void *arg, int64_t episode, const char *by, struct err *err) {
  return desk_acknowledge(find_desk(arg), episode, by, err);
}

static bool mute(void *arg, const struct bot_mute *wish, const char *by, struct err *err) {
  struct mute mute = {.miner_id = wish->miner_id, .rule = wish->rule, .until_ms = wish->until_ms};
  str_copy(mute.author, sizeof mute.author, by);
  return desk_mute(find_desk(arg), &mute, err);
}

static size_t unmute(void *arg, int64_t miner_id) {
  return desk_unmute_miner(find_desk(arg), miner_id);
}

/* ------------------------------------------------------------ a picture */

static void on_drawn(int64_t chat_id, const struct buf *png, const char *words, void *arg) {
  struct bot *bot = arg;
  if (png != NULL)
    bot_send_picture(bot->send, chat_id, png, words);
  else
    bot_send_text(bot->send, chat_id, words);
}

static void chart(void *arg, int64_t miner_id, int64_t span_ms) {
  const struct bot_visit *visit = arg;
  struct bot *bot = visit->bot;
  const struct fleet_miner *miner = fleet_find(engine_fleet(bot->engine), miner_id);
  if (miner == NULL)
    return;
  const struct bot_chart_order order = {
      .miner = miner,
      .now_wall_ms = clock_wall_ms(),
      .span_ms = span_ms,
      .chip_limit_c = alert_limit(&engine_options(bot->engine)->alerts, ALERT_CHIP_TEMP,
                                  &miner->miner.facts.limits),
      .language = visit->language,
      .chat_id = visit->chat_id};
  if (!bot_charts_draw(bot->charts, &order, on_drawn, bot))
    bot_send_text(bot->send, visit->chat_id, text_get(visit->language, "bot.chart_busy"));
}

/* ------------------------------------------------------------ a restart */

struct restart {
  struct bot *bot;
  int64_t chat_id;
  char language[CHANNEL_LANGUAGE_MAX];
  char name[MINER_NAME_MAX];
};

/* What came of it, for a person. The engine's words stand behind when they say more. */
static void write_restarted(const struct restart *restart, const struct err *err, struct buf *out) {
  const struct text_value name = {"name", restart->name};
  if (err == NULL) {
    text_write(out, restart->language, "bot.restarting", &name, 1);
  } else if (err->code == ERR_INVALID) {
    text_write(out, restart->language, "bot.restart_by_hand", &name, 1);
  } else {
    text_write(out, restart->language, "bot.restart_failed", &name, 1);
    buf_printf(out, "\n%s", err->text);
  }
}

static void on_restarted(struct fleet_miner *miner, const struct err *err, void *arg) {
  struct restart *restart = arg;
  struct bot *bot = restart->bot;
  if (!bot->stopping) {
    struct buf text;
    buf_init(&text);
    write_restarted(restart, miner != NULL ? NULL : err, &text);
    bot_send_text(bot->send, restart->chat_id, text.data);
    buf_finish(&text);
  }
  free(restart);
  bot_part_stopped(bot);
}

static void restart(void *arg, int64_t miner_id) {
  const struct bot_visit *visit = arg;
  struct bot *bot = visit->bot;
  int64_t now_ms = clock_mono_ms();
  if (bot->restarted_id == miner_id && now_ms - bot->restarted_mono_ms < RESTART_AGAIN_MS) {
    bot_send_text(bot->send, visit->chat_id, text_get(visit->language, "bot.restart_twice"));
    return;
  }
  bot->restarted_id = miner_id;
  bot->restarted_mono_ms = now_ms;
  struct restart *kept = mem_alloc(sizeof *kept);
  const struct fleet_miner *miner = fleet_find(engine_fleet(bot->engine), miner_id);
  *kept = (struct restart){.bot = bot, .chat_id = visit->chat_id};
  str_copy(kept->language, sizeof kept->language, visit->language == NULL ? "" : visit->language);
  str_copy(kept->name, sizeof kept->name, miner == NULL ? "?" : miner->miner.name);
  bot->running++;
  engine_restart_miner(bot->engine, miner_id, on_restarted, kept);
}

const struct bot_hands bot_hands = {.list = list,
                                    .acknowledge = acknowledge,
                                    .mute = mute,
                                    .unmute = unmute,
                                    .chart = chart,
                                    .restart = restart};
