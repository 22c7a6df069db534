/* Requests over a real socket against an engine's twin. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/twin.h"
#include "base/clock.h"
#include "base/json.h"
#include "support/wait_until.h"

#define JSON "Content-Type: application/json\r\n"

static int setup(void **state) {
  *state = twin_create(NULL);
  return 0;
}

static int teardown(void **state) {
  twin_destroy(*state);
  return 0;
}

static void expect(struct engine *twin, int status, const char *method, const char *path,
                   const char *headers, const char *body) {
  struct reply reply = twin_ask(twin, method, path, headers, body);
  if (reply.status != status)
    fail_msg("%s %s: %d instead of %d: %s", method, path, reply.status, status, reply.body);
  reply_finish(&reply);
}

static void expect_text(struct engine *twin, const char *path, const char *text) {
  struct reply reply = twin_get(twin, path);
  if (strstr(reply.body, text) == NULL)
    fail_msg("%s has no %s: %s", path, text, reply.body);
  reply_finish(&reply);
}

/* ------------------------------------------------------------ reading */

static void miner_is_read_with_its_values_and_its_age(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");

  struct reply reply = twin_get(twin, "/api/v1/miners/3");

  assert_int_equal(reply.status, 200);
  assert_non_null(strstr(reply.body, "\"name\":\"Garage\""));
  assert_non_null(strstr(reply.body, "\"state\":\"hashing\""));
  assert_non_null(strstr(reply.body, "\"hashrate_ghs\":1000"));
  assert_non_null(strstr(reply.body, "\"efficiency_j_th\":17"));
  assert_non_null(strstr(reply.body, "\"chip_temp_c\":null"));
  assert_non_null(strstr(reply.body, "\"age_s\":0"));
  reply_finish(&reply);
}

static void values_of_a_miner_that_is_away_are_null(void **state) {
  struct engine *twin = *state;
  struct fleet_miner *miner = twin_add_miner(twin, 3, "Garage");
  miner->memory.state = STATE_OFFLINE;
  miner->memory.reason = REASON_HOST_GONE;
  fleet_touch(twin->fleet, miner);

  expect_text(twin, "/api/v1/miners/3", "\"hashrate_ghs\":null");
  expect_text(twin, "/api/v1/miners/3", "\"reason_code\":\"host_gone\"");
}

static void known_answer_is_not_sent_again_until_the_miner_changes(void **state) {
  struct engine *twin = *state;
  struct fleet_miner *miner = twin_add_miner(twin, 3, "Garage");
  char etag[256], headers[300];
  struct reply reply = twin_get(twin, "/api/v1/miners/3");
  reply_header(&reply, "ETag", etag);
  reply_finish(&reply);
  snprintf(headers, sizeof headers, "If-None-Match: %s\r\n", etag);

  expect(twin, 304, "GET", "/api/v1/miners/3", headers, "");
  fleet_touch(twin->fleet, miner);
  expect(twin, 200, "GET", "/api/v1/miners/3", headers, "");
}

static void list_is_given_in_pages(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 1, "One");
  twin_add_miner(twin, 2, "Two");
  twin_add_miner(twin, 5, "Five");

  expect_text(twin, "/api/v1/miners?limit=2", "\"next\":\"2\"");
  expect_text(twin, "/api/v1/miners?limit=2&cursor=2", "\"name\":\"Five\"");
  expect_text(twin, "/api/v1/miners?limit=2&cursor=2", "\"next\":null");
  expect(twin, 422, "GET", "/api/v1/miners?limit=x", "", "");
}

static void health_is_degraded_when_nothing_can_be_stored(void **state) {
  struct engine *twin = *state;
  expect_text(twin, "/api/v1/health", "\"status\":\"ok\"");

  twin->health.storing = false;
  snprintf(twin->health.storage_problem, ERR_TEXT_MAX, "the disk is full");

  expect_text(twin, "/api/v1/health", "\"status\":\"degraded\"");
  expect_text(twin, "/api/v1/health", "\"problem\":\"the disk is full\"");
  expect(twin, 200, "GET", "/api/v1/health", "", "");
}

