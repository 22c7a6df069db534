#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "sim/sim_info.h"
#include "tests/sim/sim_make.h"
#include "tests/sim/sim_near.h"

/* The parsed information page of such a device; free with json_free. */
static struct json *info(const char *board, const char *firmware) {
  struct sim_device device = sim_make(board, firmware, 86400);
  struct err err = {0};
  struct buf text;
  buf_init(&text);
  sim_info_render(&device, &text);
  struct json *root = json_parse(text.data, text.length, NULL, &err);
  if (root == NULL)
    fail_msg("%s %s: %s", board, firmware, err.text);
  buf_finish(&text);
  sim_device_finish(&device);
  return root;
}

static void every_release_and_board_gives_json_without_double_keys(void **state) {
  (void)state;
  size_t count;
  const struct sim_board *boards = sim_board_list(&count);
  for (int minor = 0; minor <= 15; minor++) {
    char firmware[8];
    snprintf(firmware, sizeof firmware, "2.%d", minor);
    for (size_t i = 0; i < count; i++) {
      struct json *root = info(boards[i].name, firmware);

      assert_true(json_count(root) > 20);
      for (const struct json *v = json_first(root); v != NULL; v = json_next(v))
        assert_ptr_equal(json_get(root, json_key(v)), v);
      json_free(root);
    }
  }
}

static void fields_exist_from_their_release_to_their_last(void **state) {
  (void)state;
  static const struct {
    const char *firmware, *key;
    bool there;
  } claims[] = {
      {"2.0.4", "wifiPass", true},
      {"2.0.5", "wifiPass", false},
      {"2.1.3", "fanSpeed", true},
      {"2.1.4", "fanSpeed", false},
      {"2.1.4", "fanSpeedRpm", true},
      {"2.1.9", "fanSpeedRpm", false},
      {"2.1.9", "fanrpm", true},
      {"2.1.3", "macAddr", false},
      {"2.3", "macAddr", true},
      {"2.1.3", "vrTemp", false},
      {"2.8", "asicCount", true},
      {"2.9", "asicCount", false},
      {"2.8", "stratumDiff", true},
      {"2.9", "stratumDiff", false},
      {"2.9", "poolDifficulty", true},
      {"2.7", "expectedHashrate", false},
      {"2.8", "expectedHashrate", true},
      {"2.9", "temp2", false},
      {"2.10", "temp2", true},
      {"2.10", "errorPercentage", false},
      {"2.11", "errorPercentage", true},
      {"2.11", "hashRate_1m", false},
      {"2.12", "hashRate_1m", true},
      {"2.12", "poolAddrFamily", true},
      {"2.13", "poolAddrFamily", false},
      {"2.13", "poolConnectionInfo", true},
      {"2.13", "miningPaused", false},
      {"2.14", "miningPaused", true},
      {"2.14", "pools", false},
      {"2.15", "pools", true},
      {"2.15", "power_fault", false},
      {"2.5", "wifiRSSI", false},
      {"2.6", "wifiRSSI", true},
      {"2.11", "resetReason", false},
      {"2.12", "resetReason", true},
      {"2.1.9", "overheat_mode", false},
      {"2.1.10", "overheat_mode", true},
      {"2.6", "invertfanpolarity", true},
      {"2.7", "invertfanpolarity", false},
      {"2.15", "hashrateMonitor", true},
  };
  for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
    struct json *root = info("gamma", claims[i].firmware);

    if ((json_get(root, claims[i].key) != NULL) != claims[i].there)
      fail_msg("%s in %s", claims[i].key, claims[i].firmware);
    json_free(root);
  }
}

static enum json_type type_in(const char *firmware, const char *key) {
  struct json *root = info("gamma", firmware);
  const struct json *value = json_get(root, key);
  assert_non_null(value);
  enum json_type type = json_type(value);
  json_free(root);
  return type;
}

static void types_change_as_they_did(void **state) {
  (void)state;
  assert_int_equal(type_in("2.10", "bestDiff"), JSON_TEXT);
  assert_int_equal(type_in("2.11", "bestDiff"), JSON_NUMBER);
  assert_int_equal(type_in("2.13", "stratumExtranonceSubscribe"), JSON_NUMBER);
  assert_int_equal(type_in("2.14", "stratumExtranonceSubscribe"), JSON_BOOL);
  assert_int_equal(type_in("2.15", "miningPaused"), JSON_BOOL);
}

static double number_in(const char *board, const char *firmware, const char *key) {
  double number = -999;
  struct json *root = info(board, firmware);
  assert_true(json_number(json_get(root, key), &number));
  json_free(root);
  return number;
}

static void missing_sensors_have_their_release_s_sentinel(void **state) {
  (void)state;
  assert_near(number_in("gamma", "2.10", "temp2"), 0, 0);
  assert_near(number_in("gamma", "2.11", "temp2"), -1, 0);
  assert_near(number_in("ultra", "2.12", "vrTemp"), 0, 0);
  assert_true(number_in("gt", "2.12", "temp2") > 50);
}

