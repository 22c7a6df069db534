/* What becomes of an event in memory, in the database, and in the messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "desk_bench.h"
#include "support/wait_until.h"

/* Two readings above the limit, which is 70 °C without a board. */
static void heat(struct desk_bench *bench, int64_t miner_id) {
  desk_bench_ingest(bench, miner_id, 0, 80);
  desk_bench_ingest(bench, miner_id, 10000, 81);
}

static void cool(struct desk_bench *bench, int64_t miner_id) {
  desk_bench_ingest(bench, miner_id, 20000, 50);
  desk_bench_ingest(bench, miner_id, 30000, 50);
}

static void lose(struct desk_bench *bench, int64_t miner_id) {
  desk_bench_ingest(bench, miner_id, 0, 50);
  for (int64_t after_ms = 10000; after_ms <= 40000; after_ms += 10000)
    desk_bench_miss(bench, miner_id, after_ms);
}

/* ------------------------------------------------------------ episodes */

static void an_alert_is_an_episode_with_its_events_and_messages(void **state) {
  struct desk_bench *bench = *state;
  struct desk *desk = bench->alerting->desk;

  heat(bench, 1);
  desk_bench_settle(bench);

  assert_int_equal(desk_open_count(desk), 1);
  int64_t id = desk_open_at(desk, 0)->id;
  assert_int_equal(desk_bench_number(bench, "SELECT id FROM episode WHERE cleared_ms IS NULL"), id);
  assert_int_equal(desk_bench_number(bench, "SELECT episode_id FROM alert_event"), id);
  assert_int_equal(desk_bench_number(bench, "SELECT episode_id FROM outbox"), id);
  assert_int_equal(desk_bench_number(bench, "SELECT episode_id FROM alert_state WHERE phase = 2"),
                   id);

  cool(bench, 1);
  desk_bench_settle(bench);

  assert_int_equal(desk_open_count(desk), 0);
  assert_int_equal(desk_bench_number(bench, "SELECT closed_why FROM episode"), EPISODE_OVER);
  assert_int_equal(desk_bench_number(bench, "SELECT worst FROM episode"), 81);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM alert_event"), 2);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM outbox"), 2);
}

static void an_episode_goes_on_after_a_restart(void **state) {
  struct desk_bench *bench = *state;
  heat(bench, 1);
  desk_bench_settle(bench);
  int64_t id = desk_open_at(bench->alerting->desk, 0)->id;

  desk_bench_restart(bench);
  assert_int_equal(desk_open_count(bench->alerting->desk), 1);
  cool(bench, 1);
  desk_bench_settle(bench);

  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM episode"), 1);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM alert_event WHERE kind = 2"), 1);
  assert_int_equal(desk_bench_number(bench, "SELECT id FROM episode WHERE closed_why = 1"), id);
}

static void a_miner_that_is_removed_takes_its_episodes_along(void **state) {
  struct desk_bench *bench = *state;
  heat(bench, 1);

  desk_forget_miner(bench->alerting->desk, 1);
  desk_bench_settle(bench);

  assert_int_equal(desk_open_count(bench->alerting->desk), 0);
  assert_int_equal(desk_bench_number(bench, "SELECT closed_why FROM episode"), EPISODE_MINER_GONE);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM outbox"), 1);
}

/* ------------------------------------------------------------ people */

