#include "store/alert_store.h"

#include <assert.h>
#include <math.h>

#include "base/str.h"

static struct db_value real_or_null(double value) {
  return isnan(value) ? db_null() : db_real(value);
}

static bool forget(struct db *db, const struct alert_state_row *row, struct err *err) {
  const struct db_value params[] = {db_int(row->miner_id), db_int(row->rule)};
  return db_exec(db, "DELETE FROM alert_state WHERE miner_id = $1 AND rule = $2", params, 2, NULL,
                 err);
}

static bool keep(struct db *db, const struct alert_state_row *row, struct err *err) {
  const struct db_value params[] = {
      db_int(row->miner_id),        db_int(row->rule),        db_int(row->phase),
      db_int(row->since_ms),        db_int(row->changed_ms),  db_int(row->announced_ms),
      db_int(row->holds),           real_or_null(row->worst), real_or_null(row->value),
      real_or_null(row->limit),     db_int(row->reason),      db_int(row->episode),
      db_int(row->acknowledged_ms),
  };
  return db_exec(db,
                 "INSERT INTO alert_state (miner_id, rule, phase, since_ms, changed_ms, "
                 "announced_ms, holds, worst, value, limit_value, reason, episode_id, "
                 "acknowledged_ms) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
                 "ON CONFLICT (miner_id, rule) DO UPDATE SET (phase, since_ms, changed_ms, "
                 "announced_ms, holds, worst, value, limit_value, reason, episode_id, "
                 "acknowledged_ms) = (excluded.phase, excluded.since_ms, excluded.changed_ms, "
                 "excluded.announced_ms, "
                 "excluded.holds, excluded.worst, excluded.value, excluded.limit_value, "
                 "excluded.reason, excluded.episode_id, excluded.acknowledged_ms)",
                 params, sizeof params / sizeof params[0], NULL, err);
}

bool alert_store_save(struct db *db, const struct alert_state_row *row, struct err *err) {
  bool ok = row->phase == ALERT_OK ? forget(db, row, err) : keep(db, row, err);
  return ok || err_add(err, "cannot keep an alert's state");
}

bool alert_store_each(struct db *db, void (*row)(const struct alert_state_row *row, void *arg),
                      void *arg, struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db,
                "SELECT miner_id, rule, phase, since_ms, changed_ms, announced_ms, holds, worst, "
                "value, limit_value, reason, episode_id, acknowledged_ms FROM alert_state ORDER BY "
                "miner_id, rule",
                NULL, 0, &cursor, err))
    return err_add(err, "cannot read the alerts");
  enum db_step step;
  while ((step = db_cursor_next(cursor, err)) == DB_ROW) {
    const struct alert_state_row state = {
        .miner_id = db_cursor_int(cursor, 0),
        .rule = (enum alert_rule)db_cursor_int(cursor, 1),
        .phase = (enum alert_phase)db_cursor_int(cursor, 2),
        .since_ms = db_cursor_int(cursor, 3),
        .changed_ms = db_cursor_int(cursor, 4),
        .announced_ms = db_cursor_int(cursor, 5),
        .holds = (int)db_cursor_int(cursor, 6),
        .worst = db_cursor_real(cursor, 7),
        .value = db_cursor_real(cursor, 8),
        .limit = db_cursor_real(cursor, 9),
        .reason = (int)db_cursor_int(cursor, 10),
        .episode = db_cursor_int(cursor, 11),
        .acknowledged_ms = db_cursor_int(cursor, 12),
    };
    row(&state, arg);
  }
  db_cursor_close(cursor);
  return step == DB_DONE || err_add(err, "cannot read the alerts");
}

