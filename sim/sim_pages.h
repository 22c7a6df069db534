/* The other pages of a device: /api/system/asic, /api/system/statistics, and a
 * /metrics page that real devices lack: the same values for Prometheus, so that
 * it can be measured against the monitor on the same devices. Pure. */
#ifndef SIM_SIM_PAGES_H
#define SIM_SIM_PAGES_H

#include "base/buf.h"
#include "sim/sim_device.h"

void sim_pages_asic(const struct sim_device *device, struct buf *out);

/* `columns`: comma list of labels (understood from 2.11), NULL for all. */
void sim_pages_statistics(const struct sim_device *device, const char *columns, struct buf *out);

/* Prometheus text exposition, version 0.0.4. */
void sim_pages_metrics(const struct sim_device *device, struct buf *out);

#endif
