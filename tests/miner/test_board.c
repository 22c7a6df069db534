#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "miner/board.h"

static void every_board_is_named_as_people_name_it(void **state) {
  (void)state;
  static const struct {
    struct board_clues clues;
    const char *name;
  } rows[] = {
      {{.board_version = "2.2", .asic_model = "BM1397"}, "Bitaxe Max 2.2"},
      {{.board_version = "204", .asic_model = "BM1366"}, "Bitaxe Ultra 204"},
      {{.board_version = "302", .asic_model = "BM1366", .asic_count = 6}, "Bitaxe Hex 302"},
      {{.board_version = "302", .asic_model = "BM1366", .asic_count = 9}, "LuckyMiner LV08"},
      {{.board_version = "301", .asic_model = "BM1366"}, "LuckyMiner LV07"},
      {{.board_version = "301_", .asic_model = "BM1366"}, "LuckyMiner LV06"},
      {{.miner_model = "LV06"}, "LuckyMiner LV06"},
      {{.board_version = "402", .asic_model = "BM1368"}, "Bitaxe Supra 402"},
      {{.board_version = "601", .asic_model = "BM1370"}, "Bitaxe Gamma 601"},
      {{.board_version = "650", .asic_model = "BM1370XP"}, "Bitaxe Gamma Duo 650"},
      {{.board_version = "702", .asic_model = "BM1368"}, "Bitaxe Supra Hex 702"},
      {{.board_version = "702", .firmware = "2.7.0-TCH-All-In-One"},
       "Bitaxe Supra Hex 702 (TinyChipHub firmware)"},
      {{.board_version = "801", .asic_model = "BM1370"}, "Bitaxe GT 801"},
      {{.board_version = "800", .firmware = "v2.12.2"}, "Bitaxe GT 800"},
      {{.board_version = "800", .firmware = "v1.5"}, "BitForge Nano"},
      {{.board_version = "800", .two_chip_temps = true}, "BitForge Nano"},
      {{.device_model = "BITFORGE_NANO"}, "BitForge Nano"},
      {{.device_model = "NerdQAxe++", .asic_model = "BM1370"}, "NerdQAxe++"},
      {{.device_model = "NerdQAxePlus"}, "NerdQAxe+"},
      {{.device_model = "NerdOCTAXE-γ"}, "NerdOCTAXE-γ"},
      {{.device_model = "Hydro 3000"}, "Hydro 3000"},
      {{.asic_model = "BM1366", .firmware = "v2.0.3"}, "Bitaxe Ultra"},
      {{.asic_model = "BM1366", .firmware = "v2.8.0"}, "AxeOS miner (BM1366)"},
      {{.board_version = "601", .asic_model = "BM1368"}, "AxeOS miner (BM1368)"},
      {{.board_version = ""}, "AxeOS miner"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char name[MINER_TEXT_MAX];

    board_write_name(board_find(&rows[i].clues), &rows[i].clues, name);

    assert_string_equal(name, rows[i].name);
  }
}

static void a_very_long_foreign_name_is_cut_to_fit(void **state) {
  (void)state;
  char long_name[300], name[MINER_TEXT_MAX];
  memset(long_name, 'x', sizeof long_name - 1);
  long_name[sizeof long_name - 1] = '\0';
  struct board_clues clues = {.device_model = long_name};

  board_write_name(NULL, &clues, name);

  assert_int_equal(strlen(name), MINER_TEXT_MAX - 1);
}

static void expected_hashrate_is_what_the_vendors_print(void **state) {
  (void)state;
  assert_int_equal((int)round(board_expected_ghs(425, board_small_cores("BM1397"), 1)), 286);
  assert_int_equal((int)round(board_expected_ghs(485, board_small_cores("BM1366"), 1)), 434);
  assert_int_equal((int)round(board_expected_ghs(490, board_small_cores("BM1368"), 1)), 625);
  assert_int_equal((int)round(board_expected_ghs(525, board_small_cores("BM1370"), 1)), 1071);
  assert_int_equal((int)round(board_expected_ghs(525, board_small_cores("BM1370XP"), 2)), 2142);
  assert_int_equal((int)round(board_expected_ghs(327, board_small_cores("BM1372/BM1373"), 1)),
                   2199);
}

static void expected_hashrate_is_unknown_when_any_part_is(void **state) {
  (void)state;
  assert_true(isnan(board_expected_ghs(0, 2040, 1)));
  assert_true(isnan(board_expected_ghs(NAN, 2040, 1)));
  assert_true(isnan(board_expected_ghs(525, 0, 1)));
  assert_true(isnan(board_expected_ghs(525, 2040, 0)));
}

static void warnings_begin_where_the_chip_wants_them(void **state) {
  (void)state;
  static const struct {
    const char *chip;
    double warn_c;
  } rows[] = {{"BM1370", 68}, {"BM1368", 70}, {"BM1366", 70}, {"BM1397", 75}, {"BM9999", 70}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    struct miner_limits limits;

    board_limits(NULL, rows[i].chip, 5, &limits);

    assert_true(limits.chip_warn_c == rows[i].warn_c);
    assert_true(limits.chip_trip_c == 75);
    assert_true(limits.vr_warn_c == 95 && limits.vr_trip_c == 105);
    assert_true(limits.input_min_mv == 4750);
  }
}

static void input_limits_of_an_unknown_rail_are_unknown(void **state) {
  (void)state;
  struct miner_limits limits;

  board_limits(NULL, NULL, 0, &limits);

  assert_true(isnan(limits.input_min_mv));
  assert_true(isnan(limits.input_max_mv));
  assert_true(isnan(limits.power_max_w));
}

static void only_made_up_names_are_generic(void **state) {
  (void)state;
  assert_true(board_is_generic(""));
  assert_true(board_is_generic("AxeOS miner (BM1370)"));
  assert_false(board_is_generic("Bitaxe Gamma 601"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_board_is_named_as_people_name_it),
      cmocka_unit_test(a_very_long_foreign_name_is_cut_to_fit),
      cmocka_unit_test(expected_hashrate_is_what_the_vendors_print),
      cmocka_unit_test(expected_hashrate_is_unknown_when_any_part_is),
      cmocka_unit_test(warnings_begin_where_the_chip_wants_them),
      cmocka_unit_test(input_limits_of_an_unknown_rail_are_unknown),
      cmocka_unit_test(only_made_up_names_are_generic),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
