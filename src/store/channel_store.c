#include "store/channel_store.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

/* In one order for reading and writing; the id and how the last attempt went are apart. */
#define COLUMNS                                                                                    \
  "kind, name, enabled, least_severity, good_news, miners, quiet_from, quiet_to, "                 \
  "critical_passes, language, target, role, settings, secret, created_ms, letter, letter_hour"
enum { COLUMN_COUNT = 17, PARAM_COUNT = COLUMN_COUNT + 1 };

static struct db_value minute_or_null(int minute) {
  return minute < 0 ? db_null() : db_int(minute);
}

/* `miners` holds the text of one parameter for as long as they are used. */
static void fill_params(struct db_value params[PARAM_COUNT], const struct channel_row *row,
                        struct buf *miners) {
  const struct channel *channel = &row->channel;
  const struct channel_wish *wish = &channel->wish;
  buf_append_text(miners, "");
  for (size_t i = 0; i < wish->miner_count; i++)
    buf_printf(miners, "%s%" PRId64, i > 0 ? "," : "", wish->miners[i]);
  const struct db_value values[PARAM_COUNT] = {
      db_text(channel->kind),
      db_text(channel->name),
      db_int(channel->enabled),
      db_int(wish->least_severity),
      db_int(wish->good_news),
      db_text(miners->data),
      minute_or_null(wish->quiet_from_min),
      minute_or_null(wish->quiet_to_min),
      db_int(wish->critical_passes),
      db_text(channel->own_language ? channel->language : ""),
      db_text(channel->target),
      db_text(channel_role_name(channel->role)),
      db_text(row->settings),
      db_text(row->secret),
      db_int(channel->created_ms),
      db_int(channel->letter),
      db_int(channel->letter_hour),
      db_int(channel->id),
  };
  for (int i = 0; i < PARAM_COUNT; i++)
    params[i] = values[i];
}

bool channel_store_insert(struct db *db, struct channel_row *row, struct err *err) {
  struct db_value params[PARAM_COUNT];
  struct db_cursor *cursor;
  struct buf miners;
  buf_init(&miners);
  fill_params(params, row, &miners);
  enum db_step step = DB_FAILED;
  if (db_query(db,
               "INSERT INTO channel (" COLUMNS
               ", last_ok_ms, last_error, last_error_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
               "$9, $10, $11, $12, $13, $14, $15, $16, $17, 0, '', 0) RETURNING id",
               params, COLUMN_COUNT, &cursor, err)) {
    step = db_cursor_next(cursor, err);
    if (step == DB_ROW)
      row->channel.id = db_cursor_int(cursor, 0);
    db_cursor_close(cursor);
  }
  buf_finish(&miners);
  return step == DB_ROW || err_add(err, "cannot keep the channel '%s'", row->channel.name);
}

static bool change_one(struct db *db, const char *sql, const struct db_value *params, size_t count,
                       struct err *err) {
  int64_t changed = 0;
  if (!db_exec(db, sql, params, count, &changed, err))
    return err_add(err, "cannot change the channel");
  return changed > 0 || err_set(err, ERR_NOT_FOUND, "this channel is gone");
}

bool channel_store_update(struct db *db, const struct channel_row *row, struct err *err) {
  struct db_value params[PARAM_COUNT];
  struct buf miners;
  buf_init(&miners);
  fill_params(params, row, &miners);
  bool ok = change_one(db,
                       "UPDATE channel SET kind = $1, name = $2, enabled = $3, least_severity = "
                       "$4, good_news = $5, miners = $6, quiet_from = $7, quiet_to = $8, "
                       "critical_passes = $9, language = $10, target = $11, role = $12, settings "
                       "= $13, secret = $14, created_ms = $15, letter = $16, letter_hour = $17 "
                       "WHERE id = $18",
                       params, PARAM_COUNT, err);
  buf_finish(&miners);
  return ok;
}

bool channel_store_update_state(struct db *db, const struct channel *channel, struct err *err) {
  const struct db_value params[] = {db_int(channel->id), db_int(channel->last_ok_ms),
                                    db_text(channel->last_error), db_int(channel->last_error_ms)};
  return db_exec(db,
                 "UPDATE channel SET last_ok_ms = $2, last_error = $3, last_error_ms = $4 "
                 "WHERE id = $1",
                 params, 4, NULL, err) ||
         err_add(err, "cannot keep how the channel '%s' is", channel->name);
}

