#include "store/rollup_store.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "store/chunk_store.h"
#include "store/server/partition.h"

/* miner_id, at_ms and the ten figures that are no metrics; then three a metric */
enum { FIXED_COLUMNS = 12, COLUMNS_MAX = FIXED_COLUMNS + 3 * METRIC_COUNT };

struct rollups {
  struct rollup *items;
  size_t count, capacity;
};

static void push(struct rollups *rollups, const struct rollup *rollup) {
  if (rollups->count == rollups->capacity) {
    rollups->capacity = rollups->capacity == 0 ? 32 : rollups->capacity * 2;
    rollups->items = mem_resize(rollups->items, rollups->capacity, sizeof *rollups->items);
  }
  rollups->items[rollups->count++] = *rollup;
}

static const char *table_of(enum rollup_length length) {
  return length == ROLLUP_HOUR ? "hour" : "day";
}

/* ------------------------------------------------------------ one row */

/* Returns how many columns there are. */
static int append_columns(struct buf *sql) {
  int count = FIXED_COLUMNS;
  buf_append_text(sql, "miner_id, at_ms, samples, missed, online_ms, hashing_ms, shares_accepted, "
                       "shares_rejected, energy_mwh, best_diff, last_accepted, last_rejected");
  for (int metric = 0; metric < METRIC_COUNT; metric++) {
    const char *name = metric_facts((enum metric)metric)->name;
    if (!rollup_has((enum metric)metric))
      continue;
    buf_printf(sql, ", %s_avg, %s_min, %s_max", name, name, name);
    count += 3;
  }
  return count;
}

static struct db_value to_column(int64_t stored) {
  return stored == METRIC_STORED_UNKNOWN ? db_null() : db_int(stored);
}

static struct db_value to_metric(enum metric metric, double value) {
  return to_column(metric_to_stored(metric, value));
}

static void fill_params(struct db_value *params, int64_t miner_id, const struct rollup *rollup) {
  int next = 0;
  params[next++] = db_int(miner_id);
  params[next++] = db_int(rollup->at_ms);
  params[next++] = db_int(rollup->samples);
  params[next++] = db_int(rollup->missed);
  params[next++] = db_int(llround(rollup->online_s * 1000.0));
  params[next++] = db_int(llround(rollup->hashing_s * 1000.0));
  params[next++] = db_int(rollup->shares_accepted);
  params[next++] = db_int(rollup->shares_rejected);
  params[next++] = db_int(llround(rollup->energy_wh * 1000.0));
  params[next++] = to_metric(METRIC_BEST_DIFF, rollup->best_diff);
  params[next++] = to_column(rollup->last_accepted);
  params[next++] = to_column(rollup->last_rejected);
  for (int m = 0; m < METRIC_COUNT; m++) {
    enum metric metric = (enum metric)m;
    if (!rollup_has(metric))
      continue;
    params[next++] = to_metric(metric, rollup->metrics[m].average);
    params[next++] = to_metric(metric, rollup->metrics[m].minimum);
    params[next++] = to_metric(metric, rollup->metrics[m].maximum);
  }
}

static int64_t from_column(const struct db_cursor *cursor, int column) {
  return db_cursor_type(cursor, column) == DB_NULL ? METRIC_STORED_UNKNOWN
                                                   : db_cursor_int(cursor, column);
}

static void read_row(const struct db_cursor *cursor, struct rollup *rollup) {
  *rollup = (struct rollup){
      .at_ms = db_cursor_int(cursor, 1),
      .samples = db_cursor_int(cursor, 2),
      .missed = db_cursor_int(cursor, 3),
      .online_s = (double)db_cursor_int(cursor, 4) / 1000.0,
      .hashing_s = (double)db_cursor_int(cursor, 5) / 1000.0,
      .shares_accepted = db_cursor_int(cursor, 6),
      .shares_rejected = db_cursor_int(cursor, 7),
      .energy_wh = (double)db_cursor_int(cursor, 8) / 1000.0,
      .best_diff = metric_from_stored(METRIC_BEST_DIFF, from_column(cursor, 9)),
      .last_accepted = from_column(cursor, 10),
      .last_rejected = from_column(cursor, 11),
  };
  int column = FIXED_COLUMNS;
  for (int m = 0; m < METRIC_COUNT; m++) {
    struct rollup_metric *figures = &rollup->metrics[m];
    *figures = (struct rollup_metric){METRIC_UNKNOWN, METRIC_UNKNOWN, METRIC_UNKNOWN};
    if (!rollup_has((enum metric)m))
      continue;
    figures->average = metric_from_stored((enum metric)m, from_column(cursor, column++));
    figures->minimum = metric_from_stored((enum metric)m, from_column(cursor, column++));
    figures->maximum = metric_from_stored((enum metric)m, from_column(cursor, column++));
  }
}

