#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "alert/alert_group.h"

static const int64_t T0 = 1800000000000;

static struct alert_event gone(int64_t miner_id, int64_t after_ms) {
  return (struct alert_event){.miner_id = miner_id,
                              .episode = T0 + miner_id,
                              .rule = ALERT_OFFLINE,
                              .kind = ALERT_RAISED,
                              .at_ms = T0 + after_ms};
}

static void those_within_a_minute_of_the_one_before_join(void **state) {
  (void)state;
  struct alert_group group = {0};
  struct alert_event events[] = {gone(1, 0), gone(2, 59000), gone(3, 118000), gone(4, 179000)};

  assert_false(alert_group_join(&group, &events[0]));
  assert_true(alert_group_join(&group, &events[1]));
  assert_true(alert_group_join(&group, &events[2]));

  assert_int_equal(group.count, 3);
  assert_int_equal(group.episode, T0 + 1);
  assert_int_equal(group.miners[2], 3);
  assert_false(alert_group_join(&group, &events[3]));
  assert_int_equal(group.count, 1);
  assert_int_equal(group.episode, T0 + 4);
}

static void a_group_ends_some_time(void **state) {
  (void)state;
  struct alert_group group = {0};
  int64_t after_ms = 0, miner_id = 1;
  struct alert_event event = gone(miner_id, after_ms);
  alert_group_join(&group, &event);

  for (; after_ms <= ALERT_GROUP_LONGEST_MS; after_ms += 50000) {
    event = gone(++miner_id, after_ms);
    assert_true(alert_group_join(&group, &event));
  }
  event = gone(++miner_id, after_ms);

  assert_false(alert_group_join(&group, &event));
}

static void a_clock_that_was_set_back_begins_a_new_group(void **state) {
  (void)state;
  struct alert_group group = {0};
  struct alert_event before = gone(1, 0), after = gone(2, -3600000);
  alert_group_join(&group, &before);

  assert_false(alert_group_join(&group, &after));

  assert_int_equal(group.count, 1);
}

static void one_miner_counts_once(void **state) {
  (void)state;
  struct alert_group group = {0};
  struct alert_event first = gone(1, 0), again = gone(1, 1000);
  alert_group_join(&group, &first);

  assert_true(alert_group_join(&group, &again));

  assert_int_equal(group.count, 1);
}

static void no_answer_and_gone_are_the_same_trouble_of_many(void **state) {
  (void)state;
  struct alert_group group = {0};
  struct alert_event first = gone(1, 0), second = gone(2, 1000), hot = gone(3, 2000);
  second.rule = ALERT_UNRESPONSIVE;
  hot.rule = ALERT_CHIP_TEMP;
  alert_group_join(&group, &first);

  assert_true(alert_group_join(&group, &second));
  assert_false(alert_group_join(&group, &hot));
}

