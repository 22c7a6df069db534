#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "engine/alerts/heartbeat.h"
#include "support/wait_until.h"

/* A listener that counts who comes, and answers nobody. */
struct bench {
  uv_loop_t loop;
  uv_tcp_t server;
  struct http_client *http;
  char url[64];
  int calls, asked;
  bool well;
};

static void on_connection(uv_stream_t *server, int status) {
  struct bench *bench = server->data;
  assert_int_equal(status, 0);
  bench->calls++;
}

static bool is_well(void *arg) {
  struct bench *bench = arg;
  bench->asked++;
  return bench->well;
}

static void begin(struct bench *bench, bool well) {
  struct sockaddr_in name;
  int size = sizeof name;
  *bench = (struct bench){.well = well};
  uv_loop_init(&bench->loop);
  uv_tcp_init(&bench->loop, &bench->server);
  bench->server.data = bench;
  uv_ip4_addr("127.0.0.1", 0, &name);
  uv_tcp_bind(&bench->server, (const struct sockaddr *)&name, 0);
  assert_int_equal(uv_listen((uv_stream_t *)&bench->server, 8, on_connection), 0);
  uv_tcp_getsockname(&bench->server, (struct sockaddr *)&name, &size);
  snprintf(bench->url, sizeof bench->url, "http://127.0.0.1:%d/beat", ntohs(name.sin_port));
  bench->http = http_client_create(&bench->loop);
}

static struct heartbeat *start(struct bench *bench) {
  return heartbeat_create(&(struct heartbeat_options){.loop = &bench->loop,
                                                      .http = bench->http,
                                                      .url = bench->url,
                                                      .is_well = is_well,
                                                      .arg = bench,
                                                      .interval_ms = 20});
}

static void finish(struct bench *bench, struct heartbeat *heartbeat) {
  heartbeat_close(heartbeat);
  http_client_close(bench->http, NULL, NULL);
  uv_close((uv_handle_t *)&bench->server, NULL);
  uv_run(&bench->loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&bench->loop), 0);
}

static bool was_called(void *arg) {
  return ((struct bench *)arg)->calls > 0;
}

static bool was_asked_often(void *arg) {
  return ((struct bench *)arg)->asked > 3;
}

static void a_monitor_that_is_well_gives_a_beat(void **state) {
  (void)state;
  struct bench bench;
  begin(&bench, true);
  struct heartbeat *heartbeat = start(&bench);

  assert_true(wait_until_loop(&bench.loop, was_called, &bench));

  finish(&bench, heartbeat); /* with the call on its way */
}

static void a_monitor_that_is_not_well_is_silent(void **state) {
  (void)state;
  struct bench bench;
  begin(&bench, false);
  struct heartbeat *heartbeat = start(&bench);

  assert_true(wait_until_loop(&bench.loop, was_asked_often, &bench));

  assert_int_equal(bench.calls, 0);
  finish(&bench, heartbeat);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_monitor_that_is_well_gives_a_beat),
      cmocka_unit_test(a_monitor_that_is_not_well_is_silent),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
