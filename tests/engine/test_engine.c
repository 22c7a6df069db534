/* The engine against devices on loopback that answer what the test says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "engine/engine.h"
#include "net/http_server.h"
#include "store/history.h"
#include "store/sample_store.h"
#include "support/temp_dir.h"
#include "support/wait_until.h"

/* One pretended device: a port, and what it answers. */
struct device {
  struct http_server *server;
  char address[64];
  char mac[18];
  int status; /* 0: never answers */
  double temp_c;
  const char *body; /* NULL: a proper answer with `mac` and `temp_c` */
  int asked;
  int asked_past;
  struct http_exchange *held;
};

struct bench {
  struct temp_dir dir;
  char url[TEMP_DIR_MAX + 32];
  uv_loop_t loop;
  struct engine *engine;
  struct device devices[2];
  struct fleet_miner *result;
  struct err err;
  int done;
};

static void send_info(struct device *device, struct http_exchange *exchange) {
  char text[600];
  snprintf(text, sizeof text,
           "{\"power\":18.5,\"voltage\":5040,\"temp\":%g,\"vrTemp\":60,\"hashRate\":1070.5,"
           "\"frequency\":525,\"smallCoreCount\":2040,\"ASICModel\":\"BM1370\",\"asicCount\":1,"
           "\"coreVoltage\":1150,\"uptimeSeconds\":90000,\"sharesAccepted\":%d,"
           "\"sharesRejected\":0,\"macAddr\":\"%s\",\"hostname\":\"bitaxe\",\"version\":\"v2.9.0\","
           "\"boardVersion\":\"601\",\"fanrpm\":4000,\"poolDifficulty\":8192}",
           device->temp_c, device->asked, device->mac);
  struct http_response *response = http_response_create(
      device->status, "application/json", device->body != NULL ? device->body : text,
      strlen(device->body != NULL ? device->body : text));
  http_exchange_send(exchange, response);
  http_response_release(response);
}

/* Its own statistics: a row every 20 ms of the last two seconds. */
static void send_past(struct device *device, struct http_exchange *exchange) {
  const long long now_ms = 90000000;
  struct buf text;
  buf_init(&text);
  buf_printf(&text,
             "{\"currentTimestamp\":%lld,\"labels\":[\"hashRate\",\"timestamp\"],"
             "\"statistics\":[[1234,%lld]",
             now_ms, now_ms - 2000);
  for (int age_ms = 1980; age_ms >= 0; age_ms -= 20)
    buf_printf(&text, ",[1234,%lld]", now_ms - age_ms);
  buf_append_text(&text, "]}");
  struct http_response *response =
      http_response_create(200, "application/json", text.data, text.length);
  http_exchange_send(exchange, response);
  http_response_release(response);
  buf_finish(&text);
  device->asked_past++;
}

static void on_gone(void *arg) {
  ((struct device *)arg)->held = NULL;
}

static void answer(struct http_exchange *exchange, void *arg) {
  struct device *device = arg;
  if (strcmp(http_exchange_path(exchange), "/api/system/statistics") == 0) {
    send_past(device, exchange);
    return;
  }
  device->asked++;
  if (device->status != 0) {
    send_info(device, exchange);
    return;
  }
  device->held = exchange;
  http_exchange_suspend(exchange, on_gone, device);
}

static void listen_at(struct bench *bench, struct device *device, const char *host, uint16_t port) {
  struct err err;
  struct http_server_options options = {
      .host = host, .port = port, .handler = answer, .arg = device};
  assert_true(http_server_open(&device->server, &bench->loop, &options, &err));
  snprintf(device->address, sizeof device->address, "http://%s:%u", host,
           http_server_port(device->server));
}

static void open_device(struct bench *bench, struct device *device, const char *mac) {
  strcpy(device->mac, mac);
  device->status = 200;
  device->temp_c = 55;
  listen_at(bench, device, "127.0.0.1", 0);
}

