/* What db.h promises, run over every implementation. A new driver joins with one
 * more line in main. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/db.h"
#include "postgres_server.h"
#include "support/temp_dir.h"

struct target {
  const char *name;
  /* Writes the address of an empty database that one test may fill. `arg` is the
   * target's own. */
  void (*fresh_url)(const struct temp_dir *dir, char *url, size_t size, void *arg);
  void *arg;
};

struct fixture {
  struct temp_dir dir;
  struct db *db;
};

static void sqlite_file_url(const struct temp_dir *dir, char *url, size_t size, void *arg) {
  (void)arg;
  snprintf(url, size, "sqlite:%s/test.db", dir->path);
}

static void sqlite_memory_url(const struct temp_dir *dir, char *url, size_t size, void *arg) {
  (void)dir, (void)arg;
  snprintf(url, size, "sqlite::memory:");
}

static void postgresql_url(const struct temp_dir *dir, char *url, size_t size, void *arg) {
  (void)dir;
  const struct postgres_server *server = arg;
  postgres_server_empty(server);
  snprintf(url, size, "%s", server->url);
}

static int open_target(void **state) {
  const struct target *target = *state;
  struct fixture *f = calloc(1, sizeof *f);
  temp_dir_create(&f->dir);
  char url[TEMP_DIR_MAX + 64];
  target->fresh_url(&f->dir, url, sizeof url, target->arg);
  struct err err;
  if (!db_open(&f->db, url, DB_READ_WRITE, &err)) {
    print_error("%s: %s\n", target->name, err.text);
    return -1;
  }
  *state = f;
  return 0;
}

static int close_target(void **state) {
  struct fixture *f = *state;
  db_close(f->db);
  temp_dir_destroy(&f->dir);
  free(f);
  return 0;
}

/* ---- helpers: they fail the test with the database's own words ---- */

static int64_t exec(struct db *db, const char *sql, const struct db_value *params, size_t count) {
  struct err err;
  int64_t changed = -1;
  if (!db_exec(db, sql, params, count, &changed, &err))
    fail_msg("%s: %s", sql, err.text);
  return changed;
}

static struct db_cursor *query(struct db *db, const char *sql, const struct db_value *params,
                               size_t count) {
  struct err err;
  struct db_cursor *cursor = NULL;
  if (!db_query(db, sql, params, count, &cursor, &err))
    fail_msg("%s: %s", sql, err.text);
  return cursor;
}

static enum db_step next(struct db_cursor *cursor) {
  struct err err;
  enum db_step step = db_cursor_next(cursor, &err);
  if (step == DB_FAILED)
    fail_msg("%s", err.text);
  return step;
}

static int64_t query_int_with(struct db *db, const char *sql, const struct db_value *params,
                              size_t count) {
  struct db_cursor *cursor = query(db, sql, params, count);
  assert_int_equal(next(cursor), DB_ROW);
  int64_t value = db_cursor_int(cursor, 0);
  assert_int_equal(next(cursor), DB_DONE);
  db_cursor_close(cursor);
  return value;
}

static int64_t query_int(struct db *db, const char *sql) {
  return query_int_with(db, sql, NULL, 0);
}

static void begin(struct db *db) {
  struct err err;
  assert_true(db_begin(db, &err));
}

static void commit(struct db *db) {
  struct err err;
  assert_true(db_commit(db, &err));
}

static void make_numbers(struct db *db) {
  exec(db, "CREATE TABLE number (id BIGINT PRIMARY KEY, name TEXT)", NULL, 0);
}

static bool add_number(struct db *db, int64_t id, const char *name, struct err *err) {
  const struct db_value params[] = {db_int(id), db_text(name)};
  return db_exec(db, "INSERT INTO number (id, name) VALUES ($1, $2)", params, 2, NULL, err);
}

static int64_t count_numbers(struct db *db) {
  return query_int(db, "SELECT COUNT(*) FROM number");
}

