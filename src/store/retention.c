#include "store/retention.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "store/server/partition.h"
#include "store/setting_store.h"

enum { STEP_ROWS = 2000, STEP_CHUNKS = 50 };

/* By number, which SQLite finds without an index on the time: both tables stand
 * in the order of arrival. The newest row of `sample` stays, however old: its
 * number must not be given again (seal_store). */
static const char remove_samples[] =
    "DELETE FROM sample WHERE at_ms < $1 AND seq < (SELECT MAX(seq) FROM sample) AND "
    "seq IN (SELECT seq FROM sample ORDER BY seq LIMIT CAST($2 AS BIGINT))";

/* A chunk goes as a whole, once its last sample is old. */
static const char remove_chunks[] =
    "DELETE FROM chunk WHERE to_ms < $1 AND "
    "id IN (SELECT id FROM chunk ORDER BY id LIMIT CAST($2 AS BIGINT))";

/* Chunks have no index on their number there, and months that are wholly old are gone
 * as parts already: what is left to look through is a month or two. */
static const char remove_chunks_on_server[] =
    "DELETE FROM chunk WHERE (miner_id, from_ms, id) IN (SELECT miner_id, from_ms, id FROM chunk "
    "WHERE from_ms < $1 AND to_ms < $1 LIMIT CAST($2 AS BIGINT))";

/* The name of the setting, a time in milliseconds. */
static const char let_go_before[] = "samples_let_go_before";

bool retention_let_go_ms(struct db *db, int64_t *before_ms, struct err *err) {
  char text[32];
  *before_ms = 0;
  if (!setting_store_get(db, let_go_before, text, sizeof text, err))
    return err->code == ERR_NOT_FOUND;
  return str_to_i64(text, 0, INT64_MAX, before_ms) ||
         err_set(err, ERR_CORRUPT, "the setting '%s' is no time", let_go_before);
}

static bool note_let_go(struct db *db, int64_t before_ms, struct err *err) {
  char text[32];
  int64_t noted_ms;
  snprintf(text, sizeof text, "%" PRId64, before_ms);
  return retention_let_go_ms(db, &noted_ms, err) &&
         (noted_ms >= before_ms || setting_store_set(db, let_go_before, text, err));
}

bool retention_step(struct db *db, int64_t before_ms, int64_t *removed, struct err *err) {
  const struct db_value samples[] = {db_int(before_ms), db_int(STEP_ROWS)};
  const struct db_value chunks[] = {db_int(before_ms), db_int(STEP_CHUNKS)};
  int64_t chunks_removed = 0;
  bool month_dropped = false;
  const char *sql = str_equal(db_kind(db), "postgresql") ? remove_chunks_on_server : remove_chunks;
  bool ok = db_exec(db, remove_samples, samples, 2, removed, err) &&
            partition_drop(db, before_ms, &month_dropped, err) &&
            db_exec(db, sql, chunks, 2, &chunks_removed, err);
  *removed += chunks_removed + month_dropped;
  ok = ok && (*removed == 0 || note_let_go(db, before_ms, err));
  return ok || err_add(err, "cannot remove old samples");
}
