#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/alerts/gateway.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

#define HEAD "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"

static void the_default_route_with_the_lowest_metric_is_the_way_out(void **state) {
  (void)state;
  uint32_t address = 0;
  char text[INET_ADDRSTRLEN];

  assert_true(gateway_parse_route(HEAD
                                  "wlan0\t00000000\t0100A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
                                  "eth0\t00000000\tFE01A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
                                  "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n",
                                  &address));

  inet_ntop(AF_INET, &address, text, sizeof text);
  assert_string_equal(text, "192.168.1.254");
}

static void without_a_default_route_there_is_no_way_out(void **state) {
  (void)state;
  uint32_t address = 0;

  assert_false(gateway_parse_route("", &address));
  assert_false(gateway_parse_route(HEAD, &address));
  assert_false(gateway_parse_route(HEAD "nonsense\n\n", &address));
  assert_false(gateway_parse_route(
      HEAD "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n", &address));
}

static void a_bridge_of_containers_is_no_router(void **state) {
  (void)state;
  static const char arp[] =
      "IP address       HW type     Flags       HW address            Mask     Device\n"
      "172.17.0.1       0x1         0x2         02:42:ac:11:00:01     *        eth0\n"
      "192.168.1.1      0x1         0x2         3c:37:12:00:00:01     *        eth0\n";

  assert_true(gateway_is_bridge(arp, "172.17.0.1"));
  assert_false(gateway_is_bridge(arp, "192.168.1.1"));
  assert_false(gateway_is_bridge(arp, "192.168.1.2"));
}

/* ------------------------------------------------------------ asking */

static void write_file(const struct temp_dir *dir, const char *name, const char *text) {
  char path[TEMP_DIR_MAX + 32];
  snprintf(path, sizeof path, "%s/%s", dir->path, name);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static bool has_answer(void *arg) {
  return gateway_answer(arg) != ALERT_GATEWAY_UNKNOWN;
}

/* Given a route to this machine itself: whoever refuses is there, too. */
static void a_router_that_refuses_answers(void **state) {
  (void)state;
  struct temp_dir dir;
  uv_loop_t loop;
  uv_tcp_t holder;
  struct sockaddr_in name;
  int size = sizeof name;
  temp_dir_create(&dir);
  write_file(&dir, "route", HEAD "lo\t00000000\t0100007F\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
  write_file(&dir, "arp", "IP address\n");
  uv_loop_init(&loop);
  uv_tcp_init(&loop, &holder);
  uv_ip4_addr("127.0.0.1", 0, &name);
  uv_tcp_bind(&holder, (const struct sockaddr *)&name, 0); /* bound, not listening: refuses */
  uv_tcp_getsockname(&holder, (struct sockaddr *)&name, &size);
  struct gateway *gateway = gateway_create(
      &(struct gateway_options){.loop = &loop, .proc_net = dir.path, .port = ntohs(name.sin_port)});

  gateway_ask(gateway);
  gateway_ask(gateway);
  assert_true(wait_until_loop(&loop, has_answer, gateway));

  assert_int_equal(gateway_answer(gateway), ALERT_GATEWAY_ANSWERS);
  gateway_close(gateway);
  uv_close((uv_handle_t *)&holder, NULL);
  uv_run(&loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&loop), 0);
  temp_dir_destroy(&dir);
}

static void without_a_route_nothing_is_known(void **state) {
  (void)state;
  uv_loop_t loop;
  uv_loop_init(&loop);
  struct gateway *gateway =
      gateway_create(&(struct gateway_options){.loop = &loop, .proc_net = "/nowhere"});

  gateway_ask(gateway);

  assert_int_equal(gateway_answer(gateway), ALERT_GATEWAY_UNKNOWN);
  gateway_close(gateway);
  uv_run(&loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&loop), 0);
}

/* Given an attempt on its way when the program ends. */
static void it_can_be_closed_at_any_time(void **state) {
  (void)state;
  struct temp_dir dir;
  uv_loop_t loop;
  temp_dir_create(&dir);
  write_file(&dir, "route", HEAD "lo\t00000000\t0100007F\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
  uv_loop_init(&loop);
  struct gateway *gateway =
      gateway_create(&(struct gateway_options){.loop = &loop, .proc_net = dir.path, .port = 9});

  gateway_ask(gateway);
  gateway_close(gateway);
  uv_run(&loop, UV_RUN_DEFAULT);

  assert_int_equal(uv_loop_close(&loop), 0);
  temp_dir_destroy(&dir);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_default_route_with_the_lowest_metric_is_the_way_out),
      cmocka_unit_test(without_a_default_route_there_is_no_way_out),
      cmocka_unit_test(a_bridge_of_containers_is_no_router),
      cmocka_unit_test(a_router_that_refuses_answers),
      cmocka_unit_test(without_a_route_nothing_is_known),
      cmocka_unit_test(it_can_be_closed_at_any_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
