#include "sim/sim_board.h"

#include "base/str.h"

static const struct sim_board boards[] = {
    {"max", "102", "Max", "BM1397", 1, 672, 425, 1400, 5, 25, 13.2, 0, false, false, false, 5200},
    {"ultra", "205", "Ultra", "BM1366", 1, 894, 485, 1200, 5, 25, 11.7, 0, false, false, false,
     5300},
    {"ultra207", "207", "Ultra", "BM1366", 1, 894, 485, 1200, 5, 25, 14.6, 5, true, false, false,
     5300},
    {"supra", "401", "Supra", "BM1368", 1, 1276, 490, 1166, 5, 40, 12.6, 0, false, false, false,
     5300},
    {"supra402", "402", "Supra", "BM1368", 1, 1276, 490, 1166, 5, 40, 15.4, 5, true, false, false,
     5300},
    {"gamma", "601", "Gamma", "BM1370", 1, 2040, 525, 1150, 5, 40, 18.6, 5, true, false, false,
     6900},
    {"gamma602", "602", "Gamma", "BM1370", 1, 2040, 525, 1150, 5, 40, 18.4, 5, true, false, false,
     6900},
    {"duo", "650", "GammaDuo", "BM1370XP", 2, 2040, 400, 1150, 5, 40, 29.0, 5, true, true, false,
     6900},
    {"gt", "801", "GammaTurbo", "BM1370", 2, 2040, 525, 1150, 12, 60, 39.0, 10, true, true, true,
     6200},
    {"hex", "303", "Hex", "BM1366", 6, 894, 485, 1200, 12, 90, 58.4, 12, true, true, false, 5600},
    {"suprahex", "702", "SupraHex", "BM1368", 6, 1276, 490, 1166, 12, 120, 84.0, 25, true, true,
     false, 5600},
};

const struct sim_board *sim_board_find(const char *name) {
  for (size_t i = 0; i < sizeof boards / sizeof boards[0]; i++) {
    if (str_equal_ignore_case(boards[i].name, name))
      return &boards[i];
  }
  return NULL;
}

const struct sim_board *sim_board_list(size_t *count) {
  *count = sizeof boards / sizeof boards[0];
  return boards;
}

double sim_board_hashrate(const struct sim_board *board, double mhz) {
  return mhz * board->small_cores * board->asic_count / 1000;
}
