#include "store/inspect.h"

#include "base/str.h"
#include "store/sample_store.h"
#include "store/store.h"

static bool read_int(struct db *db, const char *sql, int64_t *value, struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db, sql, NULL, 0, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW)
    *value = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return step == DB_ROW || (step == DB_DONE && err_set(err, ERR_CORRUPT, "a count gives nothing"));
}

/* PostgreSQL checks its pages itself, as it reads them. */
static bool check_pages(struct db *db, struct err *err) {
  struct db_cursor *cursor;
  if (!str_equal(db_kind(db), "sqlite"))
    return true;
  if (!db_query(db, "PRAGMA integrity_check(1)", NULL, 0, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  bool ok = step == DB_ROW;
  if (ok && !str_equal(db_cursor_text(cursor, 0), "ok"))
    ok = err_set(err, ERR_CORRUPT, "the file is damaged: %.200s", db_cursor_text(cursor, 0));
  db_cursor_close(cursor);
  return ok;
}

static bool read_version(struct db *db, int *version, struct err *err) {
  int64_t newest = 0;
  if (!read_int(db, "SELECT COALESCE(MAX(version), 0) FROM schema_migration", &newest, err))
    return err->code == ERR_INVALID
               ? err_set(err, ERR_CORRUPT, "this is a database, but not one of this monitor")
               : false;
  *version = (int)newest;
  if (newest > store_schema_version())
    return err_set(err, ERR_CONFLICT,
                   "it was written by a newer version of this program (layout %d, this one knows "
                   "%d): use the newer version",
                   *version, store_schema_version());
  return true;
}

bool inspect_database(struct db *db, struct inspect *found, struct err *err) {
  *found = (struct inspect){0};
  return check_pages(db, err) && read_version(db, &found->version, err) &&
         read_int(db, "SELECT COUNT(*) FROM miner WHERE removed_ms IS NULL", &found->miners, err) &&
         read_int(db, "SELECT COUNT(*) FROM alert_event", &found->events, err) &&
         sample_store_count(db, &found->samples, &found->first_ms, &found->last_ms, err) &&
         read_int(db, "SELECT COUNT(*) FROM sample", &found->samples, err);
}