static void start(struct bench *bench) {
  struct engine_options options = {.loop = &bench->loop,
                                   .database_url = bench->url,
                                   .poll_interval_ms = 50,
                                   .unsafe_poll_interval = true,
                                   .missing_ms = 200};
  alert_config_init(&options.alerts);
  assert_true(engine_start(&bench->engine, &options, &bench->err));
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

static int open_bench(void **state) {
  struct bench *bench = calloc(1, sizeof *bench);
  temp_dir_create(&bench->dir);
  snprintf(bench->url, sizeof bench->url, "sqlite:%s/monitor.db", bench->dir.path);
  uv_loop_init(&bench->loop);
  open_device(bench, &bench->devices[0], "02:00:00:00:00:0A");
  open_device(bench, &bench->devices[1], "02:00:00:00:00:0B");
  start(bench);
  *state = bench;
  return 0;
}

static int close_bench(void **state) {
  struct bench *bench = *state;
  stop(bench);
  for (int i = 0; i < 2; i++) {
    if (bench->devices[i].server != NULL)
      http_server_close(bench->devices[i].server, NULL, NULL);
  }
  uv_run(&bench->loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&bench->loop), 0);
  temp_dir_destroy(&bench->dir);
  free(bench);
  return 0;
}

static void on_miner(struct fleet_miner *miner, const struct err *err, void *arg) {
  struct bench *bench = arg;
  bench->result = miner;
  bench->err = err != NULL ? *err : (struct err){0};
  bench->done++;
}

static void on_removed(const struct err *err, void *arg) {
  on_miner(NULL, err, arg);
}

static bool is_done(void *arg) {
  return ((struct bench *)arg)->done > 0;
}

static struct fleet_miner *add(struct bench *bench, const char *address, const char *name,
                               bool verify) {
  bench->done = 0;
  struct engine_add request = {.address = address, .name = name, .verify = verify};
  engine_add_miner(bench->engine, &request, on_miner, bench);
  assert_true(wait_until_loop(&bench->loop, is_done, bench));
  return bench->result;
}

static void a_miner_is_asked_before_it_is_added(void **state) {
  struct bench *bench = *state;

  struct fleet_miner *miner = add(bench, bench->devices[0].address, "Garage", true);

  assert_non_null(miner);
  assert_int_equal(miner->miner.id, 1);
  assert_string_equal(miner->miner.mac, "02:00:00:00:00:0a");
  assert_float_equal(miner->last.values[METRIC_CHIP_TEMP_C], 55, 0.001);
  assert_int_equal(miner->memory.state, STATE_HASHING);
}

static void what_is_no_miner_is_refused_with_the_reason(void **state) {
  struct bench *bench = *state;
  static const struct {
    int status;
    const char *body;
    enum reason reason;
  } cases[] = {{200, "<html>", REASON_HTML},
               {200, "{\"a\":1}", REASON_NOT_A_MINER},
               {200, "{\"hashRate\":1", REASON_TRUNCATED},
               {401, "Unauthorized", REASON_UNAUTHORIZED},
               {302, "", REASON_REDIRECTED},
               {500, "", REASON_HTTP_ERROR}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bench->devices[0].status = cases[i].status;
    bench->devices[0].body = cases[i].body;

    assert_null(add(bench, bench->devices[0].address, "X", true));

    assert_int_equal(bench->err.code, ERR_INVALID);
    assert_non_null(strstr(bench->err.text, reason_facts(cases[i].reason)->text));
  }
  assert_int_equal(fleet_count(engine_fleet(bench->engine)), 0);
}

static void addresses_outside_the_home_network_are_refused(void **state) {
  struct bench *bench = *state;

  assert_null(add(bench, "http://8.8.8.8", "X", true));

  assert_int_equal(bench->err.code, ERR_INVALID);
  assert_non_null(strstr(bench->err.text, "public"));
}

static void the_same_device_is_not_added_twice(void **state) {
  struct bench *bench = *state;
  add(bench, bench->devices[0].address, "Garage", true);

  assert_null(add(bench, bench->devices[0].address, "Again", true));

  assert_int_equal(bench->err.code, ERR_CONFLICT);
  assert_non_null(strstr(bench->err.text, "Garage"));
}

static void a_known_device_at_a_new_address_has_moved(void **state) {
  struct bench *bench = *state;
  add(bench, bench->devices[0].address, "Garage", true);
  strcpy(bench->devices[1].mac, bench->devices[0].mac);

  struct fleet_miner *miner = add(bench, bench->devices[1].address, "Again", true);

  assert_non_null(miner);
  assert_int_equal(miner->miner.id, 1);
  assert_string_equal(miner->miner.name, "Garage");
  assert_string_equal(miner->miner.address, bench->devices[1].address);
}

