/* Everything from one database into another of the same layout, of whatever kind
 * each is: table by table in batches, every number kept, and both sides compared
 * afterwards. What a table and its columns are is asked of a database in memory
 * with the layout of this program, so that a new table needs no line here.
 *
 * Both databases are open for writing, migrated (store_migrate), and nobody else
 * writes to them meanwhile. */
#ifndef STORE_TRANSFER_H
#define STORE_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"

/* After each table that has arrived and was found the same. */
typedef void (*transfer_progress)(const char *table, int64_t rows, void *arg);

/* Copies all rows. ERR_CONFLICT, before anything is written, when `to` holds any
 * row; ERR_CORRUPT when what arrived is not what was sent. After a failure what
 * had arrived is removed again. */
bool transfer_all(struct db *from, struct db *to, transfer_progress progress, void *arg,
                  struct err *err);

#endif
