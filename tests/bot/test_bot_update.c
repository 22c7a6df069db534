#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "bot/bot_update.h"

static bool parse(const char *json, struct bot_update *update) {
  struct err err;
  return bot_update_parse(json, strlen(json), update, &err);
}

static void message_is_reduced_to_chat_and_text(void **state) {
  (void)state;
  struct bot_update update;

  assert_true(
      parse("{\"update_id\":7,\"message\":{\"message_id\":1,\"date\":1,\"text\":\"/status\","
            "\"chat\":{\"id\":42,\"type\":\"private\",\"username\":\"anna\"}}}",
            &update));

  assert_int_equal(update.id, 7);
  assert_true(update.has_message);
  assert_true(update.private_chat);
  assert_int_equal(update.chat_id, 42);
  assert_string_equal(update.chat_name, "anna");
  assert_string_equal(update.text, "/status");
}

static void post_in_a_channel_is_a_message_too(void **state) {
  (void)state;
  struct bot_update update;

  assert_true(parse("{\"update_id\":7,\"channel_post\":{\"text\":\"/help\","
                    "\"chat\":{\"id\":-1001234567890,\"type\":\"channel\"}}}",
                    &update));

  assert_true(update.has_message);
  assert_false(update.private_chat);
  assert_true(update.chat_id == -1001234567890);
}

static void chat_and_writer_are_known_by_the_names_people_use(void **state) {
  (void)state;
  static const struct {
    const char *json, *title, *from;
  } rows[] = {
      {"{\"update_id\":7,\"message\":{\"chat\":{\"id\":1,\"first_name\":\"Anna\",\"last_name\":"
       "\"Miller\"},\"from\":{\"first_name\":\"Anna\",\"last_name\":\"Miller\"}}}",
       "Anna Miller", "Anna Miller"},
      {"{\"update_id\":7,\"message\":{\"chat\":{\"id\":1,\"title\":\"Miners\\nat home\"},\"from\":"
       "{\"first_name\":\"Bo\"}}}",
       "Miners at home", "Bo"},
      {"{\"update_id\":7,\"channel_post\":{\"chat\":{\"id\":1,\"title\":5}}}", "", ""},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct bot_update update;

    assert_true(parse(rows[i].json, &update));

    assert_string_equal(update.chat_title, rows[i].title);
    assert_string_equal(update.from, rows[i].from);
  }
}

static void pressed_button_tells_what_it_carries_and_where(void **state) {
  (void)state;
  struct bot_update update;

  assert_true(
      parse("{\"update_id\":7,\"callback_query\":{\"id\":\"4382bfdwdsb323b2d9\",\"from\":{"
            "\"id\":5,\"first_name\":\"Anna\"},\"data\":\"ack:1795363200000001\",\"message\":{"
            "\"message_id\":77,\"chat\":{\"id\":-42,\"type\":\"group\"}}}}",
            &update));

  assert_true(update.has_button);
  assert_false(update.has_message);
  assert_string_equal(update.press, "4382bfdwdsb323b2d9");
  assert_string_equal(update.data, "ack:1795363200000001");
  assert_string_equal(update.from, "Anna");
  assert_int_equal(update.message_id, 77);
  assert_true(update.chat_id == -42);
  assert_true(bot_update_is_from(&update, "-42"));
}

static void press_that_cannot_be_answered_is_ignored(void **state) {
  (void)state;
  static const char *const odd[] = {
      "{\"data\":\"ack:1\",\"message\":{\"message_id\":7,\"chat\":{\"id\":4}}}",
      "{\"id\":\"1\",\"data\":\"ack:1\"}",
      "{\"id\":\"1\",\"data\":\"ack:1\",\"message\":{\"chat\":{\"id\":4}}}",
      "{\"id\":\"1\",\"data\":\"ack:1\",\"message\":{\"message_id\":7}}",
      "{\"id\":1,\"data\":\"ack:1\",\"message\":{\"message_id\":7,\"chat\":{\"id\":4}}}",
      "{\"id\":\"1\",\"data\":\"0123456789012345678901234567890123456789012345678901234567890123456"
      "\",\"message\":{\"message_id\":7,\"chat\":{\"id\":4}}}",
      "[]",
  };
  for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
    char json[512];
    struct bot_update update;
    snprintf(json, sizeof json, "{\"update_id\":7,\"callback_query\":%s}", odd[i]);

    assert_true(parse(json, &update));

    assert_false(update.has_button);
    assert_false(update.has_message);
  }
}

