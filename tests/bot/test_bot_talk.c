/* Commands that change something, draw, or explain: what is asked of the hands, and
 * what is said. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/str.h"
#include "bot/bot_recorder.h"

struct row {
  const char *text;
  enum channel_role role;
  const char *done; /* what the hands did */
  const char *says; /* words of the answer */
};

static int setup(void **state) {
  setenv("TZ", "CET-1", 1);
  tzset();
  struct recorder *recorder = recorder_create();
  recorder_add_miner(recorder, "Garage");
  recorder_add_miner(recorder, "Rack 5");
  recorder_add_miner(recorder, "7");
  recorder_add_episode(recorder, 102, 2);
  recorder_add_episode(recorder, 101, 1);
  recorder_add_episode(recorder, 100, 0);
  recorder->open[2].rule = ALERT_MONITOR_DISK;
  *state = recorder;
  return 0;
}

static int teardown(void **state) {
  recorder_destroy(*state);
  return 0;
}

static void check(struct recorder *recorder, const struct row *row) {
  struct bot_answer answer;
  bot_answer_init(&answer);
  buf_clear(&recorder->done);
  buf_append_text(&recorder->done, "");
  recorder->view.role = row->role;
  bot_commands_answer(&recorder->view, row->text, true, &answer);
  const char *said = answer.text.length > 0 ? answer.text.data : "";
  const char *done = recorder->done.length > 0 ? recorder->done.data : "";
  if (!str_equal(done, row->done) || strstr(said, row->says) == NULL)
    fail_msg("%s\n  did:  %s  not:  %s  said: %s  not:  %s", row->text, done, row->done, said,
             row->says);
  bot_answer_finish(&answer);
}

static void check_all(struct recorder *recorder, const struct row *rows, size_t count) {
  for (size_t i = 0; i < count; i++)
    check(recorder, &rows[i]);
}

#define CHECK_ALL(state, rows) check_all(*(state), rows, sizeof(rows) / sizeof(rows)[0])

static void ack_says_i_know_to_what_is_open(void **state) {
  static const struct row rows[] = {
      {"/ack", CHANNEL_MEMBER, "ack 102 by Anna\nack 101 by Anna\nack 100 by Anna\n", "Monitor: "},
      {"/ack garage", CHANNEL_MEMBER, "ack 101 by Anna\n", "for 10 minutes"},
      {"/ack 7", CHANNEL_MEMBER, "", "no open alert"},
      {"/ack Cellar", CHANNEL_MEMBER, "", "no miner called \"Cellar\""},
      {"/ack", CHANNEL_VIEWER, "", "linked as viewer, and /ack needs member"},
  };
  CHECK_ALL(state, rows);
}

static void what_is_acknowledged_is_left_alone(void **state) {
  struct recorder *recorder = *state;
  recorder->open[0].acknowledged = recorder->open[2].acknowledged = true;
  check(recorder, &(struct row){"/ack", CHANNEL_MEMBER, "ack 101 by Anna\n", "Acknowledged"});
}

static void failure_of_the_desk_is_said_in_its_words(void **state) {
  struct recorder *recorder = *state;
  recorder->refuse = "the desk is closed";
  static const struct row rows[] = {
      {"/ack garage", CHANNEL_MEMBER, "", "the desk is closed"},
      {"/mute garage", CHANNEL_MEMBER, "", "the desk is closed"},
  };
  CHECK_ALL(state, rows);
}

