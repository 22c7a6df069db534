/* The parts of `chunk` and `hour` on PostgreSQL (sql/0010): a part is made in the
 * transaction that first needs it, so that nothing has to be done ahead of time and no
 * clock can run past the end. On SQLite, whose tables are whole, these do nothing. */
#ifndef STORE_SERVER_PARTITION_H
#define STORE_SERVER_PARTITION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"

/* Before a row of that time is inserted; any other table has no parts. */
bool partition_make(struct db *db, const char *table, int64_t at_ms, struct err *err);

/* All parts that the rows of `from` need in `to`. */
bool partition_make_all(struct db *from, struct db *to, const char *table, struct err *err);

/* Drops at most one month of chunks that is wholly before `before_ms`; `dropped` gets
 * whether it did. Does not wait for somebody who reads it: then another time. */
bool partition_drop(struct db *db, int64_t before_ms, bool *dropped, struct err *err);

#endif
