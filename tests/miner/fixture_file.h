/* Reading the fixtures, which lie beside the tests. Tests run with the source
 * folder as their working directory. */
#ifndef TESTS_MINER_FIXTURE_FILE_H
#define TESTS_MINER_FIXTURE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#define FIXTURE_FOLDER "tests/fixtures/axeos"

/* The whole file; free with free(). NULL when it cannot be read. */
char *fixture_file_read(const char *path, size_t *length);

/* Calls `visit` with every file of the folder whose name ends so, in order of
 * names. Returns how many; -1 when there is no such folder. */
int fixture_file_walk(const char *folder, const char *ending,
                      void (*visit)(const char *path, void *arg), void *arg);

#endif
