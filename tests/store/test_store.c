#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/sample_store.h"
#include "store/store.h"
#include "support/temp_dir.h"

static struct db *open_or_fail(const char *url) {
  struct err err;
  struct db *db = NULL;
  if (!db_open(&db, url, DB_READ_WRITE, &err))
    fail_msg("%s", err.text);
  return db;
}

static int64_t query_int(struct db *db, const char *sql) {
  struct err err;
  struct db_cursor *cursor = NULL;
  if (!db_query(db, sql, NULL, 0, &cursor, &err))
    fail_msg("%s", err.text);
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  int64_t value = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return value;
}

static void migrate(struct db *db) {
  struct err err;
  if (!store_migrate(db, &err))
    fail_msg("%s", err.text);
}

/* ---- migrations ---- */

static void a_new_database_gets_every_migration(void **state) {
  (void)state;
  struct db *db = open_or_fail("sqlite::memory:");

  migrate(db);

  assert_true(store_schema_version() >= 1);
  assert_int_equal(query_int(db, "SELECT MAX(version) FROM schema_migration"),
                   store_schema_version());
  assert_int_equal(query_int(db, "SELECT COUNT(*) FROM schema_migration"), store_schema_version());
  assert_int_equal(query_int(db, "SELECT COUNT(*) FROM sample_readable"), 0);
  db_close(db);
}

static void migrating_again_changes_nothing(void **state) {
  (void)state;
  struct err err;
  struct db *db = open_or_fail("sqlite::memory:");
  migrate(db);
  assert_true(db_exec(db, "INSERT INTO setting VALUES ('a', 'b')", NULL, 0, NULL, &err));

  migrate(db);

  assert_int_equal(query_int(db, "SELECT COUNT(*) FROM setting"), 1);
  assert_int_equal(query_int(db, "SELECT COUNT(*) FROM schema_migration"), store_schema_version());
  db_close(db);
}

static void a_database_from_a_newer_program_is_refused_and_left_alone(void **state) {
  (void)state;
  struct err err;
  struct db *db = open_or_fail("sqlite::memory:");
  migrate(db);
  assert_true(db_exec(db, "INSERT INTO schema_migration VALUES (9999, 1)", NULL, 0, NULL, &err));

  assert_false(store_migrate(db, &err));

  assert_int_equal(err.code, ERR_CONFLICT);
  assert_non_null(strstr(err.text, "newer"));
  assert_int_equal(query_int(db, "SELECT MAX(version) FROM schema_migration"), 9999);
  db_close(db);
}

static void a_migration_that_fails_leaves_nothing_of_itself(void **state) {
  (void)state;
  struct err err;
  struct db *db = open_or_fail("sqlite::memory:");
  assert_true(db_exec(db, "CREATE TABLE outbox (x BIGINT)", NULL, 0, NULL, &err));

  assert_false(store_migrate(db, &err));

  assert_non_null(strstr(err.text, "0001"));
  assert_int_equal(query_int(db, "SELECT COUNT(*) FROM schema_migration"), 0);
  assert_int_equal(query_int(db, "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'miner'"), 0);
  db_close(db);
}

/* ---- kill -9 ---- */

enum { BATCH = 50, ROUNDS = 20 };

/* The child: commits batches, each numbered in `uptime_s`, and writes a byte to
 * the pipe after each commit, until it is killed. */
static _Noreturn void write_for_ever(const char *url, int64_t batch, int progress) {
  struct err err;
  struct db *db = NULL;
  if (!db_open(&db, url, DB_READ_WRITE, &err))
    _exit(1);
  for (;; batch++) {
    struct sample_row rows[BATCH];
    for (int i = 0; i < BATCH; i++) {
      rows[i].miner_id = 1;
      sample_init(&rows[i].sample, 1800000000000 + batch);
      rows[i].sample.values[METRIC_UPTIME_S] = (double)batch;
    }
    if (!db_begin(db, &err) || !sample_store_insert(db, rows, BATCH, &err) ||
        !db_commit(db, &err) || write(progress, "c", 1) != 1)
      _exit(1);
  }
}