static void samples_of_the_last_hours_come_from_memory(void **state) {
  struct engine *twin = *state;
  struct fleet_miner *miner = twin_add_miner(twin, 3, "Garage");
  struct sample sample = miner->last;
  for (int i = 1; i <= 4; i++) {
    sample.at_ms = miner->last.at_ms + 100 * i;
    open_chunk_append(miner->recent, &sample);
  }

  struct reply reply = twin_get(twin, "/api/v1/miners/3/samples?from=1&to=9999999999999&limit=2");

  assert_int_equal(reply.status, 200);
  assert_non_null(strstr(reply.body, "\"hashrate_ghs\":1000"));
  assert_null(strstr(reply.body, "\"next\":null"));
  reply_finish(&reply);
  expect_text(twin, "/api/v1/miners/3/samples?format=columns&metrics=power_w",
              "\"columns\":[\"at_ms\",\"power_w\"]");
}

static void names_are_escaped_in_metrics(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "a \"b\" \\ c");

  expect_text(twin, "/metrics",
              "bitaxe_up{miner=\"a \\\"b\\\" \\\\ c\",id=\"3\",model=\"Bitaxe Gamma 601\"} 1\n");
  expect_text(twin, "/metrics",
              "bitaxe_hashrate_hashes_per_second{miner=\"a \\\"b\\\" \\\\ c\",id=\"3\","
              "model=\"Bitaxe Gamma 601\"} 1000000000000\n");
  struct reply reply =
      twin_ask(twin, "GET", "/metrics", "Accept: application/openmetrics-text\r\n", "");
  assert_non_null(strstr(reply.body, "# TYPE bitaxe_shares_accepted counter\n"));
  assert_non_null(strstr(reply.body, "# EOF\n"));
  reply_finish(&reply);
}

/* ------------------------------------------------------------ writing */

static void added_miner_is_answered_with_its_place(void **state) {
  struct engine *twin = *state;

  struct reply reply = twin_ask(twin, "POST", "/api/v1/miners", JSON,
                                "{\"address\":\"10.0.0.9\",\"name\":\"Attic\",\"verify\":false}");

  char location[256];
  assert_int_equal(reply.status, 201);
  assert_string_equal(reply_header(&reply, "Location", location), "/api/v1/miners/70");
  assert_string_equal(twin->asked.data, "add 10.0.0.9 Attic unasked;");
  reply_finish(&reply);
}

static void refusal_of_the_engine_becomes_a_problem(void **state) {
  struct engine *twin = *state;
  err_set(&twin->fails, ERR_INVALID, "no miner answers at http://10.0.0.9: it refused");

  struct reply reply = twin_ask(twin, "POST", "/api/v1/miners", JSON, "{\"address\":\"10.0.0.9\"}");

  char type[256];
  assert_int_equal(reply.status, 422);
  assert_string_equal(reply_header(&reply, "Content-Type", type), "application/problem+json");
  assert_non_null(strstr(reply.body, "\"detail\":\"no miner answers at http://10.0.0.9"));
  assert_non_null(strstr(reply.body, "\"instance\":\"/api/v1/miners\""));
  reply_finish(&reply);
}

