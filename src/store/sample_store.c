#include "store/sample_store.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/str.h"
#include "store/chunk_store.h"

/* How far out of order rows may be in time and still be found: a Raspberry Pi
 * without a clock chip starts with a time that was saved up to an hour ago. If no
 * row is more than SLACK_MS older than one before it, then all rows before a row
 * of time t are older than t + SLACK_MS, and all after it newer than t - SLACK_MS;
 * so a range widened by the slack on both sides can be found by bisecting, and
 * the exact times are compared while walking it. */
enum { SLACK_MS = 60 * 60 * 1000 };

/* sample_store_last gives up after this many rows: those of a miner that was
 * removed long ago would cost a walk through the whole table. */
enum { LAST_ROWS_MAX = 1000 * 1000 };

/* What is not sealed: behind what the miner's slot is sealed through. */
#define UNSEALED                                                                                   \
  "seq > COALESCE((SELECT through_seq FROM seal WHERE slot = sample.miner_id % 24), 0) "
/* The same for one miner, $1, looked up once and not for each row. */
#define UNSEALED_OF_ONE                                                                            \
  "seq > COALESCE((SELECT through_seq FROM seal WHERE slot = CAST($1 AS BIGINT) % 24), 0) "
_Static_assert(SAMPLE_SLOTS == 24, "the SQL here says so");

/* miner_id, at_ms, offset_ms, state, reason, flags; then the metrics */
enum { FIRST_METRIC = 6, COLUMN_COUNT = FIRST_METRIC + METRIC_COUNT };

/* "miner_id, at_ms, ..., hashrate_ghs, ..." in the order of enum metric. */
static void append_columns(struct buf *sql) {
  buf_append_text(sql, "miner_id, at_ms, offset_ms, state, reason, flags");
  for (int metric = 0; metric < METRIC_COUNT; metric++)
    buf_printf(sql, ", %s", metric_facts((enum metric)metric)->name);
}

/* PostgreSQL, where there is the index sample_miner. */
static bool is_server(const struct db *db) {
  return str_equal(db_kind(db), "postgresql");
}

static void fill_values(struct db_value values[COLUMN_COUNT], const struct sample_row *row) {
  const struct sample *sample = &row->sample;
  values[0] = db_int(row->miner_id);
  values[1] = db_int(sample->at_ms);
  values[2] = db_int(sample->offset_ms);
  values[3] = db_int(sample->state);
  values[4] = db_int(sample->reason);
  values[5] = db_int(sample->flags);
  for (int metric = 0; metric < METRIC_COUNT; metric++) {
    int64_t stored = metric_to_stored((enum metric)metric, sample->values[metric]);
    values[FIRST_METRIC + metric] = stored == METRIC_STORED_UNKNOWN ? db_null() : db_int(stored);
  }
}

bool sample_store_insert(struct db *db, const struct sample_row *rows, size_t count,
                         struct err *err) {
  struct db_bulk *bulk;
  struct buf columns;
  buf_init(&columns);
  append_columns(&columns);
  bool ok = db_bulk_open(db, "sample", columns.data, COLUMN_COUNT, &bulk, err);
  buf_finish(&columns);
  if (!ok)
    return err_add(err, "cannot keep the samples");
  for (size_t i = 0; ok && i < count; i++) {
    struct db_value values[COLUMN_COUNT];
    fill_values(values, &rows[i]);
    ok = db_bulk_add(bulk, values, err);
  }
  return db_bulk_close(bulk, err) || err_add(err, "cannot keep the samples");
}

/* One row of whole numbers; `found` is false when the query has no row. */
static bool read_ints(struct db *db, const char *sql, const struct db_value *params, size_t count,
                      int64_t *values, int width, bool *found, struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db, sql, params, count, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  *found = step == DB_ROW;
  for (int i = 0; *found && i < width; i++)
    values[i] = db_cursor_int(cursor, i);
  db_cursor_close(cursor);
  return step != DB_FAILED;
}

/* The row numbers of the oldest and the newest row; `found` is false without rows.
 * Two subqueries, because MIN and MAX in one would read the whole table. */
static bool read_ends(struct db *db, int64_t ends[2], bool *found, struct err *err) {
  if (!read_ints(db, "SELECT (SELECT MIN(seq) FROM sample), (SELECT MAX(seq) FROM sample)", NULL, 0,
                 ends, 2, found, err))
    return false;
  *found = *found && ends[0] != 0;
  return true;
}

/* The first row number at which the times reach `at_ms`, as if rows were sorted;
 * one past the newest when they never do. */
