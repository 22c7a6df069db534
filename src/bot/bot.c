#include "bot/bot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "bot/bot_buttons.h"
#include "bot/bot_parts.h"
#include "engine/channels.h"
#include "model/text.h"

#define DEFAULT_BASE_URL "https://api.telegram.org"

/* ------------------------------------------------------------ who asks */

/* The channel of the update's chat; NULL: not linked. */
static const struct channel *find_channel(struct bot *bot, const struct bot_update *update) {
  struct channels *channels = engine_channels(bot->engine);
  char chat[24];
  snprintf(chat, sizeof chat, "%" PRId64, update->chat_id);
  const struct channel *channel = channels_find_chat(channels, chat);
  /* The environment may name a public chat by its "@name". */
  if (channel == NULL && bot_update_is_from(update, engine_options(bot->engine)->telegram_chat))
    channel = channels_find_code(channels, "telegram");
  return channel;
}

static void keep_guests(struct bot *bot) {
  struct buf text;
  buf_init(&text);
  bot_guests_format(&bot->guests, &text);
  bot_keep_save(bot->guest_book, text.data);
  buf_finish(&text);
}

static void greet(struct bot *bot, int64_t chat_id, const char *language) {
  log_write(bot->log, LOG_INFO, "bot", "chat %" PRId64 " is not linked, and was told so once",
            chat_id);
  bot_send_text(bot->send, chat_id, text_get(language, "bot.stranger"));
}

/* Who came before the book was read waits for the answer: it may stand in it. */
static void on_guests_loaded(const char *text, void *arg) {
  struct bot *bot = arg;
  const struct bot_guests early = bot->guests;
  bot_guests_parse(&bot->guests, text);
  for (size_t i = 0; i < early.count; i++) {
    if (bot_guests_greet(&bot->guests, early.chats[i], clock_mono_ms()) && !bot->stopping)
      greet(bot, early.chats[i], NULL);
  }
  bot->guests_known = true;
  if (early.count > 0)
    keep_guests(bot);
}

static void note_stranger(struct bot *bot, const struct bot_update *update) {
  size_t before = bot->guests.count;
  bool is_new = bot_guests_greet(&bot->guests, update->chat_id, clock_mono_ms());
  if (!bot->guests_known)
    return; /* on_guests_loaded goes on */
  if (bot->guests.count > before)
    keep_guests(bot);
  if (is_new)
    greet(bot, update->chat_id, update->language);
}

static struct bot_view make_view(struct bot_visit *visit, const struct channel *channel,
                                 const char *by) {
  const struct engine_options *options = engine_options(visit->bot->engine);
  return (struct bot_view){.fleet = engine_fleet(visit->bot->engine),
                           .alerts = &options->alerts,
                           .now_wall_ms = clock_wall_ms(),
                           .poll_interval_ms = options->poll_interval_ms,
                           .role = channel->role,
                           .language = channel->language,
                           .by = by,
                           .hands = &bot_hands,
                           .hands_arg = visit};
}

/* "Anna (Telegram)", for the record of who acknowledged and muted. */
static void write_by(const struct bot_update *update, char *by, size_t size) {
  const char *name = update->from[0] != '\0' ? update->from : update->chat_title;
  snprintf(by, size, "%s%s", name, name[0] != '\0' ? " (Telegram)" : "Telegram");
}

/* ------------------------------------------------------------ updates */

static void answer_command(struct bot *bot, const struct channel *channel,
                           const struct bot_update *update) {
  char by[BOT_UPDATE_NAME_MAX + 16];
  struct bot_visit visit = {bot, update->chat_id, channel->language};
  struct bot_answer answer;
  write_by(update, by, sizeof by);
  const struct bot_view view = make_view(&visit, channel, by);
  bot_answer_init(&answer);
  bot_commands_answer(&view, update->text, update->private_chat, &answer);
  bot_send_answer(bot->send, update->chat_id, &answer);
  bot_answer_finish(&answer);
}

static void answer_button(struct bot *bot, const struct channel *channel,
                          const struct bot_update *update) {
  char by[BOT_UPDATE_NAME_MAX + 16];
  struct bot_visit visit = {bot, update->chat_id, channel->language};
  struct bot_buttons_answer answer;
  struct bot_button chart = {.label = ""};
  str_copy(chart.label, sizeof chart.label, text_get(channel->language, "button.chart"));
  write_by(update, by, sizeof by);
  const struct bot_view view = make_view(&visit, channel, by);
  bot_buttons_press(&view, update->data, &answer);
  bot_send_toast(bot->send, update->press, answer.text);
  if (answer.then == BOT_BUTTONS_STAY)
    return;
  snprintf(chart.data, sizeof chart.data, "chart:%" PRId64, answer.episode);
  bot_send_buttons(bot->send, update->chat_id, update->message_id, &chart,
                   answer.then == BOT_BUTTONS_CHART ? 1 : 0);
}

/* What stands behind "/start ", NULL when the text is anything else. */
static const char *start_code(const char *text) {
  size_t word = strcspn(text, " @");
  if (word != 6 || strncmp(text, "/start", 6) != 0)
    return NULL;
  const char *code = text + strcspn(text, " ");
  code += strspn(code, " ");
  return code[0] != '\0' ? code : NULL;
}

