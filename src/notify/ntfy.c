/* ntfy (docs.ntfy.sh/publish/#publish-as-json): POST of JSON to the server's root. Its own servers
 * take 4,096 bytes, 60 requests at once and then one in five seconds. */
#include <string.h>

#include "base/json_write.h"
#include "base/str.h"
#include "notify/notifier.h"
#include "notify/notify_answer.h"
#include "notify/notify_call.h"
#include "notify/notify_text.h"

enum { TEXT_MAX = 4000, TITLE_MAX = 250 }; /* bytes */

static const struct notify_field fields[] = {
    {"target", "Topic",
     "A name that nobody guesses, as on the public server whoever knows it can read along. "
     "Subscribe to it in the ntfy app.",
     NOTIFY_TEXT, .required = true},
    {"server", "Server", "Empty: the public one. Or the address of your own ntfy.", NOTIFY_URL,
     .fallback = "https://ntfy.sh"},
    {"token", "Access token", "Only when the topic is protected: it begins with tk_.", NOTIFY_TEXT,
     .secret = true},
    {0},
};

static const struct notify_service service = {
    .name = "ntfy",
    .denied = "check the access token, and that it may write to the topic",
    .missing = "check the server's address",
    .said_key = "error",
};

/* What both ways of sending say. */
struct parts {
  const char *title, *text;
  const char *authorization; /* NULL: none */
  int priority;
};

/* A header of any text: ntfy decodes words of RFC 2047, and takes one of any length. */
static const char *header_of(struct arena *arena, const char *name, const char *text) {
  struct buf word;
  buf_init(&word);
  buf_append_text(&word, "");
  notify_text_base64(&word, text, strlen(text), 0);
  const char *header = arena_printf(arena, "%s: =?UTF-8?B?%s?=", name, word.data);
  buf_finish(&word);
  return header;
}

/* docs.ntfy.sh/publish/#attach-local-file: the picture is the body, all else stands in headers.
 * A server that keeps no files says so with a 400. */
static void request_picture(const struct notify_channel *channel,
                            const struct notify_message *message, const struct parts *parts,
                            struct arena *arena, struct http_call_options *options) {
  const char *const headers[] = {
      header_of(arena, "Title", parts->title),
      header_of(arena, "Message", parts->text),
      arena_printf(arena, "Priority: %d", parts->priority),
      "Filename: chart.png",
      parts->authorization, /* last, as it may be NULL */
      NULL,
  };
  const struct notify_call call = {
      .method = "PUT",
      .url = arena_printf(arena, "%s/%s",
                          notify_text_base_url(arena, notifier_setting(channel, "server")),
                          notifier_setting(channel, "target")),
      .type = "image/png",
      .bytes = message->picture,
      .length = message->picture_length,
      .headers = headers};
  notify_call_bytes(arena, &call, options);
}

static bool make_request(const struct notify_channel *channel, const struct notify_message *message,
                         struct arena *arena, struct http_call_options *options, struct err *err) {
  static const int priorities[] = {[ALERT_INFO] = 3, [ALERT_WARNING] = 4, [ALERT_CRITICAL] = 5};
  const char *token = notifier_setting(channel, "token");
  const char *topic = notifier_setting(channel, "target");
  if (topic[0] == '\0' || topic[strspn(topic, "-_0123456789abcdefghijklmnopqrstuvwxyz"
                                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '\0')
    return err_set(err, ERR_INVALID,
                   "the topic may have letters, digits, - and _ only: choose another");
  const struct parts parts = {
      .title = notify_text_cut(arena, notify_text_subject(arena, message->text), NOTIFY_BYTES,
                               TITLE_MAX),
      .text = notify_text_cut(arena, message->text, NOTIFY_BYTES, TEXT_MAX),
      .authorization =
          token[0] == '\0' ? NULL : arena_printf(arena, "Authorization: Bearer %s", token),
      .priority = priorities[message->severity]};
  if (message->picture != NULL) {
    request_picture(channel, message, &parts, arena, options);
    return true;
  }
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_text(&json, "topic", topic);
  json_write_text(&json, "title", parts.title);
  json_write_text(&json, "message", parts.text);
  json_write_i64(&json, "priority", parts.priority);
  json_write_object_end(&json);
  const char *url =
      arena_printf(arena, "%s/", notify_text_base_url(arena, notifier_setting(channel, "server")));
  notify_call_json(arena, "POST", url, &body, parts.authorization, options);
  return true;
}

static void read_answer(const struct http_answer *answer, struct notify_result *result) {
  notify_answer_read(&service, answer, result);
}

const struct notifier ntfy_notifier = {
    .name = "ntfy",
    .title = "ntfy",
    .about = "Push messages on a phone with the free ntfy app, no account needed.",
    .fields = fields,
    .supports_picture = true,
    .pace = {.gap_ms = 1000, .burst = 20, .window_ms = 60000},
    .request = make_request,
    .read = read_answer,
};
