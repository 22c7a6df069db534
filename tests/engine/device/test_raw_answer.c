/* The raw answer of a device on loopback, asked for by many, in a hurry and in vain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/device/raw_answer.h"
#include "engine/engine.h"
#include "net/http_server.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

/* The shortest time between two requests of this kind, by poller.c. */
enum { HEAR_AGAIN_MS = 2000 };

struct bench {
  struct temp_dir dir;
  char url[TEMP_DIR_MAX + 32];
  uv_loop_t loop;
  struct engine *engine;
  struct http_server *device;
  char address[64];
  const char *mac;
  const char *body; /* NULL: a proper answer */
  int asked;
  struct buf answer, hidden; /* the last one shown */
  struct err err;
  int done, wanted;
};

static void answer(struct http_exchange *exchange, void *arg) {
  struct bench *bench = arg;
  char text[300];
  bench->asked++;
  snprintf(text, sizeof text,
           "{\"power\":18.5,\"hashRate\":1070.5,\"frequency\":525,\"ASICModel\":\"BM1370\","
           "\"asicCount\":1,\"boardVersion\":\"601\",\"ssid\":\"Villa Anna\",\"statsFrequency\":0,"
           "\"stratumUser\":\"bc1qanna.rig\",\"macAddr\":\"%s\"}",
           bench->mac);
  const char *body = bench->body != NULL ? bench->body : text;
  struct http_response *response =
      http_response_create(200, "application/json", body, strlen(body));
  http_exchange_send(exchange, response);
  http_response_release(response);
}

static void on_miner(struct fleet_miner *miner, const struct err *err, void *arg) {
  struct bench *bench = arg;
  assert_non_null(miner);
  (void)err;
  bench->done++;
}

static void on_raw(const struct raw_answer *raw, const struct err *err, void *arg) {
  struct bench *bench = arg;
  buf_clear(&bench->answer);
  buf_clear(&bench->hidden);
  bench->err = err != NULL ? *err : (struct err){0};
  assert_true((raw == NULL) == (err != NULL));
  if (raw != NULL) {
    assert_int_equal(raw->miner_id, 1);
    assert_string_equal(raw->path, "/api/system/info");
    buf_append(&bench->answer, raw->answer.data, raw->answer.length);
    buf_append(&bench->hidden, raw->hidden.data, raw->hidden.length);
  }
  bench->done++;
}

static bool are_done(void *arg) {
  struct bench *bench = arg;
  return bench->done >= bench->wanted;
}

static void wait_for(struct bench *bench, int wanted) {
  bench->wanted = wanted;
  assert_true(wait_until_loop(&bench->loop, are_done, bench));
}

static void read_raw(struct bench *bench) {
  bench->done = 0;
  raw_answer_read(bench->engine, 1, on_raw, bench);
  wait_for(bench, 1);
}

static int open_bench(void **state) {
  struct bench *bench = calloc(1, sizeof *bench);
  struct http_server_options device = {.host = "127.0.0.1", .handler = answer, .arg = bench};
  temp_dir_create(&bench->dir);
  snprintf(bench->url, sizeof bench->url, "sqlite:%s/monitor.db", bench->dir.path);
  uv_loop_init(&bench->loop);
  bench->mac = "02:00:00:00:00:0A";
  buf_init(&bench->answer);
  buf_init(&bench->hidden);
  assert_true(http_server_open(&bench->device, &bench->loop, &device, &bench->err));
  snprintf(bench->address, sizeof bench->address, "http://127.0.0.1:%u",
           http_server_port(bench->device));
  struct engine_options options = {
      .loop = &bench->loop, .database_url = bench->url, .poll_interval_ms = 60000};
  alert_config_init(&options.alerts);
  assert_true(engine_start(&bench->engine, &options, &bench->err));
  engine_add_miner(bench->engine,
                   &(struct engine_add){.address = bench->address, .name = "Den", .verify = true},
                   on_miner, bench);
  wait_for(bench, 1);
  *state = bench;
  return 0;
}

static void on_stopped(void *arg) {
  ((struct bench *)arg)->engine = NULL;
}

static bool is_stopped(void *arg) {
  return ((struct bench *)arg)->engine == NULL;
}

