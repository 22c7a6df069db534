/* A `.env` file: NAME=value lines, `#` comments, optional `export`, single or
 * double quotes. No expansion. Real environment variables win over it. */
#ifndef APP_DOTENV_H
#define APP_DOTENV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

struct dotenv_entry {
  const char *name, *value;
  struct dotenv_entry *next;
};

struct dotenv {
  struct arena arena;
  struct dotenv_entry *first; /* the last line of a name stands first */
};

/* Parses `text`. ERR_INVALID names the line. Initialises `dotenv` in any case. */
bool dotenv_parse(struct dotenv *dotenv, const char *text, struct err *err);

/* Reads the file; a missing one is an empty one. */
bool dotenv_load(struct dotenv *dotenv, const char *path, struct err *err);
void dotenv_finish(struct dotenv *dotenv);

/* The environment's value, else the file's, else NULL. Empty counts as absent. */
const char *dotenv_get(const struct dotenv *dotenv, const char *name);

#endif