static void body_that_is_wrong_is_refused_before_the_engine_hears_of_it(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 1, "One");
  char longest[200];
  snprintf(longest, sizeof longest, "{\"name\":\"%065d\"}", 0);

  expect(twin, 415, "POST", "/api/v1/miners", "", "{}");
  expect(twin, 415, "POST", "/api/v1/miners", "Content-Type: application/jsonx\r\n", "{}");
  expect(twin, 400, "POST", "/api/v1/miners", JSON, "{");
  expect(twin, 400, "POST", "/api/v1/miners", JSON, "7");
  expect(twin, 422, "POST", "/api/v1/miners", JSON, "{}");
  expect(twin, 422, "POST", "/api/v1/miners", JSON, "{\"address\":1}");
  expect(twin, 422, "POST", "/api/v1/miners", JSON, "{\"address\":\"x\",\"verify\":\"no\"}");
  expect(twin, 422, "PATCH", "/api/v1/miners/1", JSON, "{}");
  expect(twin, 422, "PATCH", "/api/v1/miners/1", JSON, "{\"name\":\"\"}");
  expect(twin, 422, "PATCH", "/api/v1/miners/1", JSON, longest);
  expect(twin, 404, "PATCH", "/api/v1/miners/2", JSON, "{\"name\":\"x\"}");
  expect(twin, 404, "DELETE", "/api/v1/miners/2", "", "");
  assert_int_equal(twin->asked.length, 0);
}

static void move_and_rename_in_one_request_are_both_done(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 1, "One");

  expect(twin, 200, "PATCH", "/api/v1/miners/1", JSON,
         "{\"name\":\"Shed\",\"address\":\"10.0.0.8\"}");

  assert_string_equal(twin->asked.data, "move 1 10.0.0.8;rename 1 Shed;");
}

static void raw_answer_tells_what_is_hidden_in_it(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 1, "One");

  struct reply reply = twin_ask(twin, "POST", "/api/v1/miners/1/raw", "", "");

  assert_int_equal(reply.status, 200);
  assert_string_equal(reply.body, "{\"miner_id\":1,\"at\":\"1970-01-01T00:00:01.000Z\","
                                  "\"path\":\"/api/system/info\",\"hidden\":[\"ssid\"],"
                                  "\"answer\":{\"power\":18.4,\"ssid\":\"(hidden)\"}}");
  reply_finish(&reply);
  twin->fails = (struct err){.code = ERR_UNAVAILABLE, .text = "'One' gives no answer"};
  expect(twin, 503, "POST", "/api/v1/miners/1/raw", "", "");
  expect(twin, 404, "POST", "/api/v1/miners/2/raw", "", "");
  expect(twin, 403, "POST", "/api/v1/miners/1/raw", "Origin: http://evil.example\r\n", "");
  assert_string_equal(twin->asked.data, "raw 1;raw 1;");
}

static void page_of_another_site_changes_nothing(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 1, "One");

  expect(twin, 403, "DELETE", "/api/v1/miners/1", "Origin: http://evil.example\r\n", "");
  expect(twin, 403, "DELETE", "/api/v1/miners/1", "Origin: null\r\n", "");
  assert_int_equal(twin->asked.length, 0);
  expect(twin, 204, "DELETE", "/api/v1/miners/1", "Origin: http://monitor\r\n", "");
  assert_string_equal(twin->asked.data, "remove 1;");
}

static void webhook_opens_with_the_secret_alone(void **state) {
  struct engine *twin = *state;
  const char *path = "/api/v1/telegram/webhook";

  expect(twin, 403, "POST", path, JSON, "{}");
  expect(twin, 403, "POST", path, JSON "X-Telegram-Bot-Api-Secret-Token: guess\r\n", "{}");
  assert_int_equal(twin->updates, 0);
  expect(twin, 200, "POST", path, JSON "X-Telegram-Bot-Api-Secret-Token: s3cret\r\n", "{}");
  assert_int_equal(twin->updates, 1);
}

/* ------------------------------------------------------------ methods and paths */

