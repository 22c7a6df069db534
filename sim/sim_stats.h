/* The device's own short history behind /api/system/statistics: at most 720
 * rows, taken every so many seconds; memory only once the owner switches it on. */
#ifndef SIM_SIM_STATS_H
#define SIM_SIM_STATS_H

#include <stdint.h>

enum { SIM_STATS_ROWS = 720 };

enum sim_stat {
  SIM_STAT_HASHRATE,
  SIM_STAT_HASHRATE_1M,
  SIM_STAT_HASHRATE_10M,
  SIM_STAT_HASHRATE_1H,
  SIM_STAT_ERROR_PCT,
  SIM_STAT_TEMP,
  SIM_STAT_TEMP2,
  SIM_STAT_VR_TEMP,
  SIM_STAT_CORE_MV,
  SIM_STAT_INPUT_MV,
  SIM_STAT_POWER,
  SIM_STAT_CURRENT,
  SIM_STAT_FAN_PCT,
  SIM_STAT_FAN_RPM,
  SIM_STAT_FAN2_RPM,
  SIM_STAT_RSSI,
  SIM_STAT_HEAP,
  SIM_STAT_RESPONSE_MS,
  SIM_STAT_COUNT,
};

struct sim_stats_row {
  int64_t uptime_s;
  float value[SIM_STAT_COUNT];
};

struct sim_stats {
  struct sim_stats_row *rows; /* ring; NULL until the first row */
  int count;
  int next;
};

/* Appends a row, the oldest falls out. */
void sim_stats_add(struct sim_stats *stats, const struct sim_stats_row *row);

/* The row `age` places after the oldest one, 0 <= age < count. */
const struct sim_stats_row *sim_stats_get(const struct sim_stats *stats, int age);

/* Forgets all rows and gives the memory back. */
void sim_stats_clear(struct sim_stats *stats);

#endif
