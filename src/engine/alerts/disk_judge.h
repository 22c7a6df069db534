/* Is there room on the monitor's disk? Pure: what the file system said comes in. */
#ifndef ENGINE_ALERTS_DISK_JUDGE_H
#define ENGINE_ALERTS_DISK_JUDGE_H

#include "alert/alert_step.h"

/* As the file system tells it; NaN: not known. */
struct disk_room {
  double free_bytes; /* for programs that are not root */
  double total_bytes;
};

/* Bad when less than `limit_pct` percent and less than 2 GiB are free: a large disk is
 * not full at five percent, a small card is. Good again a percent above the limit, or
 * with 3 GiB free. MISSING when the file system says nothing that makes sense. */
void disk_judge_read(const struct disk_room *room, double limit_pct, struct alert_reading *reading);

/* "1.6 GB are free (2.5 %)"; what is unknown counts as none. */
void disk_judge_write(const struct disk_room *room, char detail[ALERT_DETAIL_MAX]);

#endif
