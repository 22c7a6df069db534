/* Every message that a rule can send, as a person would read it. With an argument it
 * prints them, for reading aloud: test_alert_words print. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alert/alert_text.h"
#include "base/str.h"
#include "model/state.h"
#include "model/text.h"

enum { MINUTE_MS = 60000 };
static const int64_t at_ms = 1700000000000;

/* A typical event of each rule. */
static struct alert_event sample_event(enum alert_rule rule, enum alert_event_kind kind) {
  static const struct {
    double value, limit, worst;
    enum reason reason;
    const char *detail;
  } typical[ALERT_RULE_COUNT] = {
      [ALERT_OFFLINE] = {NAN, NAN, NAN, REASON_HOST_GONE, ""},
      [ALERT_CHIP_TEMP] = {71.3, 68, 74.1, REASON_NONE, ""},
      [ALERT_VR_TEMP] = {97, 95, 99, REASON_NONE, ""},
      [ALERT_UNRESPONSIVE] = {NAN, NAN, NAN, REASON_NO_ANSWER, ""},
      [ALERT_OVERHEATED] = {76, NAN, 76.5, REASON_OVERHEAT_MODE, ""},
      [ALERT_OVERHEAT_SLOW] = {425, 525, 425, REASON_NONE, ""},
      [ALERT_HASHRATE_LOW] = {83.2, NAN, 81.7, REASON_NONE, ""},
      [ALERT_STALLED] = {840, 62, 840, REASON_FROZEN, ""},
      [ALERT_NOT_HASHING] = {NAN, NAN, NAN, REASON_ZERO_HASHRATE, ""},
      [ALERT_REJECTED_SHARES] = {12.4, 5, 18, REASON_NONE, ""},
      [ALERT_ERROR_RATE] = {7.1, 5, 8, REASON_NONE, ""},
      [ALERT_FAN_STOPPED] = {45, NAN, 60, REASON_NONE, "the fan"},
      [ALERT_INPUT_VOLTAGE] = {4.61, 4.75, 4.52, REASON_NONE, ""},
      [ALERT_POWER_FAULT] = {NAN, NAN, NAN, REASON_POWER_FAULT, "VIN undervoltage"},
      [ALERT_HARDWARE_FAULT] = {NAN, NAN, NAN, REASON_HARDWARE_FAULT, "Sensor does not answer"},
      [ALERT_FALLBACK_POOL] = {NAN, NAN, NAN, REASON_NONE, "fallback.example"},
      [ALERT_POOL_LOST] = {NAN, NAN, NAN, REASON_POOLS_UNREACHABLE, ""},
      [ALERT_WEAK_WIFI] = {-84, -75, -88, REASON_NONE, ""},
      [ALERT_RESTARTED] = {NAN, NAN, NAN, REASON_NONE, "Brown-out reset"},
      [ALERT_RESTART_LOOP] = {4, 3, 6, REASON_NONE, ""},
      [ALERT_LOW_MEMORY] = {31.5, 40, 25, REASON_NONE, ""},
      [ALERT_CHIP_LOST] = {1, NAN, 1, REASON_NONE, "chip 3 of 4"},
      [ALERT_SETTINGS_CHANGED] = {NAN, NAN, NAN, REASON_NONE, "frequency from 525 to 600 MHz"},
      [ALERT_PAYOUT_ADDRESS] = {NAN, NAN, NAN, REASON_NONE, "bc1qth...ef99.rig"},
      [ALERT_NEW_BEST] = {7.5e9, 4.29e9, NAN, REASON_NONE, ""},
      [ALERT_BLOCK_FOUND] = {1, NAN, NAN, REASON_NONE, ""},
      [ALERT_MONITOR_DISK] = {NAN, NAN, NAN, REASON_NONE, "310 MB are free"},
      [ALERT_MONITOR_DATABASE] = {NAN, NAN, NAN, REASON_NONE, "the disk is full"},
      [ALERT_MONITOR_OFF] = {NAN, NAN, NAN, REASON_NONE, "from 02:10 to 02:41"},
      [ALERT_MONITOR_CHANNEL] = {NAN, NAN, NAN, REASON_NONE, "Telegram"},
  };
  struct alert_event event = {.miner_id = 1,
                              .rule = rule,
                              .kind = kind,
                              .at_ms = at_ms,
                              .since_ms = at_ms - 25 * MINUTE_MS,
                              .value = typical[rule].value,
                              .limit = typical[rule].limit,
                              .worst = typical[rule].worst,
                              .reason = (int)typical[rule].reason};
  str_copy(event.detail, sizeof event.detail, typical[rule].detail);
  return event;
}

