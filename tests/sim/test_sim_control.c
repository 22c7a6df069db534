#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <string.h>

#include "sim/sim_control.h"
#include "tests/sim/sim_near.h"
#include "tests/sim/sim_peer.h"

struct stage {
  uv_loop_t loop;
  struct sim_site *site;
  struct sim_control *control;
  struct sim_http_reply reply;
};

static void start(struct stage *stage) {
  struct err err = {0};
  struct sim_site_options options = {.count = 3,
                                     .seed = 1,
                                     .boards = {sim_board_find("gamma")},
                                     .board_count = 1,
                                     .firmware_count = 1,
                                     .speed = 0,
                                     .refresh_s = 1};
  assert_true(sim_firmware_parse("2.15", &options.firmwares[0], &err));
  uv_loop_init(&stage->loop);
  assert_true(sim_site_open(&stage->site, &stage->loop, &options, &err));
  assert_true(sim_control_open(&stage->control, &stage->loop, stage->site, 0, &err));
}

static void finish(struct stage *stage) {
  sim_control_close(stage->control);
  sim_site_close(stage->site);
  sim_peer_finish_loop(&stage->loop);
}

static int send_command(struct stage *stage, const char *method, const char *path,
                        const char *body) {
  char plain[64];
  snprintf(plain, sizeof plain, "%s", path);
  char *query = strchr(plain, '?');
  if (query != NULL)
    *query++ = '\0';
  struct sim_http_request request = {.method = method,
                                     .path = plain,
                                     .query = query != NULL ? query : "",
                                     .body = body,
                                     .body_length = strlen(body)};
  stage->reply = (struct sim_http_reply){.status = 200};
  sim_control_answer(stage->control, &request, &stage->reply);
  return stage->reply.status;
}

static bool has(struct stage *stage, int index, enum sim_fault fault) {
  return sim_device_has(sim_site_get(stage->site, index), fault);
}

static void devices_are_listed_with_their_address(void **state) {
  (void)state;
  struct stage stage;
  char url[SIM_SITE_URL_MAX];
  start(&stage);
  sim_site_format_url(stage.site, 2, url);

  assert_int_equal(send_command(&stage, "GET", "/devices", ""), 200);

  assert_non_null(strstr(stage.reply.body, url));
  assert_non_null(strstr(stage.reply.body, "\"mac\":\"02:B1:7A:00:00:02\""));
  finish(&stage);
}

static void a_fault_concerns_one_device_and_goes_when_deleted(void **state) {
  (void)state;
  struct stage stage;
  start(&stage);

  assert_int_equal(send_command(&stage, "POST", "/devices/1/fault", "{\"fault\":\"overheat\"}"),
                   200);
  assert_true(has(&stage, 1, SIM_OVERHEAT));
  assert_false(has(&stage, 0, SIM_OVERHEAT));
  assert_non_null(strstr(stage.reply.body, "\"faults\":[\"overheat\"]"));
  assert_int_equal(send_command(&stage, "DELETE", "/devices/1/fault", ""), 200);

  assert_false(has(&stage, 1, SIM_OVERHEAT));
  finish(&stage);
}

static void one_of_several_faults_can_be_deleted(void **state) {
  (void)state;
  struct stage stage;
  start(&stage);
  send_command(&stage, "POST", "/devices/0/fault", "{\"fault\":\"hot\",\"value\":73}");
  send_command(&stage, "POST", "/devices/0/fault", "{\"fault\":\"rejects\"}");

  assert_int_equal(send_command(&stage, "DELETE", "/devices/0/fault?fault=hot", ""), 200);

  assert_false(has(&stage, 0, SIM_HOT));
  assert_true(has(&stage, 0, SIM_REJECTS));
  finish(&stage);
}

static void all_stands_for_every_device(void **state) {
  (void)state;
  struct stage stage;
  start(&stage);

  send_command(&stage, "POST", "/devices/all/fault", "{\"fault\":\"web_dead\"}");

  for (int i = 0; i < 3; i++)
    assert_true(has(&stage, i, SIM_WEB_DEAD));
  finish(&stage);
}

