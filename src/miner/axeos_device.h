/* How an AxeOS or NerdOS device is set up (model/device_setup.h). */
#ifndef MINER_AXEOS_DEVICE_H
#define MINER_AXEOS_DEVICE_H

#include "miner/axeos_fields.h"
#include "model/device_setup.h"

void axeos_device_read(const struct axeos_fields *fields, struct device_setup *device);

#endif
