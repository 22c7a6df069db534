#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "engine/backup_folder.h"
#include "engine/keeper.h"
#include "store/sample_store.h"
#include "store/usage.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

enum { DAY_MS = 24 * 3600 * 1000 };

struct fixture {
  struct temp_dir dir;
  char url[TEMP_DIR_MAX + 64];
  char *folder;
  uv_loop_t loop;
  struct log *log;
  struct db_threads *threads;
  struct keeper *keeper;
  int changes;
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  struct err err;
  temp_dir_create(&f->dir);
  snprintf(f->url, sizeof f->url, "sqlite:%s/monitor.db", f->dir.path);
  f->folder = temp_dir_file(&f->dir, "backups");
  f->log = log_create(STDERR_FILENO, LOG_ERROR, false);
  uv_loop_init(&f->loop);
  *state = f;
  return db_threads_start(&f->threads, &f->loop, &(struct db_threads_options){.url = f->url}, &err)
             ? 0
             : -1;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  db_threads_stop(f->threads);
  keeper_close(f->keeper);
  uv_run(&f->loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&f->loop), 0);
  log_destroy(f->log);
  temp_dir_destroy(&f->dir);
  free(f->folder);
  free(f);
  return 0;
}

static void on_changed(void *arg) {
  ((struct fixture *)arg)->changes++;
}

static void start(struct fixture *f, int keep, int64_t retention_ms) {
  f->keeper = keeper_create(&(struct keeper_options){.loop = &f->loop,
                                                     .log = f->log,
                                                     .db = f->threads,
                                                     .backup_dir = keep > 0 ? f->folder : NULL,
                                                     .backup_keep = keep,
                                                     .retention_ms = retention_ms,
                                                     .first_ms = 1,
                                                     .changed = on_changed,
                                                     .arg = f});
}

static bool has_backup(void *arg) {
  struct keeper_state state;
  keeper_state_get(((struct fixture *)arg)->keeper, &state);
  return state.last_backup_ms > 0;
}

static bool has_problem(void *arg) {
  struct keeper_state state;
  keeper_state_get(((struct fixture *)arg)->keeper, &state);
  return !state.ok;
}

static void put_file(const struct fixture *f, const char *name) {
  char path[TEMP_DIR_MAX + 96];
  struct err err;
  mkdir(f->folder, 0700);
  snprintf(path, sizeof path, "%s/%s", f->folder, name);
  assert_true(file_create(path, &err));
}

static bool is_there(const struct fixture *f, const char *name) {
  char path[TEMP_DIR_MAX + 96];
  snprintf(path, sizeof path, "%s/%s", f->folder, name);
  return file_size(path) >= 0;
}

static void a_backup_is_made_and_the_oldest_daily_ones_go(void **state) {
  struct fixture *f = *state;
  struct backup_file files[8];
  struct err err;
  char url[TEMP_DIR_MAX + 96];
  struct db *db;
  put_file(f, "monitor-2001-01-01.db");
  put_file(f, "monitor-2001-01-02.db");
  put_file(f, "monitor-2001-01-03.db");
  put_file(f, "monitor-2000-01-01-120000.db"); /* made by hand */
  put_file(f, "monitor-2000-01-01.db.txt");

  start(f, 2, 0);
  assert_true(wait_until_loop(&f->loop, has_backup, f));
  size_t count = backup_folder_list(f->folder, files, 8);
  snprintf(url, sizeof url, "sqlite:%s/%s", f->folder, files[0].name);

  assert_int_equal(count, 3);
  assert_string_equal(files[1].name, "monitor-2001-01-03.db");
  assert_string_equal(files[2].name, "monitor-2000-01-01-120000.db");
  assert_true(is_there(f, "monitor-2000-01-01.db.txt"));
  assert_true(files[0].bytes > 0 && files[0].made_ms > 0);
  assert_true(db_open(&db, url, DB_READ_ONLY, &err));
  db_close(db);
}

