#include "notify/notify_call.h"

#include "notify/notify_answer.h"
#include "notify/notify_text.h"

enum { CONNECT_TIMEOUT_MS = 10000, TIMEOUT_MS = 20000 };

void notify_call_bytes(struct arena *arena, const struct notify_call *call,
                       struct http_call_options *options) {
  size_t count = 0;
  while (call->headers != NULL && call->headers[count] != NULL)
    count++;
  const char **headers = arena_alloc(arena, (count + 2) * sizeof *headers);
  headers[0] = arena_printf(arena, "Content-Type: %s", call->type);
  for (size_t i = 0; i < count; i++)
    headers[i + 1] = call->headers[i];
  headers[count + 1] = NULL;
  *options = (struct http_call_options){
      .method = call->method,
      .url = call->url,
      .headers = headers,
      .body = call->bytes,
      .body_length = call->length,
      .connect_timeout_ms = CONNECT_TIMEOUT_MS,
      .timeout_ms = TIMEOUT_MS,
      .max_body = NOTIFY_ANSWER_MAX,
      .keep_alive = true,
  };
}

void notify_call_json(struct arena *arena, const char *method, const char *url, struct buf *body,
                      const char *header, struct http_call_options *options) {
  const char *const headers[] = {header, NULL};
  const struct notify_call call = {.method = method,
                                   .url = url,
                                   .type = "application/json",
                                   .bytes = arena_memdup(arena, body->data, body->length),
                                   .length = body->length,
                                   .headers = headers};
  notify_call_bytes(arena, &call, options);
  buf_finish(body);
}

void notify_call_words(struct json_write *json, struct arena *arena, const char *text,
                       size_t title_max, size_t text_max) {
  json_write_text(
      json, "title",
      notify_text_cut(arena, notify_text_subject(arena, text), NOTIFY_CHARACTERS, title_max));
  json_write_text(json, "message", notify_text_cut(arena, text, NOTIFY_CHARACTERS, text_max));
}
