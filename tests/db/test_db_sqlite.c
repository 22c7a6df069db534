#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/db.h"
#include "support/temp_dir.h"

struct fixture {
  struct temp_dir dir;
  char path[TEMP_DIR_MAX + 32];
  char url[TEMP_DIR_MAX + 64];
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  temp_dir_create(&f->dir);
  snprintf(f->path, sizeof f->path, "%s/monitor.db", f->dir.path);
  snprintf(f->url, sizeof f->url, "sqlite:%s", f->path);
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  temp_dir_destroy(&f->dir);
  free(f);
  return 0;
}

static struct db *open_or_fail(const char *url, enum db_mode mode) {
  struct err err;
  struct db *db = NULL;
  if (!db_open(&db, url, mode, &err))
    fail_msg("%s", err.text);
  return db;
}

static struct err open_refused(const char *url, enum db_mode mode) {
  struct err err = {0};
  struct db *db = NULL;
  assert_false(db_open(&db, url, mode, &err));
  return err;
}

static void exec(struct db *db, const char *sql) {
  struct err err;
  if (!db_exec(db, sql, NULL, 0, NULL, &err))
    fail_msg("%s: %s", sql, err.text);
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

/* ---- addresses ---- */

static void an_address_of_no_known_kind_is_refused_without_repeating_it(void **state) {
  (void)state;

  struct err err = open_refused("mysql://user:hunter2@host/x", DB_READ_WRITE);

  assert_int_equal(err.code, ERR_INVALID);
  assert_null(strstr(err.text, "hunter2"));
  assert_non_null(strstr(err.text, "sqlite:/"));
}

static void an_address_without_a_file_is_refused(void **state) {
  (void)state;
  assert_int_equal(open_refused("sqlite:", DB_READ_WRITE).code, ERR_INVALID);
}

static void three_slashes_are_an_absolute_path(void **state) {
  struct fixture *f = *state;
  char url[sizeof f->url + 8];
  snprintf(url, sizeof url, "sqlite://%s", f->path);

  db_close(open_or_fail(url, DB_READ_WRITE));

  assert_int_equal(access(f->path, F_OK), 0);
}

/* ---- what cannot be opened ---- */

static void a_missing_folder_is_told(void **state) {
  struct fixture *f = *state;
  char url[sizeof f->url + 16];
  snprintf(url, sizeof url, "sqlite:%s/no/such/monitor.db", f->dir.path);

  struct err err = open_refused(url, DB_READ_WRITE);

  assert_int_equal(err.code, ERR_UNAVAILABLE);
  assert_non_null(strstr(err.text, "folder does not exist"));
}

static void a_reader_makes_no_file(void **state) {
  struct fixture *f = *state;

  struct err err = open_refused(f->url, DB_READ_ONLY);

  assert_int_equal(err.code, ERR_UNAVAILABLE);
  assert_int_not_equal(access(f->path, F_OK), 0);
}

static void a_file_that_is_no_database_is_told_and_left_alone(void **state) {
  struct fixture *f = *state;
  FILE *file = fopen(f->path, "w");
  for (int i = 0; i < 1000; i++)
    fputs("my diary\n", file);
  fclose(file);

  struct err writer = open_refused(f->url, DB_READ_WRITE);
  struct err reader = open_refused(f->url, DB_READ_ONLY);

  char line[16] = "";
  file = fopen(f->path, "r");
  assert_non_null(fgets(line, sizeof line, file));
  fclose(file);
  assert_int_equal(writer.code, ERR_CORRUPT);
  assert_int_equal(reader.code, ERR_CORRUPT);
  assert_non_null(strstr(writer.text, "backup"));
  assert_non_null(strstr(writer.text, f->path));
  assert_string_equal(line, "my diary\n");
}

/* Many rows, whose pages in the middle are then overwritten. */
static void a_damaged_page_is_told_when_it_is_read(void **state) {
  struct fixture *f = *state;
  struct err err = {0};
  struct db *db = open_or_fail(f->url, DB_READ_WRITE);
  exec(db, "CREATE TABLE t (x TEXT)");
  exec(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
           "INSERT INTO t SELECT 'some text that fills pages ' || i FROM n");
  db_close(db);
  int fd = open(f->path, O_WRONLY);
  char junk[4096];
  memset(junk, 0x5a, sizeof junk);
  for (off_t page = 2; page < 8; page++)
    assert_int_equal(pwrite(fd, junk, sizeof junk, page * 4096), sizeof junk);
  close(fd);

  db = open_or_fail(f->url, DB_READ_WRITE);
  struct db_cursor *cursor = NULL;
  enum db_step step = DB_FAILED;
  if (db_query(db, "SELECT x FROM t", NULL, 0, &cursor, &err))
    while ((step = db_cursor_next(cursor, &err)) == DB_ROW)
      continue;
  db_cursor_close(cursor);

  assert_int_equal(step, DB_FAILED);
  assert_int_equal(err.code, ERR_CORRUPT);
  db_close(db);
}

/* ---- one writer, many readers ---- */

static void a_second_writer_is_refused_with_the_first_ones_number(void **state) {
  struct fixture *f = *state;
  char number[32];
  struct db *first = open_or_fail(f->url, DB_READ_WRITE);

  struct err err = open_refused(f->url, DB_READ_WRITE);

  snprintf(number, sizeof number, "process %d", (int)getpid());
  assert_int_equal(err.code, ERR_CONFLICT);
  assert_non_null(strstr(err.text, f->path));
  assert_non_null(strstr(err.text, number));
  db_close(first);
  db_close(open_or_fail(f->url, DB_READ_WRITE));
}

static void a_second_writer_by_another_name_is_refused_too(void **state) {
  struct fixture *f = *state;
  char link_path[sizeof f->path + 8], link_url[sizeof f->url + 8];
  snprintf(link_path, sizeof link_path, "%s.link", f->path);
  snprintf(link_url, sizeof link_url, "sqlite:%s", link_path);
  struct db *first = open_or_fail(f->url, DB_READ_WRITE);
  assert_int_equal(symlink(f->path, link_path), 0);

  struct err err = open_refused(link_url, DB_READ_WRITE);

  assert_int_equal(err.code, ERR_CONFLICT);
  db_close(first);
}

static void a_killed_writer_leaves_no_lock(void **state) {
  struct fixture *f = *state;
  int ready[2];
  assert_int_equal(pipe(ready), 0);
  pid_t child = fork();
  if (child == 0) {
    struct err err;
    struct db *db = NULL;
    bool ok = db_open(&db, f->url, DB_READ_WRITE, &err);
    if (write(ready[1], ok ? "y" : "n", 1) == 1)
      pause();
    _exit(0);
  }
  char answer = 0;
  assert_int_equal(read(ready[0], &answer, 1), 1);
  struct err while_alive = open_refused(f->url, DB_READ_WRITE);

  kill(child, SIGKILL);
  waitpid(child, NULL, 0);

  assert_int_equal(answer, 'y');
  assert_int_equal(while_alive.code, ERR_CONFLICT);
  db_close(open_or_fail(f->url, DB_READ_WRITE));
  close(ready[0]);
  close(ready[1]);
}

static void a_reader_sees_what_is_committed_while_the_writer_goes_on(void **state) {
  struct fixture *f = *state;
  struct err err;
  struct db *writer = open_or_fail(f->url, DB_READ_WRITE);
  exec(writer, "CREATE TABLE t (x BIGINT)");
  exec(writer, "INSERT INTO t VALUES (1)");
  struct db *reader = open_or_fail(f->url, DB_READ_ONLY);

  assert_true(db_begin(writer, &err));
  exec(writer, "INSERT INTO t VALUES (2)");
  int64_t before = query_int(reader, "SELECT COUNT(*) FROM t");
  assert_true(db_commit(writer, &err));
  int64_t after = query_int(reader, "SELECT COUNT(*) FROM t");

  assert_int_equal(before, 1);
  assert_int_equal(after, 2);
  db_close(reader);
  db_close(writer);
}

static void a_reader_may_not_write(void **state) {
  struct fixture *f = *state;
  struct err err = {0};
  struct db *writer = open_or_fail(f->url, DB_READ_WRITE);
  exec(writer, "CREATE TABLE t (x BIGINT)");
  struct db *reader = open_or_fail(f->url, DB_READ_ONLY);

  assert_false(db_exec(reader, "INSERT INTO t VALUES (1)", NULL, 0, NULL, &err));

  assert_int_equal(err.code, ERR_IO);
  assert_true(db_begin(reader, &err));
  assert_int_equal(query_int(reader, "SELECT COUNT(*) FROM t"), 0);
  assert_true(db_commit(reader, &err));
  db_close(reader);
  db_close(writer);
}

/* A person's own tool holds the file for writing. */
static void a_file_held_by_another_program_is_unavailable_for_now(void **state) {
  struct fixture *f = *state;
  struct err err = {0};
  struct db *db = open_or_fail(f->url, DB_READ_WRITE);
  exec(db, "CREATE TABLE t (x BIGINT)");
  exec(db, "PRAGMA busy_timeout = 0"); /* the test need not wait */
  char link_path[sizeof f->path + 8];
  snprintf(link_path, sizeof link_path, "%s.lock", f->path);
  /* Without our lock file another opener looks like any program. */
  assert_int_equal(unlink(link_path), 0);
  struct db *tool = open_or_fail(f->url, DB_READ_WRITE);
  struct err ignored;
  assert_true(db_begin(tool, &ignored));

  bool when_held = db_begin(db, &err);
  db_rollback(tool);
  bool when_free = db_begin(db, &ignored);
  db_rollback(db);

  assert_false(when_held);
  assert_int_equal(err.code, ERR_UNAVAILABLE);
  assert_true(when_free);
  db_close(tool);
  db_close(db);
}

/* ---- settings that the promises rest on ---- */

static void every_commit_is_synced_and_keys_are_checked(void **state) {
  struct fixture *f = *state;

  struct db *db = open_or_fail(f->url, DB_READ_WRITE);

  assert_int_equal(query_int(db, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
  assert_int_equal(query_int(db, "PRAGMA synchronous"), 2);
  assert_int_equal(query_int(db, "PRAGMA foreign_keys"), 1);
  assert_false(db_is_private(db));
  assert_string_equal(db_kind(db), "sqlite");
  db_close(db);
}

static void memory_is_private_and_needs_no_lock(void **state) {
  (void)state;
  struct db *one = open_or_fail("sqlite::memory:", DB_READ_WRITE);
  struct db *two = open_or_fail("sqlite::memory:", DB_READ_WRITE);

  exec(one, "CREATE TABLE t (x BIGINT)");
  exec(two, "CREATE TABLE t (x BIGINT)");

  assert_true(db_is_private(one));
  db_close(one);
  db_close(two);
}

/* ---- a full disk ---- */

static void a_full_disk_is_told_in_words_and_passes(void **state) {
  struct fixture *f = *state;
  struct err err = {0};
  struct err ignored;
  struct db *db = open_or_fail(f->url, DB_READ_WRITE);
  exec(db, "CREATE TABLE t (x BYTEA)");
  exec(db, "PRAGMA max_page_count = 8");

  assert_true(db_begin(db, &ignored));
  exec(db, "INSERT INTO t VALUES ('small')");
  bool fits = db_exec(db, "INSERT INTO t VALUES (zeroblob(100000))", NULL, 0, NULL, &err);
  bool goes_on = db_exec(db, "INSERT INTO t VALUES ('outside')", NULL, 0, NULL, &ignored);
  bool commits = db_commit(db, &ignored);
  exec(db, "PRAGMA max_page_count = 1000000");
  int64_t left = query_int(db, "SELECT COUNT(*) FROM t");
  exec(db, "INSERT INTO t VALUES (zeroblob(100000))");

  assert_false(fits);
  assert_int_equal(err.code, ERR_IO);
  assert_non_null(strstr(err.text, "free some space"));
  assert_false(goes_on);
  assert_false(commits);
  assert_int_equal(left, 0);
  db_close(db);
}

/* ---- backups ---- */

static void a_backup_has_what_is_committed_and_no_more(void **state) {
  const struct fixture *f = *state;
  struct err err;
  struct db *writer = open_or_fail(f->url, DB_READ_WRITE);
  char *copy = temp_dir_file(&f->dir, "copy.db");
  char copy_url[TEMP_DIR_MAX + 64];
  snprintf(copy_url, sizeof copy_url, "sqlite:%s", copy);
  exec(writer, "CREATE TABLE t (x BIGINT); INSERT INTO t VALUES (1), (2)");
  struct db *reader = open_or_fail(f->url, DB_READ_ONLY);
  assert_true(db_begin(writer, &err));
  exec(writer, "INSERT INTO t VALUES (3)");

  bool ok = db_backup(reader, copy, &err);
  assert_true(db_commit(writer, &err));
  struct db *backup = open_or_fail(copy_url, DB_READ_ONLY);

  assert_true(ok);
  assert_int_equal(query_int(backup, "SELECT SUM(x) FROM t"), 3);
  assert_int_equal(query_int(writer, "SELECT SUM(x) FROM t"), 6);
  db_close(backup);
  db_close(reader);
  db_close(writer);
  free(copy);
}

static void a_backup_takes_no_other_files_place(void **state) {
  const struct fixture *f = *state;
  struct err err = {0};
  struct db *db = open_or_fail(f->url, DB_READ_WRITE);
  char *copy = temp_dir_file(&f->dir, "copy.db");
  char *nowhere = temp_dir_file(&f->dir, "no/copy.db");
  exec(db, "CREATE TABLE t (x BIGINT)");
  assert_true(db_backup(db, copy, &err));

  bool again = db_backup(db, copy, &err);
  enum err_code taken = err.code;
  bool lost = db_backup(db, nowhere, &err);

  assert_false(again);
  assert_int_equal(taken, ERR_CONFLICT);
  assert_false(lost);
  assert_int_equal(err.code, ERR_NOT_FOUND);
  db_close(db);
  free(nowhere);
  free(copy);
}

static void only_a_file_has_a_path(void **state) {
  (void)state;

  assert_string_equal(db_sqlite_path("sqlite:/a/b.db"), "/a/b.db");
  assert_string_equal(db_sqlite_path("sqlite:///a/b.db"), "/a/b.db");
  assert_null(db_sqlite_path("sqlite::memory:"));
  assert_null(db_sqlite_path("sqlite:"));
  assert_null(db_sqlite_path("postgresql://host/x"));
}

#define SQLITE_TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      SQLITE_TEST(an_address_of_no_known_kind_is_refused_without_repeating_it),
      SQLITE_TEST(an_address_without_a_file_is_refused),
      SQLITE_TEST(three_slashes_are_an_absolute_path),
      SQLITE_TEST(a_missing_folder_is_told),
      SQLITE_TEST(a_reader_makes_no_file),
      SQLITE_TEST(a_file_that_is_no_database_is_told_and_left_alone),
      SQLITE_TEST(a_damaged_page_is_told_when_it_is_read),
      SQLITE_TEST(a_second_writer_is_refused_with_the_first_ones_number),
      SQLITE_TEST(a_second_writer_by_another_name_is_refused_too),
      SQLITE_TEST(a_killed_writer_leaves_no_lock),
      SQLITE_TEST(a_reader_sees_what_is_committed_while_the_writer_goes_on),
      SQLITE_TEST(a_reader_may_not_write),
      SQLITE_TEST(a_file_held_by_another_program_is_unavailable_for_now),
      SQLITE_TEST(every_commit_is_synced_and_keys_are_checked),
      SQLITE_TEST(memory_is_private_and_needs_no_lock),
      SQLITE_TEST(a_full_disk_is_told_in_words_and_passes),
      SQLITE_TEST(a_backup_has_what_is_committed_and_no_more),
      SQLITE_TEST(a_backup_takes_no_other_files_place),
      SQLITE_TEST(only_a_file_has_a_path),
  };
  return cmocka_run_group_tests_name("db_sqlite", tests, NULL, NULL);
}
