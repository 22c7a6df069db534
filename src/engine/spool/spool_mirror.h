/* What a monitor must know to start while PostgreSQL is away: its small tables, read from there
 * into memory on one thread and written to the spool file on another. */
#ifndef ENGINE_SPOOL_SPOOL_MIRROR_H
#define ENGINE_SPOOL_SPOOL_MIRROR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"

struct spool_mirror;

/* Asks the spool file which columns there are. Never NULL on success. */
bool spool_mirror_create(struct spool_mirror **out, struct db *file, struct err *err);
void spool_mirror_destroy(struct spool_mirror *mirror); /* NULL accepted */

/* Reads all tables, in place of what was read before. */
bool spool_mirror_read(struct spool_mirror *mirror, struct db *from, struct err *err);

/* Replaces the copy with what was read, in the caller's transaction; does nothing when it is what
 * was written last. */
bool spool_mirror_write(struct spool_mirror *mirror, struct db *file, struct err *err);

/* Whether a copy was ever written to the file. */
bool spool_mirror_is_there(struct db *file, bool *there, struct err *err);

/* The copy was changed by others, or its transaction undone: the next write writes. */
void spool_mirror_forget(struct spool_mirror *mirror);

#endif
