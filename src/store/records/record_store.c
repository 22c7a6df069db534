#include "store/records/record_store.h"

#include "model/alert.h"
#include "model/metric.h"

/* All of it can be summed by either database; sums of products go through floating
 * point, since the whole numbers of many miners and years overflow. */
static const char select_sums[] =
    "SELECT COALESCE(MIN(at_ms), 0), COUNT(DISTINCT at_ms), "
    "COALESCE(SUM(CAST(energy_mwh AS DOUBLE PRECISION)), 0), "
    "COALESCE(SUM(CAST(online_ms AS DOUBLE PRECISION)), 0), "
    "COALESCE(SUM(shares_accepted), 0), COALESCE(SUM(shares_rejected), 0), "
    "COALESCE(SUM(CAST(hashrate_ghs_avg AS DOUBLE PRECISION) * online_ms), 0), "
    "MAX(best_session_diff_max), COALESCE(SUM(samples), 0) "
    "FROM day WHERE CAST($1 AS BIGINT) = 0 OR miner_id = $1";

static double column_real(const struct db_cursor *cursor, int column) {
  return db_cursor_type(cursor, column) == DB_NULL ? METRIC_UNKNOWN
                                                   : db_cursor_real(cursor, column);
}

static double scale_of(enum metric metric) {
  return metric_facts(metric)->scale;
}

static void read_sums(const struct db_cursor *cursor, struct record_book *book) {
  book->first_ms = db_cursor_int(cursor, 0);
  book->days = db_cursor_int(cursor, 1);
  book->energy_wh = db_cursor_real(cursor, 2) / 1000;
  book->online_s = db_cursor_real(cursor, 3) / 1000;
  book->shares_accepted = db_cursor_int(cursor, 4);
  book->shares_rejected = db_cursor_int(cursor, 5);
  book->hashes = db_cursor_real(cursor, 6) / scale_of(METRIC_HASHRATE_GHS) / 1000 * 1e9;
  book->best_session_diff = column_real(cursor, 7) / scale_of(METRIC_BEST_SESSION_DIFF);
  book->samples = db_cursor_int(cursor, 8);
}

static bool sum_up(struct db *db, int64_t miner_id, struct record_book *book, struct err *err) {
  const struct db_value params[] = {db_int(miner_id)};
  struct db_cursor *cursor;
  if (!db_query(db, select_sums, params, 1, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW)
    read_sums(cursor, book);
  db_cursor_close(cursor);
  return step == DB_ROW;
}

/* ------------------------------------------------------------ single records */

/* Each gives value, day and miner of the one row wanted, or no row. */
static const char select_best_diff[] =
    "SELECT CAST(best_diff AS DOUBLE PRECISION), at_ms, miner_id FROM day "
    "WHERE (CAST($1 AS BIGINT) = 0 OR miner_id = $1) AND best_diff IS NOT NULL "
    "ORDER BY best_diff DESC, at_ms, miner_id LIMIT 1";

/* What all did together, over the time of the one that was there longest. */
static const char select_hashrate[] =
    "SELECT SUM(CAST(hashrate_ghs_avg AS DOUBLE PRECISION) * online_ms) / MAX(online_ms) AS value, "
    "at_ms, 0 FROM day "
    "WHERE (CAST($1 AS BIGINT) = 0 OR miner_id = $1) AND hashrate_ghs_avg IS NOT NULL "
    "GROUP BY at_ms HAVING MAX(online_ms) >= CAST($2 AS BIGINT) ORDER BY value DESC, at_ms LIMIT 1";

/* Only days that were hashed through: standing still is not thrift. */
static const char select_efficiency[] =
    "SELECT SUM(CAST(power_w_avg AS DOUBLE PRECISION) * online_ms) / "
    "SUM(CAST(hashrate_ghs_avg AS DOUBLE PRECISION) * online_ms) AS value, at_ms, 0 FROM day "
    "WHERE (CAST($1 AS BIGINT) = 0 OR miner_id = $1) AND hashrate_ghs_avg > 0 "
    "AND power_w_avg > 0 AND hashing_ms >= CAST($2 AS BIGINT) "
    "GROUP BY at_ms ORDER BY value, at_ms LIMIT 1";

struct wanted {
  const char *sql;
  int64_t miner_id;
  bool long_days; /* takes RECORD_DAY_LEAST_MS */
};

static bool find_record(struct db *db, const struct wanted *wanted, struct record *record,
                        struct err *err) {
  const struct db_value params[] = {db_int(wanted->miner_id), db_int(RECORD_DAY_LEAST_MS)};
  struct db_cursor *cursor;
  *record = (struct record){.value = METRIC_UNKNOWN};
  if (!db_query(db, wanted->sql, params, wanted->long_days ? 2 : 1, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW)
    *record = (struct record){.value = db_cursor_real(cursor, 0),
                              .at_ms = db_cursor_int(cursor, 1),
                              .miner_id = db_cursor_int(cursor, 2)};
  db_cursor_close(cursor);
  return step != DB_FAILED;
}

bool record_store_book(struct db *db, int64_t miner_id, struct record_book *book, struct err *err) {
  *book = (struct record_book){.best_session_diff = METRIC_UNKNOWN};
  bool ok =
      sum_up(db, miner_id, book, err) &&
      find_record(db, &(struct wanted){select_best_diff, miner_id, false}, &book->best_diff, err) &&
      find_record(db, &(struct wanted){select_hashrate, miner_id, true}, &book->hashrate, err) &&
      find_record(db, &(struct wanted){select_efficiency, miner_id, true}, &book->lowest_efficiency,
                  err);
  book->best_diff.value /= scale_of(METRIC_BEST_DIFF);
  book->hashrate.value /= scale_of(METRIC_HASHRATE_GHS);
  book->lowest_efficiency.value *=
      1000 * scale_of(METRIC_HASHRATE_GHS) / scale_of(METRIC_POWER_W); /* W per GH/s to J/TH */
  return ok || err_add(err, "cannot read the record book");
}

/* ------------------------------------------------------------ best difficulty */

bool record_store_best_moment(struct db *db, int64_t miner_id, double value, int64_t *at_ms,
                              struct err *err) {
  const struct db_value params[] = {db_int(miner_id), db_int(ALERT_NEW_BEST),
                                    db_real(value * 0.999)};
  struct db_cursor *cursor;
  *at_ms = 0;
  if (!db_query(db,
                "SELECT COALESCE(MIN(raised_ms), 0) FROM episode "
                "WHERE miner_id = $1 AND rule = $2 AND value >= $3",
                params, 3, &cursor, err))
    return err_add(err, "cannot read when a record was set");
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW)
    *at_ms = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return step == DB_ROW || err_add(err, "cannot read when a record was set");
}

bool record_store_each_best(struct db *db, void (*visit)(int64_t miner_id, double best, void *arg),
                            void *arg, struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db,
                "SELECT miner_id, MAX(best_diff) FROM day WHERE best_diff IS NOT NULL "
                "GROUP BY miner_id ORDER BY miner_id",
                NULL, 0, &cursor, err))
    return err_add(err, "cannot read the best difficulties");
  enum db_step step;
  while ((step = db_cursor_next(cursor, err)) == DB_ROW)
    visit(db_cursor_int(cursor, 0), metric_from_stored(METRIC_BEST_DIFF, db_cursor_int(cursor, 1)),
          arg);
  db_cursor_close(cursor);
  return step == DB_DONE || err_add(err, "cannot read the best difficulties");
}
