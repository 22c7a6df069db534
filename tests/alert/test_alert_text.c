#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert_text.h"
#include "model/state.h"

enum { MINUTE_MS = 60000 };
static const int64_t at_ms = 1700000000000; /* 2023-11-14 22:13:20 UTC */
static const struct miner garage = {.name = "Garage"};

static char *text_of(const struct miner *miner, const struct alert_event *event) {
  struct buf out;
  buf_init(&out);
  alert_text_write(&out, NULL, miner, event);
  return buf_take(&out, NULL);
}

static void assert_has(const char *text, const char *part) {
  if (text == NULL || strstr(text, part) == NULL)
    fail_msg("'%s' is not in:\n%s", part, text != NULL ? text : "(nothing)");
}

static void heat_says_what_happened_what_it_means_and_what_to_do(void **state) {
  (void)state;
  const struct alert_event event = {.rule = ALERT_CHIP_TEMP,
                                    .kind = ALERT_RAISED,
                                    .at_ms = at_ms,
                                    .since_ms = at_ms - 10000,
                                    .value = 72.44,
                                    .limit = 68,
                                    .worst = 72.44};

  char *text = text_of(&garage, &event);

  assert_has(text, "Garage is too hot: chip 72.4 °C (limit 68 °C).\n");
  assert_has(text, alert_rule_facts(ALERT_CHIP_TEMP)->meaning);
  assert_has(text, "\nWhat to do: ");
  assert_has(text, alert_rule_facts(ALERT_CHIP_TEMP)->advice);
  free(text);
}

static void an_unreachable_miner_says_why_in_words(void **state) {
  (void)state;
  const struct alert_event event = {.rule = ALERT_UNRESPONSIVE,
                                    .kind = ALERT_RAISED,
                                    .at_ms = at_ms,
                                    .since_ms = at_ms - MINUTE_MS,
                                    .value = NAN,
                                    .limit = NAN,
                                    .worst = NAN,
                                    .reason = REASON_NO_ANSWER};

  char *text = text_of(&garage, &event);

  assert_has(text, "Garage is not answering: ");
  assert_has(text, reason_facts(REASON_NO_ANSWER)->text);
  assert_has(text, "since 22:12 UTC");
  assert_has(text, reason_facts(REASON_NO_ANSWER)->advice);
  assert_null(strstr(text, "nan"));
  free(text);
}

static void a_host_that_is_gone_is_called_offline(void **state) {
  (void)state;
  const struct alert_event event = {.rule = ALERT_OFFLINE,
                                    .kind = ALERT_RAISED,
                                    .at_ms = at_ms,
                                    .since_ms = at_ms,
                                    .reason = REASON_HOST_GONE};

  char *text = text_of(&garage, &event);

  assert_has(text, "Garage is offline: it does not answer on the network");
  free(text);
}

static void a_reminder_says_for_how_long(void **state) {
  (void)state;
  const struct alert_event event = {.rule = ALERT_VR_TEMP,
                                    .kind = ALERT_REMINDED,
                                    .at_ms = at_ms,
                                    .since_ms = at_ms - 6 * 60 * MINUTE_MS,
                                    .value = 97,
                                    .limit = 95,
                                    .worst = 101.25};

  char *text = text_of(&garage, &event);

  assert_has(text, "Still so after 6 h 00 min: Garage is too hot: voltage regulator 97.0 °C (limit "
                   "95 °C). The worst was 101.2 °C.");
  free(text);
}

static void the_end_says_how_long_and_how_bad_it_was(void **state) {
  (void)state;
  const struct alert_event event = {.rule = ALERT_CHIP_TEMP,
                                    .kind = ALERT_CLEARED,
                                    .at_ms = at_ms,
                                    .since_ms = at_ms - 25 * MINUTE_MS,
                                    .value = 61.2,
                                    .limit = 68.5,
                                    .worst = 74.1};

  char *text = text_of(&garage, &event);

  assert_string_equal(text, "Garage has cooled down: chip 61.2 °C (limit 68.5 °C).\n"
                            "The chip was too hot for 25 minutes. The worst was 74.1 °C.\n"
                            "There is nothing to do.");
  free(text);
}

static void the_end_without_a_figure_makes_none_up(void **state) {
  (void)state;
  const struct alert_event event = {.rule = ALERT_CHIP_TEMP,
                                    .kind = ALERT_CLEARED,
                                    .at_ms = at_ms,
                                    .since_ms = at_ms - 25 * MINUTE_MS,
                                    .value = NAN,
                                    .limit = 68,
                                    .worst = NAN};

  char *text = text_of(&garage, &event);

  assert_string_equal(text, "Garage has cooled down.\nThe chip was too hot for 25 minutes.\n"
                            "There is nothing to do.");
  free(text);
}

