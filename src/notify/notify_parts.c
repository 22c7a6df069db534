#include "notify/notify_parts.h"

#include "notify/notify_call.h"

void notify_parts_begin(struct notify_parts *parts, const struct notify_message *message,
                        struct arena *arena) {
  parts->boundary = arena_printf(arena, "bitaxe-%s-%zu", message->key, message->picture_length);
  buf_init(&parts->body);
}

static void begin_part(struct notify_parts *parts, const char *name) {
  buf_printf(&parts->body, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", parts->boundary,
             name);
}

void notify_parts_text(struct notify_parts *parts, const char *name, const char *type,
                       const char *text, size_t length) {
  begin_part(parts, name);
  if (type != NULL)
    buf_printf(&parts->body, "\r\nContent-Type: %s", type);
  buf_append_text(&parts->body, "\r\n\r\n");
  buf_append(&parts->body, text, length);
  buf_append_text(&parts->body, "\r\n");
}

void notify_parts_picture(struct notify_parts *parts, const char *name,
                          const struct notify_message *message) {
  begin_part(parts, name);
  buf_append_text(&parts->body, "; filename=\"chart.png\"\r\nContent-Type: image/png\r\n\r\n");
  buf_append(&parts->body, message->picture, message->picture_length);
  buf_append_text(&parts->body, "\r\n");
}

void notify_parts_end(struct notify_parts *parts, const char *url, struct arena *arena,
                      struct http_call_options *options) {
  buf_printf(&parts->body, "--%s--\r\n", parts->boundary);
  const struct notify_call call = {
      .method = "POST",
      .url = url,
      .type = arena_printf(arena, "multipart/form-data; boundary=%s", parts->boundary),
      .bytes = arena_memdup(arena, parts->body.data, parts->body.length),
      .length = parts->body.length};
  notify_call_bytes(arena, &call, options);
  buf_finish(&parts->body);
}