static bool addresses_swapped(void *arg) {
  struct bench *bench = arg;
  struct fleet *fleet = engine_fleet(bench->engine);
  return strcmp(fleet_find(fleet, 1)->miner.address, bench->devices[1].address) == 0 &&
         strcmp(fleet_find(fleet, 2)->miner.address, bench->devices[0].address) == 0;
}

static void two_miners_that_exchange_addresses_keep_their_histories(void **state) {
  struct bench *bench = *state;
  add(bench, bench->devices[0].address, "Garage", true);
  add(bench, bench->devices[1].address, "Kitchen", true);

  strcpy(bench->devices[0].mac, "02:00:00:00:00:0B");
  strcpy(bench->devices[1].mac, "02:00:00:00:00:0A");

  assert_true(wait_until_loop(&bench->loop, addresses_swapped, bench));
  struct fleet *fleet = engine_fleet(bench->engine);
  assert_string_equal(fleet_find(fleet, 1)->miner.mac, "02:00:00:00:00:0a");
  assert_string_equal(fleet_find(fleet, 2)->miner.mac, "02:00:00:00:00:0b");
}

static bool is_unresponsive(void *arg) {
  struct bench *bench = arg;
  return fleet_at(engine_fleet(bench->engine), 0)->memory.state == STATE_UNRESPONSIVE;
}

static bool first_moved(void *arg) {
  struct bench *bench = arg;
  struct fleet_miner *miner = fleet_find(engine_fleet(bench->engine), 1);
  return strcmp(miner->miner.address, bench->devices[0].address) == 0 &&
         miner->memory.state == STATE_HASHING;
}

static void a_miner_with_a_new_lease_is_found_among_the_neighbours(void **state) {
  struct bench *bench = *state;
  struct fleet_miner *miner = add(bench, bench->devices[0].address, "Garage", true);
  uint16_t port = http_server_port(bench->devices[0].server);

  http_server_close(bench->devices[0].server, NULL, NULL);
  listen_at(bench, &bench->devices[0], "127.0.0.77", port);

  assert_true(wait_until_loop(&bench->loop, first_moved, bench));
  assert_ptr_equal(fleet_find(engine_fleet(bench->engine), 1), miner);
  assert_string_equal(miner->miner.mac, "02:00:00:00:00:0a");
}

static void three_misses_in_a_row_make_it_unresponsive(void **state) {
  struct bench *bench = *state;
  struct fleet_miner *miner = add(bench, bench->devices[0].address, "Garage", true);

  bench->devices[0].status = 401;

  assert_true(wait_until_loop(&bench->loop, is_unresponsive, bench));
  assert_int_equal(miner->memory.reason, REASON_UNAUTHORIZED);
  assert_false(fleet_miner_is_live(miner));
}

static void another_device_at_the_address_is_not_taken_for_it(void **state) {
  struct bench *bench = *state;
  struct fleet_miner *miner = add(bench, bench->devices[0].address, "Garage", true);

  strcpy(bench->devices[0].mac, "02:00:00:00:00:EE");
  bench->devices[0].temp_c = 99;

  assert_true(wait_until_loop(&bench->loop, is_unresponsive, bench));
  assert_int_equal(miner->memory.reason, REASON_OTHER_DEVICE);
  assert_float_equal(miner->last.values[METRIC_CHIP_TEMP_C], 55, 0.001);
}

static void an_impostor_takes_nobodys_address(void **state) {
  struct bench *bench = *state;
  struct fleet_miner *garage = add(bench, bench->devices[0].address, "Garage", true);
  struct fleet_miner *kitchen = add(bench, bench->devices[1].address, "Kitchen", true);

  strcpy(bench->devices[0].mac, bench->devices[1].mac); /* both say that they are Kitchen */

  assert_true(wait_until_loop(&bench->loop, is_unresponsive, bench));
  assert_int_equal(garage->memory.reason, REASON_OTHER_DEVICE);
  assert_string_equal(garage->miner.address, bench->devices[0].address);
  assert_string_equal(kitchen->miner.address, bench->devices[1].address);
}

static bool asked_twice(void *arg) {
  return ((struct bench *)arg)->devices[0].asked >= 2;
}

struct story {
  size_t polled, filled;
  int64_t times[4000];
};

