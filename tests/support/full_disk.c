/* To be preloaded (LD_PRELOAD): every file system is as large and as full as the file
 * $FULL_DISK says, "FREE_BYTES TOTAL_BYTES". A test that wants a full disk needs neither
 * rights nor gigabytes. Without the file nobody can say. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/vfs.h>

static int read_figures(struct statfs *out) {
  const char *path = getenv("FULL_DISK");
  FILE *file = path == NULL ? NULL : fopen(path, "re");
  unsigned long long free_bytes, total_bytes;
  int count = file == NULL ? 0 : fscanf(file, "%llu %llu", &free_bytes, &total_bytes);
  if (file != NULL)
    fclose(file);
  if (count != 2) {
    errno = EIO;
    return -1;
  }
  *out = (struct statfs){.f_bsize = 1,
                         .f_blocks = (fsblkcnt_t)total_bytes,
                         .f_bfree = (fsblkcnt_t)free_bytes,
                         .f_bavail = (fsblkcnt_t)free_bytes};
  return 0;
}

/* With 64 bits for file sizes (_FILE_OFFSET_BITS) its symbol is that of statfs64, which
 * is the one that libuv asks. */
int statfs(const char *path, struct statfs *out) {
  (void)path;
  return read_figures(out);
}
