#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/json.h"
#include "miner/answer_json.h"
#include "miner/fixture_file.h"
#include "miner/raw_mask.h"

struct shown {
  struct buf answer, hidden;
};

static struct shown show(const char *body, size_t length) {
  struct shown shown;
  struct err err = {0};
  buf_init(&shown.answer);
  buf_init(&shown.hidden);
  assert_true(raw_mask_write(body, length, &shown.answer, &shown.hidden, &err));
  return shown;
}

static void shown_finish(struct shown *shown) {
  buf_finish(&shown->answer);
  buf_finish(&shown->hidden);
}

static void expect(const char *body, const char *answer, const char *hidden) {
  struct shown shown = show(body, strlen(body));
  assert_string_equal(shown.answer.data, answer);
  assert_string_equal(shown.hidden.data, hidden);
  shown_finish(&shown);
}

static void what_names_an_owner_or_opens_a_door_is_hidden(void **state) {
  (void)state;
  expect("{\"ssid\":\"Home\",\"wifiPass\":\"12345678\",\"power\":18.4}",
         "{\"ssid\":\"(hidden)\",\"wifiPass\":\"(hidden)\",\"power\":18.4}",
         "[\"ssid\",\"wifiPass\"]");
  expect("{\"stratumUser\":\"bc1qabc.rig\",\"fallbackStratumUser\":7}",
         "{\"stratumUser\":\"(hidden)\",\"fallbackStratumUser\":\"(hidden)\"}",
         "[\"stratumUser\",\"fallbackStratumUser\"]");
  expect("{\"ip\":\"fe80::1\",\"API-Key\":\"k\",\"mac_addr\":\"AABB\"}",
         "{\"ip\":\"(hidden)\",\"API-Key\":\"(hidden)\",\"mac_addr\":\"(hidden)\"}",
         "[\"ip\",\"API-Key\",\"mac_addr\"]");
}

static void whether_a_secret_is_set_is_told(void **state) {
  (void)state;
  expect("{\"wifiPass\":\"\",\"otp\":false,\"token\":null}",
         "{\"wifiPass\":\"\",\"otp\":false,\"token\":null}", "[]");
}

static void a_secret_is_hidden_wherever_else_it_stands(void **state) {
  (void)state;
  expect("{\"wifiStatus\":\"Connected to Villa Anna!\",\"nets\":[{\"Villa Anna\":-50}],"
         "\"ssid\":\"Villa Anna\"}",
         "{\"wifiStatus\":\"Connected to (hidden)!\",\"nets\":[{\"(hidden)\":-50}],"
         "\"ssid\":\"(hidden)\"}",
         "[\"wifiStatus\",\"ssid\"]");
  expect("{\"user\":\"annasmine.rig\",\"log\":\"login annasmine\"}",
         "{\"user\":\"(hidden)\",\"log\":\"login (hidden)\"}", "[\"user\",\"log\"]");
}

static void everything_inside_a_secret_is_hidden(void **state) {
  (void)state;
  expect("{\"users\":[{\"n\":\"anna\",\"age\":4,\"on\":true},[1,\"x\"]]}",
         "{\"users\":[{\"n\":\"(hidden)\",\"age\":\"(hidden)\",\"on\":true},"
         "[\"(hidden)\",\"(hidden)\"]]}",
         "[\"n\",\"age\",\"users\"]");
}

static void unknown_fields_are_judged_by_their_looks(void **state) {
  (void)state;
  expect("{\"next\":\"http://me:pw@10.1.2.3/x\",\"tag\":\"24:ec:4a:01:02:03\"}",
         "{\"next\":\"http://(hidden)@10.x.x.x/x\",\"tag\":\"24:ec:4a:x:x:x\"}",
         "[\"next\",\"tag\"]");
  expect("{\"pays\":\"bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh\"}", "{\"pays\":\"(hidden)\"}",
         "[\"pays\"]");
}

static void figures_stay_as_they_were_sent(void **state) {
  (void)state;
  expect("{\"b\":1,\"a\":[0.1,1.2345678901234567e+17,-1],\"n\":nan,\"t\":\"v2.12.2\"}",
         "{\"b\":1,\"a\":[0.1,1.2345678901234566e+17,-1],\"n\":null,\"t\":\"v2.12.2\"}", "[]");
  expect("[]", "[]", "[]");
}

