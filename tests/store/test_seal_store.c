#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/rand.h"
#include "store/chunk_store.h"
#include "store/rollup_store.h"
#include "store/sample_store.h"
#include "store/seal_store.h"
#include "store/store.h"
#include "store_fixture.h"
#include "store_samples.h"
#include "support/temp_dir.h"

enum { PER_HOUR = 360, ALL_AT_ONCE = 1000000 };

/* The n-th sample of a miner is the same whenever it is made. */
static struct sample_row make_row(int64_t miner_id, int n) {
  struct rand rand;
  struct sample_row row = {.miner_id = miner_id};
  rand_init(&rand, (uint64_t)(miner_id * 1000000 + n));
  make_realistic_sample(&rand, &row.sample, n);
  return row;
}

static void must(bool ok, const struct err *err) {
  if (!ok)
    fail_msg("%s", err->text);
}

static void insert_rows(struct db *db, const struct sample_row *rows, size_t count) {
  struct err err;
  must(db_begin(db, &err) && sample_store_insert(db, rows, count, &err) && db_commit(db, &err),
       &err);
}

/* Samples first..first+count of each miner, as they arrive: tick by tick. */
static void insert_ticks(struct db *db, int64_t miners, int first, int count) {
  struct sample_row *rows = calloc((size_t)(miners * count), sizeof *rows);
  size_t next = 0;
  for (int n = first; n < first + count; n++)
    for (int64_t miner = 1; miner <= miners; miner++)
      rows[next++] = make_row(miner, n);
  insert_rows(db, rows, next);
  free(rows);
}

static struct seal_result seal(struct db *db, int64_t now_ms, int64_t max_rows, bool all) {
  struct err err;
  struct seal_result result;
  const struct seal_step step = {.max_rows = max_rows, .all = all};
  must(db_begin(db, &err) && seal_store_step(db, now_ms, &step, &result, &err) &&
           db_commit(db, &err),
       &err);
  return result;
}

static int64_t seal_until_done(struct db *db, int64_t now_ms, int64_t max_rows, bool all) {
  int64_t samples = 0;
  struct seal_result result;
  do {
    result = seal(db, now_ms, max_rows, all);
    samples += result.samples;
  } while (!result.done);
  return samples;
}

static int64_t read_int(struct db *db, const char *sql) {
  struct err err;
  struct db_cursor *cursor;
  must(db_query(db, sql, NULL, 0, &cursor, &err), &err);
  assert_int_equal(db_cursor_next(cursor, &err), DB_ROW);
  int64_t value = db_cursor_int(cursor, 0);
  db_cursor_close(cursor);
  return value;
}

/* How often each sample of one miner was read, by its number. */
struct tally {
  int64_t miner_id;
  int times[20000];
  int64_t sealed, open;
};

static void count_sample(struct tally *tally, const struct sample *sample) {
  int n = (int)((sample->at_ms - SAMPLES_START_MS) / 10000);
  assert_in_range(n, 0, 19999);
  struct sample_row row = make_row(tally->miner_id, n);
  expect_same_sample(sample, &row.sample);
  tally->times[n]++;
}

static bool count_sealed(const struct sample *sample, void *arg) {
  count_sample(arg, sample);
  ((struct tally *)arg)->sealed++;
  return true;
}

static bool count_open(const struct sample_row *row, void *arg) {
  count_sample(arg, &row->sample);
  ((struct tally *)arg)->open++;
  return true;
}

/* Fails unless samples 0..count of the miner are there exactly once. */
static struct tally *expect_each_once(struct db *db, int64_t miner_id, int count) {
  struct err err;
  struct tally *tally = calloc(1, sizeof *tally);
  tally->miner_id = miner_id;
  const struct chunk_visitor visitor = {.sample = count_sealed, .arg = tally};
  must(chunk_store_each(db, miner_id, INT64_MIN, INT64_MAX, &visitor, &err) &&
           sample_store_range(db, miner_id, INT64_MIN, INT64_MAX, count_open, tally, &err),
       &err);
  for (int n = 0; n < 20000; n++)
    assert_int_equal(tally->times[n], n < count ? 1 : 0);
  return tally;
}

