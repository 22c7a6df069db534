/* How a device is set up, as its newest answer tells: for the page of one miner and for
 * nothing else. Not kept in the database; a plain value of some 300 bytes. */
#ifndef MODEL_DEVICE_SETUP_H
#define MODEL_DEVICE_SETUP_H

#include "model/miner.h"

enum { DEVICE_VERSION_MAX = 32, DEVICE_IP_MAX = 46, DEVICE_USER_MAX = 48 };

/* Who decides how fast the fan turns. */
enum device_fan {
  DEVICE_FAN_UNKNOWN,
  DEVICE_FAN_FIXED,  /* the owner: always the same */
  DEVICE_FAN_CURVE,  /* the firmware, by a curve of its own */
  DEVICE_FAN_TARGET, /* the firmware, so that the chip keeps a set temperature */
};

enum device_switch { DEVICE_SWITCH_UNKNOWN, DEVICE_OFF, DEVICE_ON };

/* Empty text, 0 and NaN are unknown. */
struct device_setup {
  char web_version[DEVICE_VERSION_MAX]; /* of its own page, where that may differ: "v2.12.2" */
  char ip[DEVICE_IP_MAX];
  char pool_user[DEVICE_USER_MAX]; /* at the pool in use, shortened (vitals_mask) */
  char fallback_host[MINER_TEXT_MAX];
  int fallback_port;
  enum device_switch tls; /* whether it talks to the pool in use in secret */
  enum device_fan fan;
  double fan_target_c; /* with DEVICE_FAN_TARGET */
  double fan_set_pct;  /* with DEVICE_FAN_FIXED */
  double frequency_actual_mhz;
};

void device_setup_init(struct device_setup *device); /* everything unknown */

const char *
device_setup_fan_name(enum device_fan fan); /* "fixed", "curve", "target"; NULL unknown */

#endif
