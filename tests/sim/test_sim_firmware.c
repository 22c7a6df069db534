#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "sim/sim_firmware.h"

static void a_minor_release_stands_for_its_usual_patch(void **state) {
  (void)state;
  struct sim_firmware firmware;
  struct err err = {0};

  assert_true(sim_firmware_parse("2.12", &firmware, &err));

  assert_int_equal(firmware.release, SIM_RELEASE(12, 2));
  assert_string_equal(firmware.version, "v2.12.2");
}

static void an_exact_release_is_taken_as_it_is(void **state) {
  (void)state;
  struct sim_firmware firmware;
  struct err err = {0};

  assert_true(sim_firmware_parse("v2.1.10", &firmware, &err));

  assert_int_equal(firmware.release, SIM_RELEASE(1, 10));
  assert_string_equal(firmware.version, "v2.1.10");
}

static void what_is_no_release_is_refused_in_words(void **state) {
  (void)state;
  static const char *const wrong[] = {"", "2", "2.", "2.16", "3.1", "2.12.", "2.1.100", "2.1x"};
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    struct sim_firmware firmware;
    struct err err = {0};

    assert_false(sim_firmware_parse(wrong[i], &firmware, &err));

    assert_int_equal(err.code, ERR_INVALID);
    assert_string_not_equal(err.text, "");
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_minor_release_stands_for_its_usual_patch),
      cmocka_unit_test(an_exact_release_is_taken_as_it_is),
      cmocka_unit_test(what_is_no_release_is_refused_in_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