static bool bisect(struct db *db, const int64_t ends[2], int64_t at_ms, int64_t *seq,
                   struct err *err) {
  int64_t low = ends[0];
  int64_t high = ends[1] + 1;
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    const struct db_value params[] = {db_int(middle)};
    int64_t row[2] = {0};
    bool found = false;
    if (!read_ints(db, "SELECT seq, at_ms FROM sample WHERE seq >= $1 ORDER BY seq LIMIT 1", params,
                   1, row, 2, &found, err))
      return false;
    if (!found || row[1] >= at_ms)
      high = middle;
    else
      low = row[0] + 1;
  }
  *seq = low;
  return true;
}

static void read_row(const struct db_cursor *cursor, struct sample_row *row) {
  int64_t state = db_cursor_int(cursor, 3);
  int64_t reason = db_cursor_int(cursor, 4);
  row->miner_id = db_cursor_int(cursor, 0);
  row->sample.at_ms = db_cursor_int(cursor, 1);
  row->sample.offset_ms = (int32_t)db_cursor_int(cursor, 2);
  /* A table edited by hand must not lead past the ends of the word tables. */
  row->sample.state = state >= 0 && state < STATE_COUNT ? (enum miner_state)state : STATE_UNKNOWN;
  row->sample.reason = reason >= 0 && reason < REASON_COUNT ? (enum reason)reason : REASON_NONE;
  row->sample.flags = (uint32_t)db_cursor_int(cursor, 5);
  for (int i = 0; i < METRIC_COUNT; i++) {
    int column = FIRST_METRIC + i;
    row->sample.values[i] = db_cursor_type(cursor, column) == DB_NULL
                                ? METRIC_UNKNOWN
                                : metric_from_stored((enum metric)i, db_cursor_int(cursor, column));
  }
}

/* Runs "SELECT columns FROM sample <condition>" and hands each row to `visit`. */
struct walk {
  const char *condition;
  struct db_value params[5];
  size_t count;
  sample_store_visit visit;
  void *arg;
};

static bool walk_rows(struct db *db, const struct walk *walk, struct err *err) {
  struct buf sql;
  buf_init(&sql);
  buf_append_text(&sql, "SELECT ");
  append_columns(&sql);
  buf_printf(&sql, " FROM sample %s", walk->condition);
  struct db_cursor *cursor;
  bool ok = db_query(db, sql.data, walk->params, walk->count, &cursor, err);
  buf_finish(&sql);
  if (!ok)
    return false;

  enum db_step step = DB_DONE;
  bool more = true;
  while (more && (step = db_cursor_next(cursor, err)) == DB_ROW) {
    struct sample_row row;
    read_row(cursor, &row);
    more = walk->visit(&row, walk->arg);
  }
  db_cursor_close(cursor);
  return step != DB_FAILED;
}

bool sample_store_range(struct db *db, int64_t miner_id, int64_t from_ms, int64_t to_ms,
                        sample_store_visit visit, void *arg, struct err *err) {
  if (miner_id != 0 && is_server(db)) {
    const struct walk walk = {
        .condition = "WHERE miner_id = $1 AND at_ms >= $2 AND at_ms < $3 AND " UNSEALED_OF_ONE
                     "ORDER BY seq",
        .params = {db_int(miner_id), db_int(from_ms), db_int(to_ms)},
        .count = 3,
        .visit = visit,
        .arg = arg,
    };
    return walk_rows(db, &walk, err) || err_add(err, "cannot read the samples");
  }
  int64_t earliest = from_ms > INT64_MIN + SLACK_MS ? from_ms - SLACK_MS : INT64_MIN;
  int64_t latest = to_ms < INT64_MAX - SLACK_MS ? to_ms + SLACK_MS : INT64_MAX;
  int64_t ends[2] = {0};
  bool found = false;
  int64_t first = 0;
  int64_t end = 0;
  bool ok =
      read_ends(db, ends, &found, err) &&
      (!found || (bisect(db, ends, earliest, &first, err) && bisect(db, ends, latest, &end, err)));
  if (ok && found) {
    const struct walk walk = {
        .condition = miner_id != 0 ? "WHERE seq >= $1 AND seq < $2 AND at_ms >= $3 AND at_ms < $4 "
                                     "AND miner_id = $5 AND " UNSEALED "ORDER BY seq"
                                   : "WHERE seq >= $1 AND seq < $2 AND at_ms >= $3 AND at_ms < $4 "
                                     "AND " UNSEALED "ORDER BY seq",
        .params = {db_int(first), db_int(end), db_int(from_ms), db_int(to_ms), db_int(miner_id)},
        .count = miner_id != 0 ? 5 : 4,
        .visit = visit,
        .arg = arg,
    };
    ok = walk_rows(db, &walk, err);
  }
  return ok || err_add(err, "cannot read the samples");
}

