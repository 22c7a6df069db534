#include "store/usage.h"

#include <math.h>

#include "base/str.h"

static const double YEAR_MS = 365.25 * 24 * 3600 * 1000;

static bool read_bytes(struct db *db, int64_t *bytes, struct err *err) {
  struct db_cursor *cursor;
  const char *sql = str_equal(db_kind(db), "sqlite")
                        ? "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
                        : "SELECT pg_database_size(current_database())";
  if (!db_query(db, sql, NULL, 0, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW)
    *bytes = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return step == DB_ROW;
}

/* Rows that are sealed but still there count as their chunk only. */
static const char count_samples[] =
    "SELECT COALESCE(SUM(n), 0), COALESCE(MIN(first_ms), 0), COALESCE(MAX(last_ms), 0) FROM ("
    "SELECT SUM(samples) AS n, MIN(from_ms) AS first_ms, MAX(to_ms) AS last_ms FROM chunk "
    "UNION ALL SELECT COUNT(*), MIN(at_ms), MAX(at_ms) FROM sample WHERE "
    "seq > COALESCE((SELECT through_seq FROM seal WHERE slot = sample.miner_id % 24), 0)) AS parts";

static bool read_samples(struct db *db, struct usage *usage, struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db, count_samples, NULL, 0, &cursor, err))
    return false;
  enum db_step step = db_cursor_next(cursor, err);
  if (step == DB_ROW) {
    usage->samples = db_cursor_int(cursor, 0);
    usage->first_ms = db_cursor_int(cursor, 1);
    usage->last_ms = db_cursor_int(cursor, 2);
  }
  db_cursor_close(cursor);
  return step == DB_ROW;
}

bool usage_read(struct db *db, struct usage *usage, struct err *err) {
  *usage = (struct usage){0};
  return read_bytes(db, &usage->bytes, err) && read_samples(db, usage, err);
}

double usage_bytes_per_sample(const struct usage *usage) {
  return usage->samples >= USAGE_SAMPLES_MIN ? (double)usage->bytes / (double)usage->samples : NAN;
}

double usage_bytes_per_miner_year(const struct usage *usage, int64_t interval_ms) {
  return usage_bytes_per_sample(usage) * (YEAR_MS / (double)interval_ms);
}
