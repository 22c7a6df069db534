#include "miner/board.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "model/metric.h"

static const char generic_name[] = "AxeOS miner";

/* Idle power: INA260 boards measure 2 to 5 W, the others add a constant of 5 W
 * (5 V boards), 10 W (GT), 12 W (Hex) or 25 W (Supra Hex) to what they measure. */
enum { IDLE_W = 5, IDLE_GT_W = 10, IDLE_HEX_W = 12, IDLE_SUPRA_HEX_W = 25 };

#define ROW(key, family, name, chip, count, mhz, mv, rail, power, idle)                            \
  { key, family, name, chip, count, rail, mhz, mv, power, idle, false }
#define NERD(key, chip, count, mhz, mv, rail, power)                                               \
  { key, key, key, chip, count, rail, mhz, mv, power, IDLE_W, true }

/* clang-format off */
static const struct board boards[] = {
  ROW("2.2",  "Max",        "Bitaxe Max",       "BM1397", 1, 425, 1400,  5,  25, IDLE_W),
  ROW("102",  "Max",        "Bitaxe Max",       "BM1397", 1, 425, 1400,  5,  25, IDLE_W),
  ROW("0.11", "Ultra",      "Bitaxe Ultra",     "BM1366", 1, 485, 1200,  5,  25, IDLE_W),
  ROW("201",  "Ultra",      "Bitaxe Ultra",     "BM1366", 1, 485, 1200,  5,  25, IDLE_W),
  ROW("202",  "Ultra",      "Bitaxe Ultra",     "BM1366", 1, 485, 1200,  5,  25, IDLE_W),
  ROW("203",  "Ultra",      "Bitaxe Ultra",     "BM1366", 1, 485, 1200,  5,  25, IDLE_W),
  ROW("204",  "Ultra",      "Bitaxe Ultra",     "BM1366", 1, 485, 1200,  5,  25, IDLE_W),
  ROW("205",  "Ultra",      "Bitaxe Ultra",     "BM1366", 1, 485, 1200,  5,  25, IDLE_W),
  ROW("207",  "Ultra",      "Bitaxe Ultra",     "BM1366", 1, 485, 1200,  5,  25, IDLE_W),
  ROW("302",  "Hex",        "Bitaxe Hex",       "BM1366", 6, 485, 1200, 12,  90, IDLE_HEX_W),
  ROW("303",  "Hex",        "Bitaxe Hex",       "BM1366", 6, 485, 1200, 12,  90, IDLE_HEX_W),
  ROW("400",  "Supra",      "Bitaxe Supra",     "BM1368", 1, 490, 1166,  5,  40, IDLE_W),
  ROW("401",  "Supra",      "Bitaxe Supra",     "BM1368", 1, 490, 1166,  5,  40, IDLE_W),
  ROW("402",  "Supra",      "Bitaxe Supra",     "BM1368", 1, 490, 1166,  5,  40, IDLE_W),
  ROW("403",  "Supra",      "Bitaxe Supra",     "BM1368", 1, 490, 1166,  5,  40, IDLE_W),
  ROW("600",  "Gamma",      "Bitaxe Gamma",     "BM1370", 1, 525, 1150,  5,  40, IDLE_W),
  ROW("601",  "Gamma",      "Bitaxe Gamma",     "BM1370", 1, 525, 1150,  5,  40, IDLE_W),
  ROW("602",  "Gamma",      "Bitaxe Gamma",     "BM1370", 1, 525, 1150,  5,  40, IDLE_W),
  ROW("603",  "Gamma",      "Bitaxe Gamma",     "BM1370", 1, 525, 1150,  5,  40, IDLE_W),
  ROW("650",  "GammaDuo",   "Bitaxe Gamma Duo", "BM1370", 2, 400, 1150,  5,  40, IDLE_W),
  ROW("701",  "SupraHex",   "Bitaxe Supra Hex", "BM1368", 6, 490, 1166, 12, 120, IDLE_SUPRA_HEX_W),
  ROW("702",  "SupraHex",   "Bitaxe Supra Hex", "BM1368", 6, 490, 1166, 12, 120, IDLE_SUPRA_HEX_W),
  ROW("800",  NULL,         "Bitaxe GT",        "BM1370", 2, 525, 1150, 12,  60, IDLE_GT_W),
  ROW("801",  "GammaTurbo", "Bitaxe GT",        "BM1370", 2, 525, 1150, 12,  60, IDLE_GT_W),
  /* Seen in the field, not in the firmware's own table. */
  ROW("1201", "NajaDuo",    "Naja Duo",         "BM1373", 2, 327, 1000, 12,   0, IDLE_W),
  ROW("1300", "GammaHex",   "Bitaxe Gamma Hex", "BM1370", 6, 525, 1150, 12, 120, IDLE_HEX_W),

  NERD("NerdAxe",      "BM1366",  1, 485, 1200,  5,  15),
  NERD("NerdAxeGamma", "BM1370",  1, 515, 1150,  5,  25),
  NERD("NerdQAxe+",    "BM1368",  4, 490, 1250, 12,  70),
  NERD("NerdQAxe++",   "BM1370",  4, 600, 1150, 12, 100),
  NERD("NerdOCTAXE+",  "BM1368",  8, 490, 1250, 12, 130),
  NERD("NerdOCTAXE-γ", "BM1370",  8, 600, 1150, 12, 250),
  NERD("NerdHaxe-γ",   "BM1370",  6, 600, 1150, 12, 250),
  NERD("NerdEKO",      "BM1370", 12, 600, 1150, 12, 350),
  NERD("NerdQX",       "BM1370",  4, 777, 1200, 12, 240),
  NERD("Q1370",        "BM1370",  4, 600, 1150, 12, 150),
  NERD("Q1373",        "BM1373",  1, 350, 1050,  0,   0),
  NERD("NerdAxeGaia",  "BM1373",  1, 350, 1050,  0,   0),
};

