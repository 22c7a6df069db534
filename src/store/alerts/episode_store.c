#include "store/alerts/episode_store.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>

#include "base/buf.h"
#include "base/str.h"

#define COLUMNS                                                                                    \
  "id, miner_id, rule, severity, since_ms, raised_ms, acknowledged_ms, acknowledged_by, "          \
  "cleared_ms, closed_why, worst, value, limit_value, reason, detail, told_with, drill"

const char *episode_end_name(enum episode_end end) {
  static const char *const names[EPISODE_END_COUNT] = {
      [EPISODE_OPEN] = "open",
      [EPISODE_OVER] = "over",
      [EPISODE_RULE_CHANGED] = "rule_changed",
      [EPISODE_MOMENT] = "moment",
      [EPISODE_MINER_GONE] = "miner_gone",
  };
  assert(end >= 0 && end < EPISODE_END_COUNT);
  return names[end];
}

static struct db_value real_or_null(double value) {
  return isnan(value) ? db_null() : db_real(value);
}

bool episode_store_save(struct db *db, const struct episode *episode, struct err *err) {
  assert(episode->id > 0 && (episode->cleared_ms == 0) == (episode->end == EPISODE_OPEN));
  const struct db_value params[] = {
      db_int(episode->id),
      db_int(episode->miner_id),
      db_int(episode->rule),
      db_int(episode->severity),
      db_int(episode->since_ms),
      db_int(episode->raised_ms),
      db_int(episode->acknowledged_ms),
      db_text(episode->acknowledged_by),
      episode->cleared_ms == 0 ? db_null() : db_int(episode->cleared_ms),
      db_int(episode->end),
      real_or_null(episode->worst),
      real_or_null(episode->value),
      real_or_null(episode->limit),
      db_int(episode->reason),
      db_text(episode->detail),
      db_int(episode->told_with),
      db_int(episode->drill ? 1 : 0),
  };
  return db_exec(db,
                 "INSERT INTO episode (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
                 "$10, $11, $12, $13, $14, $15, $16, $17) ON CONFLICT (id) DO UPDATE SET "
                 "(severity, acknowledged_ms, acknowledged_by, cleared_ms, closed_why, worst, "
                 "value, limit_value, reason, detail, told_with) = (excluded.severity, "
                 "excluded.acknowledged_ms, excluded.acknowledged_by, excluded.cleared_ms, "
                 "excluded.closed_why, excluded.worst, excluded.value, excluded.limit_value, "
                 "excluded.reason, excluded.detail, excluded.told_with)",
                 params, sizeof params / sizeof params[0], NULL, err) ||
         err_add(err, "cannot keep an alert's episode");
}

static void read_episode(const struct db_cursor *cursor, struct episode *out) {
  *out = (struct episode){
      .id = db_cursor_int(cursor, 0),
      .miner_id = db_cursor_int(cursor, 1),
      .rule = (enum alert_rule)db_cursor_int(cursor, 2),
      .severity = (enum alert_severity)db_cursor_int(cursor, 3),
      .since_ms = db_cursor_int(cursor, 4),
      .raised_ms = db_cursor_int(cursor, 5),
      .acknowledged_ms = db_cursor_int(cursor, 6),
      .cleared_ms = db_cursor_int(cursor, 8),
      .end = (enum episode_end)db_cursor_int(cursor, 9),
      .worst = db_cursor_real(cursor, 10),
      .value = db_cursor_real(cursor, 11),
      .limit = db_cursor_real(cursor, 12),
      .reason = (int)db_cursor_int(cursor, 13),
      .told_with = db_cursor_int(cursor, 15),
      .drill = db_cursor_int(cursor, 16) != 0,
  };
  str_copy(out->acknowledged_by, sizeof out->acknowledged_by, db_cursor_text(cursor, 7));
  str_copy(out->detail, sizeof out->detail, db_cursor_text(cursor, 14));
}

