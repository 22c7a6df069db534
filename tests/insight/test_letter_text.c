#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "insight/letter_text.h"

#define HOUR_MS INT64_C(3600000)
#define MIDNIGHT INT64_C(1795305600000) /* Sunday 2026-11-22 00:00 UTC */

static int use_utc(void **state) {
  (void)state;
  setenv("TZ", "UTC", 1);
  tzset();
  return 0;
}

static void assert_reads(struct letter *letter, const char *expected) {
  struct buf out;
  buf_init(&out);
  letter_text_write(&out, NULL, letter);
  assert_string_equal(out.data, expected);
  buf_finish(&out);
}

/* A day of which nothing is known yet. */
static struct letter make_day(struct letter_miner *miners, size_t count) {
  return (struct letter){.from_ms = MIDNIGHT,
                         .to_ms = MIDNIGHT + 24 * HOUR_MS,
                         .now_ms = MIDNIGHT + 32 * HOUR_MS,
                         .miners = miners,
                         .miner_count = count,
                         .hashrate_ghs = NAN,
                         .price = NAN,
                         .currency = "",
                         .best_diff = NAN};
}

static void a_good_day_of_one_miner_is_a_few_short_lines(void **state) {
  (void)state;
  struct letter_miner miner = {"Garage", 8640, 8640, 86390, 86300};
  struct letter letter = make_day(&miner, 1);
  const double bars[] = {1210, 1210, 0, NAN, 600};
  for (size_t i = 0; i < 5; i++)
    letter.bars_ghs[i] = bars[i];
  letter.bar_count = 5;
  letter.hashrate_ghs = 1208;
  letter.energy_wh = 432;

  assert_reads(&letter, "Garage, 22 November: all was well\n"
                        "Reachable 100 % of the time, mining 99.8 %.\n"
                        "Hashrate: 1.21 TH/s on average\n"
                        "██▁·▄ (a bar for each hour)\n"
                        "Energy: 0.43 kWh\n"
                        "No alerts.");
}

static void of_three_miners_the_worst_stands_first_and_the_price_makes_the_cost(void **state) {
  (void)state;
  struct letter_miner miners[] = {{"Attic", 8640, 8640, 86400, 86400},
                                  {"Garage", 8640, 8639, 86390, 43195},
                                  {"Shed", 0, 0, 0, 0}};
  struct letter letter = make_day(miners, 3);
  letter.energy_wh = 12000;
  letter.price = 0.3;
  letter.currency = "EUR";
  letter.best_diff = 4.29e9;
  snprintf(letter.best_of, sizeof letter.best_of, "Attic");

  assert_reads(&letter, "Your 3 miners, 22 November: all was well\n"
                        "Reachable 99.9 % of the time, mining 74.9 %.\n"
                        "Energy: 12 kWh, which cost 3.60 EUR\n"
                        "New record of Attic: a share of difficulty 4.29 G\n"
                        "No alerts.\n"
                        "Shed: no readings\n"
                        "Garage: reachable 99.9 %, mining 49.9 %\n"
                        "Attic: reachable 100 %, mining 100 %");
}

static void a_bad_week_names_what_is_not_over(void **state) {
  (void)state;
  struct letter_miner miner = {"Garage", 1000, 450, 100, 90};
  struct letter letter = make_day(&miner, 1);
  letter.weekly = true;
  letter.from_ms = MIDNIGHT - 6 * 24 * HOUR_MS;
  letter.alerts = 9;
  letter.alert_ms = 4 * HOUR_MS + 10 * 60000;
  letter.open_count = 7;
  for (size_t i = 0; i < LETTER_OPEN_MAX; i++)
    letter.open[i] = (struct letter_open){"Garage", "rule.offline.title",
                                          letter.now_ms - (i == 0 ? 75 * HOUR_MS : 60000)};

  assert_reads(&letter, "Garage, 16 November to 22 November: 9 alerts\n"
                        "Reachable 45.0 % of the time, mining 40.5 %.\n"
                        "9 alerts, 4 h 10 min in all.\n"
                        "Not over for 3 days: Garage, Not reachable\n"
                        "Not over for 1 minute: Garage, Not reachable\n"
                        "Not over for 1 minute: Garage, Not reachable\n"
                        "Not over for 1 minute: Garage, Not reachable\n"
                        "Not over for 1 minute: Garage, Not reachable\n"
                        "... and 2 more that are not over");
}

static void without_readings_nothing_is_claimed(void **state) {
  (void)state;
  struct letter_miner miners[2] = {{.name = "Attic"}, {.name = "Garage"}};
  struct letter letter = make_day(miners, 2);

  assert_reads(&letter, "Your 2 miners, 22 November: nothing is known\n"
                        "There are no readings of this time: the monitor was off, or has only just "
                        "begun.\n"
                        "No alerts.");
}

static void a_block_is_never_left_out(void **state) {
  (void)state;
  struct letter_miner miner = {"Garage", 0, 0, 0, 0};
  struct letter letter = make_day(&miner, 1);
  snprintf(letter.block_of, sizeof letter.block_of, "Garage");
  letter.alerts = 1;
  letter.alert_ms = 30 * 60000;

  assert_reads(&letter, "Garage, 22 November: 1 alert\n"
                        "There are no readings of this time: the monitor was off, or has only just "
                        "begun.\n"
                        "BLOCK FOUND by Garage!\n"
                        "1 alert, 30 minutes long.");
}

static void a_picture_takes_the_place_of_the_bars_alone(void **state) {
  (void)state;
  struct buf out;
  buf_init(&out);

  letter_text_without_bars(&out, "Garage: all was well\n"
                                 "Hashrate: 1.21 TH/s\n"
                                 "██▁·▄▄▄ (a bar for each hour)\n"
                                 "▁▂▃ is no chart\n"
                                 "██▁·▄▄▄ is a second one\n"
                                 "No alerts.");

  assert_string_equal(out.data, "Garage: all was well\n"
                                "Hashrate: 1.21 TH/s\n"
                                "▁▂▃ is no chart\n"
                                "██▁·▄▄▄ is a second one\n"
                                "No alerts.");
  buf_finish(&out);
}

static void german_has_its_commas(void **state) {
  (void)state;
  struct letter_miner miner = {"Garage", 8640, 8640, 86390, 86300};
  struct letter letter = make_day(&miner, 1);
  letter.energy_wh = 432;
  letter.price = 0.3;
  letter.currency = "EUR";
  struct buf out;
  buf_init(&out);

  letter_text_write(&out, "de", &letter);

  assert_string_equal(out.data, "Garage, 22. November: alles in Ordnung\n"
                                "100 % der Zeit erreichbar, 99,8 % am Rechnen.\n"
                                "Strom: 0,43 kWh, Kosten: 0,13 EUR\n"
                                "Keine Alarme.");
  buf_finish(&out);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_good_day_of_one_miner_is_a_few_short_lines),
      cmocka_unit_test(of_three_miners_the_worst_stands_first_and_the_price_makes_the_cost),
      cmocka_unit_test(a_bad_week_names_what_is_not_over),
      cmocka_unit_test(without_readings_nothing_is_claimed),
      cmocka_unit_test(a_block_is_never_left_out),
      cmocka_unit_test(a_picture_takes_the_place_of_the_bars_alone),
      cmocka_unit_test(german_has_its_commas),
  };
  return cmocka_run_group_tests(tests, use_utc, NULL);
}
