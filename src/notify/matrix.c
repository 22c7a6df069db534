/* Matrix (spec.matrix.org, client-server API, "PUT .../send/{eventType}/{txnId}"): the transaction
 * id makes a repeated message the same message. An edit is a new event with m.replace. 429 says
 * retry_after_ms. Rooms must not be encrypted: the monitor holds no keys.
 *
 * A picture is three requests: "POST /_matrix/media/v3/upload" gives it an address, an m.image
 * event shows it, and the text follows as a message of its own, because not every client shows
 * the caption of an image. */
#include <string.h>

#include "base/json_write.h"
#include "base/str.h"
#include "notify/notifier.h"
#include "notify/notify_answer.h"
#include "notify/notify_call.h"
#include "notify/notify_text.h"

enum {
  TEXT_MAX = 16000, /* bytes; an event may have 65,536 */
  PICTURE_STEPS = 2,
};

static const struct notify_field fields[] = {
    {"server", "Home server",
     "The address of the server of the monitor's account, as "
     "https://matrix.org.",
     NOTIFY_URL, .required = true},
    {"target", "Room",
     "The internal number of a room without encryption, as !abc:matrix.org; "
     "invite the account to it.",
     NOTIFY_TEXT, .required = true},
    {"token", "Access token",
     "Of an account made for the monitor. In Element: Settings, Help and "
     "about, Advanced.",
     NOTIFY_TEXT, .required = true, .secret = true},
    {0},
};

static const struct notify_service service = {
    .name = "Matrix",
    .denied = "check the access token, and that the account has joined the room",
    .missing = "check the server's address and the room",
    .said_key = "error",
};

static void write_text(struct json_write *json, const char *star, const char *text) {
  struct buf body;
  buf_init(&body);
  buf_printf(&body, "%s%s", star, text);
  json_write_text(json, "msgtype", "m.text");
  json_write_text(json, "body", body.data);
  buf_finish(&body);
}

static const char *authorization(const struct notify_channel *channel, struct arena *arena) {
  return arena_printf(arena, "Authorization: Bearer %s", notifier_setting(channel, "token"));
}

/* Where an event of the room is put, named so that a repetition is the same event. */
static const char *event_url(const struct notify_channel *channel,
                             const struct notify_message *message, const char *part,
                             struct arena *arena) {
  const char *room = message->target != NULL && message->target[0] != '\0'
                         ? message->target
                         : notifier_setting(channel, "target");
  struct buf url;
  buf_init(&url);
  buf_printf(&url, "%s/_matrix/client/v3/rooms/",
             notify_text_base_url(arena, notifier_setting(channel, "server")));
  notify_text_percent(&url, room);
  buf_printf(&url, "/send/m.room.message/%s%s", message->key, part);
  const char *copy = arena_strdup(arena, url.data);
  buf_finish(&url);
  return copy;
}

static void request_upload(const struct notify_channel *channel,
                           const struct notify_message *message, struct arena *arena,
                           struct http_call_options *options) {
  const char *const headers[] = {authorization(channel, arena), NULL};
  const struct notify_call call = {
      .method = "POST",
      .url = arena_printf(arena, "%s/_matrix/media/v3/upload?filename=chart.png",
                          notify_text_base_url(arena, notifier_setting(channel, "server"))),
      .type = "image/png",
      .bytes = message->picture,
      .length = message->picture_length,
      .headers = headers};
  notify_call_bytes(arena, &call, options);
}

static void request_image(const struct notify_channel *channel,
                          const struct notify_message *message, struct arena *arena,
                          struct http_call_options *options) {
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_text(&json, "msgtype", "m.image");
  json_write_text(&json, "body", "chart.png");
  json_write_text(&json, "url", message->carried);
  json_write_object(&json, "info");
  json_write_text(&json, "mimetype", "image/png");
  json_write_i64(&json, "size", (int64_t)message->picture_length);
  json_write_object_end(&json);
  json_write_object_end(&json);
  notify_call_json(arena, "PUT", event_url(channel, message, "-picture", arena), &body,
                   authorization(channel, arena), options);
}

static bool make_request(const struct notify_channel *channel, const struct notify_message *message,
                         struct arena *arena, struct http_call_options *options, struct err *err) {
  (void)err;
  if (message->picture != NULL && message->step < PICTURE_STEPS) {
    if (message->step == 0)
      request_upload(channel, message, arena, options);
    else
      request_image(channel, message, arena, options);
    return true;
  }
  const char *text = notify_text_cut(arena, message->text, NOTIFY_BYTES, TEXT_MAX);
  bool edits = message->edit_id != NULL && message->edit_id[0] != '\0';
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  write_text(&json, edits ? "* " : "", text);
  if (edits) {
    json_write_object(&json, "m.new_content");
    write_text(&json, "", text);
    json_write_object_end(&json);
    json_write_object(&json, "m.relates_to");
    json_write_text(&json, "rel_type", "m.replace");
    json_write_text(&json, "event_id", message->edit_id);
    json_write_object_end(&json);
  }
  json_write_object_end(&json);
  notify_call_json(arena, "PUT", event_url(channel, message, "", arena), &body,
                   authorization(channel, arena), options);
  return true;
}

static void read_answer(const struct http_answer *answer, struct notify_result *result) {
  struct err err;
  double wait_ms = 0;
  notify_answer_read(&service, answer, result);
  if (answer->outcome != HTTP_ANSWERED)
    return;
  if (result->verdict == NOTIFY_DELIVERED)
    notify_answer_id(answer, "event_id", result->message_id, sizeof result->message_id);
  if (result->verdict == NOTIFY_DELIVERED && result->message_id[0] == '\0')
    notify_answer_id(answer, "content_uri", result->message_id, sizeof result->message_id);
  struct json *json = json_parse(answer->body, answer->body_length, NULL, &err);
  if (answer->status == 429 && json_number(json_get(json, "retry_after_ms"), &wait_ms))
    notify_answer_wait(result, wait_ms / 1000);
  json_free(json);
}

const struct notifier matrix_notifier = {
    .name = "matrix",
    .title = "Matrix",
    .about = "Messages in a Matrix room, as with Element.",
    .fields = fields,
    .supports_edit = true,
    .supports_picture = true,
    .picture_steps = PICTURE_STEPS,
    .pace = {.gap_ms = 1000, .burst = 10, .window_ms = 10000},
    .request = make_request,
    .read = read_answer,
};
