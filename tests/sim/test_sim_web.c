#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <string.h>

#include "sim/sim_web.h"
#include "tests/sim/sim_make.h"

struct ask {
  struct sim_device device;
  struct sim_web web;
  struct sim_http_reply reply;
};

static struct ask *start(struct ask *ask, const char *firmware) {
  ask->device = sim_make("gamma", firmware, 86400);
  sim_web_init(&ask->web);
  return ask;
}

static void finish(struct ask *ask) {
  sim_web_finish(&ask->web);
  sim_device_finish(&ask->device);
}

static const struct sim_http_reply *get(struct ask *ask, const char *method, const char *path,
                                        const char *body) {
  struct sim_http_request request = {
      .method = method, .path = path, .query = "", .body = body, .body_length = strlen(body)};
  ask->reply = (struct sim_http_reply){.status = 200, .body = ""};
  sim_web_answer(&ask->web, &ask->device, 1, &request, &ask->reply);
  return &ask->reply;
}

static void unknown_api_route_is_a_redirect_before_2_10_and_404_after(void **state) {
  (void)state;
  struct ask old;
  struct ask new;

  get(start(&old, "2.9"), "GET", "/api/system/nothing", "");
  get(start(&new, "2.10"), "GET", "/api/system/nothing", "");

  assert_int_equal(old.reply.status, 302);
  assert_string_equal(old.reply.header, "Location: /");
  assert_int_equal(new.reply.status, 404);
  assert_string_equal(new.reply.body, "{\"error\":\"unknown route\"}");
  finish(&old);
  finish(&new);
}

static void asic_route_came_with_2_7(void **state) {
  (void)state;
  struct ask old;
  struct ask new;

  get(start(&old, "2.6"), "GET", "/api/system/asic", "");
  get(start(&new, "2.7"), "GET", "/api/system/asic", "");

  assert_int_equal(old.reply.status, 302);
  assert_int_equal(new.reply.status, 200);
  finish(&old);
  finish(&new);
}

static void information_page_is_made_once_a_second(void **state) {
  (void)state;
  struct ask ask;
  start(&ask, "2.15");

  get(&ask, "GET", "/api/system/info", "");
  int64_t made_s = ask.web.info_s;
  get(&ask, "GET", "/api/system/info", "");
  int64_t again_s = ask.web.info_s;
  sim_device_advance(&ask.device, 1);
  get(&ask, "GET", "/api/system/info", "");

  assert_int_equal(made_s, again_s);
  assert_int_equal(ask.web.info_s, made_s + 1);
  finish(&ask);
}

static void patch_shows_in_the_next_answer(void **state) {
  (void)state;
  struct ask ask;
  get(start(&ask, "2.15"), "GET", "/api/system/info", "");

  get(&ask, "PATCH", "/api/system", "{\"frequency\":600}");
  int status = ask.reply.status;
  get(&ask, "GET", "/api/system/info", "");

  assert_int_equal(status, 200);
  assert_non_null(strstr(ask.reply.body, "\"frequency\":600,"));
  finish(&ask);
}

static void broken_patch_is_refused(void **state) {
  (void)state;
  struct ask ask;

  get(start(&ask, "2.15"), "PATCH", "/api/system", "{\"frequency\":");
  assert_int_equal(ask.reply.status, 400);
  get(&ask, "PATCH", "/api/system", "{\"temptarget\":200}");

  assert_int_equal(ask.reply.status, 400);
  assert_string_equal(ask.reply.body, "Wrong API input");
  finish(&ask);
}

static void pause_route_stops_hashing(void **state) {
  (void)state;
  struct ask ask;

  get(start(&ask, "2.14"), "POST", "/api/system/pause", "");
  sim_device_advance(&ask.device, 2);
  get(&ask, "GET", "/api/system/info", "");

  assert_non_null(strstr(ask.reply.body, "\"miningPaused\":true"));
  assert_non_null(strstr(ask.reply.body, "\"hashRate\":0,"));
  finish(&ask);
}

static void restarting_device_takes_no_connection_for_a_while(void **state) {
  (void)state;
  struct ask ask;

  get(start(&ask, "2.12"), "POST", "/api/system/restart", "");
  bool during = sim_web_admits(&ask.device);
  sim_device_advance(&ask.device, 30);

  assert_false(during);
  assert_true(sim_web_admits(&ask.device));
  finish(&ask);
}

static void each_web_fault_twists_the_answer_its_own_way(void **state) {
  (void)state;
  static const struct {
    enum sim_fault fault;
    enum sim_http_conduct conduct;
    int status;
  } claims[] = {
      {SIM_REFUSE, SIM_HTTP_RESET, 200},     {SIM_HANG, SIM_HTTP_SILENT, 200},
      {SIM_WEB_DEAD, SIM_HTTP_SILENT, 200},  {SIM_SLOW, SIM_HTTP_DRIP, 200},
      {SIM_RESET, SIM_HTTP_RESET_HALF, 200}, {SIM_TRUNCATED, SIM_HTTP_TRUNCATE, 200},
      {SIM_NOT_HTTP, SIM_HTTP_RAW, 200},     {SIM_HTTP_401, SIM_HTTP_ANSWER, 401},
      {SIM_HTTP_302, SIM_HTTP_ANSWER, 302},  {SIM_HTTP_500, SIM_HTTP_ANSWER, 500},
  };
  for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
    struct ask ask;
    struct err err = {0};
    start(&ask, "2.15");
    assert_true(sim_device_break(&ask.device, claims[i].fault, NULL, &err));

    get(&ask, "GET", "/api/system/info", "");

    assert_int_equal(ask.reply.conduct, claims[i].conduct);
    assert_int_equal(ask.reply.status, claims[i].status);
    finish(&ask);
  }
}

static void huge_answer_is_10_mb(void **state) {
  (void)state;
  struct ask ask;
  struct err err = {0};
  start(&ask, "2.15");
  assert_true(sim_device_break(&ask.device, SIM_HUGE, NULL, &err));

  get(&ask, "GET", "/api/system/info", "");

  assert_true(ask.reply.body_length > 10000000);
  finish(&ask);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(unknown_api_route_is_a_redirect_before_2_10_and_404_after),
      cmocka_unit_test(asic_route_came_with_2_7),
      cmocka_unit_test(information_page_is_made_once_a_second),
      cmocka_unit_test(patch_shows_in_the_next_answer),
      cmocka_unit_test(broken_patch_is_refused),
      cmocka_unit_test(pause_route_stops_hashing),
      cmocka_unit_test(restarting_device_takes_no_connection_for_a_while),
      cmocka_unit_test(each_web_fault_twists_the_answer_its_own_way),
      cmocka_unit_test(huge_answer_is_10_mb),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