static void news_and_changes_by_hand_are_told_one_by_one(void **state) {
  (void)state;
  static const struct {
    enum alert_rule rule;
    enum alert_event_kind kind;
    bool grouped;
  } rows[] = {
      {ALERT_OFFLINE, ALERT_RAISED, true},
      {ALERT_OFFLINE, ALERT_CLEARED, true},
      {ALERT_OFFLINE, ALERT_REMINDED, false},
      {ALERT_OFFLINE, ALERT_ACKED, false},
      {ALERT_CHIP_TEMP, ALERT_RAISED, true},
      {ALERT_RESTARTED, ALERT_HAPPENED, true},
      {ALERT_NEW_BEST, ALERT_HAPPENED, false},
      {ALERT_BLOCK_FOUND, ALERT_HAPPENED, false},
      {ALERT_SETTINGS_CHANGED, ALERT_HAPPENED, false},
      {ALERT_MONITOR_DISK, ALERT_RAISED, false},
      {ALERT_MONITOR_CHANNEL, ALERT_RAISED, false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_int_equal(alert_group_is_for(rows[i].rule, rows[i].kind), rows[i].grouped);
}

static void the_cause_follows_from_what_is_known(void **state) {
  (void)state;
  static const struct {
    struct alert_cause_facts facts;
    enum alert_cause cause;
  } rows[] = {
      {{ALERT_OFFLINE, 5, 5, ALERT_GATEWAY_SILENT, NAN, NAN, NAN, NAN, false}, ALERT_CAUSE_NETWORK},
      {{ALERT_OFFLINE, 5, 5, ALERT_GATEWAY_ANSWERS, NAN, NAN, NAN, NAN, false}, ALERT_CAUSE_POWER},
      {{ALERT_OFFLINE, 5, 5, ALERT_GATEWAY_UNKNOWN, NAN, NAN, NAN, NAN, false},
       ALERT_CAUSE_EVERYTHING},
      {{ALERT_OFFLINE, 4, 5, ALERT_GATEWAY_ANSWERS, NAN, NAN, NAN, NAN, false}, ALERT_CAUSE_SHARED},
      {{ALERT_OFFLINE, 4, 5, ALERT_GATEWAY_SILENT, NAN, NAN, NAN, NAN, false}, ALERT_CAUSE_NETWORK},
      /* One miner of one says nothing about all of them. */
      {{ALERT_OFFLINE, 1, 1, ALERT_GATEWAY_ANSWERS, -50, -50, NAN, NAN, false},
       ALERT_CAUSE_UNKNOWN},
      {{ALERT_OFFLINE, 1, 5, ALERT_GATEWAY_ANSWERS, -82, -80, NAN, NAN, false}, ALERT_CAUSE_WIFI},
      {{ALERT_OFFLINE, 1, 5, ALERT_GATEWAY_ANSWERS, -72, -60, NAN, NAN, false}, ALERT_CAUSE_WIFI},
      {{ALERT_OFFLINE, 1, 5, ALERT_GATEWAY_ANSWERS, -60, -45, NAN, NAN, false},
       ALERT_CAUSE_UNKNOWN},
      {{ALERT_OFFLINE, 1, 5, ALERT_GATEWAY_ANSWERS, -82, -60, 4600, 4700, false},
       ALERT_CAUSE_POWER_SUPPLY},
      {{ALERT_OFFLINE, 1, 5, ALERT_GATEWAY_ANSWERS, -82, -60, 4600, 0, false}, ALERT_CAUSE_WIFI},
      {{ALERT_RESTARTED, 1, 5, ALERT_GATEWAY_UNKNOWN, NAN, NAN, NAN, NAN, true},
       ALERT_CAUSE_POWER_SUPPLY},
      {{ALERT_RESTARTED, 3, 5, ALERT_GATEWAY_UNKNOWN, NAN, NAN, NAN, NAN, true},
       ALERT_CAUSE_POWER_CUT},
      {{ALERT_POOL_LOST, 1, 5, ALERT_GATEWAY_UNKNOWN, NAN, NAN, NAN, NAN, false},
       ALERT_CAUSE_UNKNOWN},
      {{ALERT_POOL_LOST, 2, 5, ALERT_GATEWAY_UNKNOWN, NAN, NAN, NAN, NAN, false}, ALERT_CAUSE_POOL},
      {{ALERT_CHIP_TEMP, 2, 5, ALERT_GATEWAY_UNKNOWN, NAN, NAN, NAN, NAN, false}, ALERT_CAUSE_ROOM},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_string_equal(alert_cause_name(alert_group_cause(&rows[i].facts)),
                        alert_cause_name(rows[i].cause));
}

static void expect_names(size_t named, size_t count, const char *expected) {
  static const char *const names[] = {"A", "B", "C"};
  struct buf text;
  buf_init(&text);
  alert_group_write_names(&text, "en", names, named, count);
  assert_string_equal(text.data, expected);
  buf_finish(&text);
}

static void names_read_like_a_sentence(void **state) {
  (void)state;
  expect_names(1, 1, "A");
  expect_names(2, 2, "A and B");
  expect_names(3, 3, "A, B and C");
  expect_names(3, 10, "A, B, C and 7 more");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(those_within_a_minute_of_the_one_before_join),
      cmocka_unit_test(a_group_ends_some_time),
      cmocka_unit_test(a_clock_that_was_set_back_begins_a_new_group),
      cmocka_unit_test(one_miner_counts_once),
      cmocka_unit_test(no_answer_and_gone_are_the_same_trouble_of_many),
      cmocka_unit_test(news_and_changes_by_hand_are_told_one_by_one),
      cmocka_unit_test(the_cause_follows_from_what_is_known),
      cmocka_unit_test(names_read_like_a_sentence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
