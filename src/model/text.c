#include "model/text.h"

#include <assert.h>
#include <string.h>

#include "base/str.h"

static const struct text_language *find_language(const char *code) {
  for (const struct text_language *language = text_languages; language->code != NULL; language++) {
    if (str_equal(language->code, code))
      return language;
  }
  return NULL;
}

static const char *find_text(const struct text_language *language, const char *key) {
  size_t low = 0, high = language->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp(language->entries[middle].key, key);
    if (order == 0)
      return language->entries[middle].text;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return NULL;
}

bool text_has_language(const char *code) {
  return find_language(code) != NULL;
}

bool text_has(const char *key) {
  assert(key != NULL);
  return find_text(&text_languages[0], key) != NULL;
}

const char *text_get(const char *language, const char *key) {
  assert(key != NULL);
  const struct text_language *wanted = find_language(language);
  const char *text = wanted != NULL ? find_text(wanted, key) : NULL;
  if (text == NULL)
    text = find_text(&text_languages[0], key);
  return text != NULL ? text : key;
}

static const char *find_value(const struct text_value *values, size_t count, const char *name,
                              size_t length) {
  for (size_t i = 0; i < count; i++) {
    if (strlen(values[i].name) == length && memcmp(values[i].name, name, length) == 0)
      return values[i].value;
  }
  return NULL;
}

void text_write(struct buf *out, const char *language, const char *key,
                const struct text_value *values, size_t count) {
  const char *text = text_get(language, key);
  while (*text != '\0') {
    size_t plain = strcspn(text, "{");
    buf_append(out, text, plain);
    text += plain;
    size_t length = strcspn(text, "}");
    if (text[length] == '\0') { /* the end, or a brace that nothing closes */
      buf_append_text(out, text);
      return;
    }
    const char *value = find_value(values, count, text + 1, length - 1);
    buf_append_text(out, value != NULL ? value : "");
    text += length + 1;
  }
}