/* Counts what is handed on: first rows, then what is sealed. */
struct last {
  sample_store_visit visit;
  void *arg;
  int64_t miner_id;
  int left;
  bool enough;
};

static bool hand_on(const struct sample_row *row, void *arg) {
  struct last *last = arg;
  last->left--;
  last->enough = !last->visit(row, last->arg);
  return !last->enough;
}

static bool hand_on_sealed(const struct sample *sample, void *arg) {
  const struct sample_row row = {.miner_id = ((struct last *)arg)->miner_id, .sample = *sample};
  return hand_on(&row, arg);
}

/* SQLite walks back over the rows of all miners. */
static bool walk_last_rows(struct db *db, struct last *last, struct err *err) {
  int64_t ends[2] = {0};
  bool found = false;
  struct walk walk = {
      .condition =
          "WHERE miner_id = $1 AND " UNSEALED_OF_ONE "AND seq > $3 ORDER BY seq DESC LIMIT $2",
      .params = {db_int(last->miner_id), db_int(last->left)},
      .count = 3,
      .visit = hand_on,
      .arg = last,
  };
  if (is_server(db)) {
    walk.condition =
        "WHERE miner_id = $1 AND " UNSEALED_OF_ONE "ORDER BY at_ms DESC, seq DESC LIMIT $2";
    walk.count = 2;
    return walk_rows(db, &walk, err);
  }
  if (!read_ends(db, ends, &found, err))
    return false;
  walk.params[2] = db_int(ends[1] - LAST_ROWS_MAX);
  return !found || walk_rows(db, &walk, err);
}

static bool walk_last(struct db *db, struct last *last, struct err *err) {
  if (!walk_last_rows(db, last, err))
    return false;
  const struct chunk_visitor visitor = {.sample = hand_on_sealed, .arg = last};
  return last->enough || last->left == 0 ||
         chunk_store_last(db, last->miner_id, last->left, &visitor, err);
}

bool sample_store_last(struct db *db, int64_t miner_id, int limit, sample_store_visit visit,
                       void *arg, struct err *err) {
  assert(limit >= 1 && limit <= 1000);
  struct last last = {.visit = visit, .arg = arg, .miner_id = miner_id, .left = limit};
  /* Nobody seals meanwhile on a database that nobody else sees. */
  bool own = !db_is_private(db);
  bool ok = (!own || db_begin(db, err)) && walk_last(db, &last, err);
  if (own)
    db_rollback(db); /* nothing was written */
  return ok || err_add(err, "cannot read the samples");
}

bool sample_store_count(struct db *db, int64_t *count, int64_t *first_ms, int64_t *last_ms,
                        struct err *err) {
  int64_t ends[2] = {0};
  int64_t times[2] = {0};
  bool found = false;
  bool ok = read_ends(db, ends, &found, err);
  if (ok && found) {
    const struct db_value params[] = {db_int(ends[0]), db_int(ends[1])};
    ok = read_ints(db,
                   "SELECT COALESCE((SELECT MIN(first_ms) FROM seal), "
                   "(SELECT at_ms FROM sample WHERE seq = $1)), "
                   "(SELECT at_ms FROM sample WHERE seq = $2)",
                   params, 2, times, 2, &found, err);
  }
  /* COUNT(*) would read every page; row numbers begin at 1 and are given once. */
  *count = ok && found ? ends[1] : 0;
  *first_ms = times[0];
  *last_ms = times[1];
  return ok || err_add(err, "cannot count the samples");
}

bool sample_store_slot(struct db *db, const struct sample_slot *slot, sample_store_visit visit,
                       void *arg, struct err *err) {
  const struct walk walk = {
      .condition = "WHERE seq > $1 AND seq <= $2 AND miner_id % 24 = $3 ORDER BY seq",
      .params = {db_int(slot->after_seq), db_int(slot->through_seq), db_int(slot->slot)},
      .count = 3,
      .visit = visit,
      .arg = arg,
  };
  return walk_rows(db, &walk, err) || err_add(err, "cannot read the samples");
}

bool sample_store_ends(struct db *db, int64_t *oldest, int64_t *newest, struct err *err) {
  int64_t ends[2] = {0};
  bool found = false;
  bool ok = read_ends(db, ends, &found, err);
  *oldest = ok && found ? ends[0] : 0;
  *newest = ok && found ? ends[1] : 0;
  return ok || err_add(err, "cannot read the samples");
}

bool sample_store_remove(struct db *db, int64_t through_seq, struct err *err) {
  const struct db_value params[] = {db_int(through_seq)};
  return db_exec(db, "DELETE FROM sample WHERE seq <= $1 AND seq < (SELECT MAX(seq) FROM sample)",
                 params, 1, NULL, err) ||
         err_add(err, "cannot remove sealed samples");
}
