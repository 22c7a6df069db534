#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/str.h"
#include "bot/bot_buttons.h"
#include "bot/bot_recorder.h"

struct row {
  const char *data;
  enum channel_role role;
  const char *done;
  const char *says;
  enum bot_buttons_then then;
};

static int setup(void **state) {
  setenv("TZ", "CET-1", 1);
  tzset();
  struct recorder *recorder = recorder_create();
  recorder_add_miner(recorder, "Garage");
  recorder_add_miner(recorder, "Kitchen");
  recorder_add_episode(recorder, 102, 2);
  recorder_add_episode(recorder, 101, 1);
  recorder_add_episode(recorder, 100, 0);
  *state = recorder;
  return 0;
}

static int teardown(void **state) {
  recorder_destroy(*state);
  return 0;
}

static void check_all(struct recorder *recorder, const struct row *rows, size_t count) {
  for (size_t i = 0; i < count; i++) {
    struct bot_buttons_answer answer;
    buf_clear(&recorder->done);
    recorder->view.role = rows[i].role;
    bot_buttons_press(&recorder->view, rows[i].data, &answer);
    const char *done = recorder->done.length > 0 ? recorder->done.data : "";
    if (!str_equal(done, rows[i].done) || strstr(answer.text, rows[i].says) == NULL ||
        answer.then != rows[i].then)
      fail_msg("%s did: %s said: %s then: %d", rows[i].data, done, answer.text, (int)answer.then);
  }
}

#define CHECK_ALL(state, rows) check_all(*(state), rows, sizeof(rows) / sizeof(rows)[0])

static void each_button_does_what_it_says(void **state) {
  static const struct row rows[] = {
      {"ack:101", CHANNEL_MEMBER, "ack 101 by Anna\n", "Acknowledged", BOT_BUTTONS_CHART},
      {"mute:101:60", CHANNEL_MEMBER, "mute 1 rule 1 60 min by Anna\n", "Muted for 1 h 00 min",
       BOT_BUTTONS_CHART},
      /* It is 17:00 in this zone. */
      {"morning:101", CHANNEL_MEMBER, "mute 1 rule 1 840 min by Anna\n", "Muted for 14 h",
       BOT_BUTTONS_CHART},
      {"chart:101", CHANNEL_VIEWER, "chart 1 24 h\n", "Drawing", BOT_BUTTONS_STAY},
      {"chart:100", CHANNEL_VIEWER, "", "not about one miner", BOT_BUTTONS_STAY},
      {"draw:2", CHANNEL_VIEWER, "chart 2 24 h\n", "Drawing", BOT_BUTTONS_STAY},
      {"restart:2:1795363000", CHANNEL_OWNER, "restart 2\n", "Asking it", BOT_BUTTONS_GO},
      {"leave", CHANNEL_VIEWER, "", "Nothing was done", BOT_BUTTONS_GO},
  };
  CHECK_ALL(state, rows);
}

static void what_is_over_or_too_old_is_said(void **state) {
  static const struct row rows[] = {
      {"ack:99", CHANNEL_MEMBER, "", "over already", BOT_BUTTONS_GO},
      {"mute:99:60", CHANNEL_MEMBER, "", "over already", BOT_BUTTONS_GO},
      {"chart:99", CHANNEL_VIEWER, "", "/chart NAME", BOT_BUTTONS_GO},
      {"restart:2:1795362000", CHANNEL_OWNER, "", "too long ago", BOT_BUTTONS_GO},
      {"restart:2:1795364000", CHANNEL_OWNER, "", "too long ago", BOT_BUTTONS_GO},
      {"restart:9:1795363000", CHANNEL_OWNER, "", "not watched", BOT_BUTTONS_GO},
      {"draw:9", CHANNEL_VIEWER, "", "no chart", BOT_BUTTONS_STAY},
  };
  CHECK_ALL(state, rows);
}

static void role_is_asked_at_the_press(void **state) {
  static const struct row rows[] = {
      {"ack:101", CHANNEL_VIEWER, "", "needs member", BOT_BUTTONS_STAY},
      {"mute:101:60", CHANNEL_VIEWER, "", "needs member", BOT_BUTTONS_STAY},
      {"restart:2:1795363000", CHANNEL_MEMBER, "", "needs owner", BOT_BUTTONS_STAY},
  };
  CHECK_ALL(state, rows);
}

static void bytes_that_are_no_button_do_nothing(void **state) {
  static const struct row rows[] = {
      {"", CHANNEL_OWNER, "", "do not know", BOT_BUTTONS_STAY},
      {"ack:", CHANNEL_OWNER, "", "do not know", BOT_BUTTONS_STAY},
      {"ack:x", CHANNEL_OWNER, "", "do not know", BOT_BUTTONS_STAY},
      {"ack:-1", CHANNEL_OWNER, "", "do not know", BOT_BUTTONS_STAY},
      {"mute:101:60:1", CHANNEL_OWNER, "", "do not know", BOT_BUTTONS_STAY},
      {"dance:1", CHANNEL_OWNER, "", "do not know", BOT_BUTTONS_STAY},
      {"mute:101:99999999999999", CHANNEL_OWNER, "mute 1 rule 1 10080 min by Anna\n", "7 days",
       BOT_BUTTONS_CHART},
  };
  CHECK_ALL(state, rows);
}

static void button_below_a_group_means_all_of_it(void **state) {
  struct recorder *recorder = *state;
  recorder->open[0].told_with = 101;
  recorder->open[1].told_with = 101;
  static const struct row rows[] = {
      {"ack:101", CHANNEL_MEMBER, "ack 102 by Anna\nack 101 by Anna\n", "Acknowledged",
       BOT_BUTTONS_CHART},
      {"mute:101:60", CHANNEL_MEMBER,
       "mute 2 rule 1 60 min by Anna\nmute 1 rule 1 60 min by Anna\n", "Muted", BOT_BUTTONS_CHART},
      {"chart:101", CHANNEL_VIEWER, "chart 1 24 h\n", "Drawing", BOT_BUTTONS_STAY},
  };
  CHECK_ALL(state, rows);
}

static void failure_of_the_desk_is_said_and_the_buttons_stay(void **state) {
  ((struct recorder *)*state)->refuse = "the desk is closed";
  static const struct row rows[] = {
      {"ack:101", CHANNEL_MEMBER, "", "the desk is closed", BOT_BUTTONS_STAY},
      {"mute:101:60", CHANNEL_MEMBER, "", "the desk is closed", BOT_BUTTONS_STAY},
  };
  CHECK_ALL(state, rows);
}

#define PRESS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      PRESS_TEST(each_button_does_what_it_says),
      PRESS_TEST(what_is_over_or_too_old_is_said),
      PRESS_TEST(role_is_asked_at_the_press),
      PRESS_TEST(bytes_that_are_no_button_do_nothing),
      PRESS_TEST(button_below_a_group_means_all_of_it),
      PRESS_TEST(failure_of_the_desk_is_said_and_the_buttons_stay),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
