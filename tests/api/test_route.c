/* Which route a path leads to, and that the tables and the contract agree. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "api/route.h"
#include "base/embed.h"
#include "base/json.h"

extern const struct embedded_file api_contract[];

static void pattern_without_name_fits_its_path_alone(void **state) {
  (void)state;
  struct route_params params;
  assert_true(route_match("/a/b", "/a/b", &params));
  assert_null(params.at[0]);
  assert_false(route_match("/a/b", "/a/bc", &params));
  assert_false(route_match("/a/b", "/a/", &params));
  assert_false(route_match("/a/b", "/a/b/", &params));
}

static void name_in_a_pattern_takes_one_whole_segment(void **state) {
  (void)state;
  struct route_params params;
  assert_true(route_match("/m/{id}/x", "/m/12/x", &params));
  assert_int_equal(params.length[0], 2);
  assert_memory_equal(params.at[0], "12", 2);
  assert_null(params.at[1]);
  assert_true(route_match("/m/{id}", "/m/12", &params));
  assert_false(route_match("/m/{id}", "/m/", &params));
  assert_false(route_match("/m/{id}", "/m/12/", &params));
  assert_false(route_match("/m/{id}/x", "/m//x", &params));
}

static void pattern_may_have_two_names(void **state) {
  (void)state;
  struct route_params params;
  assert_true(route_match("/m/{id}/r/{rule}", "/m/12/r/heat", &params));
  assert_int_equal(params.length[0], 2);
  assert_memory_equal(params.at[0], "12", 2);
  assert_int_equal(params.length[1], 4);
  assert_memory_equal(params.at[1], "heat", 4);
  assert_false(route_match("/m/{id}/r/{rule}", "/m/12/r/", &params));
  assert_false(route_match("/m/{id}/r/{rule}", "/m/12/r/heat/x", &params));
}

static void path_with_another_method_lists_what_is_allowed(void **state) {
  (void)state;
  struct buf allow;
  buf_init(&allow);
  struct route_params params;
  assert_null(route_find("PUT", "/api/v1/miners", &params, &allow));
  assert_string_equal(allow.data, "GET, HEAD, POST, OPTIONS");
  buf_clear(&allow);
  assert_null(route_find("GET", "/nowhere", &params, &allow));
  assert_int_equal(allow.length, 0);
  buf_finish(&allow);
}

static void head_finds_the_get_route(void **state) {
  (void)state;
  struct buf allow;
  buf_init(&allow);
  struct route_params params;
  const struct route *route = route_find("HEAD", "/metrics", &params, &allow);
  assert_non_null(route);
  assert_string_equal(route->method, "GET");
  buf_finish(&allow);
}

static void every_route_has_what_its_kind_needs(void **state) {
  (void)state;
  for (const struct route *const *table = route_tables; *table != NULL; table++) {
    for (const struct route *route = *table; route->method != NULL; route++) {
      bool stored = route->kind == ROUTE_STORED;
      assert_int_equal(stored, route->plan != NULL && route->query != NULL);
      assert_int_equal(!stored, route->answer != NULL);
      bool reads = strcmp(route->method, "GET") == 0;
      assert_int_equal(reads, route->kind != ROUTE_WRITE);
    }
  }
}

/* ------------------------------------------------------------ the contract */

struct comparison {
  const struct json *paths;
  int routes;
};

static void find_in_contract(const char *method, const char *pattern, void *arg) {
  struct comparison *comparison = arg;
  char key[16];
  size_t i = 0;
  for (; method[i] != '\0'; i++)
    key[i] = (char)(method[i] | 0x20);
  key[i] = '\0';
  if (json_get(json_get(comparison->paths, pattern), key) == NULL)
    fail_msg("%s %s is not in api/openapi.yaml", method, pattern);
  comparison->routes++;
}

static bool is_operation(const char *key) {
  static const char *const methods[] = {"get", "put", "post", "delete", "patch", "head", "options"};
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    if (strcmp(key, methods[i]) == 0)
      return true;
  }
  return false;
}

static void routes_and_contract_agree_in_both_directions(void **state) {
  (void)state;
  struct err err;
  struct json *contract =
      json_parse((const char *)api_contract[0].data, api_contract[0].length, NULL, &err);
  assert_non_null(contract);
  struct comparison comparison = {.paths = json_get(contract, "paths")};

  api_each_route(find_in_contract, &comparison);

  /* Each route was found, so equal numbers leave none that only the contract has. */
  int described = 0;
  for (const struct json *path = json_first(comparison.paths); path != NULL; path = json_next(path))
    for (const struct json *item = json_first(path); item != NULL; item = json_next(item))
      described += is_operation(json_key(item));
  assert_int_equal(described, comparison.routes);
  assert_true(described > 20);
  json_free(contract);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pattern_without_name_fits_its_path_alone),
      cmocka_unit_test(name_in_a_pattern_takes_one_whole_segment),
      cmocka_unit_test(pattern_may_have_two_names),
      cmocka_unit_test(path_with_another_method_lists_what_is_allowed),
      cmocka_unit_test(head_finds_the_get_route),
      cmocka_unit_test(every_route_has_what_its_kind_needs),
      cmocka_unit_test(routes_and_contract_agree_in_both_directions),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
