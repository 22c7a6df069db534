/* What many notifiers' requests share: JSON, or other bytes, to an address. Pure. */
#ifndef NOTIFY_NOTIFY_CALL_H
#define NOTIFY_NOTIFY_CALL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/json_write.h"
#include "net/http_client.h"

/* Fills `options` with a request that carries `body` (finished here; its bytes move to the arena)
 * as application/json. `header` is one more, "Name: value", or NULL. */
void notify_call_json(struct arena *arena, const char *method, const char *url, struct buf *body,
                      const char *header, struct http_call_options *options);

/* Members "title", the first line of `text`, and "message", the whole, each cut to so many
 * characters. */
void notify_call_words(struct json_write *json, struct arena *arena, const char *text,
                       size_t title_max, size_t text_max);

/* Everything lives as long as the request is being made. */
struct notify_call {
  const char *method, *url;
  const char *type; /* of the body: "image/png" */
  const void *bytes;
  size_t length;
  const char *const *headers; /* more of them, NULL-terminated; NULL: none */
};
void notify_call_bytes(struct arena *arena, const struct notify_call *call,
                       struct http_call_options *options);

#endif
