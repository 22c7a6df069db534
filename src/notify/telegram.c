/* Telegram's sendMessage (core.telegram.org/bots/api#sendmessage): the token is
 * part of the path, the answer is {"ok": bool, "result"|"description", ...} and
 * its HTTP status says what kind of failure it was.
 *
 * Sent as plain text, without parse_mode: names and texts of devices then need
 * no escaping, and no character in them can make Telegram reject an alert. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/json_write.h"
#include "base/str.h"
#include "model/text.h"
#include "notify/notifier.h"
#include "notify/notify_answer.h"
#include "notify/notify_call.h"
#include "notify/notify_parts.h"
#include "notify/notify_text.h"

enum {
  TEXT_MAX_UNITS = 4096,    /* of a message, in UTF-16 code units */
  CAPTION_MAX_UNITS = 1024, /* of a picture */
};

static const struct notify_field fields[] = {
    {"target", "Chat",
     "The number of the chat. Easier: link a chat with the bot, then it is filled in.", NOTIFY_TEXT,
     .required = true},
    {"token", "Bot token",
     "The token that @BotFather gave. Empty: the bot that the monitor has already.", NOTIFY_TEXT,
     .secret = true},
    {"server", "Bot API server", "Only for a Bot API server of your own.", NOTIFY_URL,
     .fallback = "https://api.telegram.org"},
    {0},
};

/* core.telegram.org/bots/api#inlinekeyboardbutton: callback_data holds 64 bytes. */
static void write_buttons(struct json_write *json, const struct notify_message *message) {
  static const struct {
    const char *key, *verb, *rest;
    bool ends_row;
  } buttons[] = {
      {"button.ack", "ack", "", false},
      {"button.mute", "mute", ":60", true},
      {"button.morning", "morning", "", false},
      {"button.chart", "chart", "", true},
  };
  json_write_object(json, "reply_markup");
  json_write_array(json, "inline_keyboard");
  for (size_t i = 0; i < sizeof buttons / sizeof buttons[0]; i++) {
    char data[64];
    snprintf(data, sizeof data, "%s:%" PRId64 "%s", buttons[i].verb, message->episode_id,
             buttons[i].rest);
    if (i == 0 || buttons[i - 1].ends_row)
      json_write_array(json, NULL);
    json_write_object(json, NULL);
    json_write_text(json, "text", text_get(message->language, buttons[i].key));
    json_write_text(json, "callback_data", data);
    json_write_object_end(json);
    if (buttons[i].ends_row)
      json_write_array_end(json);
  }
  json_write_array_end(json);
  json_write_object_end(json);
}

/* sendMessage and editMessageText. */
static void write_json(struct buf *body, const char *target, const struct notify_message *message) {
  struct json_write json;
  int64_t edit_id;
  json_write_init(&json, body);
  json_write_object(&json, NULL);
  json_write_text(&json, "chat_id", target);
  if (message->edit_id != NULL && str_to_i64(message->edit_id, 1, INT64_MAX, &edit_id))
    json_write_i64(&json, "message_id", edit_id);
  json_write_text_n(&json, "text", message->text,
                    notify_text_fit(message->text, NOTIFY_UTF16, TEXT_MAX_UNITS));
  json_write_bool(&json, "disable_web_page_preview", true);
  if (message->buttons && message->episode_id != 0)
    write_buttons(&json, message);
  json_write_object_end(&json);
}

/* sendPhoto: fields as a form has them. */
static void request_photo(const char *url, const char *target, const struct notify_message *message,
                          struct arena *arena, struct http_call_options *options) {
  struct notify_parts parts;
  size_t caption = notify_text_fit(message->text, NOTIFY_UTF16, CAPTION_MAX_UNITS);
  notify_parts_begin(&parts, message, arena);
  notify_parts_text(&parts, "chat_id", NULL, target, strlen(target));
  notify_parts_text(&parts, "caption", "text/plain; charset=utf-8", message->text, caption);
  notify_parts_picture(&parts, "photo", message);
  notify_parts_end(&parts, url, arena, options);
}

static bool make_request(const struct notify_channel *channel, const struct notify_message *message,
                         struct arena *arena, struct http_call_options *options, struct err *err) {
  const char *target = message->target != NULL && message->target[0] != '\0'
                           ? message->target
                           : notifier_setting(channel, "target");
  const char *token = notifier_setting(channel, "token");
  if (token[0] == '\0')
    return err_set(err, ERR_INVALID,
                   "there is no bot token: set TELEGRAM_BOT_TOKEN, or fill in this channel's");
  if (target[0] == '\0')
    return err_set(err, ERR_INVALID, "there is no chat to write to: set TELEGRAM_CHAT_ID");
  bool edits = message->edit_id != NULL && message->edit_id[0] != '\0';
  bool shows = message->picture != NULL;
  const char *url = arena_printf(
      arena, "%s/bot%s/%s", notify_text_base_url(arena, notifier_setting(channel, "server")), token,
      shows   ? "sendPhoto"
      : edits ? "editMessageText"
              : "sendMessage");
  if (shows) {
    request_photo(url, target, message, arena, options);
    return true;
  }
  struct buf body;
  buf_init(&body);
  write_json(&body, target, message);
  notify_call_json(arena, "POST", url, &body, NULL, options);
  return true;
}