/* Hours and days as text, so that two states can be compared whole. */
static bool append_rollup(const struct rollup *rollup, void *arg) {
  struct buf *text = arg;
  buf_printf(text, "%lld %lld %lld %.3f %.3f %lld %lld %.3f %.3f %lld", (long long)rollup->at_ms,
             (long long)rollup->samples, (long long)rollup->missed, rollup->online_s,
             rollup->hashing_s, (long long)rollup->shares_accepted,
             (long long)rollup->shares_rejected, rollup->energy_wh, rollup->best_diff,
             (long long)rollup->last_accepted);
  for (int m = 0; m < METRIC_COUNT; m++)
    buf_printf(text, " %.3f %.3f %.3f", rollup->metrics[m].average, rollup->metrics[m].minimum,
               rollup->metrics[m].maximum);
  buf_append_char(text, '\n');
  return true;
}

static char *rollup_text(struct db *db, int64_t miner_id) {
  struct err err;
  struct buf text;
  buf_init(&text);
  for (int length = ROLLUP_HOUR; length <= ROLLUP_DAY; length++) {
    const struct rollup_range range = {(enum rollup_length)length, miner_id, INT64_MIN, INT64_MAX};
    must(rollup_store_each(db, &range, append_rollup, &text, &err), &err);
  }
  return buf_take(&text, NULL);
}

static void expect_rebuild_changes_nothing(struct db *db, int64_t miner_id) {
  struct err err;
  int64_t damaged = 0;
  char *before = rollup_text(db, miner_id);
  must(db_begin(db, &err) && db_exec(db, "DELETE FROM hour", NULL, 0, NULL, &err) &&
           db_exec(db, "DELETE FROM day", NULL, 0, NULL, &err) &&
           rollup_store_rebuild(db, miner_id, &damaged, &err),
       &err);
  char *after = rollup_text(db, miner_id);
  db_rollback(db);
  assert_string_equal(before, after);
  assert_int_equal(damaged, 0);
  free(before);
  free(after);
}

static bool take_rollup(const struct rollup *rollup, void *arg) {
  *(struct rollup *)arg = *rollup;
  return false;
}

/* ------------------------------------------------------------ claims */

static void samples_wait_for_their_slot_then_move_into_chunks(void **state) {
  struct db *db = store_fixture_db(state);
  insert_ticks(db, 2, 0, PER_HOUR);

  assert_int_equal(seal_until_done(db, SAMPLES_START_MS, ALL_AT_ONCE, false), 0);
  int64_t sealed = seal_until_done(db, SAMPLES_START_MS + SEAL_PERIOD_MS, ALL_AT_ONCE, false);

  assert_int_equal(sealed, 2 * PER_HOUR);
  struct tally *tally = expect_each_once(db, 1, PER_HOUR);
  assert_int_equal(tally->sealed, PER_HOUR);
  assert_int_equal(read_int(db, "SELECT COUNT(*) FROM chunk"), 2);
  assert_int_equal(seal_until_done(db, SAMPLES_START_MS + SEAL_PERIOD_MS, ALL_AT_ONCE, false), 0);
  free(tally);
}

static void a_shorter_period_is_due_sooner(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct seal_result result = {0};
  const struct seal_step step = {.max_rows = ALL_AT_ONCE, .period_ms = 2400};
  int64_t sealed = 0;
  insert_ticks(db, 1, 0, 10);
  seal_until_done(db, SAMPLES_START_MS, ALL_AT_ONCE, false);

  while (!result.done) {
    must(seal_store_step(db, SAMPLES_START_MS + 3000, &step, &result, &err), &err);
    sealed += result.samples;
  }

  assert_int_equal(sealed, 10);
}

static void slots_are_due_at_moments_of_their_own(void **state) {
  struct db *db = store_fixture_db(state);
  int64_t moments = 0;
  seal_until_done(db, SAMPLES_START_MS, ALL_AT_ONCE, false);
  insert_ticks(db, SAMPLE_SLOTS, 0, 3);

  for (int64_t now = 0; now <= SEAL_PERIOD_MS; now += SEAL_PERIOD_MS / SAMPLE_SLOTS) {
    int64_t sealed = seal_until_done(db, SAMPLES_START_MS + now, ALL_AT_ONCE, false);
    assert_true(sealed == 0 || sealed == 3);
    moments += sealed > 0;
  }

  assert_int_equal(moments, SAMPLE_SLOTS);
}

