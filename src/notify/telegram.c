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
#include "notify/notifier.h"

enum {
  TEXT_MAX_UNITS = 4096, /* of a message, in UTF-16 code units */
  CONNECT_TIMEOUT_MS = 10000,
  TIMEOUT_MS = 20000,
  ANSWER_MAX = 64 * 1024,
  RETRY_AFTER_MAX_S = 24 * 3600,
};

/* How many bytes of `text` fit in `units` UTF-16 code units, cut between
 * characters. A character of four UTF-8 bytes takes two units. */
static size_t cut_length(const char *text, size_t units) {
  size_t length = 0;
  while (text[length] != '\0') {
    unsigned char first = (unsigned char)text[length];
    size_t cost = first >= 0xF0 ? 2 : 1;
    if (cost > units)
      break;
    units -= cost;
    length++;
    while (((unsigned char)text[length] & 0xC0) == 0x80)
      length++;
  }
  return length;
}

static bool make_request(const struct notify_channel *channel, const struct notify_message *message,
                         struct arena *arena, struct http_call_options *options, struct err *err) {
  const char *target =
      message->target != NULL && message->target[0] != '\0' ? message->target : channel->target;
  if (channel->token == NULL || channel->token[0] == '\0')
    return err_set(err, ERR_INVALID, "there is no bot token: set TELEGRAM_BOT_TOKEN");
  if (target == NULL || target[0] == '\0')
    return err_set(err, ERR_INVALID, "there is no chat to write to: set TELEGRAM_CHAT_ID");

  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_text(&json, "chat_id", target);
  if (message->edit_id != 0)
    json_write_i64(&json, "message_id", message->edit_id);
  json_write_text_n(&json, "text", message->text, cut_length(message->text, TEXT_MAX_UNITS));
  json_write_bool(&json, "disable_web_page_preview", true);
  json_write_object_end(&json);

  static const char *const headers[] = {"Content-Type: application/json", NULL};
  *options = (struct http_call_options){
      .method = "POST",
      .url = arena_printf(arena, "%s/bot%s/%s", channel->base_url, channel->token,
                          message->edit_id != 0 ? "editMessageText" : "sendMessage"),
      .headers = headers,
      .body = arena_memdup(arena, body.data, body.length),
      .body_length = body.length,
      .connect_timeout_ms = CONNECT_TIMEOUT_MS,
      .timeout_ms = TIMEOUT_MS,
      .max_body = ANSWER_MAX,
      .keep_alive = true,
  };
  buf_finish(&body);
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
    snprintf(result->text, sizeof result->text,
             "the group became a supergroup: set TELEGRAM_CHAT_ID to %" PRId64, moved_to);
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
    json_i64(json_get(json_get(json, "result"), "message_id"), 1, INT64_MAX, &result->message_id);
  } else if (!is_telegram && answer->status < 500 && answer->status != 429) {
    /* A 403 of some proxy or hotel page is no refusal: the message would be lost. */
    str_copy(result->text, sizeof result->text, outcome_text(HTTP_NOT_HTTP));
  } else {
    read_status(answer->status, json, description, result);
  }
  int64_t wait_s = answer->retry_after_s;
  json_i64(json_get(json_get(json, "parameters"), "retry_after"), 0, INT64_MAX, &wait_s);
  if (result->verdict == NOTIFY_RETRY && wait_s > 0)
    result->retry_after_ms = (wait_s < RETRY_AFTER_MAX_S ? wait_s : RETRY_AFTER_MAX_S) * 1000;
  json_free(json);
}

const struct notifier telegram_notifier = {
    .name = "telegram", .request = make_request, .read = read_answer};