static void unknown_paths_and_methods_are_told_apart(void **state) {
  struct engine *twin = *state;
  char allow[256];
  expect(twin, 404, "GET", "/api/v1/nothing", "Accept: text/html\r\n", "");
  expect(twin, 404, "GET", "/nothing.js", "", "");
  expect(twin, 404, "POST", "/nothing", "", "");
  expect(twin, 200, "HEAD", "/api/v1/health", "", "");
  expect(twin, 200, "HEAD", "/api/v1/events", "", "");

  struct reply reply = twin_ask(twin, "PUT", "/api/v1/miners", "", "");
  assert_int_equal(reply.status, 405);
  assert_string_equal(reply_header(&reply, "Allow", allow), "GET, HEAD, POST, OPTIONS");
  reply_finish(&reply);
  reply = twin_ask(twin, "OPTIONS", "/api/v1/miners/1", "", "");
  assert_int_equal(reply.status, 204);
  assert_string_equal(reply_header(&reply, "Allow", allow), "GET, HEAD, PATCH, DELETE, OPTIONS");
  reply_finish(&reply);
}

static void without_a_built_dashboard_the_page_says_how_to_build_it(void **state) {
  struct engine *twin = *state;
  expect_text(twin, "/", "not built yet");
  expect_text(twin, "/docs", "not built");
  expect(twin, 200, "GET", "/miners/3", "Accept: text/html\r\n", "");
}

/* ------------------------------------------------------------ the original's routes */

static void original_routes_answer_without_any_miner(void **state) {
  struct engine *twin = *state;
  expect_text(twin, "/api/v1/telemetry/latest", "{\"message\":\"No telemetry yet\"}");
  expect_text(twin, "/api/v1/telemetry/status", "{\"has_telemetry\":false}");
  expect_text(twin, "/api/v1/telemetry/last/5", "[]");
  expect_text(twin, "/api/v1/telemetry/thresholds", "\"temp_threshold_core_c\":70");
  expect(twin, 404, "GET", "/api/v1/telemetry/latest?miner=9", "", "");
}

static void original_routes_speak_of_the_first_miner(void **state) {
  struct engine *twin = *state;
  struct fleet_miner *miner = twin_add_miner(twin, 4, "Four");
  twin_add_miner(twin, 6, "Six");
  struct sample missed = miner->last;
  missed.at_ms += 5;
  missed.flags = SAMPLE_MISSED;
  for (int i = 0; i < METRIC_COUNT; i++)
    missed.values[i] = METRIC_UNKNOWN;
  open_chunk_append(miner->recent, &missed);

  expect_text(twin, "/api/v1/telemetry/latest", "\"online\":false");
  expect_text(twin, "/api/v1/telemetry/latest?miner=6", "\"hash_rate_ghs\":1000");
  struct reply reply = twin_get(twin, "/api/v1/telemetry/last/2");
  const char *newest = strstr(reply.body, "\"online\":false");
  const char *older = strstr(reply.body, "\"online\":true");
  assert_true(newest != NULL && older != NULL && newest < older);
  reply_finish(&reply);
  expect(twin, 422, "GET", "/api/v1/telemetry/last/1001", "", "");
}

/* ------------------------------------------------------------ events */

static void publish(struct engine *twin, enum bus_event_kind kind, int64_t id) {
  bus_publish(twin->bus, &(struct bus_event){.kind = kind, .miner_id = id});
}

static void stream_begins_with_everything_and_tells_changes(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 1, "One");
  struct listener *listener = twin_listen(twin, "/api/v1/events");
  assert_true(listener_hears(listener, "event: hello\ndata: {\"version\":\"1.2.3\""));
  assert_true(listener_hears(listener, "\"name\":\"One\""));

  publish(twin, BUS_MINER_CHANGED, 1);
  assert_true(listener_hears(listener, "event: miner\ndata: {\"id\":1"));
  fleet_remove(twin->fleet, 1);
  publish(twin, BUS_MINER_REMOVED, 1);
  assert_true(listener_hears(listener, "event: removed\ndata: {\"id\":1}\n\n"));
  struct alert_event alert = {.miner_id = 1, .rule = ALERT_CHIP_TEMP, .kind = ALERT_RAISED};
  bus_publish(twin->bus, &(struct bus_event){.kind = BUS_ALERT, .miner_id = 1, .alert = &alert});
  assert_true(listener_hears(listener, "\"kind\":\"raised\""));
  publish(twin, BUS_HEALTH, 0);
  assert_true(listener_hears(listener, "event: health\ndata: {\"status\":\"ok\""));
  assert_true(listener_hears(listener, "event: summary\ndata: {\"mood\":\"empty\""));
  listener_close(listener);
}