static void mute_understands_names_and_spans_in_any_form(void **state) {
  static const struct row rows[] = {
      {"/mute garage 2h", CHANNEL_MEMBER, "mute 1 rule -1 120 min by Anna\n",
       "Muted for 2 h 00 min: I stay silent about Garage. /unmute Garage ends it."},
      {"/mute garage 2 h", CHANNEL_MEMBER, "mute 1 rule -1 120 min by Anna\n", "Garage"},
      {"/mute Garage", CHANNEL_MEMBER, "mute 1 rule -1 60 min by Anna\n", "Garage"},
      {"/mute gar 90min", CHANNEL_MEMBER, "mute 1 rule -1 90 min by Anna\n", "Garage"},
      {"/mute Rack 5", CHANNEL_MEMBER, "mute 2 rule -1 60 min by Anna\n", "Rack 5"},
      {"/mute Rack 5 1d", CHANNEL_MEMBER, "mute 2 rule -1 1440 min by Anna\n", "Rack 5"},
      {"/mute 7", CHANNEL_MEMBER, "mute 3 rule -1 60 min by Anna\n", "7"},
      {"/mute 7 7", CHANNEL_MEMBER, "mute 3 rule -1 7 min by Anna\n", "7"},
      /* It is 17:00 in this zone. */
      {"/mute garage morning", CHANNEL_MEMBER, "mute 1 rule -1 840 min by Anna\n", "Garage"},
      {"/mute", CHANNEL_OWNER, "mute 0 rule -1 60 min by Anna\n", "all miners"},
      {"/mute 8h", CHANNEL_OWNER, "mute 0 rule -1 480 min by Anna\n", "all miners"},
      {"/mute 8h", CHANNEL_MEMBER, "", "Only an owner"},
      {"/mute Cellar 2h", CHANNEL_OWNER, "", "It goes like this"},
      {"/mute garage 99999999d", CHANNEL_OWNER, "", "It goes like this"},
      {"/mute garage 2h", CHANNEL_VIEWER, "", "needs member"},
  };
  CHECK_ALL(state, rows);
}

static void unmute_lifts_one_or_for_an_owner_all(void **state) {
  struct recorder *recorder = *state;
  static const struct row rows[] = {
      {"/unmute garage", CHANNEL_MEMBER, "unmute 1\n", "Nothing was muted"},
      {"/unmute", CHANNEL_MEMBER, "", "Only an owner"},
      {"/unmute Cellar", CHANNEL_OWNER, "", "no miner called"},
  };
  CHECK_ALL(state, rows);
  recorder->lifted = 2;
  check(recorder, &(struct row){"/unmute", CHANNEL_OWNER, "unmute 0\n", "hear from me again"});
}

static void chart_takes_its_span_before_or_behind_the_name(void **state) {
  static const struct row rows[] = {
      {"/chart garage", CHANNEL_VIEWER, "chart 1 24 h\n", ""},
      {"/chart garage 7d", CHANNEL_VIEWER, "chart 1 168 h\n", ""},
      {"/chart 7d garage", CHANNEL_VIEWER, "chart 1 168 h\n", ""},
      {"/chart Rack 5", CHANNEL_VIEWER, "chart 2 24 h\n", ""},
      {"/chart garage 1min", CHANNEL_VIEWER, "chart 1 1 h\n", ""},
      {"/chart 7", CHANNEL_VIEWER, "chart 3 24 h\n", ""},
      {"/chart", CHANNEL_VIEWER, "", "Which miner?"},
      {"/chart 24h", CHANNEL_VIEWER, "", "Which miner?"},
      {"/chart Cellar", CHANNEL_VIEWER, "", "no miner called"},
  };
  CHECK_ALL(state, rows);
}

static void restart_only_asks_and_only_an_owner(void **state) {
  struct recorder *recorder = *state;
  static const struct row rows[] = {
      {"/restart garage", CHANNEL_OWNER, "", "Restart Garage?"},
      {"/restart", CHANNEL_OWNER, "", "Which miner?"},
      {"/restart garage", CHANNEL_MEMBER, "", "/restart needs owner"},
  };
  CHECK_ALL(state, rows);

  struct bot_answer answer;
  bot_answer_init(&answer);
  recorder->view.role = CHANNEL_OWNER;
  bot_commands_answer(&recorder->view, "/restart garage", true, &answer);

  assert_int_equal(answer.button_count, 2);
  assert_string_equal(answer.buttons[0].data, "restart:1:1795363200");
  assert_string_equal(answer.buttons[1].data, "leave");
  bot_answer_finish(&answer);
}