static void a_day_that_has_its_backup_gets_no_second_one(void **state) {
  struct fixture *f = *state;
  struct err err;
  struct db *db;
  bool first, second, next_day;
  const int64_t noon_ms = INT64_C(1800000000000);
  assert_true(db_open(&db, f->url, DB_READ_ONLY, &err));

  assert_true(backup_folder_make_daily(db, f->folder, 7, noon_ms, &first, &err));
  assert_true(backup_folder_make_daily(db, f->folder, 7, noon_ms, &second, &err));
  assert_true(backup_folder_make_daily(db, f->folder, 7, noon_ms + DAY_MS, &next_day, &err));

  assert_true(first);
  assert_false(second);
  assert_true(next_day);
  db_close(db);
}

static void a_backup_that_fails_is_told_and_tried_again(void **state) {
  struct fixture *f = *state;
  struct err err;
  struct keeper_state told;
  assert_true(file_create(f->folder, &err)); /* a file where the folder is to be */

  start(f, 7, 0);
  assert_true(wait_until_loop(&f->loop, has_problem, f));
  keeper_state_get(f->keeper, &told);

  assert_int_equal(f->changes, 1);
  assert_non_null(strstr(told.problem, "backups"));
  assert_int_equal(told.last_backup_ms, 0);
}

static void the_newest_are_listed_when_there_are_more_than_fit(void **state) {
  struct fixture *f = *state;
  struct backup_file files[2];
  for (int day = 1; day <= 9; day++) {
    char name[40];
    snprintf(name, sizeof name, "monitor-2001-01-0%d.db", day);
    put_file(f, name);
  }

  size_t count = backup_folder_list(f->folder, files, 2);
  size_t missing = backup_folder_list("/no/such/folder", files + 1, 1);

  assert_int_equal(count, 2);
  assert_string_equal(files[0].name, "monitor-2001-01-09.db");
  assert_string_equal(files[1].name, "monitor-2001-01-08.db");
  assert_int_equal(missing, 0);
}

/* Two steps' worth of old samples, and one of now. */
static void fill(struct db_task *task, struct db *db) {
  struct sample_row *rows = calloc(3001, sizeof *rows);
  const int64_t now_ms = clock_wall_ms();
  for (int i = 0; i < 3001; i++) {
    rows[i].miner_id = 1;
    rows[i].sample.at_ms = i < 3000 ? now_ms - 3 * (int64_t)DAY_MS + i : now_ms;
  }
  task->ok = sample_store_insert(db, rows, 3001, &task->err);
  free(rows);
}

static void mark(struct db_task *task) {
  *(bool *)task->arg = task->ok;
}

static bool is_true(void *arg) {
  return *(bool *)arg;
}

static bool only_one_left(void *arg) {
  const struct fixture *f = arg;
  struct err err;
  struct db *db;
  struct usage usage = {0};
  if (!db_open(&db, f->url, DB_READ_ONLY, &err))
    return false;
  bool ok = usage_read(db, &usage, &err);
  db_close(db);
  return ok && usage.samples == 1;
}

static void old_samples_go_step_by_step_and_young_ones_stay(void **state) {
  struct fixture *f = *state;
  bool filled = false;
  struct db_task task = {.run = fill, .done = mark, .arg = &filled};
  db_threads_write(f->threads, &task);
  assert_true(wait_until_loop(&f->loop, is_true, &filled));

  start(f, 0, DAY_MS);

  assert_true(wait_until_loop(&f->loop, only_one_left, f));
  assert_false(has_problem(f));
  assert_false(has_backup(f));
}

#define KEEPER_TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      KEEPER_TEST(a_backup_is_made_and_the_oldest_daily_ones_go),
      KEEPER_TEST(a_day_that_has_its_backup_gets_no_second_one),
      KEEPER_TEST(a_backup_that_fails_is_told_and_tried_again),
      KEEPER_TEST(the_newest_are_listed_when_there_are_more_than_fit),
      KEEPER_TEST(old_samples_go_step_by_step_and_young_ones_stay),
  };
  return cmocka_run_group_tests_name("keeper", tests, NULL, NULL);
}