static void many_changes_of_a_miner_are_told_once_a_second(void **state) {
  struct engine *twin = *state;
  struct fleet_miner *miner = twin_add_miner(twin, 1, "One");
  struct listener *listener = twin_listen(twin, "/api/v1/events");
  assert_true(listener_hears(listener, "event: hello"));

  for (int i = 0; i < 50; i++) {
    snprintf(miner->miner.name, sizeof miner->miner.name, "Name %d", i);
    fleet_touch(twin->fleet, miner);
    publish(twin, BUS_MINER_CHANGED, 1);
  }

  /* The first at once, the last with the next tick, nothing between. */
  assert_true(listener_hears(listener, "\"name\":\"Name 0\""));
  assert_int_equal(listener_count(listener, "event: miner"), 0);
  assert_true(listener_hears(listener, "\"name\":\"Name 49\""));
  assert_int_equal(listener_count(listener, "event: miner"), 0);
  listener_close(listener);
}

static void too_many_streams_are_refused(void **state) {
  struct engine *twin = *state;
  enum { STREAMS = 256 };
  struct listener *listeners[STREAMS];
  for (int i = 0; i < STREAMS; i++) {
    listeners[i] = twin_listen(twin, "/api/v1/events");
    assert_true(listener_hears(listeners[i], "event: hello"));
  }

  expect(twin, 503, "GET", "/api/v1/events", "", "");

  for (int i = 0; i < STREAMS; i++)
    listener_close(listeners[i]);
}

static void stream_that_is_open_ends_when_the_monitor_stops(void **state) {
  struct engine *twin = *state;
  struct listener *listener = twin_listen(twin, "/api/v1/events");
  assert_true(listener_hears(listener, "event: hello"));

  http_server_close(twin->server, NULL, NULL);
  assert_false(listener_hears(listener, "never"));

  listener_close(listener);
  api_destroy(twin->api);
  uv_run(&twin->loop, UV_RUN_NOWAIT);
  struct http_server_options options = {.host = "127.0.0.1", .handler = api_handle};
  struct err err;
  twin->api = api_create(&(struct api_options){.engine = twin});
  options.arg = twin->api;
  assert_true(http_server_open(&twin->server, &twin->loop, &options, &err));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      TEST(miner_is_read_with_its_values_and_its_age),
      TEST(values_of_a_miner_that_is_away_are_null),
      TEST(known_answer_is_not_sent_again_until_the_miner_changes),
      TEST(list_is_given_in_pages),
      TEST(health_is_degraded_when_nothing_can_be_stored),
      TEST(samples_of_the_last_hours_come_from_memory),
      TEST(names_are_escaped_in_metrics),
      TEST(added_miner_is_answered_with_its_place),
      TEST(refusal_of_the_engine_becomes_a_problem),
      TEST(body_that_is_wrong_is_refused_before_the_engine_hears_of_it),
      TEST(move_and_rename_in_one_request_are_both_done),
      TEST(raw_answer_tells_what_is_hidden_in_it),
      TEST(page_of_another_site_changes_nothing),
      TEST(webhook_opens_with_the_secret_alone),
      TEST(unknown_paths_and_methods_are_told_apart),
      TEST(without_a_built_dashboard_the_page_says_how_to_build_it),
      TEST(original_routes_answer_without_any_miner),
      TEST(original_routes_speak_of_the_first_miner),
      TEST(stream_begins_with_everything_and_tells_changes),
      TEST(many_changes_of_a_miner_are_told_once_a_second),
      TEST(too_many_streams_are_refused),
      TEST(stream_that_is_open_ends_when_the_monitor_stops),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
