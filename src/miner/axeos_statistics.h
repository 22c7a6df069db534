/* AxeOS's own short history, /api/system/statistics (since 2.8; empty unless the owner
 * switched it on with `statsFrequency`): at most 720 rows, times in milliseconds since
 * boot. Columns are told by `labels`, which changed their names in 2.11; without labels
 * it is the /dashboard form of 2.8 to 2.10. Pure. */
#ifndef MINER_AXEOS_STATISTICS_H
#define MINER_AXEOS_STATISTICS_H

#include "miner/miner_driver.h"

/* What `parse_past` of a driver promises. */
bool axeos_statistics_parse(const char *body, size_t length, struct miner_past *past,
                            struct err *err);

#endif