static bool tell(const struct sample *sample, void *arg) {
  struct story *story = arg;
  bool filled = (sample->flags & SAMPLE_BACKFILLED) != 0;
  size_t count = story->polled + story->filled;
  assert_in_range(count, 0, 3999);
  story->times[count] = sample->at_ms;
  story->filled += filled;
  story->polled += !filled;
  return true;
}

static int compare_times(const void *a, const void *b) {
  int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
  return (left > right) - (left < right);
}

static struct story read_story(struct bench *bench) {
  struct story story = {0};
  struct err err;
  struct db *db;
  const struct history_query query = {.miner_id = 1, .to_ms = INT64_MAX};
  const struct history_sink sink = {.sample = tell, .arg = &story};
  assert_true(db_open(&db, bench->url, DB_READ_ONLY, &err));
  assert_true(history_read(db, &query, &sink, &err));
  db_close(db);
  size_t count = story.polled + story.filled;
  qsort(story.times, count, sizeof story.times[0], compare_times);
  for (size_t i = 1; i < count; i++)
    assert_true(story.times[i] > story.times[i - 1]); /* no tick twice */
  return story;
}

static bool seen_long_ago(void *arg) {
  return clock_wall_ms() - *(int64_t *)arg > 500;
}

static bool asked_for_its_past(void *arg) {
  struct bench *bench = arg;
  return bench->devices[0].asked_past > 0 && bench->devices[0].asked >= 4;
}

/* Stops the monitor, lets half a second pass, and starts it again. */
static void pause_monitor(struct bench *bench) {
  stop(bench);
  int64_t stopped_ms = clock_wall_ms();
  bench->devices[0].asked = 0;
  bench->devices[0].asked_past = 0;
  assert_true(wait_until_loop(&bench->loop, seen_long_ago, &stopped_ms));
  start(bench);
  assert_true(wait_until_loop(&bench->loop, asked_for_its_past, bench));
}

static void what_the_monitor_missed_is_filled_once_from_the_miners_own_past(void **state) {
  struct bench *bench = *state;
  add(bench, bench->devices[0].address, "Garage", true);
  assert_true(wait_until_loop(&bench->loop, asked_twice, bench));
  assert_int_equal(bench->devices[0].asked_past, 0);

  pause_monitor(bench);
  assert_int_equal(bench->devices[0].asked_past, 1);
  stop(bench);
  struct story once = read_story(bench);
  start(bench);
  pause_monitor(bench);
  stop(bench);
  struct story twice = read_story(bench);
  start(bench);

  /* Some 10 ticks of 50 ms a pause; the first pause of the second round may leave some, too. */
  assert_in_range(once.filled, 6, 41);
  assert_in_range(twice.filled, once.filled + 6, once.filled + 82);
  assert_true(twice.polled > once.polled);
}

static void miners_and_samples_survive_a_restart(void **state) {
  struct bench *bench = *state;
  add(bench, bench->devices[0].address, "Garage", true);
  assert_true(wait_until_loop(&bench->loop, asked_twice, bench));
  stop(bench);
  bench->devices[0].status = 0; /* nothing new comes */

  start(bench);

  struct fleet_miner *miner = fleet_find(engine_fleet(bench->engine), 1);
  assert_non_null(miner);
  assert_string_equal(miner->miner.name, "Garage");
  assert_string_equal(miner->miner.facts.model, "Bitaxe Gamma 601");
  struct err err;
  struct db *db;
  int64_t count, first, last;
  assert_true(db_open(&db, bench->url, DB_READ_ONLY, &err));
  assert_true(sample_store_count(db, &count, &first, &last, &err));
  assert_true(count >= 2);
  db_close(db);
}

static bool has_its_record(void *arg) {
  struct bench *bench = arg;
  return fleet_find(engine_fleet(bench->engine), 1)->best_diff_ever == 5000;
}

static void a_record_of_long_ago_survives_a_restart_and_the_devices_reset(void **state) {
  struct bench *bench = *state;
  struct err err;
  struct db *db;
  add(bench, bench->devices[0].address, "Garage", true);
  stop(bench);
  assert_true(db_open(&db, bench->url, DB_READ_WRITE, &err));
  assert_true(db_exec(db,
                      "INSERT INTO day (miner_id, at_ms, samples, missed, online_ms, hashing_ms, "
                      "shares_accepted, shares_rejected, energy_mwh, best_diff) "
                      "VALUES (1, 0, 1, 0, 0, 0, 0, 0, 0, 5000)",
                      NULL, 0, NULL, &err));
  db_close(db);

  start(bench); /* the device tells no best difficulty */

  assert_true(wait_until_loop(&bench->loop, has_its_record, bench));
}

