#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "bot/bot_commands.h"
#include "bot/bot_words.h"

/* 2026-11-22T16:00:00Z */
#define NOW_MS 1795363200000LL

struct bench {
  struct fleet *fleet;
  struct alert_config alerts;
  struct bot_view view;
  struct bot_answer reply;
};

static int setup(void **state) {
  struct bench *bench = calloc(1, sizeof *bench);
  bench->fleet = fleet_create();
  alert_config_init(&bench->alerts);
  bench->view = (struct bot_view){.fleet = bench->fleet,
                                  .alerts = &bench->alerts,
                                  .now_wall_ms = NOW_MS,
                                  .poll_interval_ms = 10000};
  bot_answer_init(&bench->reply);
  *state = bench;
  return 0;
}

static int teardown(void **state) {
  struct bench *bench = *state;
  fleet_destroy(bench->fleet);
  bot_answer_finish(&bench->reply);
  free(bench);
  return 0;
}

static struct sample sample_at(int64_t at_ms, double hashrate_ghs) {
  struct sample sample;
  sample_init(&sample, at_ms);
  sample.state = STATE_HASHING;
  sample.values[METRIC_HASHRATE_GHS] = hashrate_ghs;
  sample.values[METRIC_EXPECTED_HASHRATE_GHS] = 1071;
  sample.values[METRIC_CHIP_TEMP_C] = 58.125;
  sample.values[METRIC_VR_TEMP_C] = 61;
  sample.values[METRIC_POWER_W] = 18.4;
  sample.values[METRIC_UPTIME_S] = 3 * 86400;
  return sample;
}

static struct fleet_miner *add_miner(struct bench *bench, const char *name) {
  struct miner miner = {.id = (int64_t)fleet_count(bench->fleet) + 1};
  str_copy(miner.name, sizeof miner.name, name);
  snprintf(miner.address, sizeof miner.address, "http://192.168.1.%d", (int)miner.id);
  miner.facts.limits = (struct miner_limits){.chip_warn_c = 65, .chip_trip_c = 75, .vr_warn_c = 90};
  struct fleet_miner *added = fleet_add(bench->fleet, &miner);
  added->memory.state = STATE_HASHING;
  added->memory.seen_ms = NOW_MS - 2000;
  added->seen_mono_ms = 1;
  added->last = sample_at(NOW_MS - 2000, 1071.3);
  return added;
}

static void add_readings(struct fleet_miner *miner, int count) {
  for (int i = 0; i < count; i++) {
    struct sample sample = sample_at(NOW_MS - (count - i) * 10000LL, 1000 + i);
    open_chunk_append(miner->recent, &sample);
  }
}

static const char *answer(struct bench *bench, const char *text) {
  bot_answer_finish(&bench->reply);
  bot_answer_init(&bench->reply);
  bot_commands_answer(&bench->view, text, true, &bench->reply);
  return bench->reply.text.data != NULL ? bench->reply.text.data : "";
}

static void assert_says(const char *text, const char *words) {
  if (strstr(text, words) == NULL)
    fail_msg("\"%s\" is not in:\n%s", words, text);
}

static int count_of(const char *text, const char *words) {
  int count = 0;
  for (const char *at = strstr(text, words); at != NULL; at = strstr(at + 1, words))
    count++;
  return count;
}

static void status_shows_the_figures_of_a_miner(void **state) {
  struct bench *bench = *state;
  add_miner(bench, "Garage");

  const char *text = answer(bench, "/status");

  assert_says(text, "Garage: Hashing\n");
  assert_says(text, "1.07 TH/s of 1.07 TH/s expected (100 %)");
  assert_says(text, "chip 58.1 °C, VR 61.0 °C, 18.4 W, up for 3 days");
}

static void status_leaves_out_what_is_unknown(void **state) {
  struct bench *bench = *state;
  struct fleet_miner *miner = add_miner(bench, "Garage");
  sample_init(&miner->last, NOW_MS);
  miner->last.values[METRIC_HASHRATE_GHS] = 480;
  miner->last.values[METRIC_POWER_W] = 12;

  const char *text = answer(bench, "/status");

  assert_says(text, "\n480 GH/s\n12.0 W\n");
  assert_null(strstr(text, "nan"));
}