static void whoever_knows_is_named_and_nobody_is_reminded(void **state) {
  struct desk_bench *bench = *state;
  struct desk *desk = bench->alerting->desk;
  struct err err;
  char text[2000];
  heat(bench, 1);
  int64_t id = desk_open_at(desk, 0)->id;

  assert_true(desk_acknowledge(desk, id, "Ann", &err));
  desk_bench_settle(bench);

  assert_string_equal(desk_find_open(desk, id)->acknowledged_by, "Ann");
  assert_int_equal(fleet_find(bench->fleet, 1)->alerts[ALERT_CHIP_TEMP].phase, ALERT_ACKNOWLEDGED);
  assert_int_equal(desk_bench_number(bench, "SELECT phase FROM alert_state"), ALERT_ACKNOWLEDGED);
  desk_bench_newest_text(bench, text, sizeof text);
  desk_bench_assert_contains(text, "Ann knows about it");
  assert_false(desk_acknowledge(desk, id, "Bob", &err));
  assert_int_equal(err.code, ERR_CONFLICT);
  assert_false(desk_acknowledge(desk, id + 1, "Bob", &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void an_acknowledgement_outlives_a_restart(void **state) {
  struct desk_bench *bench = *state;
  struct err err;
  heat(bench, 1);
  int64_t id = desk_open_at(bench->alerting->desk, 0)->id;
  assert_true(desk_acknowledge(bench->alerting->desk, id, "Ann", &err));
  desk_bench_settle(bench);

  desk_bench_restart(bench);

  assert_string_equal(desk_find_open(bench->alerting->desk, id)->acknowledged_by, "Ann");
  assert_int_equal(fleet_find(bench->fleet, 1)->alerts[ALERT_CHIP_TEMP].phase, ALERT_ACKNOWLEDGED);
}

static void what_is_muted_is_recorded_and_not_told(void **state) {
  struct desk_bench *bench = *state;
  struct desk *desk = bench->alerting->desk;
  struct err err;
  struct mute mute = {.miner_id = 1, .rule = ALERT_CHIP_TEMP, .author = "Ann"};
  mute.until_ms = clock_wall_ms() + 3600000;
  assert_true(desk_mute(desk, &mute, &err));

  heat(bench, 1);
  heat(bench, 2);
  desk_bench_settle(bench);

  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM episode"), 2);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM outbox"), 1);
  desk_bench_restart(bench);
  assert_int_equal(desk_mute_count(bench->alerting->desk), 1);
  assert_true(desk_unmute(bench->alerting->desk, mute.id, &err));
  assert_false(desk_unmute(bench->alerting->desk, mute.id, &err));
}

static void the_end_of_what_nobody_was_told_is_not_told_either(void **state) {
  struct desk_bench *bench = *state;
  struct desk *desk = bench->alerting->desk;
  struct err err;
  struct mute mute = {.rule = MUTE_ALL_RULES, .until_ms = clock_wall_ms() + 3600000};
  assert_true(desk_mute(desk, &mute, &err));
  heat(bench, 1);
  assert_int_equal(desk_unmute_miner(desk, 0), 1);

  cool(bench, 1);
  desk_bench_settle(bench);

  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM alert_event"), 2);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM outbox"), 0);
}

static void mutes_that_make_no_sense_are_refused(void **state) {
  struct desk *desk = ((struct desk_bench *)*state)->alerting->desk;
  int64_t now_ms = clock_wall_ms();
  struct err err;

  struct mute past = {.rule = MUTE_ALL_RULES, .until_ms = now_ms - 1};
  struct mute stranger = {.miner_id = 99, .rule = MUTE_ALL_RULES, .until_ms = now_ms + 1000};
  struct mute forever = {.rule = MUTE_ALL_RULES, .until_ms = INT64_MAX};

  assert_false(desk_mute(desk, &past, &err));
  assert_int_equal(err.code, ERR_INVALID);
  assert_false(desk_mute(desk, &stranger, &err));
  assert_int_equal(err.code, ERR_NOT_FOUND);
  assert_false(desk_mute(desk, &forever, &err));
  assert_int_equal(err.code, ERR_INVALID);
}

static void a_note_is_kept_with_its_author(void **state) {
  struct desk_bench *bench = *state;
  struct episode_note note;
  struct err err;

  assert_true(desk_note(bench->alerting->desk, 77, "Ann", "fan cleaned", &note, &err));
  assert_false(desk_note(bench->alerting->desk, 77, "Ann", "", &note, &err));
  desk_bench_settle(bench);

  assert_int_equal(
      desk_bench_number(bench, "SELECT episode_id FROM episode_note WHERE author = 'Ann'"), 77);
}

/* ------------------------------------------------------------ rules */

static void a_rule_that_is_changed_while_it_fires_is_judged_anew(void **state) {
  struct desk_bench *bench = *state;
  struct desk *desk = bench->alerting->desk;
  struct alert_rule_setting setting;
  struct err err;
  heat(bench, 1);
  heat(bench, 2);
  alert_rule_setting_init(&setting, 1, ALERT_CHIP_TEMP);
  setting.limit = 90;

  assert_true(desk_set_rule(desk, &setting, &err));
  desk_bench_settle(bench);

  assert_int_equal(desk_open_count(desk), 1);
  assert_int_equal(desk_open_at(desk, 0)->miner_id, 2);
  assert_int_equal(desk_bench_number(bench, "SELECT closed_why FROM episode WHERE miner_id = 1"),
                   EPISODE_RULE_CHANGED);

  setting.limit = 75;
  assert_true(desk_set_rule(desk, &setting, &err));
  desk_bench_ingest(bench, 1, 20000, 80);
  desk_bench_ingest(bench, 1, 30000, 80);
  assert_int_equal(desk_open_count(desk), 2);
}