static void a_miner_is_renamed_moved_and_removed(void **state) {
  struct bench *bench = *state;
  add(bench, bench->devices[0].address, "Garage", true);

  bench->done = 0;
  engine_rename_miner(bench->engine, 1, "Attic", on_miner, bench);
  assert_true(wait_until_loop(&bench->loop, is_done, bench));
  assert_string_equal(bench->result->miner.name, "Attic");
  bench->done = 0;
  engine_rename_miner(bench->engine, 1, "", on_miner, bench);
  assert_int_equal(bench->err.code, ERR_INVALID);
  bench->done = 0;
  engine_move_miner(bench->engine, 1, bench->devices[1].address, on_miner, bench);
  assert_true(wait_until_loop(&bench->loop, is_done, bench));
  assert_string_equal(bench->result->miner.address, bench->devices[1].address);
  bench->done = 0;
  engine_remove_miner(bench->engine, 1, on_removed, bench);
  assert_true(wait_until_loop(&bench->loop, is_done, bench));
  assert_int_equal(bench->err.code, ERR_NONE);
  assert_int_equal(fleet_count(engine_fleet(bench->engine)), 0);
  bench->done = 0;
  engine_remove_miner(bench->engine, 1, on_removed, bench);
  assert_int_equal(bench->err.code, ERR_NOT_FOUND);
}

static void a_removed_miner_comes_back_under_its_number(void **state) {
  struct bench *bench = *state;
  add(bench, bench->devices[0].address, "Garage", true);
  add(bench, bench->devices[1].address, "Kitchen", true);
  bench->done = 0;
  engine_remove_miner(bench->engine, 1, on_removed, bench);
  assert_true(wait_until_loop(&bench->loop, is_done, bench));

  struct fleet_miner *miner = add(bench, bench->devices[0].address, "Back", true);

  assert_int_equal(miner->miner.id, 1);
}

static void an_answer_on_request_comes_from_the_device(void **state) {
  struct bench *bench = *state;
  add(bench, bench->devices[0].address, "Garage", true);
  bench->devices[0].temp_c = 61;

  bench->done = 0;
  engine_poll_miner(bench->engine, 1, on_miner, bench);

  assert_true(wait_until_loop(&bench->loop, is_done, bench));
  assert_non_null(bench->result);
  bench->done = 0;
  engine_poll_miner(bench->engine, 77, on_miner, bench);
  assert_int_equal(bench->err.code, ERR_NOT_FOUND);
}

static void an_unasked_miner_is_added_though_it_is_off(void **state) {
  struct bench *bench = *state;

  struct fleet_miner *miner = add(bench, "127.0.0.1:9", "", false);

  assert_non_null(miner);
  assert_string_equal(miner->miner.address, "http://127.0.0.1:9");
  assert_string_equal(miner->miner.name, "127.0.0.1:9");
  assert_int_equal(miner->memory.state, STATE_UNKNOWN);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)
  const struct CMUnitTest tests[] = {
      TEST(a_miner_is_asked_before_it_is_added),
      TEST(what_is_no_miner_is_refused_with_the_reason),
      TEST(addresses_outside_the_home_network_are_refused),
      TEST(the_same_device_is_not_added_twice),
      TEST(a_known_device_at_a_new_address_has_moved),
      TEST(two_miners_that_exchange_addresses_keep_their_histories),
      TEST(a_miner_with_a_new_lease_is_found_among_the_neighbours),
      TEST(three_misses_in_a_row_make_it_unresponsive),
      TEST(another_device_at_the_address_is_not_taken_for_it),
      TEST(an_impostor_takes_nobodys_address),
      TEST(what_the_monitor_missed_is_filled_once_from_the_miners_own_past),
      TEST(miners_and_samples_survive_a_restart),
      TEST(a_record_of_long_ago_survives_a_restart_and_the_devices_reset),
      TEST(a_miner_is_renamed_moved_and_removed),
      TEST(a_removed_miner_comes_back_under_its_number),
      TEST(an_answer_on_request_comes_from_the_device),
      TEST(an_unasked_miner_is_added_though_it_is_off),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
