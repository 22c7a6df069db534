/* A folder of its own for a test, gone afterwards with all that is in it. */
#ifndef SUPPORT_TEMP_DIR_H
#define SUPPORT_TEMP_DIR_H

enum { TEMP_DIR_MAX = 128 };

struct temp_dir {
  char path[TEMP_DIR_MAX];
};

/* Makes it under $TMPDIR; a failure ends the test program with a message. */
void temp_dir_create(struct temp_dir *dir);

/* Removes it and everything inside. */
void temp_dir_destroy(struct temp_dir *dir);

/* "<path>/<name>" as heap text; free with free(). Makes no file. */
char *temp_dir_file(const struct temp_dir *dir, const char *name);

#endif