/* ---- values ---- */

static void every_type_comes_back_as_it_went_in(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  exec(db, "CREATE TABLE v (i BIGINT, r DOUBLE PRECISION, t TEXT, b BYTEA)", NULL, 0);
  const char bytes[] = {0, 1, (char)0xff, 0};
  const struct db_value params[] = {db_int(INT64_MIN), db_real(-0.1), db_text("gr\xc3\xbc\xc3\x9f"),
                                    db_blob(bytes, sizeof bytes)};

  exec(db, "INSERT INTO v (i, r, t, b) VALUES ($1, $2, $3, $4)", params, 4);

  struct db_cursor *cursor = query(db, "SELECT i, r, t, b FROM v", NULL, 0);
  size_t length = 0;
  assert_int_equal(next(cursor), DB_ROW);
  assert_int_equal(db_cursor_columns(cursor), 4);
  assert_int_equal(db_cursor_type(cursor, 0), DB_INT);
  assert_int_equal(db_cursor_type(cursor, 1), DB_REAL);
  assert_int_equal(db_cursor_type(cursor, 2), DB_TEXT);
  assert_int_equal(db_cursor_type(cursor, 3), DB_BLOB);
  assert_true(db_cursor_int(cursor, 0) == INT64_MIN);
  assert_true(db_cursor_real(cursor, 1) == -0.1);
  assert_string_equal(db_cursor_text(cursor, 2), "gr\xc3\xbc\xc3\x9f");
  assert_memory_equal(db_cursor_blob(cursor, 3, &length), bytes, sizeof bytes);
  assert_int_equal(length, sizeof bytes);
  db_cursor_close(cursor);
}

static void null_is_told_apart_from_empty(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  exec(db, "CREATE TABLE v (n BIGINT, i BIGINT, r DOUBLE PRECISION, t TEXT, b BYTEA)", NULL, 0);
  const struct db_value nulls[] = {db_int(1), db_null(), db_null(), db_text(NULL), db_null()};
  const struct db_value empty[] = {db_int(2), db_int(0), db_real(0), db_text(""), db_blob(NULL, 0)};

  exec(db, "INSERT INTO v VALUES ($1, $2, $3, $4, $5)", nulls, 5);
  exec(db, "INSERT INTO v VALUES ($1, $2, $3, $4, $5)", empty, 5);

  struct db_cursor *cursor = query(db, "SELECT i, r, t, b FROM v ORDER BY n", NULL, 0);
  size_t length = 7;
  assert_int_equal(next(cursor), DB_ROW);
  for (int column = 0; column < 4; column++)
    assert_int_equal(db_cursor_type(cursor, column), DB_NULL);
  assert_int_equal(db_cursor_int(cursor, 0), 0);
  assert_true(isnan(db_cursor_real(cursor, 1)));
  assert_null(db_cursor_text(cursor, 2));
  assert_null(db_cursor_blob(cursor, 3, &length));
  assert_int_equal(length, 0);
  assert_int_equal(next(cursor), DB_ROW);
  assert_int_equal(db_cursor_type(cursor, 0), DB_INT);
  assert_string_equal(db_cursor_text(cursor, 2), "");
  assert_non_null(db_cursor_blob(cursor, 3, &length));
  db_cursor_close(cursor);
}

static void whole_numbers_read_as_real_and_back(void **state) {
  struct db *db = ((struct fixture *)*state)->db;

  struct db_cursor *cursor =
      query(db, "SELECT CAST(525 AS BIGINT), CAST(17.75 AS DOUBLE PRECISION)", NULL, 0);

  assert_int_equal(next(cursor), DB_ROW);
  assert_true(db_cursor_real(cursor, 0) == 525.0);
  assert_int_equal(db_cursor_int(cursor, 1), 17);
  db_cursor_close(cursor);
}

