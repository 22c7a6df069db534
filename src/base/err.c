#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

/* vsnprintf into `text`, cut at a character boundary instead of inside one. */
static void format_text(char text[ERR_TEXT_MAX], const char *format, va_list arguments) {
  char whole[ERR_TEXT_MAX + 4]; /* room for the rest of a character at the cut */
  vsnprintf(whole, sizeof whole, format, arguments);
  str_copy(text, ERR_TEXT_MAX, whole);
}

bool err_set(struct err *err, enum err_code code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  format_text(err->text, format, arguments);
  va_end(arguments);
  err->code = code;
  return false;
}

bool err_add(struct err *err, const char *format, ...) {
  char words[ERR_TEXT_MAX];
  va_list arguments;
  va_start(arguments, format);
  format_text(words, format, arguments);
  va_end(arguments);

  char joined[2 * ERR_TEXT_MAX + 2];
  snprintf(joined, sizeof joined, "%s: %s", words, err->text);
  str_copy(err->text, ERR_TEXT_MAX, joined);
  return false;
}
