#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/db_thread.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

struct fixture {
  struct temp_dir dir;
  char path[TEMP_DIR_MAX + 32];
  char url[TEMP_DIR_MAX + 64];
  uv_loop_t loop;
  atomic_bool walks_end;
  struct db_threads *threads; /* NULL: the test has stopped them itself */
};

/* A task of a test and what became of it. Only `task` crosses threads. */
struct job {
  struct db_task task;
  char sql[160];
  int64_t value; /* the query's, or how many rows changed */
  bool got_db;
  pthread_t ran_on;
  struct fixture *fixture;
  int done_count;
  int done_order; /* among the jobs that share `clock` */
  int *clock;
};

static int start(struct fixture *f, const char *url) {
  struct err err;
  const struct db_threads_options options = {.url = url};
  if (db_threads_start(&f->threads, &f->loop, &options, &err))
    return 0;
  print_error("%s\n", err.text);
  return -1;
}

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  temp_dir_create(&f->dir);
  snprintf(f->path, sizeof f->path, "%s/monitor.db", f->dir.path);
  snprintf(f->url, sizeof f->url, "sqlite:%s", f->path);
  uv_loop_init(&f->loop);
  *state = f;
  return start(f, f->url);
}

static void stop(struct fixture *f) {
  db_threads_stop(f->threads);
  f->threads = NULL;
  uv_run(&f->loop, UV_RUN_DEFAULT);
}

static int teardown(void **state) {
  struct fixture *f = *state;
  if (f->threads != NULL)
    stop(f);
  assert_int_equal(uv_loop_close(&f->loop), 0);
  temp_dir_destroy(&f->dir);
  free(f);
  return 0;
}

static void on_done(struct db_task *task) {
  struct job *job = task->arg;
  job->done_count++;
  if (job->clock != NULL)
    job->done_order = ++*job->clock;
}

static void run_exec(struct db_task *task, struct db *db) {
  struct job *job = task->arg;
  job->ran_on = pthread_self();
  job->got_db = db != NULL;
  task->ok = db != NULL && db_exec(db, job->sql, NULL, 0, &job->value, &task->err);
}

static void run_query(struct db_task *task, struct db *db) {
  struct job *job = task->arg;
  struct db_cursor *cursor = NULL;
  job->ran_on = pthread_self();
  job->got_db = db != NULL;
  if (db == NULL || !db_query(db, job->sql, NULL, 0, &cursor, &task->err))
    return;
  task->ok = db_cursor_next(cursor, &task->err) == DB_ROW;
  if (task->ok)
    job->value = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
}

static void prepare(struct job *job, void (*run)(struct db_task *, struct db *), const char *sql) {
  *job = (struct job){.task = {.run = run, .done = on_done}};
  job->task.arg = job;
  snprintf(job->sql, sizeof job->sql, "%s", sql);
}

static bool is_done(void *arg) {
  return ((struct job *)arg)->done_count > 0;
}

static void wait_for(struct fixture *f, struct job *job) {
  assert_true(wait_until_loop(&f->loop, is_done, job));
}

static struct job write_and_wait(struct fixture *f, const char *sql) {
  struct job *job = malloc(sizeof *job);
  prepare(job, run_exec, sql);
  db_threads_write(f->threads, &job->task);
  wait_for(f, job);
  struct job result = *job;
  free(job);
  return result;
}

static int64_t read_and_wait(struct fixture *f, const char *sql) {
  struct job *job = malloc(sizeof *job);
  prepare(job, run_query, sql);
  db_threads_read(f->threads, &job->task);
  wait_for(f, job);
  if (!job->task.ok)
    fail_msg("%s", job->task.err.text);
  int64_t value = job->value;
  free(job);
  return value;
}

#define COUNT_SETTINGS "SELECT COUNT(*) FROM setting"

/* ---- claims ---- */

static void a_write_is_committed_before_it_is_done(void **state) {
  struct fixture *f = *state;

  struct job job = write_and_wait(f, "INSERT INTO setting VALUES ('a', '1')");

  assert_true(job.task.ok);
  assert_int_equal(job.done_count, 1);
  assert_int_equal(job.value, 1);
  assert_false(pthread_equal(job.ran_on, pthread_self()));
  assert_int_equal(read_and_wait(f, COUNT_SETTINGS), 1);
}

static void a_write_that_fails_keeps_nothing_and_says_why(void **state) {
  struct fixture *f = *state;

  struct job job = write_and_wait(
      f, "INSERT INTO setting VALUES ('a', '1'); INSERT INTO setting VALUES ('a', '2')");

  assert_false(job.task.ok);
  assert_int_equal(job.task.err.code, ERR_CONFLICT);
  assert_int_equal(read_and_wait(f, COUNT_SETTINGS), 0);
}

