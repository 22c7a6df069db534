/* PostgreSQL: what a sample costs our writer, and what it costs as the original
 * keeps it, a row and a commit for each. Run by bench/pg.
 *
 *   bench_pg ADDRESS MINERS HOURS
 *
 * The same values go to both. The original's table has a column of eight bytes for
 * each of them, a time, its miner and a number; no index beside the number's, so
 * that it weighs as little as it can. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "db/db.h"
#include "store/sample_store.h"
#include "store/seal_store.h"
#include "store/setting_store.h"
#include "store/store.h"
#include "store_samples.h"

enum {
  PEER_S = 8,   /* so long rows are inserted one by one */
  BATCH = 1000, /* samples of a commit: a thousand miners' */
  BATCHES = 100,
  TICKS_A_COMMIT = 10, /* in the history that is sealed */
  VACUUM_TICKS = 120,  /* twenty minutes: what autovacuum does in real time */
  SEAL_TICKS = 30,     /* five minutes: a slot's turn */
};

struct cost {
  double samples_a_second, bytes, wal; /* the latter a sample */
};

static void check(bool ok, const struct err *err) {
  if (ok)
    return;
  fprintf(stderr, "bench_pg: %s\n", err->text);
  exit(1);
}

static void exec(struct db *db, const char *sql) {
  struct err err;
  check(db_exec(db, sql, NULL, 0, NULL, &err), &err);
}

static double ask(struct db *db, const char *sql) {
  struct err err;
  struct db_cursor *cursor;
  check(db_query(db, sql, NULL, 0, &cursor, &err), &err);
  check(db_cursor_next(cursor, &err) == DB_ROW, &err);
  double value = db_cursor_real(cursor, 0);
  db_cursor_close(cursor);
  return value;
}

/* Bytes that the server has written to its log since it was made. */
static double wal_bytes(struct db *db) {
  return ask(db, "SELECT CAST(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS BIGINT)");
}

static double bytes_of(struct db *db, const char *tables) {
  struct buf sql;
  buf_init(&sql);
  buf_printf(
      &sql,
      "SELECT CAST(SUM(pg_total_relation_size(oid)) AS BIGINT) FROM pg_class "
      "WHERE relkind = 'r' AND relname ~ '^(%s)(_[0-9_a-z]+)?$' AND relname <> 'sample_readable'",
      tables);
  double bytes = ask(db, sql.data);
  buf_finish(&sql);
  return bytes;
}

static void commit_rows(struct db *db, const struct sample_row *rows, size_t count, int64_t batch) {
  struct err err;
  char key[32];
  bool is_new;
  snprintf(key, sizeof key, "bench-%" PRId64, batch);
  check(db_begin(db, &err), &err);
  check(setting_store_change(db, "last_batch", key, &is_new, &err), &err);
  check(sample_store_insert(db, rows, count, &err), &err);
  check(db_commit(db, &err), &err);
}

/* ------------------------------------------------------------ the original's way */

static void make_peer_table(struct db *db, struct buf *insert) {
  struct buf sql;
  buf_init(&sql);
  buf_append_text(&sql, "CREATE TABLE telemetry (id BIGSERIAL PRIMARY KEY, "
                        "recorded_at TIMESTAMPTZ NOT NULL, miner_id BIGINT NOT NULL");
  buf_append_text(insert, "INSERT INTO telemetry (recorded_at, miner_id");
  for (int metric = 0; metric < METRIC_COUNT; metric++) {
    const char *name = metric_facts((enum metric)metric)->name;
    buf_printf(&sql, ", %s DOUBLE PRECISION", name);
    buf_printf(insert, ", %s", name);
  }
  buf_append_char(&sql, ')');
  buf_append_text(insert, ") VALUES (to_timestamp($1), $2");
  for (int metric = 0; metric < METRIC_COUNT; metric++)
    buf_printf(insert, ", $%d", metric + 3);
  buf_append_char(insert, ')');
  exec(db, sql.data);
  buf_finish(&sql);
}

static void insert_peer_row(struct db *db, const char *insert, const struct sample *sample) {
  struct err err;
  struct db_value params[METRIC_COUNT + 2];
  params[0] = db_real((double)sample->at_ms / 1000);
  params[1] = db_int(1);
  for (int metric = 0; metric < METRIC_COUNT; metric++) {
    double value = sample->values[metric];
    params[metric + 2] = metric_is_known(value) ? db_real(value) : db_null();
  }
  check(db_exec(db, insert, params, METRIC_COUNT + 2, NULL, &err), &err);
}