static void parameters_may_come_in_any_order_and_again(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  const struct db_value params[] = {db_int(100), db_int(20), db_int(3)};

  int64_t value = query_int_with(db,
                                 "SELECT CAST($3 AS BIGINT) - CAST($1 AS BIGINT) "
                                 "+ CAST($2 AS BIGINT) + CAST($3 AS BIGINT)",
                                 params, 3);

  assert_int_equal(value, 3 - 100 + 20 + 3);
}

/* ---- statements ---- */

static void exec_counts_the_rows_it_touched(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  const struct db_value two[] = {db_int(2)};

  assert_int_equal(exec(db, "CREATE TABLE number (id BIGINT PRIMARY KEY, name TEXT)", NULL, 0), 0);
  assert_int_equal(exec(db, "INSERT INTO number (id) VALUES (1), (2), (3)", NULL, 0), 3);
  assert_int_equal(exec(db, "UPDATE number SET name = 'x' WHERE id >= $1", two, 1), 2);
  assert_int_equal(exec(db, "DELETE FROM number WHERE id > 9", NULL, 0), 0);
  assert_int_equal(exec(db, "CREATE TABLE other (id BIGINT)", NULL, 0), 0);
}

static void a_script_runs_all_its_statements(void **state) {
  struct db *db = ((struct fixture *)*state)->db;

  int64_t changed = exec(db,
                         "-- a comment; with a semicolon\n"
                         "CREATE TABLE number (id BIGINT, name TEXT);\n"
                         "INSERT INTO number VALUES (1, 'a;b');\n"
                         "INSERT INTO number VALUES (2, 'c');\n"
                         "-- the end\n",
                         NULL, 0);

  assert_int_equal(changed, 2);
  assert_int_equal(count_numbers(db), 2);
}

static void a_text_that_changes_in_place_is_prepared_anew(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  char sql[] = "SELECT CAST(1 AS BIGINT)";

  int64_t before = query_int(db, sql);
  sql[strlen("SELECT CAST(")] = '2';
  int64_t after = query_int(db, sql);

  assert_int_equal(before, 1);
  assert_int_equal(after, 2);
}

static void more_texts_than_are_kept_all_work(void **state) {
  struct db *db = ((struct fixture *)*state)->db;

  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < 100; i++) {
      char sql[64];
      snprintf(sql, sizeof sql, "SELECT CAST(%d AS BIGINT) + CAST($1 AS BIGINT)", i);
      const struct db_value params[] = {db_int(round)};
      assert_int_equal(query_int_with(db, sql, params, 1), i + round);
    }
  }
}

static void a_cursor_may_be_left_in_the_middle(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  make_numbers(db);
  exec(db, "INSERT INTO number (id) VALUES (1), (2), (3)", NULL, 0);

  for (int round = 0; round < 3; round++) {
    struct db_cursor *cursor = query(db, "SELECT id FROM number ORDER BY id", NULL, 0);
    assert_int_equal(next(cursor), DB_ROW);
    assert_int_equal(db_cursor_int(cursor, 0), 1);
    db_cursor_close(cursor);
  }

  assert_int_equal(exec(db, "DELETE FROM number", NULL, 0), 3);
}

static void an_insert_returns_the_row_it_made(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  make_numbers(db);
  const struct db_value params[] = {db_int(7), db_text("seven")};

  int64_t id =
      query_int_with(db, "INSERT INTO number (id, name) VALUES ($1, $2) RETURNING id", params, 2);

  assert_int_equal(id, 7);
  assert_int_equal(count_numbers(db), 1);
}

