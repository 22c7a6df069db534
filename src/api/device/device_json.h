/* The `device` of a miner that is asked for by itself: how it is set up. Lists do without. */
#ifndef API_DEVICE_DEVICE_JSON_H
#define API_DEVICE_DEVICE_JSON_H

#include "base/json_write.h"
#include "engine/fleet.h"

void device_json_write(struct json_write *json, const char *key, const struct fleet_miner *miner);

#endif
