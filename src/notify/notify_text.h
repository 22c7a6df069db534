/* What notifiers do with a text before it goes out. Pure. */
#ifndef NOTIFY_NOTIFY_TEXT_H
#define NOTIFY_NOTIFY_TEXT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

enum notify_unit {
  NOTIFY_BYTES,
  NOTIFY_CHARACTERS,
  NOTIFY_UTF16, /* code units: a character beyond U+FFFF counts as two */
};

/* How many bytes of `text` fit in `most` units, cut between characters. */
size_t notify_text_fit(const char *text, enum notify_unit unit, size_t most);

/* The text cut to what fits, "…" at its end when something was left out. */
const char *notify_text_cut(struct arena *arena, const char *text, enum notify_unit unit,
                            size_t most);

/* The first line, which is the subject. */
const char *notify_text_subject(struct arena *arena, const char *text);

/* Appends base64 (RFC 4648); `line` > 0: a line break (CR LF) after so many characters. */
void notify_text_base64(struct buf *out, const void *bytes, size_t length, size_t line);

/* Appends with everything but unreserved characters as %XX (RFC 3986). */
void notify_text_percent(struct buf *out, const char *text);

/* The address without the slashes at its end. */
const char *notify_text_base_url(struct arena *arena, const char *url);

#endif