bool alert_store_insert_event(struct db *db, const struct alert_event *event, int64_t *id,
                              struct err *err) {
  const struct db_value params[] = {
      db_int(event->miner_id),    db_int(event->rule),        db_int(event->kind),
      db_int(event->at_ms),       db_int(event->since_ms),    real_or_null(event->value),
      real_or_null(event->limit), real_or_null(event->worst), db_int(event->reason),
      db_int(event->episode),     db_text(event->detail),
  };
  struct db_cursor *cursor;
  if (!db_query(db,
                "INSERT INTO alert_event (miner_id, rule, kind, at_ms, since_ms, value, "
                "limit_value, worst, reason, episode_id, detail) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
                "RETURNING id",
                params, sizeof params / sizeof params[0], &cursor, err))
    return err_add(err, "cannot keep an alert");
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW && id != NULL)
    *id = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return step == DB_ROW || err_add(err, "cannot keep an alert");
}

static void read_event(const struct db_cursor *cursor, struct alert_event *event) {
  *event = (struct alert_event){
      .miner_id = db_cursor_int(cursor, 1),
      .rule = (enum alert_rule)db_cursor_int(cursor, 2),
      .kind = (enum alert_event_kind)db_cursor_int(cursor, 3),
      .at_ms = db_cursor_int(cursor, 4),
      .since_ms = db_cursor_int(cursor, 5),
      .value = db_cursor_real(cursor, 6),
      .limit = db_cursor_real(cursor, 7),
      .worst = db_cursor_real(cursor, 8),
      .reason = (int)db_cursor_int(cursor, 9),
      .episode = db_cursor_int(cursor, 10),
  };
  str_copy(event->detail, sizeof event->detail, db_cursor_text(cursor, 11));
}

/* Two texts rather than "$1 = 0 OR miner_id = $1", which no index can answer. */
#define COLUMNS                                                                                    \
  "id, miner_id, rule, kind, at_ms, since_ms, value, limit_value, worst, reason, episode_id, "     \
  "detail "
#define EVENTS_OF(condition)                                                                       \
  "SELECT " COLUMNS "FROM alert_event WHERE " condition " id < $1 ORDER BY id DESC LIMIT $2"

typedef bool (*event_visit)(int64_t id, const struct alert_event *event, void *arg);

static bool walk(struct db_cursor *cursor, event_visit visit, void *arg, struct err *err) {
  enum db_step step = DB_DONE;
  bool more = true;
  while (more && (step = db_cursor_next(cursor, err)) == DB_ROW) {
    struct alert_event event;
    read_event(cursor, &event);
    more = visit(db_cursor_int(cursor, 0), &event, arg);
  }
  db_cursor_close(cursor);
  return !more || step == DB_DONE || err_add(err, "cannot read the alerts");
}

bool alert_store_events(struct db *db, int64_t miner_id, int64_t before_id, int limit,
                        bool (*visit)(int64_t id, const struct alert_event *event, void *arg),
                        void *arg, struct err *err) {
  assert(limit >= 1 && limit <= 1000);
  const struct db_value params[] = {
      db_int(before_id != 0 ? before_id : INT64_MAX),
      db_int(limit),
      db_int(miner_id),
  };
  const char *sql = miner_id != 0 ? EVENTS_OF("miner_id = $3 AND") : EVENTS_OF("miner_id >= 0 AND");
  struct db_cursor *cursor;
  if (!db_query(db, sql, params, miner_id != 0 ? 3 : 2, &cursor, err))
    return err_add(err, "cannot read the alerts");
  return walk(cursor, visit, arg, err);
}

bool alert_store_episode_events(struct db *db, int64_t episode,
                                bool (*visit)(int64_t id, const struct alert_event *event,
                                              void *arg),
                                void *arg, struct err *err) {
  const struct db_value params[] = {db_int(episode)};
  struct db_cursor *cursor;
  if (!db_query(db,
                "SELECT " COLUMNS "FROM alert_event WHERE episode_id = $1 AND episode_id <> 0 "
                "ORDER BY id",
                params, 1, &cursor, err))
    return err_add(err, "cannot read the alerts");
  return walk(cursor, visit, arg, err);
}
