#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/metrics/exposition.h"
#include "api/metrics/scrape.h"
#include "api/twin.h"

static int set_up(void **state) {
  *state = twin_create(NULL);
  return 0;
}

static int tear_down(void **state) {
  twin_destroy(*state);
  return 0;
}

static void add_miners(struct engine *twin, int count) {
  for (int id = 1; id <= count; id++) {
    char name[32];
    snprintf(name, sizeof name, "Miner %d", id);
    twin_add_miner(twin, id, name);
  }
}

/* What is told of this process is another thing each time. */
static void cut_process(char *text) {
  char *at = strstr(text, "# HELP process_cpu_seconds");
  assert_non_null(at);
  *at = '\0';
}

/* The whole text, made in pieces of about `size` bytes; `pieces` gets how many. Heap. */
static char *scrape_by(struct engine *twin, size_t size, int *pieces) {
  struct scrape *scrape = scrape_create(twin->api, true);
  struct buf whole, piece;
  bool more;
  buf_init(&whole);
  buf_init(&piece);
  *pieces = 0;
  do {
    buf_clear(&piece);
    more = scrape_more(scrape, &piece, size);
    buf_append(&whole, piece.data, piece.length);
    (*pieces)++;
  } while (more);
  scrape_destroy(scrape);
  buf_finish(&piece);
  return buf_take(&whole, NULL);
}

static void pieces_say_what_the_whole_says(void **state) {
  struct engine *twin = *state;
  int one, many;
  add_miners(twin, 30);

  char *whole = scrape_by(twin, SIZE_MAX, &one);
  char *pieces = scrape_by(twin, 1000, &many);

  assert_int_equal(one, 1);
  assert_true(many > 50);
  assert_non_null(strstr(pieces, "# EOF\n"));
  cut_process(whole);
  cut_process(pieces);
  assert_string_equal(whole, pieces);
  free(whole);
  free(pieces);
}

static void a_miner_that_goes_meanwhile_is_missing_from_there_on(void **state) {
  struct engine *twin = *state;
  add_miners(twin, 3);
  struct scrape *scrape = scrape_create(twin->api, false);
  struct buf text;
  buf_init(&text);
  assert_true(scrape_more(scrape, &text, 1));

  fleet_remove(twin->fleet, 2);
  twin_add_miner(twin, 9, "Late");
  assert_false(scrape_more(scrape, &text, SIZE_MAX));

  assert_non_null(strstr(text.data, "bitaxe_info{miner=\"Miner 1\""));
  assert_null(strstr(text.data, "bitaxe_info{miner=\"Miner 2\""));
  assert_null(strstr(text.data, "Late"));
  scrape_destroy(scrape);
  buf_finish(&text);
}

/* Takes the framing of a chunked body off, in place. */
static void join_chunks(char *body) {
  char *out = body;
  size_t length;
  while ((length = strtoul(body, &body, 16)) > 0) {
    assert_memory_equal(body, "\r\n", 2);
    memmove(out, body + 2, length);
    out += length;
    body += 2 + length + 2;
  }
  *out = '\0';
}

static void a_large_fleet_is_answered_in_pieces(void **state) {
  struct engine *twin = *state;
  char encoding[256];
  int one;
  add_miners(twin, 100);

  struct reply reply =
      twin_ask(twin, "GET", "/metrics", "Accept: application/openmetrics-text\r\n", "");

  char *whole = scrape_by(twin, SIZE_MAX, &one);
  char *told = reply.raw.data + (reply.body - reply.raw.data);
  assert_int_equal(reply.status, 200);
  assert_string_equal(reply_header(&reply, "Transfer-Encoding", encoding), "chunked");
  join_chunks(told);
  cut_process(whole);
  cut_process(told);
  assert_string_equal(told, whole);
  free(whole);
  reply_finish(&reply);
}

static void the_head_of_a_large_scrape_has_no_body(void **state) {
  struct engine *twin = *state;
  add_miners(twin, 100);

  struct reply reply = twin_ask(twin, "HEAD", "/metrics", "", "");

  assert_int_equal(reply.status, 200);
  assert_string_equal(reply.body, "");
  reply_finish(&reply);
}

/* Given a Prometheus that hangs up in the middle, again and again. */
static void a_scrape_that_is_left_makes_room_for_the_next(void **state) {
  struct engine *twin = *state;
  add_miners(twin, 100);

  for (int i = 0; i < 20; i++) {
    struct listener *prometheus = twin_listen(twin, "/metrics");
    assert_true(listener_hears(prometheus, "bitaxe_up"));
    listener_close(prometheus);
  }

  struct reply reply = twin_get(twin, "/metrics");
  assert_int_equal(reply.status, 200);
  reply_finish(&reply);
}

static void values_are_written_as_they_are(void **state) {
  (void)state;
  static const struct exposition_family family = {"x", "h", EXPOSITION_GAUGE};
  static const double values[] = {0, 1, -3, 0.25, 1e14, 1e15, 1.5e18, -1e-3};
  struct buf text;
  struct exposition out = {.out = &text};
  buf_init(&text);

  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    exposition_value(&out, &family, "", values[i]);

  assert_string_equal(text.data, "x 0\nx 1\nx -3\nx 0.25\nx 100000000000000\nx 1e+15\n"
                                 "x 1.5e+18\nx -0.001\n");
  buf_finish(&text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(pieces_say_what_the_whole_says),
      TEST(a_miner_that_goes_meanwhile_is_missing_from_there_on),
      TEST(a_large_fleet_is_answered_in_pieces),
      TEST(the_head_of_a_large_scrape_has_no_body),
      TEST(a_scrape_that_is_left_makes_room_for_the_next),
      cmocka_unit_test(values_are_written_as_they_are),
  };
  return cmocka_run_group_tests_name("scrape", tests, NULL, NULL);
}