static void a_rule_that_is_switched_off_stays_off_after_a_restart(void **state) {
  struct desk_bench *bench = *state;
  struct alert_rule_setting setting;
  struct err err;
  alert_rule_setting_init(&setting, 0, ALERT_CHIP_TEMP);
  setting.enabled = 0;
  assert_true(desk_set_rule(bench->alerting->desk, &setting, &err));
  desk_bench_settle(bench);

  desk_bench_restart(bench);
  heat(bench, 1);

  assert_int_equal(desk_open_count(bench->alerting->desk), 0);
}

static void settings_that_make_no_sense_are_refused(void **state) {
  struct desk *desk = ((struct desk_bench *)*state)->alerting->desk;
  struct alert_rule_setting setting;
  struct err err;

  alert_rule_setting_init(&setting, 0, ALERT_OFFLINE);
  setting.limit = 5;
  assert_false(desk_set_rule(desk, &setting, &err));
  alert_rule_setting_init(&setting, 0, ALERT_CHIP_TEMP);
  setting.hysteresis = -1;
  assert_false(desk_set_rule(desk, &setting, &err));
  alert_rule_setting_init(&setting, 0, ALERT_CHIP_TEMP);
  setting.hold_ms = INT64_MAX;
  assert_false(desk_set_rule(desk, &setting, &err));
  assert_int_equal(err.code, ERR_INVALID);
}

/* ------------------------------------------------------------ groups */

static void miners_that_go_together_are_one_message_that_grows(void **state) {
  struct desk_bench *bench = *state;
  char text[2000];

  lose(bench, 1);
  desk_bench_settle(bench);
  desk_bench_newest_text(bench, text, sizeof text);
  desk_bench_assert_contains(text, "Miner 1 is offline");
  for (int64_t id = 2; id <= DESK_BENCH_MINERS; id++)
    lose(bench, id);
  desk_bench_settle(bench);

  desk_bench_newest_text(bench, text, sizeof text);
  desk_bench_assert_contains(text, "5 of 5 miners cannot be reached");
  desk_bench_assert_contains(text, "Miner 1, Miner 2, Miner 3, Miner 4 and Miner 5");
  desk_bench_assert_contains(text, "Probable cause: ");
  /* The four that followed came in one turn of the loop: one update tells them all. */
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM outbox"), 2);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM outbox WHERE is_update = 1"), 1);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(DISTINCT episode_id) FROM outbox"), 1);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM episode"), 5);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(DISTINCT told_with) FROM episode"), 1);
}

static void miners_that_come_back_together_are_one_message_too(void **state) {
  struct desk_bench *bench = *state;
  char text[2000];
  for (int64_t id = 1; id <= 3; id++)
    lose(bench, id);
  desk_bench_settle(bench);

  for (int64_t id = 1; id <= 3; id++)
    cool(bench, id); /* two good readings */
  for (int64_t id = 1; id <= 3; id++)
    desk_bench_ingest(bench, id, 50000, 50);
  desk_bench_settle(bench);

  desk_bench_newest_text(bench, text, sizeof text);
  desk_bench_assert_contains(text, "3 miners are back: Miner 1, Miner 2 and Miner 3");
  assert_int_equal(desk_open_count(bench->alerting->desk), 0);
}

enum { MANY = 10000 };

/* Given ten thousand miners that get too hot in one turn of the loop. */
static void ten_thousand_transitions_at_once_are_all_kept_and_told_in_two_messages(void **state) {
  struct desk_bench *bench = *state;
  char text[2000];
  for (int64_t id = DESK_BENCH_MINERS + 1; id <= MANY; id++) {
    struct miner miner = {.id = id, .driver = "axeos"};
    snprintf(miner.name, sizeof miner.name, "Miner %d", (int)id);
    fleet_add(bench->fleet, &miner);
  }

  heat(bench, 1);
  desk_bench_settle(bench);
  for (int64_t id = 2; id <= MANY; id++)
    heat(bench, id);
  desk_bench_settle(bench);

  assert_int_equal(desk_open_count(bench->alerting->desk), MANY);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM episode"), MANY);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM alert_event"), MANY);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM outbox"), 2);
  desk_bench_newest_text(bench, text, sizeof text);
  desk_bench_assert_contains(text, "10000 of 10000 miners: Chip too hot");
  desk_bench_assert_contains(text, "Miner 6 and 9994 more");
}

