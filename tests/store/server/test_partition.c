#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/postgres_server.h"
#include "store/chunk_store.h"
#include "store/retention.h"
#include "store/rollup_store.h"
#include "store/server/partition.h"
#include "store/store.h"
#include "store/store_migrations.h"
#include "store/store_samples.h"

static const int64_t DAY_MS = INT64_C(86400000);
static const int64_t JANUARY_MS = INT64_C(1798761600000);  /* 2027-01-01 */
static const int64_t FEBRUARY_MS = INT64_C(1801440000000); /* 2027-02-01 */
static const int64_t MARCH_MS = INT64_C(1803859200000);    /* 2027-03-01 */

static const struct postgres_server *server_of(void **state) {
  return *state;
}

static struct db *open_or_fail(const struct postgres_server *server, enum db_mode mode) {
  struct err err;
  struct db *db = NULL;
  if (!db_open(&db, server->url, mode, &err))
    fail_msg("%s", err.text);
  return db;
}

static void exec(struct db *db, const char *sql) {
  struct err err;
  if (!db_exec(db, sql, NULL, 0, NULL, &err))
    fail_msg("%s: %.60s", err.text, sql);
}

static int64_t query_int(struct db *db, const char *sql) {
  struct err err;
  struct db_cursor *cursor = NULL;
  if (!db_query(db, sql, NULL, 0, &cursor, &err))
    fail_msg("%s: %s", sql, err.text);
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  int64_t value = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return value;
}

static struct db *open_migrated(void **state) {
  struct err err;
  struct db *db = open_or_fail(server_of(state), DB_READ_WRITE);
  if (!store_migrate(db, &err))
    fail_msg("%s", err.text);
  return db;
}

static int empty(void **state) {
  postgres_server_empty(server_of(state));
  return 0;
}

static int64_t rows_of(struct db *db, const char *table) {
  char sql[128];
  snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM %s", table);
  return query_int(db, sql);
}

static bool has_table(struct db *db, const char *table) {
  char sql[128];
  snprintf(sql, sizeof sql, "SELECT to_regclass('%s') IS NOT NULL", table);
  return query_int(db, sql) == 1;
}

/* A chunk of ten samples, an hour of them, that begins at from_ms. */
static void add_chunk(struct db *db, int64_t from_ms) {
  struct err err;
  struct rand rand;
  struct sample samples[10];
  rand_init(&rand, 1);
  for (int i = 0; i < 10; i++) {
    make_realistic_sample(&rand, &samples[i], i);
    samples[i].at_ms = from_ms + i * INT64_C(360000);
  }
  if (!chunk_store_insert(db, 1, samples, 10, &err) ||
      !rollup_store_update(db, 1, samples[0].at_ms, samples[9].at_ms, &err))
    fail_msg("%s", err.text);
}

static bool count_sample(const struct sample *sample, void *arg) {
  (void)sample;
  ++*(int *)arg;
  return true;
}

static int count_samples(struct db *db) {
  struct err err;
  int count = 0;
  const struct chunk_visitor visitor = {.sample = count_sample, .arg = &count};
  assert_true(chunk_store_each(db, 1, INT64_MIN, INT64_MAX, &visitor, &err));
  return count;
}

static void parts_are_made_when_they_are_first_needed(void **state) {
  struct db *db = open_migrated(state);

  add_chunk(db, FEBRUARY_MS - 1);
  add_chunk(db, FEBRUARY_MS);
  add_chunk(db, FEBRUARY_MS + DAY_MS);

  assert_int_equal(rows_of(db, "chunk_2027_01"), 1);
  assert_int_equal(rows_of(db, "chunk_2027_02"), 2);
  assert_int_equal(rows_of(db, "hour_2027"), rows_of(db, "hour"));
  assert_int_equal(count_samples(db), 30);
  db_close(db);
}

static void what_a_clock_far_off_brought_has_parts_of_its_own(void **state) {
  struct db *db = open_migrated(state);

  add_chunk(db, 1000);                     /* 1970 */
  add_chunk(db, INT64_C(4102444800000));   /* 2100 */
  add_chunk(db, INT64_C(400000000000000)); /* the year 14645 */

  assert_int_equal(rows_of(db, "chunk_early"), 1);
  assert_int_equal(rows_of(db, "chunk_late"), 2);
  assert_int_equal(count_samples(db), 30);
  db_close(db);
}

static void a_month_goes_as_a_whole_and_a_part_of_one_in_rows(void **state) {
  struct db *db = open_migrated(state);
  struct err err;
  int64_t first = 0, second = 0, third = 0;
  add_chunk(db, JANUARY_MS + DAY_MS);
  add_chunk(db, FEBRUARY_MS + DAY_MS);
  add_chunk(db, MARCH_MS - DAY_MS);
  int64_t hours = rows_of(db, "hour");

  assert_true(retention_step(db, FEBRUARY_MS + 3 * DAY_MS, &first, &err));
  assert_true(retention_step(db, FEBRUARY_MS + 3 * DAY_MS, &second, &err));
  assert_true(retention_step(db, MARCH_MS, &third, &err));

  assert_false(has_table(db, "chunk_2027_01"));
  assert_int_equal(first, 2); /* January, and the first chunk of February */
  assert_int_equal(second, 0);
  assert_int_equal(third, 1);
  assert_true(has_table(db, "chunk_2027_02")); /* a chunk of it might end in March */
  assert_int_equal(count_samples(db), 0);
  assert_int_equal(rows_of(db, "hour"), hours);
  db_close(db);
}