/* The database is content; the task itself changes its mind. */
static void run_exec_and_refuse(struct db_task *task, struct db *db) {
  run_exec(task, db);
  task->ok = err_set(&task->err, ERR_INVALID, "on second thoughts, no");
}

static void a_task_that_refuses_keeps_nothing(void **state) {
  struct fixture *f = *state;
  struct job job;
  prepare(&job, run_exec_and_refuse, "INSERT INTO setting VALUES ('a', '1')");

  db_threads_write(f->threads, &job.task);
  wait_for(f, &job);

  assert_false(job.task.ok);
  assert_int_equal(job.task.err.code, ERR_INVALID);
  assert_int_equal(read_and_wait(f, COUNT_SETTINGS), 0);
}

/* The task itself is content; only the commit finds out. */
static void a_commit_that_fails_is_the_tasks_failure(void **state) {
  struct fixture *f = *state;
  write_and_wait(f, "CREATE TABLE parent (id BIGINT PRIMARY KEY);"
                    "CREATE TABLE child (id BIGINT REFERENCES parent (id) "
                    "DEFERRABLE INITIALLY DEFERRED)");

  struct job job = write_and_wait(f, "INSERT INTO child VALUES (1)");

  assert_false(job.task.ok);
  assert_int_equal(job.task.err.code, ERR_CONFLICT);
  assert_int_equal(read_and_wait(f, "SELECT COUNT(*) FROM child"), 0);
  assert_true(write_and_wait(f, "INSERT INTO parent VALUES (1)").task.ok);
}

static void writes_are_done_in_the_order_they_came(void **state) {
  struct fixture *f = *state;
  enum { MANY = 200 };
  struct job *jobs = calloc(MANY, sizeof *jobs);
  int clock = 0;

  for (int i = 0; i < MANY; i++) {
    prepare(&jobs[i], run_exec,
            "INSERT INTO alert_event (miner_id, rule, kind, at_ms, since_ms, "
            "reason) SELECT COUNT(*), 0, 0, 0, 0, 0 FROM alert_event");
    jobs[i].clock = &clock;
    db_threads_write(f->threads, &jobs[i].task);
  }
  wait_for(f, &jobs[MANY - 1]);

  for (int i = 0; i < MANY; i++) {
    assert_int_equal(jobs[i].done_count, 1);
    assert_int_equal(jobs[i].done_order, i + 1);
    assert_true(jobs[i].task.ok);
  }
  assert_int_equal(read_and_wait(f, "SELECT COUNT(*) FROM alert_event WHERE miner_id = id - 1"),
                   MANY);
  free(jobs);
}

/* Readers and the writer at once: what the thread sanitizer looks at. */
static void reads_run_beside_writes(void **state) {
  struct fixture *f = *state;
  enum { MANY = 200 };
  struct job *writes = calloc(MANY, sizeof *writes);
  struct job *reads = calloc(MANY, sizeof *reads);
  int clock = 0;

  for (int i = 0; i < MANY; i++) {
    char sql[80];
    snprintf(sql, sizeof sql, "INSERT INTO setting VALUES ('%d', 'x')", i);
    prepare(&writes[i], run_exec, sql);
    prepare(&reads[i], run_query, COUNT_SETTINGS);
    writes[i].clock = &clock;
    reads[i].clock = &clock;
    db_threads_write(f->threads, &writes[i].task);
    db_threads_read(f->threads, &reads[i].task);
  }
  for (int i = 0; i < MANY; i++) {
    wait_for(f, &writes[i]);
    wait_for(f, &reads[i]);
  }

  for (int i = 0; i < MANY; i++) {
    assert_true(writes[i].task.ok && reads[i].task.ok);
    assert_in_range(reads[i].value, 0, MANY);
  }
  assert_int_equal(clock, 2 * MANY);
  assert_int_equal(read_and_wait(f, COUNT_SETTINGS), MANY);
  free(writes);
  free(reads);
}

struct chain {
  struct db_task task;
  struct fixture *fixture;
  int left;
};

static void run_link(struct db_task *task, struct db *db) {
  task->ok = db_exec(db,
                     "INSERT INTO outbox (channel, target, created_ms, attempts, next_ms, text)"
                     " VALUES ('x', '', 0, 0, 0, '')",
                     NULL, 0, NULL, &task->err);
}

static void on_link_done(struct db_task *task) {
  struct chain *chain = task->arg;
  if (task->ok && --chain->left > 0)
    db_threads_write(chain->fixture->threads, task);
}

static bool is_chain_done(void *arg) {
  return ((struct chain *)arg)->left == 0;
}

