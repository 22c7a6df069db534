/* Gotify (gotify.net/api-docs): POST /message with the application's token in X-Gotify-Key. */
#include <string.h>

#include "base/json_write.h"
#include "base/str.h"
#include "notify/notifier.h"
#include "notify/notify_answer.h"
#include "notify/notify_call.h"
#include "notify/notify_text.h"

enum { TEXT_MAX = 8000, TITLE_MAX = 250 }; /* characters */

static const struct notify_field fields[] = {
    {"server", "Server", "The address of your Gotify, as http://192.168.1.5:8080.", NOTIFY_URL,
     .required = true},
    {"token", "Application token", "In Gotify: Apps, Create application, then copy its token.",
     NOTIFY_TEXT, .required = true, .secret = true},
    {0},
};

static const struct notify_service service = {
    .name = "Gotify",
    .denied = "check the application token (the one of an app, not of a client)",
    .missing = "check the server's address",
    .said_key = "errorDescription",
};

static bool make_request(const struct notify_channel *channel, const struct notify_message *message,
                         struct arena *arena, struct http_call_options *options, struct err *err) {
  static const int priorities[] = {[ALERT_INFO] = 4, [ALERT_WARNING] = 6, [ALERT_CRITICAL] = 8};
  (void)err;
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  notify_call_words(&json, arena, message->text, TITLE_MAX, TEXT_MAX);
  json_write_i64(&json, "priority", priorities[message->severity]);
  json_write_object_end(&json);
  notify_call_json(
      arena, "POST",
      arena_printf(arena, "%s/message",
                   notify_text_base_url(arena, notifier_setting(channel, "server"))),
      &body, arena_printf(arena, "X-Gotify-Key: %s", notifier_setting(channel, "token")), options);
  return true;
}

static void read_answer(const struct http_answer *answer, struct notify_result *result) {
  notify_answer_read(&service, answer, result);
}

const struct notifier gotify_notifier = {
    .name = "gotify",
    .title = "Gotify",
    .about = "Push messages through a Gotify server of your own.",
    .fields = fields,
    .pace = {.gap_ms = 200, .burst = 30, .window_ms = 10000},
    .request = make_request,
    .read = read_answer,
};
