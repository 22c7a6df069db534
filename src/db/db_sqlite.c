/* SQLite behind db_driver.h.
 *
 * synchronous=FULL, because NORMAL in WAL mode syncs only at checkpoints and
 * loses more than the promised second at a power cut. Page caches are small: the
 * data are appended and read once, and the whole program is to fit in 15 MB. */
#include <assert.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "db/db_driver.h"
#include "db/db_lock.h"

enum { CACHE_SIZE = 32, BUSY_WRITER_MS = 5000, BUSY_READER_MS = 2000 };

struct statement {
  const char *address; /* of the text it was prepared from: the quick comparison */
  sqlite3_stmt *handle;
  uint64_t used_at;                  /* for eviction: the tick of its last use */
  unsigned char slot[DB_PARAMS_MAX]; /* where $1, $2, ... are bound */
};

struct connection {
  sqlite3 *handle;
  int lock_fd; /* -1: none */
  bool is_private;
  uint64_t tick;
  struct statement cache[CACHE_SIZE];
  sqlite3_stmt *cursor; /* borrowed from the cache; NULL when none is open */
};

/* What went wrong, in words that say what to do. */
static bool explain(struct connection *c, int code, struct err *err) {
  const char *detail = sqlite3_errmsg(c->handle);
  switch (code & 0xff) {
  case SQLITE_NOMEM:
    mem_fatal("out of memory in the database");
  case SQLITE_FULL:
    return err_set(err, ERR_IO,
                   "the disk is full: free some space; polling goes on, samples are "
                   "kept in memory and written later");
  case SQLITE_IOERR:
    return err_set(err, ERR_IO,
                   "the disk refuses (%s): check its free space and its health; "
                   "polling goes on, samples are kept in memory and written later",
                   detail);
  case SQLITE_READONLY:
  case SQLITE_PERM:
    return err_set(err, ERR_IO,
                   "the database may not be written (%s): check the owner and the "
                   "permissions of its file and folder",
                   detail);
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return err_set(err, ERR_CORRUPT,
                   "the file is damaged or no database of ours (%s): move it "
                   "away and put a backup in its place, or start with a new one",
                   detail);
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return err_set(err, ERR_UNAVAILABLE,
                   "another program holds the database: close it there, "
                   "or try again");
  case SQLITE_CANTOPEN:
    return err_set(err, ERR_UNAVAILABLE,
                   "the database cannot be opened (%s): check that its file "
                   "and folder exist and may be read",
                   detail);
  case SQLITE_CONSTRAINT:
    return err_set(err, ERR_CONFLICT,
                   "it is there already, or belongs to something that is gone "
                   "(%s)",
                   detail);
  case SQLITE_TOOBIG:
    return err_set(err, ERR_TOO_LARGE, "too large for the database");
  default:
    return err_set(err, ERR_INVALID, "the database does not accept this: %s", detail);
  }
}

/* ---- statements ---- */

static void reset(sqlite3_stmt *handle) {
  sqlite3_reset(handle);
  sqlite3_clear_bindings(handle);
}

static struct statement *find_cached(struct connection *c, const char *sql) {
  /* The address alone proves nothing: a text on the stack may have changed. */
  for (size_t i = 0; i < CACHE_SIZE; i++)
    if (c->cache[i].address == sql && strcmp(sqlite3_sql(c->cache[i].handle), sql) == 0)
      return &c->cache[i];
  for (size_t i = 0; i < CACHE_SIZE; i++)
    if (c->cache[i].handle != NULL && strcmp(sqlite3_sql(c->cache[i].handle), sql) == 0)
      return &c->cache[i];
  return NULL;
}

static struct statement *least_used(struct connection *c) {
  struct statement *oldest = &c->cache[0];
  for (size_t i = 1; i < CACHE_SIZE; i++)
    if (c->cache[i].used_at < oldest->used_at)
      oldest = &c->cache[i];
  return oldest;
}

