/* What is known about the boards that run AxeOS, NerdOS and their forks: names
 * people use, chips, default settings, and where warnings begin. A new board is
 * one row in board.c. Pure; all pointers returned are to constant data.
 *
 * Sources: ESP-Miner's device_config.h for boards, chips and trip points, the
 * vendors' own guidance for the working temperatures. */
#ifndef MINER_BOARD_H
#define MINER_BOARD_H

#include <stdbool.h>
#include <stddef.h>

#include "model/miner.h"

struct board {
  const char *key;    /* `boardVersion`, or `deviceModel` for NerdOS and the look-alikes */
  const char *family; /* what /api/system/asic calls it; NULL when it has no such name */
  const char *name;   /* "Bitaxe Gamma" */
  const char *chip;   /* "BM1370" */
  int asic_count;
  int rail_v; /* 5 or 12; 0 unknown */
  double default_mhz, default_mv;
  double power_max_w; /* budget of the board; 0 unknown */
  double idle_w;      /* shown while nothing hashes: the firmware adds a constant */
  bool nerdos;        /* shuts down at lower temperatures, by its own settings */
};

/* What one answer offers to tell boards apart. NULL, 0 and false are unknown. */
struct board_clues {
  const char *board_version, *device_model, *miner_model, *asic_model, *firmware;
  int asic_count;
  bool two_chip_temps; /* `chiptemp1`, `chiptemp2`: only BitForge sends them */
};

/* NULL when no row fits. Several fields are weighed, since look-alikes reuse the
 * Bitaxe's board numbers: 302 with nine chips is a LuckyMiner, not a Hex. */
const struct board *board_find(const struct board_clues *clues);

/* By the family name of /api/system/asic ("Gamma", "NerdQAxe++"). NULL when unknown. */
const struct board *board_find_family(const char *family);

/* "Bitaxe Gamma 601", "NerdQAxe++"; without a board (NULL) the device's own
 * model name or "AxeOS miner (BM1370)". Never empty. */
void board_write_name(const struct board *board, const struct board_clues *clues,
                      char target[MINER_TEXT_MAX]);

/* True for a name that was made up for want of a better one. */
bool board_is_generic(const char *name);

/* Small cores of one chip ("BM1370" -> 2040, also "BM1370XP"); 0 when unknown. */
int board_small_cores(const char *asic_model);

/* GH/s = MHz x small cores x chips / 1000, as the firmware itself computes it;
 * NaN when one of the three is unknown. */
double board_expected_ghs(double frequency_mhz, int small_cores, int asic_count);

/* Where warnings begin for this board (NULL: for the chip alone, which may be
 * NULL too). `rail_v` is used when the board does not say. */
void board_limits(const struct board *board, const char *asic_model, int rail_v,
                  struct miner_limits *limits);

/* Watts at and below which nothing can be hashing. */
double board_idle_w(const struct board *board);

#endif
