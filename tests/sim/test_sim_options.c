#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "sim/sim_options.h"
#include "tests/sim/sim_near.h"

static bool parse(const char *const *words, struct sim_options *out, struct err *err) {
  int count = 0;
  char *argv[16] = {0};
  while (words[count] != NULL) {
    argv[count] = (char *)(uintptr_t)words[count];
    count++;
  }
  return sim_options_parse(count, argv, out, err);
}

static void without_flags_it_is_one_gamma_on_the_newest_release(void **state) {
  (void)state;
  struct sim_options options;
  struct err err = {0};

  assert_true(parse((const char *const[]){"bitaxe-sim", NULL}, &options, &err));

  assert_int_equal(options.site.count, 1);
  assert_string_equal(options.site.boards[0]->name, "gamma");
  assert_int_equal(options.site.firmwares[0].release, SIM_RELEASE(15, 0));
  assert_int_equal(options.site.first_ip, 0);
}

static void demo_is_three_different_devices(void **state) {
  (void)state;
  struct sim_options options;
  struct err err = {0};

  assert_true(
      parse((const char *const[]){"bitaxe-sim", "--profile", "demo", NULL}, &options, &err));

  assert_int_equal(options.site.count, 3);
  assert_int_equal(options.site.board_count, 3);
  assert_int_equal(options.site.firmware_count, 3);
  assert_false(options.site.fresh);
}

static void flags_are_understood(void **state) {
  (void)state;
  struct sim_options options;
  struct err err = {0};

  assert_true(
      parse((const char *const[]){"bitaxe-sim", "--count", "500", "--addresses", "127.1.0.0",
                                  "--port", "8100", "--model", "hex,GT", "--firmware", "2.6,2.12.1",
                                  "--speed", "2.5", "--parent-watch", NULL},
            &options, &err));

  assert_int_equal(options.site.count, 500);
  assert_int_equal(options.site.first_ip, 0x7f010000);
  assert_int_equal(options.site.port, 8100);
  assert_string_equal(options.site.boards[1]->name, "gt");
  assert_string_equal(options.site.firmwares[1].version, "v2.12.1");
  assert_near(options.site.speed, 2.5, 0);
  assert_true(options.parent_watch);
}

static void wrong_flags_are_refused_in_words(void **state) {
  (void)state;
  static const char *const wrong[][4] = {
      {"bitaxe-sim", "--flood", "1", NULL},       {"bitaxe-sim", "--count", NULL},
      {"bitaxe-sim", "--count", "many", NULL},    {"bitaxe-sim", "--port", "70000", NULL},
      {"bitaxe-sim", "--model", "toaster", NULL}, {"bitaxe-sim", "--model", "", NULL},
      {"bitaxe-sim", "--firmware", "1.0", NULL},  {"bitaxe-sim", "--addresses", "10.0.0.1", NULL},
      {"bitaxe-sim", "--speed", "-1", NULL},      {"bitaxe-sim", "--profile", "farm", NULL},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    struct sim_options options;
    struct err err = {0};

    assert_false(parse(wrong[i], &options, &err));

    assert_int_equal(err.code, ERR_INVALID);
    assert_string_not_equal(err.text, "");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(without_flags_it_is_one_gamma_on_the_newest_release),
      cmocka_unit_test(demo_is_three_different_devices),
      cmocka_unit_test(flags_are_understood),
      cmocka_unit_test(wrong_flags_are_refused_in_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
