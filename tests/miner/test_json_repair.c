#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "miner/json_repair.h"

static void bare_numbers_that_are_none_become_null(void **state) {
  (void)state;
  static const char *const rows[][2] = {
      {"{\"a\":nan}", "{\"a\":null}"},
      {"[NaN,-inf,+Infinity,INF]", "[null,null,null,null]"},
      {"{\"a\":-nan, \"b\":1}", "{\"a\":null, \"b\":1}"},
      {"nan", "null"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct buf out;
    buf_init(&out);

    bool repaired = json_repair_numbers(&out, rows[i][0], strlen(rows[i][0]));

    assert_true(repaired);
    assert_string_equal(out.data, rows[i][1]);
    buf_finish(&out);
  }
}

static void strings_and_longer_words_are_left_alone(void **state) {
  (void)state;
  static const char *const rows[] = {"{\"nan\":\"inf, nan\"}",
                                     "[\"a\\\"nan\"]",
                                     "[nanometre]",
                                     "[banana]",
                                     "{\"a\":1}",
                                     "",
                                     "\"nan"};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct buf out;
    buf_init(&out);

    assert_false(json_repair_numbers(&out, rows[i], strlen(rows[i])));
    assert_int_equal(out.length, 0);
    buf_finish(&out);
  }
}

static void a_text_is_cut_when_something_stays_open(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool cut;
  } rows[] = {{"{\"a\":1", true},   {"{\"a\":\"b", true}, {"[1,[2]", true}, {"{\"a\\", true},
              {"{\"a\":1}", false}, {"{\"a\":,}", false}, {"}}}", false},   {"", false}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_int_equal(json_repair_is_cut(rows[i].text, strlen(rows[i].text)), rows[i].cut);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bare_numbers_that_are_none_become_null),
      cmocka_unit_test(strings_and_longer_words_are_left_alone),
      cmocka_unit_test(a_text_is_cut_when_something_stays_open),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
