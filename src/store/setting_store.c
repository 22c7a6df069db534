#include "store/setting_store.h"

#include <string.h>

#include "base/str.h"

bool setting_store_get(struct db *db, const char *name, char *value, size_t size, struct err *err) {
  const struct db_value params[] = {db_text(name)};
  struct db_cursor *cursor;
  if (!db_query(db, "SELECT value FROM setting WHERE name = $1", params, 1, &cursor, err))
    return err_add(err, "setting '%s'", name);
  enum db_step step = db_cursor_next(cursor, err);
  bool ok = step == DB_ROW;
  if (step == DB_DONE)
    err_set(err, ERR_NOT_FOUND, "setting '%s' was never set", name);
  if (ok && strlen(db_cursor_text(cursor, 0)) >= size)
    ok = err_set(err, ERR_TOO_LARGE, "setting '%s' is longer than %zu bytes", name, size - 1);
  if (ok)
    str_copy(value, size, db_cursor_text(cursor, 0));
  db_cursor_close(cursor);
  return ok;
}

bool setting_store_set(struct db *db, const char *name, const char *value, struct err *err) {
  const struct db_value params[] = {db_text(name), db_text(value)};
  return db_exec(db,
                 "INSERT INTO setting (name, value) VALUES ($1, $2) "
                 "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                 params, 2, NULL, err) ||
         err_add(err, "setting '%s'", name);
}

bool setting_store_change(struct db *db, const char *name, const char *value, bool *changed,
                          struct err *err) {
  const struct db_value params[] = {db_text(name), db_text(value)};
  int64_t touched = 0;
  bool ok = db_exec(db,
                    "INSERT INTO setting (name, value) VALUES ($1, $2) "
                    "ON CONFLICT (name) DO UPDATE SET value = excluded.value "
                    "WHERE setting.value <> excluded.value",
                    params, 2, &touched, err);
  *changed = touched > 0;
  return ok || err_add(err, "setting '%s'", name);
}