static bool replace(struct db *db, enum rollup_length length, int64_t miner_id,
                    const struct rollup *rollup, struct err *err) {
  struct db_value params[COLUMNS_MAX];
  struct buf sql;
  buf_init(&sql);
  buf_printf(&sql, "DELETE FROM %s WHERE miner_id = $1 AND at_ms = $2", table_of(length));
  fill_params(params, miner_id, rollup);
  bool ok = partition_make(db, table_of(length), rollup->at_ms, err) &&
            db_exec(db, sql.data, params, 2, NULL, err);
  buf_clear(&sql);
  buf_printf(&sql, "INSERT INTO %s (", table_of(length));
  int count = append_columns(&sql);
  buf_append_text(&sql, ") VALUES ($1");
  for (int i = 2; i <= count; i++)
    buf_printf(&sql, ", $%d", i);
  buf_append_char(&sql, ')');
  ok = ok && db_exec(db, sql.data, params, (size_t)count, NULL, err);
  buf_finish(&sql);
  return ok || err_add(err, "cannot keep the figures of an hour or day");
}

/* ------------------------------------------------------------ reading */

/* "SELECT columns FROM table WHERE miner_id = $1 <condition>" */
static bool walk_rows(struct db *db, const struct rollup_range *range, const char *condition,
                      rollup_store_visit visit, void *arg, struct err *err) {
  const struct db_value params[] = {db_int(range->miner_id), db_int(range->from_ms),
                                    db_int(range->to_ms)};
  struct db_cursor *cursor;
  struct buf sql;
  buf_init(&sql);
  buf_append_text(&sql, "SELECT ");
  append_columns(&sql);
  buf_printf(&sql, " FROM %s WHERE miner_id = $1 AND at_ms >= $2 AND at_ms < $3 %s",
             table_of(range->length), condition);
  bool ok = db_query(db, sql.data, params, 3, &cursor, err);
  buf_finish(&sql);
  enum db_step step = DB_DONE;
  bool more = true;
  while (ok && more && (step = db_cursor_next(cursor, err)) == DB_ROW) {
    struct rollup rollup;
    read_row(cursor, &rollup);
    more = visit(&rollup, arg);
  }
  if (ok)
    db_cursor_close(cursor);
  return (ok && step != DB_FAILED) || err_add(err, "cannot read hours and days");
}

bool rollup_store_each(struct db *db, const struct rollup_range *range, rollup_store_visit visit,
                       void *arg, struct err *err) {
  return walk_rows(db, range, "ORDER BY at_ms", visit, arg, err);
}

static bool collect(const struct rollup *rollup, void *arg) {
  push(arg, rollup);
  return true;
}

/* The newest hour of the range, or the oldest; `found` is empty when there is none. */
static bool find_hour(struct db *db, const struct rollup_range *range, bool newest,
                      struct rollups *found, struct err *err) {
  found->count = 0;
  return walk_rows(db, range, newest ? "ORDER BY at_ms DESC LIMIT 1" : "ORDER BY at_ms LIMIT 1",
                   collect, found, err);
}

static bool newest_before(struct db *db, int64_t miner_id, int64_t before_ms, struct rollups *found,
                          struct err *err) {
  const struct rollup_range range = {ROLLUP_HOUR, miner_id, INT64_MIN, before_ms};
  return find_hour(db, &range, true, found, err);
}

/* ------------------------------------------------------------ reckoning */

/* Hours with first_ms <= at_ms < end_ms. */
struct reckoning {
  int64_t first_ms, end_ms;
  struct rollup_fold fold;
  struct rollups hours;
  int64_t damaged;
};

static void keep_hour(struct reckoning *reckoning, const struct rollup *hour) {
  if (hour->at_ms >= reckoning->first_ms && hour->at_ms < reckoning->end_ms)
    push(&reckoning->hours, hour);
}

static bool take_sample(const struct sample *sample, void *arg) {
  struct reckoning *reckoning = arg;
  struct rollup hour;
  if (sample->at_ms < reckoning->first_ms)
    rollup_fold_lead(&reckoning->fold, sample);
  else if (rollup_fold_add(&reckoning->fold, sample, &hour))
    keep_hour(reckoning, &hour);
  /* One sample beyond the end tells how the last hour ended. */
  return sample->at_ms < reckoning->end_ms;
}

