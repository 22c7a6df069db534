#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "db/db.h"
#include "postgres_server.h"

static const struct postgres_server *server_of(void **state) {
  return *state;
}

static struct db *open_or_fail(const char *url, enum db_mode mode) {
  struct err err;
  struct db *db = NULL;
  if (!db_open(&db, url, mode, &err))
    fail_msg("%s", err.text);
  return db;
}

static void exec(struct db *db, const char *sql) {
  struct err err;
  if (!db_exec(db, sql, NULL, 0, NULL, &err))
    fail_msg("%s: %s", sql, err.text);
}

static int64_t count_rows(struct db *db) {
  struct err err;
  struct db_cursor *cursor = NULL;
  if (!db_query(db, "SELECT COUNT(*) FROM t", NULL, 0, &cursor, &err))
    fail_msg("%s", err.text);
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  int64_t count = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return count;
}

static int empty(void **state) {
  postgres_server_empty(server_of(state));
  return 0;
}

static void a_server_that_is_not_there_is_told_without_the_password(void **state) {
  (void)state;
  struct err err = {0};
  struct db *db = NULL;

  bool ok = db_open(&db, "postgresql://user:hunter2@127.0.0.1:1/x", DB_READ_WRITE, &err);

  assert_false(ok);
  assert_int_equal(err.code, ERR_UNAVAILABLE);
  assert_null(strstr(err.text, "hunter2"));
  assert_null(strchr(err.text, '\n'));
}

/* The original's DATABASE_URL names its Python driver. */
static void the_originals_form_of_address_is_understood(void **state) {
  const struct postgres_server *server = server_of(state);
  char url[sizeof server->url + 16];
  snprintf(url, sizeof url, "postgresql+psycopg2%s", strchr(server->url, ':'));

  struct db *db = open_or_fail(url, DB_READ_WRITE);

  assert_string_equal(db_kind(db), "postgresql");
  assert_false(db_is_private(db));
  db_close(db);
}

static void a_reader_may_not_write(void **state) {
  const struct postgres_server *server = server_of(state);
  struct err err = {0};
  struct db *writer = open_or_fail(server->url, DB_READ_WRITE);
  exec(writer, "CREATE TABLE t (x BIGINT)");
  struct db *reader = open_or_fail(server->url, DB_READ_ONLY);

  bool ok = db_exec(reader, "INSERT INTO t VALUES (1)", NULL, 0, NULL, &err);

  assert_false(ok);
  assert_int_equal(err.code, ERR_IO);
  assert_int_equal(count_rows(reader), 0);
  db_close(reader);
  db_close(writer);
}

/* As a reader of SQLite does: what moves between two of its statements is neither missed
 * nor met twice. */
static void a_readers_transaction_sees_one_moment(void **state) {
  const struct postgres_server *server = server_of(state);
  struct err err;
  struct db *writer = open_or_fail(server->url, DB_READ_WRITE);
  exec(writer, "CREATE TABLE t (x BIGINT)");
  struct db *reader = open_or_fail(server->url, DB_READ_ONLY);

  assert_true(db_begin(reader, &err));
  int64_t before = count_rows(reader);
  exec(writer, "INSERT INTO t VALUES (1)");
  int64_t within = count_rows(reader);
  db_rollback(reader);
  int64_t after = count_rows(reader);

  assert_int_equal(before, 0);
  assert_int_equal(within, 0);
  assert_int_equal(after, 1);
  db_close(reader);
  db_close(writer);
}

static void a_server_that_goes_away_fails_rows_in_bulk(void **state) {
  struct postgres_server *server = *state;
  struct err err = {0};
  struct db *db = open_or_fail(server->url, DB_READ_WRITE);
  struct db_bulk *bulk = NULL;
  const struct db_value one[] = {db_int(1)};
  exec(db, "CREATE TABLE t (x BIGINT)");
  exec(db, "CHECKPOINT");

  assert_true(db_bulk_open(db, "t", "x", 1, &bulk, &err));
  assert_true(db_bulk_add(bulk, one, &err));
  assert_true(postgres_server_restart(server));
  bool closed = db_bulk_close(bulk, &err);
  struct err gone = err;
  assert_true(db_bulk_open(db, "t", "x", 1, &bulk, &err));
  assert_true(db_bulk_add(bulk, one, &err));
  assert_true(db_bulk_close(bulk, &err));

  assert_false(closed);
  assert_int_equal(gone.code, ERR_UNAVAILABLE);
  assert_int_equal(count_rows(db), 1);
  db_close(db);
}

/* The rest is read away rather than cancelled: a cancel would break the transaction. */
static void a_walk_left_early_does_not_break_the_transaction(void **state) {
  const struct postgres_server *server = server_of(state);
  struct err err;
  struct db *db = open_or_fail(server->url, DB_READ_WRITE);
  exec(db, "CREATE TABLE t (x BIGINT)");
  struct db_cursor *cursor = NULL;

  assert_true(db_begin(db, &err));
  assert_true(db_query(db, "SELECT n FROM generate_series(1, 10000) AS n", NULL, 0, &cursor, &err));
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  db_cursor_close(cursor);
  exec(db, "INSERT INTO t VALUES (1)");
  assert_true(db_commit(db, &err));

  assert_int_equal(count_rows(db), 1);
  db_close(db);
}