/* Never found by their board number alone: see find_look_alike. */
static const struct board lucky_lv06 =
  ROW("LV06", NULL, "LuckyMiner LV06", "BM1366", 1, 485, 1200,  0,   0, IDLE_W);
static const struct board lucky_lv07 =
  ROW("LV07", NULL, "LuckyMiner LV07", "BM1366", 2, 485, 1200, 12,   0, IDLE_W);
static const struct board lucky_lv08 =
  ROW("LV08", NULL, "LuckyMiner LV08", "BM1366", 9, 485, 1200, 12,   0, IDLE_HEX_W);
static const struct board bitforge_nano =
  ROW("BITFORGE_NANO", "BITFORGE_NANO", "BitForge Nano", "BM1370", 2, 525, 1150, 12, 60, IDLE_W);

/* Small cores per chip, and where a warning helps before the firmware trips. */
static const struct chip {
  const char *name; /* compared as a prefix */
  int small_cores;
  double warn_c;
} chips[] = {
  {"BM1397",  672, 75},
  {"BM1366",  894, 70},
  {"BM1368", 1276, 70},
  {"BM1370", 2040, 68},
  {"BM1372", 6725, 68}, /* written "BM1372/BM1373" by the firmware */
  {"BM1373", 6725, 68},
};
/* clang-format on */

static const struct chip *find_chip(const char *asic_model) {
  for (size_t i = 0; asic_model != NULL && i < sizeof chips / sizeof chips[0]; i++) {
    if (str_starts_with(asic_model, chips[i].name))
      return &chips[i];
  }
  return NULL;
}

static bool chip_fits(const struct board *board, const char *asic_model) {
  return asic_model == NULL || asic_model[0] == '\0' || str_starts_with(asic_model, board->chip);
}

static const struct board *find_key(const char *key) {
  for (size_t i = 0; key != NULL && i < sizeof boards / sizeof boards[0]; i++) {
    if (strcmp(boards[i].key, key) == 0)
      return &boards[i];
  }
  return NULL;
}

static bool contains(const char *text, const char *part) {
  return text != NULL && strcasestr(text, part) != NULL;
}

static const struct board *find_lucky(const struct board_clues *clues) {
  static const struct board *const lucky[] = {&lucky_lv06, &lucky_lv07, &lucky_lv08};
  for (size_t i = 0; i < 3; i++) {
    if (contains(clues->miner_model, lucky[i]->key))
      return lucky[i];
  }
  if (clues->asic_model != NULL && !chip_fits(&lucky_lv08, clues->asic_model))
    return NULL;
  if (str_equal(clues->board_version, "301_"))
    return &lucky_lv06;
  if (str_equal(clues->board_version, "301"))
    return &lucky_lv07;
  if (str_equal(clues->board_version, "302") && clues->asic_count == lucky_lv08.asic_count)
    return &lucky_lv08;
  return NULL;
}

static bool is_bitforge(const struct board_clues *clues) {
  if (contains(clues->device_model, "BITFORGE") || clues->two_chip_temps)
    return true;
  /* The GT prototype runs AxeOS 2.x under the same number. */
  return str_equal(clues->board_version, "800") && clues->firmware != NULL &&
         (str_starts_with(clues->firmware, "v1.") || str_starts_with(clues->firmware, "1."));
}

static bool is_missing(const char *text) {
  return text == NULL || text[0] == '\0';
}

