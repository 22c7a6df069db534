#include "miner/fixture_file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

char *fixture_file_read(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    return NULL;
  struct buf buf;
  buf_init(&buf);
  char part[4096];
  size_t got;
  while ((got = fread(part, 1, sizeof part, file)) > 0)
    buf_append(&buf, part, got);
  fclose(file);
  return buf_take(&buf, length);
}

static bool ends_with(const char *text, const char *ending) {
  size_t length = strlen(text), size = strlen(ending);
  return length >= size && strcmp(text + length - size, ending) == 0;
}

int fixture_file_walk(const char *folder, const char *ending,
                      void (*visit)(const char *path, void *arg), void *arg) {
  struct dirent **entries;
  int count = scandir(folder, &entries, NULL, alphasort), visited = 0;
  for (int i = 0; i < count; i++) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
    if (ends_with(entries[i]->d_name, ending)) {
      visit(path, arg);
      visited++;
    }
    free(entries[i]);
  }
  if (count < 0)
    return -1;
  free(entries);
  return visited;
}
