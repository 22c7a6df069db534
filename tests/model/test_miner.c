#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include "model/miner.h"
#include <cmocka.h>

static void every_spelling_of_a_mac_becomes_the_same_text(void **state) {
  (void)state;
  static const char *const spellings[] = {
      "aa:bb:cc:00:11:2f", "AA:BB:CC:00:11:2F", "aa-bb-cc-00-11-2f",
      "aabb.cc00.112f",    "AABBCC00112F",      "aa bb cc 00 11 2f",
  };
  for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
    char mac[MINER_MAC_SIZE];

    assert_true(miner_normalise_mac(spellings[i], mac));
    assert_string_equal(mac, "aa:bb:cc:00:11:2f");
  }
}

static void what_is_no_mac_gives_empty_text(void **state) {
  (void)state;
  static const char *const texts[] = {
      "",
      "aa:bb:cc:00:11",
      "aa:bb:cc:00:11:2f:00",
      "aa:bb:cc:00:11:2g",
      "00:00:00:00:00:00",
      "FF:FF:FF:FF:FF:FF",
      "aabbcc00112faabbcc00112faabbcc00112f",
      "not a mac",
  };
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    char mac[MINER_MAC_SIZE] = "before";

    assert_false(miner_normalise_mac(texts[i], mac));
    assert_string_equal(mac, "");
  }
  char mac[MINER_MAC_SIZE];
  assert_false(miner_normalise_mac(NULL, mac));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_spelling_of_a_mac_becomes_the_same_text),
      cmocka_unit_test(what_is_no_mac_gives_empty_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
