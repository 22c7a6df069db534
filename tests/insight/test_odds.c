#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

#include "base/rand.h"
#include "insight/odds.h"

static const double network = 1.46e14;

static void a_small_miner_finds_a_block_in_thousands_of_years(void **state) {
  (void)state;
  double years = odds_mean_s(1071, network) / ODDS_YEAR_S;
  double one_in = odds_one_in(odds_reach(odds_hashes(1071, ODDS_DAY_S), network));

  assert_float_equal(years, 18553, 10);
  assert_true(fabs(one_in / (years * 365.25) - 1) < 1e-6);
}

static void tiny_odds_keep_their_digits(void **state) {
  (void)state;
  double second = odds_reach(odds_hashes(1, 1), network);

  assert_true(fabs(second / (1e9 / (network * 0x1p32)) - 1) < 1e-9);
}

static void all_blocks_of_the_network_take_ten_minutes(void **state) {
  (void)state;
  double network_ghs = network * 0x1p32 / 600 / 1e9;

  assert_float_equal(odds_mean_s(network_ghs, network), 600, 1e-6);
}

static void half_of_all_miners_pass_the_usual_best(void **state) {
  (void)state;
  double hashes = odds_hashes(500, 30 * ODDS_DAY_S);
  double usual = odds_usual_best(hashes);

  assert_float_equal(odds_luck(usual, hashes), 0.5, 1e-9);
  assert_float_equal(odds_reach(hashes, usual), 0.5, 1e-9);
}

static void luck_grows_with_the_best_and_falls_with_the_work(void **state) {
  (void)state;
  double hashes = odds_hashes(500, ODDS_DAY_S), usual = odds_usual_best(hashes);

  assert_true(odds_luck(2 * usual, hashes) > 0.7);
  assert_true(odds_luck(usual / 10, hashes) < 0.001);
  assert_true(odds_luck(usual, 10 * hashes) < 0.001);
}

static void luck_is_spread_evenly_over_miners(void **state) {
  (void)state;
  /* A hash reaches d with probability 1 / d in units of 2^32 hashes: draw the best of
   * 1,000 shares of difficulty 1 for many miners. */
  struct rand rand;
  int lucky = 0, miners = 2000;
  rand_init(&rand, 7);
  for (int i = 0; i < miners; i++) {
    double best = 0;
    for (int share = 0; share < 1000; share++)
      best = fmax(best, 1 / (1 - rand_unit(&rand)));
    lucky += odds_luck(best, 1000 * 0x1p32) > 0.9;
  }
  assert_in_range(lucky, miners / 10 - 40, miners / 10 + 40);
}

static void what_is_unknown_gives_no_answer(void **state) {
  (void)state;
  assert_true(isnan(odds_reach(1e12, NAN)));
  assert_true(isnan(odds_reach(1e12, 0)));
  assert_true(isnan(odds_reach(NAN, 1000)));
  assert_true(isnan(odds_mean_s(NAN, 1000)));
  assert_true(isnan(odds_luck(NAN, 1e12)));
  assert_true(isnan(odds_luck(0, 1e12)));
  assert_true(isinf(odds_one_in(odds_reach(0, 1000))));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_small_miner_finds_a_block_in_thousands_of_years),
      cmocka_unit_test(tiny_odds_keep_their_digits),
      cmocka_unit_test(all_blocks_of_the_network_take_ten_minutes),
      cmocka_unit_test(half_of_all_miners_pass_the_usual_best),
      cmocka_unit_test(luck_grows_with_the_best_and_falls_with_the_work),
      cmocka_unit_test(luck_is_spread_evenly_over_miners),
      cmocka_unit_test(what_is_unknown_gives_no_answer),
  };
  return cmocka_run_group_tests_name("odds", tests, NULL, NULL);
}
