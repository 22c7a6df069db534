#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "bot/bot_guests.h"

#define HOUR_MS INT64_C(3600000)

static void guest_is_greeted_once(void **state) {
  (void)state;
  struct bot_guests guests = {0};

  assert_true(bot_guests_greet(&guests, 666, 1000));

  assert_false(bot_guests_greet(&guests, 666, 1000));
  assert_false(bot_guests_greet(&guests, 666, 1000 + 100 * HOUR_MS));
}

static void few_guests_are_greeted_in_an_hour(void **state) {
  (void)state;
  struct bot_guests guests = {0};
  int greeted = 0;
  for (int64_t chat = 1; chat <= 20; chat++)
    greeted += bot_guests_greet(&guests, chat, 1000);

  assert_int_equal(greeted, BOT_GUESTS_HOUR_MAX);
  assert_true(bot_guests_greet(&guests, 21, 1000 + HOUR_MS));
  assert_false(bot_guests_greet(&guests, 20, 1000 + HOUR_MS));
}

static void a_crowd_is_met_with_silence(void **state) {
  (void)state;
  struct bot_guests guests = {0};
  for (int64_t chat = 1; chat <= BOT_GUESTS_MAX; chat++)
    bot_guests_greet(&guests, chat, chat * HOUR_MS);

  assert_false(bot_guests_greet(&guests, 1000, 1000 * HOUR_MS));
}

static void guests_are_remembered_as_text(void **state) {
  (void)state;
  struct bot_guests before = {0}, after;
  struct buf text;
  buf_init(&text);
  for (int64_t i = 0; i < BOT_GUESTS_MAX; i++)
    bot_guests_greet(&before, INT64_MIN + i, i * HOUR_MS);

  bot_guests_format(&before, &text);
  bot_guests_parse(&after, text.data);

  assert_int_equal(after.count, BOT_GUESTS_MAX);
  assert_memory_equal(after.chats, before.chats, sizeof before.chats);
  assert_true(text.length < 2048); /* what bot_keep takes */
  assert_false(bot_guests_greet(&after, INT64_MIN, 0));
  buf_finish(&text);
}

static void text_that_is_none_of_ours_names_no_guest(void **state) {
  (void)state;
  struct bot_guests guests;

  bot_guests_parse(&guests, "  x 5 99999999999999999999999999999999 -7 ");

  assert_int_equal(guests.count, 2);
  assert_true(guests.chats[0] == 5 && guests.chats[1] == -7);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(guest_is_greeted_once),
      cmocka_unit_test(few_guests_are_greeted_in_an_hour),
      cmocka_unit_test(a_crowd_is_met_with_silence),
      cmocka_unit_test(guests_are_remembered_as_text),
      cmocka_unit_test(text_that_is_none_of_ours_names_no_guest),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
