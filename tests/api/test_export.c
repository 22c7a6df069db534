/* Exports over a real socket: whole, in order, whatever the range. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api_state.h"
#include "api/record.h"
#include "api/twin.h"

#define START INT64_C(1700000000000)

static int setup(void **state) {
  *state = twin_create(NULL);
  return 0;
}

static int teardown(void **state) {
  twin_destroy(*state);
  return 0;
}

/* `count` samples, `step_ms` apart. */
static void record_samples(struct engine *twin, int64_t from_ms, int count, int64_t step_ms) {
  struct record record = {.count = 0};
  for (int i = 0; i < count; i++) {
    struct sample_row *row = &record.rows[record.count++];
    row->miner_id = 3;
    sample_init(&row->sample, from_ms + i * step_ms);
    row->sample.state = STATE_HASHING;
    row->sample.values[METRIC_HASHRATE_GHS] = 500.25;
    if (record.count == 256 || i + 1 == count) {
      record_insert(twin, &record);
      record.count = 0;
    }
  }
}

/* The body without the frames of chunked coding (RFC 9112, section 7.1), in place. */
static void unframe(struct reply *reply) {
  char *from = (char *)reply->body, *to = from;
  for (unsigned long length; (length = strtoul(from, &from, 16)) > 0;) {
    from += 2;
    memmove(to, from, length);
    to += length;
    from += length + 2;
  }
  *to = '\0';
}

static struct reply export(struct engine *twin, const char *rest) {
  char path[200];
  snprintf(path, sizeof path, "/api/v1/miners/3/export%s", rest);
  struct reply reply = twin_get(twin, path);
  if (reply.status != 200)
    fail_msg("%s: %s", path, reply.body);
  unframe(&reply);
  return reply;
}

static int lines(const char *text) {
  int count = 0;
  for (; *text != '\0'; text++)
    count += *text == '\n';
  return count;
}

static void csv_has_names_and_leaves_the_unknown_empty(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  record_samples(twin, START, 2, 10000);

  struct reply reply = export(twin, "?to=1700000020000");

  assert_non_null(strstr(reply.body, "at,state,reason,missed,rebooted,fallback_pool,backfilled,"
                                     "hashrate_ghs,expected_hashrate_ghs,chip_temp_c,"));
  assert_non_null(strstr(reply.body, "\n2023-11-14T22:13:20.000Z,hashing,,0,0,0,0,500.25,,,"));
  assert_int_equal(lines(reply.body), 3);
  reply_finish(&reply);
}

static void json_lines_are_samples(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  record_samples(twin, START, 2, 10000);

  struct reply reply = export(twin, "?format=jsonl&from=1700000000000&to=1700000010000");

  assert_ptr_equal(strstr(reply.body, "{\"at\":\"2023-11-14T22:13:20.000Z\","), reply.body);
  assert_int_equal(lines(reply.body), 1);
  reply_finish(&reply);
}

static void long_range_comes_whole_and_in_order(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  record_samples(twin, START, 3000, 10000);              /* dense */
  record_samples(twin, START + 90000000, 20, 86400000);  /* a sample a day */
  record_samples(twin, START + 2000000000, 12000, 2000); /* denser than one piece may be */

  struct reply reply = export(twin, "");

  assert_int_equal(lines(reply.body), 1 + 3000 + 20 + 12000 + 1 /* from memory */);
  const char *line = strchr(reply.body, '\n') + 1;
  for (const char *next; (next = strchr(line, '\n') + 1)[0] != '\0'; line = next)
    assert_true(strncmp(line, next, 24) < 0);
  reply_finish(&reply);
}

static void late_sample_finds_its_place(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  record_samples(twin, START + 20000, 1, 1);
  record_samples(twin, START + 10000, 1, 1);

  struct reply reply = export(twin, "?to=1700000030000");

  const char *first = strstr(reply.body, "22:13:30"), *second = strstr(reply.body, "22:13:40");
  assert_true(first != NULL && second != NULL && first < second);
  reply_finish(&reply);
}

static void empty_range_is_an_empty_file(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  struct reply reply = export(twin, "?from=1000&to=2000&format=jsonl");
  assert_string_equal(reply.body, "");
  reply_finish(&reply);
}

static void reader_that_hangs_up_ends_its_export(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  record_samples(twin, START, 12000, 2000);
  struct listener *listener = twin_listen(twin, "/api/v1/miners/3/export");
  assert_true(listener_hears(listener, "at,state"));
  assert_int_equal(twin->api->exports, 1);

  listener_close(listener);
  while (twin->api->exports > 0)
    uv_run(&twin->loop, UV_RUN_ONCE);
}

static void export_that_runs_when_the_server_closes_is_no_leak(void **state) {
  struct engine *twin = *state;
  twin_add_miner(twin, 3, "Garage");
  record_samples(twin, START, 12000, 2000);
  struct listener *listener = twin_listen(twin, "/api/v1/miners/3/export");
  assert_true(listener_hears(listener, "at,state"));
  listener_close(listener); /* and at once: twin_destroy */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(csv_has_names_and_leaves_the_unknown_empty),
      TEST(json_lines_are_samples),
      TEST(long_range_comes_whole_and_in_order),
      TEST(late_sample_finds_its_place),
      TEST(empty_range_is_an_empty_file),
      TEST(reader_that_hangs_up_ends_its_export),
      TEST(export_that_runs_when_the_server_closes_is_no_leak),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
