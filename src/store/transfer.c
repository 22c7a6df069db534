#include "store/transfer.h"

#include <assert.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "store/server/partition.h"
#include "store/store.h"

enum { BATCH_ROWS = 1000, COLUMNS_MAX = 128 };

struct table {
  const char *name;
  const char *columns; /* "a, b, c" */
  int column_count;
  const char *key;    /* "a, b": its primary key */
  const char *number; /* the key, when rows are numbered by the database; else NULL */
  struct table *next;
};

/* What a set of rows comes to, in whatever order they are read. */
struct digest {
  int64_t rows;
  uint64_t sum;
};

/* ------------------------------------------------------------ the layout */

static void add_column(struct buf *list, const char *name) {
  if (list->length > 0)
    buf_append_text(list, ", ");
  buf_append_text(list, name);
}

static bool read_columns(struct db *layout, struct table *table, struct arena *arena,
                         struct err *err) {
  struct db_cursor *cursor;
  const struct db_value name[] = {db_text(table->name)};
  struct buf columns, key;
  bool number = false;
  enum db_step step;
  if (!db_query(layout, "SELECT name, pk, type FROM pragma_table_info($1) ORDER BY cid", name, 1,
                &cursor, err))
    return false;
  buf_init(&columns);
  buf_init(&key);
  while ((step = db_cursor_next(cursor, err)) == DB_ROW) {
    const char *column = db_cursor_text(cursor, 0);
    add_column(&columns, column);
    table->column_count++;
    if (db_cursor_int(cursor, 1) == 0)
      continue;
    number = key.length == 0 && str_equal(db_cursor_text(cursor, 2), "INTEGER");
    add_column(&key, column);
  }
  db_cursor_close(cursor);
  if (step == DB_DONE) {
    assert(columns.length > 0 && key.length > 0 && table->column_count <= COLUMNS_MAX);
    table->columns = arena_strdup(arena, columns.data);
    table->key = arena_strdup(arena, key.data);
    table->number = number ? table->key : NULL;
  }
  buf_finish(&columns);
  buf_finish(&key);
  return step == DB_DONE;
}

static bool read_tables(struct db *layout, struct table **first, struct arena *arena,
                        struct err *err) {
  struct db_cursor *cursor;
  enum db_step step;
  if (!db_query(layout,
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                "AND name <> 'schema_migration' ORDER BY name DESC",
                NULL, 0, &cursor, err))
    return false;
  while ((step = db_cursor_next(cursor, err)) == DB_ROW) {
    struct table *table = arena_alloc(arena, sizeof *table);
    *table = (struct table){.name = arena_strdup(arena, db_cursor_text(cursor, 0)), .next = *first};
    *first = table;
  }
  db_cursor_close(cursor);
  for (struct table *table = *first; step == DB_DONE && table != NULL; table = table->next)
    if (!read_columns(layout, table, arena, err))
      return false;
  return step == DB_DONE;
}

static bool read_layout(struct table **first, struct arena *arena, struct err *err) {
  struct db *layout;
  if (!db_open(&layout, "sqlite::memory:", DB_READ_WRITE, err))
    return false;
  bool ok = store_migrate(layout, err) && read_tables(layout, first, arena, err);
  db_close(layout);
  return ok;
}

/* ------------------------------------------------------------ rows */

/* FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length) {
  const unsigned char *byte = bytes;
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
  return hash;
}

static uint64_t hash_value(uint64_t hash, const struct db_value *value) {
  unsigned char type = (unsigned char)value->type;
  double real = value->real + 0.0; /* -0 is 0 for a database */
  hash = hash_bytes(hash, &type, 1);
  switch (value->type) {
  case DB_NULL:
    return hash;
  case DB_INT:
    return hash_bytes(hash, &value->integer, sizeof value->integer);
  case DB_REAL:
    return hash_bytes(hash, &real, sizeof real);
  case DB_TEXT:
  case DB_BLOB:
    hash = hash_bytes(hash, &value->length, sizeof value->length);
    return hash_bytes(hash, value->bytes, value->length);
  }
  return hash;
}

/* A sum, not XOR: of a row that is there twice XOR would see nothing. The last
 * steps spread FNV's weak high bits (the finish of MurmurHash3). */
