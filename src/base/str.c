#include "base/str.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_continuation(char c) {
  return ((unsigned char)c & 0xC0) == 0x80;
}

void str_copy(char *target, size_t size, const char *text) {
  assert(size > 0);
  size_t length = strlen(text);
  if (length >= size) {
    length = size - 1;
    while (length > 0 && is_continuation(text[length]))
      length--; /* the first byte cut off must begin a character */
  }
  memmove(target, text, length);
  target[length] = '\0';
}

bool str_equal(const char *a, const char *b) {
  if (a == NULL || b == NULL)
    return a == b;
  return strcmp(a, b) == 0;
}

bool str_starts_with(const char *text, const char *prefix) {
  return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_equal_ignore_case(const char *a, const char *b) {
  if (a == NULL || b == NULL)
    return a == b;
  return strcasecmp(a, b) == 0; /* the program never leaves locale "C" */
}

bool str_to_i64(const char *text, int64_t min, int64_t max, int64_t *out) {
  if (text == NULL || !(is_digit(text[0]) || (text[0] == '-' && is_digit(text[1]))))
    return false;
  char *end;
  errno = 0;
  long long value = strtoll(text, &end, 10);
  if (errno != 0 || *end != '\0' || value < min || value > max)
    return false;
  *out = value;
  return true;
}

/* Length of the decimal number that `text` begins with, 0 when it begins with
 * none. strtod alone would also take "inf", "nan" and hexadecimal. */
static size_t decimal_length(const char *text) {
  size_t at = 0, digits = 0;
  if (text[at] == '-' || text[at] == '+')
    at++;
  for (; is_digit(text[at]); at++)
    digits++;
  if (text[at] == '.')
    at++;
  for (; is_digit(text[at]); at++)
    digits++;
  if (digits == 0)
    return 0;
  if (text[at] == 'e' || text[at] == 'E') {
    size_t exponent = at + 1;
    if (text[exponent] == '-' || text[exponent] == '+')
      exponent++;
    if (is_digit(text[exponent])) {
      while (is_digit(text[exponent]))
        exponent++;
      at = exponent;
    }
  }
  return at;
}

bool str_to_double(const char *text, double *out) {
  if (text == NULL)
    return false;
  size_t length = decimal_length(text);
  if (length == 0 || text[length] != '\0')
    return false;
  double value = strtod(text, NULL);
  if (!isfinite(value))
    return false;
  *out = value;
  return true;
}

/* What an SI letter multiplies by; 0 when it is no such letter. */
static double si_factor(char letter) {
  switch (letter) {
  case 'k':
  case 'K':
    return 1e3;
  case 'm': /* no miner shows thousandths; some write "m" for mega */
  case 'M':
    return 1e6;
  case 'G':
    return 1e9;
  case 'T':
    return 1e12;
  case 'P':
    return 1e15;
  case 'E':
    return 1e18;
  default:
    return 0.0;
  }
}

bool str_to_si(const char *text, double *out) {
  if (text == NULL)
    return false;
  while (is_space(*text))
    text++;
  size_t length = decimal_length(text);
  if (length == 0)
    return false;
  double value = strtod(text, NULL);
  const char *rest = text + length;
  while (is_space(*rest))
    rest++;
  if (*rest != '\0') {
    double factor = si_factor(*rest++);
    if (factor == 0.0)
      return false;
    value *= factor;
    while (is_space(*rest))
      rest++;
  }
  if (*rest != '\0' || !isfinite(value))
    return false;
  *out = value;
  return true;
}

/* Length (1..4) of the well-formed UTF-8 character at `bytes`, 0 when there is
 * none. The ranges of the second byte refuse overlong forms, surrogates and
 * what lies above U+10FFFF (RFC 3629, section 4). */
static size_t utf8_length(const unsigned char *bytes, size_t left) {
  unsigned char first = bytes[0];
  if (first < 0x80)
    return 1;
  if (first < 0xC2 || first > 0xF4)
    return 0;
  size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (left < length)
    return 0;
  unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (bytes[1] < low || bytes[1] > high)
    return 0;
  for (size_t i = 2; i < length; i++)
    if ((bytes[i] & 0xC0) != 0x80)
      return 0;
  return length;
}

bool str_is_utf8(const char *bytes, size_t length) {
  for (size_t at = 0; at < length;) {
    size_t step = utf8_length((const unsigned char *)bytes + at, length - at);
    if (step == 0)
      return false;
    at += step;
  }
  return true;
}

/* True for C0 controls, DEL and C1 controls (U+0080..U+009F). */
static bool is_control(const unsigned char *character, size_t length) {
  if (length == 1)
    return character[0] < 0x20 || character[0] == 0x7F;
  return length == 2 && character[0] == 0xC2 && character[1] < 0xA0;
}

void str_sanitize(char *target, size_t size, const char *bytes, size_t length) {
  static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
  assert(size > 0);
  size_t used = 0;
  for (size_t at = 0; at < length;) {
    const char *piece = bytes + at;
    size_t step = utf8_length((const unsigned char *)piece, length - at);
    size_t piece_length = step;
    if (step == 0) {
      piece = replacement;
      piece_length = sizeof replacement - 1;
      step = 1;
    } else if (is_control((const unsigned char *)piece, step)) {
      piece = " ";
      piece_length = 1;
    }
    if (used + piece_length >= size)
      break;
    memcpy(target + used, piece, piece_length);
    used += piece_length;
    at += step;
  }
  target[used] = '\0';
}

char *str_trim(char *text) {
  while (is_space(*text))
    text++;
  size_t length = strlen(text);
  while (length > 0 && is_space(text[length - 1]))
    length--;
  text[length] = '\0';
  return text;
}

bool str_equal_secret(const char *a, const char *b) {
  size_t length_a = strlen(a), length_b = strlen(b);
  volatile unsigned char difference = length_a != length_b;
  for (size_t i = 0; i < length_a; i++) {
    unsigned char other = length_b > 0 ? (unsigned char)b[i % length_b] : 0;
    difference = (unsigned char)(difference | ((unsigned char)a[i] ^ other));
  }
  return difference == 0;
}

int str_hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}
