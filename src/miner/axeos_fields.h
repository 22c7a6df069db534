/* One pass over an AxeOS answer: which of its members mean something to us.
 * Old, new and misspelt names of a figure end up in the same place. Whatever is
 * not in the table of axeos_fields.c is never looked at: Wi-Fi and pool
 * passwords and network names stay in the bytes that are thrown away. Whom the miner
 * works for goes into the vitals alone, which are not kept (model/vitals.h), and shortened
 * into the device (model/device_setup.h). */
#ifndef MINER_AXEOS_FIELDS_H
#define MINER_AXEOS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"

enum axeos_field {
  AXEOS_ACTIVE_POOL, /* index into pools[], since 2.15 */
  AXEOS_AP_ENABLED,
  AXEOS_ASIC_COUNT,
  AXEOS_ASIC_MODEL,
  AXEOS_ASIC_TEMPS,
  AXEOS_AUTO_FAN,
  AXEOS_BEST_DIFF,
  AXEOS_BEST_DIFF_EXACT,
  AXEOS_BEST_SESSION_DIFF,
  AXEOS_BEST_SESSION_DIFF_EXACT,
  AXEOS_BLOCKS_FOUND,
  AXEOS_BOARD_ERROR,
  AXEOS_BOARD_VERSION,
  AXEOS_CHIP_TEMP1,
  AXEOS_CHIP_TEMP2,
  AXEOS_COINBASE_OUTPUTS,
  AXEOS_CORE_VOLTAGE,
  AXEOS_CORE_VOLTAGE_ACTUAL,
  AXEOS_DEVICE_MODEL,
  AXEOS_ERROR_PCT,
  AXEOS_EXPECTED_HASHRATE,
  AXEOS_FALLBACK_ACTIVE,
  AXEOS_FALLBACK_HOST,
  AXEOS_FALLBACK_PORT,
  AXEOS_FALLBACK_TLS,
  AXEOS_FALLBACK_USER,
  AXEOS_FAN2_RPM,
  AXEOS_FANS,
  AXEOS_FAN_COUNT,
  AXEOS_FAN_PCT,
  AXEOS_FAN_RPM,
  AXEOS_FAN_SET,       /* percent, while the owner decides; since 2.11 */
  AXEOS_FAN_SPEED_OLD, /* `fanSpeed`: RPM until 2.1.3, percent on BitForge */
  AXEOS_FAN_TARGET,    /* degrees; since 2.7 */
  AXEOS_FAN_TARGET_NERDOS,
  AXEOS_FREE_HEAP,
  AXEOS_FREQUENCY,
  AXEOS_FREQUENCY_ACTUAL, /* since 2.14 */
  AXEOS_HARDWARE_FAULT,
  AXEOS_HASHRATE,
  AXEOS_HASHRATE_10M,
  AXEOS_HASHRATE_1M,
  AXEOS_HASHRATE_MONITOR,
  AXEOS_HEAP_INTERNAL,
  AXEOS_HOSTNAME,
  AXEOS_INPUT_VOLTAGE,
  AXEOS_IP,
  AXEOS_MAC,
  AXEOS_MAX_POWER,
  AXEOS_MAX_VOLTAGE,
  AXEOS_MINER_MODEL,
  AXEOS_MINING_PAUSED,
  AXEOS_MIN_VOLTAGE,
  AXEOS_NETWORK_DIFFICULTY, /* since 2.11, once a job is decoded */
  AXEOS_NOMINAL_VOLTAGE,
  AXEOS_OVERHEAT_MODE,
  AXEOS_OVERHEAT_TEMP,
  AXEOS_PARTITION,
  AXEOS_POOLS,
  AXEOS_POOL_CONNECTED,
  AXEOS_POOL_CONNECTION_INFO,
  AXEOS_POOL_DIFFICULTY,
  AXEOS_POOL_HOST,
  AXEOS_POOL_PORT,
  AXEOS_POOL_TLS, /* since 2.13 */
  AXEOS_POOL_USER,
  AXEOS_POWER,
  AXEOS_POWER_FAULT,
  AXEOS_RESET_REASON,
  AXEOS_RSSI,
  AXEOS_SECOND_POOL, /* index into pools[], since 2.15 */
  AXEOS_SHARES_ACCEPTED,
  AXEOS_SHARES_REJECTED,
  AXEOS_SHUTDOWN,
  AXEOS_SMALL_CORES,
  AXEOS_STATS_FREQUENCY, /* seconds between its own records; 0 none; since 2.9 */
  AXEOS_STRATUM,         /* NerdOS since 1.0.35: an object with the pools in use */
  AXEOS_TEMP,
  AXEOS_TEMP2,
  AXEOS_UPTIME,
  AXEOS_VERSION,
  AXEOS_VR_TEMP,
  AXEOS_WEB_VERSION,
  AXEOS_FIELD_COUNT
};

/* Values are borrowed from the document; NULL where it has none or null. */
struct axeos_fields {
  const struct json *values[AXEOS_FIELD_COUNT];
  int known; /* how many members were recognised */
};

void axeos_fields_read(struct axeos_fields *fields, const struct json *object);

/* A number, a number in a string (with an SI letter too: "4.29G"), or a boolean
 * as 0 or 1; NaN for anything else. */
double axeos_fields_number(const struct axeos_fields *fields, enum axeos_field field);

/* Borrowed text, NULL when missing, empty or no text. */
const char *axeos_fields_text(const struct axeos_fields *fields, enum axeos_field field);

/* True for true, a number other than 0, "true" and "1"; false for all else. */
bool axeos_fields_flag(const struct axeos_fields *fields, enum axeos_field field);

/* The same reading for a value inside a nested object or array; NULL is NaN. */
double axeos_fields_value(const struct json *value);

/* The host of a pool's URL alone: a scheme, a user, a port or a path beside it may
 * name a wallet. `target` stays as it is when the URL is NULL. */
void axeos_fields_host(const char *url, char *target, size_t size);

/* For the tests: the table that is searched is in order. */
bool axeos_fields_are_sorted(void);

#endif
