/* Opening the store: connection plus schema. Repositories in this folder are
 * plain synchronous functions over `struct db`; they run on database threads,
 * inside the transaction that the caller opened where they write. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>

#include "base/err.h"
#include "db/db.h"

/* Brings the schema up to date with the migrations that are built in (sql/ at
 * build time), each in its own transaction, recorded in `schema_migration`. A
 * database from a newer program is refused (ERR_CONFLICT) and left alone. */
bool store_migrate(struct db *db, struct err *err);

/* Opens for writing, which takes the lock of an SQLite file, and migrates. Errors
 * are those of db_open and store_migrate; nothing stays open then
 * and `out` is NULL after a failed migration. */
bool store_open(struct db **out, const char *url, struct err *err);

/* The newest migration this program knows. */
int store_schema_version(void);

#endif
