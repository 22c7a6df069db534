#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "alert/share_odds.h"

static void a_share_of_difficulty_one_takes_four_billion_hashes(void **state) {
  (void)state;
  assert_float_equal(share_odds_mean_s(4.294967296, 1), 1, 1e-12);
  /* A Gamma at a difficulty of 1,000: one share in four seconds. */
  assert_float_equal(share_odds_mean_s(1071, 1000), 4.0102, 1e-3);
}

static void the_longest_wait_is_met_once_in_a_million_times(void **state) {
  (void)state;
  double longest_s = share_odds_longest_s(1071, 1000, 1e-6);
  double means = longest_s / share_odds_mean_s(1071, 1000);
  assert_float_equal(means, 13.8155, 1e-4);
  assert_float_equal(exp(-means), 1e-6, 1e-12);
}

static void what_is_unknown_gives_no_answer(void **state) {
  (void)state;
  const double pairs[][2] = {{NAN, 1000}, {1000, NAN}, {0, 1000}, {1000, 0}, {-1, 1000}};
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    assert_true(isnan(share_odds_mean_s(pairs[i][0], pairs[i][1])));
    assert_true(isnan(share_odds_longest_s(pairs[i][0], pairs[i][1], 1e-6)));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_share_of_difficulty_one_takes_four_billion_hashes),
      cmocka_unit_test(the_longest_wait_is_met_once_in_a_million_times),
      cmocka_unit_test(what_is_unknown_gives_no_answer),
  };
  return cmocka_run_group_tests_name("share_odds", tests, NULL, NULL);
}