static void what_is_no_json_is_refused_without_a_word_of_it(void **state) {
  (void)state;
  struct buf answer, hidden;
  struct err err = {0};
  buf_init(&answer);
  buf_init(&hidden);
  assert_false(raw_mask_write("wifiPass=geheim", 15, &answer, &hidden, &err));
  assert_null(strstr(err.text, "geheim"));
  assert_int_equal(answer.length + hidden.length, 0);
}

static void harmless_names_are_not_secret(void **state) {
  (void)state;
  const char *const names[] = {"power",         "temp",       "version",     "boardVersion",
                               "ASICModel",     "stratumURL", "stratumPort", "bestSessionDiff",
                               "uptimeSeconds", "wifiRSSI",   "wifiStatus",  "resetReason",
                               "macroBlocks",   "ipsum",      "frequency",   "hashrateMonitor"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    assert_false(raw_mask_is_secret(names[i]));
}

/* ------------------------------------------------------------ every dialect */

/* What the answers of all firmwares hold that is nobody's business; named here once more,
 * whatever the code's own table says. */
static const char *const never_shown[] = {
    "ssid",
    "wifiPass",
    "stratumUser",
    "fallbackStratumUser",
    "stratumPassword",
    "macAddr",
    "hostname",
    "ipv4",
    "ipv6",
    "hostip",
    "user",
    "address",
    "fullHostname",
    "mdnsHostname",
    "fallbackStratumPassword",
};

static bool is_never_shown(const char *key) {
  for (size_t i = 0; i < sizeof never_shown / sizeof never_shown[0]; i++) {
    if (strcmp(key, never_shown[i]) == 0)
      return true;
  }
  return false;
}

struct count {
  int files, secrets;
};

static void check_is_gone(const struct json *value, const char *shown, struct count *count) {
  for (const struct json *child = json_first(value); child != NULL; child = json_next(child)) {
    const char *text = NULL;
    if (is_never_shown(json_key(child)) && json_text(child, &text) && strlen(text) >= 4) {
      assert_null(strstr(shown, text));
      count->secrets++;
    }
    check_is_gone(child, shown, count);
  }
}

/* The same members in the same order, with the same figures but for those that are hidden. */
static void check_shape(const struct json *sent, const struct json *shown) {
  const struct json *a = json_first(sent), *b = json_first(shown);
  for (; a != NULL && b != NULL; a = json_next(a), b = json_next(b)) {
    double one = 0, other = 0;
    assert_string_equal(json_key(a), json_key(b));
    if (json_number(a, &one) && json_number(b, &other))
      assert_true(one == other);
    check_shape(a, b);
  }
  assert_true(a == NULL && b == NULL);
}

static void check_file(const char *path, void *arg) {
  struct count *count = arg;
  size_t length = 0;
  char *body = fixture_file_read(path, &length);
  struct err err = {0};
  enum reason reason;
  struct json *sent = strstr(path, ".expected.json") != NULL
                          ? NULL
                          : answer_json_parse(body, length, &reason, &err);
  if (sent != NULL) {
    struct shown shown = show(body, length);
    struct json *back = json_parse(shown.answer.data, shown.answer.length, NULL, &err);
    assert_non_null(back);
    check_is_gone(sent, shown.answer.data, count);
    check_shape(sent, back);
    count->files++;
    json_free(back);
    shown_finish(&shown);
  }
  json_free(sent);
  free(body);
}

static void no_dialect_lets_a_secret_through_or_loses_a_figure(void **state) {
  (void)state;
  struct count count = {0};
  fixture_file_walk(FIXTURE_FOLDER, ".json", check_file, &count);
  assert_true(count.files > 40);
  assert_true(count.secrets > 3 * count.files);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_names_an_owner_or_opens_a_door_is_hidden),
      cmocka_unit_test(whether_a_secret_is_set_is_told),
      cmocka_unit_test(a_secret_is_hidden_wherever_else_it_stands),
      cmocka_unit_test(everything_inside_a_secret_is_hidden),
      cmocka_unit_test(unknown_fields_are_judged_by_their_looks),
      cmocka_unit_test(figures_stay_as_they_were_sent),
      cmocka_unit_test(what_is_no_json_is_refused_without_a_word_of_it),
      cmocka_unit_test(harmless_names_are_not_secret),
      cmocka_unit_test(no_dialect_lets_a_secret_through_or_loses_a_figure),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
