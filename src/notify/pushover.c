/* Pushover (pushover.net/api): POST /1/messages.json. 1,024 characters of text, 250 of title.
 * A picture of up to 5 MB comes as base64 beside them.
 * Answers {"status": 1, ...} or 4xx with "errors": [...]. Two requests at a time at most, which one
 * message on its way keeps to; 429 means that the month's messages are used up. */
#include <string.h>

#include "base/json_write.h"
#include "base/str.h"
#include "notify/notifier.h"
#include "notify/notify_answer.h"
#include "notify/notify_call.h"
#include "notify/notify_text.h"

enum { TEXT_MAX = 1024, TITLE_MAX = 250 }; /* characters */

static const struct notify_field fields[] = {
    {"user", "User key", "Stands on the first page of pushover.net when you are signed in.",
     NOTIFY_TEXT, .required = true, .secret = true},
    {"token", "API token", "On pushover.net: Create an application, then copy its API token.",
     NOTIFY_TEXT, .required = true, .secret = true},
    {"server", "Server", "Leave it as it is.", NOTIFY_URL, .fallback = "https://api.pushover.net"},
    {0},
};

static const struct notify_service service = {
    .name = "Pushover",
    .denied = "check the user key and the API token",
    .missing = "check the server's address",
    .said_key = "errors",
};

static void write_picture(struct json_write *json, const struct notify_message *message) {
  struct buf base64;
  buf_init(&base64);
  notify_text_base64(&base64, message->picture, message->picture_length, 0);
  json_write_text(json, "attachment_base64", base64.data);
  json_write_text(json, "attachment_type", "image/png");
  buf_finish(&base64);
}

static bool make_request(const struct notify_channel *channel, const struct notify_message *message,
                         struct arena *arena, struct http_call_options *options, struct err *err) {
  static const int priorities[] = {[ALERT_INFO] = 0, [ALERT_WARNING] = 0, [ALERT_CRITICAL] = 1};
  (void)err;
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_text(&json, "token", notifier_setting(channel, "token"));
  json_write_text(&json, "user", notifier_setting(channel, "user"));
  notify_call_words(&json, arena, message->text, TITLE_MAX, TEXT_MAX);
  json_write_i64(&json, "priority", priorities[message->severity]);
  json_write_i64(&json, "timestamp", message->at_ms / 1000);
  if (message->picture != NULL)
    write_picture(&json, message);
  json_write_object_end(&json);
  const char *url = arena_printf(arena, "%s/1/messages.json",
                                 notify_text_base_url(arena, notifier_setting(channel, "server")));
  notify_call_json(arena, "POST", url, &body, NULL, options);
  return true;
}

/* A wrong token or user is a 400 here; the message is not to blame. */
static void read_answer(const struct http_answer *answer, struct notify_result *result) {
  char said[100];
  notify_answer_read(&service, answer, result);
  if (answer->outcome != HTTP_ANSWERED || answer->status != 400)
    return;
  notify_answer_said(answer, service.said_key, said, sizeof said);
  if (strstr(said, "token") != NULL || strstr(said, "user") != NULL) {
    result->verdict = NOTIFY_RETRY;
    result->needs_owner = true;
  }
}

const struct notifier pushover_notifier = {
    .name = "pushover",
    .title = "Pushover",
    .about = "Push messages on a phone with the Pushover app.",
    .fields = fields,
    .supports_picture = true,
    .caption_max = TEXT_MAX,
    .pace = {.gap_ms = 1000, .burst = 10, .window_ms = 60000},
    .request = make_request,
    .read = read_answer,
};
