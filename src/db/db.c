#include "db/db.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "db/db_driver.h"

struct db_cursor {
  struct db *db;
  bool open;
  bool on_row;
};

struct db_bulk {
  struct db *db;
  bool open;
  bool failed;       /* a row was refused */
  int width;         /* columns of a row */
  struct buf insert; /* for a driver that takes row after row */
};

struct db {
  const struct db_driver *driver;
  void *connection;
  struct db_cursor cursor; /* the one; handed out by address */
  struct db_bulk bulk;     /* likewise */
  bool in_transaction;
  bool transaction_failed;
};

#ifdef DB_WITH_POSTGRESQL
#define POSTGRESQL &db_postgresql_driver
#else
#define POSTGRESQL NULL
#endif

/* Which driver speaks for an address. NULL: known, but not built in. */
struct scheme {
  const char *prefix;
  const struct db_driver *driver;
};

static const struct scheme schemes[] = {
    {"sqlite:", &db_sqlite_driver},
    {"postgresql:", POSTGRESQL},
    {"postgresql+", POSTGRESQL}, /* SQLAlchemy's form: postgresql+psycopg2:// */
    {"postgres:", POSTGRESQL},
};

struct db_value db_text(const char *text) {
  if (text == NULL)
    return db_null();
  return (struct db_value){.type = DB_TEXT, .bytes = text, .length = strlen(text)};
}

struct db_value db_blob(const void *bytes, size_t length) {
  return (struct db_value){.type = DB_BLOB, .bytes = bytes, .length = length};
}

/* An address may hold a password: no error repeats it. */
static const struct db_driver *find_driver(const char *url, struct err *err) {
  for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
    if (!str_starts_with(url, schemes[i].prefix))
      continue;
    if (schemes[i].driver == NULL)
      err_set(err, ERR_INVALID,
              "this program was built without PostgreSQL: leave DATABASE_URL empty to keep the "
              "data in a file, or build it again with libpq-dev installed");
    return schemes[i].driver;
  }
  err_set(err, ERR_INVALID,
          "this is not an address of a database: write sqlite:/path/to/monitor.db");
  return NULL;
}

const char *db_sqlite_path(const char *url) {
  if (!str_starts_with(url, "sqlite:"))
    return NULL;
  const char *path = url + strlen("sqlite:");
  if (str_equal(path, ":memory:") || path[0] == '\0')
    return NULL;
  return str_starts_with(path, "///") ? path + 2 : path;
}

bool db_open(struct db **out, const char *url, enum db_mode mode, struct err *err) {
  const struct db_driver *driver = find_driver(url, err);
  if (driver == NULL)
    return false;
  void *connection = NULL;
  if (!driver->open(&connection, url, mode, err))
    return false;
  struct db *db = mem_alloc(sizeof *db);
  db->driver = driver;
  db->connection = connection;
  db->cursor.db = db;
  db->bulk.db = db;
  *out = db;
  return true;
}

void db_close(struct db *db) {
  if (db == NULL)
    return;
  assert(!db->bulk.open);
  db_cursor_close(&db->cursor);
  db_rollback(db);
  db->driver->close(db->connection);
  free(db);
}

const char *db_kind(const struct db *db) {
  return db->driver->name;
}

bool db_allow(struct db *db, int64_t statement_ms, struct err *err) {
  assert(!db->in_transaction && !db->cursor.open && !db->bulk.open);
  return db->driver->allow == NULL || db->driver->allow(db->connection, statement_ms, err);
}

bool db_is_private(const struct db *db) {
  return db->driver->is_private(db->connection);
}

/* PostgreSQL refuses everything after a failure until the rollback; SQLite goes
 * on, or worse, has rolled back by itself and would write the rest outside any
 * transaction. The stricter rule holds for both. */
static bool may_run(const struct db *db, struct err *err) {
  assert(!db->cursor.open && !db->bulk.open);
  if (db->in_transaction && db->transaction_failed)
    return err_set(err, ERR_CONFLICT,
                   "an earlier step of this change had failed, so nothing of it is kept");
  return true;
}

static bool note_failure(struct db *db) {
  db->transaction_failed = true;
  return false;
}

bool db_exec(struct db *db, const char *sql, const struct db_value *params, size_t count,
             int64_t *changed, struct err *err) {
  assert(count <= DB_PARAMS_MAX);
  int64_t ignored = 0;
  int64_t *touched = changed != NULL ? changed : &ignored;
  if (!may_run(db, err))
    return false;
  bool ok = count > 0 ? db->driver->run(db->connection, sql, params, count, touched, err)
                      : db->driver->run_script(db->connection, sql, touched, err);
  return ok || note_failure(db);
}

bool db_query(struct db *db, const char *sql, const struct db_value *params, size_t count,
              struct db_cursor **out, struct err *err) {
  assert(count <= DB_PARAMS_MAX);
  if (!may_run(db, err))
    return false;
  if (!db->driver->cursor_open(db->connection, sql, params, count, err)) {
    db->driver->cursor_close(db->connection);
    return note_failure(db);
  }
  db->cursor.open = true;
  db->cursor.on_row = false;
  *out = &db->cursor;
  return true;
}

enum db_step db_cursor_next(struct db_cursor *cursor, struct err *err) {
  assert(cursor->open);
  struct db *db = cursor->db;
  enum db_step step = db->driver->cursor_next(db->connection, err);
  cursor->on_row = step == DB_ROW;
  if (step == DB_FAILED)
    note_failure(db);
  return step;
}