bool episode_store_get(struct db *db, int64_t id, struct episode *out, struct err *err) {
  const struct db_value params[] = {db_int(id)};
  struct db_cursor *cursor;
  if (!db_query(db, "SELECT " COLUMNS " FROM episode WHERE id = $1", params, 1, &cursor, err))
    return err_add(err, "cannot read an alert");
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW)
    read_episode(cursor, out);
  if (step == DB_DONE)
    err_set(err, ERR_NOT_FOUND, "there is no alert with the number %" PRId64, id);
  db_cursor_close(cursor);
  return step == DB_ROW;
}

/* The conditions are put together, since "$1 = 0 OR miner_id = $1" is what no index
 * can answer. Numbers only go in as parameters. */
static void write_query(struct buf *sql, const struct episode_query *query) {
  buf_append_text(sql, "SELECT " COLUMNS " FROM episode WHERE id < $1");
  if (query->state == EPISODE_IS_OPEN)
    buf_append_text(sql, " AND cleared_ms IS NULL");
  if (query->state == EPISODE_IS_CLOSED)
    buf_append_text(sql, " AND cleared_ms IS NOT NULL");
  int next = 3;
  if (query->miner_id >= 0)
    buf_printf(sql, " AND miner_id = $%d", next++);
  if (query->rule >= 0)
    buf_printf(sql, " AND rule = $%d", next);
  buf_append_text(sql, " ORDER BY id DESC LIMIT $2");
}

bool episode_store_each(struct db *db, const struct episode_query *query,
                        bool (*visit)(const struct episode *episode, void *arg), void *arg,
                        struct err *err) {
  assert(query->limit >= 1 && query->limit <= 1000);
  struct db_value params[4] = {
      db_int(query->before_id != 0 ? query->before_id : INT64_MAX),
      db_int(query->limit),
  };
  size_t count = 2;
  if (query->miner_id >= 0)
    params[count++] = db_int(query->miner_id);
  if (query->rule >= 0)
    params[count++] = db_int(query->rule);
  struct buf sql;
  struct db_cursor *cursor;
  buf_init(&sql);
  write_query(&sql, query);
  bool ok = db_query(db, sql.data, params, count, &cursor, err);
  if (ok) {
    enum db_step step = DB_DONE;
    bool more = true;
    while (more && (step = db_cursor_next(cursor, err)) == DB_ROW) {
      struct episode episode;
      read_episode(cursor, &episode);
      more = visit(&episode, arg);
    }
    db_cursor_close(cursor);
    ok = !more || step == DB_DONE;
  }
  buf_finish(&sql);
  return ok || err_add(err, "cannot read the alerts");
}

bool episode_store_add_note(struct db *db, const struct episode_note *note, struct err *err) {
  assert(note->id > 0);
  const struct db_value params[] = {
      db_int(note->id),      db_int(note->episode_id), db_int(note->at_ms),
      db_text(note->author), db_text(note->text),
  };
  return db_exec(db,
                 "INSERT INTO episode_note (id, episode_id, at_ms, author, text) "
                 "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING",
                 params, sizeof params / sizeof params[0], NULL, err) ||
         err_add(err, "cannot keep a note");
}

bool episode_store_notes(struct db *db, int64_t episode_id,
                         void (*visit)(const struct episode_note *note, void *arg), void *arg,
                         struct err *err) {
  const struct db_value params[] = {db_int(episode_id)};
  struct db_cursor *cursor;
  if (!db_query(db,
                "SELECT id, at_ms, author, text FROM episode_note WHERE episode_id = $1 "
                "ORDER BY id",
                params, 1, &cursor, err))
    return err_add(err, "cannot read an alert's notes");
  enum db_step step;
  while ((step = db_cursor_next(cursor, err)) == DB_ROW) {
    struct episode_note note = {.id = db_cursor_int(cursor, 0),
                                .episode_id = episode_id,
                                .at_ms = db_cursor_int(cursor, 1)};
    str_copy(note.author, sizeof note.author, db_cursor_text(cursor, 2));
    str_copy(note.text, sizeof note.text, db_cursor_text(cursor, 3));
    visit(&note, arg);
  }
  db_cursor_close(cursor);
  return step == DB_DONE || err_add(err, "cannot read an alert's notes");
}
