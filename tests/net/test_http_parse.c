#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <string.h>

#include "net/http_parse.h"

static int set_up(void **state) {
  static struct arena arena;
  arena_init(&arena, 0);
  *state = &arena;
  return 0;
}

static int tear_down(void **state) {
  arena_finish(*state);
  return 0;
}

static void target_is_split_and_its_path_decoded(void **state) {
  struct http_target target;

  assert_true(http_parse_target("/a%20b/%C3%BC?x=%20&y", *state, &target));

  assert_string_equal(target.path, "/a b/\xc3\xbc");
  assert_string_equal(target.query, "x=%20&y");
}

static void plus_in_a_path_stays_a_plus(void **state) {
  struct http_target target;
  assert_true(http_parse_target("/a+b", *state, &target));
  assert_string_equal(target.path, "/a+b");
  assert_string_equal(target.query, "");
}

static void whole_url_as_target_loses_its_host(void **state) {
  struct http_target target;
  assert_true(http_parse_target("HTTP://monitor:8000/x?y=1", *state, &target));
  assert_string_equal(target.path, "/x");
  assert_string_equal(target.query, "y=1");
}

static void broken_targets_are_refused(void **state) {
  static const char *const broken[] = {"",
                                       "*",
                                       "x",
                                       "?x",
                                       "/%",
                                       "/%4",
                                       "/%zz",
                                       "/%4g",
                                       "/%00",
                                       "/a%00.html",
                                       "http://host",
                                       "/%%41",
                                       "http://host?x=/y"};
  for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
    struct http_target target;
    if (http_parse_target(broken[i], *state, &target))
      fail_msg("\"%s\" was accepted as \"%s\"", broken[i], target.path);
  }
}

static void escape_at_the_very_end_is_decoded(void **state) {
  struct http_target target;
  assert_true(http_parse_target("/%41", *state, &target));
  assert_string_equal(target.path, "/A");
}

static void query_gives_decoded_values_by_decoded_name(void **state) {
  const char *query = "from=2026-11-22T10%3A00&a%5Bb%5D=1+2%2B3&flag&from=second&=x&e=";
  assert_string_equal(http_parse_query(query, "from", *state), "2026-11-22T10:00");
  assert_string_equal(http_parse_query(query, "a[b]", *state), "1 2+3");
  assert_string_equal(http_parse_query(query, "flag", *state), "");
  assert_string_equal(http_parse_query(query, "e", *state), "");
  assert_null(http_parse_query(query, "fro", *state));
  assert_null(http_parse_query(query, "to", *state));
  assert_null(http_parse_query("", "to", *state));
}

static void broken_query_value_counts_as_missing(void **state) {
  assert_null(http_parse_query("n=%0", "n", *state));
  assert_null(http_parse_query("n=%00", "n", *state));
  assert_null(http_parse_query("%zz=1&m=2", "%zz", *state));
  assert_string_equal(http_parse_query("%zz=1&m=2", "m", *state), "2");
}

static int status_of(const char *const *headers, const char *version) {
  struct http_headers_seen seen = {0};
  for (; headers[0] != NULL; headers += 2)
    http_parse_header(&seen, headers[0], headers[1]);
  const struct http_refusal *refusal = http_parse_judge(&seen, version);
  return refusal == NULL ? 0 : refusal->status;
}

#define STATUS(version, ...) status_of((const char *const[]){__VA_ARGS__, NULL}, version)

static void ordinary_headers_pass(void **state) {
  (void)state;
  assert_int_equal(STATUS("HTTP/1.1", "Host", "x"), 0);
  assert_int_equal(STATUS("HTTP/1.1", "Host", "x", "Content-Length", "5"), 0);
  assert_int_equal(STATUS("HTTP/1.1", "Host", "x", "transfer-encoding", "Chunked"), 0);
}

static void headers_with_two_readings_are_refused(void **state) {
  (void)state;
  assert_int_equal(STATUS("HTTP/1.1", "Content-Length", "5", "Transfer-Encoding", "chunked"), 400);
  assert_int_equal(STATUS("HTTP/1.1", "Content-Length", "5", "content-length", "5"), 400);
  assert_int_equal(
      STATUS("HTTP/1.1", "Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"), 400);
  assert_int_equal(STATUS("HTTP/1.1", "Transfer-Encoding", "gzip, chunked"), 501);
  assert_int_equal(STATUS("HTTP/1.0", "Transfer-Encoding", "chunked"), 400);
  assert_int_equal(STATUS("HTTP/1.1", "Host", "a", "Host", "b"), 400);
  assert_int_equal(STATUS("HTTP/1.1", "Content-Length ", "5"), 400);
  assert_int_equal(STATUS("HTTP/1.1", "", "5"), 400);
}

static void declared_length_is_read_and_saturates(void **state) {
  (void)state;
  struct http_headers_seen none = {0}, some = {0}, huge = {0};
  size_t length = 7;
  http_parse_header(&some, "Content-Length", "1234");
  http_parse_header(&huge, "Content-Length", "99999999999999999999999");

  assert_false(http_parse_length(&none, &length));
  assert_int_equal(length, 7);
  assert_true(http_parse_length(&some, &length));
  assert_int_equal(length, 1234);
  assert_true(http_parse_length(&huge, &length));
  assert_true(length == SIZE_MAX);
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_ARENA(target_is_split_and_its_path_decoded),
      WITH_ARENA(plus_in_a_path_stays_a_plus),
      WITH_ARENA(whole_url_as_target_loses_its_host),
      WITH_ARENA(broken_targets_are_refused),
      WITH_ARENA(escape_at_the_very_end_is_decoded),
      WITH_ARENA(query_gives_decoded_values_by_decoded_name),
      WITH_ARENA(broken_query_value_counts_as_missing),
      cmocka_unit_test(ordinary_headers_pass),
      cmocka_unit_test(headers_with_two_readings_are_refused),
      cmocka_unit_test(declared_length_is_read_and_saturates),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