static void sealed_rows_go_and_numbers_are_not_given_again(void **state) {
  struct db *db = store_fixture_db(state);
  int64_t count = 0, first_ms = 0, last_ms = 0;
  struct err err;
  insert_ticks(db, 3, 0, 100);

  seal_until_done(db, SAMPLES_START_MS, ALL_AT_ONCE, true);
  insert_ticks(db, 3, 100, 1);

  assert_true(read_int(db, "SELECT COUNT(*) FROM sample") <= 4);
  for (int64_t miner = 1; miner <= 3; miner++)
    free(expect_each_once(db, miner, 101));
  must(sample_store_count(db, &count, &first_ms, &last_ms, &err), &err);
  assert_int_equal(count, 303);
  assert_true(first_ms == SAMPLES_START_MS);
}

static bool take_next(const struct sample_row *row, void *arg) {
  int *next = arg;
  struct sample_row expected = make_row(1, (*next)--);
  expect_same_sample(&row->sample, &expected.sample);
  return true;
}

static void last_samples_are_read_on_into_the_chunks(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  int next = 1099;
  insert_ticks(db, 1, 0, 1000);
  seal_until_done(db, SAMPLES_START_MS, ALL_AT_ONCE, true);
  insert_ticks(db, 1, 1000, 100);

  must(sample_store_last(db, 1, 500, take_next, &next, &err), &err);

  assert_int_equal(next, 599);
}

static void what_is_overdue_is_sealed_in_small_steps(void **state) {
  struct db *db = store_fixture_db(state);
  seal_until_done(db, SAMPLES_START_MS, 100, false);
  insert_ticks(db, 2, 0, 6 * PER_HOUR);

  struct seal_result first = seal(db, SAMPLES_START_MS + 5 * SEAL_PERIOD_MS, 100, false);
  int64_t rest = seal_until_done(db, SAMPLES_START_MS + 5 * SEAL_PERIOD_MS, 100, false);

  assert_false(first.done);
  assert_true(first.samples <= 100);
  assert_int_equal(first.samples + rest, 12 * PER_HOUR);
  free(expect_each_once(db, 1, 6 * PER_HOUR));
  expect_rebuild_changes_nothing(db, 1);
}

static void clock_that_moves_neither_loses_nor_doubles(void **state) {
  struct db *db = store_fixture_db(state);
  int64_t now = SAMPLES_START_MS;
  const int64_t moves[] = {SEAL_PERIOD_MS, -3600000, 86400000, -86400000, SEAL_PERIOD_MS, 0};
  for (int i = 0; i < 6; i++) {
    insert_ticks(db, 2, i * 50, 50);
    now += moves[i];
    seal_until_done(db, now, ALL_AT_ONCE, false);
    free(expect_each_once(db, 1, (i + 1) * 50));
  }
  assert_int_equal(seal_until_done(db, now + SEAL_PERIOD_MS, ALL_AT_ONCE, false) >= 0, true);
  struct tally *tally = expect_each_once(db, 2, 300);
  assert_int_equal(tally->sealed, 300);
  free(tally);
}

static void late_samples_go_into_a_later_chunk_and_their_hour(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct sample_row late[20];
  insert_ticks(db, 1, 0, 100);
  insert_ticks(db, 1, 120, PER_HOUR);
  seal_until_done(db, SAMPLES_START_MS, ALL_AT_ONCE, true);
  for (int i = 0; i < 20; i++)
    late[i] = make_row(1, 100 + i);

  insert_rows(db, late, 20);
  insert_ticks(db, 1, 120 + PER_HOUR, 10);
  seal_until_done(db, SAMPLES_START_MS, ALL_AT_ONCE, true);

  free(expect_each_once(db, 1, 130 + PER_HOUR));
  struct rollup hour;
  const struct rollup_range range = {ROLLUP_HOUR, 1, SAMPLES_START_MS, INT64_MAX};
  must(rollup_store_each(db, &range, take_rollup, &hour, &err), &err);
  assert_int_equal(hour.samples, PER_HOUR);
  assert_true(hour.online_s == 3600.0);
  expect_rebuild_changes_nothing(db, 1);
}

static void add_past(struct db *db, int first, int count) {
  struct err err;
  struct sample *samples = calloc((size_t)count, sizeof *samples);
  for (int i = 0; i < count; i++)
    samples[i] = make_row(1, first + i).sample;
  must(db_begin(db, &err) && seal_store_add(db, 1, samples, (size_t)count, &err) &&
           db_commit(db, &err),
       &err);
  free(samples);
}