static void stop(struct bench *bench) {
  engine_stop(bench->engine, on_stopped, bench);
  assert_true(wait_until_loop(&bench->loop, is_stopped, bench));
}

static void switch_off(struct bench *bench) {
  http_server_close(bench->device, NULL, NULL);
  bench->device = NULL;
}

static int close_bench(void **state) {
  struct bench *bench = *state;
  if (bench->engine != NULL)
    stop(bench);
  if (bench->device != NULL)
    http_server_close(bench->device, NULL, NULL);
  uv_run(&bench->loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&bench->loop), 0);
  temp_dir_destroy(&bench->dir);
  buf_finish(&bench->answer);
  buf_finish(&bench->hidden);
  free(bench);
  return 0;
}

static void it_is_what_the_device_sends_without_what_is_private(void **state) {
  struct bench *bench = *state;

  read_raw(bench);

  assert_string_equal(bench->answer.data,
                      "{\"power\":18.5,\"hashRate\":1070.5,\"frequency\":525,"
                      "\"ASICModel\":\"BM1370\",\"asicCount\":1,\"boardVersion\":\"601\","
                      "\"ssid\":\"(hidden)\",\"statsFrequency\":0,\"stratumUser\":\"(hidden)\","
                      "\"macAddr\":\"(hidden)\"}");
  assert_string_equal(bench->hidden.data, "[\"ssid\",\"stratumUser\",\"macAddr\"]");
}

static void many_who_ask_at_once_share_one_question(void **state) {
  struct bench *bench = *state;
  int before = bench->asked;

  bench->done = 0;
  for (int i = 0; i < 20; i++)
    raw_answer_read(bench->engine, 1, on_raw, bench);
  wait_for(bench, 20);

  assert_int_equal(bench->asked, before + 1);
}

static void a_hurried_reader_does_not_hurry_the_device(void **state) {
  struct bench *bench = *state;
  read_raw(bench);
  int before = bench->asked;
  int64_t since_ms = clock_mono_ms();

  read_raw(bench);

  assert_int_equal(bench->asked, before + 1);
  assert_true(clock_mono_ms() - since_ms >= HEAR_AGAIN_MS / 2);
}

static void a_silent_device_shows_nothing_but_since_when(void **state) {
  struct bench *bench = *state;
  read_raw(bench);
  switch_off(bench);

  read_raw(bench);

  assert_int_equal(bench->err.code, ERR_UNAVAILABLE);
  assert_non_null(strstr(bench->err.text, "'Den' gives no answer, and has been silent for "));
  assert_int_equal(bench->answer.length, 0);
}

static void another_device_at_the_address_is_not_shown(void **state) {
  struct bench *bench = *state;
  bench->mac = "02:00:00:00:00:EE";

  read_raw(bench);

  assert_int_equal(bench->err.code, ERR_UNAVAILABLE);
  assert_int_equal(bench->answer.length, 0);
}

static void what_is_no_answer_of_a_miner_is_not_shown(void **state) {
  struct bench *bench = *state;
  bench->body = "<html>login: geheim</html>";

  read_raw(bench);

  assert_int_equal(bench->err.code, ERR_UNAVAILABLE);
  assert_null(strstr(bench->err.text, "geheim"));
}

static void who_waits_hears_of_a_removal_and_of_a_stop(void **state) {
  struct bench *bench = *state;
  bench->done = 0;
  raw_answer_read(bench->engine, 77, on_raw, bench);
  assert_int_equal(bench->err.code, ERR_NOT_FOUND);

  read_raw(bench);
  bench->done = 0;
  raw_answer_read(bench->engine, 1, on_raw, bench); /* has to wait for its turn */
  stop(bench);

  assert_int_equal(bench->done, 1);
  assert_int_equal(bench->err.code, ERR_UNAVAILABLE);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)
  const struct CMUnitTest tests[] = {
      TEST(it_is_what_the_device_sends_without_what_is_private),
      TEST(many_who_ask_at_once_share_one_question),
      TEST(a_hurried_reader_does_not_hurry_the_device),
      TEST(a_silent_device_shows_nothing_but_since_when),
      TEST(another_device_at_the_address_is_not_shown),
      TEST(what_is_no_answer_of_a_miner_is_not_shown),
      TEST(who_waits_hears_of_a_removal_and_of_a_stop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