static void quantities_can_be_set(void **state) {
  (void)state;
  struct stage stage;
  start(&stage);

  int status = send_command(&stage, "POST", "/devices/0/set",
                            "{\"temp_c\":70,\"frequency_mhz\":600,\"ambient_c\":35}");

  const struct sim_device *device = sim_site_get(stage.site, 0);
  assert_int_equal(status, 200);
  assert_near(device->chip_c, 70, 0.01);
  assert_near(device->settings.frequency_mhz, 600, 0);
  assert_near(device->ambient_c, 35, 0);
  finish(&stage);
}

static void reboot_happens_once(void **state) {
  (void)state;
  struct stage stage;
  start(&stage);

  assert_int_equal(send_command(&stage, "POST", "/devices/0/fault", "{\"fault\":\"reboot\"}"), 200);

  assert_near(sim_site_get(stage.site, 0)->boot.uptime_s, 0, 0);
  assert_true(sim_site_get(stage.site, 1)->boot.uptime_s > 0);
  finish(&stage);
}

static void swap_exchanges_the_addresses(void **state) {
  (void)state;
  struct stage stage;
  char before[SIM_SITE_URL_MAX];
  char after[SIM_SITE_URL_MAX];
  start(&stage);
  sim_site_format_url(stage.site, 0, before);

  assert_int_equal(
      send_command(&stage, "POST", "/devices/0/fault", "{\"fault\":\"swap\",\"with\":2}"), 200);
  sim_site_format_url(stage.site, 2, after);

  assert_string_equal(before, after);
  finish(&stage);
}

static void skip_lets_time_pass(void **state) {
  (void)state;
  struct stage stage;
  start(&stage);
  double before_s = sim_site_get(stage.site, 0)->boot.uptime_s;

  assert_int_equal(send_command(&stage, "POST", "/skip", "{\"seconds\":60}"), 200);

  assert_near(sim_site_get(stage.site, 0)->boot.uptime_s, before_s + 60, 0);
  finish(&stage);
}

static void wrong_commands_are_refused_in_words(void **state) {
  (void)state;
  static const struct {
    const char *method, *path, *body;
    int status;
  } claims[] = {
      {"GET", "/nothing", "", 404},
      {"GET", "/devices/3", "", 404},
      {"GET", "/devices/-1", "", 404},
      {"GET", "/devices/x", "", 404},
      {"POST", "/devices/0/nothing", "{}", 404},
      {"POST", "/devices/0/fault", "{\"fault\":", 400},
      {"POST", "/devices/0/fault", "{}", 400},
      {"POST", "/devices/0/fault", "{\"fault\":\"flood\"}", 400},
      {"POST", "/devices/0/fault", "{\"fault\":\"swap\"}", 400},
      {"POST", "/devices/0/fault", "{\"fault\":\"swap\",\"with\":9}", 400},
      {"DELETE", "/devices/0/fault?fault=flood", "", 400},
      {"POST", "/devices/0/set", "{\"colour\":1}", 400},
      {"POST", "/devices/0/set", "{\"pool_difficulty\":0}", 400},
      {"POST", "/devices/0/set", "[1]", 400},
      {"POST", "/skip", "{\"seconds\":-1}", 400},
      {"POST", "/skip", "", 400},
  };
  struct stage stage;
  start(&stage);
  for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
    int status = send_command(&stage, claims[i].method, claims[i].path, claims[i].body);

    if (status != claims[i].status)
      fail_msg("%s %s %s: %d", claims[i].method, claims[i].path, claims[i].body, status);
    assert_memory_equal(stage.reply.body, "{\"error\":\"", 10);
  }
  finish(&stage);
}

static void every_fault_has_a_name_that_finds_it(void **state) {
  (void)state;
  for (int fault = 0; fault < SIM_FAULT_COUNT; fault++)
    assert_int_equal(sim_fault_find(sim_fault_name((enum sim_fault)fault)), fault);
  assert_int_equal(sim_fault_find("flood"), SIM_FAULT_COUNT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(devices_are_listed_with_their_address),
      cmocka_unit_test(a_fault_concerns_one_device_and_goes_when_deleted),
      cmocka_unit_test(one_of_several_faults_can_be_deleted),
      cmocka_unit_test(all_stands_for_every_device),
      cmocka_unit_test(quantities_can_be_set),
      cmocka_unit_test(reboot_happens_once),
      cmocka_unit_test(swap_exchanges_the_addresses),
      cmocka_unit_test(skip_lets_time_pass),
      cmocka_unit_test(wrong_commands_are_refused_in_words),
      cmocka_unit_test(every_fault_has_a_name_that_finds_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