static void a_done_may_hand_in_the_next_task(void **state) {
  struct fixture *f = *state;
  struct chain chain = {.fixture = f, .left = 5};
  chain.task = (struct db_task){.run = run_link, .done = on_link_done, .arg = &chain};

  db_threads_write(f->threads, &chain.task);

  assert_true(wait_until_loop(&f->loop, is_chain_done, &chain));
  assert_int_equal(read_and_wait(f, "SELECT COUNT(*) FROM outbox"), 5);
}

static void a_stop_finishes_what_was_handed_in(void **state) {
  struct fixture *f = *state;
  enum { MANY = 100 };
  struct job *jobs = calloc(2 * MANY, sizeof *jobs);
  for (int i = 0; i < MANY; i++) {
    char sql[80];
    snprintf(sql, sizeof sql, "INSERT INTO setting VALUES ('%d', 'x')", i);
    prepare(&jobs[i], run_exec, sql);
    prepare(&jobs[MANY + i], run_query, COUNT_SETTINGS);
    db_threads_write(f->threads, &jobs[i].task);
    db_threads_read(f->threads, &jobs[MANY + i].task);
  }

  stop(f);

  for (int i = 0; i < 2 * MANY; i++) {
    assert_int_equal(jobs[i].done_count, 1);
    assert_true(jobs[i].task.ok);
  }
  assert_int_equal(start(f, f->url), 0);
  assert_int_equal(read_and_wait(f, COUNT_SETTINGS), MANY);
  free(jobs);
}

/* Runs until the fixture says so, as a walk over a long history does. */
static void run_walk(struct db_task *task, struct db *db) {
  struct job *job = task->arg;
  job->got_db = db != NULL;
  job->ran_on = pthread_self();
  while (!atomic_load(&job->fixture->walks_end))
    sched_yield();
  task->ok = true;
}

static void walks_keep_no_read_waiting_and_follow_each_other(void **state) {
  struct fixture *f = *state;
  struct job walks[4], read;
  for (int i = 0; i < 4; i++) {
    prepare(&walks[i], run_walk, "");
    walks[i].fixture = f;
    db_threads_walk(f->threads, &walks[i].task);
  }
  prepare(&read, run_query, "SELECT 7");

  db_threads_read(f->threads, &read.task);
  assert_true(wait_until_loop(&f->loop, is_done, &read));
  int done_meanwhile = walks[0].done_count;
  atomic_store(&f->walks_end, true);
  assert_true(wait_until_loop(&f->loop, is_done, &walks[3]));

  assert_int_equal(read.value, 7);
  assert_int_equal(done_meanwhile, 0);
  for (int i = 0; i < 4; i++) {
    assert_true(walks[i].got_db);
    assert_int_equal(walks[i].done_count, 1);
    assert_true(pthread_equal(walks[i].ran_on, walks[0].ran_on));
    assert_false(pthread_equal(walks[i].ran_on, read.ran_on));
  }
}

static void in_memory_a_walk_sees_what_was_written(void **state) {
  struct fixture *f = *state;
  struct job write, walk;
  stop(f);
  assert_int_equal(start(f, "sqlite::memory:"), 0);
  prepare(&write, run_exec, "INSERT INTO setting (name, value) VALUES ('a', '5')");
  prepare(&walk, run_query, "SELECT CAST(value AS BIGINT) FROM setting WHERE name = 'a'");

  db_threads_write(f->threads, &write.task);
  db_threads_walk(f->threads, &walk.task);
  assert_true(wait_until_loop(&f->loop, is_done, &walk));

  assert_int_equal(walk.value, 5);
}

/* Given readers that have been in use, and a person who copies nothing but the file. */
static void after_the_stop_all_is_in_the_one_file(void **state) {
  struct fixture *f = *state;
  struct job jobs[4];
  char log_path[TEMP_DIR_MAX + 40];
  snprintf(log_path, sizeof log_path, "%s-wal", f->path);
  for (int round = 0; round < 10; round++) {
    write_and_wait(f, "INSERT OR REPLACE INTO setting VALUES ('a', '1')");
    for (int i = 0; i < 4; i++) {
      prepare(&jobs[i], run_query, COUNT_SETTINGS);
      db_threads_read(f->threads, &jobs[i].task);
    }

    stop(f);

    struct stat facts;
    assert_int_equal(stat(log_path, &facts), -1);
    assert_int_equal(start(f, f->url), 0);
  }
}

/* A done function that is called by the stop hands in one more. */
static void push_again(struct db_task *task) {
  struct job *job = task->arg;
  if (++job->done_count == 1)
    db_threads_write(job->fixture->threads, task);
}