static void nobody_waits_for_a_reader(void **state) {
  struct db *db = open_migrated(state);
  struct db *reader = open_or_fail(server_of(state), DB_READ_ONLY);
  struct err err;
  bool while_reading = true, afterwards = false;
  add_chunk(db, JANUARY_MS);
  exec(db, "SET lock_timeout = '20s'"); /* that the test ends if somebody does */

  assert_true(db_begin(reader, &err));
  assert_int_equal(count_samples(reader), 10);
  add_chunk(db, MARCH_MS);
  assert_true(partition_drop(db, MARCH_MS, &while_reading, &err));
  assert_int_equal(count_samples(reader), 10);
  db_rollback(reader);
  assert_true(partition_drop(db, MARCH_MS, &afterwards, &err));

  assert_false(while_reading);
  assert_true(afterwards);
  assert_int_equal(count_samples(db), 10);
  db_close(reader);
  db_close(db);
}

static void other_tables_have_no_parts(void **state) {
  struct db *db = open_migrated(state);
  struct err err;

  assert_true(partition_make(db, "day", JANUARY_MS, &err));

  assert_false(has_table(db, "day_2027_01"));
  db_close(db);
}

/* Citus distributes a table only when each of its unique indexes holds the column. */
static void history_can_be_distributed_by_miner(void **state) {
  struct db *db = open_migrated(state);

  int64_t in_the_way = query_int(
      db, "SELECT COUNT(*) FROM pg_index WHERE indisunique AND indrelid IN (to_regclass('sample'), "
          "to_regclass('chunk'), to_regclass('hour'), to_regclass('day')) AND NOT EXISTS ("
          "SELECT 1 FROM pg_attribute WHERE attrelid = indrelid AND attname = 'miner_id' AND "
          "attnum = ANY (indkey))");

  assert_int_equal(in_the_way, 0);
  db_close(db);
}

/* The layout as it was before there were parts. */
static void migrate_to_before(struct db *db) {
  exec(db, "CREATE TABLE schema_migration (version INTEGER PRIMARY KEY, applied_ms BIGINT)");
  for (const struct embedded_file *file = store_migrations; file->name != NULL; file++) {
    bool is_common = strchr(file->name, '.') == strrchr(file->name, '.');
    if (atoi(file->name) < 10 && (is_common || strstr(file->name, ".postgresql.") != NULL))
      exec(db, (const char *)file->data);
  }
  exec(db, "INSERT INTO schema_migration VALUES (9, 1)");
}

static void a_layout_without_parts_is_converted_with_all_its_data(void **state) {
  struct err err;
  struct db *db = open_or_fail(server_of(state), DB_READ_WRITE);
  migrate_to_before(db);
  exec(db, "INSERT INTO chunk (miner_id, from_ms, to_ms, samples, data) SELECT 1 + n % 3, "
           "1798761600000 + n * 7200000, 1798761600000 + n * 7200000 + 7190000, 720, "
           "decode(repeat('00ff', 3000), 'hex') FROM generate_series(CAST(0 AS BIGINT), 999) AS n");
  exec(db, "INSERT INTO chunk (miner_id, from_ms, to_ms, samples, data) VALUES (1, 5, 6, 1, 'x')");
  exec(db, "INSERT INTO hour (miner_id, at_ms, samples, missed, online_ms, hashing_ms, "
           "shares_accepted, shares_rejected, energy_mwh) SELECT 1, 1798761600000 + n * 3600000, "
           "360, 0, 0, 0, n, 0, 0 FROM generate_series(CAST(0 AS BIGINT), 9999) AS n");
  exec(db, "INSERT INTO sample (miner_id, at_ms, offset_ms, state, reason, flags) "
           "SELECT 1, n, 0, 0, 0, 0 FROM generate_series(1, 50) AS n");
  const char *digest = "SELECT SUM(id * from_ms % 1000003 + LENGTH(data)) FROM chunk";
  int64_t before = query_int(db, digest);

  if (!store_migrate(db, &err))
    fail_msg("%s", err.text);
  add_chunk(db, MARCH_MS);

  assert_int_equal(rows_of(db, "chunk"), 1002);
  assert_int_equal(rows_of(db, "chunk_early"), 1);
  assert_int_equal(rows_of(db, "chunk_2027_01"), 372);
  assert_int_equal(rows_of(db, "hour_2028"), 10000 - 8760);
  assert_int_equal(rows_of(db, "sample"), 50);
  assert_int_equal(query_int(db, "SELECT MAX(id) FROM chunk"), 1002);
  exec(db, "DELETE FROM chunk WHERE id = 1002");
  assert_int_equal(query_int(db, digest), before);
  assert_false(has_table(db, "chunk_whole"));
  db_close(db);
}

int main(void) {
  struct postgres_server server;
  if (!postgres_server_start(&server))
    return 77; /* skipped */
  struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(parts_are_made_when_they_are_first_needed, empty),
      cmocka_unit_test_setup(what_a_clock_far_off_brought_has_parts_of_its_own, empty),
      cmocka_unit_test_setup(a_month_goes_as_a_whole_and_a_part_of_one_in_rows, empty),
      cmocka_unit_test_setup(nobody_waits_for_a_reader, empty),
      cmocka_unit_test_setup(other_tables_have_no_parts, empty),
      cmocka_unit_test_setup(history_can_be_distributed_by_miner, empty),
      cmocka_unit_test_setup(a_layout_without_parts_is_converted_with_all_its_data, empty),
  };
  for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
    tests[i].initial_state = &server;
  int failures = cmocka_run_group_tests_name("partition", tests, NULL, NULL);
  postgres_server_stop(&server);
  return failures;
}
