#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/str.h"
#include "store/store_migrations.h"

/* "0001_tables.sql" is for every database; "0002_keys.postgresql.sql" only for
 * the one it names. The number in front is the version. Files of one version
 * that are not for this database are passed over, the version still counts. */
static int version_of(const struct embedded_file *file) {
  return atoi(file->name);
}

static bool is_for(const struct embedded_file *file, const char *kind) {
  const char *first_dot = strchr(file->name, '.');
  const char *last_dot = strrchr(file->name, '.');
  if (first_dot == NULL || first_dot == last_dot)
    return true;
  size_t length = (size_t)(last_dot - first_dot) - 1;
  return strlen(kind) == length && strncmp(first_dot + 1, kind, length) == 0;
}

bool store_open(struct db **out, const char *url, struct err *err) {
  if (!db_open(out, url, DB_READ_WRITE, err))
    return false;
  if (store_migrate(*out, err))
    return true;
  db_close(*out);
  *out = NULL;
  return false;
}

int store_schema_version(void) {
  int newest = 0;
  for (const struct embedded_file *file = store_migrations; file->name != NULL; file++)
    if (version_of(file) > newest)
      newest = version_of(file);
  return newest;
}

static bool read_version(struct db *db, int *version, struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db, "SELECT COALESCE(MAX(version), 0) FROM schema_migration", NULL, 0, &cursor,
                err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW)
    *version = (int)db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return step == DB_ROW;
}

static bool run_texts(struct db *db, int version, struct err *err) {
  for (const struct embedded_file *file = store_migrations; file->name != NULL; file++) {
    if (version_of(file) != version || !is_for(file, db_kind(db)))
      continue;
    if (!db_exec(db, (const char *)file->data, NULL, 0, NULL, err))
      return err_add(err, "%s", file->name);
  }
  const struct db_value params[] = {db_int(version), db_int(clock_wall_ms())};
  return db_exec(db, "INSERT INTO schema_migration (version, applied_ms) VALUES ($1, $2)", params,
                 2, NULL, err);
}

static bool apply(struct db *db, int version, struct err *err) {
  if (!db_begin(db, err))
    return false;
  if (!run_texts(db, version, err)) {
    db_rollback(db);
    return false;
  }
  return db_commit(db, err);
}

bool store_migrate(struct db *db, struct err *err) {
  int version = 0;
  if (!db_exec(db,
               "CREATE TABLE IF NOT EXISTS schema_migration "
               "(version INTEGER PRIMARY KEY, applied_ms BIGINT NOT NULL)",
               NULL, 0, NULL, err) ||
      !read_version(db, &version, err))
    return err_add(err, "cannot read the version of the database");
  if (version > store_schema_version())
    return err_set(err, ERR_CONFLICT,
                   "the database was written by a newer version of this program (layout %d, this "
                   "one knows %d): install the newer version again",
                   version, store_schema_version());
  while (version < store_schema_version())
    if (!apply(db, ++version, err))
      return err_add(err, "cannot bring the database up to date");
  return true;
}
