#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "bot/bot_seen.h"

#define NOW_MS INT64_C(1795363200000)
#define DAY_MS INT64_C(86400000)

static void number_is_taken_once(void **state) {
  (void)state;
  struct bot_seen seen;
  bot_seen_init(&seen);

  assert_true(bot_seen_take(&seen, 0, NOW_MS));
  assert_false(bot_seen_take(&seen, 0, NOW_MS));
  assert_true(bot_seen_take(&seen, 7, NOW_MS));
  assert_false(bot_seen_take(&seen, 7, NOW_MS));
  assert_false(bot_seen_take(&seen, 0, NOW_MS));
}

static void number_that_comes_late_is_taken_too(void **state) {
  (void)state;
  struct bot_seen seen;
  bot_seen_init(&seen);
  assert_true(bot_seen_take(&seen, 100, NOW_MS));
  assert_true(bot_seen_take(&seen, 103, NOW_MS));

  assert_true(bot_seen_take(&seen, 102, NOW_MS));
  assert_true(bot_seen_take(&seen, 101, NOW_MS));

  for (int id = 100; id <= 103; id++)
    assert_false(bot_seen_take(&seen, id, NOW_MS));
}

static void number_far_behind_counts_as_taken(void **state) {
  (void)state;
  struct bot_seen seen;
  bot_seen_init(&seen);
  bot_seen_take(&seen, 100, NOW_MS);
  bot_seen_take(&seen, 500, NOW_MS);

  assert_false(bot_seen_take(&seen, 436, NOW_MS));
  assert_true(bot_seen_take(&seen, 437, NOW_MS));
}

static void numbers_that_telegram_starts_anew_are_taken(void **state) {
  (void)state;
  struct bot_seen seen;
  bot_seen_init(&seen);
  bot_seen_take(&seen, 500000, NOW_MS);

  assert_false(bot_seen_take(&seen, 12, NOW_MS + DAY_MS));
  assert_true(bot_seen_take(&seen, 12, NOW_MS + 7 * DAY_MS));
}

static void memory_survives_as_text(void **state) {
  (void)state;
  char text[BOT_SEEN_TEXT_MAX];
  struct bot_seen before, after;
  bot_seen_init(&before);
  bot_seen_take(&before, INT64_MAX - 1, NOW_MS);
  bot_seen_take(&before, INT64_MAX - 40, NOW_MS);

  bot_seen_format(&before, text);
  bot_seen_parse(&after, text);

  assert_memory_equal(&before, &after, sizeof before);
  assert_false(bot_seen_take(&after, INT64_MAX - 40, NOW_MS));
}

static void text_that_is_none_of_ours_is_no_memory(void **state) {
  (void)state;
  static const char *const odd[] = {"", "x", "7", "7 1", "-3 1 5", "7 1 5 more", "7 zz 5"};
  for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
    struct bot_seen seen;

    bot_seen_parse(&seen, odd[i]);

    assert_true(seen.newest == -1);
    assert_true(bot_seen_take(&seen, 0, NOW_MS));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(number_is_taken_once),
      cmocka_unit_test(number_that_comes_late_is_taken_too),
      cmocka_unit_test(number_far_behind_counts_as_taken),
      cmocka_unit_test(numbers_that_telegram_starts_anew_are_taken),
      cmocka_unit_test(memory_survives_as_text),
      cmocka_unit_test(text_that_is_none_of_ours_is_no_memory),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