static int64_t hours_of_samples(struct db *db) {
  return read_int(db, "SELECT COALESCE(SUM(samples), 0) FROM hour WHERE miner_id = 1");
}

static void what_is_added_of_the_past_is_there_once(void **state) {
  struct db *db = store_fixture_db(state);
  insert_ticks(db, 1, 0, PER_HOUR);
  insert_ticks(db, 1, 4 * PER_HOUR, PER_HOUR);

  add_past(db, PER_HOUR, 3 * PER_HOUR);

  free(expect_each_once(db, 1, 5 * PER_HOUR));
  /* Around it nothing is sealed: no hour may stand there as if it were whole. */
  assert_int_equal(hours_of_samples(db), 0);
  seal_until_done(db, SAMPLES_START_MS, ALL_AT_ONCE, true);
  free(expect_each_once(db, 1, 5 * PER_HOUR));
  assert_int_equal(hours_of_samples(db), 5 * PER_HOUR);
  expect_rebuild_changes_nothing(db, 1);
}

static void past_after_all_that_was_sealed_gets_its_hours_with_what_follows(void **state) {
  struct db *db = store_fixture_db(state);
  insert_ticks(db, 1, 0, PER_HOUR);
  seal_until_done(db, SAMPLES_START_MS, ALL_AT_ONCE, true);

  add_past(db, PER_HOUR + 100, 3 * PER_HOUR);
  insert_ticks(db, 1, 6 * PER_HOUR, PER_HOUR);
  seal_until_done(db, SAMPLES_START_MS, ALL_AT_ONCE, true);

  assert_int_equal(hours_of_samples(db), 5 * PER_HOUR);
  expect_rebuild_changes_nothing(db, 1);
}

static void past_among_what_was_sealed_is_reckoned_at_once(void **state) {
  struct db *db = store_fixture_db(state);
  insert_ticks(db, 1, 0, PER_HOUR);
  insert_ticks(db, 1, 4 * PER_HOUR, PER_HOUR);
  seal_until_done(db, SAMPLES_START_MS, ALL_AT_ONCE, true);

  add_past(db, PER_HOUR, 3 * PER_HOUR);

  free(expect_each_once(db, 1, 5 * PER_HOUR));
  assert_int_equal(hours_of_samples(db), 5 * PER_HOUR);
  expect_rebuild_changes_nothing(db, 1);
}

static void hours_say_what_the_samples_say(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct rollup hour;
  double sum_w = 0;
  insert_ticks(db, 1, 0, PER_HOUR + 1);
  for (int n = 0; n < PER_HOUR; n++)
    sum_w += make_row(1, n).sample.values[METRIC_POWER_W];
  double before = make_row(1, 0).sample.values[METRIC_SHARES_ACCEPTED];
  double after = make_row(1, PER_HOUR - 1).sample.values[METRIC_SHARES_ACCEPTED];

  seal_until_done(db, SAMPLES_START_MS, ALL_AT_ONCE, true);

  const struct rollup_range range = {ROLLUP_HOUR, 1, SAMPLES_START_MS, SAMPLES_START_MS + 1};
  must(rollup_store_each(db, &range, take_rollup, &hour, &err), &err);
  assert_int_equal(hour.samples, PER_HOUR);
  assert_true(hour.online_s == 3600 && hour.hashing_s == 3600);
  assert_int_equal(hour.shares_accepted, after - before);
  assert_true(hour.metrics[METRIC_POWER_W].average - sum_w / PER_HOUR < 0.001);
  assert_true(hour.energy_wh > 18 && hour.energy_wh < 19);
  assert_true(hour.best_diff == 4.29e9);
}

/* Batches of any size, moments of any kind, transactions that are lost. */
static void any_course_of_events_keeps_each_sample_once(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  struct rand rand;
  rand_init(&rand, 2027);
  int64_t now = SAMPLES_START_MS;
  int count = 0;
  for (int round = 0; round < 60; round++) {
    int batch = (int)rand_below(&rand, 80);
    struct seal_result result;
    const struct seal_step step = {.max_rows = 1 + (int64_t)rand_below(&rand, 400)};
    insert_ticks(db, 3, count, batch);
    count += batch;
    now += (int64_t)rand_below(&rand, 3 * 3600000) - 1800000;
    must(db_begin(db, &err) && seal_store_step(db, now, &step, &result, &err), &err);
    if (rand_below(&rand, 3) == 0)
      db_rollback(db);
    else
      must(db_commit(db, &err), &err);
    if (round % 10 == 9)
      free(expect_each_once(db, 2, count));
  }
  seal_until_done(db, now, 500, true);
  for (int64_t miner = 1; miner <= 3; miner++) {
    free(expect_each_once(db, miner, count));
    expect_rebuild_changes_nothing(db, miner);
  }
}