static void status_says_what_is_wrong_first_and_shows_no_stale_figures(void **state) {
  struct bench *bench = *state;
  add_miner(bench, "Garage");
  struct fleet_miner *miner = add_miner(bench, "Kitchen");
  miner->memory.state = STATE_OFFLINE;
  miner->memory.reason = REASON_HOST_GONE;
  miner->memory.seen_ms = NOW_MS - 12 * 60 * 1000;

  const char *text = answer(bench, "/status");

  const char *kitchen = strstr(text, "Kitchen: Offline\n");
  assert_non_null(kitchen);
  assert_true(kitchen < strstr(text, "Garage: Hashing"));
  assert_int_equal(count_of(text, "Kitchen has been silent for 12 minutes"), 1);
  assert_int_equal(count_of(text, reason_facts(REASON_HOST_GONE)->advice), 1);
  assert_int_equal(count_of(text, "chip "), 1);
}

static void status_says_of_each_miner_in_trouble_what_to_do(void **state) {
  struct bench *bench = *state;
  static const char *const names[] = {"Garage", "Kitchen", "Cellar"};
  for (int i = 0; i < 3; i++) {
    struct fleet_miner *miner = add_miner(bench, names[i]);
    miner->memory.state = STATE_OFFLINE;
    miner->memory.reason = REASON_HOST_GONE;
  }

  const char *text = answer(bench, "/status");

  assert_int_equal(count_of(text, reason_facts(REASON_HOST_GONE)->advice), 3);
}

static void status_of_a_farm_stays_readable(void **state) {
  struct bench *bench = *state;
  for (int i = 0; i < 1000; i++)
    add_miner(bench, "Rack");

  const char *text = answer(bench, "/status");

  assert_int_equal(count_of(text, "Rack: Hashing"), 25);
  assert_says(text, "and 975 more: see the dashboard.");
}

static void status_of_nothing_says_what_to_do(void **state) {
  struct bench *bench = *state;

  assert_says(answer(bench, "/status"), "No miner");
  assert_says(answer(bench, "/last"), "There is no miner yet.");
  assert_says(answer(bench, "/thresholds"), "Any miner: chip above 70.0 °C, VR above 95.0 °C");
}

static void command_is_known_with_bot_name_case_and_space(void **state) {
  struct bench *bench = *state;
  add_miner(bench, "Garage");

  assert_says(answer(bench, "/status@GarageBot"), "Garage: Hashing");
  assert_says(answer(bench, "  /STATUS  "), "Garage: Hashing");
  assert_says(answer(bench, "/status now please"), "Garage: Hashing");
}

static void unknown_command_gets_a_hint(void **state) {
  struct bench *bench = *state;

  assert_says(answer(bench, "/statu"), "/help");
  assert_says(answer(bench, "/"), "/help");
  assert_says(answer(bench, "/statusx"), "/help");
}

static void talk_gets_a_hint_from_one_person_and_silence_in_a_group(void **state) {
  struct bench *bench = *state;

  assert_says(answer(bench, "hello"), "/help");
  bot_answer_finish(&bench->reply);
  bot_answer_init(&bench->reply);
  bot_commands_answer(&bench->view, "hello", false, &bench->reply);

  assert_int_equal(bench->reply.text.length, 0);
}

static void last_shows_ten_readings_newest_first(void **state) {
  struct bench *bench = *state;
  add_readings(add_miner(bench, "Garage"), 60);

  const char *text = answer(bench, "/last");

  assert_says(text, "Garage: the last 10 readings");
  assert_int_equal(count_of(text, " Hashing, "), 10);
  assert_says(text, "15:59:50  Hashing, 1.06 TH/s, chip 58.1 °C, VR 61.0 °C, 18.4 W\n15:59:40");
}