/* What the transport says, in words that need no URL: it holds the token. */
static const char *outcome_text(enum http_outcome outcome) {
  switch (outcome) {
  case HTTP_NAME_UNKNOWN:
    return "Telegram's host name has no address: check the internet connection";
  case HTTP_NO_CONNECT:
  case HTTP_REFUSED:
    return "Telegram cannot be reached: check the internet connection";
  case HTTP_NO_ANSWER:
    return "Telegram did not answer in time";
  case HTTP_RESET:
  case HTTP_TRUNCATED:
    return "the connection to Telegram broke";
  case HTTP_TLS_FAILED:
    return "no secure connection to Telegram: check this machine's clock and TELEGRAM_API_BASE";
  case HTTP_CANCELLED:
    return "stopped before Telegram answered";
  default:
    return "what answers at TELEGRAM_API_BASE is not Telegram";
  }
}

/* What the owner can put right is no reason to lose a message: it waits. */
static void wait_for_owner(struct notify_result *result, const char *text) {
  result->verdict = NOTIFY_RETRY;
  result->needs_owner = true;
  str_copy(result->text, sizeof result->text, text);
}

/* A rejected request. Chats that do not exist and groups that moved have a cure
 * that can be named; for the rest Telegram's own words are the best there are. */
static void refuse_bad_request(struct notify_result *result, const struct json *answer,
                               const char *description) {
  int64_t moved_to = 0;
  result->verdict = NOTIFY_REFUSED;
  if (json_i64(json_get(json_get(answer, "parameters"), "migrate_to_chat_id"), INT64_MIN, INT64_MAX,
               &moved_to)) {
    result->verdict = NOTIFY_RETRY;
    result->needs_owner = true;
    snprintf(result->text, sizeof result->text,
             "the group became a supergroup: set TELEGRAM_CHAT_ID to %" PRId64, moved_to);
  } else if (strstr(description, "message is not modified") != NULL) {
    result->verdict = NOTIFY_DELIVERED; /* it says this already */
  } else if (strstr(description, "message to edit not found") != NULL ||
             strstr(description, "message can't be edited") != NULL) {
    result->edit_gone = true;
    str_copy(result->text, sizeof result->text, "the message to change is gone");
  } else if (strstr(description, "chat not found") != NULL)
    wait_for_owner(result, "Telegram does not know the chat: check TELEGRAM_CHAT_ID, and send the "
                           "bot /start once");
  else
    snprintf(result->text, sizeof result->text,
             "Telegram rejected the message (%.100s): check TELEGRAM_CHAT_ID", description);
}

static void read_status(int status, const struct json *answer, const char *description,
                        struct notify_result *result) {
  switch (status) {
  case 400:
    refuse_bad_request(result, answer, description);
    break;
  case 401:
  case 404:
    wait_for_owner(result, "the bot token is not valid: check TELEGRAM_BOT_TOKEN");
    break;
  case 403:
    wait_for_owner(result,
                   "the bot was blocked or removed from the chat: unblock it or add it again");
    break;
  case 429:
    str_copy(result->text, sizeof result->text, "Telegram asked to wait before the next message");
    break;
  default:
    snprintf(result->text, sizeof result->text, "Telegram answered with status %d", status);
  }
}

static void read_answer(const struct http_answer *answer, struct notify_result *result) {
  *result = (struct notify_result){.verdict = NOTIFY_RETRY};
  if (answer->outcome != HTTP_ANSWERED) {
    str_copy(result->text, sizeof result->text, outcome_text(answer->outcome));
    return;
  }
  struct err err;
  struct json *json = json_parse(answer->body, answer->body_length, NULL, &err);
  const char *words = "";
  char description[160];
  json_text(json_get(json, "description"), &words);
  str_sanitize(description, sizeof description, words, strlen(words));

  bool ok = false;
  bool is_telegram = json_bool(json_get(json, "ok"), &ok);
  if (is_telegram && ok && answer->status == 200) {
    result->verdict = NOTIFY_DELIVERED;
    int64_t id = 0;
    if (json_i64(json_get(json_get(json, "result"), "message_id"), 1, INT64_MAX, &id))
      snprintf(result->message_id, sizeof result->message_id, "%" PRId64, id);
  } else if (!is_telegram && answer->status < 500 && answer->status != 429) {
    /* A 403 of some proxy or hotel page is no refusal: the message would be lost. */
    str_copy(result->text, sizeof result->text, outcome_text(HTTP_NOT_HTTP));
  } else {
    read_status(answer->status, json, description, result);
  }
  int64_t wait_s = answer->retry_after_s;
  json_i64(json_get(json_get(json, "parameters"), "retry_after"), 0, INT64_MAX, &wait_s);
  if (result->verdict == NOTIFY_RETRY)
    notify_answer_wait(result, (double)wait_s);
  json_free(json);
}

/* core.telegram.org/bots/faq#my-bot-is-hitting-limits: one a second in a chat, 20 a minute in a
 * group, 30 a second in all. */
const struct notifier telegram_notifier = {
    .name = "telegram",
    .title = "Telegram",
    .about = "Messages of a bot in a Telegram chat, with buttons and charts.",
    .fields = fields,
    .supports_edit = true,
    .supports_picture = true,
    .caption_max = CAPTION_MAX_UNITS,
    .pace = {.gap_ms = 1000, .burst = 30, .window_ms = 1000},
    .request = make_request,
    .read = read_answer,
};
