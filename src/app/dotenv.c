#include "app/dotenv.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

enum { DOTENV_SIZE_MAX = 64 * 1024 };

static bool is_name(const char *text) {
  if (!isalpha((unsigned char)text[0]) && text[0] != '_')
    return false;
  for (; *text != '\0'; text++) {
    if (!isalnum((unsigned char)*text) && *text != '_')
      return false;
  }
  return true;
}

/* Removes the quotes, or an unquoted value's comment. False on an open quote. */
static bool unquote(char *value, char **out) {
  char quote = value[0];
  if (quote == '"' || quote == '\'') {
    char *end = strchr(value + 1, quote);
    if (end == NULL)
      return false;
    *end = '\0';
    *out = value + 1;
    return true;
  }
  char *comment = strstr(value, " #");
  if (comment != NULL)
    *comment = '\0';
  *out = str_trim(value);
  return true;
}

static bool parse_line(struct dotenv *dotenv, char *line, int number, struct err *err) {
  line = str_trim(line);
  if (line[0] == '\0' || line[0] == '#')
    return true;
  if (str_starts_with(line, "export "))
    line = str_trim(line + strlen("export "));
  char *equals = strchr(line, '=');
  if (equals == NULL)
    return err_set(err, ERR_INVALID, "line %d has no '=': write NAME=value", number);
  *equals = '\0';
  char *name = str_trim(line);
  char *value;
  if (!is_name(name))
    return err_set(err, ERR_INVALID, "line %d: '%s' is no name of a variable", number, name);
  if (!unquote(str_trim(equals + 1), &value))
    return err_set(err, ERR_INVALID, "line %d: the quote is not closed", number);
  struct dotenv_entry *entry = arena_alloc(&dotenv->arena, sizeof *entry);
  *entry = (struct dotenv_entry){.name = name, .value = value, .next = dotenv->first};
  dotenv->first = entry;
  return true;
}

bool dotenv_parse(struct dotenv *dotenv, const char *text, struct err *err) {
  arena_init(&dotenv->arena, 0);
  dotenv->first = NULL;
  if (str_starts_with(text, "\xef\xbb\xbf"))
    text += 3; /* a byte order mark of a Windows editor */
  char *rest = arena_strdup(&dotenv->arena, text);
  for (int number = 1; rest != NULL; number++) {
    char *line = strsep(&rest, "\n");
    if (!parse_line(dotenv, line, number, err))
      return false;
  }
  return true;
}

bool dotenv_load(struct dotenv *dotenv, const char *path, struct err *err) {
  FILE *file = fopen(path, "re");
  if (file == NULL) {
    bool missing = errno == ENOENT;
    int problem = errno;
    dotenv_parse(dotenv, "", err);
    return missing || err_set(err, ERR_IO, "%s cannot be read: %s", path, strerror(problem));
  }
  struct buf text;
  buf_init(&text);
  char piece[4096];
  size_t count;
  while ((count = fread(piece, 1, sizeof piece, file)) > 0 && text.length < DOTENV_SIZE_MAX)
    buf_append(&text, piece, count);
  fclose(file);
  bool ok = dotenv_parse(dotenv, text.length > 0 ? text.data : "", err);
  buf_finish(&text);
  return ok || err_add(err, "%s", path);
}

void dotenv_finish(struct dotenv *dotenv) {
  arena_finish(&dotenv->arena);
  dotenv->first = NULL;
}

const char *dotenv_get(const struct dotenv *dotenv, const char *name) {
  const char *value = getenv(name);
  for (const struct dotenv_entry *e = dotenv->first; value == NULL && e != NULL; e = e->next) {
    if (strcmp(e->name, name) == 0)
      value = e->value;
  }
  return value != NULL && value[0] != '\0' ? value : NULL;
}
