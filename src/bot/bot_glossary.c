#include "bot/bot_glossary.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "model/text.h"

#define PREFIX "glossary."
#define MEANING ".meaning"

enum { KEY_MAX = 96, WORD_MAX = 64 };

/* Lower case without spaces and signs: "Wi-Fi signal" and "wifi_signal" are one. */
static void simplify(const char *text, char *target, size_t size) {
  size_t length = 0;
  for (; *text != '\0' && length + 1 < size; text++) {
    if (*text >= 'A' && *text <= 'Z')
      target[length++] = (char)(*text - 'A' + 'a');
    else if ((*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9') ||
             (unsigned char)*text >= 0x80)
      target[length++] = *text;
  }
  target[length] = '\0';
}

/* The key of the next word after `entry` in English, which has all; NULL ends. */
static const struct text_entry *next_word(const struct text_entry *entry) {
  const struct text_language *english = &text_languages[0];
  const struct text_entry *end = english->entries + english->count;
  for (entry = entry == NULL ? english->entries : entry + 1; entry < end; entry++) {
    if (str_starts_with(entry->key, PREFIX) && strchr(entry->key + strlen(PREFIX), '.') == NULL)
      return entry;
  }
  return NULL;
}

/* How well the key fits: 3 it is the word, 2 it begins so, 1 it holds it. */
static int fit(const char *language, const struct text_entry *entry, const char *wanted) {
  char words[2][WORD_MAX];
  int best = 0;
  simplify(text_get(language, entry->key), words[0], sizeof words[0]);
  simplify(entry->key + strlen(PREFIX), words[1], sizeof words[1]);
  for (int i = 0; i < 2; i++) {
    const char *at = strstr(words[i], wanted);
    int value = at == NULL ? 0 : strcmp(words[i], wanted) == 0 ? 3 : at == words[i] ? 2 : 1;
    best = value > best ? value : best;
  }
  return best;
}

bool bot_glossary_explain(const char *language, const char *word, struct buf *out) {
  char wanted[WORD_MAX], key[KEY_MAX];
  const struct text_entry *found = NULL;
  int best = 0;
  simplify(word, wanted, sizeof wanted);
  if (strlen(wanted) < 2)
    return false;
  for (const struct text_entry *entry = next_word(NULL); entry != NULL; entry = next_word(entry)) {
    int value = fit(language, entry, wanted);
    if (value > best)
      found = entry;
    best = value > best ? value : best;
  }
  if (found == NULL)
    return false;
  snprintf(key, sizeof key, "%s" MEANING, found->key);
  buf_printf(out, "%s: %s\n", text_get(language, found->key), text_get(language, key));
  return true;
}

void bot_glossary_list(const char *language, struct buf *out) {
  const char *separator = "";
  for (const struct text_entry *entry = next_word(NULL); entry != NULL; entry = next_word(entry)) {
    buf_printf(out, "%s%s", separator, text_get(language, entry->key));
    separator = ", ";
  }
}
