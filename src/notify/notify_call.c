#include "notify/notify_call.h"

#include "notify/notify_answer.h"
#include "notify/notify_text.h"

enum { CONNECT_TIMEOUT_MS = 10000, TIMEOUT_MS = 20000, HEADERS = 3 };

void notify_call_json(struct arena *arena, const char *method, const char *url, struct buf *body,
                      const char *header, struct http_call_options *options) {
  const char **headers = arena_alloc(arena, HEADERS * sizeof *headers);
  headers[0] = "Content-Type: application/json";
  headers[1] = header;
  *options = (struct http_call_options){
      .method = method,
      .url = url,
      .headers = headers,
      .body = arena_memdup(arena, body->data, body->length),
      .body_length = body->length,
      .connect_timeout_ms = CONNECT_TIMEOUT_MS,
      .timeout_ms = TIMEOUT_MS,
      .max_body = NOTIFY_ANSWER_MAX,
      .keep_alive = true,
  };
  buf_finish(body);
}

void notify_call_words(struct json_write *json, struct arena *arena, const char *text,
                       size_t title_max, size_t text_max) {
  json_write_text(
      json, "title",
      notify_text_cut(arena, notify_text_subject(arena, text), NOTIFY_CHARACTERS, title_max));
  json_write_text(json, "message", notify_text_cut(arena, text, NOTIFY_CHARACTERS, text_max));
}
