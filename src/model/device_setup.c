#include "model/device_setup.h"

#include <stddef.h>

#include "model/metric.h"

void device_setup_init(struct device_setup *device) {
  *device = (struct device_setup){.fan_target_c = METRIC_UNKNOWN,
                                  .fan_set_pct = METRIC_UNKNOWN,
                                  .frequency_actual_mhz = METRIC_UNKNOWN};
}

const char *device_setup_fan_name(enum device_fan fan) {
  static const char *const names[] = {
      [DEVICE_FAN_UNKNOWN] = NULL,
      [DEVICE_FAN_FIXED] = "fixed",
      [DEVICE_FAN_CURVE] = "curve",
      [DEVICE_FAN_TARGET] = "target",
  };
  return names[fan];
}
