/* Text helpers: bounded copies, checked numbers, UTF-8. All are pure. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies into a fixed array, cut at a UTF-8 character boundary; always
 * NUL-terminated. `size` is the array's size in bytes, at least 1. */
void str_copy(char *target, size_t size, const char *text);

bool str_equal(const char *a, const char *b); /* NULL equals only NULL */
bool str_starts_with(const char *text, const char *prefix);
bool str_equal_ignore_case(const char *a, const char *b); /* ASCII letters */

/* Whole-text numbers: no spaces, no rest; false when the text is not a number
 * or does not fit in [min, max]. `out` is untouched on failure. Decimal only. */
bool str_to_i64(const char *text, int64_t min, int64_t max, int64_t *out);
bool str_to_double(const char *text, double *out); /* finite only, locale "C" */

/* A number with an optional SI letter as the miners write it ("4.29G", "483k",
 * "2.03 G", "1.5e9", "0"): k K M G T P E, spaces allowed before the letter.
 * False when it is anything else or not finite. */
bool str_to_si(const char *text, double *out);

/* 0..15, or -1 when the character is no hexadecimal digit. */
int str_hex_value(char c);

/* True when the bytes are well-formed UTF-8 (RFC 3629). */
bool str_is_utf8(const char *bytes, size_t length);

/* Makes text from outside safe to keep: bytes that are not UTF-8 become U+FFFD,
 * control characters become a space; the result is cut to `size`. */
void str_sanitize(char *target, size_t size, const char *bytes, size_t length);

/* Trims ASCII white space on both ends, in place; returns the first character. */
char *str_trim(char *text);

/* Compares in a time that depends only on the lengths; for secrets. */
bool str_equal_secret(const char *a, const char *b);

#endif