/* AxeOS before 2.0.7 names no board, and ran on two with one chip each. */
static const struct board *find_first_generation(const struct board_clues *clues) {
  if (!is_missing(clues->board_version) || !is_missing(clues->device_model) ||
      clues->asic_count > 1 || clues->firmware == NULL || clues->asic_model == NULL)
    return NULL;
  if (!str_starts_with(clues->firmware, "v2.0") && !str_starts_with(clues->firmware, "2.0"))
    return NULL;
  if (str_equal(clues->asic_model, "BM1397"))
    return board_find_family("Max");
  return str_equal(clues->asic_model, "BM1366") ? board_find_family("Ultra") : NULL;
}

const struct board *board_find(const struct board_clues *clues) {
  const struct board *lucky = find_lucky(clues);
  if (lucky != NULL)
    return lucky;
  if (is_bitforge(clues))
    return &bitforge_nano;
  const struct board *board = find_key(clues->board_version);
  if (board == NULL)
    board = board_find_family(clues->device_model);
  if (board == NULL)
    board = find_first_generation(clues);
  /* A board number with a foreign chip is somebody else's board. */
  return board != NULL && chip_fits(board, clues->asic_model) ? board : NULL;
}

const struct board *board_find_family(const char *family) {
  if (family == NULL || family[0] == '\0')
    return NULL;
  if (strcasecmp(family, "NerdQAxePlus") == 0)
    return find_key("NerdQAxe+");
  for (size_t i = 0; i < sizeof boards / sizeof boards[0]; i++) {
    if (boards[i].family != NULL && strcmp(boards[i].family, family) == 0)
      return &boards[i];
  }
  return strcmp(family, bitforge_nano.family) == 0 ? &bitforge_nano : NULL;
}

static void write_generic(const struct board_clues *clues, char target[MINER_TEXT_MAX]) {
  const char *own = clues->device_model != NULL ? clues->device_model : clues->miner_model;
  if (own != NULL && own[0] != '\0')
    str_sanitize(target, MINER_TEXT_MAX, own, strlen(own));
  else if (clues->asic_model == NULL || clues->asic_model[0] == '\0')
    str_copy(target, MINER_TEXT_MAX, generic_name);
  else {
    char chip[MINER_TEXT_MAX / 2];
    str_sanitize(chip, sizeof chip, clues->asic_model, strlen(clues->asic_model));
    snprintf(target, MINER_TEXT_MAX, "%s (%s)", generic_name, chip);
  }
}

void board_write_name(const struct board *board, const struct board_clues *clues,
                      char target[MINER_TEXT_MAX]) {
  if (board == NULL) {
    write_generic(clues, target);
    return;
  }
  /* Bitaxes are told apart by their board number; the others carry it in the name. */
  char number[16] = "";
  if (str_starts_with(board->name, "Bitaxe") && clues->board_version != NULL)
    str_sanitize(number, sizeof number, clues->board_version, strlen(clues->board_version));
  snprintf(target, MINER_TEXT_MAX, "%s%s%s%s", board->name, number[0] != '\0' ? " " : "", number,
           contains(clues->firmware, "-TCH") ? " (TinyChipHub firmware)" : "");
}

bool board_is_generic(const char *name) {
  return name[0] == '\0' || str_starts_with(name, generic_name);
}

int board_small_cores(const char *asic_model) {
  const struct chip *chip = find_chip(asic_model);
  return chip != NULL ? chip->small_cores : 0;
}

double board_expected_ghs(double frequency_mhz, int small_cores, int asic_count) {
  if (!(frequency_mhz > 0) || small_cores <= 0 || asic_count <= 0)
    return METRIC_UNKNOWN;
  return frequency_mhz * small_cores * asic_count / 1000;
}

void board_limits(const struct board *board, const char *asic_model, int rail_v,
                  struct miner_limits *limits) {
  const struct chip *chip = find_chip(board != NULL ? board->chip : asic_model);
  bool nerdos = board != NULL && board->nerdos;
  if (board != NULL && board->rail_v != 0)
    rail_v = board->rail_v;
  *limits = (struct miner_limits){
      .chip_warn_c = chip != NULL ? chip->warn_c : 70,
      .chip_trip_c = 75,
      .vr_warn_c = nerdos ? 75 : 95,
      .vr_trip_c = nerdos ? 80 : 105,
      .input_min_mv = METRIC_UNKNOWN,
      .input_max_mv = METRIC_UNKNOWN,
      .power_max_w = board != NULL && board->power_max_w > 0 ? board->power_max_w : METRIC_UNKNOWN,
  };
  /* 95 % of nominal. It throttles at 4.9 V, and stops at 4.5 to 4.8 V, or at 10.5 to 11 V. */
  if (rail_v == 5) {
    limits->input_min_mv = 4750;
    limits->input_max_mv = 6500;
  } else if (rail_v == 12) {
    limits->input_min_mv = 11400;
    limits->input_max_mv = 14800;
  }
}

double board_idle_w(const struct board *board) {
  double idle_w = board != NULL ? board->idle_w : IDLE_W;
  return idle_w + 0.5;
}
