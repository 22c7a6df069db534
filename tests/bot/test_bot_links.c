#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "bot/bot_links.h"

static void code_fits_in_a_deep_link(void **state) {
  (void)state;
  struct bot_links links = {0};
  static const uint8_t random[16] = {0, 1, 0xff, 0x80};

  const struct bot_link *link = bot_links_add(&links, random, 2, 1000);

  assert_int_equal(strlen(link->code), 32);
  assert_int_equal(strspn(link->code, "0123456789abcdef"), 32);
  assert_true(strncmp(link->code, "0001ff80", 8) == 0);
  assert_int_equal(link->role, 2);
}

static void code_is_open_for_a_quarter_of_an_hour_and_once(void **state) {
  (void)state;
  struct bot_links links = {0};
  static const uint8_t random[16] = {1};
  const struct bot_link *added = bot_links_add(&links, random, 0, 1000);

  struct bot_link *link = bot_links_find(&links, added->code);

  assert_ptr_equal(link, added);
  assert_true(bot_links_is_open(link, 1000 + 15 * 60 * 1000 - 1));
  assert_false(bot_links_is_open(link, 1000 + 15 * 60 * 1000));
  link->used = true;
  assert_false(bot_links_is_open(link, 1000));
}

static void code_that_was_never_given_is_not_found(void **state) {
  (void)state;
  struct bot_links links = {0};
  static const uint8_t random[16] = {1};

  assert_null(bot_links_find(&links, ""));
  bot_links_add(&links, random, 0, 0);

  assert_null(bot_links_find(&links, ""));
  assert_null(bot_links_find(&links, "01"));
  assert_null(bot_links_find(&links, "02000000000000000000000000000000"));
}

static void the_oldest_code_gives_way(void **state) {
  (void)state;
  struct bot_links links = {0};
  uint8_t random[16] = {0};
  char first[BOT_LINKS_CODE_SIZE], second[BOT_LINKS_CODE_SIZE];
  strcpy(first, bot_links_add(&links, random, 0, 0)->code);
  for (uint8_t i = 1; i <= BOT_LINKS_MAX; i++) {
    random[0] = i;
    const struct bot_link *link = bot_links_add(&links, random, 0, 0);
    if (i == 1)
      strcpy(second, link->code);
  }

  assert_null(bot_links_find(&links, first));
  assert_non_null(bot_links_find(&links, second));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(code_fits_in_a_deep_link),
      cmocka_unit_test(code_is_open_for_a_quarter_of_an_hour_and_once),
      cmocka_unit_test(code_that_was_never_given_is_not_found),
      cmocka_unit_test(the_oldest_code_gives_way),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
