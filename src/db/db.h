/* One connection to an SQL database: SQLite or PostgreSQL.
 * SQL is written once in the subset that both speak, with $1 parameters.
 * A connection belongs to one thread at a time. Results are walked with a
 * cursor; one cursor at a time is open on a connection, and nothing else runs on
 * the connection until it is closed (asserted).
 *
 * Known differences are hidden here: parameter binding, types, transactions
 * (BEGIN IMMEDIATE on SQLite), and the classes of failure. */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct db;
struct db_cursor;
struct db_bulk;

enum db_mode { DB_READ_WRITE, DB_READ_ONLY };

/* A value that goes in ($1, $2, ...) or comes out. Text and bytes are borrowed:
 * in for the call, out until the next db_cursor_next. */
enum db_type { DB_NULL, DB_INT, DB_REAL, DB_TEXT, DB_BLOB };

struct db_value {
  enum db_type type;
  int64_t integer;
  double real;
  const char *bytes; /* NUL-terminated for DB_TEXT */
  size_t length;
};

static inline struct db_value db_null(void) {
  return (struct db_value){.type = DB_NULL};
}
static inline struct db_value db_int(int64_t v) {
  return (struct db_value){.type = DB_INT, .integer = v};
}
static inline struct db_value db_real(double v) {
  return (struct db_value){.type = DB_REAL, .real = v};
}
struct db_value db_text(const char *text); /* NULL gives DB_NULL */
struct db_value db_blob(const void *bytes, size_t length);

/* Opens "sqlite:/path/file.db" (or "sqlite::memory:"), or "postgresql://..."
 * where libpq was there to build with. A read-write SQLite connection
 * sets WAL, synchronous=FULL, foreign keys, and takes an exclusive lock file so
 * that a second monitor on the same file is refused (ERR_CONFLICT).
 * ERR_UNAVAILABLE when the database cannot be reached now, ERR_CORRUPT when the
 * file is no database. */
bool db_open(struct db **out, const char *url, enum db_mode mode, struct err *err);
void db_close(struct db *db); /* NULL accepted */

/* "sqlite" or "postgresql", for the few texts that must differ. */
const char *db_kind(const struct db *db);

/* How long one statement may take from here on, in milliseconds; 0, as after the open: as long as
 * it needs, half an hour at most. A server ends one that takes longer by itself (ERR_TIMEOUT);
 * where it does not even do that, its disk hanging, the connection is given up a third of the time
 * later (ERR_UNAVAILABLE). Outside of transactions. Nothing on SQLite, whose statements run in
 * here. */
bool db_allow(struct db *db, int64_t statement_ms, struct err *err);

/* True when no other connection can see this database (SQLite in memory). */
bool db_is_private(const struct db *db);

/* The file behind an SQLite address, borrowed from it; NULL for any other
 * database and for memory. */
const char *db_sqlite_path(const char *url);

/* Writes the whole database, as it is at this moment, to a new file at `path`,
 * while others go on writing to it; the copy holds no free pages. It appears
 * under its name only once it is complete and on the disk. Not inside a
 * transaction. ERR_CONFLICT when `path` exists; ERR_INVALID on PostgreSQL, whose
 * own tool for it is pg_dump. */
bool db_backup(struct db *db, const char *path, struct err *err);

/* Statements without result; several, separated by semicolons, when there are
 * no parameters. With parameters it is one, and `params` holds exactly the
 * values that it names (asserted). `changed` (may be NULL) gets the number of rows touched. */
bool db_exec(struct db *db, const char *sql, const struct db_value *params, size_t count,
             int64_t *changed, struct err *err);

/* Runs a query; walk it with db_cursor_next and always db_cursor_close it.
 * Statements are prepared once and kept (by the text's address and content). */
bool db_query(struct db *db, const char *sql, const struct db_value *params, size_t count,
              struct db_cursor **out, struct err *err);

enum db_step { DB_ROW, DB_DONE, DB_FAILED };
enum db_step db_cursor_next(struct db_cursor *cursor, struct err *err);
void db_cursor_close(struct db_cursor *cursor); /* NULL accepted */

/* Columns of the current row, from 0. A NULL column reads as 0, NaN, NULL. Read a
 * column as what it is: only numbers are converted into one another. */
int db_cursor_columns(const struct db_cursor *cursor);
enum db_type db_cursor_type(const struct db_cursor *cursor, int column);
int64_t db_cursor_int(const struct db_cursor *cursor, int column);
double db_cursor_real(const struct db_cursor *cursor, int column);
const char *db_cursor_text(const struct db_cursor *cursor, int column);
const void *db_cursor_blob(const struct db_cursor *cursor, int column, size_t *length);
struct db_value db_cursor_value(const struct db_cursor *cursor, int column); /* of any type */

/* Appends many rows to a table the fastest way there is: COPY on PostgreSQL, one
 * prepared statement on SQLite. `columns` is "a, b, c", `width` how many these are,
 * and each row's `values` (borrowed for the call) are theirs in that order. Nothing
 * else runs on the connection until the close (asserted), which always follows an
 * open that went well. A row may be refused as late as in the close; after an add
 * that failed the close fails too and leaves `err` alone. All rows or none inside
 * a transaction. */
bool db_bulk_open(struct db *db, const char *table, const char *columns, int width,
                  struct db_bulk **out, struct err *err);
bool db_bulk_add(struct db_bulk *bulk, const struct db_value *values, struct err *err);
bool db_bulk_close(struct db_bulk *bulk, struct err *err);

/* Transactions do not nest (asserted). A reader's transaction sees the database as it
 * was at one moment. Once a statement inside one has failed,
 * every further statement and the commit fail too, on either database. A commit
 * that fails leaves no transaction and nothing of it behind. Rollback never
 * fails, and does nothing when there is no transaction. */
bool db_begin(struct db *db, struct err *err);
bool db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);

#endif