static void the_common_subset_of_sql_is_understood(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  make_numbers(db);
  exec(db, "INSERT INTO number VALUES (1, 'a'), (2, 'b'), (3, NULL)", NULL, 0);

  exec(db,
       "INSERT INTO number (id, name) VALUES (1, 'z') "
       "ON CONFLICT (id) DO UPDATE SET name = excluded.name",
       NULL, 0);
  exec(db, "UPDATE number SET (id, name) = (id, upper(name)) WHERE (id, name) > (1, 'a')", NULL, 0);

  assert_int_equal(query_int(db, "SELECT COUNT(*) FILTER (WHERE name IS NULL) FROM number"), 1);
  assert_int_equal(query_int(db, "SELECT MAX(n) FROM (SELECT ROW_NUMBER() OVER (ORDER BY id) AS n "
                                 "FROM number) AS numbered"),
                   3);
}

/* ---- failures ---- */

static void nonsense_is_an_error_and_the_connection_goes_on(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  struct err err = {0};
  struct db_cursor *cursor = NULL;

  assert_false(db_exec(db, "CREATE NONSENSE", NULL, 0, NULL, &err));
  assert_int_equal(err.code, ERR_INVALID);
  assert_false(db_query(db, "SELECT x FROM nowhere", NULL, 0, &cursor, &err));
  assert_int_equal(err.code, ERR_INVALID);

  assert_int_equal(query_int(db, "SELECT CAST(5 AS BIGINT)"), 5);
}

static void a_second_row_with_the_same_key_is_a_conflict(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  struct err err = {0};
  make_numbers(db);
  assert_true(add_number(db, 1, "one", &err));

  assert_false(add_number(db, 1, "uno", &err));

  assert_int_equal(err.code, ERR_CONFLICT);
  assert_int_equal(count_numbers(db), 1);
}

static void a_query_that_fails_while_it_runs_says_so(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  struct err err = {0};
  make_numbers(db);
  assert_true(add_number(db, 1, "one", &err));

  /* A driver may find out when the query starts or at its first row. */
  struct db_cursor *cursor = NULL;
  bool ok = db_query(db, "INSERT INTO number (id, name) VALUES (1, 'uno') RETURNING id", NULL, 0,
                     &cursor, &err) &&
            db_cursor_next(cursor, &err) != DB_FAILED;
  db_cursor_close(cursor);

  assert_false(ok);
  assert_int_equal(err.code, ERR_CONFLICT);
  assert_int_equal(count_numbers(db), 1);
}

/* ---- transactions ---- */

static void a_commit_keeps_and_a_rollback_forgets(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  struct err err;
  make_numbers(db);

  begin(db);
  assert_true(add_number(db, 1, "kept", &err));
  commit(db);
  begin(db);
  assert_true(add_number(db, 2, "forgotten", &err));
  assert_int_equal(count_numbers(db), 2);
  db_rollback(db);

  assert_int_equal(count_numbers(db), 1);
}

static void a_transaction_that_failed_keeps_nothing(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  struct err err = {0};
  make_numbers(db);

  begin(db);
  assert_true(add_number(db, 1, "one", &err));
  assert_false(add_number(db, 1, "uno", &err));
  bool goes_on = add_number(db, 2, "two", &err);
  bool commits = db_commit(db, &err);

  assert_false(goes_on);
  assert_false(commits);
  assert_int_equal(err.code, ERR_CONFLICT);
  assert_int_equal(count_numbers(db), 0);
}

static void a_new_transaction_starts_clean_after_a_failed_one(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  struct err err = {0};
  make_numbers(db);
  begin(db);
  assert_false(db_exec(db, "CREATE NONSENSE", NULL, 0, NULL, &err));
  db_rollback(db);

  begin(db);
  assert_true(add_number(db, 1, "one", &err));
  commit(db);

  assert_int_equal(count_numbers(db), 1);
}

static void a_rollback_without_a_transaction_does_nothing(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  struct err err;
  make_numbers(db);
  assert_true(add_number(db, 1, "one", &err));

  db_rollback(db);

  assert_int_equal(count_numbers(db), 1);
}

static void tables_are_made_inside_a_transaction(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  struct err err;

  begin(db);
  make_numbers(db);
  db_rollback(db);

  assert_false(db_exec(db, "DELETE FROM number", NULL, 0, NULL, &err));
}

