#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "app/dotenv.h"

static void lines_quotes_and_comments_are_understood(void **state) {
  (void)state;
  const char *text = "\xef\xbb\xbf# settings\r\nA=1\nexport B = two words # note\n"
                     "C='single # kept'\nD=\"double\"\n\nE=\nA=3\n";
  struct dotenv env;
  struct err err;

  assert_true(dotenv_parse(&env, text, &err));

  assert_string_equal(dotenv_get(&env, "A"), "3"); /* the last line counts */
  assert_string_equal(dotenv_get(&env, "B"), "two words");
  assert_string_equal(dotenv_get(&env, "C"), "single # kept");
  assert_string_equal(dotenv_get(&env, "D"), "double");
  assert_null(dotenv_get(&env, "E")); /* empty is absent */
  assert_null(dotenv_get(&env, "F"));
  dotenv_finish(&env);
}

static void the_environment_wins_over_the_file(void **state) {
  (void)state;
  struct dotenv env;
  struct err err;
  assert_true(dotenv_parse(&env, "BM_TEST_VALUE=file\n", &err));

  setenv("BM_TEST_VALUE", "environment", 1);

  assert_string_equal(dotenv_get(&env, "BM_TEST_VALUE"), "environment");
  unsetenv("BM_TEST_VALUE");
  assert_string_equal(dotenv_get(&env, "BM_TEST_VALUE"), "file");
  dotenv_finish(&env);
}

static void a_broken_line_is_named(void **state) {
  (void)state;
  static const struct {
    const char *text, *words;
  } cases[] = {{"A=1\nnonsense\n", "line 2"}, {"1A=2\n", "no name"}, {"A=\"open\n", "quote"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct dotenv env;
    struct err err;

    assert_false(dotenv_parse(&env, cases[i].text, &err));

    assert_int_equal(err.code, ERR_INVALID);
    assert_non_null(strstr(err.text, cases[i].words));
    dotenv_finish(&env);
  }
}

static void a_missing_file_is_an_empty_one(void **state) {
  (void)state;
  struct dotenv env;
  struct err err;

  assert_true(dotenv_load(&env, "/nonexistent/folder/.env", &err));

  assert_null(env.first);
  dotenv_finish(&env);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lines_quotes_and_comments_are_understood),
      cmocka_unit_test(the_environment_wins_over_the_file),
      cmocka_unit_test(a_broken_line_is_named),
      cmocka_unit_test(a_missing_file_is_an_empty_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
