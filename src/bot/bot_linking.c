/* From a wish in the dashboard to a linked chat:
 *
 *   bot_link -> getMe (once, and for a new token) -> code -> "/start CODE" in a chat
 *            -> row in `channel` -> greeting, which is the test message
 *
 * getMe names the bot for the deep link and proves the token (core.telegram.org/
 * bots/api#getme). A token that was given here is kept with every chat that it
 * links, sealed; so it is there after a restart as long as one of them is. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "bot/bot_parts.h"
#include "bot/bot_words.h"
#include "engine/channels.h"
#include "model/text.h"

enum { TOKEN_MAX = 128 };

/* ------------------------------------------------------------ a code */

struct asking {
  struct bot *bot;
  char token[TOKEN_MAX];
  int role;
  bot_link_done done;
  void *arg;
};

static int default_role(const struct bot *bot) {
  const struct channels *channels = engine_channels(bot->engine);
  for (size_t i = 0; i < channels_count(channels); i++) {
    const struct channel *channel = channels_at(channels, i);
    if (str_equal(channel->kind, "telegram") && channel->target[0] != '\0' &&
        channel->role == CHANNEL_OWNER)
      return CHANNEL_MEMBER;
  }
  return CHANNEL_OWNER;
}

static void give_code(struct bot *bot, int role, bot_link_done done, void *arg) {
  uint8_t random[BOT_LINKS_RANDOM];
  struct err err;
  if (uv_random(NULL, NULL, random, sizeof random, 0, NULL) != 0) {
    err_set(&err, ERR_UNAVAILABLE, "the system has no random numbers: try again");
    done(NULL, &err, arg);
    return;
  }
  done(bot_links_add(&bot->links, random, role >= 0 ? role : default_role(bot), clock_mono_ms()),
       NULL, arg);
}

static void explain(const struct bot_reply *reply, struct err *err) {
  if (reply->cancelled)
    err_set(err, ERR_UNAVAILABLE, "the monitor is stopping: try again when it runs");
  else if (reply->status == 401 || reply->status == 404)
    err_set(err, ERR_INVALID,
            "Telegram does not know this bot token: copy it once more from @BotFather's message");
  else
    err_set(err, ERR_UNAVAILABLE, "%s", reply->problem);
}

static void on_who(const struct bot_reply *reply, void *arg) {
  struct asking *asking = arg;
  struct bot *bot = asking->bot;
  const char *name = "";
  struct err err;
  bot->asking = NULL;
  json_text(json_get(reply->result, "username"), &name);
  if (!reply->ok || bot->stopping) {
    explain(reply, &err);
    asking->done(NULL, &err, asking->arg);
  } else if (name[0] == '\0' || strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                             "0123456789_") != strlen(name)) {
    err_set(&err, ERR_UNAVAILABLE, "what answers at TELEGRAM_API_BASE is not Telegram");
    asking->done(NULL, &err, asking->arg);
  } else {
    str_copy(bot->username, sizeof bot->username, name);
    if (bot->token[0] == '\0')
      bot_begin(bot, asking->token);
    give_code(bot, asking->role, asking->done, asking->arg);
  }
  free(asking);
  bot_part_stopped(bot);
}

/* "123456789:AAE..." */
static bool check_token(const char *token, struct err *err) {
  size_t digits = strspn(token, "0123456789");
  bool good =
      digits > 0 && token[digits] == ':' && token[digits + 1] != '\0' && strlen(token) < TOKEN_MAX;
  for (const char *c = token + digits + 1; good && *c != '\0'; c++)
    good = isalnum((unsigned char)*c) || *c == '_' || *c == '-';
  return good || err_set(err, ERR_INVALID,
                         "that is no bot token: @BotFather sends one such as 123456789:AAE...");
}

/* The token to link with. */
static bool choose_token(const struct bot *bot, const char *wish, const char **token,
                         struct err *err) {
  bool given = wish != NULL && wish[0] != '\0';
  *token = given ? wish : bot->token;
  if (!given && bot->token[0] == '\0')
    return err_set(
        err, ERR_CONFLICT,
        "there is no Telegram bot yet. In Telegram write /newbot to @BotFather, choose a "
        "name, and give the token that it sends you here as `token`");
  if (given && bot->token[0] != '\0' && !str_equal_secret(wish, bot->token))
    return err_set(err, ERR_CONFLICT,
                   bot->token_is_ours
                       ? "another bot is in use already: remove its chats and restart the monitor"
                       : "another bot is in use already: TELEGRAM_BOT_TOKEN names it");
  return check_token(*token, err);
}