static void a_task_after_the_stop_is_handed_back_unrun(void **state) {
  struct fixture *f = *state;
  struct job job;
  prepare(&job, run_exec, "INSERT INTO setting VALUES ('a', '1')");
  job.fixture = f;
  job.task.done = push_again;
  db_threads_write(f->threads, &job.task);

  db_threads_stop(f->threads);
  uv_run(&f->loop, UV_RUN_DEFAULT);

  assert_int_equal(job.done_count, 2);
  assert_false(job.task.ok);
  assert_int_equal(job.task.err.code, ERR_UNAVAILABLE);
  assert_int_equal(start(f, f->url), 0);
  assert_int_equal(read_and_wait(f, COUNT_SETTINGS), 1);
}

/* The file is moved away before the first reader has opened it. */
static void a_reader_that_cannot_open_says_so_and_tries_again(void **state) {
  struct fixture *f = *state;
  char elsewhere[sizeof f->path + 8];
  snprintf(elsewhere, sizeof elsewhere, "%s.away", f->path);
  struct job job;
  prepare(&job, run_query, COUNT_SETTINGS);

  assert_int_equal(rename(f->path, elsewhere), 0);
  db_threads_read(f->threads, &job.task);
  wait_for(f, &job);
  assert_int_equal(rename(elsewhere, f->path), 0);

  assert_false(job.got_db);
  assert_false(job.task.ok);
  assert_int_equal(job.task.err.code, ERR_UNAVAILABLE);
  assert_int_equal(read_and_wait(f, COUNT_SETTINGS), 0);
}

/* Given a place that is not there yet, as a server that starts later. */
static void a_database_that_may_be_away_is_opened_when_it_is_there(void **state) {
  struct fixture *f = *state;
  char folder[sizeof f->path + 8], url[sizeof f->url + 32];
  struct err err;
  stop(f);
  snprintf(folder, sizeof folder, "%s.d", f->path);
  snprintf(url, sizeof url, "sqlite:%s/monitor.db", folder);
  const struct db_threads_options options = {.url = url, .may_be_away = true};
  assert_true(db_threads_start(&f->threads, &f->loop, &options, &err));

  assert_false(db_threads_were_connected(f->threads));
  struct job early = write_and_wait(f, "INSERT INTO setting VALUES ('a', '1')");
  assert_false(early.task.ok);
  assert_false(early.got_db);
  assert_int_equal(early.task.err.code, ERR_UNAVAILABLE);
  assert_true(strlen(early.task.err.text) > 0);

  assert_int_equal(mkdir(folder, 0700), 0);
  while (!write_and_wait(f, "INSERT INTO setting VALUES ('a', '1')").task.ok)
    assert_false(db_threads_were_connected(f->threads));
  assert_true(db_threads_were_connected(f->threads));
  assert_int_equal(read_and_wait(f, COUNT_SETTINGS), 1);
}

static void a_database_that_cannot_be_opened_is_an_error_at_the_start(void **state) {
  struct fixture *f = *state;
  struct err err;
  struct db_threads *second = NULL;
  const struct db_threads_options options = {.url = f->url};

  assert_false(db_threads_start(&second, &f->loop, &options, &err));

  assert_int_equal(err.code, ERR_CONFLICT);
  assert_non_null(strstr(err.text, f->path));
}

static void a_database_in_memory_is_read_by_its_writer(void **state) {
  struct fixture *f = *state;
  stop(f);
  assert_int_equal(start(f, "sqlite::memory:"), 0);

  struct job job = write_and_wait(f, "INSERT INTO setting VALUES ('a', '1')");

  assert_true(job.task.ok);
  assert_int_equal(read_and_wait(f, COUNT_SETTINGS), 1);
}

#define THREAD_TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      THREAD_TEST(a_write_is_committed_before_it_is_done),
      THREAD_TEST(a_write_that_fails_keeps_nothing_and_says_why),
      THREAD_TEST(a_task_that_refuses_keeps_nothing),
      THREAD_TEST(a_commit_that_fails_is_the_tasks_failure),
      THREAD_TEST(writes_are_done_in_the_order_they_came),
      THREAD_TEST(reads_run_beside_writes),
      THREAD_TEST(a_done_may_hand_in_the_next_task),
      THREAD_TEST(a_stop_finishes_what_was_handed_in),
      THREAD_TEST(after_the_stop_all_is_in_the_one_file),
      THREAD_TEST(a_task_after_the_stop_is_handed_back_unrun),
      THREAD_TEST(a_reader_that_cannot_open_says_so_and_tries_again),
      THREAD_TEST(a_database_that_may_be_away_is_opened_when_it_is_there),
      THREAD_TEST(a_database_that_cannot_be_opened_is_an_error_at_the_start),
      THREAD_TEST(walks_keep_no_read_waiting_and_follow_each_other),
      THREAD_TEST(in_memory_a_walk_sees_what_was_written),
      THREAD_TEST(a_database_in_memory_is_read_by_its_writer),
  };
  return cmocka_run_group_tests_name("db_thread", tests, NULL, NULL);
}
