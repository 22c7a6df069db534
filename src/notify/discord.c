/* Discord's incoming webhook (discord.com/developers/docs/resources/webhook): POST with
 * ?wait=true answers with the message, PATCH of it edits. The address is the secret. Five
 * messages in two seconds; 429 says retry_after in seconds, with a fraction. A picture comes as
 * multipart/form-data, the message then is its field payload_json. */
#include <string.h>

#include "base/json_write.h"
#include "base/str.h"
#include "notify/notifier.h"
#include "notify/notify_answer.h"
#include "notify/notify_call.h"
#include "notify/notify_parts.h"
#include "notify/notify_text.h"

enum { TEXT_MAX = 2000 }; /* characters */

static const struct notify_field fields[] = {
    {"url", "Webhook address",
     "In Discord: the channel's settings, Integrations, Webhooks, New webhook, Copy webhook URL.",
     NOTIFY_URL, .required = true, .secret = true},
    {0},
};

static const struct notify_service service = {
    .name = "Discord",
    .denied = "make a new webhook and fill in its address",
    .missing = "the webhook was deleted: make a new one and fill in its address",
    .said_key = "message",
};

/* The address without its query. */
static const char *webhook_of(struct arena *arena, const char *url) {
  return notify_text_base_url(arena, arena_strndup(arena, url, strcspn(url, "?#")));
}

/* (finishes the JSON) */
static void request_picture(const char *url, struct buf *json, const struct notify_message *message,
                            struct arena *arena, struct http_call_options *options) {
  struct notify_parts parts;
  notify_parts_begin(&parts, message, arena);
  notify_parts_text(&parts, "payload_json", "application/json", json->data, json->length);
  notify_parts_picture(&parts, "files[0]", message);
  notify_parts_end(&parts, url, arena, options);
  buf_finish(json);
}

static bool make_request(const struct notify_channel *channel, const struct notify_message *message,
                         struct arena *arena, struct http_call_options *options, struct err *err) {
  (void)err;
  const char *webhook = webhook_of(arena, notifier_setting(channel, "url"));
  bool edits = message->edit_id != NULL && message->edit_id[0] != '\0';
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_text(&json, "content", notify_text_cut(arena, message->text, NOTIFY_UTF16, TEXT_MAX));
  json_write_object(&json, "allowed_mentions"); /* no text of a device may call for everyone */
  json_write_array(&json, "parse");
  json_write_array_end(&json);
  json_write_object_end(&json);
  json_write_object_end(&json);
  const char *url = edits ? arena_printf(arena, "%s/messages/%s", webhook, message->edit_id)
                          : arena_printf(arena, "%s?wait=true", webhook);
  if (message->picture != NULL && !edits)
    request_picture(url, &body, message, arena, options);
  else
    notify_call_json(arena, edits ? "PATCH" : "POST", url, &body, NULL, options);
  return true;
}

/* discord.com/developers/docs/topics/opcodes-and-status-codes: 10008 is "Unknown Message". */
static void read_answer(const struct http_answer *answer, struct notify_result *result) {
  char code[16];
  notify_answer_read(&service, answer, result);
  if (answer->outcome != HTTP_ANSWERED)
    return;
  if (result->verdict == NOTIFY_DELIVERED)
    notify_answer_id(answer, "id", result->message_id, sizeof result->message_id);
  notify_answer_id(answer, "code", code, sizeof code);
  result->edit_gone = answer->status == 404 && str_equal(code, "10008");
  struct err err;
  struct json *json = json_parse(answer->body, answer->body_length, NULL, &err);
  double wait_s = 0;
  if (answer->status == 429 && json_number(json_get(json, "retry_after"), &wait_s))
    notify_answer_wait(result, wait_s);
  json_free(json);
}

const struct notifier discord_notifier = {
    .name = "discord",
    .title = "Discord",
    .about = "Messages in a Discord channel, through a webhook.",
    .fields = fields,
    .supports_edit = true,
    .supports_picture = true,
    .pace = {.gap_ms = 400, .burst = 5, .window_ms = 2000},
    .request = make_request,
    .read = read_answer,
};
