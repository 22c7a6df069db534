/* What is a gap, and whose. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "api/history/gaps.h"

enum { MINUTE = 60000, SHORTEST = 3 * MINUTE };

/* An hour, watched since its begin. */
static struct gaps *hour_watched_since(int64_t watched_ms) {
  return gaps_create(&(struct gaps_options){
      .from_ms = 0, .to_ms = 60 * MINUTE, .watched_ms = watched_ms, .shortest_ms = SHORTEST});
}

static void ask_every_minute(struct gaps *gaps, int from_min, int to_min, bool answered) {
  for (int64_t minute = from_min; minute < to_min; minute++)
    gaps_add(gaps, minute * MINUTE, minute * MINUTE, answered);
}

static void expect_gap(struct gaps *gaps, size_t index, struct gap wanted) {
  size_t count;
  const struct gap *list = gaps_list(gaps, &count);
  assert_true(index < count);
  assert_int_equal(list[index].from_ms, wanted.from_ms);
  assert_int_equal(list[index].to_ms, wanted.to_ms);
  assert_int_equal(list[index].kind, wanted.kind);
}

static void expect_count(struct gaps *gaps, size_t wanted) {
  size_t count;
  gaps_list(gaps, &count);
  assert_int_equal(count, wanted);
}

static void steady_answers_have_no_gap(void **state) {
  (void)state;
  struct gaps *gaps = hour_watched_since(0);
  ask_every_minute(gaps, 0, 60, true);
  expect_count(gaps, 0);
  gaps_destroy(gaps);
}

static void time_without_record_is_the_monitors(void **state) {
  (void)state;
  struct gaps *gaps = hour_watched_since(0);
  ask_every_minute(gaps, 0, 20, true);
  ask_every_minute(gaps, 40, 60, true);

  expect_count(gaps, 1);
  expect_gap(gaps, 0, (struct gap){19 * MINUTE, 40 * MINUTE, GAP_MONITOR_OFF});
  gaps_destroy(gaps);
}

static void unanswered_questions_are_the_miners(void **state) {
  (void)state;
  struct gaps *gaps = hour_watched_since(0);
  ask_every_minute(gaps, 0, 20, true);
  ask_every_minute(gaps, 20, 40, false);
  ask_every_minute(gaps, 40, 60, true);

  expect_count(gaps, 1);
  expect_gap(gaps, 0, (struct gap){20 * MINUTE, 40 * MINUTE, GAP_MINER_OFF});
  gaps_destroy(gaps);
}

static void one_missed_answer_is_no_gap(void **state) {
  (void)state;
  struct gaps *gaps = hour_watched_since(0);
  ask_every_minute(gaps, 0, 20, true);
  ask_every_minute(gaps, 20, 21, false);
  ask_every_minute(gaps, 21, 60, true);
  expect_count(gaps, 0);
  gaps_destroy(gaps);
}

static void time_before_it_was_watched_is_unknown(void **state) {
  (void)state;
  struct gaps *gaps = hour_watched_since(30 * MINUTE);
  ask_every_minute(gaps, 40, 60, true);

  expect_count(gaps, 2);
  expect_gap(gaps, 0, (struct gap){0, 30 * MINUTE, GAP_UNKNOWN});
  expect_gap(gaps, 1, (struct gap){30 * MINUTE, 40 * MINUTE, GAP_MONITOR_OFF});
  gaps_destroy(gaps);
}

static void time_that_is_let_go_is_expired(void **state) {
  (void)state;
  struct gaps *gaps = gaps_create(&(struct gaps_options){.from_ms = 0,
                                                         .to_ms = 60 * MINUTE,
                                                         .watched_ms = 10 * MINUTE,
                                                         .kept_ms = 30 * MINUTE,
                                                         .shortest_ms = SHORTEST});
  ask_every_minute(gaps, 40, 60, true);

  expect_count(gaps, 3);
  expect_gap(gaps, 0, (struct gap){0, 10 * MINUTE, GAP_UNKNOWN});
  expect_gap(gaps, 1, (struct gap){10 * MINUTE, 30 * MINUTE, GAP_EXPIRED});
  expect_gap(gaps, 2, (struct gap){30 * MINUTE, 40 * MINUTE, GAP_MONITOR_OFF});
  gaps_destroy(gaps);
}

