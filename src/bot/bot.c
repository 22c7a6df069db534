#include "bot/bot.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "bot/bot_commands.h"
#include "bot/bot_poll.h"
#include "bot/bot_update.h"

#define DEFAULT_BASE_URL "https://api.telegram.org"

enum {
  PART_MAX = 3400,   /* bytes of one message; what the courier takes, and less than 4096 units */
  STRANGERS_MAX = 32 /* chats whose first message is logged */
};

struct bot {
  struct engine *engine;
  struct log *log;
  struct bot_poll *poll;
  char *base_url;
  char *token;
  char *chat;             /* "" when none is configured: nobody is answered */
  int64_t last_update_id; /* Telegram repeats what the webhook did not confirm; -1: none yet */
  int64_t strangers[STRANGERS_MAX];
  size_t stranger_count;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

/* Says once for each chat that it was ignored, with the number that would let
 * it in: this is how an owner finds the number of a chat. */
static void note_stranger(struct bot *bot, int64_t chat_id) {
  for (size_t i = 0; i < bot->stranger_count; i++) {
    if (bot->strangers[i] == chat_id)
      return;
  }
  if (bot->stranger_count == STRANGERS_MAX)
    return;
  bot->strangers[bot->stranger_count++] = chat_id;
  log_write(bot->log, LOG_INFO, "bot",
            "ignoring chat %" PRId64 "; if it is yours, set TELEGRAM_CHAT_ID=%" PRId64, chat_id,
            chat_id);
}

static void say(struct bot *bot, const char *text) {
  while (text[0] != '\0') {
    size_t length = bot_commands_cut(text, PART_MAX);
    char part[PART_MAX + 1];
    memcpy(part, text, length);
    part[length] = '\0';
    engine_say(bot->engine, bot->chat, part);
    text += length;
  }
}

static void answer(struct bot *bot, const struct bot_update *update) {
  const struct engine_options *options = engine_options(bot->engine);
  const struct bot_view view = {
      .fleet = engine_fleet(bot->engine),
      .alerts = &options->alerts,
      .now_wall_ms = clock_wall_ms(),
      .poll_interval_ms = options->poll_interval_ms,
  };
  struct buf reply;
  buf_init(&reply);
  bot_commands_answer(&view, update->text, update->private_chat, &reply);
  if (reply.length > 0)
    say(bot, reply.data);
  buf_finish(&reply);
}

static void on_update(const struct bot_update *update, void *arg) {
  struct bot *bot = arg;
  if (!update->has_message || update->id == bot->last_update_id)
    return;
  bot->last_update_id = update->id;
  if (bot_update_is_from(update, bot->chat))
    answer(bot, update);
  else
    note_stranger(bot, update->chat_id);
}

void bot_handle_update(struct bot *bot, const char *json, size_t length) {
  struct bot_update update;
  struct err err;
  if (bot == NULL)
    return;
  if (bot_update_parse(json, length, &update, &err))
    on_update(&update, bot);
  else
    log_write(bot->log, LOG_WARN, "bot", "webhook: %s", err.text);
}

static char *dup_base_url(const char *url) {
  char *copy = mem_strdup(url != NULL && url[0] != '\0' ? url : DEFAULT_BASE_URL);
  for (size_t length = strlen(copy); length > 0 && copy[length - 1] == '/'; length--)
    copy[length - 1] = '\0';
  return copy;
}

struct bot *bot_create(const struct bot_options *options) {
  const struct engine_options *engine = engine_options(options->engine);
  if (engine->telegram_token == NULL || engine->telegram_token[0] == '\0')
    return NULL;
  struct bot *bot = mem_alloc(sizeof *bot);
  bot->engine = options->engine;
  bot->log = options->log;
  bot->base_url = dup_base_url(engine->telegram_base_url);
  bot->token = mem_strdup(engine->telegram_token);
  bot->chat = mem_strdup(engine->telegram_chat != NULL ? engine->telegram_chat : "");
  bot->last_update_id = -1;
  bot->poll = bot_poll_create(&(struct bot_poll_options){
      .loop = engine->loop,
      .log = options->log,
      .account = {engine_http(options->engine), bot->base_url, bot->token},
      .webhook_url = options->webhook_url,
      .webhook_secret = options->webhook_secret,
      .update = on_update,
      .arg = bot,
  });
  return bot;
}

static void on_poll_stopped(void *arg) {
  struct bot *bot = arg;
  void (*stopped)(void *arg) = bot->stopped;
  void *stopped_arg = bot->stopped_arg;
  free(bot->base_url);
  free(bot->token);
  free(bot->chat);
  free(bot);
  if (stopped != NULL)
    stopped(stopped_arg);
}

void bot_stop(struct bot *bot, void (*stopped)(void *arg), void *arg) {
  if (bot == NULL) {
    if (stopped != NULL)
      stopped(arg);
    return;
  }
  bot->stopped = stopped;
  bot->stopped_arg = arg;
  bot_poll_stop(bot->poll, on_poll_stopped, bot);
}