/* Given a clock that is set back by a day while an alert fires, and forward again. */
static void a_clock_that_jumps_neither_ends_nor_doubles_an_episode(void **state) {
  struct desk_bench *bench = *state;
  const int64_t day_ms = 24 * 60 * 60 * 1000;
  heat(bench, 1);

  desk_bench_ingest(bench, 1, 20000 - day_ms, 81);
  desk_bench_ingest(bench, 1, 30000 - day_ms, 81);
  desk_bench_ingest(bench, 1, 40000 + day_ms, 81);
  desk_bench_settle(bench);

  assert_int_equal(desk_open_count(bench->alerting->desk), 1);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM episode WHERE rule = 1"), 1);
  desk_bench_ingest(bench, 1, 50000 + day_ms, 50);
  desk_bench_ingest(bench, 1, 60000 + day_ms, 50);
  assert_int_equal(desk_open_count(bench->alerting->desk), 0);
}

static void different_troubles_are_told_one_by_one(void **state) {
  struct desk_bench *bench = *state;

  heat(bench, 1);
  lose(bench, 2);
  desk_bench_settle(bench);

  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM outbox WHERE is_update = 0"), 2);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(DISTINCT episode_id) FROM outbox"), 2);
}

/* ------------------------------------------------------------ drill */

static bool drill_is_over(void *arg) {
  struct drill_state state;
  drill_state_get(arg, &state);
  return !state.running;
}

static void a_drill_is_told_as_one_and_leaves_no_trace_in_the_fleet(void **state) {
  struct desk_bench *bench = *state;
  struct drill *drill = drill_create(&(struct drill_options){.loop = &bench->loop,
                                                             .desk = bench->alerting->desk,
                                                             .pipeline = bench->pipeline,
                                                             .hot_ms = 20});
  struct err err;
  char text[2000];

  assert_true(drill_start(drill, &err));
  assert_false(drill_start(drill, &err));
  assert_true(wait_until_loop(&bench->loop, drill_is_over, drill));
  desk_bench_settle(bench);

  desk_bench_read_text(bench, "SELECT text FROM outbox ORDER BY id LIMIT 1", text, sizeof text);
  desk_bench_assert_contains(text, "Drill: Practice miner is too hot");
  desk_bench_newest_text(bench, text, sizeof text);
  desk_bench_assert_contains(text, "Drill: Practice miner has cooled down");
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM outbox"), 2);
  assert_int_equal(desk_bench_number(bench, "SELECT COUNT(*) FROM episode WHERE drill = 1"), 1);
  assert_int_equal(fleet_count(bench->fleet), DESK_BENCH_MINERS);
  drill_close(drill);
}

static void a_drill_that_a_crash_cut_short_is_closed(void **state) {
  struct desk_bench *bench = *state;
  struct err err;
  assert_true(drill_start(bench->alerting->drill, &err));
  desk_bench_settle(bench);

  desk_bench_restart(bench);
  desk_bench_settle(bench);

  assert_int_equal(desk_open_count(bench->alerting->desk), 0);
  assert_int_equal(desk_bench_number(bench, "SELECT closed_why FROM episode"), EPISODE_MINER_GONE);
}

#define TEST(claim) cmocka_unit_test_setup_teardown(claim, desk_bench_setup, desk_bench_teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(an_alert_is_an_episode_with_its_events_and_messages),
      TEST(an_episode_goes_on_after_a_restart),
      TEST(a_miner_that_is_removed_takes_its_episodes_along),
      TEST(whoever_knows_is_named_and_nobody_is_reminded),
      TEST(an_acknowledgement_outlives_a_restart),
      TEST(what_is_muted_is_recorded_and_not_told),
      TEST(the_end_of_what_nobody_was_told_is_not_told_either),
      TEST(mutes_that_make_no_sense_are_refused),
      TEST(a_note_is_kept_with_its_author),
      TEST(a_rule_that_is_changed_while_it_fires_is_judged_anew),
      TEST(a_rule_that_is_switched_off_stays_off_after_a_restart),
      TEST(settings_that_make_no_sense_are_refused),
      TEST(miners_that_go_together_are_one_message_that_grows),
      TEST(miners_that_come_back_together_are_one_message_too),
      TEST(ten_thousand_transitions_at_once_are_all_kept_and_told_in_two_messages),
      TEST(a_clock_that_jumps_neither_ends_nor_doubles_an_episode),
      TEST(different_troubles_are_told_one_by_one),
      TEST(a_drill_is_told_as_one_and_leaves_no_trace_in_the_fleet),
      TEST(a_drill_that_a_crash_cut_short_is_closed),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