void db_cursor_close(struct db_cursor *cursor) {
  if (cursor == NULL || !cursor->open)
    return;
  cursor->db->driver->cursor_close(cursor->db->connection);
  cursor->open = false;
  cursor->on_row = false;
}

static void *row_of(const struct db_cursor *cursor, int column) {
  assert(cursor->on_row);
  assert(column >= 0 && column < db_cursor_columns(cursor));
  return cursor->db->connection;
}

int db_cursor_columns(const struct db_cursor *cursor) {
  assert(cursor->open);
  return cursor->db->driver->columns(cursor->db->connection);
}

enum db_type db_cursor_type(const struct db_cursor *cursor, int column) {
  void *row = row_of(cursor, column);
  return cursor->db->driver->type(row, column);
}

int64_t db_cursor_int(const struct db_cursor *cursor, int column) {
  void *row = row_of(cursor, column);
  return cursor->db->driver->integer(row, column);
}

double db_cursor_real(const struct db_cursor *cursor, int column) {
  void *row = row_of(cursor, column);
  if (cursor->db->driver->type(row, column) == DB_NULL)
    return NAN;
  return cursor->db->driver->real(row, column);
}

const char *db_cursor_text(const struct db_cursor *cursor, int column) {
  void *row = row_of(cursor, column);
  return cursor->db->driver->text(row, column);
}

const void *db_cursor_blob(const struct db_cursor *cursor, int column, size_t *length) {
  void *row = row_of(cursor, column);
  return cursor->db->driver->blob(row, column, length);
}

struct db_value db_cursor_value(const struct db_cursor *cursor, int column) {
  struct db_value value = {.type = db_cursor_type(cursor, column)};
  switch (value.type) {
  case DB_NULL:
    break;
  case DB_INT:
    value.integer = db_cursor_int(cursor, column);
    break;
  case DB_REAL:
    value.real = db_cursor_real(cursor, column);
    break;
  case DB_TEXT:
    return db_text(db_cursor_text(cursor, column));
  case DB_BLOB:
    value.bytes = db_cursor_blob(cursor, column, &value.length);
    break;
  }
  return value;
}

/* ---- rows in bulk ---- */

static void write_insert(struct buf *sql, const char *table, const char *columns, int width) {
  buf_init(sql);
  buf_printf(sql, "INSERT INTO %s (%s) VALUES ($1", table, columns);
  for (int i = 2; i <= width; i++)
    buf_printf(sql, ", $%d", i);
  buf_append_char(sql, ')');
}

bool db_bulk_open(struct db *db, const char *table, const char *columns, int width,
                  struct db_bulk **out, struct err *err) {
  assert(width > 0 && width <= DB_PARAMS_MAX);
  if (!may_run(db, err))
    return false;
  if (db->driver->bulk_begin == NULL)
    write_insert(&db->bulk.insert, table, columns, width);
  else if (!db->driver->bulk_begin(db->connection, table, columns, err))
    return note_failure(db);
  db->bulk.open = true;
  db->bulk.failed = false;
  db->bulk.width = width;
  *out = &db->bulk;
  return true;
}

bool db_bulk_add(struct db_bulk *bulk, const struct db_value *values, struct err *err) {
  assert(bulk->open && !bulk->failed);
  struct db *db = bulk->db;
  int64_t ignored = 0;
  bulk->failed = db->driver->bulk_add != NULL
                     ? !db->driver->bulk_add(db->connection, values, bulk->width, err)
                     : !db->driver->run(db->connection, bulk->insert.data, values,
                                        (size_t)bulk->width, &ignored, err);
  return !bulk->failed;
}

bool db_bulk_close(struct db_bulk *bulk, struct err *err) {
  assert(bulk->open);
  struct db *db = bulk->db;
  bool ok = !bulk->failed;
  if (db->driver->bulk_end != NULL)
    ok = db->driver->bulk_end(db->connection, ok, err);
  else
    buf_finish(&bulk->insert);
  bulk->open = false;
  return ok || note_failure(db);
}

/* ---- transactions and copies ---- */

bool db_begin(struct db *db, struct err *err) {
  assert(!db->in_transaction && !db->cursor.open && !db->bulk.open);
  if (!db->driver->begin(db->connection, err))
    return false;
  db->in_transaction = true;
  db->transaction_failed = false;
  return true;
}

bool db_commit(struct db *db, struct err *err) {
  assert(db->in_transaction);
  bool ok = may_run(db, err) && db->driver->commit(db->connection, err);
  if (!ok)
    db->driver->rollback(db->connection);
  db->in_transaction = false;
  return ok;
}

void db_rollback(struct db *db) {
  assert(!db->cursor.open && !db->bulk.open);
  if (!db->in_transaction)
    return;
  db->driver->rollback(db->connection);
  db->in_transaction = false;
}

/* Under another name until it is whole: nobody takes half a copy for a backup. */
bool db_backup(struct db *db, const char *path, struct err *err) {
  assert(!db->in_transaction && !db->cursor.open);
  if (db->driver->backup == NULL)
    return err_set(err, ERR_INVALID,
                   "a database on a PostgreSQL server is backed up with PostgreSQL's own pg_dump");
  if (file_size(path) >= 0)
    return file_explain("write", path, EEXIST, err);
  struct buf part;
  buf_init(&part);
  buf_printf(&part, "%s.part", path);
  unlink(part.data); /* of one that was interrupted */
  bool ok = file_create(part.data, err);
  if (ok) {
    ok = db->driver->backup(db->connection, part.data, err) && file_rename(part.data, path, err);
    if (!ok)
      unlink(part.data);
  }
  buf_finish(&part);
  return ok;
}
