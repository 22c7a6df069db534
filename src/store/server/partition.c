#include "store/server/partition.h"

#include "base/buf.h"
#include "base/str.h"

#define DAY_MS INT64_C(86400000)

/* Which tables are in parts, and by which column. */
static const struct parted {
  const char *table, *column;
} parted[] = {{"chunk", "from_ms"}, {"hour", "at_ms"}};

static const struct parted *find_parted(const struct db *db, const char *table) {
  if (!str_equal(db_kind(db), "postgresql"))
    return NULL;
  for (size_t i = 0; i < sizeof parted / sizeof parted[0]; i++)
    if (str_equal(parted[i].table, table))
      return &parted[i];
  return NULL;
}

static bool make(struct db *db, const char *table, int64_t at_ms, struct err *err) {
  const struct db_value params[] = {db_text(table), db_int(at_ms)};
  return db_exec(db, "SELECT history_part_make($1, $2)", params, 2, NULL, err) ||
         err_add(err, "cannot make room for %s", table);
}

bool partition_make(struct db *db, const char *table, int64_t at_ms, struct err *err) {
  return find_parted(db, table) == NULL || make(db, table, at_ms, err);
}

/* A part ends where a day does: one look for each day that has rows. */
static bool make_each(struct db_cursor *days, struct db *to, const char *table, struct err *err) {
  enum db_step step;
  while ((step = db_cursor_next(days, err)) == DB_ROW)
    if (!make(to, table, db_cursor_int(days, 0) * DAY_MS, err))
      return false;
  return step == DB_DONE;
}

bool partition_make_all(struct db *from, struct db *to, const char *table, struct err *err) {
  const struct parted *found = find_parted(to, table);
  struct db_cursor *days;
  struct buf sql;
  if (found == NULL)
    return true;
  buf_init(&sql);
  buf_printf(&sql, "SELECT DISTINCT %s / 86400000 FROM %s", found->column, table);
  bool ok = db_query(from, sql.data, NULL, 0, &days, err);
  buf_finish(&sql);
  if (!ok)
    return false;
  ok = make_each(days, to, table, err);
  db_cursor_close(days);
  return ok;
}

bool partition_drop(struct db *db, int64_t before_ms, bool *dropped, struct err *err) {
  const struct db_value params[] = {db_int(before_ms)};
  struct db_cursor *cursor;
  *dropped = false;
  if (find_parted(db, "chunk") == NULL)
    return true;
  if (!db_query(db, "SELECT history_part_drop($1)", params, 1, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  *dropped = step == DB_ROW && db_cursor_int(cursor, 0) > 0;
  db_cursor_close(cursor);
  return step == DB_ROW;
}
