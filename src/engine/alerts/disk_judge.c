#include "engine/alerts/disk_judge.h"

#include <stdio.h>

static const double GIB = 1024.0 * 1024 * 1024;
static const double LOW_GIB = 2, ENOUGH_GIB = 3, HYSTERESIS_PCT = 1;

static double free_pct(const struct disk_room *room) {
  return 100 * room->free_bytes / room->total_bytes;
}

/* False for NaN as well. A file system that has no size of its own says 0. */
static bool makes_sense(const struct disk_room *room) {
  return room->total_bytes > 0 && room->free_bytes >= 0 && room->free_bytes <= room->total_bytes;
}

void disk_judge_read(const struct disk_room *room, double limit_pct,
                     struct alert_reading *reading) {
  *reading = (struct alert_reading){
      .input = ALERT_IS_MISSING, .value = METRIC_UNKNOWN, .limit = limit_pct};
  if (!makes_sense(room))
    return;
  reading->value = free_pct(room);
  if (reading->value < limit_pct && room->free_bytes < LOW_GIB * GIB)
    reading->input = ALERT_IS_BAD;
  else if (reading->value > limit_pct + HYSTERESIS_PCT || room->free_bytes > ENOUGH_GIB * GIB)
    reading->input = ALERT_IS_GOOD;
  else
    reading->input = ALERT_IS_BETWEEN;
}

void disk_judge_write(const struct disk_room *room, char detail[ALERT_DETAIL_MAX]) {
  bool known = makes_sense(room);
  snprintf(detail, ALERT_DETAIL_MAX, "%.1f GB are free (%.1f %%)",
           known ? room->free_bytes / 1e9 : 0, known ? free_pct(room) : 0);
}
