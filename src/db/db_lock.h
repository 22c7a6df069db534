/* One read-write opener for one database file: an advisory lock (flock) on
 * "<file>.lock" with the holder's process number written in it. The kernel drops
 * it when the process dies, however it dies, so no stale lock is ever left to be
 * cleaned up by hand; the small file itself stays. */
#ifndef DB_DB_LOCK_H
#define DB_DB_LOCK_H

#include <stdbool.h>

#include "base/err.h"

/* Takes the lock for the database at `path` (which need not exist yet; a
 * symbolic link counts as what it points to). `fd` gets the descriptor to give
 * to db_lock_release. ERR_CONFLICT when another holds it, with its number in the
 * words; ERR_UNAVAILABLE when the folder is missing; ERR_IO when the system
 * refuses. */
bool db_lock_take(int *fd, const char *path, struct err *err);

void db_lock_release(int fd); /* -1 accepted */

#endif