static struct cost bench_peer(struct db *db) {
  struct buf insert;
  struct rand rand;
  struct sample sample;
  rand_init(&rand, 1);
  buf_init(&insert);
  make_peer_table(db, &insert);
  double wal = wal_bytes(db);
  int64_t start_ms = clock_mono_ms();
  int count = 0;
  while (clock_mono_ms() - start_ms < PEER_S * 1000) {
    make_realistic_sample(&rand, &sample, count++);
    insert_peer_row(db, insert.data, &sample);
  }
  double seconds = (double)(clock_mono_ms() - start_ms) / 1000;
  buf_finish(&insert);
  return (struct cost){count / seconds, bytes_of(db, "telemetry") / count,
                       (wal_bytes(db) - wal) / count};
}

/* ------------------------------------------------------------ our way */

static struct cost bench_rows(struct db *db) {
  struct rand rand;
  struct sample_row *rows = mem_alloc(BATCH * sizeof *rows);
  rand_init(&rand, 2);
  double wal = wal_bytes(db);
  int64_t spent_us = 0;
  for (int batch = 0; batch < BATCHES; batch++) {
    for (int i = 0; i < BATCH; i++) {
      rows[i].miner_id = i + 1;
      make_realistic_sample(&rand, &rows[i].sample, batch);
    }
    int64_t start_us = clock_mono_us();
    commit_rows(db, rows, BATCH, batch);
    spent_us += clock_mono_us() - start_us;
  }
  free(rows);
  double count = (double)BATCH * BATCHES;
  return (struct cost){count * 1e6 / (double)spent_us, bytes_of(db, "sample") / count,
                       (wal_bytes(db) - wal) / count};
}

static void seal_due(struct db *db, int64_t now_ms) {
  struct err err;
  const struct seal_step step = {.max_rows = 1000000};
  struct seal_result result = {0};
  while (!result.done) {
    check(db_begin(db, &err), &err);
    check(seal_store_step(db, now_ms, &step, &result, &err), &err);
    check(db_commit(db, &err), &err);
  }
}

/* A history as it comes, sealed at its own times. */
static struct cost bench_history(struct db *db, int miners, int hours) {
  size_t size = (size_t)miners * TICKS_A_COMMIT;
  struct sample_row *rows = mem_alloc(size * sizeof *rows);
  struct rand rand;
  rand_init(&rand, 3);
  exec(db, "TRUNCATE sample, seal");
  seal_due(db, SAMPLES_START_MS);
  double wal = wal_bytes(db);
  int64_t spent_us = 0;
  for (int tick = 0; tick < hours * 360; tick += TICKS_A_COMMIT) {
    for (size_t i = 0; i < size; i++) {
      rows[i].miner_id = (int64_t)(i % (size_t)miners) + 1;
      make_realistic_sample(&rand, &rows[i].sample, tick + (int)(i / (size_t)miners));
    }
    int64_t start_us = clock_mono_us();
    commit_rows(db, rows, size, tick + BATCHES);
    if (tick % SEAL_TICKS == 0)
      seal_due(db, SAMPLES_START_MS + tick * INT64_C(10000));
    if (tick % VACUUM_TICKS == 0)
      exec(db, "VACUUM sample, hour, day");
    spent_us += clock_mono_us() - start_us;
  }
  free(rows);
  double count = (double)miners * hours * 360;
  return (struct cost){count * 1e6 / (double)spent_us,
                       bytes_of(db, "sample|chunk|hour|day") / count,
                       (wal_bytes(db) - wal) / count};
}

static void print_cost(const char *what, struct cost cost) {
  printf("%-44s %9.0f %9.1f %9.0f\n", what, cost.samples_a_second, cost.bytes, cost.wal);
}

int main(int argc, char **argv) {
  struct err err;
  struct db *db = NULL;
  if (argc != 4 || atoi(argv[2]) < 1 || atoi(argv[3]) < 1) {
    fprintf(stderr, "usage: bench_pg ADDRESS MINERS HOURS\n");
    return 2;
  }
  int miners = atoi(argv[2]), hours = atoi(argv[3]);
  check(store_open(&db, argv[1], &err), &err);

  printf("%-44s %9s %9s %9s\n", "", "samples/s", "bytes", "WAL bytes");
  struct cost peer = bench_peer(db);
  print_cost("one INSERT and commit a sample (original)", peer);
  struct cost rows = bench_rows(db);
  print_cost("ours, 1,000 samples a commit, as rows", rows);
  struct cost history = bench_history(db, miners, hours);
  print_cost("ours, a history with its sealing and vacuum", history);
  double count = (double)miners * hours * 360;
  printf(
      "  of %d miners, %d h: chunks %.1f, hours and days %.1f, the last hours' rows %.1f bytes\n",
      miners, hours, bytes_of(db, "chunk") / count, bytes_of(db, "hour|day") / count,
      bytes_of(db, "sample") / count);
  printf("rate %.0f times (goal 20), bytes 1/%.1f (goal 1/10), bytes once all is sealed 1/%.1f\n",
         rows.samples_a_second / peer.samples_a_second, peer.bytes / history.bytes,
         peer.bytes / (bytes_of(db, "chunk|hour|day") / count));
  db_close(db);
  return 0;
}