static void what_is_still_there_is_not_expired(void **state) {
  (void)state;
  struct gaps *gaps = gaps_create(&(struct gaps_options){
      .from_ms = 0, .to_ms = 60 * MINUTE, .kept_ms = 30 * MINUTE, .shortest_ms = SHORTEST});
  ask_every_minute(gaps, 20, 60, true);

  expect_count(gaps, 1);
  expect_gap(gaps, 0, (struct gap){0, 20 * MINUTE, GAP_EXPIRED});
  gaps_destroy(gaps);
}

static void what_waits_to_be_stored_is_unknown(void **state) {
  (void)state;
  struct gaps *gaps = gaps_create(&(struct gaps_options){
      .from_ms = 0, .to_ms = 60 * MINUTE, .waiting_ms = 20 * MINUTE, .shortest_ms = SHORTEST});
  ask_every_minute(gaps, 0, 10, true);
  ask_every_minute(gaps, 40, 60, true);

  expect_count(gaps, 2);
  expect_gap(gaps, 0, (struct gap){9 * MINUTE, 20 * MINUTE, GAP_MONITOR_OFF});
  expect_gap(gaps, 1, (struct gap){20 * MINUTE, 40 * MINUTE, GAP_UNKNOWN});
  gaps_destroy(gaps);
}

static void damaged_record_is_unknown(void **state) {
  (void)state;
  struct gaps *gaps = hour_watched_since(0);
  ask_every_minute(gaps, 0, 10, true);
  gaps_add_damage(gaps, 10 * MINUTE, 30 * MINUTE);
  ask_every_minute(gaps, 31, 60, true);

  expect_count(gaps, 1);
  expect_gap(gaps, 0, (struct gap){10 * MINUTE, 30 * MINUTE, GAP_UNKNOWN});
  gaps_destroy(gaps);
}

static void monitor_that_stopped_while_the_miner_was_off_tells_both(void **state) {
  (void)state;
  struct gaps *gaps = hour_watched_since(0);
  ask_every_minute(gaps, 0, 10, true);
  ask_every_minute(gaps, 10, 21, false);
  ask_every_minute(gaps, 40, 60, true);

  expect_count(gaps, 2);
  expect_gap(gaps, 0, (struct gap){10 * MINUTE, 20 * MINUTE, GAP_MINER_OFF});
  expect_gap(gaps, 1, (struct gap){20 * MINUTE, 40 * MINUTE, GAP_MONITOR_OFF});
  gaps_destroy(gaps);
}

static void late_samples_find_their_place(void **state) {
  (void)state;
  struct gaps *gaps = hour_watched_since(0);
  ask_every_minute(gaps, 20, 40, false);
  ask_every_minute(gaps, 40, 60, true);
  ask_every_minute(gaps, 10, 20, false);
  ask_every_minute(gaps, 0, 10, true);

  expect_count(gaps, 1);
  expect_gap(gaps, 0, (struct gap){10 * MINUTE, 40 * MINUTE, GAP_MINER_OFF});
  gaps_destroy(gaps);
}

static void empty_record_is_one_gap(void **state) {
  (void)state;
  struct gaps *gaps = hour_watched_since(0);
  expect_count(gaps, 1);
  expect_gap(gaps, 0, (struct gap){0, 60 * MINUTE, GAP_MONITOR_OFF});
  gaps_destroy(gaps);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(steady_answers_have_no_gap),
      cmocka_unit_test(time_without_record_is_the_monitors),
      cmocka_unit_test(unanswered_questions_are_the_miners),
      cmocka_unit_test(one_missed_answer_is_no_gap),
      cmocka_unit_test(time_before_it_was_watched_is_unknown),
      cmocka_unit_test(time_that_is_let_go_is_expired),
      cmocka_unit_test(what_is_still_there_is_not_expired),
      cmocka_unit_test(what_waits_to_be_stored_is_unknown),
      cmocka_unit_test(damaged_record_is_unknown),
      cmocka_unit_test(monitor_that_stopped_while_the_miner_was_off_tells_both),
      cmocka_unit_test(late_samples_find_their_place),
      cmocka_unit_test(empty_record_is_one_gap),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
