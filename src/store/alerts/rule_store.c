#include "store/alerts/rule_store.h"

#include <math.h>

static struct db_value int_or_null(int64_t value) {
  return value == ALERT_UNSET ? db_null() : db_int(value);
}

static struct db_value real_or_null(double value) {
  return isnan(value) ? db_null() : db_real(value);
}

static bool forget(struct db *db, const struct alert_rule_setting *setting, struct err *err) {
  const struct db_value params[] = {db_int(setting->miner_id), db_int(setting->rule)};
  return db_exec(db, "DELETE FROM rule_setting WHERE miner_id = $1 AND rule = $2", params, 2, NULL,
                 err);
}

static bool keep(struct db *db, const struct alert_rule_setting *setting, struct err *err) {
  const struct db_value params[] = {
      db_int(setting->miner_id),         db_int(setting->rule),
      int_or_null(setting->enabled),     real_or_null(setting->limit),
      real_or_null(setting->hysteresis), int_or_null(setting->hold_ms),
      int_or_null(setting->clear_ms),    int_or_null(setting->cooldown_ms),
      int_or_null(setting->reminder_ms), int_or_null(setting->severity),
  };
  return db_exec(db,
                 "INSERT INTO rule_setting (miner_id, rule, enabled, limit_value, hysteresis, "
                 "hold_ms, clear_ms, cooldown_ms, reminder_ms, severity) "
                 "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
                 "ON CONFLICT (miner_id, rule) DO UPDATE SET (enabled, limit_value, hysteresis, "
                 "hold_ms, clear_ms, cooldown_ms, reminder_ms, severity) = (excluded.enabled, "
                 "excluded.limit_value, excluded.hysteresis, excluded.hold_ms, excluded.clear_ms, "
                 "excluded.cooldown_ms, excluded.reminder_ms, excluded.severity)",
                 params, sizeof params / sizeof params[0], NULL, err);
}

bool rule_store_save(struct db *db, const struct alert_rule_setting *setting, struct err *err) {
  bool ok =
      alert_rule_setting_is_empty(setting) ? forget(db, setting, err) : keep(db, setting, err);
  return ok || err_add(err, "cannot keep the settings of a rule");
}

static int64_t int_or_unset(const struct db_cursor *cursor, int column) {
  return db_cursor_type(cursor, column) == DB_NULL ? ALERT_UNSET : db_cursor_int(cursor, column);
}

bool rule_store_each(struct db *db,
                     void (*visit)(const struct alert_rule_setting *setting, void *arg), void *arg,
                     struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db,
                "SELECT miner_id, rule, enabled, limit_value, hysteresis, hold_ms, clear_ms, "
                "cooldown_ms, reminder_ms, severity FROM rule_setting ORDER BY miner_id, rule",
                NULL, 0, &cursor, err))
    return err_add(err, "cannot read the settings of the rules");
  enum db_step step;
  while ((step = db_cursor_next(cursor, err)) == DB_ROW) {
    const struct alert_rule_setting setting = {
        .miner_id = db_cursor_int(cursor, 0),
        .rule = (enum alert_rule)db_cursor_int(cursor, 1),
        .enabled = (int)int_or_unset(cursor, 2),
        .limit = db_cursor_real(cursor, 3),
        .hysteresis = db_cursor_real(cursor, 4),
        .hold_ms = int_or_unset(cursor, 5),
        .clear_ms = int_or_unset(cursor, 6),
        .cooldown_ms = int_or_unset(cursor, 7),
        .reminder_ms = int_or_unset(cursor, 8),
        .severity = (int)int_or_unset(cursor, 9),
    };
    visit(&setting, arg);
  }
  db_cursor_close(cursor);
  return step == DB_DONE || err_add(err, "cannot read the settings of the rules");
}