static void count_damage(const struct chunk_info *chunk, const char *why, void *arg) {
  (void)chunk;
  (void)why;
  ((struct reckoning *)arg)->damaged++;
}

/* Fills the hours, with the samples a gap's length on either side for the intervals
 * that reach in. */
static bool reckon(struct db *db, int64_t miner_id, struct reckoning *reckoning, struct err *err) {
  struct rollups before = {0};
  const struct chunk_visitor visitor = {
      .sample = take_sample, .damaged = count_damage, .arg = reckoning};
  bool ok = newest_before(db, miner_id, reckoning->first_ms, &before, err);
  rollup_fold_init(&reckoning->fold, ok && before.count > 0 ? &before.items[0] : NULL);
  ok = ok && chunk_store_each(db, miner_id, reckoning->first_ms - ROLLUP_GAP_MS,
                              reckoning->end_ms + ROLLUP_GAP_MS, &visitor, err);
  struct rollup hour;
  if (ok && rollup_fold_finish(&reckoning->fold, &hour))
    keep_hour(reckoning, &hour);
  free(before.items);
  return ok;
}

static bool keep_day(struct db *db, int64_t miner_id, int64_t at_ms, struct err *err) {
  const struct rollup_range range = {ROLLUP_HOUR, miner_id, at_ms, at_ms + ROLLUP_DAY_MS};
  struct rollups hours = {0};
  bool ok = rollup_store_each(db, &range, collect, &hours, err);
  if (ok && hours.count > 0) {
    struct rollup day;
    rollup_combine(hours.items, hours.count, at_ms, &day);
    ok = replace(db, ROLLUP_DAY, miner_id, &day, err);
  }
  free(hours.items);
  return ok;
}

/* Writes the hours, then the days they lie in. */
static bool keep(struct db *db, int64_t miner_id, const struct rollups *hours, struct err *err) {
  for (size_t i = 0; i < hours->count; i++)
    if (!replace(db, ROLLUP_HOUR, miner_id, &hours->items[i], err))
      return false;
  for (size_t i = 0; i < hours->count; i++) {
    int64_t day_ms = rollup_start(hours->items[i].at_ms, ROLLUP_DAY_MS);
    bool last =
        i + 1 == hours->count || rollup_start(hours->items[i + 1].at_ms, ROLLUP_DAY_MS) != day_ms;
    if (last && !keep_day(db, miner_id, day_ms, err))
      return false;
  }
  return true;
}

static bool same_counters(const struct rollups *a, const struct rollups *b) {
  return a->count > 0 && b->count > 0 && a->items[0].last_accepted == b->items[0].last_accepted &&
         a->items[0].last_rejected == b->items[0].last_rejected;
}

/* Reckons [first_ms, end_ms) and sets `next_ms` to the hour after it when what that
 * began from has changed; INT64_MAX otherwise. */
static bool update_range(struct db *db, int64_t miner_id, struct reckoning *reckoning,
                         int64_t *next_ms, struct err *err) {
  const struct rollup_range after = {ROLLUP_HOUR, miner_id, reckoning->end_ms, INT64_MAX};
  struct rollups was = {0};
  struct rollups is = {0};
  struct rollups next = {0};
  bool ok = newest_before(db, miner_id, reckoning->end_ms, &was, err) &&
            reckon(db, miner_id, reckoning, err) && keep(db, miner_id, &reckoning->hours, err) &&
            newest_before(db, miner_id, reckoning->end_ms, &is, err) &&
            find_hour(db, &after, false, &next, err);
  *next_ms = ok && next.count > 0 && !same_counters(&was, &is) ? next.items[0].at_ms : INT64_MAX;
  free(was.items);
  free(is.items);
  free(next.items);
  return ok;
}

static bool update_from(struct db *db, int64_t miner_id, struct reckoning *reckoning,
                        struct err *err) {
  int64_t next_ms = INT64_MAX;
  bool ok = update_range(db, miner_id, reckoning, &next_ms, err);
  while (ok && next_ms != INT64_MAX) {
    reckoning->first_ms = next_ms;
    reckoning->end_ms = next_ms + ROLLUP_HOUR_MS;
    reckoning->hours.count = 0;
    ok = update_range(db, miner_id, reckoning, &next_ms, err);
  }
  free(reckoning->hours.items);
  return ok || err_add(err, "cannot reckon hours and days");
}

