/* GET /api/system/info as each release answers it: a table of fields, each with
 * the release that brought it and the one that took it away. Pure. */
#ifndef SIM_SIM_INFO_H
#define SIM_SIM_INFO_H

#include "base/buf.h"
#include "sim/sim_device.h"

/* Appends the JSON text of the device's present state. */
void sim_info_render(const struct sim_device *device, struct buf *out);

/* "4.29G" as releases up to 2.10 write a difficulty ("2.03 G" in 2.10). */
void sim_info_format_difficulty(int release, double difficulty, char text[24]);

#endif
