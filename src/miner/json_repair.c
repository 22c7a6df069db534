#include "miner/json_repair.h"

#include <string.h>
#include <strings.h>

/* Index behind the string that opens at `at`; more than `length` when it never closes. */
static size_t skip_string(const char *text, size_t length, size_t at) {
  for (at++; at < length && text[at] != '"'; at++) {
    if (text[at] == '\\')
      at++;
  }
  return at + 1;
}

static bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Length of the not-a-number that stands at the beginning of the text; 0 when none does. */
static size_t bare_length(const char *text, size_t length) {
  static const char *const words[] = {"infinity", "nan", "inf"};
  size_t sign = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    size_t size = sign + strlen(words[i]);
    if (length >= size && strncasecmp(text + sign, words[i], size - sign) == 0 &&
        (length == size || !is_word(text[size])))
      return size;
  }
  return 0;
}

bool json_repair_numbers(struct buf *out, const char *text, size_t length) {
  size_t copied = 0;
  bool repaired = false;
  for (size_t at = 0; at < length;) {
    if (text[at] == '"') {
      at = skip_string(text, length, at);
      continue;
    }
    size_t bare = at > 0 && is_word(text[at - 1]) ? 0 : bare_length(text + at, length - at);
    if (bare == 0) {
      at++;
      continue;
    }
    buf_append(out, text + copied, at - copied);
    buf_append_text(out, "null");
    at += bare;
    copied = at;
    repaired = true;
  }
  if (repaired)
    buf_append(out, text + copied, length - copied);
  return repaired;
}

bool json_repair_is_cut(const char *text, size_t length) {
  size_t open = 0;
  for (size_t at = 0; at < length;) {
    if (text[at] == '"') {
      at = skip_string(text, length, at);
      if (at > length)
        return true;
      continue;
    }
    if (text[at] == '{' || text[at] == '[')
      open++;
    else if ((text[at] == '}' || text[at] == ']') && open > 0)
      open--;
    at++;
  }
  return open > 0;
}
