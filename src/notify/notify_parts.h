/* A body of several parts, text and a picture: multipart/form-data (RFC 7578). Pure. */
#ifndef NOTIFY_NOTIFY_PARTS_H
#define NOTIFY_NOTIFY_PARTS_H

#include "base/arena.h"
#include "base/buf.h"
#include "notify/notifier.h"

struct notify_parts {
  const char *boundary;
  struct buf body;
};

/* The boundary is made of the message's key. It cannot occur in a PNG, which begins with bytes
 * that no part of an image file repeats on a line of its own. */
void notify_parts_begin(struct notify_parts *parts, const struct notify_message *message,
                        struct arena *arena);

/* A field; `type` NULL: plain text as forms have it. */
void notify_parts_text(struct notify_parts *parts, const char *name, const char *type,
                       const char *text, size_t length);

/* The message's picture as a file called chart.png. */
void notify_parts_picture(struct notify_parts *parts, const char *name,
                          const struct notify_message *message);

/* Fills `options` with a POST of it all, which moves to the arena. */
void notify_parts_end(struct notify_parts *parts, const char *url, struct arena *arena,
                      struct http_call_options *options);

#endif