static void digest_add(struct digest *digest, const struct db_value *values, int count) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (int i = 0; i < count; i++)
    hash = hash_value(hash, &values[i]);
  hash = (hash ^ (hash >> 33)) * UINT64_C(0xff51afd7ed558ccd);
  hash = (hash ^ (hash >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
  digest->sum += hash ^ (hash >> 33);
  digest->rows++;
}

/* ------------------------------------------------------------ one table */

/* The next rows, as many as make a batch; `step` tells whether there are more. */
static bool copy_batch(struct db_cursor *rows, struct db *to, const struct table *table,
                       struct digest *sent, enum db_step *step, struct err *err) {
  struct db_value values[COLUMNS_MAX];
  struct db_bulk *bulk;
  bool ok = db_bulk_open(to, table->name, table->columns, table->column_count, &bulk, err);
  if (!ok)
    return false;
  for (int i = 0; ok && i < BATCH_ROWS && (*step = db_cursor_next(rows, err)) == DB_ROW; i++) {
    for (int column = 0; column < table->column_count; column++)
      values[column] = db_cursor_value(rows, column);
    digest_add(sent, values, table->column_count);
    ok = db_bulk_add(bulk, values, err);
  }
  return db_bulk_close(bulk, err);
}

static bool copy_rows(struct db_cursor *rows, struct db *to, const struct table *table,
                      struct digest *sent, struct err *err) {
  enum db_step step = DB_ROW;
  while (step == DB_ROW) {
    if (!db_begin(to, err))
      return false;
    if (!copy_batch(rows, to, table, sent, &step, err)) {
      db_rollback(to);
      return false;
    }
    if (!db_commit(to, err))
      return false;
  }
  return step == DB_DONE;
}

static bool copy_table(struct db *from, struct db *to, const struct table *table,
                       struct digest *sent, struct err *err) {
  struct buf select;
  struct db_cursor *rows;
  buf_init(&select);
  buf_printf(&select, "SELECT %s FROM %s ORDER BY %s", table->columns, table->name, table->key);
  bool ok = db_query(from, select.data, NULL, 0, &rows, err);
  buf_finish(&select);
  if (!ok)
    return false;
  ok = copy_rows(rows, to, table, sent, err);
  db_cursor_close(rows);
  return ok;
}

static bool digest_table(struct db *db, const struct table *table, struct digest *digest,
                         struct err *err) {
  struct db_value values[COLUMNS_MAX];
  struct db_cursor *rows;
  struct buf select;
  enum db_step step;
  buf_init(&select);
  buf_printf(&select, "SELECT %s FROM %s", table->columns, table->name);
  bool ok = db_query(db, select.data, NULL, 0, &rows, err);
  if (ok) {
    while ((step = db_cursor_next(rows, err)) == DB_ROW) {
      for (int column = 0; column < table->column_count; column++)
        values[column] = db_cursor_value(rows, column);
      digest_add(digest, values, table->column_count);
    }
    db_cursor_close(rows);
    ok = step == DB_DONE;
  }
  buf_finish(&select);
  return ok;
}

/* PostgreSQL does not see numbers that it was given: it would give them again. */
static bool continue_numbers(struct db *to, const struct table *table, struct err *err) {
  if (table->number == NULL || !str_equal(db_kind(to), "postgresql"))
    return true;
  struct buf sql;
  buf_init(&sql);
  buf_printf(&sql,
             "SELECT setval(name, highest) FROM (SELECT pg_get_serial_sequence('%s', '%s') AS "
             "name, MAX(%s) AS highest FROM %s) AS numbers "
             "WHERE name IS NOT NULL AND highest IS NOT NULL",
             table->name, table->number, table->number, table->name);
  bool ok = db_exec(to, sql.data, NULL, 0, NULL, err);
  buf_finish(&sql);
  return ok;
}

static bool move_table(struct db *from, struct db *to, const struct table *table,
                       struct digest *sent, struct err *err) {
  struct digest arrived = {0};
  *sent = (struct digest){0};
  if (!partition_make_all(from, to, table->name, err) || !copy_table(from, to, table, sent, err) ||
      !digest_table(to, table, &arrived, err) || !continue_numbers(to, table, err))
    return err_add(err, "table %s", table->name);
  if (arrived.rows == sent->rows && arrived.sum == sent->sum)
    return true;
  return err_set(err, ERR_CORRUPT,
                 "table %s did not arrive as it was sent (%lld rows sent, %lld arrived%s): does "
                 "another program write to one of the two?",
                 table->name, (long long)sent->rows, (long long)arrived.rows,
                 arrived.rows == sent->rows ? ", their checksums differ" : "");
}

/* ------------------------------------------------------------ all of it */

static bool require_empty(struct db *db, const struct table *table, struct err *err) {
  char sql[128];
  struct db_cursor *rows;
  snprintf(sql, sizeof sql, "SELECT 1 FROM %s LIMIT 1", table->name);
  if (!db_query(db, sql, NULL, 0, &rows, err))
    return err_add(err, "table %s", table->name);
  enum db_step step = db_cursor_next(rows, err);
  db_cursor_close(rows);
  if (step == DB_ROW)
    return err_set(err, ERR_CONFLICT,
                   "the target holds data already (table %s): give an empty database, so that "
                   "nothing is mixed or lost",
                   table->name);
  return step == DB_DONE;
}

/* What cannot be removed, because the target is away, is refused as not empty
 * the next time. */
static void remove_all(struct db *db, const struct table *first) {
  struct err ignored;
  char sql[128];
  db_rollback(db);
  for (const struct table *table = first; table != NULL; table = table->next) {
    snprintf(sql, sizeof sql, "DELETE FROM %s", table->name);
    db_exec(db, sql, NULL, 0, NULL, &ignored);
  }
}

static bool move_tables(struct db *from, struct db *to, const struct table *first,
                        transfer_progress progress, void *arg, struct err *err) {
  for (const struct table *table = first; table != NULL; table = table->next) {
    struct digest sent;
    if (!move_table(from, to, table, &sent, err)) {
      remove_all(to, first);
      return false;
    }
    progress(table->name, sent.rows, arg);
  }
  return true;
}

bool transfer_all(struct db *from, struct db *to, transfer_progress progress, void *arg,
                  struct err *err) {
  struct arena arena;
  struct table *first = NULL;
  arena_init(&arena, 0);
  bool ok = read_layout(&first, &arena, err);
  for (const struct table *table = first; ok && table != NULL; table = table->next)
    ok = require_empty(to, table, err);
  ok = ok && move_tables(from, to, first, progress, arg, err);
  arena_finish(&arena);
  return ok;
}
