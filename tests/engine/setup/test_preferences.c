#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/setup/preferences.h"
#include "store/setting_store.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

struct fixture {
  struct temp_dir dir;
  char url[TEMP_DIR_MAX + 64];
  uv_loop_t loop;
  struct db_threads *threads;
  struct preferences *preferences;
  int answers;
  struct err err; /* of the last answer */
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  struct err err;
  temp_dir_create(&f->dir);
  snprintf(f->url, sizeof f->url, "sqlite:%s/monitor.db", f->dir.path);
  uv_loop_init(&f->loop);
  *state = f;
  if (!db_threads_start(&f->threads, &f->loop, &(struct db_threads_options){.url = f->url}, &err))
    return -1;
  f->preferences = preferences_create(f->threads);
  return 0;
}

static void stop_threads(struct fixture *f) {
  if (f->threads != NULL)
    db_threads_stop(f->threads);
  f->threads = NULL;
  uv_run(&f->loop, UV_RUN_DEFAULT);
}

static int teardown(void **state) {
  struct fixture *f = *state;
  stop_threads(f);
  preferences_destroy(f->preferences);
  assert_int_equal(uv_loop_close(&f->loop), 0);
  temp_dir_destroy(&f->dir);
  free(f);
  return 0;
}

static void on_done(const struct err *err, void *arg) {
  struct fixture *f = arg;
  f->answers++;
  f->err = err == NULL ? (struct err){.code = ERR_NONE} : *err;
}

static bool has_answer(void *arg) {
  return ((struct fixture *)arg)->answers > 0;
}

/* ERR_NONE when it was kept. */
static enum err_code change(struct fixture *f, enum preference preference, const char *value) {
  struct preferences_change wanted = {0};
  wanted.values[preference] = value;
  f->answers = 0;
  preferences_change(f->preferences, &wanted, on_done, f);
  assert_true(wait_until_loop(&f->loop, has_answer, f));
  assert_int_equal(f->answers, 1);
  return f->err.code;
}

static const char *value_of(struct fixture *f, enum preference preference) {
  return preferences_get(f->preferences, preference);
}

static void preferences_begin_with_what_suits_most(void **state) {
  struct fixture *f = *state;

  assert_string_equal(value_of(f, PREFERENCE_TEMPERATURE_UNIT), "C");
  assert_string_equal(value_of(f, PREFERENCE_LANGUAGE), "");
  assert_string_equal(value_of(f, PREFERENCE_FIRST_RUN), "pending");
  assert_string_equal(value_of(f, PREFERENCE_ELECTRICITY_PRICE), "");
}

static void change_is_there_after_the_next_start(void **state) {
  struct fixture *f = *state;
  struct err err;
  struct db *db;
  assert_int_equal(change(f, PREFERENCE_ELECTRICITY_PRICE, "0.305"), ERR_NONE);
  assert_int_equal(change(f, PREFERENCE_CURRENCY, "eur"), ERR_NONE);

  struct preferences *next = preferences_create(NULL);
  assert_true(db_open(&db, f->url, DB_READ_ONLY, &err));
  assert_true(preferences_load(next, db, &err));

  assert_string_equal(preferences_get(next, PREFERENCE_ELECTRICITY_PRICE), "0.305");
  assert_string_equal(preferences_get(next, PREFERENCE_CURRENCY), "EUR");
  assert_string_equal(preferences_get(next, PREFERENCE_TEMPERATURE_UNIT), "C");
  db_close(db);
  preferences_destroy(next);
}

