#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "model/picture_ref.h"

static void a_reference_comes_back_as_it_was_written(void **state) {
  (void)state;
  const struct picture_ref ref = {PICTURE_HASHRATE, INT64_C(1795276800000), INT64_C(1795363200000),
                                  17};
  struct picture_ref read;
  char text[PICTURE_REF_SIZE];

  picture_ref_format(&ref, text);
  bool ok = picture_ref_parse(text, &read);

  assert_string_equal(text, "hashrate 1795276800000 1795363200000 17");
  assert_true(ok);
  assert_int_equal(read.kind, PICTURE_HASHRATE);
  assert_true(read.from_ms == ref.from_ms && read.to_ms == ref.to_ms);
  assert_int_equal(read.miner_id, 17);
}

static void no_picture_is_no_text(void **state) {
  (void)state;
  char text[PICTURE_REF_SIZE];
  struct picture_ref read;

  picture_ref_format(&(struct picture_ref){.kind = PICTURE_NONE}, text);

  assert_string_equal(text, "");
  assert_false(picture_ref_parse(text, &read));
  assert_int_equal(read.kind, PICTURE_NONE);
}

static void what_is_no_reference_shows_nothing(void **state) {
  (void)state;
  static const char *const texts[] = {
      "hashrate",         "hashrate 1 2",    "hashrate 2 1 0",
      "hashrate 1 2 -3",  "hashrate 1 2 x",  "oil 1 2 0",
      "hashrate 1 2 0 4", "hashrate  1 2 0", "hashrate 1 99999999999999999999999 0",
  };
  struct picture_ref read;

  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    assert_false(picture_ref_parse(texts[i], &read));
    assert_int_equal(read.kind, PICTURE_NONE);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_reference_comes_back_as_it_was_written),
      cmocka_unit_test(no_picture_is_no_text),
      cmocka_unit_test(what_is_no_reference_shows_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
