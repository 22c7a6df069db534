#include "engine/spool/spool_file.h"

#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "engine/spool/batch_codec.h"
#include "store/store.h"

enum { PATH_ROOM = 600 };

static const char make_tables[] = "CREATE TABLE IF NOT EXISTS spooled ("
                                  "id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, "
                                  "at_ms BIGINT NOT NULL, samples BIGINT NOT NULL, "
                                  "messages BIGINT NOT NULL, said_ms BIGINT NOT NULL DEFAULT 0, "
                                  "body BLOB NOT NULL);"
                                  "CREATE TABLE IF NOT EXISTS copied (at_ms BIGINT NOT NULL)";

/* ------------------------------------------------------------ opening */

static bool try_prepare(const char *path, struct err *err) {
  char url[PATH_ROOM];
  struct db *db = NULL;
  struct spool_usage usage;
  snprintf(url, sizeof url, "sqlite:%s", path);
  bool ok = store_open(&db, url, err) && db_exec(db, make_tables, NULL, 0, NULL, err) &&
            spool_file_usage(db, &usage, err);
  db_close(db);
  return ok;
}

bool spool_file_prepare(const char *path, char *aside, size_t size, struct err *err) {
  static const char *const tails[] = {"", "-wal", "-shm"};
  aside[0] = '\0';
  if (try_prepare(path, err))
    return true;
  if (err->code != ERR_CORRUPT)
    return false;
  snprintf(aside, size, "%s.damaged-%lld", path, (long long)clock_wall_ms());
  for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
    char from[PATH_ROOM], to[PATH_ROOM];
    struct err ignored;
    snprintf(from, sizeof from, "%s%s", path, tails[i]);
    snprintf(to, sizeof to, "%s%s", aside, tails[i]);
    if (file_size(from) >= 0)
      file_rename(from, to, &ignored);
  }
  return try_prepare(path, err);
}

/* One row of whole numbers; zeros when there is none. */
static bool read_ints(struct db *db, const char *sql, int64_t *values, int count, struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db, sql, NULL, 0, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  for (int i = 0; i < count; i++)
    values[i] = step == DB_ROW ? db_cursor_int(cursor, i) : 0;
  db_cursor_close(cursor);
  return step != DB_FAILED;
}

bool spool_file_usage(struct db *db, struct spool_usage *usage, struct err *err) {
  int64_t values[3];
  if (!read_ints(db, "SELECT COUNT(*), SUM(samples), MIN(at_ms) FROM spooled", values, 3, err))
    return err_add(err, "the spool");
  *usage = (struct spool_usage){values[0], values[1], values[2]};
  return true;
}

/* ------------------------------------------------------------ room */

static bool is_over(struct db *db, const struct spool_limits *limits, size_t need, bool *over,
                    struct err *err) {
  int64_t pages[3];
  if (!read_ints(db,
                 "SELECT page_count, freelist_count, page_size FROM pragma_page_count, "
                 "pragma_freelist_count, pragma_page_size",
                 pages, 3, err))
    return false;
  int64_t used = (pages[0] - pages[1]) * pages[2], reusable = pages[1] * pages[2];
  int64_t disk = file_free_bytes(limits->path);
  bool must_grow = reusable < (int64_t)need + 16 * pages[2];
  *over = used + (int64_t)need > limits->max_bytes ||
          (must_grow && disk >= 0 && disk < limits->free_bytes);
  return true;
}

static bool read_row(struct db *db, const char *sql, int64_t after_id, struct spool_row *row,
                     struct err *err) {
  const struct db_value params[] = {db_int(after_id)};
  struct db_cursor *cursor;
  *row = (struct spool_row){0};
  if (!db_query(db, sql, params, 1, &cursor, err))
    return err_add(err, "the spool");
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW) {
    size_t length;
    struct err damage;
    const void *body = db_cursor_blob(cursor, 5, &length);
    row->id = db_cursor_int(cursor, 0);
    str_copy(row->key, sizeof row->key, db_cursor_text(cursor, 1));
    row->samples = db_cursor_int(cursor, 2);
    row->messages = db_cursor_int(cursor, 3);
    row->said_ms = db_cursor_int(cursor, 4);
    row->batch = batch_codec_read(body, length, &damage);
  }
  db_cursor_close(cursor);
  return step != DB_FAILED || err_add(err, "the spool");
}