static char *message(enum alert_rule rule, enum alert_event_kind kind) {
  static const struct miner garage = {.name = "Garage"};
  struct alert_event event = sample_event(rule, kind);
  struct buf out;
  buf_init(&out);
  alert_text_write(&out, NULL, alert_rule_facts(rule)->of_monitor ? NULL : &garage, &event);
  return buf_take(&out, NULL);
}

static bool can_happen(enum alert_rule rule, enum alert_event_kind kind) {
  return alert_rule_facts(rule)->moment == (kind == ALERT_HAPPENED);
}

static void each_message_is_whole_short_and_says_what_to_do(void **state) {
  (void)state;
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++) {
    for (int kind = 0; kind < ALERT_EVENT_KIND_COUNT; kind++) {
      if (!can_happen((enum alert_rule)rule, (enum alert_event_kind)kind))
        continue;
      char *text = message((enum alert_rule)rule, (enum alert_event_kind)kind);
      bool tells = kind == ALERT_RAISED || kind == ALERT_REMINDED || kind == ALERT_HAPPENED;
      if (strpbrk(text, "{}?<>") != NULL || strstr(text, "nan") != NULL ||
          strstr(text, "alert.") != NULL || strstr(text, "  ") != NULL ||
          strstr(text, "..\n") != NULL || strlen(text) > ALERT_TEXT_MAX || strlen(text) < 20 ||
          (tells && strstr(text, "\nWhat to do: ") == NULL))
        fail_msg("%s: %s", alert_rule_facts((enum alert_rule)rule)->name, text);
      free(text);
    }
  }
}

static void a_message_as_long_as_can_be_is_cut_at_a_character(void **state) {
  (void)state;
  struct miner miner = {0};
  struct alert_event event = sample_event(ALERT_POWER_FAULT, ALERT_RAISED);
  memset(event.detail, 'x', sizeof event.detail - 1);
  struct buf out;
  buf_init(&out);
  for (size_t i = 0; i + 3 < sizeof miner.name; i += 2)
    memcpy(miner.name + i, "é", 2);
  buf_append_text(&out, "before ");

  alert_text_write(&out, NULL, &miner, &event);

  assert_true(out.length <= ALERT_TEXT_MAX + 7);
  assert_true(str_is_utf8(out.data, out.length));
  buf_finish(&out);
}

static void a_pause_is_named_as_what_closed_it(void **state) {
  (void)state;
  static const struct miner garage = {.name = "Garage"};
  struct alert_event event = sample_event(ALERT_STALLED, ALERT_CHANGED);
  event.reason = REASON_PAUSED_BY_USER;
  struct buf out;
  buf_init(&out);

  alert_text_write(&out, NULL, &garage, &event);

  assert_string_equal(out.data,
                      "\"No results any more\" on Garage is closed: the miner was paused. "
                      "It was so for 25 minutes.");
  buf_finish(&out);
}

static void print_all(void) {
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++) {
    for (int kind = 0; kind < ALERT_EVENT_KIND_COUNT; kind++) {
      if (!can_happen((enum alert_rule)rule, (enum alert_event_kind)kind))
        continue;
      char *text = message((enum alert_rule)rule, (enum alert_event_kind)kind);
      printf("--- %s, %s\n%s\n", alert_rule_facts((enum alert_rule)rule)->name,
             alert_event_kind_name((enum alert_event_kind)kind), text);
      free(text);
    }
  }
}

int main(int argc, char **argv) {
  (void)argv;
  setenv("TZ", "UTC", 1);
  if (argc > 1) {
    print_all();
    return 0;
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_message_is_whole_short_and_says_what_to_do),
      cmocka_unit_test(a_message_as_long_as_can_be_is_cut_at_a_character),
      cmocka_unit_test(a_pause_is_named_as_what_closed_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
