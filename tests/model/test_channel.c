#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "model/channel.h"

enum { H = 60 };

static void each_matter_meets_the_wish_that_it_should(void **state) {
  (void)state;
  static const int64_t two_and_three[] = {2, 3};
  static const struct {
    struct channel channel;
    struct channel_matter matter;
    int minute;
    enum channel_answer expected;
  } cases[] = {
#define ALL_DAY .quiet_from_min = -1, .quiet_to_min = -1
#define NIGHT .quiet_from_min = 22 * H, .quiet_to_min = 7 * H
      {{.enabled = true, .wish = {ALL_DAY}}, {ALERT_INFO, false, 1}, 0, CHANNEL_NOW},
      {{.enabled = false, .wish = {ALL_DAY}}, {ALERT_CRITICAL, false, 1}, 0, CHANNEL_NO},
      {{.enabled = true, .wish = {ALERT_WARNING, ALL_DAY}}, {ALERT_INFO, false, 1}, 0, CHANNEL_NO},
      {{.enabled = true, .wish = {ALERT_WARNING, ALL_DAY}},
       {ALERT_WARNING, false, 1},
       0,
       CHANNEL_NOW},
      /* Good news has its own switch and no severity to reach. */
      {{.enabled = true, .wish = {ALERT_CRITICAL, true, ALL_DAY}},
       {ALERT_INFO, true, 1},
       0,
       CHANNEL_NOW},
      {{.enabled = true, .wish = {ALERT_INFO, false, ALL_DAY}},
       {ALERT_INFO, true, 1},
       0,
       CHANNEL_NO},
      /* Of some miners only; what concerns none of them alone comes to all. */
      {{.enabled = true, .wish = {.miners = two_and_three, .miner_count = 2, ALL_DAY}},
       {ALERT_INFO, false, 1},
       0,
       CHANNEL_NO},
      {{.enabled = true, .wish = {.miners = two_and_three, .miner_count = 2, ALL_DAY}},
       {ALERT_INFO, false, 3},
       0,
       CHANNEL_NOW},
      {{.enabled = true, .wish = {.miners = two_and_three, .miner_count = 2, ALL_DAY}},
       {ALERT_INFO, false, 0},
       0,
       CHANNEL_NOW},
      {{.enabled = true, .wish = {NIGHT}}, {ALERT_WARNING, false, 1}, 23 * H, CHANNEL_DIGEST},
      {{.enabled = true, .wish = {NIGHT}}, {ALERT_WARNING, false, 1}, 7 * H, CHANNEL_NOW},
      {{.enabled = true, .wish = {NIGHT}}, {ALERT_CRITICAL, false, 1}, 3 * H, CHANNEL_DIGEST},
      {{.enabled = true, .wish = {NIGHT, .critical_passes = true}},
       {ALERT_CRITICAL, false, 1},
       3 * H,
       CHANNEL_NOW},
      {{.enabled = true, .wish = {NIGHT, .critical_passes = true}},
       {ALERT_WARNING, false, 1},
       3 * H,
       CHANNEL_DIGEST},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_int_equal(channel_decide(&cases[i].channel, &cases[i].matter, cases[i].minute),
                     cases[i].expected);
}

static void quiet_hours_end_when_they_say_also_over_midnight(void **state) {
  (void)state;
  static const struct {
    int from, to, minute, left;
  } cases[] = {
      {22 * H, 7 * H, 22 * H - 1, 0}, {22 * H, 7 * H, 22 * H, 9 * H},
      {22 * H, 7 * H, 0, 7 * H},      {22 * H, 7 * H, 7 * H - 1, 1},
      {22 * H, 7 * H, 7 * H, 0},      {13 * H, 15 * H, 14 * H, H},
      {13 * H, 15 * H, 12 * H, 0},    {-1, -1, 3 * H, 0},
      {8 * H, 8 * H, 8 * H, 0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const struct channel_wish wish = {.quiet_from_min = cases[i].from, .quiet_to_min = cases[i].to};
    assert_int_equal(channel_quiet_left_min(&wish, cases[i].minute), cases[i].left);
  }
}

static void roles_are_found_by_their_names(void **state) {
  (void)state;
  for (int role = CHANNEL_VIEWER; role <= CHANNEL_OWNER; role++) {
    enum channel_role found = CHANNEL_VIEWER;
    assert_true(channel_role_find(channel_role_name((enum channel_role)role), &found));
    assert_int_equal(found, role);
  }
  enum channel_role none;
  assert_false(channel_role_find("king", &none));
  assert_false(channel_role_find(NULL, &none));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_matter_meets_the_wish_that_it_should),
      cmocka_unit_test(quiet_hours_end_when_they_say_also_over_midnight),
      cmocka_unit_test(roles_are_found_by_their_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
