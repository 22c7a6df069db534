#include "store/alerts/delivery_store.h"

bool delivery_store_each(struct db *db, int64_t episode_id,
                         void (*visit)(const struct delivery *delivery, void *arg), void *arg,
                         struct err *err) {
  const struct db_value params[] = {db_int(episode_id)};
  struct db_cursor *cursor;
  if (!db_query(db,
                "SELECT id, channel, text, is_update, created_ms, attempts, error, delivered_ms, "
                "given_up_ms FROM outbox WHERE episode_id = $1 AND episode_id <> 0 ORDER BY id",
                params, 1, &cursor, err))
    return err_add(err, "cannot read an alert's messages");
  enum db_step step;
  while ((step = db_cursor_next(cursor, err)) == DB_ROW) {
    const struct delivery delivery = {
        .id = db_cursor_int(cursor, 0),
        .channel = db_cursor_text(cursor, 1),
        .text = db_cursor_text(cursor, 2),
        .update = db_cursor_int(cursor, 3) != 0,
        .created_ms = db_cursor_int(cursor, 4),
        .attempts = (int)db_cursor_int(cursor, 5),
        .error = db_cursor_text(cursor, 6),
        .delivered_ms = db_cursor_int(cursor, 7),
        .given_up_ms = db_cursor_int(cursor, 8),
    };
    visit(&delivery, arg);
  }
  db_cursor_close(cursor);
  return step == DB_DONE || err_add(err, "cannot read an alert's messages");
}