static void on_update(const struct bot_update *update, void *arg) {
  struct bot *bot = arg;
  if (bot->send == NULL || bot->stopping)
    return;
  const char *code = update->has_message ? start_code(update->text) : NULL;
  if (code != NULL && bot_linking_take(bot, update, code))
    return;
  const struct channel *channel = find_channel(bot, update);
  if (channel == NULL && update->has_button)
    bot_send_toast(bot->send, update->press, text_get(update->language, "bot.toast.unlinked"));
  else if (channel == NULL)
    note_stranger(bot, update);
  else if (update->has_button)
    answer_button(bot, channel, update);
  else
    answer_command(bot, channel, update);
}

static void on_polled(const struct bot_update *update, void *arg) {
  bot_inbox_add(((struct bot *)arg)->inbox, update);
}

void bot_handle_update(struct bot *bot, const char *json, size_t length) {
  struct bot_update update;
  struct err err;
  if (!bot_update_parse(json, length, &update, &err))
    log_write(bot->log, LOG_WARN, "bot", "webhook: %s", err.text);
  else if (update.has_message || update.has_button)
    bot_inbox_add(bot->inbox, &update);
}

/* ------------------------------------------------------------ life */

static char *dup_base_url(const char *url) {
  char *copy = mem_strdup(url != NULL && url[0] != '\0' ? url : DEFAULT_BASE_URL);
  for (size_t length = strlen(copy); length > 0 && copy[length - 1] == '/'; length--)
    copy[length - 1] = '\0';
  return copy;
}

void bot_begin(struct bot *bot, const char *token) {
  const struct engine_options *engine = engine_options(bot->engine);
  free(bot->token);
  bot->token = mem_strdup(token);
  const struct bot_account account = {engine_http(bot->engine), bot->base_url, bot->token};
  bot->send = bot_send_create(&(struct bot_send_options){.loop = engine->loop,
                                                         .log = bot->log,
                                                         .account = account,
                                                         .time_scale = bot->options.time_scale});
  bot->poll = bot_poll_create(&(struct bot_poll_options){
      .loop = engine->loop,
      .log = bot->log,
      .account = account,
      .webhook_url = bot->options.webhook_url,
      .webhook_secret = bot->options.webhook_secret,
      .update = on_polled,
      .arg = bot,
      .time_scale = bot->options.time_scale,
  });
}

/* The token that the first chat was linked with; "" when no chat brought its own. */
static const char *linked_token(const struct channels *channels) {
  for (size_t i = 0; i < channels_count(channels); i++) {
    const struct channel *channel = channels_at(channels, i);
    const char *token =
        str_equal(channel->kind, "telegram") ? channels_setting(channels, channel, "token") : "";
    if (token[0] != '\0')
      return token;
  }
  return "";
}

struct bot *bot_create(const struct bot_options *options) {
  const struct engine_options *engine = engine_options(options->engine);
  struct bot *bot = mem_alloc(sizeof *bot);
  bot->options = *options;
  bot->options.webhook_url = mem_strdup(options->webhook_url);
  bot->options.webhook_secret = mem_strdup(options->webhook_secret);
  bot->engine = options->engine;
  bot->log = options->log;
  bot->base_url = dup_base_url(engine->telegram_base_url);
  bot->token = mem_strdup("");
  bot->inbox = bot_inbox_create(engine_db(options->engine), on_update, bot);
  bot->guest_book = bot_keep_create(&(struct bot_keep_options){.db = engine_db(options->engine),
                                                               .name = "bot.guests",
                                                               .loaded = on_guests_loaded,
                                                               .arg = bot});
  bot->charts = bot_charts_create(engine->loop, engine_db(options->engine));
  const char *token = engine->telegram_token == NULL ? "" : engine->telegram_token;
  bot->token_is_ours = token[0] == '\0';
  if (bot->token_is_ours)
    token = linked_token(engine_channels(options->engine));
  if (token[0] != '\0')
    bot_begin(bot, token);
  return bot;
}

void bot_part_stopped(void *arg) {
  struct bot *bot = arg;
  if (--bot->running > 0 || !bot->stopping)
    return;
  void (*stopped)(void *arg) = bot->stopped;
  void *stopped_arg = bot->stopped_arg;
  free((char *)bot->options.webhook_url);
  free((char *)bot->options.webhook_secret);
  free(bot->base_url);
  free(bot->token);
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
  bot->stopping = true;
  bot->stopped = stopped;
  bot->stopped_arg = arg;
  bot->running += bot->poll != NULL ? 6 : 4; /* this call, and the parts below */
  if (bot->asking != NULL)
    http_call_cancel(bot->asking); /* it counts already */
  bot_inbox_stop(bot->inbox, bot_part_stopped, bot);
  bot_keep_stop(bot->guest_book, bot_part_stopped, bot);
  bot_charts_stop(bot->charts, bot_part_stopped, bot);
  if (bot->poll != NULL) {
    bot_poll_stop(bot->poll, bot_part_stopped, bot);
    bot_send_stop(bot->send, bot_part_stopped, bot);
  }
  bot_part_stopped(bot);
}

const char *bot_username(const struct bot *bot) {
  return bot->username;
}

bool bot_has_token(const struct bot *bot) {
  return bot->token[0] != '\0';
}
