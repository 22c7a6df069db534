#include "api/setup/log_mask.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/mask.h"
#include "base/str.h"

#define URL_ENDS " \t'\"<>),;"

static const char HIDDEN[] = "(hidden)";
static const char HOME[] = "/home/";

static bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-';
}

/* The length of what stands in single quotes at `text`; 0: no quote begins here. The
 * apostrophe of "today's" follows a letter, that of 'Anna's' stands before one. */
static size_t quoted_length(const char *text, char before) {
  if (*text != '\'' || is_word(before))
    return 0;
  for (const char *end = strchr(text + 1, '\''); end != NULL; end = strchr(end + 1, '\'')) {
    if (!is_word(end[1]))
      return (size_t)(end - text) + 1;
  }
  return 0;
}

/* The length of "anna.b+x@example.com"; 0: none begins here. */
static size_t mail_length(const char *text, char before) {
  size_t length = 0;
  if (is_word(before))
    return 0;
  while (is_word(text[length]) || text[length] == '.' || text[length] == '+')
    length++;
  if (length == 0 || text[length] != '@' || !is_word(text[length + 1]))
    return 0;
  length++;
  while (is_word(text[length]) || text[length] == '.')
    length++;
  return length;
}

/* "//host" as it is, and that there is a way behind it. Returns how much was read. */
static size_t append_url(struct buf *out, const char *text) {
  size_t host = 2 + strcspn(text + 2, "/?#" URL_ENDS);
  size_t whole = host + strcspn(text + host, URL_ENDS);
  buf_append(out, text, host);
  if (whole - host > 1) {
    buf_append_char(out, '/');
    buf_append_text(out, HIDDEN);
  }
  return whole;
}

static size_t append_hidden(struct buf *out, const char *begin, const char *end, size_t length) {
  buf_append_text(out, begin);
  buf_append_text(out, HIDDEN);
  buf_append_text(out, end);
  return length;
}

/* What is hidden in logs alone, or else one character. Returns how much was read. */
static size_t append_piece(struct buf *out, const char *text, char before) {
  size_t length = quoted_length(text, before);
  if (length > 0)
    return append_hidden(out, "'", "'", length);
  length = mail_length(text, before);
  if (length > 0)
    return append_hidden(out, "", "", length);
  if (str_starts_with(text, "//"))
    return append_url(out, text);
  if (str_starts_with(text, HOME)) {
    length = sizeof HOME - 1;
    return append_hidden(out, HOME, "", length + strcspn(text + length, "/" URL_ENDS));
  }
  buf_append_char(out, *text);
  return 1;
}

void log_mask_append(struct buf *out, const char *line) {
  struct buf pieces;
  char before = ' ';
  buf_init(&pieces);
  while (*line != '\0') {
    line += append_piece(&pieces, line, before);
    before = line[-1];
  }
  mask_append(out, pieces.length == 0 ? "" : pieces.data);
  buf_finish(&pieces);
}