/* SQLite takes $1 for a name and numbers names by their first appearance. */
static void find_slots(struct statement *statement) {
  int count = sqlite3_bind_parameter_count(statement->handle);
  assert(count <= DB_PARAMS_MAX);
  for (int i = 0; i < count; i++) {
    char name[16];
    snprintf(name, sizeof name, "$%d", i + 1);
    int slot = sqlite3_bind_parameter_index(statement->handle, name);
    assert(slot > 0); /* $1 to $n without gaps */
    statement->slot[i] = (unsigned char)slot;
  }
}

static struct statement *prepare(struct connection *c, const char *sql, struct err *err) {
  struct statement *statement = find_cached(c, sql);
  if (statement == NULL) {
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v3(c->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
    if (code != SQLITE_OK) {
      explain(c, code, err);
      return NULL;
    }
    assert(handle != NULL); /* an empty text is no statement */
    statement = least_used(c);
    sqlite3_finalize(statement->handle);
    statement->handle = handle;
    find_slots(statement);
  }
  statement->address = sql;
  statement->used_at = ++c->tick;
  return statement;
}

static int bind_one(sqlite3_stmt *handle, int slot, const struct db_value *value,
                    sqlite3_destructor_type life) {
  switch (value->type) {
  case DB_NULL:
    return sqlite3_bind_null(handle, slot);
  case DB_INT:
    return sqlite3_bind_int64(handle, slot, value->integer);
  case DB_REAL:
    return sqlite3_bind_double(handle, slot, value->real);
  case DB_TEXT:
    return sqlite3_bind_text64(handle, slot, value->bytes, value->length, life, SQLITE_UTF8);
  case DB_BLOB:
    /* A NULL pointer would bind NULL, but an empty blob is a value. */
    return sqlite3_bind_blob64(handle, slot, value->bytes != NULL ? value->bytes : "",
                               value->length, life);
  }
  assert(false);
  return SQLITE_MISUSE;
}

static bool bind_all(struct connection *c, struct statement *statement,
                     const struct db_value *params, size_t count, sqlite3_destructor_type life,
                     struct err *err) {
  assert((int)count == sqlite3_bind_parameter_count(statement->handle));
  for (size_t i = 0; i < count; i++) {
    int code = bind_one(statement->handle, statement->slot[i], &params[i], life);
    if (code != SQLITE_OK)
      return explain(c, code, err);
  }
  return true;
}

/* Runs to the end; rows, if any, are ignored. `changed` is added to. */
static bool step_through(struct connection *c, sqlite3_stmt *handle, int64_t *changed,
                         struct err *err) {
  int64_t total = sqlite3_total_changes64(c->handle);
  int code;
  do
    code = sqlite3_step(handle);
  while (code == SQLITE_ROW);
  if (code != SQLITE_DONE)
    return explain(c, code, err);
  /* changes64 keeps the count of an earlier statement when this one changed no
   * rows; total_changes64 counts what foreign keys and triggers did as well. */
  if (sqlite3_total_changes64(c->handle) != total)
    *changed += sqlite3_changes64(c->handle);
  return true;
}

static bool sqlite_run(void *connection, const char *sql, const struct db_value *params,
                       size_t count, int64_t *changed, struct err *err) {
  struct connection *c = connection;
  struct statement *statement = prepare(c, sql, err);
  if (statement == NULL)
    return false;
  *changed = 0;
  /* SQLITE_STATIC: the values outlive the call, and the bindings are cleared in it. */
  bool ok = bind_all(c, statement, params, count, SQLITE_STATIC, err) &&
            step_through(c, statement->handle, changed, err);
  reset(statement->handle);
  return ok;
}

static bool sqlite_run_script(void *connection, const char *sql, int64_t *changed,
                              struct err *err) {
  struct connection *c = connection;
  *changed = 0;
  while (*sql != '\0') {
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v2(c->handle, sql, -1, &handle, &sql);
    if (code != SQLITE_OK)
      return explain(c, code, err);
    /* NULL: nothing but white space and comments was left. */
    bool ok = handle == NULL || step_through(c, handle, changed, err);
    sqlite3_finalize(handle);
    if (!ok)
      return false;
  }
  return true;
}

/* ---- the cursor ---- */

static bool sqlite_cursor_open(void *connection, const char *sql, const struct db_value *params,
                               size_t count, struct err *err) {
  struct connection *c = connection;
  struct statement *statement = prepare(c, sql, err);
  if (statement == NULL)
    return false;
  c->cursor = statement->handle;
  return bind_all(c, statement, params, count, SQLITE_TRANSIENT, err);
}

static enum db_step sqlite_cursor_next(void *connection, struct err *err) {
  struct connection *c = connection;
  int code = sqlite3_step(c->cursor);
  if (code == SQLITE_ROW)
    return DB_ROW;
  if (code == SQLITE_DONE)
    return DB_DONE;
  explain(c, code, err);
  return DB_FAILED;
}

static void sqlite_cursor_close(void *connection) {
  struct connection *c = connection;
  if (c->cursor != NULL)
    reset(c->cursor);
  c->cursor = NULL;
}

static int sqlite_columns(const void *connection) {
  const struct connection *c = connection;
  return sqlite3_column_count(c->cursor);
}

static enum db_type sqlite_type(const void *connection, int column) {
  const struct connection *c = connection;
  switch (sqlite3_column_type(c->cursor, column)) {
  case SQLITE_INTEGER:
    return DB_INT;
  case SQLITE_FLOAT:
    return DB_REAL;
  case SQLITE_TEXT:
    return DB_TEXT;
  case SQLITE_BLOB:
    return DB_BLOB;
  default:
    return DB_NULL;
  }
}

static int64_t sqlite_integer(const void *connection, int column) {
  const struct connection *c = connection;
  return sqlite3_column_int64(c->cursor, column);
}

static double sqlite_real(const void *connection, int column) {
  const struct connection *c = connection;
  return sqlite3_column_double(c->cursor, column);
}

static const char *sqlite_text(const void *connection, int column) {
  const struct connection *c = connection;
  return (const char *)sqlite3_column_text(c->cursor, column);
}

static const void *sqlite_blob(const void *connection, int column, size_t *length) {
  const struct connection *c = connection;
  const void *bytes = sqlite3_column_blob(c->cursor, column);
  *length = (size_t)sqlite3_column_bytes(c->cursor, column);
  /* SQLite gives NULL for an empty blob, which is still a value. */
  if (bytes == NULL && sqlite3_column_type(c->cursor, column) == SQLITE_BLOB)
    return "";
  return bytes;
}

/* ---- transactions ---- */

static bool run_plain(struct connection *c, const char *sql, struct err *err) {
  int64_t ignored = 0;
  return sqlite_run(c, sql, NULL, 0, &ignored, err);
}

/* IMMEDIATE: a transaction that first reads and then writes would fail with
 * BUSY in its middle; this way it waits at its start. */
static bool sqlite_begin(void *connection, struct err *err) {
  struct connection *c = connection;
  bool read_only = sqlite3_db_readonly(c->handle, "main") == 1;
  return run_plain(c, read_only ? "BEGIN" : "BEGIN IMMEDIATE", err);
}

static bool sqlite_commit(void *connection, struct err *err) {
  return run_plain(connection, "COMMIT", err);
}

static void sqlite_rollback(void *connection) {
  struct connection *c = connection;
  struct err ignored;
  /* A full disk or an I/O error may have rolled back already. */
  if (!sqlite3_get_autocommit(c->handle))
    run_plain(c, "ROLLBACK", &ignored);
}

/* ---- backup ---- */

/* VACUUM INTO reads one snapshot, so a writer is neither held up nor makes it
 * start again; sqlite3_backup begins anew at every commit of another process,
 * which with one a second would never end on a slow disk. */
static bool sqlite_backup(void *connection, const char *path, struct err *err) {
  struct connection *c = connection;
  const struct db_value into[] = {db_text(path)};
  int64_t ignored = 0;
  if (sqlite_run(c, "VACUUM INTO $1", into, 1, &ignored, err))
    return file_sync(path, err);
  if ((sqlite3_errcode(c->handle) & 0xff) == SQLITE_FULL)
    err_set(err, ERR_IO,
            "the disk is too full for the copy: free some space, or choose another place");
  return false;
}

/* ---- open and close ---- */

/* "sqlite:/path", "sqlite:relative", "sqlite:///path". */
static const char *path_of(const char *url) {
  const char *path = url + strlen("sqlite:");
  return str_starts_with(path, "///") ? path + 2 : path;
}

static void sqlite_close(void *connection) {
  struct connection *c = connection;
  for (size_t i = 0; i < CACHE_SIZE; i++)
    sqlite3_finalize(c->cache[i].handle);
  sqlite3_close(c->handle);
  db_lock_release(c->lock_fd); /* last: the checkpoint of the close is still ours */
  free(c);
}

static bool sqlite_is_private(const void *connection) {
  const struct connection *c = connection;
  return c->is_private;
}

static bool set_wal(struct connection *c, struct err *err) {
  if (!sqlite_cursor_open(c, "PRAGMA journal_mode = WAL", NULL, 0, err))
    return false;
  enum db_step step = sqlite_cursor_next(c, err);
  const char *mode = step == DB_ROW ? sqlite_text(c, 0) : "";
  bool ok = step == DB_ROW && (c->is_private || str_equal(mode, "wal"));
  if (!ok && step != DB_FAILED)
    err_set(err, ERR_IO,
            "this place cannot hold the database (no write-ahead log): it must be a "
            "disk of this machine, not a network share");
  sqlite_cursor_close(c);
  return ok;
}

/* Reads the file for the first time, so that what is no database shows here. */
static bool configure(struct connection *c, enum db_mode mode, struct err *err) {
  int64_t ignored = 0;
  sqlite3_extended_result_codes(c->handle, 1);
  sqlite3_busy_timeout(c->handle, mode == DB_READ_WRITE ? BUSY_WRITER_MS : BUSY_READER_MS);
  if (mode == DB_READ_ONLY)
    return sqlite_run_script(c,
                             "PRAGMA trusted_schema = OFF; PRAGMA cache_size = -256;"
                             "PRAGMA schema_version;",
                             &ignored, err);
  return set_wal(c, err) &&
         sqlite_run_script(c,
                           "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                           "PRAGMA trusted_schema = OFF; PRAGMA cache_size = -768;"
                           "PRAGMA wal_autocheckpoint = 1000;" /* pages: 4 MB */
                           "PRAGMA journal_size_limit = 8388608;",
                           &ignored, err);
}

static bool open_handle(struct connection *c, const char *path, enum db_mode mode,
                        struct err *err) {
  int flags =
      mode == DB_READ_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
  /* NOMUTEX: a connection belongs to one thread at a time. */
  int code = sqlite3_open_v2(path, &c->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK)
    return explain(c, code, err);
  return configure(c, mode, err);
}

static bool sqlite_open(void **connection, const char *url, enum db_mode mode, struct err *err) {
  const char *path = path_of(url);
  if (path[0] == '\0')
    return err_set(err, ERR_INVALID,
                   "the database's address names no file: write sqlite:/path/to/monitor.db");
  struct connection *c = mem_alloc(sizeof *c);
  c->lock_fd = -1;
  c->is_private = str_equal(path, ":memory:");
  bool locks = mode == DB_READ_WRITE && !c->is_private;
  if (locks && !db_lock_take(&c->lock_fd, path, err)) {
    free(c);
    return false;
  }
  if (!open_handle(c, path, mode, err)) {
    sqlite_close(c);
    return err_add(err, "'%s'", path);
  }
  *connection = c;
  return true;
}

const struct db_driver db_sqlite_driver = {
    .name = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close,
    .is_private = sqlite_is_private,
    .run_script = sqlite_run_script,
    .run = sqlite_run,
    .cursor_open = sqlite_cursor_open,
    .cursor_next = sqlite_cursor_next,
    .cursor_close = sqlite_cursor_close,
    .columns = sqlite_columns,
    .type = sqlite_type,
    .integer = sqlite_integer,
    .real = sqlite_real,
    .text = sqlite_text,
    .blob = sqlite_blob,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .backup = sqlite_backup,
};