bool channel_store_remove(struct db *db, int64_t id, struct err *err) {
  const struct db_value params[] = {db_int(id)};
  return change_one(db, "DELETE FROM channel WHERE id = $1", params, 1, err);
}

/* "1,5,12" into an array that the caller frees; what is no number is passed over. */
static int64_t *read_miners(const char *text, size_t *count) {
  int64_t *miners = NULL;
  *count = 0;
  while (*text != '\0') {
    char *end;
    int64_t id = strtoll(text, &end, 10);
    if (end == text)
      break;
    miners = mem_resize(miners, *count + 1, sizeof *miners);
    miners[(*count)++] = id;
    text = *end == ',' ? end + 1 : end;
  }
  return miners;
}

static int minute_of(const struct db_cursor *cursor, int column) {
  return db_cursor_type(cursor, column) == DB_NULL ? -1 : (int)db_cursor_int(cursor, column);
}

#define COPY_TEXT(field, column) str_copy((field), sizeof(field), db_cursor_text(cursor, (column)))

/* What a later version wrote counts as off. */
static void read_letter(const struct db_cursor *cursor, struct channel *channel) {
  int64_t letter = db_cursor_int(cursor, 16), hour = db_cursor_int(cursor, 17);
  bool known = letter >= CHANNEL_LETTER_OFF && letter <= CHANNEL_LETTER_WEEKLY;
  bool fits = hour >= CHANNEL_LETTER_HOUR_MIN && hour <= CHANNEL_LETTER_HOUR_MAX;
  channel->letter = known ? (enum channel_letter)letter : CHANNEL_LETTER_OFF;
  channel->letter_hour = fits ? (int)hour : CHANNEL_LETTER_HOUR;
}

static void visit_row(const struct db_cursor *cursor,
                      void (*visit)(const struct channel_row *row, void *arg), void *arg) {
  struct channel_row row = {.settings = db_cursor_text(cursor, 13),
                            .secret = db_cursor_text(cursor, 14)};
  struct channel *channel = &row.channel;
  struct channel_wish *wish = &channel->wish;
  int64_t severity = db_cursor_int(cursor, 4);
  channel->id = db_cursor_int(cursor, 0);
  COPY_TEXT(channel->kind, 1);
  COPY_TEXT(channel->name, 2);
  channel->enabled = db_cursor_int(cursor, 3) != 0;
  wish->least_severity = severity >= ALERT_INFO && severity <= ALERT_CRITICAL
                             ? (enum alert_severity)severity
                             : ALERT_INFO;
  wish->good_news = db_cursor_int(cursor, 5) != 0;
  int64_t *miners = read_miners(db_cursor_text(cursor, 6), &wish->miner_count);
  wish->miners = miners;
  wish->quiet_from_min = minute_of(cursor, 7);
  wish->quiet_to_min = minute_of(cursor, 8);
  wish->critical_passes = db_cursor_int(cursor, 9) != 0;
  COPY_TEXT(channel->language, 10);
  channel->own_language = channel->language[0] != '\0';
  COPY_TEXT(channel->target, 11);
  channel->role = CHANNEL_VIEWER;
  channel_role_find(db_cursor_text(cursor, 12), &channel->role);
  channel->created_ms = db_cursor_int(cursor, 15);
  read_letter(cursor, channel);
  channel->last_ok_ms = db_cursor_int(cursor, 18);
  COPY_TEXT(channel->last_error, 19);
  channel->last_error_ms = db_cursor_int(cursor, 20);
  visit(&row, arg);
  free(miners);
}

bool channel_store_each(struct db *db, void (*visit)(const struct channel_row *row, void *arg),
                        void *arg, struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db,
                "SELECT id, " COLUMNS ", last_ok_ms, last_error, last_error_ms FROM channel "
                "ORDER BY id",
                NULL, 0, &cursor, err))
    return err_add(err, "cannot read the channels");
  enum db_step step;
  while ((step = db_cursor_next(cursor, err)) == DB_ROW)
    visit_row(cursor, visit, arg);
  db_cursor_close(cursor);
  return step == DB_DONE || err_add(err, "cannot read the channels");
}
