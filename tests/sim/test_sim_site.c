#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <poll.h>

#include "sim/sim_site.h"
#include "sim/sim_void.h"
#include "tests/sim/sim_near.h"
#include "tests/sim/sim_peer.h"

struct stage {
  uv_loop_t loop;
  struct sim_site *site;
};

static void start(struct stage *stage, int count, uint32_t first_ip) {
  struct err err = {0};
  struct sim_site_options options = {.count = count,
                                     .seed = 1,
                                     .boards = {sim_board_find("gamma"), sim_board_find("ultra")},
                                     .board_count = 2,
                                     .firmware_count = 1,
                                     .speed = 0,
                                     .refresh_s = 1,
                                     .first_ip = first_ip};
  assert_true(sim_firmware_parse("2.12", &options.firmwares[0], &err));
  uv_loop_init(&stage->loop);
  assert_true(sim_site_open(&stage->site, &stage->loop, &options, &err));
}

static void finish(struct stage *stage) {
  sim_site_close(stage->site);
  sim_peer_finish_loop(&stage->loop);
}

/* Asks the url for its information page. `mac` gets the answer's MAC address. */
static enum sim_peer_end ask(struct stage *stage, const char *url, char mac[18]) {
  char ip[16];
  unsigned port;
  assert_int_equal(sscanf(url, "http://%15[0-9.]:%u", ip, &port), 2);
  struct sim_peer peer = sim_peer_open(&stage->loop, ip, (uint16_t)port);
  sim_peer_send(&peer, "GET /api/system/info HTTP/1.1\r\nConnection: close\r\n\r\n");
  sim_peer_await_end(&peer);
  const char *found = peer.in.data != NULL ? strstr(peer.in.data, "\"macAddr\":\t\"") : NULL;
  mac[0] = '\0';
  if (found != NULL)
    snprintf(mac, 18, "%s", found + strlen("\"macAddr\":\t\""));
  enum sim_peer_end end = peer.end;
  sim_peer_close(&peer);
  return end;
}

static const char *url_of(struct stage *stage, int index, char url[SIM_SITE_URL_MAX]) {
  sim_site_format_url(stage->site, index, url);
  return url;
}

static void each_device_has_a_port_of_its_own(void **state) {
  (void)state;
  struct stage stage;
  char url[SIM_SITE_URL_MAX];
  char mac[18];
  start(&stage, 3, 0);

  for (int i = 0; i < 3; i++) {
    assert_int_equal(ask(&stage, url_of(&stage, i, url), mac), SIM_PEER_CLOSED);
    assert_string_equal(mac, sim_site_get(stage.site, i)->mac);
  }
  finish(&stage);
}

static void each_device_has_an_address_of_its_own(void **state) {
  (void)state;
  struct stage stage;
  char url[SIM_SITE_URL_MAX];
  char mac[18];
  start(&stage, 300, 0x7f000100);

  assert_string_equal(strtok(url_of(&stage, 299, url) == url ? url + 7 : "", ":"), "127.0.2.43");
  for (int i = 0; i < 300; i += 23) {
    assert_int_equal(ask(&stage, url_of(&stage, i, url), mac), SIM_PEER_CLOSED);
    assert_string_equal(mac, sim_site_get(stage.site, i)->mac);
  }
  finish(&stage);
}

static void refusing_device_listens_no_more_and_comes_back(void **state) {
  (void)state;
  struct stage stage;
  struct err err = {0};
  char url[SIM_SITE_URL_MAX];
  char mac[18];
  start(&stage, 1, 0);
  url_of(&stage, 0, url);

  assert_true(sim_site_break(stage.site, 0, SIM_REFUSE, NULL, &err));
  uv_run(&stage.loop, UV_RUN_NOWAIT);
  enum sim_peer_end while_broken = ask(&stage, url, mac);
  assert_true(sim_site_repair(stage.site, 0, SIM_FAULT_COUNT, &err));
  enum sim_peer_end repaired = ask(&stage, url, mac);

  assert_int_equal(while_broken, SIM_PEER_REFUSED);
  assert_int_equal(repaired, SIM_PEER_CLOSED);
  finish(&stage);
}

/* Whether a connection gets an answer, be it a refusal, within a fifth of a second. */
static bool is_answered(const char *url) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  unsigned port;
  assert_int_equal(sscanf(url, "http://127.0.0.1:%u", &port), 1);
  address.sin_port = htons((uint16_t)port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  struct pollfd wait = {.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), .events = POLLOUT};
  connect(wait.fd, (const struct sockaddr *)&address, sizeof address);
  bool answered = poll(&wait, 1, 200) > 0;
  close(wait.fd);
  return answered;
}

static void gone_device_gives_no_answer_at_all_and_comes_back(void **state) {
  (void)state;
  struct stage stage;
  struct err err = {0};
  char url[SIM_SITE_URL_MAX];
  char mac[18];
  start(&stage, 1, 0);
  url_of(&stage, 0, url);
  assert_int_equal(ask(&stage, url, mac), SIM_PEER_CLOSED);

  assert_true(sim_site_break(stage.site, 0, SIM_GONE, NULL, &err));
  assert_true(sim_site_break(stage.site, 0, SIM_GONE, NULL, &err));
  uv_run(&stage.loop, UV_RUN_NOWAIT);
  bool answered = is_answered(url) || is_answered(url);
  assert_true(sim_site_repair(stage.site, 0, SIM_FAULT_COUNT, &err));

  assert_false(answered);
  assert_int_equal(ask(&stage, url, mac), SIM_PEER_CLOSED);
  finish(&stage);
}