static void a_miner_that_is_back_says_how_long_it_was_away(void **state) {
  (void)state;
  const struct alert_event event = {.rule = ALERT_OFFLINE,
                                    .kind = ALERT_CLEARED,
                                    .at_ms = at_ms,
                                    .since_ms = at_ms - 12 * MINUTE_MS,
                                    .reason = REASON_HOST_GONE};

  char *text = text_of(&garage, &event);

  assert_has(text, "Garage is back.\nIt was out of reach for 12 minutes: ");
  free(text);
}

static void a_miner_without_a_name_is_called_by_its_model_or_address(void **state) {
  (void)state;
  const struct alert_event event = {.rule = ALERT_OFFLINE, .kind = ALERT_CLEARED};
  const struct miner modelled = {.facts = {.model = "Bitaxe Gamma 601"}};
  const struct miner bare = {.address = "http://192.168.1.50"};

  char *by_model = text_of(&modelled, &event), *by_address = text_of(&bare, &event);

  assert_has(by_model, "Bitaxe Gamma 601 is back.");
  assert_has(by_address, "http://192.168.1.50 is back.");
  free(by_model);
  free(by_address);
}

static char *late_text(int64_t late_ms) {
  struct buf out;
  buf_init(&out);
  alert_text_late(&out, NULL, at_ms, at_ms + late_ms);
  return buf_take(&out, NULL);
}

static void a_message_in_time_needs_no_excuse(void **state) {
  (void)state;
  static const int64_t delays_ms[] = {-MINUTE_MS, 0, 2 * MINUTE_MS - 1};
  for (size_t i = 0; i < sizeof delays_ms / sizeof delays_ms[0]; i++) {
    char *text = late_text(delays_ms[i]);

    assert_string_equal(text, "");
    free(text);
  }
}

static void a_late_message_says_when_it_happened(void **state) {
  (void)state;
  char *same_day = late_text(55 * MINUTE_MS), *old = late_text(3 * 24 * 60 * (int64_t)MINUTE_MS);

  assert_string_equal(same_day, "This happened at 22:13 UTC, 55 minutes ago; it could not be sent "
                                "before.");
  assert_string_equal(old, "This happened at 22:13 UTC on 14 November, 3 days ago; it could not be "
                           "sent before.");
  free(same_day);
  free(old);
}

static void a_message_is_in_one_language_to_its_last_word(void **state) {
  (void)state;
  const struct alert_event gone = {.rule = ALERT_OFFLINE,
                                   .kind = ALERT_CLEARED,
                                   .at_ms = at_ms,
                                   .since_ms = at_ms - 12 * MINUTE_MS,
                                   .value = NAN,
                                   .limit = NAN,
                                   .worst = NAN,
                                   .reason = REASON_HOST_GONE};
  const struct alert_event fan = {.rule = ALERT_FAN_STOPPED,
                                  .kind = ALERT_RAISED,
                                  .at_ms = at_ms,
                                  .since_ms = at_ms,
                                  .value = NAN,
                                  .limit = NAN,
                                  .worst = NAN,
                                  .detail = "the fan"};
  struct buf german, spanish;
  buf_init(&german);
  buf_init(&spanish);

  alert_text_write(&german, "de", &garage, &gone);
  alert_text_late(&german, "de", at_ms - 3 * 24 * 60 * MINUTE_MS, at_ms);
  alert_text_write(&spanish, "es", &garage, &fan);

  assert_has(german.data, "Garage ist wieder da.\nEr war 12 Minuten lang nicht zu erreichen: "
                          "er antwortet im Netzwerk nicht.\nEs ist nichts zu tun.");
  assert_has(german.data, "um 22:13 UTC am 11. November passiert und kommt 3 Tage zu spät");
  assert_has(spanish.data, "Garage: se ha parado el ventilador.\n");
  assert_has(spanish.data, "\nQué hacer: Desenchufa el minero ahora.");
  buf_finish(&german);
  buf_finish(&spanish);
}

int main(void) {
  setenv("TZ", "UTC", 1);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(heat_says_what_happened_what_it_means_and_what_to_do),
      cmocka_unit_test(an_unreachable_miner_says_why_in_words),
      cmocka_unit_test(a_host_that_is_gone_is_called_offline),
      cmocka_unit_test(a_reminder_says_for_how_long),
      cmocka_unit_test(the_end_says_how_long_and_how_bad_it_was),
      cmocka_unit_test(the_end_without_a_figure_makes_none_up),
      cmocka_unit_test(a_miner_that_is_back_says_how_long_it_was_away),
      cmocka_unit_test(a_miner_without_a_name_is_called_by_its_model_or_address),
      cmocka_unit_test(a_message_in_time_needs_no_excuse),
      cmocka_unit_test(a_late_message_says_when_it_happened),
      cmocka_unit_test(a_message_is_in_one_language_to_its_last_word),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
