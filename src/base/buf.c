#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_CAPACITY = 64 };

void buf_init(struct buf *buf) {
  *buf = (struct buf){0};
}

void buf_finish(struct buf *buf) {
  free(buf->data);
  *buf = (struct buf){0};
}

void buf_clear(struct buf *buf) {
  buf->length = 0;
  if (buf->data != NULL)
    buf->data[0] = '\0';
}

void buf_reserve(struct buf *buf, size_t extra) {
  if (extra >= SIZE_MAX / 2 - buf->length)
    mem_fatal("a buffer would be larger than memory can be");
  size_t needed = buf->length + extra + 1; /* and the closing NUL */
  if (needed <= buf->capacity)
    return;
  size_t capacity = buf->capacity > 0 ? buf->capacity : FIRST_CAPACITY;
  while (capacity < needed)
    capacity *= 2; /* doubling keeps appending linear in the end */
  buf->data = mem_resize(buf->data, capacity, 1);
  buf->capacity = capacity;
  buf->data[buf->length] = '\0';
}

void buf_append(struct buf *buf, const void *bytes, size_t size) {
  buf_reserve(buf, size);
  if (size > 0)
    memcpy(buf->data + buf->length, bytes, size);
  buf->length += size;
  buf->data[buf->length] = '\0';
}

void buf_append_text(struct buf *buf, const char *text) {
  buf_append(buf, text, strlen(text));
}

void buf_append_char(struct buf *buf, char c) {
  buf_append(buf, &c, 1);
}

void buf_append_i64(struct buf *buf, int64_t value) {
  char digits[24];
  char *end = digits + sizeof digits, *first = end;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do {
    *--first = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (value < 0)
    *--first = '-';
  buf_append(buf, first, (size_t)(end - first));
}

void buf_printf(struct buf *buf, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  buf_reserve(buf, 0);
  size_t room = buf->capacity - buf->length;
  int length = vsnprintf(buf->data + buf->length, room, format, arguments);
  va_end(arguments);
  assert(length >= 0);
  if ((size_t)length >= room) {
    buf_reserve(buf, (size_t)length);
    vsnprintf(buf->data + buf->length, (size_t)length + 1, format, again);
  }
  va_end(again);
  buf->length += (size_t)length;
}

char *buf_take(struct buf *buf, size_t *length) {
  buf_reserve(buf, 0);
  char *data = buf->data;
  if (length != NULL)
    *length = buf->length;
  *buf = (struct buf){0};
  return data;
}