static void device_that_is_gone_and_refuses_is_gone_first(void **state) {
  (void)state;
  struct stage stage;
  struct err err = {0};
  char url[SIM_SITE_URL_MAX];
  char mac[18];
  start(&stage, 2, 0);
  url_of(&stage, 0, url);

  assert_true(sim_site_break(stage.site, 0, SIM_REFUSE, NULL, &err));
  assert_true(sim_site_break(stage.site, 0, SIM_GONE, NULL, &err));
  uv_run(&stage.loop, UV_RUN_NOWAIT);
  assert_false(is_answered(url));
  assert_true(sim_site_repair(stage.site, 0, SIM_GONE, &err));
  assert_int_equal(ask(&stage, url, mac), SIM_PEER_REFUSED);

  /* It takes its silence along where it moves to. */
  assert_true(sim_site_break(stage.site, 0, SIM_GONE, NULL, &err));
  assert_true(sim_site_swap(stage.site, 0, 1, &err));
  uv_run(&stage.loop, UV_RUN_NOWAIT);
  assert_int_equal(ask(&stage, url, mac), SIM_PEER_CLOSED);
  assert_false(is_answered(url_of(&stage, 0, url)));
  assert_true(sim_site_move(stage.site, 0, &err));
  uv_run(&stage.loop, UV_RUN_NOWAIT);
  assert_false(is_answered(url_of(&stage, 0, url)));
  finish(&stage);
}

static void behind_a_common_socket_nobody_can_be_gone(void **state) {
  (void)state;
  struct stage stage;
  struct err err = {0};
  char url[SIM_SITE_URL_MAX];
  char mac[18];
  start(&stage, 1, 0x7f000300);

  assert_false(sim_site_break(stage.site, 0, SIM_GONE, NULL, &err));

  assert_int_equal(err.code, ERR_CONFLICT);
  assert_int_equal(ask(&stage, url_of(&stage, 0, url), mac), SIM_PEER_CLOSED);
  finish(&stage);
}

static void port_that_is_taken_cannot_be_silenced(void **state) {
  (void)state;
  struct stage stage;
  struct err err = {0};
  struct sim_void *space;
  char url[SIM_SITE_URL_MAX];
  unsigned port;
  start(&stage, 1, 0);
  assert_int_equal(sscanf(url_of(&stage, 0, url), "http://127.0.0.1:%u", &port), 1);

  assert_false(sim_void_open(&space, (uint16_t)port, &err));

  assert_int_equal(err.code, ERR_IO);
  finish(&stage);
}

static void moved_device_keeps_its_mac_at_another_address(void **state) {
  (void)state;
  static const uint32_t first_ips[] = {0, 0x7f000200};
  for (int i = 0; i < 2; i++) {
    struct stage stage;
    struct err err = {0};
    char old[SIM_SITE_URL_MAX];
    char new[SIM_SITE_URL_MAX];
    char mac[18];
    start(&stage, 2, first_ips[i]);
    url_of(&stage, 0, old);

    assert_true(sim_site_move(stage.site, 0, &err));
    uv_run(&stage.loop, UV_RUN_NOWAIT);

    assert_string_not_equal(url_of(&stage, 0, new), old);
    assert_int_not_equal(ask(&stage, old, mac), SIM_PEER_CLOSED);
    assert_int_equal(ask(&stage, new, mac), SIM_PEER_CLOSED);
    assert_string_equal(mac, sim_site_get(stage.site, 0)->mac);
    finish(&stage);
  }
}

static void swapped_devices_answer_at_each_other_s_address(void **state) {
  (void)state;
  struct stage stage;
  struct err err = {0};
  char url[SIM_SITE_URL_MAX];
  char mac[18];
  start(&stage, 2, 0);
  url_of(&stage, 0, url);

  assert_true(sim_site_swap(stage.site, 0, 1, &err));

  assert_int_equal(ask(&stage, url, mac), SIM_PEER_CLOSED);
  assert_string_equal(mac, sim_site_get(stage.site, 1)->mac);
  finish(&stage);
}

static void clock_can_jump_ahead(void **state) {
  (void)state;
  struct stage stage;
  start(&stage, 1, 0);
  double before_s = sim_site_get(stage.site, 0)->boot.uptime_s;

  sim_site_skip(stage.site, 3600);

  assert_near(sim_site_get(stage.site, 0)->boot.uptime_s, before_s + 3600, 0);
  finish(&stage);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_device_has_a_port_of_its_own),
      cmocka_unit_test(each_device_has_an_address_of_its_own),
      cmocka_unit_test(refusing_device_listens_no_more_and_comes_back),
      cmocka_unit_test(gone_device_gives_no_answer_at_all_and_comes_back),
      cmocka_unit_test(device_that_is_gone_and_refuses_is_gone_first),
      cmocka_unit_test(behind_a_common_socket_nobody_can_be_gone),
      cmocka_unit_test(port_that_is_taken_cannot_be_silenced),
      cmocka_unit_test(moved_device_keeps_its_mac_at_another_address),
      cmocka_unit_test(swapped_devices_answer_at_each_other_s_address),
      cmocka_unit_test(clock_can_jump_ahead),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
