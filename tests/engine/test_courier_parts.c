/* The small pure parts of the courier: pace, what was told, the message of the morning. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/courier/digest.h"
#include "engine/courier/pace.h"
#include "engine/courier/told.h"

static void no_window_holds_more_than_the_burst(void **state) {
  (void)state;
  struct pace pace = {.count = 0};

  for (int64_t at_ms = 1000; at_ms < 1500; at_ms += 100) {
    assert_int_equal(pace_due_ms(&pace, 5, 2000), 0);
    pace_note(&pace, at_ms);
  }

  assert_int_equal(pace_due_ms(&pace, 5, 2000), 3000); /* the first of the five leaves the window */
  pace_note(&pace, 3000);
  assert_int_equal(pace_due_ms(&pace, 5, 2000), 3100);
  assert_int_equal(pace_due_ms(&pace, 0, 2000), 0); /* no limit */
}

static void message_of_an_episode_is_known_by_channel_target_and_episode(void **state) {
  (void)state;
  struct told *told = told_create();
  const struct told_key key = {"c1", "42", 7}, other_chat = {"c1", "43", 7},
                        other_channel = {"c2", "42", 7}, other_episode = {"c1", "42", 8};

  told_set(told, &key, "100");
  told_set(told, &other_chat, "200");

  assert_string_equal(told_find(told, &key), "100");
  assert_string_equal(told_find(told, &other_chat), "200");
  assert_null(told_find(told, &other_channel));
  assert_null(told_find(told, &other_episode));
  told_set(told, &key, "101");
  assert_string_equal(told_find(told, &key), "101");
  told_forget(told, &key);
  assert_null(told_find(told, &key));
  told_destroy(told);
}

static void only_the_newest_thousand_are_remembered(void **state) {
  (void)state;
  struct told *told = told_create();

  for (int64_t episode = 1; episode <= 3000; episode++)
    told_set(told, &(struct told_key){"telegram", "", episode}, "1");

  assert_null(told_find(told, &(struct told_key){"telegram", "", 1}));
  assert_non_null(told_find(told, &(struct told_key){"telegram", "", 2500}));
  assert_non_null(told_find(told, &(struct told_key){"telegram", "", 3000}));
  told_destroy(told);
}

static void one_held_message_comes_whole(void **state) {
  (void)state;
  struct digest *digest = digest_create("en");

  digest_add(digest, 1800000000000, "Garage is too hot\nWhat to do: wait");
  char *text = digest_take(digest);

  assert_string_equal(text, "Garage is too hot\nWhat to do: wait");
  free(text);
}

static void held_messages_become_a_line_each_and_the_rest_a_number(void **state) {
  (void)state;
  struct digest *digest = digest_create("en");

  for (int i = 1; i <= 30; i++) {
    char line[64];
    snprintf(line, sizeof line, "Miner %d is offline\nWhat to do: look", i);
    digest_add(digest, 1800000000000 + i, line);
  }
  char *text = digest_take(digest);

  assert_non_null(strstr(text, "30 messages"));
  assert_non_null(strstr(text, "Miner 1 is offline\n"));
  assert_non_null(strstr(text, "Miner 25 is offline\n"));
  assert_null(strstr(text, "Miner 26"));
  assert_null(strstr(text, "What to do"));
  assert_non_null(strstr(text, "5 more"));
  free(text);
}

static void the_digest_speaks_the_language_of_its_channel(void **state) {
  (void)state;
  struct digest *digest = digest_create("de");

  digest_add(digest, 1800000000000, "Garage ist zu heiß");
  digest_add(digest, 1800000001000, "Keller ist offline");
  char *text = digest_take(digest);

  assert_non_null(strstr(text, "In deiner Ruhezeit: 2 Nachrichten\n"));
  free(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_window_holds_more_than_the_burst),
      cmocka_unit_test(message_of_an_episode_is_known_by_channel_target_and_episode),
      cmocka_unit_test(only_the_newest_thousand_are_remembered),
      cmocka_unit_test(one_held_message_comes_whole),
      cmocka_unit_test(held_messages_become_a_line_each_and_the_rest_a_number),
      cmocka_unit_test(the_digest_speaks_the_language_of_its_channel),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
