#include "sim/sim_stats.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

void sim_stats_add(struct sim_stats *stats, const struct sim_stats_row *row) {
  if (stats->rows == NULL)
    stats->rows = mem_resize(NULL, SIM_STATS_ROWS, sizeof stats->rows[0]);
  stats->rows[stats->next] = *row;
  stats->next = (stats->next + 1) % SIM_STATS_ROWS;
  if (stats->count < SIM_STATS_ROWS)
    stats->count++;
}

const struct sim_stats_row *sim_stats_get(const struct sim_stats *stats, int age) {
  assert(age >= 0 && age < stats->count);
  return &stats->rows[(stats->next + SIM_STATS_ROWS - stats->count + age) % SIM_STATS_ROWS];
}

void sim_stats_clear(struct sim_stats *stats) {
  free(stats->rows);
  *stats = (struct sim_stats){0};
}
