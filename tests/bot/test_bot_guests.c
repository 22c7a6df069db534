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

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(guest_is_greeted_once),
      cmocka_unit_test(few_guests_are_greeted_in_an_hour),
      cmocka_unit_test(a_crowd_is_met_with_silence),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
