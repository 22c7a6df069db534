#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/fleet.h"
#include "engine/summary.h"

static struct fleet_miner *add(struct fleet *fleet, int64_t id, const char *name,
                               enum miner_state state) {
  struct miner miner = {.id = id};
  strcpy(miner.name, name);
  snprintf(miner.address, sizeof miner.address, "http://10.0.0.%d", (int)id);
  snprintf(miner.mac, sizeof miner.mac, "02:00:00:00:00:%02x", (unsigned)id);
  struct fleet_miner *entry = fleet_add(fleet, &miner);
  entry->memory.state = state;
  return entry;
}

static void set_load(struct fleet_miner *miner, double ghs, double power_w) {
  miner->last.values[METRIC_HASHRATE_GHS] = ghs;
  miner->last.values[METRIC_POWER_W] = power_w;
}

static void miners_are_found_and_stand_in_order_of_their_ids(void **state) {
  (void)state;
  struct fleet *fleet = fleet_create();
  add(fleet, 5, "Five", STATE_HASHING);
  add(fleet, 2, "Two", STATE_HASHING);
  add(fleet, 9, "Nine", STATE_HASHING);

  fleet_remove(fleet, 5);

  assert_int_equal(fleet_count(fleet), 2);
  assert_int_equal(fleet_at(fleet, 0)->miner.id, 2);
  assert_int_equal(fleet_at(fleet, 1)->miner.id, 9);
  assert_null(fleet_find(fleet, 5));
  assert_ptr_equal(fleet_find_mac(fleet, "02:00:00:00:00:09"), fleet_find(fleet, 9));
  assert_ptr_equal(fleet_find_address(fleet, "http://10.0.0.2"), fleet_find(fleet, 2));
  assert_ptr_equal(fleet_find_name(fleet, "nINE"), fleet_find(fleet, 9));
  assert_null(fleet_find_mac(fleet, ""));
  fleet_destroy(fleet);
}

static void every_change_gives_a_new_version(void **state) {
  (void)state;
  struct fleet *fleet = fleet_create();
  struct fleet_miner *miner = add(fleet, 1, "One", STATE_HASHING);
  uint64_t before = miner->version;

  fleet_touch(fleet, miner);

  assert_true(miner->version > before);
  assert_int_equal(fleet_version(fleet), miner->version);
  fleet_destroy(fleet);
}

static void totals_leave_out_what_is_not_known_or_not_there(void **state) {
  (void)state;
  struct fleet *fleet = fleet_create();
  set_load(add(fleet, 1, "A", STATE_HASHING), 1000, 20);
  set_load(add(fleet, 2, "B", STATE_HASHING), 500, METRIC_UNKNOWN);
  set_load(add(fleet, 3, "Gone", STATE_OFFLINE), 800, 15); /* its last values are the past */
  struct fleet_totals totals;

  fleet_totals(fleet, &totals);

  assert_int_equal(totals.miners, 3);
  assert_int_equal(totals.hashing, 2);
  assert_int_equal(totals.trouble, 1);
  assert_float_equal(totals.hashrate_ghs, 1500, 1e-9);
  assert_float_equal(totals.power_w, 20, 1e-9);
  fleet_destroy(fleet);
}

static void an_empty_fleet_has_unknown_totals(void **state) {
  (void)state;
  struct fleet *fleet = fleet_create();
  struct fleet_totals totals;

  fleet_totals(fleet, &totals);

  assert_int_equal(totals.miners, 0);
  assert_true(isnan(totals.hashrate_ghs));
  assert_true(isnan(totals.efficiency_j_th));
  fleet_destroy(fleet);
}

/* ------------------------------------------------------------ summary */

struct words {
  struct buf text, advice;
};

static enum summary_mood summarise(struct fleet *fleet, int64_t now_ms, struct words *words) {
  buf_init(&words->text);
  buf_init(&words->advice);
  return summary_write(fleet, now_ms, NULL, &words->text, &words->advice);
}

static void release(struct words *words) {
  buf_finish(&words->text);
  buf_finish(&words->advice);
}

static void without_miners_it_says_how_to_begin(void **state) {
  (void)state;
  struct fleet *fleet = fleet_create();
  struct words words;

  enum summary_mood mood = summarise(fleet, 0, &words);

  assert_int_equal(mood, SUMMARY_EMPTY);
  assert_non_null(strstr(words.advice.data, "Add a miner"));
  release(&words);
  fleet_destroy(fleet);
}

static void when_all_hash_there_is_nothing_to_do(void **state) {
  (void)state;
  struct fleet *fleet = fleet_create();
  add(fleet, 1, "A", STATE_HASHING);
  add(fleet, 2, "B", STATE_HASHING);
  add(fleet, 3, "C", STATE_HASHING);
  struct words words;

  enum summary_mood mood = summarise(fleet, 0, &words);

  assert_int_equal(mood, SUMMARY_FINE);
  assert_string_equal(words.text.data, "All 3 miners are fine. Nothing to do.");
  assert_int_equal(words.advice.length, 0);
  release(&words);
  fleet_destroy(fleet);
}

