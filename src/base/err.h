/* One failure: a code for programs and one line of text for a person.
 *
 * A function that can fail returns bool and takes `struct err *` as its last
 * parameter. It fills the error with err_set and returns false; a caller that
 * knows more puts its own words in front with err_add. NULL is not accepted:
 * whoever calls must be ready to say what went wrong. No memory is owned. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

enum err_code {
  ERR_NONE = 0,
  ERR_INVALID,     /* what was asked for makes no sense: HTTP 422 */
  ERR_NOT_FOUND,   /* no such thing: 404 */
  ERR_CONFLICT,    /* it exists already, or it is taken: 409 */
  ERR_TOO_LARGE,   /* over a limit: 413 */
  ERR_FORBIDDEN,   /* not allowed for this caller: 403 */
  ERR_UNAVAILABLE, /* a part we need is away, try again: 503 */
  ERR_TIMEOUT,     /* it did not answer in time: 504 */
  ERR_CORRUPT,     /* bytes that do not mean what they should: 500 (422 for a request) */
  ERR_IO,          /* the system refused: disk, socket, memory map: 500 */
};

enum { ERR_TEXT_MAX = 320 };

struct err {
  enum err_code code;
  char text[ERR_TEXT_MAX]; /* one line, UTF-8, no trailing full stop needed */
};

/* Fills `err` and returns false, so that `return err_set(...)` reads well.
 * Text that does not fit is cut at a character boundary. */
bool err_set(struct err *err, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts words and ": " in front of the text that is there; the code stays.
 * Returns false. */
bool err_add(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
