#include "api/device/device_json.h"

/* "" is unknown. */
static void write_known(struct json_write *json, const char *key, const char *text) {
  json_write_text(json, key, text[0] == '\0' ? NULL : text);
}

static void write_switch(struct json_write *json, const char *key, enum device_switch value) {
  if (value == DEVICE_SWITCH_UNKNOWN)
    json_write_null(json, key);
  else
    json_write_bool(json, key, value == DEVICE_ON);
}

static void write_fallback(struct json_write *json, const struct device_setup *device) {
  if (device->fallback_host[0] == '\0') {
    json_write_null(json, "fallback_pool");
    return;
  }
  json_write_object(json, "fallback_pool");
  json_write_text(json, "host", device->fallback_host);
  if (device->fallback_port > 0)
    json_write_i64(json, "port", device->fallback_port);
  else
    json_write_null(json, "port");
  json_write_object_end(json);
}

static void write_fan(struct json_write *json, const struct device_setup *device) {
  json_write_object(json, "fan");
  json_write_text(json, "mode", device_setup_fan_name(device->fan));
  json_write_number(json, "target_c", device->fan_target_c, 1);
  json_write_number(json, "set_pct", device->fan_set_pct, 1);
  json_write_object_end(json);
}

void device_json_write(struct json_write *json, const char *key, const struct fleet_miner *miner) {
  const struct device_setup *device = &miner->device;
  json_write_object(json, key);
  write_known(json, "web_version", device->web_version);
  write_known(json, "reset_reason", miner->miner.facts.reset_reason);
  write_known(json, "ip", device->ip);
  write_known(json, "pool_user", device->pool_user);
  write_switch(json, "pool_tls", device->tls);
  write_fallback(json, device);
  write_fan(json, device);
  json_write_number(json, "frequency_actual_mhz", device->frequency_actual_mhz, 2);
  json_write_object_end(json);
}