/* ---- rows in bulk ---- */

static struct db_bulk *open_numbers(struct db *db) {
  struct err err;
  struct db_bulk *bulk = NULL;
  if (!db_bulk_open(db, "number", "id, name", 2, &bulk, &err))
    fail_msg("%s", err.text);
  return bulk;
}

static bool add_in_bulk(struct db_bulk *bulk, int64_t id, const char *name, struct err *err) {
  const struct db_value values[] = {db_int(id), db_text(name)};
  return db_bulk_add(bulk, values, err);
}

static void every_type_arrives_in_bulk_as_it_was(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  struct err err;
  struct db_bulk *bulk = NULL;
  exec(db, "CREATE TABLE v (i BIGINT, r DOUBLE PRECISION, t TEXT, b BYTEA)", NULL, 0);
  const char odd[] = "\\N\tgr\xc3\xbc\xc3\x9f\n\\.\n\r\\";
  const char bytes[] = {0, '\\', '\n', (char)0xff, 0};
  const struct db_value rows[][4] = {
      {db_int(INT64_MIN), db_real(-0.1), db_text(odd), db_blob(bytes, sizeof bytes)},
      {db_int(INT64_MAX), db_null(), db_text(""), db_blob("", 0)},
      {db_null(), db_real(1e300), db_null(), db_null()},
  };

  assert_true(db_bulk_open(db, "v", "i, r, t, b", 4, &bulk, &err));
  for (size_t i = 0; i < 3; i++)
    assert_true(db_bulk_add(bulk, rows[i], &err));
  assert_true(db_bulk_close(bulk, &err));

  struct db_cursor *cursor = query(db, "SELECT i, r, t, b FROM v ORDER BY r, i", NULL, 0);
  size_t length = 7;
  int found = 0;
  while (next(cursor) == DB_ROW) {
    found++;
    if (db_cursor_int(cursor, 0) == INT64_MIN) {
      assert_true(db_cursor_real(cursor, 1) == -0.1);
      assert_string_equal(db_cursor_text(cursor, 2), odd);
      assert_memory_equal(db_cursor_blob(cursor, 3, &length), bytes, sizeof bytes);
      assert_int_equal(length, sizeof bytes);
    } else if (db_cursor_type(cursor, 0) == DB_NULL) {
      assert_true(db_cursor_real(cursor, 1) == 1e300);
      assert_int_equal(db_cursor_type(cursor, 2), DB_NULL);
      assert_int_equal(db_cursor_type(cursor, 3), DB_NULL);
    } else {
      assert_true(db_cursor_int(cursor, 0) == INT64_MAX);
      assert_int_equal(db_cursor_type(cursor, 1), DB_NULL);
      assert_string_equal(db_cursor_text(cursor, 2), "");
    }
  }
  assert_int_equal(found, 3);
  db_cursor_close(cursor);
}

static void more_rows_than_a_piece_arrive_in_bulk(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  struct err err;
  make_numbers(db);

  begin(db);
  struct db_bulk *bulk = open_numbers(db);
  for (int i = 0; i < 20000; i++)
    assert_true(add_in_bulk(bulk, i, "a name that is not so short", &err));
  assert_true(db_bulk_close(bulk, &err));
  commit(db);

  assert_int_equal(count_numbers(db), 20000);
}

/* SQLite says it at once, PostgreSQL when it has them all. */
static void a_row_that_is_refused_in_bulk_takes_all_with_it(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  struct err err = {0};
  make_numbers(db);
  assert_true(add_number(db, 3, "three", &err));

  begin(db);
  struct db_bulk *bulk = open_numbers(db);
  bool added = true;
  for (int i = 0; added && i < 5; i++)
    added = add_in_bulk(bulk, i, "again", &err);
  bool closed = db_bulk_close(bulk, &err);
  struct err refused = err;
  bool committed = db_commit(db, &err);

  assert_false(closed);
  assert_int_equal(refused.code, ERR_CONFLICT);
  assert_false(committed);
  assert_int_equal(count_numbers(db), 1);
  assert_true(add_number(db, 4, "four", &err));
}

