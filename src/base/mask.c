#include "base/mask.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/str.h"

enum { SECRET_MIN = 20, NUMBER_MIN = 7, OCTETS = 4, PAIRS = 6, PAIRS_KEPT = 3, IP6_GROUPS = 8 };

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

/* The length of an IPv4 address that begins here; 0: none does. `first`: of its first number. */
static size_t ip_length(const char *text, size_t *first) {
  size_t at = 0;
  for (int octet = 0; octet < OCTETS; octet++) {
    size_t digits = 0;
    if (octet > 0 && text[at++] != '.')
      return 0;
    while (is_digit(text[at]) && digits < 4) {
      at++;
      digits++;
    }
    if (digits == 0 || digits > 3)
      return 0;
    if (octet == 0)
      *first = digits;
  }
  return is_word(text[at]) ? 0 : at;
}

/* The length of an IPv6 address that begins here, which is not the host's own "::1"; 0: none
 * does. Eight groups, or fewer with one "::" between them; a time and a MAC have neither. */
static size_t ip6_length(const char *text, size_t *first) {
  size_t at = 0;
  int groups = 0, gaps = 0;
  for (;;) {
    size_t digits = 0;
    while (digits < 5 && str_hex_value(text[at]) >= 0) {
      at++;
      digits++;
    }
    if (digits > 4 || (digits == 0 && gaps == 0))
      return 0;
    groups += digits > 0;
    *first = groups == 1 && digits > 0 ? at : *first;
    if (text[at] != ':' || digits == 0)
      break;
    bool is_gap = text[at + 1] == ':';
    if (!is_gap && str_hex_value(text[at + 1]) < 0)
      break; /* the colon of a sentence */
    gaps += is_gap;
    at += is_gap ? 2 : 1;
  }
  bool whole = gaps == 0 ? groups == IP6_GROUPS : gaps == 1 && groups < IP6_GROUPS;
  return whole && !is_word(text[at]) ? at : 0;
}

/* With colons or with dashes. */
static size_t mac_length(const char *text) {
  size_t at = 0;
  for (int pair = 0; pair < PAIRS; pair++) {
    if (pair > 0 && ((text[at] != ':' && text[at] != '-') || text[at++] != text[2]))
      return 0;
    for (int i = 0; i < 2; i++) {
      if (str_hex_value(text[at]) < 0)
        return 0;
      at++;
    }
  }
  return is_word(text[at]) ? 0 : at;
}

/* Up to the @ of "me:secret@host", and of a mail address; 0: there is none. */
static size_t login_length(const char *text) {
  size_t length = strcspn(text, "@/ \t\n\"'");
  return text[length] == '@' ? length : 0;
}

static size_t word_length(const char *text, bool *secret) {
  size_t length = 0, digits = 0;
  for (; is_word(text[length]); length++)
    digits += is_digit(text[length]);
  *secret = (length >= SECRET_MIN && digits > 0) ||
            (digits >= NUMBER_MIN && digits + (text[0] == '-') == length);
  return length;
}

/* A word, or an address that begins with one. Returns how much was read. */
static size_t append_word(struct buf *out, const char *text) {
  size_t first = 0, length = login_length(text);
  bool secret;
  if (length > 0) {
    buf_append_text(out, "(hidden)");
    return length;
  }
  length = ip_length(text, &first);
  if (length > 0) {
    buf_append(out, text, first);
    buf_append_text(out, ".x.x.x");
    return length;
  }
  length = ip6_length(text, &first);
  if (length > 0) {
    buf_append(out, text, first);
    buf_append_text(out, ":x");
    return length;
  }
  length = mac_length(text);
  if (length > 0) {
    buf_append(out, text, PAIRS_KEPT * 3);
    buf_printf(out, "x%cx%cx", text[2], text[2]);
    return length;
  }
  length = word_length(text, &secret);
  if (secret)
    buf_append_text(out, "(hidden)");
  else
    buf_append(out, text, length);
  return length;
}

void mask_append(struct buf *out, const char *text) {
  while (*text != '\0') {
    if (is_word(*text))
      text += append_word(out, text);
    else
      buf_append_char(out, *text++);
  }
}