/* ------------------------------------------------------------ kill -9 */

/* Adds and seals until it is killed; tells each committed tick. */
_Noreturn static void work_until_killed(const char *url, int first, int told) {
  struct err err;
  struct db *db = NULL;
  if (!db_open(&db, url, DB_READ_WRITE, &err) || !store_migrate(db, &err))
    _exit(1);
  for (int n = first;; n++) {
    insert_ticks(db, 2, n, 1);
    if (write(told, &n, sizeof n) != (ssize_t)sizeof n)
      _exit(1);
    seal(db, SAMPLES_START_MS + (int64_t)n * 400000, 100, false);
  }
}

/* Returns the last tick that the child said was committed. */
static int kill_after(const char *url, int first, int ticks) {
  int told[2], last = first - 1, n = 0;
  assert_int_equal(pipe(told), 0);
  pid_t child = fork();
  if (child == 0)
    work_until_killed(url, first, told[1]);
  close(told[1]);
  while (n < first + ticks && read(told[0], &n, sizeof n) == (ssize_t)sizeof n)
    last = n;
  kill(child, SIGKILL);
  while (read(told[0], &n, sizeof n) == (ssize_t)sizeof n)
    last = n;
  waitpid(child, NULL, 0);
  close(told[0]);
  assert_true(last >= first);
  return last;
}

static void kill_while_sealing_loses_and_doubles_nothing(void **state) {
  (void)state;
  struct temp_dir dir;
  char url[TEMP_DIR_MAX + 32];
  struct err err;
  struct rand rand;
  int next = 0;
  rand_init(&rand, 5);
  temp_dir_create(&dir);
  snprintf(url, sizeof url, "sqlite:%s/history.db", dir.path);

  for (int round = 0; round < 25; round++) {
    int last = kill_after(url, next, 1 + (int)rand_below(&rand, 40));
    struct db *db = NULL;
    must(db_open(&db, url, DB_READ_WRITE, &err), &err);
    int64_t newest = read_int(db, "SELECT MAX(at_ms) FROM sample");
    next = (int)((newest - SAMPLES_START_MS) / 10000) + 1;
    assert_true(next - 1 >= last); /* what was said to be committed is there */
    free(expect_each_once(db, 1, next));
    free(expect_each_once(db, 2, next));
    expect_rebuild_changes_nothing(db, 1);
    db_close(db);
  }
  temp_dir_destroy(&dir);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(samples_wait_for_their_slot_then_move_into_chunks),
      cmocka_unit_test(a_shorter_period_is_due_sooner),
      cmocka_unit_test(slots_are_due_at_moments_of_their_own),
      cmocka_unit_test(sealed_rows_go_and_numbers_are_not_given_again),
      cmocka_unit_test(last_samples_are_read_on_into_the_chunks),
      cmocka_unit_test(what_is_overdue_is_sealed_in_small_steps),
      cmocka_unit_test(clock_that_moves_neither_loses_nor_doubles),
      cmocka_unit_test(late_samples_go_into_a_later_chunk_and_their_hour),
      cmocka_unit_test(what_is_added_of_the_past_is_there_once),
      cmocka_unit_test(past_after_all_that_was_sealed_gets_its_hours_with_what_follows),
      cmocka_unit_test(past_among_what_was_sealed_is_reckoned_at_once),
      cmocka_unit_test(hours_say_what_the_samples_say),
      cmocka_unit_test(any_course_of_events_keeps_each_sample_once),
  };
  const struct CMUnitTest killed[] = {
      cmocka_unit_test(kill_while_sealing_loses_and_doubles_nothing),
  };
  return store_fixture_run("seal_store", tests, sizeof tests / sizeof tests[0]) +
         cmocka_run_group_tests_name("seal_store: killed", killed, NULL, NULL);
}
