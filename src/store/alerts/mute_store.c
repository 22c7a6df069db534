#include "store/alerts/mute_store.h"

#include <assert.h>

#include "base/str.h"

bool mute_store_save(struct db *db, const struct mute *mute, struct err *err) {
  assert(mute->id > 0);
  const struct db_value params[] = {
      db_int(mute->id),         db_int(mute->miner_id), db_int(mute->rule),
      db_int(mute->created_ms), db_int(mute->until_ms), db_text(mute->author),
  };
  return db_exec(db,
                 "INSERT INTO mute (id, miner_id, rule, created_ms, until_ms, author) "
                 "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET "
                 "(until_ms, author) = (excluded.until_ms, excluded.author)",
                 params, sizeof params / sizeof params[0], NULL, err) ||
         err_add(err, "cannot keep what is muted");
}

bool mute_store_remove(struct db *db, int64_t id, struct err *err) {
  const struct db_value params[] = {db_int(id)};
  return db_exec(db, "DELETE FROM mute WHERE id = $1", params, 1, NULL, err) ||
         err_add(err, "cannot forget what is muted");
}

bool mute_store_each(struct db *db, void (*visit)(const struct mute *mute, void *arg), void *arg,
                     struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db, "SELECT id, miner_id, rule, created_ms, until_ms, author FROM mute ORDER BY id",
                NULL, 0, &cursor, err))
    return err_add(err, "cannot read what is muted");
  enum db_step step;
  while ((step = db_cursor_next(cursor, err)) == DB_ROW) {
    struct mute mute = {
        .id = db_cursor_int(cursor, 0),
        .miner_id = db_cursor_int(cursor, 1),
        .rule = (int)db_cursor_int(cursor, 2),
        .created_ms = db_cursor_int(cursor, 3),
        .until_ms = db_cursor_int(cursor, 4),
    };
    str_copy(mute.author, sizeof mute.author, db_cursor_text(cursor, 5));
    visit(&mute, arg);
  }
  db_cursor_close(cursor);
  return step == DB_DONE || err_add(err, "cannot read what is muted");
}
