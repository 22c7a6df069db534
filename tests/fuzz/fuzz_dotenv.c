/* A `.env` file as a person wrote it, or as an editor left it. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/dotenv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct dotenv dotenv;
  struct err err = {0};
  char *text = malloc(size + 1);
  if (size > 0)
    memcpy(text, data, size);
  text[size] = '\0';
  if (!dotenv_parse(&dotenv, text, &err))
    assert(err.code == ERR_INVALID && err.text[0] != '\0');
  for (const struct dotenv_entry *entry = dotenv.first; entry != NULL; entry = entry->next)
    assert(entry->name[0] != '\0' && strpbrk(entry->name, "= \t\n") == NULL &&
           entry->value != NULL);
  dotenv_finish(&dotenv);
  free(text);
  return 0;
}