static bool write_body(struct db *db, int64_t id, const struct batch *batch, struct err *err) {
  struct buf body;
  buf_init(&body);
  batch_codec_write(batch, &body);
  const struct db_value params[] = {db_int(id), db_blob(body.data, body.length)};
  bool ok =
      db_exec(db, "UPDATE spooled SET samples = 0, body = $2 WHERE id = $1", params, 2, NULL, err);
  buf_finish(&body);
  return ok;
}

/* The samples of the oldest row that has any; `lost` stays as it is when there is none. */
static bool shed_one(struct db *db, int64_t after_id, int64_t *lost, struct err *err) {
  struct spool_row row;
  if (!read_row(db,
                "SELECT id, key, samples, messages, said_ms, body FROM spooled "
                "WHERE samples > 0 AND id > $1 ORDER BY id LIMIT 1",
                after_id, &row, err) ||
      row.id == 0)
    return row.id == 0;
  *lost += row.samples;
  bool ok;
  if (row.batch != NULL)
    row.batch->sample_count = 0;
  if (row.batch == NULL || batch_is_empty(row.batch))
    ok = spool_file_remove(db, row.id, err);
  else
    ok = write_body(db, row.id, row.batch, err);
  batch_destroy(row.batch);
  return ok;
}

static bool make_room(struct db *db, const struct spool_limits *limits, size_t need, int64_t *lost,
                      struct err *err) {
  for (;;) {
    bool over;
    int64_t before = *lost;
    if (!is_over(db, limits, need, &over, err))
      return false;
    if (!over)
      return true;
    if (!shed_one(db, limits->after_id, lost, err))
      return false;
    if (*lost == before)
      return err_set(err, ERR_IO, "there is no room left for the spool on the disk: free some");
  }
}

/* ------------------------------------------------------------ rows */

static int64_t count_messages(const struct batch *batch) {
  int64_t count = 0;
  for (size_t i = 0; i < batch->message_count; i++)
    count += !batch->messages[i].said;
  return count;
}

static bool insert(struct db *db, const struct batch *batch, const char *key,
                   const struct buf *body, int64_t *id, struct err *err) {
  const struct db_value params[] = {
      db_text(key), db_int(clock_wall_ms()), db_int((int64_t)batch->sample_count),
      db_int(count_messages(batch)), db_blob(body->data, body->length)};
  struct db_cursor *cursor;
  if (!db_query(db,
                "INSERT INTO spooled (key, at_ms, samples, messages, body) "
                "VALUES ($1, $2, $3, $4, $5) RETURNING id",
                params, 5, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW)
    *id = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return step == DB_ROW;
}

bool spool_file_put(struct db *db, const struct batch *batch, const char *key,
                    const struct spool_limits *limits, int64_t *id, int64_t *lost,
                    struct err *err) {
  struct buf body;
  *lost = 0;
  buf_init(&body);
  batch_codec_write(batch, &body);
  bool ok = make_room(db, limits, body.length, lost, err) &&
            insert(db, batch, key, &body, id, err) && batch_write_state(batch, db, err);
  buf_finish(&body);
  return ok || err_add(err, "the spool");
}

bool spool_file_first(struct db *db, struct spool_row *row, struct err *err) {
  return read_row(db,
                  "SELECT id, key, samples, messages, said_ms, body FROM spooled WHERE id > $1 "
                  "ORDER BY id LIMIT 1",
                  0, row, err);
}

bool spool_file_remove(struct db *db, int64_t id, struct err *err) {
  const struct db_value params[] = {db_int(id)};
  return db_exec(db, "DELETE FROM spooled WHERE id = $1", params, 1, NULL, err) ||
         err_add(err, "the spool");
}

bool spool_file_said(struct db *db, int64_t through_id, int64_t now_ms, struct err *err) {
  const struct db_value params[] = {db_int(through_id), db_int(now_ms)};
  return db_exec(db, "UPDATE spooled SET said_ms = $2 WHERE id <= $1 AND said_ms = 0", params, 2,
                 NULL, err) ||
         err_add(err, "the spool");
}

bool spool_file_unsaid(struct db *db,
                       void (*visit)(int64_t id, const struct batch *batch, void *arg), void *arg,
                       struct err *err) {
  struct spool_row row = {0};
  do {
    if (!read_row(db,
                  "SELECT id, key, samples, messages, said_ms, body FROM spooled "
                  "WHERE messages > 0 AND said_ms = 0 AND id > $1 ORDER BY id LIMIT 1",
                  row.id, &row, err))
      return false;
    if (row.batch != NULL)
      visit(row.id, row.batch, arg);
    batch_destroy(row.batch);
  } while (row.id != 0);
  return true;
}