static void odds_are_those_of_a_lottery(void **state) {
  struct recorder *recorder = *state;
  fleet_at(recorder->fleet, 0)->best_diff_ever = 1e9;
  /* 1.071 TH/s make 9.25e16 hashes a day; a block takes 150e12 x 2^32 = 6.44e23, a
   * record above 1 G 4.29e18. */
  static const struct row rows[] = {
      {"/odds garage", CHANNEL_VIEWER, "", "1 in 7,000,000 a day,\n1 in 19,000 a year"},
      {"/odds garage", CHANNEL_VIEWER, "",
       "Your best difficulty so far: 1 G. The chance to beat "
       "it: 1 in 47 a day."},
      {"/odds", CHANNEL_VIEWER, "",
       "With 3.21 TH/s the chance of a block is\n1 in 2,300,000 a day"},
      {"/odds Cellar", CHANNEL_VIEWER, "", "no miner called"},
  };
  CHECK_ALL(state, rows);
  for (size_t i = 0; i < 3; i++)
    fleet_at(recorder->fleet, i)->memory.state = STATE_OFFLINE;
  check(recorder, &(struct row){"/odds", CHANNEL_VIEWER, "", "Nothing is hashing"});
}

static void miners_are_a_line_each_and_one_has_its_details(void **state) {
  struct recorder *recorder = *state;
  struct fleet_miner *garage = fleet_at(recorder->fleet, 0);
  garage->last.values[METRIC_FAN_RPM] = 4000;
  garage->last.values[METRIC_SHARES_ACCEPTED] = 12;
  garage->last.values[METRIC_SHARES_REJECTED] = 1;
  strcpy(garage->miner.facts.model, "Bitaxe Gamma 601");
  fleet_at(recorder->fleet, 1)->memory.state = STATE_OFFLINE;
  static const struct row rows[] = {
      {"/miners", CHANNEL_VIEWER, "", "Garage: Hashing, 1.07 TH/s\nRack 5: Offline\n"},
      {"/miners", CHANNEL_VIEWER, "", "Together: 2.14 TH/s, 36 W"},
      {"/miner garage", CHANNEL_VIEWER, "", "12 accepted, 1 rejected"},
      {"/miner garage", CHANNEL_VIEWER, "", "Bitaxe Gamma 601"},
      {"/miner garage", CHANNEL_VIEWER, "", "Its own page: http://192.168.1.1"},
      {"/miner", CHANNEL_VIEWER, "", "Which miner? Add its name: Garage, Rack 5, 7"},
  };
  CHECK_ALL(state, rows);
}

static void help_explains_a_word_and_lists_what_the_role_may(void **state) {
  static const struct row rows[] = {
      {"/help Hashrate", CHANNEL_VIEWER, "", "Hashrate: How many guesses"},
      {"/help wifi", CHANNEL_VIEWER, "", "Wi-Fi signal (RSSI): "},
      {"/help rejected shares", CHANNEL_VIEWER, "", "I have no explanation for that. I know: "},
      {"/help rejected share", CHANNEL_VIEWER, "", "Rejected share: "},
      {"/help BROWN OUT", CHANNEL_VIEWER, "", "Brown-out: "},
      {"/help x", CHANNEL_VIEWER, "", "I have no explanation"},
      {"/help", CHANNEL_OWNER, "", "/restart - "},
      {"/start", CHANNEL_VIEWER, "", "I watch your miners"},
      {"/start hello", CHANNEL_VIEWER, "", "/status - "},
  };
  CHECK_ALL(state, rows);
  struct recorder *recorder = *state;
  struct bot_answer answer;
  bot_answer_init(&answer);
  recorder->view.role = CHANNEL_VIEWER;
  bot_commands_answer(&recorder->view, "/help", true, &answer);
  assert_null(strstr(answer.text.data, "/restart"));
  assert_null(strstr(answer.text.data, "/mute"));
  bot_answer_finish(&answer);
}

#define TALK_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TALK_TEST(ack_says_i_know_to_what_is_open),
      TALK_TEST(what_is_acknowledged_is_left_alone),
      TALK_TEST(failure_of_the_desk_is_said_in_its_words),
      TALK_TEST(mute_understands_names_and_spans_in_any_form),
      TALK_TEST(unmute_lifts_one_or_for_an_owner_all),
      TALK_TEST(chart_takes_its_span_before_or_behind_the_name),
      TALK_TEST(restart_only_asks_and_only_an_owner),
      TALK_TEST(odds_are_those_of_a_lottery),
      TALK_TEST(miners_are_a_line_each_and_one_has_its_details),
      TALK_TEST(help_explains_a_word_and_lists_what_the_role_may),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