/* Kills the child after `commits` of its commits; returns how many it reported. */
static int64_t run_and_kill(const char *url, int64_t first_batch, int commits) {
  int ends[2];
  assert_int_equal(pipe(ends), 0);
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    close(ends[0]);
    write_for_ever(url, first_batch, ends[1]);
  }
  close(ends[1]);
  int64_t reported = 0;
  char byte;
  while (reported < commits && read(ends[0], &byte, 1) == 1)
    reported++;
  kill(child, SIGKILL);
  while (read(ends[0], &byte, 1) == 1)
    reported++;
  close(ends[0]);
  int status = 0;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_true(WIFSIGNALED(status));
  return reported;
}

static void nothing_committed_is_lost_when_the_program_is_killed(void **state) {
  (void)state;
  struct temp_dir dir;
  temp_dir_create(&dir);
  char url[TEMP_DIR_MAX + 64];
  snprintf(url, sizeof url, "sqlite:%s/monitor.db", dir.path);
  struct db *db = open_or_fail(url);
  migrate(db);
  db_close(db);

  int64_t batches = 0;
  for (int round = 0; round < ROUNDS; round++) {
    int64_t reported = run_and_kill(url, batches, 1 + round * 3);
    db = open_or_fail(url);
    migrate(db);
    assert_int_equal(query_int(db, "SELECT COUNT(*) FROM pragma_integrity_check "
                                   "WHERE integrity_check <> 'ok'"),
                     0);
    /* The last commit may have been made but not reported. */
    int64_t kept = query_int(db, "SELECT COUNT(*) FROM sample");
    assert_int_equal(kept % BATCH, 0);
    assert_in_range(kept / BATCH, batches + reported, batches + reported + 1);
    assert_int_equal(query_int(db, "SELECT COUNT(DISTINCT uptime_s) FROM sample"), kept / BATCH);
    batches = kept / BATCH;
    db_close(db);
  }
  temp_dir_destroy(&dir);
}

/* ---- a full disk ---- */

static bool write_batch(struct db *db, struct err *err) {
  struct sample_row *rows = calloc(1000, sizeof *rows);
  for (int i = 0; i < 1000; i++) {
    rows[i].miner_id = 1;
    sample_init(&rows[i].sample, 1800000000000 + i);
  }
  bool ok = db_begin(db, err) && sample_store_insert(db, rows, 1000, err) && db_commit(db, err);
  db_rollback(db);
  free(rows);
  return ok;
}

static void writing_goes_on_when_a_full_disk_has_space_again(void **state) {
  (void)state;
  struct err err;
  struct temp_dir dir;
  temp_dir_create(&dir);
  char url[TEMP_DIR_MAX + 64];
  snprintf(url, sizeof url, "sqlite:%s/monitor.db", dir.path);
  struct db *db = open_or_fail(url);
  migrate(db);
  assert_true(write_batch(db, &err));

  assert_true(db_exec(db, "PRAGMA max_page_count = 1", NULL, 0, NULL, &err)); /* as it is */
  bool when_full = write_batch(db, &err);
  struct err full = err;
  int64_t kept_when_full = query_int(db, "SELECT COUNT(*) FROM sample");
  assert_true(db_exec(db, "PRAGMA max_page_count = 1000000", NULL, 0, NULL, &err));
  bool when_free = write_batch(db, &err);

  assert_false(when_full);
  assert_int_equal(full.code, ERR_IO);
  assert_non_null(strstr(full.text, "disk is full"));
  assert_int_equal(kept_when_full, 1000);
  assert_true(when_free);
  assert_int_equal(query_int(db, "SELECT COUNT(*) FROM sample"), 2000);
  db_close(db);
  temp_dir_destroy(&dir);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_database_gets_every_migration),
      cmocka_unit_test(migrating_again_changes_nothing),
      cmocka_unit_test(a_database_from_a_newer_program_is_refused_and_left_alone),
      cmocka_unit_test(a_migration_that_fails_leaves_nothing_of_itself),
      cmocka_unit_test(nothing_committed_is_lost_when_the_program_is_killed),
      cmocka_unit_test(writing_goes_on_when_a_full_disk_has_space_again),
  };
  return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