static void odd_update_has_a_number_and_nothing_else(void **state) {
  (void)state;
  static const char *const odd[] = {
      "{\"update_id\":7}",
      "{\"update_id\":7,\"message\":null}",
      "{\"update_id\":7,\"message\":[1,2]}",
      "{\"update_id\":7,\"message\":{\"text\":\"/status\"}}",
      "{\"update_id\":7,\"message\":{\"chat\":\"42\",\"text\":\"/status\"}}",
      "{\"update_id\":7,\"message\":{\"chat\":{\"id\":\"42\"},\"text\":\"/status\"}}",
      "{\"update_id\":7,\"message\":{\"chat\":{\"id\":4.5},\"text\":\"/status\"}}",
      "{\"update_id\":7,\"callback_query\":{\"id\":\"1\"}}",
  };
  for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
    struct bot_update update;

    assert_true(parse(odd[i], &update));

    assert_int_equal(update.id, 7);
    assert_false(update.has_message);
    assert_false(bot_update_is_from(&update, "0"));
  }
}

static void what_has_no_number_is_no_update(void **state) {
  (void)state;
  static const char *const bad[] = {
      "",
      "{",
      "null",
      "[]",
      "{}",
      "{\"update_id\":-1}",
      "{\"update_id\":\"7\"}",
      "{\"update_id\":1e300}",
      "{\"update_id\":7} trailing",
  };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    struct bot_update update;
    struct err err = {0};

    assert_false(bot_update_parse(bad[i], strlen(bad[i]), &update, &err));

    assert_non_null(strstr(err.text, "Telegram update"));
  }
}

static void nesting_without_end_is_refused(void **state) {
  (void)state;
  char deep[20001];
  memset(deep, '[', sizeof deep - 1);
  deep[sizeof deep - 1] = '\0';
  struct bot_update update;

  assert_false(parse(deep, &update));
}

static void text_is_cut_and_cleaned(void **state) {
  (void)state;
  char json[2000] = "{\"update_id\":7,\"message\":{\"chat\":{\"id\":1},\"text\":\"/last\\n\\u0007";
  size_t length = strlen(json);
  memset(json + length, 'x', 1000);
  strcpy(json + length + 1000, "\"}}");
  struct bot_update update;

  assert_true(parse(json, &update));

  assert_int_equal(strlen(update.text), BOT_UPDATE_TEXT_MAX - 1);
  assert_memory_equal(update.text, "/last  x", 8);
}

static void chat_is_known_by_number_or_public_name_only(void **state) {
  (void)state;
  const struct bot_update update = {
      .has_message = true, .chat_id = -100200, .chat_name = "GarageMiners"};

  assert_true(bot_update_is_from(&update, "-100200"));
  assert_true(bot_update_is_from(&update, "@garageminers"));

  assert_false(bot_update_is_from(&update, NULL));
  assert_false(bot_update_is_from(&update, ""));
  assert_false(bot_update_is_from(&update, "100200"));
  assert_false(bot_update_is_from(&update, "-100200 "));
  assert_false(bot_update_is_from(&update, "GarageMiners"));
  assert_false(bot_update_is_from(&update, "@"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(message_is_reduced_to_chat_and_text),
      cmocka_unit_test(post_in_a_channel_is_a_message_too),
      cmocka_unit_test(chat_and_writer_are_known_by_the_names_people_use),
      cmocka_unit_test(pressed_button_tells_what_it_carries_and_where),
      cmocka_unit_test(press_that_cannot_be_answered_is_ignored),
      cmocka_unit_test(odd_update_has_a_number_and_nothing_else),
      cmocka_unit_test(what_has_no_number_is_no_update),
      cmocka_unit_test(nesting_without_end_is_refused),
      cmocka_unit_test(text_is_cut_and_cleaned),
      cmocka_unit_test(chat_is_known_by_number_or_public_name_only),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
