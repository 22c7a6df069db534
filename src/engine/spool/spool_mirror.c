#include "engine/spool/spool_mirror.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "store/chunk_codec.h"

/* A row may refer to one of a table above it. A table that is not in the layout is passed over. */
static const struct source {
  const char *table, *rows;
} sources[] = {
    {"miner", ""},
    {"alert_state", ""},
    {"setting", " WHERE name <> 'last_batch'"}, /* PostgreSQL's own guard */
    {"episode", " WHERE cleared_ms IS NULL OR id = (SELECT MAX(id) FROM episode)"},
    {"rule_setting", ""},
    {"mute", ""},
    {"channel", ""},
};
enum { TABLE_COUNT = sizeof sources / sizeof sources[0] };

struct table {
  char *columns; /* "a, b"; NULL: not in the layout */
  char *places;  /* "$1, $2" */
  int width;
  struct db_value *values; /* rows one behind the other; bytes belong to the arena */
  size_t count, capacity;  /* values */
};

struct spool_mirror {
  struct table tables[TABLE_COUNT];
  struct arena arena;
  uint32_t read_sum, written_sum;
  bool is_written;
};

static bool ask_columns(struct table *table, const char *name, struct db *file, struct err *err) {
  const struct db_value params[] = {db_text(name)};
  struct db_cursor *cursor;
  struct buf columns, places;
  enum db_step step;
  if (!db_query(file, "SELECT name FROM pragma_table_info($1) ORDER BY cid", params, 1, &cursor,
                err))
    return false;
  buf_init(&columns);
  buf_init(&places);
  while ((step = db_cursor_next(cursor, err)) == DB_ROW) {
    const char *comma = table->width > 0 ? ", " : "";
    buf_printf(&columns, "%s%s", comma, db_cursor_text(cursor, 0));
    buf_printf(&places, "%s$%d", comma, ++table->width);
  }
  db_cursor_close(cursor);
  if (table->width > 0) {
    table->columns = buf_take(&columns, NULL);
    table->places = buf_take(&places, NULL);
  }
  buf_finish(&columns);
  buf_finish(&places);
  return step == DB_DONE;
}