static void a_restarted_server_is_found_again_outside_transactions_only(void **state) {
  struct postgres_server *server = *state;
  struct err err = {0};
  struct err ignored;
  struct db *db = open_or_fail(server->url, DB_READ_WRITE);
  const struct db_value one[] = {db_int(1)};
  const char *insert = "INSERT INTO t VALUES ($1)";
  exec(db, "CREATE TABLE t (x BIGINT)");
  exec(db, "CHECKPOINT");
  assert_true(db_begin(db, &ignored));
  assert_true(db_exec(db, insert, one, 1, NULL, &ignored));

  assert_true(postgres_server_restart(server));
  bool in_the_middle = db_exec(db, insert, one, 1, NULL, &err);
  bool commits = db_commit(db, &ignored);
  bool begins = db_begin(db, &ignored);
  assert_true(db_exec(db, insert, one, 1, NULL, &ignored));
  assert_true(db_commit(db, &ignored));

  assert_false(in_the_middle);
  assert_int_equal(err.code, ERR_UNAVAILABLE);
  assert_false(commits);
  assert_true(begins);
  assert_int_equal(count_rows(db), 1);
  db_close(db);
}

static void a_statement_ends_when_its_time_is_over(void **state) {
  const struct postgres_server *server = server_of(state);
  struct err err = {0};
  struct db *db = open_or_fail(server->url, DB_READ_WRITE);
  assert_true(db_allow(db, 200, &err));

  bool slow = db_exec(db, "SELECT pg_sleep(3600)", NULL, 0, NULL, &err);
  enum err_code code = err.code;
  assert_true(db_allow(db, 0, &err));
  bool without_end = db_exec(db, "SELECT pg_sleep(0.5)", NULL, 0, NULL, &err);

  assert_false(slow);
  assert_int_equal(code, ERR_TIMEOUT);
  assert_true(without_end);
  db_close(db);
}

static pid_t process_of(struct db *db) {
  struct err err;
  struct db_cursor *cursor = NULL;
  assert_true(db_query(db, "SELECT pg_backend_pid()", NULL, 0, &cursor, &err));
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  pid_t pid = (pid_t)db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return pid;
}

/* Given a process that hangs on its disk, while the server goes on to greet whoever comes. */
static void a_process_that_hangs_is_given_up(void **state) {
  const struct postgres_server *server = server_of(state);
  struct err err = {0}, ignored;
  struct db *db = open_or_fail(server->url, DB_READ_WRITE);
  exec(db, "CREATE TABLE t (x BIGINT)");
  assert_true(db_allow(db, 300, &err));
  pid_t hung = process_of(db);
  assert_true(db_begin(db, &err));
  exec(db, "INSERT INTO t VALUES (1)");

  kill(hung, SIGSTOP);
  bool goes_on = db_exec(db, "INSERT INTO t VALUES (2)", NULL, 0, NULL, &err);
  bool commits = db_commit(db, &ignored);
  bool begins = db_begin(db, &ignored);
  bool is_limited = !db_exec(db, "SELECT pg_sleep(3600)", NULL, 0, NULL, &ignored);
  db_rollback(db);
  kill(hung, SIGCONT);

  assert_false(goes_on);
  assert_int_equal(err.code, ERR_UNAVAILABLE);
  assert_false(commits);
  assert_true(begins);
  assert_true(is_limited);
  assert_int_equal(count_rows(db), 0);
  db_close(db);
}

static void a_backup_is_left_to_the_servers_own_tool(void **state) {
  const struct postgres_server *server = server_of(state);
  struct err err = {0};
  struct db *db = open_or_fail(server->url, DB_READ_ONLY);

  bool ok = db_backup(db, "/nowhere/copy.db", &err);

  assert_false(ok);
  assert_non_null(strstr(err.text, "pg_dump"));
  db_close(db);
}

int main(void) {
  struct postgres_server server;
  if (!postgres_server_start(&server))
    return 77; /* skipped */
  struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(a_server_that_is_not_there_is_told_without_the_password, empty),
      cmocka_unit_test_setup(the_originals_form_of_address_is_understood, empty),
      cmocka_unit_test_setup(a_reader_may_not_write, empty),
      cmocka_unit_test_setup(a_walk_left_early_does_not_break_the_transaction, empty),
      cmocka_unit_test_setup(a_restarted_server_is_found_again_outside_transactions_only, empty),
      cmocka_unit_test_setup(a_readers_transaction_sees_one_moment, empty),
      cmocka_unit_test_setup(a_server_that_goes_away_fails_rows_in_bulk, empty),
      cmocka_unit_test_setup(a_statement_ends_when_its_time_is_over, empty),
      cmocka_unit_test_setup(a_process_that_hangs_is_given_up, empty),
      cmocka_unit_test_setup(a_backup_is_left_to_the_servers_own_tool, empty),
  };
  for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++)
    tests[i].initial_state = &server;
  int failures = cmocka_run_group_tests_name("db_postgresql", tests, NULL, NULL);
  postgres_server_stop(&server);
  return failures;
}
