/* /api/v1/settings over a real socket against an engine's twin. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "api/twin.h"

#define JSON "Content-Type: application/json\r\n"
#define PATH "/api/v1/settings"

static int setup(void **state) {
  *state = twin_create(NULL);
  return 0;
}

static int teardown(void **state) {
  twin_destroy(*state);
  return 0;
}

static void expect(struct engine *twin, const char *body, int status, const char *text) {
  struct reply reply = twin_ask(twin, "PATCH", PATH, JSON, body);
  if (reply.status != status || strstr(reply.body, text) == NULL)
    fail_msg("%s: %d %s", body, reply.status, reply.body);
  reply_finish(&reply);
}

static void settings_are_changed_and_read_back(void **state) {
  struct engine *twin = *state;

  expect(twin, "{\"electricity_price_per_kwh\":0.3,\"currency\":\"EUR\"}", 200,
         "\"electricity_price_per_kwh\":0.3");
  struct reply reply = twin_get(twin, PATH);

  assert_non_null(strstr(reply.body, "\"electricity_price_per_kwh\":0.3,\"currency\":\"EUR\""));
  assert_non_null(strstr(reply.body, "\"temperature_unit\":\"C\""));
  assert_non_null(strstr(reply.body, "\"site_name\":null"));
  assert_non_null(strstr(reply.body, "\"languages\":[\"en\""));
  reply_finish(&reply);
}

static void null_takes_a_setting_back(void **state) {
  struct engine *twin = *state;
  expect(twin, "{\"electricity_price_per_kwh\":0,\"temperature_unit\":\"F\"}", 200,
         "\"electricity_price_per_kwh\":0");

  expect(twin, "{\"electricity_price_per_kwh\":null}", 200, "\"electricity_price_per_kwh\":null");
  expect(twin, "{\"temperature_unit\":null}", 200, "\"temperature_unit\":\"C\"");
}

static void what_is_no_setting_is_refused_in_words(void **state) {
  struct engine *twin = *state;
  expect(twin, "{\"colour\":\"red\"}", 422, "`colour` is no setting");
  expect(twin, "{\"languages\":[]}", 422, "`languages` is no setting");
  expect(twin, "{}", 422, "nothing to change");
  expect(twin, "{\"electricity_price_per_kwh\":\"0.3\"}", 422, "must be a number");
  expect(twin, "{\"currency\":3}", 422, "must be a text");
  expect(twin, "{\"currency\":\"EURO\"}", 422, "three letters");
  expect(twin, "[1]", 400, "JSON object");
}

static void known_settings_are_not_sent_again_until_they_change(void **state) {
  struct engine *twin = *state;
  char etag[256], headers[300];
  struct reply reply = twin_get(twin, PATH);
  reply_header(&reply, "ETag", etag);
  reply_finish(&reply);
  snprintf(headers, sizeof headers, "If-None-Match: %s\r\n", etag);

  struct reply same = twin_ask(twin, "GET", PATH, headers, "");
  expect(twin, "{\"site_name\":\"Attic\"}", 200, "Attic");
  struct reply other = twin_ask(twin, "GET", PATH, headers, "");

  assert_int_equal(same.status, 304);
  assert_int_equal(other.status, 200);
  reply_finish(&same);
  reply_finish(&other);
}

int main(void) {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      CASE(settings_are_changed_and_read_back),
      CASE(null_takes_a_setting_back),
      CASE(what_is_no_setting_is_refused_in_words),
      CASE(known_settings_are_not_sent_again_until_they_change),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
