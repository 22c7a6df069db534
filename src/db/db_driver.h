/* What a database must be able to do to stand behind db.h: one const table of
 * functions. db.c is the only caller and keeps the rules that are the same for
 * all (one cursor, transactions that do not nest and do not outlive a failure),
 * so a driver only translates. `connection` is the driver's own object; it
 * belongs to one thread at a time. */
#ifndef DB_DB_DRIVER_H
#define DB_DB_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"

enum { DB_PARAMS_MAX = 128 }; /* values of one statement */

struct db_driver {
  const char *name; /* db_kind */

  /* `url` begins with a scheme that the registry gives to this driver. On
   * failure nothing is left open. */
  bool (*open)(void **connection, const char *url, enum db_mode mode, struct err *err);
  void (*close)(void *connection);

  /* db_allow. NULL: statements take what they take. */
  bool (*allow)(void *connection, int64_t statement_ms, struct err *err);

  /* True when no other connection can see the data. */
  bool (*is_private)(const void *connection);

  /* One or more statements without parameters; not kept. `changed` gets the sum
   * of the rows touched. */
  bool (*run_script)(void *connection, const char *sql, int64_t *changed, struct err *err);

  /* One statement with parameters, prepared once and kept. Values are borrowed
   * for the call. */
  bool (*run)(void *connection, const char *sql, const struct db_value *params, size_t count,
              int64_t *changed, struct err *err);

  /* Starts the connection's one cursor: binds and prepares; rows come with
   * cursor_next. Values are borrowed for the call. After a failure of either
   * the cursor is still closed by cursor_close, which never fails. */
  bool (*cursor_open)(void *connection, const char *sql, const struct db_value *params,
                      size_t count, struct err *err);
  enum db_step (*cursor_next)(void *connection, struct err *err);
  void (*cursor_close)(void *connection);

  /* The current row; what is borrowed lives until the next cursor_next. */
  int (*columns)(const void *connection);
  enum db_type (*type)(const void *connection, int column);
  int64_t (*integer)(const void *connection, int column);
  double (*real)(const void *connection, int column); /* never asked for a NULL */
  const char *(*text)(const void *connection, int column);
  const void *(*blob)(const void *connection, int column, size_t *length);

  /* Rows in bulk, db_bulk_* of db.h. After a failed add, `ok` of the end is false: the
   * rows are given up, and it returns false without touching `err`. All NULL: db.c
   * sends an INSERT for each row through `run`. */
  bool (*bulk_begin)(void *connection, const char *table, const char *columns, struct err *err);
  bool (*bulk_add)(void *connection, const struct db_value *values, int width, struct err *err);
  bool (*bulk_end)(void *connection, bool ok, struct err *err);

  /* A commit that fails may leave its transaction open: rollback follows. */
  bool (*begin)(void *connection, struct err *err);
  bool (*commit)(void *connection, struct err *err);
  void (*rollback)(void *connection);

  /* Copies all that is committed into the empty file at `path` and syncs it.
   * NULL: not supported. */
  bool (*backup)(void *connection, const char *path, struct err *err);
};

extern const struct db_driver db_sqlite_driver;
extern const struct db_driver db_postgresql_driver; /* where libpq was there to build with */

#endif