static void last_takes_any_number_and_bounds_it(void **state) {
  static const struct {
    const char *text;
    int readings;
  } cases[] = {
      {"/last 3", 3},        {"/last@Bot 3", 3},
      {"/last 0", 1},        {"/last -7", 1},
      {"/last 1000", 50},    {"/last 99999999999999999999", 50},
      {"/last 3 Garage", 3}, {"/last garage", 10},
      {"/last Garage 3", 3}, {"/last  4   GARAGE  ", 4},
  };
  struct bench *bench = *state;
  add_readings(add_miner(bench, "Garage"), 60);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {

    const char *text = answer(bench, cases[i].text);

    assert_int_equal(count_of(text, " Hashing, "), cases[i].readings);
  }
}

static void last_finds_a_name_that_ends_in_a_number(void **state) {
  struct bench *bench = *state;
  add_miner(bench, "Garage");
  add_readings(add_miner(bench, "Rack 2"), 5);

  assert_says(answer(bench, "/last Rack 2"), "Rack 2: the last 5 readings");
  assert_says(answer(bench, "/last 3 Rack 2"), "Rack 2: the last 3 readings");
  assert_says(answer(bench, "/last Rack 2 3"), "Rack 2: the last 3 readings");
}

static void last_of_several_miners_names_the_others(void **state) {
  struct bench *bench = *state;
  add_readings(add_miner(bench, "Garage"), 5);
  add_miner(bench, "Kitchen");

  assert_says(answer(bench, "/last 2"), "(/last 2 NAME): Kitchen\n");
  assert_says(answer(bench, "/last Cellar"),
              "There is no miner called \"Cellar\". Miners: Garage, Kitchen\n");
  assert_says(answer(bench, "/last Kitchen"), "Kitchen: no readings yet.");
}

static void last_says_why_a_poll_failed(void **state) {
  struct bench *bench = *state;
  struct fleet_miner *miner = add_miner(bench, "Garage");
  struct sample sample;
  sample_init(&sample, NOW_MS);
  sample.flags = SAMPLE_MISSED;
  sample.reason = REASON_REFUSED;
  open_chunk_append(miner->recent, &sample);

  const char *text = answer(bench, "/last");

  assert_says(text, "16:00:00  no data: ");
  assert_says(text, reason_facts(REASON_REFUSED)->text);
}

static void thresholds_say_limits_and_patience(void **state) {
  struct bench *bench = *state;
  bench->alerts.chip_limit_c = 66.5;
  bench->alerts.hysteresis_c = 3;
  bench->alerts.hold_samples = 2;
  bench->alerts.cooldown_ms = 10 * 60 * 1000;
  add_miner(bench, "Garage");

  const char *text = answer(bench, "/thresholds");

  assert_says(text, "Garage: chip above 66.5 °C, VR above 90.0 °C\n");
  assert_says(text, "2 readings in a row");
  assert_says(text, "3.0 °C below");
  assert_says(text, "10 minutes (cooldown)");
  assert_says(text, "offline after 3 missed polls, one every 10 seconds");
}

static void thresholds_tell_boards_apart_only_where_they_differ(void **state) {
  struct bench *bench = *state;
  add_miner(bench, "Garage");
  struct fleet_miner *kitchen = add_miner(bench, "Kitchen");

  assert_says(answer(bench, "/thresholds"), "All miners: chip above 65.0 °C, VR above 90.0 °C\n");
  kitchen->miner.facts.limits.chip_warn_c = 60;

  const char *text = answer(bench, "/thresholds");
  assert_says(text, "Garage: chip above 65.0 °C");
  assert_says(text, "Kitchen: chip above 60.0 °C");
}

static void thresholds_name_what_is_switched_off(void **state) {
  struct bench *bench = *state;
  bench->alerts.enabled[ALERT_VR_TEMP] = false;
  bench->alerts.enabled[ALERT_OFFLINE] = false;
  add_miner(bench, "Garage");

  const char *text = answer(bench, "/thresholds");

  assert_says(text, "Garage: chip above 65.0 °C, VR off\n");
  assert_says(text, "offline are off");
}

static void help_and_start_list_every_command(void **state) {
  struct bench *bench = *state;

  const char *text = answer(bench, "/help");
  assert_says(text, "/status - ");
  assert_says(text, "/last - ");
  assert_says(text, "/thresholds - ");
  assert_says(text, "/help - ");

  assert_says(answer(bench, "/start"), "/thresholds - ");
}