/* The hours that the samples from one time to the other can be seen in. */
static struct reckoning hours_of(int64_t from_ms, int64_t to_ms) {
  return (struct reckoning){.first_ms = rollup_start(from_ms - ROLLUP_GAP_MS, ROLLUP_HOUR_MS),
                            .end_ms = rollup_start(to_ms + ROLLUP_GAP_MS, ROLLUP_HOUR_MS) +
                                      ROLLUP_HOUR_MS};
}

/* Where the hours that were reckoned before that time end; INT64_MIN without any. */
static bool reckoned_until(struct db *db, int64_t miner_id, int64_t before_ms, int64_t *end_ms,
                           struct err *err) {
  struct rollups newest = {0};
  bool ok = newest_before(db, miner_id, before_ms, &newest, err);
  *end_ms = ok && newest.count > 0 ? newest.items[0].at_ms + ROLLUP_HOUR_MS : INT64_MIN;
  free(newest.items);
  return ok;
}

bool rollup_store_update(struct db *db, int64_t miner_id, int64_t from_ms, int64_t to_ms,
                         struct err *err) {
  struct reckoning reckoning = hours_of(from_ms, to_ms);
  int64_t until_ms;
  if (!reckoned_until(db, miner_id, reckoning.first_ms, &until_ms, err))
    return err_add(err, "cannot reckon hours and days");
  /* What was added of the time between (rollup_store_mend) has waited for this. */
  if (until_ms != INT64_MIN && until_ms < reckoning.first_ms)
    reckoning.first_ms = until_ms;
  return update_from(db, miner_id, &reckoning, err);
}

bool rollup_store_mend(struct db *db, int64_t miner_id, int64_t from_ms, int64_t to_ms,
                       struct err *err) {
  struct reckoning reckoning = hours_of(from_ms, to_ms);
  int64_t until_ms;
  if (!reckoned_until(db, miner_id, INT64_MAX, &until_ms, err))
    return err_add(err, "cannot reckon hours and days");
  if (reckoning.end_ms > until_ms)
    reckoning.end_ms = until_ms;
  return reckoning.first_ms >= reckoning.end_ms || update_from(db, miner_id, &reckoning, err);
}

/* The times of the first and the last sealed sample; false in `found` without any. */
static bool sealed_span(struct db *db, int64_t miner_id, int64_t span[2], bool *found,
                        struct err *err) {
  const struct db_value params[] = {db_int(miner_id)};
  struct db_cursor *cursor;
  if (!db_query(db, "SELECT MIN(from_ms), MAX(to_ms) FROM chunk WHERE miner_id = $1", params, 1,
                &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  *found = step == DB_ROW && db_cursor_type(cursor, 0) != DB_NULL;
  for (int i = 0; *found && i < 2; i++)
    span[i] = db_cursor_int(cursor, i);
  db_cursor_close(cursor);
  return step != DB_FAILED;
}

bool rollup_store_rebuild(struct db *db, int64_t miner_id, int64_t *damaged, struct err *err) {
  int64_t span[2] = {0};
  bool found = false;
  *damaged = 0;
  if (!sealed_span(db, miner_id, span, &found, err))
    return err_add(err, "cannot read the chunks");
  if (!found)
    return true;
  struct reckoning reckoning = {.first_ms = rollup_start(span[0], ROLLUP_HOUR_MS),
                                .end_ms = rollup_start(span[1], ROLLUP_HOUR_MS) + ROLLUP_HOUR_MS};
  bool ok = update_from(db, miner_id, &reckoning, err);
  *damaged = reckoning.damaged;
  return ok;
}

bool rollup_store_miners(struct db *db, int64_t **miners, size_t *count, struct err *err) {
  struct db_cursor *cursor;
  enum db_step step;
  *miners = NULL;
  *count = 0;
  if (!db_query(db, "SELECT DISTINCT miner_id FROM chunk ORDER BY miner_id", NULL, 0, &cursor, err))
    return err_add(err, "cannot read the chunks");
  while ((step = db_cursor_next(cursor, err)) == DB_ROW) {
    *miners = mem_resize(*miners, *count + 1, sizeof **miners);
    (*miners)[(*count)++] = db_cursor_int(cursor, 0);
  }
  db_cursor_close(cursor);
  return step != DB_FAILED || err_add(err, "cannot read the chunks");
}