bool spool_mirror_is_there(struct db *file, bool *there, struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(file, "SELECT at_ms FROM copied", NULL, 0, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  *there = step == DB_ROW;
  db_cursor_close(cursor);
  return step != DB_FAILED;
}

bool spool_mirror_create(struct spool_mirror **out, struct db *file, struct err *err) {
  struct spool_mirror *mirror = mem_alloc(sizeof *mirror);
  arena_init(&mirror->arena, 0);
  for (size_t i = 0; i < TABLE_COUNT; i++) {
    if (!ask_columns(&mirror->tables[i], sources[i].table, file, err)) {
      spool_mirror_destroy(mirror);
      return false;
    }
  }
  *out = mirror;
  return true;
}

void spool_mirror_destroy(struct spool_mirror *mirror) {
  if (mirror == NULL)
    return;
  for (size_t i = 0; i < TABLE_COUNT; i++) {
    free(mirror->tables[i].columns);
    free(mirror->tables[i].places);
    free(mirror->tables[i].values);
  }
  arena_finish(&mirror->arena);
  free(mirror);
}

static struct db_value keep_value(struct arena *arena, const struct db_cursor *cursor, int column) {
  struct db_value value = db_cursor_value(cursor, column);
  if (value.type == DB_TEXT)
    return db_text(arena_strdup(arena, value.bytes));
  if (value.type == DB_BLOB)
    value.bytes = arena_memdup(arena, value.bytes, value.length);
  return value;
}

static void add_value(struct table *table, const struct db_value *value) {
  if (table->count == table->capacity) {
    table->capacity = table->capacity == 0 ? 64 : table->capacity * 2;
    table->values = mem_resize(table->values, table->capacity, sizeof *table->values);
  }
  table->values[table->count++] = *value;
}

static bool read_table(struct spool_mirror *mirror, size_t index, struct db *from,
                       struct err *err) {
  struct table *table = &mirror->tables[index];
  struct db_cursor *cursor;
  struct buf sql;
  enum db_step step;
  table->count = 0;
  if (table->columns == NULL)
    return true;
  buf_init(&sql);
  buf_printf(&sql, "SELECT %s FROM %s%s ORDER BY 1, 2", table->columns, sources[index].table,
             sources[index].rows);
  bool ok = db_query(from, sql.data, NULL, 0, &cursor, err);
  buf_finish(&sql);
  if (!ok)
    return false;
  while ((step = db_cursor_next(cursor, err)) == DB_ROW) {
    for (int column = 0; column < table->width; column++) {
      struct db_value value = keep_value(&mirror->arena, cursor, column);
      add_value(table, &value);
    }
  }
  db_cursor_close(cursor);
  return step == DB_DONE;
}

/* Of all values, to know whether anything changed. */
static uint32_t sum_of(const struct spool_mirror *mirror) {
  struct buf all;
  buf_init(&all);
  for (size_t i = 0; i < TABLE_COUNT; i++) {
    for (size_t v = 0; v < mirror->tables[i].count; v++) {
      const struct db_value *value = &mirror->tables[i].values[v];
      buf_append(&all, &value->type, sizeof value->type);
      buf_append(&all, &value->integer, sizeof value->integer);
      buf_append(&all, &value->real, sizeof value->real);
      if (value->length > 0)
        buf_append(&all, value->bytes, value->length);
    }
  }
  uint32_t sum = chunk_codec_crc(all.data, all.length);
  buf_finish(&all);
  return sum;
}

bool spool_mirror_read(struct spool_mirror *mirror, struct db *from, struct err *err) {
  arena_reset(&mirror->arena);
  for (size_t i = 0; i < TABLE_COUNT; i++)
    if (!read_table(mirror, i, from, err))
      return err_add(err, "the copy of the miners");
  mirror->read_sum = sum_of(mirror);
  return true;
}

static bool write_table(const struct table *table, const char *name, struct db *file,
                        struct err *err) {
  struct buf sql;
  bool ok = true;
  buf_init(&sql);
  if (table->count > 0)
    buf_printf(&sql, "INSERT INTO %s (%s) VALUES (%s)", name, table->columns, table->places);
  for (size_t v = 0; ok && v < table->count; v += (size_t)table->width)
    ok = db_exec(file, sql.data, &table->values[v], (size_t)table->width, NULL, err);
  buf_finish(&sql);
  return ok;
}

bool spool_mirror_write(struct spool_mirror *mirror, struct db *file, struct err *err) {
  if (mirror->is_written && mirror->written_sum == mirror->read_sum)
    return true;
  mirror->is_written = false;
  for (size_t i = TABLE_COUNT; i-- > 0;) {
    char sql[64];
    snprintf(sql, sizeof sql, "DELETE FROM %s", sources[i].table);
    if (mirror->tables[i].columns != NULL && !db_exec(file, sql, NULL, 0, NULL, err))
      return err_add(err, "the copy of the miners");
  }
  for (size_t i = 0; i < TABLE_COUNT; i++)
    if (!write_table(&mirror->tables[i], sources[i].table, file, err))
      return err_add(err, "the copy of the miners");
  const struct db_value now[] = {db_int(clock_wall_ms())};
  if (!db_exec(file, "DELETE FROM copied", NULL, 0, NULL, err) ||
      !db_exec(file, "INSERT INTO copied (at_ms) VALUES ($1)", now, 1, NULL, err))
    return err_add(err, "the copy of the miners");
  mirror->is_written = true;
  mirror->written_sum = mirror->read_sum;
  return true;
}

void spool_mirror_forget(struct spool_mirror *mirror) {
  mirror->is_written = false;
}
