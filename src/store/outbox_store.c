#include "store/outbox_store.h"

#include "base/str.h"

bool outbox_store_insert(struct db *db, struct outbox_row *row, struct err *err) {
  const struct db_value params[] = {
      db_text(row->channel), db_text(row->target), db_int(row->created_ms),
      db_int(row->attempts), db_int(row->next_ms), db_text(row->text),
  };
  struct db_cursor *cursor;
  if (!db_query(db,
                "INSERT INTO outbox (channel, target, created_ms, attempts, next_ms, text) "
                "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                params, sizeof params / sizeof params[0], &cursor, err))
    return err_add(err, "cannot keep a message");
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW)
    row->id = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return step == DB_ROW || err_add(err, "cannot keep a message");
}

bool outbox_store_pending(struct db *db, void (*visit)(const struct outbox_row *row, void *arg),
                          void *arg, struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db,
                "SELECT id, channel, target, created_ms, attempts, next_ms, text FROM outbox "
                "WHERE delivered_ms IS NULL AND given_up_ms IS NULL ORDER BY id",
                NULL, 0, &cursor, err))
    return err_add(err, "cannot read the messages");
  enum db_step step;
  while ((step = db_cursor_next(cursor, err)) == DB_ROW) {
    struct outbox_row row = {
        .id = db_cursor_int(cursor, 0),
        .created_ms = db_cursor_int(cursor, 3),
        .attempts = (int)db_cursor_int(cursor, 4),
        .next_ms = db_cursor_int(cursor, 5),
    };
    str_copy(row.channel, sizeof row.channel, db_cursor_text(cursor, 1));
    str_copy(row.target, sizeof row.target, db_cursor_text(cursor, 2));
    str_copy(row.text, sizeof row.text, db_cursor_text(cursor, 6));
    visit(&row, arg);
  }
  db_cursor_close(cursor);
  return step == DB_DONE || err_add(err, "cannot read the messages");
}

static bool update_one(struct db *db, const char *sql, const struct db_value *params, size_t count,
                       struct err *err) {
  int64_t changed = 0;
  if (!db_exec(db, sql, params, count, &changed, err))
    return err_add(err, "cannot mark a message");
  if (changed == 0)
    return err_set(err, ERR_NOT_FOUND, "there is no message with the number %lld",
                   (long long)params[0].integer);
  return true;
}

bool outbox_store_delivered(struct db *db, int64_t id, int64_t now_ms, struct err *err) {
  const struct db_value params[] = {db_int(id), db_int(now_ms)};
  return update_one(db, "UPDATE outbox SET delivered_ms = $2, error = NULL WHERE id = $1", params,
                    2, err);
}

bool outbox_store_retry(struct db *db, int64_t id, int attempts, int64_t next_ms, const char *error,
                        struct err *err) {
  const struct db_value params[] = {db_int(id), db_int(attempts), db_int(next_ms), db_text(error)};
  return update_one(db, "UPDATE outbox SET attempts = $2, next_ms = $3, error = $4 WHERE id = $1",
                    params, 4, err);
}

bool outbox_store_give_up(struct db *db, int64_t id, int64_t now_ms, const char *error,
                          struct err *err) {
  const struct db_value params[] = {db_int(id), db_int(now_ms), db_text(error)};
  return update_one(db, "UPDATE outbox SET given_up_ms = $2, error = $3 WHERE id = $1", params, 3,
                    err);
}
