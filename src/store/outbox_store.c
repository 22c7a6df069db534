#include "store/outbox_store.h"

#include "base/str.h"

bool outbox_store_insert(struct db *db, struct outbox_row *row, struct err *err) {
  const struct db_value params[] = {
      db_text(row->channel), db_text(row->target), db_int(row->created_ms), db_int(row->attempts),
      db_int(row->next_ms),  db_text(row->text),   db_int(row->episode_id), db_int(row->update),
      db_int(row->buttons),  db_int(row->digest),  db_int(row->severity),   db_text(row->picture),
  };
  struct db_cursor *cursor;
  if (!db_query(db,
                "INSERT INTO outbox (channel, target, created_ms, attempts, next_ms, text, "
                "episode_id, is_update, buttons, digest, severity, picture) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
                params, sizeof params / sizeof params[0], &cursor, err))
    return err_add(err, "cannot keep a message");
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW)
    row->id = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return step == DB_ROW || err_add(err, "cannot keep a message");
}

static enum alert_severity severity_of(int64_t stored) {
  return stored >= ALERT_INFO && stored <= ALERT_CRITICAL ? (enum alert_severity)stored
                                                          : ALERT_INFO;
}

bool outbox_store_find(struct db *db, struct outbox_row *row, struct err *err) {
  const struct db_value params[] = {db_text(row->channel), db_text(row->target),
                                    db_int(row->created_ms), db_text(row->text)};
  struct db_cursor *cursor;
  if (!db_query(db,
                "SELECT id FROM outbox WHERE channel = $1 AND target = $2 AND created_ms = $3 "
                "AND text = $4 AND delivered_ms IS NULL AND given_up_ms IS NULL "
                "ORDER BY id LIMIT 1",
                params, sizeof params / sizeof params[0], &cursor, err))
    return err_add(err, "cannot look for a message");
  enum db_step step = db_cursor_next(cursor, err);
  row->id = step == DB_ROW ? db_cursor_int(cursor, 0) : 0;
  db_cursor_close(cursor);
  return step != DB_FAILED || err_add(err, "cannot look for a message");
}

bool outbox_store_pending(struct db *db, void (*visit)(const struct outbox_row *row, void *arg),
                          void *arg, struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db,
                "SELECT id, channel, target, created_ms, attempts, next_ms, text, episode_id, "
                "is_update, buttons, digest, severity, picture FROM outbox "
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
        .episode_id = db_cursor_int(cursor, 7),
        .update = db_cursor_int(cursor, 8) != 0,
        .buttons = db_cursor_int(cursor, 9) != 0,
        .digest = db_cursor_int(cursor, 10) != 0,
        .severity = severity_of(db_cursor_int(cursor, 11)),
    };
    str_copy(row.channel, sizeof row.channel, db_cursor_text(cursor, 1));
    str_copy(row.target, sizeof row.target, db_cursor_text(cursor, 2));
    str_copy(row.text, sizeof row.text, db_cursor_text(cursor, 6));
    str_copy(row.picture, sizeof row.picture, db_cursor_text(cursor, 12));
    visit(&row, arg);
  }
  db_cursor_close(cursor);
  return step == DB_DONE || err_add(err, "cannot read the messages");
}

bool outbox_store_told(struct db *db, int64_t since_ms,
                       void (*visit)(const struct outbox_told *told, void *arg), void *arg,
                       struct err *err) {
  const struct db_value params[] = {db_int(since_ms)};
  struct db_cursor *cursor;
  if (!db_query(db,
                "SELECT channel, target, episode_id, message_id FROM outbox WHERE episode_id <> 0 "
                "AND message_id IS NOT NULL AND created_ms >= $1 ORDER BY id",
                params, 1, &cursor, err))
    return err_add(err, "cannot read which messages were sent");
  enum db_step step;
  while ((step = db_cursor_next(cursor, err)) == DB_ROW)
    visit(&(struct outbox_told){.channel = db_cursor_text(cursor, 0),
                                .target = db_cursor_text(cursor, 1),
                                .episode_id = db_cursor_int(cursor, 2),
                                .message_id = db_cursor_text(cursor, 3)},
          arg);
  db_cursor_close(cursor);
  return step == DB_DONE || err_add(err, "cannot read which messages were sent");
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

bool outbox_store_delivered(struct db *db, int64_t id, int64_t now_ms, const char *message_id,
                            struct err *err) {
  const struct db_value params[] = {db_int(id), db_int(now_ms),
                                    message_id[0] == '\0' ? db_null() : db_text(message_id)};
  return update_one(db,
                    "UPDATE outbox SET delivered_ms = $2, error = NULL, message_id = $3 "
                    "WHERE id = $1",
                    params, 3, err);
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
