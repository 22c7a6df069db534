/* The texts for people, by key and language: texts/en.json and its translations,
 * built in as sorted tables by tools/texts.py. Constant data, no state. */
#ifndef MODEL_TEXT_H
#define MODEL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct text_entry {
  const char *key, *text;
};

struct text_language {
  const char *code; /* "en", "de": a row with NULL ends the table */
  const struct text_entry *entries;
  size_t count;
};

/* English is the first. */
extern const struct text_language text_languages[];

bool text_has_language(const char *code);

/* The text of a key, in English when the language is unknown (or NULL) or has no
 * such text. A key that English does not have gives itself, so that nothing is
 * ever NULL. Asserts that the key is not NULL. */
const char *text_get(const char *language, const char *key);

/* False when English does not have the key. */
bool text_has(const char *key);

/* What stands for a placeholder: {"name", "Garage"} for {name}. */
struct text_value {
  const char *name, *value;
};

/* Appends the text with its placeholders filled in; one that is not given, or is
 * NULL, stays empty. Values are not looked into: braces in them are kept. */
void text_write(struct buf *out, const char *language, const char *key,
                const struct text_value *values, size_t count);

#endif