static void a_silent_miner_is_named_with_how_long_and_why(void **state) {
  (void)state;
  struct fleet *fleet = fleet_create();
  add(fleet, 1, "Garage", STATE_HASHING);
  struct fleet_miner *kitchen = add(fleet, 2, "Kitchen", STATE_OFFLINE);
  kitchen->memory.reason = REASON_HOST_GONE;
  kitchen->memory.seen_ms = 1000;
  struct words words;

  enum summary_mood mood = summarise(fleet, 1000 + 12 * 60000, &words);

  assert_int_equal(mood, SUMMARY_TROUBLE);
  assert_non_null(strstr(words.text.data, "Kitchen has been silent for 12 minutes"));
  assert_non_null(strstr(words.text.data, reason_facts(REASON_HOST_GONE)->text));
  assert_string_equal(words.advice.data, reason_facts(REASON_HOST_GONE)->advice);
  release(&words);
  fleet_destroy(fleet);
}

static void a_hot_miner_comes_before_a_silent_one(void **state) {
  (void)state;
  struct fleet *fleet = fleet_create();
  add(fleet, 1, "Kitchen", STATE_OFFLINE);
  struct fleet_miner *garage = add(fleet, 2, "Garage", STATE_HASHING);
  garage->alerts[ALERT_CHIP_TEMP].phase = ALERT_FIRING;
  garage->last.values[METRIC_CHIP_TEMP_C] = 72.4;
  struct words words;

  enum summary_mood mood = summarise(fleet, 0, &words);

  assert_int_equal(mood, SUMMARY_TROUBLE);
  assert_non_null(strstr(words.text.data, "2 of 2 miners need you"));
  assert_non_null(strstr(words.text.data, "Garage is too hot: its chip has 72.4 °C"));
  release(&words);
  fleet_destroy(fleet);
}

static void heat_alone_asks_for_attention(void **state) {
  (void)state;
  struct fleet *fleet = fleet_create();
  add(fleet, 1, "Garage", STATE_HASHING)->alerts[ALERT_VR_TEMP].phase = ALERT_FIRING;
  struct words words;

  enum summary_mood mood = summarise(fleet, 0, &words);

  assert_int_equal(mood, SUMMARY_ATTENTION);
  assert_string_equal(words.advice.data, alert_rule_facts(ALERT_VR_TEMP)->advice);
  release(&words);
  fleet_destroy(fleet);
}

static void a_paused_miner_is_no_trouble(void **state) {
  (void)state;
  struct fleet *fleet = fleet_create();
  add(fleet, 1, "A", STATE_HASHING);
  add(fleet, 2, "B", STATE_PAUSED)->memory.reason = REASON_PAUSED_BY_USER;
  struct words words;

  enum summary_mood mood = summarise(fleet, 0, &words);

  assert_int_equal(mood, SUMMARY_FINE);
  assert_string_equal(words.text.data, "1 of 2 miners are hashing, 1 paused. Nothing to do.");
  release(&words);
  fleet_destroy(fleet);
}

static void the_network_is_as_hard_as_the_newest_real_answer_says(void **state) {
  (void)state;
  struct fleet *fleet = fleet_create();
  assert_true(isnan(fleet_network(fleet).difficulty));

  fleet_learn_network(fleet, &(struct fleet_network){1e14, 900, .demo = true});
  assert_true(fleet_network(fleet).difficulty == 1e14);
  fleet_learn_network(fleet, &(struct fleet_network){2e14, 500, .demo = false});
  fleet_learn_network(fleet, &(struct fleet_network){3e14, 400, .demo = false}); /* older */
  fleet_learn_network(fleet, &(struct fleet_network){1e14, 1000, .demo = true});
  fleet_learn_network(fleet, &(struct fleet_network){METRIC_UNKNOWN, 1100, .demo = false});

  assert_true(fleet_network(fleet).difficulty == 2e14);
  assert_int_equal(fleet_network(fleet).at_ms, 500);
  assert_false(fleet_network(fleet).demo);
  fleet_destroy(fleet);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(miners_are_found_and_stand_in_order_of_their_ids),
      cmocka_unit_test(every_change_gives_a_new_version),
      cmocka_unit_test(totals_leave_out_what_is_not_known_or_not_there),
      cmocka_unit_test(an_empty_fleet_has_unknown_totals),
      cmocka_unit_test(without_miners_it_says_how_to_begin),
      cmocka_unit_test(when_all_hash_there_is_nothing_to_do),
      cmocka_unit_test(a_silent_miner_is_named_with_how_long_and_why),
      cmocka_unit_test(a_hot_miner_comes_before_a_silent_one),
      cmocka_unit_test(heat_alone_asks_for_attention),
      cmocka_unit_test(a_paused_miner_is_no_trouble),
      cmocka_unit_test(the_network_is_as_hard_as_the_newest_real_answer_says),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