static void long_text_is_cut_after_a_line_or_between_characters(void **state) {
  (void)state;

  assert_int_equal(bot_commands_cut("short", 10), 5);
  assert_int_equal(bot_commands_cut("one\ntwo\nthree", 8), 8);
  assert_int_equal(bot_commands_cut("one two\nthree four", 10), 8);
  assert_int_equal(bot_commands_cut("a\nbcdefghijkl", 10), 10);
  assert_int_equal(bot_commands_cut("abc\xC3\xA4xyz", 4), 3);
  assert_int_equal(bot_commands_cut("", 10), 0);
}

#define BENCH_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* ------------------------------------------------------------ languages */

static void answers_are_in_the_language_of_the_chat(void **state) {
  struct bench *bench = *state;
  add_readings(add_miner(bench, "Garage"), 3);
  bench->view.language = "de";

  assert_says(answer(bench, "/status"), "Garage geht es gut: Er schürft mit 1,07 TH/s. "
                                        "Es ist nichts zu tun.\n");
  assert_says(answer(bench, "/status"), "Chip 58,1 °C, Regler 61,0 °C, 18,4 W, läuft schon 3 Tage");
  assert_says(answer(bench, "/last"), "Schürft, 1,00 TH/s, Chip 58,1 °C, Regler 61,0 °C, 18,4 W\n");
  assert_says(answer(bench, "/thresholds"), "Garage: Chip über ");
  assert_says(answer(bench, "/help"), "/odds - die Aussicht auf einen Block\n");
  assert_says(answer(bench, "/chart Keller"),
              "Es gibt keinen Miner namens „Keller“. Miner: Garage\n");
  bench->view.language = "es";
  assert_says(answer(bench, "/status"),
              "Garage está bien: mina a 1,07 TH/s. No hay nada que hacer.\n");
  assert_says(answer(bench, "hola"), "Solo entiendo comandos.");
}

static void spans_are_understood_in_each_language(void **state) {
  (void)state;
  static const struct {
    const char *text;
    int64_t minutes;
  } cases[] = {{"2h", 120},      {"2 Stunden", 120}, {"90 Minuten", 90}, {"1 Tag", 1440},
               {"3 horas", 180}, {"2 días", 2880},   {"2 dias", 2880},   {"5 Std", 300}};

  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    int64_t ms = 0;
    assert_true(bot_words_span(cases[i].text, &ms));
    assert_int_equal(ms, cases[i].minutes * 60000);
  }
}

int main(void) {
  setenv("TZ", "UTC", 1);
  const struct CMUnitTest tests[] = {
      BENCH_TEST(answers_are_in_the_language_of_the_chat),
      cmocka_unit_test(spans_are_understood_in_each_language),
      BENCH_TEST(status_shows_the_figures_of_a_miner),
      BENCH_TEST(status_leaves_out_what_is_unknown),
      BENCH_TEST(status_says_what_is_wrong_first_and_shows_no_stale_figures),
      BENCH_TEST(status_says_of_each_miner_in_trouble_what_to_do),
      BENCH_TEST(status_of_a_farm_stays_readable),
      BENCH_TEST(status_of_nothing_says_what_to_do),
      BENCH_TEST(command_is_known_with_bot_name_case_and_space),
      BENCH_TEST(unknown_command_gets_a_hint),
      BENCH_TEST(talk_gets_a_hint_from_one_person_and_silence_in_a_group),
      BENCH_TEST(last_shows_ten_readings_newest_first),
      BENCH_TEST(last_takes_any_number_and_bounds_it),
      BENCH_TEST(last_finds_a_name_that_ends_in_a_number),
      BENCH_TEST(last_of_several_miners_names_the_others),
      BENCH_TEST(last_says_why_a_poll_failed),
      BENCH_TEST(thresholds_say_limits_and_patience),
      BENCH_TEST(thresholds_tell_boards_apart_only_where_they_differ),
      BENCH_TEST(thresholds_name_what_is_switched_off),
      BENCH_TEST(help_and_start_list_every_command),
      BENCH_TEST(long_text_is_cut_after_a_line_or_between_characters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