static void nonsense_is_refused_in_words_and_changes_nothing(void **state) {
  struct fixture *f = *state;
  char longest[200];
  memset(longest, 'a', sizeof longest);
  longest[sizeof longest - 1] = '\0';
  const struct {
    enum preference preference;
    const char *value, *word;
  } cases[] = {
      {PREFERENCE_ELECTRICITY_PRICE, "-0.1", "kilowatt-hour"},
      {PREFERENCE_ELECTRICITY_PRICE, "nan", "kilowatt-hour"},
      {PREFERENCE_ELECTRICITY_PRICE, "1e300", "kilowatt-hour"},
      {PREFERENCE_CURRENCY, "EURO", "three letters"},
      {PREFERENCE_CURRENCY, "E1R", "three letters"},
      {PREFERENCE_TEMPERATURE_UNIT, "K", "Fahrenheit"},
      {PREFERENCE_LANGUAGE, "xx", "languages"},
      {PREFERENCE_SITE_NAME, "a\nb", "control"},
      {PREFERENCE_SITE_NAME, "\xff", "UTF-8"},
      {PREFERENCE_SITE_NAME, longest, "too long"},
      {PREFERENCE_FIRST_RUN, "maybe", "skipped"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char before[PREFERENCE_VALUE_MAX];
    snprintf(before, sizeof before, "%s", value_of(f, cases[i].preference));

    assert_int_equal(change(f, cases[i].preference, cases[i].value), ERR_INVALID);

    assert_non_null(strstr(f->err.text, cases[i].word));
    assert_string_equal(value_of(f, cases[i].preference), before);
  }
}

static void one_wrong_value_keeps_the_others_from_changing(void **state) {
  struct fixture *f = *state;
  const struct preferences_change wanted = {
      .values = {[PREFERENCE_TEMPERATURE_UNIT] = "F", [PREFERENCE_FIRST_RUN] = "never"}};

  preferences_change(f->preferences, &wanted, on_done, f);

  assert_int_equal(f->err.code, ERR_INVALID);
  assert_string_equal(value_of(f, PREFERENCE_TEMPERATURE_UNIT), "C");
}

static void empty_value_takes_a_change_back(void **state) {
  struct fixture *f = *state;
  change(f, PREFERENCE_TEMPERATURE_UNIT, "F");
  change(f, PREFERENCE_SITE_NAME, "Attic");

  change(f, PREFERENCE_TEMPERATURE_UNIT, "");
  change(f, PREFERENCE_SITE_NAME, "");

  assert_string_equal(value_of(f, PREFERENCE_TEMPERATURE_UNIT), "C");
  assert_string_equal(value_of(f, PREFERENCE_SITE_NAME), "");
}

static void value_that_this_release_does_not_understand_counts_as_never_set(void **state) {
  struct fixture *f = *state;
  struct err err;
  struct db *db;
  stop_threads(f);
  assert_true(db_open(&db, f->url, DB_READ_WRITE, &err));
  assert_true(setting_store_set(db, "owner.temperature_unit", "Rankine", &err));
  assert_true(setting_store_set(db, "owner.language", "tlh", &err));
  assert_true(setting_store_set(db, "owner.site_name", "Attic", &err));

  assert_true(preferences_load(f->preferences, db, &err));

  assert_string_equal(value_of(f, PREFERENCE_TEMPERATURE_UNIT), "C");
  assert_string_equal(value_of(f, PREFERENCE_LANGUAGE), "");
  assert_string_equal(value_of(f, PREFERENCE_SITE_NAME), "Attic");
  db_close(db);
}

static void on_watched(void *arg) {
  ++*(int *)arg;
}

static void payout_addresses_are_kept_as_a_list_and_whoever_watches_is_told(void **state) {
  struct fixture *f = *state;
  int told = 0;
  preferences_watch(f->preferences, on_watched, &told);

  assert_int_equal(change(f, PREFERENCE_PAYOUT_ADDRESSES, "bc1qowner 1Other"), ERR_NONE);
  assert_int_equal(change(f, PREFERENCE_PAYOUT_ADDRESSES, "two,in,one"), ERR_INVALID);
  assert_int_equal(change(f, PREFERENCE_PAYOUT_ADDRESSES, "a b c d e f g h i j k"), ERR_INVALID);

  assert_int_equal(told, 1);
  assert_true(preferences_is_list(PREFERENCE_PAYOUT_ADDRESSES));
  assert_string_equal(value_of(f, PREFERENCE_PAYOUT_ADDRESSES), "bc1qowner 1Other");
}

static void run_drop(struct db_task *task, struct db *db) {
  task->ok = db_exec(db, "DROP TABLE setting", NULL, 0, NULL, &task->err);
}

static void on_dropped(struct db_task *task) {
  assert_true(task->ok);
}

static void change_that_cannot_be_kept_is_not_in_use(void **state) {
  struct fixture *f = *state;
  struct db_task drop = {.run = run_drop, .done = on_dropped};
  db_threads_write(f->threads, &drop);

  assert_int_not_equal(change(f, PREFERENCE_TEMPERATURE_UNIT, "F"), ERR_NONE);

  assert_string_equal(value_of(f, PREFERENCE_TEMPERATURE_UNIT), "C");
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      CASE(preferences_begin_with_what_suits_most),
      CASE(change_is_there_after_the_next_start),
      CASE(nonsense_is_refused_in_words_and_changes_nothing),
      CASE(one_wrong_value_keeps_the_others_from_changing),
      CASE(empty_value_takes_a_change_back),
      CASE(value_that_this_release_does_not_understand_counts_as_never_set),
      CASE(payout_addresses_are_kept_as_a_list_and_whoever_watches_is_told),
      CASE(change_that_cannot_be_kept_is_not_in_use),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
