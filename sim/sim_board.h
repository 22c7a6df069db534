/* The boards that can be simulated: what is soldered on them, which decides
 * hashrate, power, heat and which sensors answer. A constant table. */
#ifndef SIM_SIM_BOARD_H
#define SIM_SIM_BOARD_H

#include <stdbool.h>
#include <stddef.h>

struct sim_board {
  const char *name;          /* as --model takes it: "gamma" */
  const char *board_version; /* as the device answers it: "601" */
  const char *family;        /* deviceModel of /asic */
  const char *asic_model;
  int asic_count;
  int small_cores; /* per chip */
  double default_mhz;
  double default_mv;
  double nominal_v;   /* input rail: 5 or 12 */
  double max_power_w; /* the family's budget */
  double full_w;      /* shown at default frequency and voltage */
  double offset_w;    /* constant that the firmware adds to the regulator's output */
  bool has_tps546;    /* regulator with a temperature sensor; INA260 on the input otherwise */
  bool has_temp2;
  bool has_fan2;
  int fan_max_rpm;
};

/* The board of that name (case does not matter); NULL when there is none. */
const struct sim_board *sim_board_find(const char *name);

/* The table, `count` entries. */
const struct sim_board *sim_board_list(size_t *count);

/* GH/s that all chips have at `mhz`: frequency x small cores x chips / 1000. */
double sim_board_hashrate(const struct sim_board *board, double mhz);

#endif
