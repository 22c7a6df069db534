#include "store/inspect.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "store/chunk_codec.h"
#include "store/store.h"
#include "store/usage.h"

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

/* Decodes a chunk and forgets it. */
static void check_chunk(const struct db_cursor *row, struct inspect *found) {
  struct sample *samples = NULL;
  size_t length = 0, count = 0;
  struct err why;
  const void *blob = db_cursor_blob(row, 3, &length);
  found->chunks++;
  bool ok = chunk_codec_decode(blob, length, &samples, &count, &why);
  if (ok && (int64_t)count != db_cursor_int(row, 2))
    ok = err_set(&why, ERR_CORRUPT, "it holds %zu samples instead of %lld", count,
                 (long long)db_cursor_int(row, 2));
  free(samples);
  if (!ok && found->damaged++ == 0)
    snprintf(found->damage, sizeof found->damage, "chunk %lld of miner %lld: %.100s",
             (long long)db_cursor_int(row, 0), (long long)db_cursor_int(row, 1), why.text);
}

static bool check_chunks(struct db *db, struct inspect *found, struct err *err) {
  struct db_cursor *row;
  enum db_step step;
  if (!db_query(db, "SELECT id, miner_id, samples, data FROM chunk ORDER BY id", NULL, 0, &row,
                err))
    return false;
  while ((step = db_cursor_next(row, err)) == DB_ROW)
    check_chunk(row, found);
  db_cursor_close(row);
  return step == DB_DONE;
}

/* Layouts before this one had no chunks; they get them at the next start. */
enum { CHUNKS_SINCE = 4 };

static bool check_samples(struct db *db, struct inspect *found, struct err *err) {
  struct usage usage;
  if (found->version < CHUNKS_SINCE)
    return read_int(db, "SELECT COUNT(*) FROM sample", &found->samples, err);
  if (!usage_read(db, &usage, err) || !check_chunks(db, found, err))
    return false;
  found->samples = usage.samples;
  found->first_ms = usage.first_ms;
  found->last_ms = usage.last_ms;
  return true;
}

bool inspect_database(struct db *db, struct inspect *found, struct err *err) {
  *found = (struct inspect){0};
  return check_pages(db, err) && read_version(db, &found->version, err) &&
         read_int(db, "SELECT COUNT(*) FROM miner WHERE removed_ms IS NULL", &found->miners, err) &&
         read_int(db, "SELECT COUNT(*) FROM alert_event", &found->events, err) &&
         check_samples(db, found, err);
}