static void rows_in_bulk_for_a_table_that_is_not_there_are_refused(void **state) {
  struct db *db = ((struct fixture *)*state)->db;
  struct err err = {0};
  struct db_bulk *bulk = NULL;
  const struct db_value one[] = {db_int(1)};

  bool ok = db_bulk_open(db, "nowhere", "x", 1, &bulk, &err);
  if (ok) {
    assert_false(db_bulk_add(bulk, one, &err)); /* SQLite finds out here */
    assert_false(db_bulk_close(bulk, &err));
  }

  assert_int_equal(err.code, ERR_INVALID);
  assert_non_null(strstr(err.text, "nowhere"));
  make_numbers(db);
}

static const struct CMUnitTest claims[] = {
    cmocka_unit_test(every_type_comes_back_as_it_went_in),
    cmocka_unit_test(null_is_told_apart_from_empty),
    cmocka_unit_test(whole_numbers_read_as_real_and_back),
    cmocka_unit_test(parameters_may_come_in_any_order_and_again),
    cmocka_unit_test(exec_counts_the_rows_it_touched),
    cmocka_unit_test(a_script_runs_all_its_statements),
    cmocka_unit_test(a_text_that_changes_in_place_is_prepared_anew),
    cmocka_unit_test(more_texts_than_are_kept_all_work),
    cmocka_unit_test(a_cursor_may_be_left_in_the_middle),
    cmocka_unit_test(an_insert_returns_the_row_it_made),
    cmocka_unit_test(the_common_subset_of_sql_is_understood),
    cmocka_unit_test(nonsense_is_an_error_and_the_connection_goes_on),
    cmocka_unit_test(a_second_row_with_the_same_key_is_a_conflict),
    cmocka_unit_test(a_query_that_fails_while_it_runs_says_so),
    cmocka_unit_test(a_commit_keeps_and_a_rollback_forgets),
    cmocka_unit_test(a_transaction_that_failed_keeps_nothing),
    cmocka_unit_test(a_new_transaction_starts_clean_after_a_failed_one),
    cmocka_unit_test(a_rollback_without_a_transaction_does_nothing),
    cmocka_unit_test(tables_are_made_inside_a_transaction),
    cmocka_unit_test(every_type_arrives_in_bulk_as_it_was),
    cmocka_unit_test(more_rows_than_a_piece_arrive_in_bulk),
    cmocka_unit_test(a_row_that_is_refused_in_bulk_takes_all_with_it),
    cmocka_unit_test(rows_in_bulk_for_a_table_that_is_not_there_are_refused),
};

enum { CLAIM_COUNT = sizeof claims / sizeof claims[0] };

static int run_claims(const struct target *target) {
  struct CMUnitTest tests[CLAIM_COUNT];
  for (size_t i = 0; i < CLAIM_COUNT; i++) {
    tests[i] = claims[i];
    tests[i].setup_func = open_target;
    tests[i].teardown_func = close_target;
    tests[i].initial_state = (void *)target;
  }
  return _cmocka_run_group_tests(target->name, tests, CLAIM_COUNT, NULL, NULL);
}

static int run_postgresql(void) {
  struct postgres_server server;
  if (!postgres_server_start(&server))
    return 0;
  int failures = run_claims(&(struct target){"db: postgresql", postgresql_url, &server});
  postgres_server_stop(&server);
  return failures;
}

int main(void) {
  return run_claims(&(struct target){"db: sqlite file", sqlite_file_url, NULL}) +
         run_claims(&(struct target){"db: sqlite memory", sqlite_memory_url, NULL}) +
         run_postgresql();
}
