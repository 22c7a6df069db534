#include "support/temp_dir.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"

void temp_dir_create(struct temp_dir *dir) {
  const char *parent = getenv("TMPDIR");
  int length = snprintf(dir->path, sizeof dir->path, "%s/bitaxe-monitor-test-XXXXXX",
                        parent != NULL && parent[0] != '\0' ? parent : "/tmp");
  if (length < 0 || (size_t)length >= sizeof dir->path || mkdtemp(dir->path) == NULL)
    mem_fatal("a test could not make its temporary folder");
}

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *where) {
  (void)facts;
  (void)kind;
  (void)where;
  return remove(path);
}

void temp_dir_destroy(struct temp_dir *dir) {
  nftw(dir->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

char *temp_dir_file(const struct temp_dir *dir, const char *name) {
  struct buf path;
  buf_init(&path);
  buf_printf(&path, "%s/%s", dir->path, name);
  return buf_take(&path, NULL);
}
