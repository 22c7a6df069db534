/* Slack's incoming webhook (api.slack.com/messaging/webhooks), which Mattermost, Rocket.Chat and
 * others take too: {"text": ...}, answered with "ok". One message a second. & < > are escaped. */
#include <string.h>

#include "base/json_write.h"
#include "base/str.h"
#include "notify/notifier.h"
#include "notify/notify_answer.h"
#include "notify/notify_call.h"
#include "notify/notify_text.h"

enum { TEXT_MAX = 4000 }; /* Slack shows more, but advises less */

static const struct notify_field fields[] = {
    {"url", "Webhook address",
     "The incoming webhook of Slack, Mattermost, Rocket.Chat or another that takes the same.",
     NOTIFY_URL, .required = true, .secret = true},
    {0},
};

static const struct notify_service service = {
    .name = "Slack",
    .denied = "make a new webhook and fill in its address",
    .missing = "the webhook was removed: make a new one and fill in its address",
    .said_key = "message",
};

static void append_escaped(struct buf *out, const char *text) {
  for (; *text != '\0'; text++) {
    if (*text == '&')
      buf_append_text(out, "&amp;");
    else if (*text == '<')
      buf_append_text(out, "&lt;");
    else if (*text == '>')
      buf_append_text(out, "&gt;");
    else
      buf_append_char(out, *text);
  }
}

static bool make_request(const struct notify_channel *channel, const struct notify_message *message,
                         struct arena *arena, struct http_call_options *options, struct err *err) {
  (void)err;
  struct buf body, text;
  struct json_write json;
  buf_init(&body);
  buf_init(&text);
  append_escaped(&text, notify_text_cut(arena, message->text, NOTIFY_CHARACTERS, TEXT_MAX));
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_text(&json, "text", text.data == NULL ? "" : text.data);
  json_write_object_end(&json);
  buf_finish(&text);
  notify_call_json(arena, "POST", notifier_setting(channel, "url"), &body, NULL, options);
  return true;
}

static void read_answer(const struct http_answer *answer, struct notify_result *result) {
  notify_answer_read(&service, answer, result);
}

const struct notifier slack_notifier = {
    .name = "slack",
    .title = "Slack and the like",
    .about = "Messages in Slack, Mattermost or Rocket.Chat, through an incoming webhook.",
    .fields = fields,
    .pace = {.gap_ms = 1000, .burst = 1, .window_ms = 1000},
    .request = make_request,
    .read = read_answer,
};
