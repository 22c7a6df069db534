/* Any program that takes JSON: POST of our own object, or of the owner's template. Every request
 * carries X-Bitaxe-Timestamp (seconds since 1970) and, when a secret was agreed on,
 * X-Bitaxe-Signature: "sha256=" and the HMAC-SHA256, in hexadecimal, of the timestamp, a dot, and
 * the body. X-Bitaxe-Message is the same at each attempt of a message. docs/channels.md tells
 * receivers what to check. */
#include <inttypes.h>
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_write.h"
#include "base/str.h"
#include "notify/notifier.h"
#include "notify/notify_answer.h"
#include "notify/notify_text.h"

enum { CONNECT_TIMEOUT_MS = 10000, TIMEOUT_MS = 20000, TEXT_MAX = 16000 };

static const struct notify_field fields[] = {
    {"url", "Address", "Where the messages are posted to, as http://192.168.1.5:1880/miners.",
     NOTIFY_URL, .required = true, .secret = true},
    {"secret", "Secret",
     "A long random word that signs the messages, so that the receiver can "
     "tell ours from others.",
     NOTIFY_TEXT, .secret = true},
    {"authorization", "Authorization header",
     "Only when the receiver asks for it, as Bearer "
     "abc.",
     NOTIFY_TEXT, .secret = true},
    {"template", "Template",
     "JSON of your own with {text}, {title}, {severity}, {episode}, {time} "
     "and {message} in it. Empty: all of them in one object.",
     NOTIFY_LINES, .required = false},
    {0},
};

static const struct notify_service service = {
    .name = "the webhook",
    .denied = "check its Authorization header and its secret",
    .missing = "check the address",
    .said_key = "error",
};

struct part {
  const char *name, *value;
};
enum { PARTS = 6 };

/* As the inside of a JSON text, without the quotes around it. */
static void append_inside(struct buf *out, const char *text) {
  struct buf quoted;
  struct json_write json;
  buf_init(&quoted);
  json_write_init(&json, &quoted);
  json_write_text(&json, NULL, text);
  buf_append(out, quoted.data + 1, quoted.length - 2);
  buf_finish(&quoted);
}

static void fill_template(struct buf *out, const char *text, const struct part parts[PARTS]) {
  while (*text != '\0') {
    size_t i = 0, length = 0;
    for (; *text == '{' && i < PARTS; i++) {
      length = strlen(parts[i].name);
      if (strncmp(text + 1, parts[i].name, length) == 0 && text[length + 1] == '}')
        break;
    }
    if (*text == '{' && i < PARTS) {
      append_inside(out, parts[i].value);
      text += length + 2;
    } else {
      buf_append_char(out, *text++);
    }
  }
}

static void write_all(struct buf *out, const struct part parts[PARTS]) {
  struct json_write json;
  json_write_init(&json, out);
  json_write_object(&json, NULL);
  for (size_t i = 0; i < PARTS; i++)
    json_write_text(&json, parts[i].name, parts[i].value);
  json_write_object_end(&json);
}

static const char *sign(struct arena *arena, const char *secret, const char *timestamp,
                        const struct buf *body) {
  unsigned char mac[crypto_auth_hmacsha256_BYTES];
  char hex[2 * sizeof mac + 1];
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
  crypto_auth_hmacsha256_update(&state, (const unsigned char *)timestamp, strlen(timestamp));
  crypto_auth_hmacsha256_update(&state, (const unsigned char *)".", 1);
  crypto_auth_hmacsha256_update(&state, (const unsigned char *)body->data, body->length);
  crypto_auth_hmacsha256_final(&state, mac);
  sodium_bin2hex(hex, sizeof hex, mac, sizeof mac);
  return arena_printf(arena, "X-Bitaxe-Signature: sha256=%s", hex);
}

static bool check_body(const struct buf *body, struct err *err) {
  struct json *json = json_parse(body->data, body->length, NULL, err);
  bool ok = json != NULL;
  if (!ok)
    err_add(err, "the template does not give JSON");
  json_free(json);
  return ok;
}

static const char *const *make_headers(const struct notify_channel *channel,
                                       const struct notify_message *message, const struct buf *body,
                                       struct arena *arena) {
  const char *secret = notifier_setting(channel, "secret");
  const char *authorization = notifier_setting(channel, "authorization");
  const char *timestamp = arena_printf(arena, "%" PRId64, message->now_ms / 1000);
  const char **headers = arena_alloc(arena, 6 * sizeof *headers);
  size_t count = 0;
  headers[count++] = "Content-Type: application/json";
  headers[count++] = arena_printf(arena, "X-Bitaxe-Timestamp: %s", timestamp);
  headers[count++] = arena_printf(arena, "X-Bitaxe-Message: %s", message->key);
  if (secret[0] != '\0')
    headers[count++] = sign(arena, secret, timestamp, body);
  if (authorization[0] != '\0')
    headers[count++] = arena_printf(arena, "Authorization: %s", authorization);
  return headers;
}

static bool make_request(const struct notify_channel *channel, const struct notify_message *message,
                         struct arena *arena, struct http_call_options *options, struct err *err) {
  char time[CLOCK_RFC3339_SIZE];
  const char *template = notifier_setting(channel, "template");
  const struct part parts[PARTS] = {
      {"text", notify_text_cut(arena, message->text, NOTIFY_BYTES, TEXT_MAX)},
      {"title", notify_text_subject(arena, message->text)},
      {"severity", alert_severity_name(message->severity)},
      {"episode",
       message->episode_id == 0 ? "" : arena_printf(arena, "%" PRId64, message->episode_id)},
      {"time", clock_format_rfc3339(message->at_ms, time)},
      {"message", message->key},
  };
  struct buf body;
  buf_init(&body);
  if (template[0] != '\0')
    fill_template(&body, template, parts);
  else
    write_all(&body, parts);
  bool ok = check_body(&body, err);
  if (ok)
    *options = (struct http_call_options){
        .method = "POST",
        .url = notifier_setting(channel, "url"),
        .headers = make_headers(channel, message, &body, arena),
        .body = arena_memdup(arena, body.data, body.length),
        .body_length = body.length,
        .connect_timeout_ms = CONNECT_TIMEOUT_MS,
        .timeout_ms = TIMEOUT_MS,
        .max_body = NOTIFY_ANSWER_MAX,
    };
  buf_finish(&body);
  return ok;
}

static void read_answer(const struct http_answer *answer, struct notify_result *result) {
  notify_answer_read(&service, answer, result);
}

const struct notifier webhook_notifier = {
    .name = "webhook",
    .title = "Webhook",
    .about = "JSON to a program of your own: Node-RED, n8n, Home Assistant and others.",
    .fields = fields,
    .pace = {.gap_ms = 100, .burst = 30, .window_ms = 10000},
    .request = make_request,
    .read = read_answer,
};