void bot_link(struct bot *bot, const struct bot_link_wish *wish, bot_link_done done, void *arg) {
  const char *token;
  struct err err;
  bool ok = choose_token(bot, wish->token, &token, &err);
  if (ok && bot->username[0] != '\0') {
    give_code(bot, wish->role, done, arg);
    return;
  }
  if (ok && (bot->asking != NULL || bot->stopping))
    ok = err_set(&err, ERR_UNAVAILABLE, "Telegram is being asked already: try again");
  if (!ok) {
    done(NULL, &err, arg);
    return;
  }
  struct asking *asking = mem_alloc(sizeof *asking);
  *asking = (struct asking){.bot = bot, .role = wish->role, .done = done, .arg = arg};
  str_copy(asking->token, sizeof asking->token, token);
  bot->running++;
  bot->asking = bot_call_start(
      &(struct bot_account){engine_http(bot->engine), bot->base_url, token},
      &(struct bot_request){.method = "getMe", .body = "{}", .length = 2}, on_who, asking);
}

enum bot_link_state bot_link_look(struct bot *bot, const char *code, const struct bot_link **link) {
  const struct bot_link *found = bot_links_find(&bot->links, code);
  *link = found;
  if (found == NULL)
    return BOT_LINK_UNKNOWN;
  if (found->used && found->chat[0] != '\0')
    return BOT_LINK_USED;
  return found->used || bot_links_is_open(found, clock_mono_ms()) ? BOT_LINK_WAITING
                                                                  : BOT_LINK_EXPIRED;
}

/* ------------------------------------------------------------ a chat */

/* A chat that is being written to the table. */
struct linking {
  struct bot *bot;
  int64_t chat_id;
  char code[BOT_LINKS_CODE_SIZE];
  char name[CHANNEL_NAME_MAX];
};

static void greet(struct bot *bot, int64_t chat_id, const struct channel *channel) {
  char may[32];
  struct buf text;
  snprintf(may, sizeof may, "bot.may.%s", channel_role_name(channel->role));
  const struct text_value values[] = {{"role", bot_words_role(channel->language, channel->role)},
                                      {"may", text_get(channel->language, may)}};
  buf_init(&text);
  text_write(&text, channel->language, "bot.linked", values, 2);
  bot_send_text(bot->send, chat_id, text.data);
  buf_finish(&text);
}

static void on_added(const struct channel *channel, const struct err *err, void *arg) {
  struct linking *linking = arg;
  struct bot *bot = linking->bot;
  struct bot_link *link = bot_links_find(&bot->links, linking->code);
  if (channel != NULL) {
    log_write(bot->log, LOG_INFO, "bot", "linked the Telegram chat '%s' as %s", channel->name,
              channel_role_name(channel->role));
    if (link != NULL)
      str_copy(link->chat, sizeof link->chat, linking->name);
    if (!bot->stopping)
      greet(bot, linking->chat_id, channel);
  } else {
    if (link != NULL)
      link->used = false;
    if (!bot->stopping)
      bot_send_text(bot->send, linking->chat_id, err->text);
  }
  free(linking);
  bot_part_stopped(bot);
}

static void add_channel(struct bot *bot, struct linking *linking, int role) {
  const char *base_url = engine_options(bot->engine)->telegram_base_url;
  const struct notify_setting settings[] = {{"token", bot->token}, {"server", base_url}};
  size_t own = base_url != NULL && base_url[0] != '\0' ? 2 : 1;
  struct channels_draft draft = {
      .channel = {.kind = "telegram",
                  .enabled = true,
                  .wish = {.least_severity = ALERT_INFO,
                           .good_news = true,
                           .quiet_from_min = -1,
                           .quiet_to_min = -1,
                           .critical_passes = true},
                  .role = (enum channel_role)role},
      .settings = settings,
      .count = bot->token_is_ours ? own : 0,
  };
  str_copy(draft.channel.name, sizeof draft.channel.name, linking->name);
  snprintf(draft.channel.target, sizeof draft.channel.target, "%" PRId64, linking->chat_id);
  bot->running++;
  channels_add(engine_channels(bot->engine), &draft, on_added, linking);
}

bool bot_linking_take(struct bot *bot, const struct bot_update *update, const char *code) {
  struct bot_link *link = bot_links_find(&bot->links, code);
  if (link == NULL || !bot_links_is_open(link, clock_mono_ms()))
    return false;
  link->used = true;
  struct linking *linking = mem_alloc(sizeof *linking);
  *linking = (struct linking){.bot = bot, .chat_id = update->chat_id};
  str_copy(linking->code, sizeof linking->code, code);
  str_copy(linking->name, sizeof linking->name,
           update->chat_title[0] != '\0' ? update->chat_title : "Telegram");
  add_channel(bot, linking, link->role);
  return true;
}
