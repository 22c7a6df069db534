#include "miner/axeos_device.h"

#include <string.h>

#include "base/str.h"
#include "miner/axeos_pool.h"
#include "model/metric.h"
#include "model/vitals.h"

static void copy(char *target, size_t size, const char *text) {
  if (text != NULL)
    str_sanitize(target, size, text, strlen(text));
}

static double within(double value, double least, double most) {
  return value >= least && value <= most ? value : METRIC_UNKNOWN;
}

/* Of the two names, that which the firmware has; NULL without an entry. */
static const struct json *either(const struct json *entry, const char *axeos, const char *nerdos) {
  const struct json *value = json_get(entry, axeos);
  return value != NULL ? value : json_get(entry, nerdos);
}

static void read_user(const struct axeos_fields *fields, bool fallback, const struct json *entry,
                      struct device_setup *device) {
  const char *user = axeos_fields_text(fields, fallback ? AXEOS_FALLBACK_USER : AXEOS_POOL_USER);
  if (user == NULL)
    json_text(either(entry, "stratumUser", "user"), &user);
  if (user != NULL && user[0] != '\0')
    vitals_mask(user, device->pool_user, sizeof device->pool_user);
}

/* AxeOS since 2.13; 1 and 2 are with the system's certificates and with one of its own. */
static enum device_switch read_tls(const struct axeos_fields *fields, bool fallback,
                                   const struct json *entry) {
  double tls = axeos_fields_number(fields, fallback ? AXEOS_FALLBACK_TLS : AXEOS_POOL_TLS);
  if (!metric_is_known(tls))
    tls = axeos_fields_value(either(entry, "stratumTLS", "encrypted"));
  if (!metric_is_known(tls))
    return DEVICE_SWITCH_UNKNOWN;
  return tls > 0 ? DEVICE_ON : DEVICE_OFF;
}

static void read_fallback(const struct axeos_fields *fields, struct device_setup *device) {
  const char *url = axeos_fields_text(fields, AXEOS_FALLBACK_HOST);
  double port = axeos_fields_number(fields, AXEOS_FALLBACK_PORT);
  const struct json *second = axeos_pool_second(fields);
  if (url == NULL && second != NULL) {
    json_text(json_get(second, "stratumURL"), &url);
    port = axeos_fields_value(json_get(second, "stratumPort"));
  }
  axeos_fields_host(url, device->fallback_host, sizeof device->fallback_host);
  if (device->fallback_host[0] != '\0' && port >= 1 && port <= 65535)
    device->fallback_port = (int)port;
}

/* AxeOS: 0 or 1, with `temptarget` since 2.7. NerdOS: 0, 1 for a curve, 2 for a target. */
static void read_fan(const struct axeos_fields *fields, struct device_setup *device) {
  double mode = axeos_fields_number(fields, AXEOS_AUTO_FAN);
  double axeos_c = axeos_fields_number(fields, AXEOS_FAN_TARGET);
  double nerdos_c = axeos_fields_number(fields, AXEOS_FAN_TARGET_NERDOS);
  bool is_nerdos = !metric_is_known(axeos_c) && metric_is_known(nerdos_c);
  if (mode == 0) {
    device->fan = DEVICE_FAN_FIXED;
    device->fan_set_pct = within(axeos_fields_number(fields, AXEOS_FAN_SET), 0, 100);
  } else if (mode == 2 || (mode == 1 && metric_is_known(axeos_c))) {
    device->fan = DEVICE_FAN_TARGET;
    device->fan_target_c = within(is_nerdos ? nerdos_c : axeos_c, 20, 110);
  } else if (mode == 1) {
    device->fan = DEVICE_FAN_CURVE;
  }
}

void axeos_device_read(const struct axeos_fields *fields, struct device_setup *device) {
  device_setup_init(device);
  bool fallback = axeos_pool_is_fallback(fields);
  const struct json *entry = axeos_pool_active(fields);
  read_user(fields, fallback, entry, device);
  device->tls = read_tls(fields, fallback, entry);
  read_fallback(fields, device);
  read_fan(fields, device);
  copy(device->web_version, sizeof device->web_version,
       axeos_fields_text(fields, AXEOS_WEB_VERSION));
  copy(device->ip, sizeof device->ip, axeos_fields_text(fields, AXEOS_IP));
  device->frequency_actual_mhz =
      within(axeos_fields_number(fields, AXEOS_FREQUENCY_ACTUAL), 1, 10000);
}