static void layout_turns_compact_in_2_14(void **state) {
  (void)state;
  struct sim_device old = sim_make("gamma", "2.13", 86400);
  struct sim_device new = sim_make("gamma", "2.14", 86400);
  struct buf text;
  buf_init(&text);

  sim_info_render(&old, &text);
  assert_memory_equal(text.data, "{\n\t\"power\":\t", 12);
  buf_clear(&text);
  sim_info_render(&new, &text);
  assert_memory_equal(text.data, "{\"power\":", 9);
  assert_null(strchr(text.data, '\n'));

  buf_finish(&text);
  sim_device_finish(&old);
  sim_device_finish(&new);
}

static void power_fault_is_there_only_while_it_lasts(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.12", 86400);
  struct err err = {0};
  struct buf text;
  buf_init(&text);
  assert_true(sim_device_break(&device, SIM_POWER_FAULT, NULL, &err));
  sim_device_advance(&device, 1);

  sim_info_render(&device, &text);
  assert_non_null(strstr(text.data, "power_fault"));
  sim_device_repair(&device, SIM_FAULT_COUNT);
  buf_clear(&text);
  sim_info_render(&device, &text);

  assert_null(strstr(text.data, "power_fault"));
  buf_finish(&text);
  sim_device_finish(&device);
}

/* The answer while the fault lasts has the words, and the one after has them not. */
static void each_fault_shows_in_the_answer_while_it_lasts(void **state) {
  (void)state;
  static const struct {
    enum sim_fault fault;
    const char *words;
  } cases[] = {
      {SIM_HARDWARE_FAULT, "\"hardware_fault\":"},
      {SIM_LOW_HEAP, "\"freeHeapInternal\":25600,"},
      {SIM_OTHER_POOL, "\"stratumURL\":\"elsewhere.example\""},
      {SIM_OTHER_USER, "\"stratumUser\":\"bc1qsomebodyelse"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct sim_device device = sim_make("gamma", "2.15", 86400);
    struct err err = {0};
    struct buf text;
    buf_init(&text);
    assert_true(sim_device_break(&device, cases[i].fault, NULL, &err));
    sim_device_advance(&device, 1);

    sim_info_render(&device, &text);
    assert_non_null(strstr(text.data, cases[i].words));
    sim_device_repair(&device, SIM_FAULT_COUNT);
    sim_device_advance(&device, 1);
    buf_clear(&text);
    sim_info_render(&device, &text);

    assert_null(strstr(text.data, cases[i].words));
    buf_finish(&text);
    sim_device_finish(&device);
  }
}

static void a_found_block_is_counted_and_shown_until_the_restart(void **state) {
  (void)state;
  struct sim_device device = sim_make("gamma", "2.15", 86400);
  struct buf text;
  buf_init(&text);
  device.boot.blocks = 1;

  sim_info_render(&device, &text);
  assert_non_null(strstr(text.data, "\"blockFound\":1,\"showNewBlock\":true"));
  sim_device_restart(&device, "Power-on reset");
  buf_clear(&text);
  sim_info_render(&device, &text);

  assert_non_null(strstr(text.data, "\"blockFound\":0,\"showNewBlock\":false"));
  buf_finish(&text);
  sim_device_finish(&device);
}

static void difficulty_is_written_as_the_release_wrote_it(void **state) {
  (void)state;
  char text[24];

  sim_info_format_difficulty(SIM_RELEASE(6, 0), 4292734826.0, text);
  assert_string_equal(text, "4.29G");
  sim_info_format_difficulty(SIM_RELEASE(6, 0), 483999, text);
  assert_string_equal(text, "483k");
  sim_info_format_difficulty(SIM_RELEASE(10, 1), 2034000000.0, text);
  assert_string_equal(text, "2.03 G");
  sim_info_format_difficulty(SIM_RELEASE(6, 0), 0, text);
  assert_string_equal(text, "0");
  sim_info_format_difficulty(SIM_RELEASE(1, 3), 193e9, text);
  assert_string_equal(text, "4.29G");
  sim_info_format_difficulty(SIM_RELEASE(6, 0), 999990, text);
  assert_string_equal(text, "999k");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_release_and_board_gives_json_without_double_keys),
      cmocka_unit_test(fields_exist_from_their_release_to_their_last),
      cmocka_unit_test(types_change_as_they_did),
      cmocka_unit_test(missing_sensors_have_their_release_s_sentinel),
      cmocka_unit_test(layout_turns_compact_in_2_14),
      cmocka_unit_test(power_fault_is_there_only_while_it_lasts),
      cmocka_unit_test(each_fault_shows_in_the_answer_while_it_lasts),
      cmocka_unit_test(a_found_block_is_counted_and_shown_until_the_restart),
      cmocka_unit_test(difficulty_is_written_as_the_release_wrote_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
