#include "miner/axeos_fields.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "model/metric.h"

struct key {
  const char *name;
  enum axeos_field field;
};

/* Sorted as strcmp sorts (capitals first), for bsearch; the comparison is
 * case-sensitive because `fanSpeed` is not `fanspeed`. A chain of lookups in the
 * document instead would walk its list of some hundred members once a field.
 *
 * Not here on purpose: `responseTime` (the pool's, and nonsense in 2.9), `current`
 * (input or core current depending on the board), hashRate_1h and _1d (they stand
 * still while nothing hashes). */
static const struct key keys[] = {
    {"ASICModel", AXEOS_ASIC_MODEL},
    {"actualFrequency", AXEOS_FREQUENCY_ACTUAL},
    {"apEnabled", AXEOS_AP_ENABLED},
    {"asicCount", AXEOS_ASIC_COUNT},
    {"asicTemps", AXEOS_ASIC_TEMPS},
    {"autofanspeed", AXEOS_AUTO_FAN},
    {"axeOSVersion", AXEOS_WEB_VERSION},
    {"bestDiff", AXEOS_BEST_DIFF},
    {"bestNonceDiff", AXEOS_BEST_DIFF_EXACT},
    {"bestSessionDiff", AXEOS_BEST_SESSION_DIFF},
    {"bestSessionNonceDiff", AXEOS_BEST_SESSION_DIFF_EXACT},
    {"blockFound", AXEOS_BLOCKS_FOUND},
    {"boardError", AXEOS_BOARD_ERROR},
    {"boardVersion", AXEOS_BOARD_VERSION},
    {"chiptemp1", AXEOS_CHIP_TEMP1},
    {"chiptemp2", AXEOS_CHIP_TEMP2},
    {"coinbaseOutputs", AXEOS_COINBASE_OUTPUTS},
    {"coreVoltage", AXEOS_CORE_VOLTAGE},
    {"coreVoltageActual", AXEOS_CORE_VOLTAGE_ACTUAL},
    {"deviceModel", AXEOS_DEVICE_MODEL},
    {"errorPercentage", AXEOS_ERROR_PCT},
    {"expectedHashrate", AXEOS_EXPECTED_HASHRATE},
    {"fallbackStratumPort", AXEOS_FALLBACK_PORT},
    {"fallbackStratumTLS", AXEOS_FALLBACK_TLS},
    {"fallbackStratumURL", AXEOS_FALLBACK_HOST},
    {"fallbackStratumUser", AXEOS_FALLBACK_USER},
    {"fan2rpm", AXEOS_FAN2_RPM},
    {"fanCount", AXEOS_FAN_COUNT},
    {"fanSpeed", AXEOS_FAN_SPEED_OLD},
    {"fanSpeedRpm", AXEOS_FAN_RPM}, /* 2.1.4 to 2.1.8 */
    {"fanrpm", AXEOS_FAN_RPM},
    {"fanrpm2", AXEOS_FAN2_RPM}, /* NerdOS */
    {"fans", AXEOS_FANS},
    {"fanspeed", AXEOS_FAN_PCT},
    {"foundBlocks", AXEOS_BLOCKS_FOUND}, /* NerdOS */
    {"freeHeap", AXEOS_FREE_HEAP},
    {"freeHeapInt", AXEOS_HEAP_INTERNAL}, /* NerdOS */
    {"freeHeapInternal", AXEOS_HEAP_INTERNAL},
    {"frequency", AXEOS_FREQUENCY},
    {"hardware_fault", AXEOS_HARDWARE_FAULT},
    {"hashRate", AXEOS_HASHRATE},
    {"hashRate_10m", AXEOS_HASHRATE_10M},
    {"hashRate_1m", AXEOS_HASHRATE_1M},
    {"hashrateMonitor", AXEOS_HASHRATE_MONITOR},
    {"hostip", AXEOS_IP}, /* NerdOS */
    {"hostname", AXEOS_HOSTNAME},
    {"ipv4", AXEOS_IP},
    {"isStratumConnected", AXEOS_POOL_CONNECTED},
    {"isUsingFallbackStratum", AXEOS_FALLBACK_ACTIVE},
    {"lastResetReason", AXEOS_RESET_REASON}, /* NerdOS */
    {"macAddr", AXEOS_MAC},
    {"manualFanSpeed", AXEOS_FAN_SET},
    {"maxPower", AXEOS_MAX_POWER},
    {"maxVoltage", AXEOS_MAX_VOLTAGE},
    {"minVoltage", AXEOS_MIN_VOLTAGE},
    {"minerModel", AXEOS_MINER_MODEL}, /* LuckyMiner */
    {"miningPaused", AXEOS_MINING_PAUSED},
    {"networkDifficulty", AXEOS_NETWORK_DIFFICULTY},
    {"nominalVoltage", AXEOS_NOMINAL_VOLTAGE},
    {"overheat_mode", AXEOS_OVERHEAT_MODE},
    {"overheat_temp", AXEOS_OVERHEAT_TEMP},
    {"pidTargetTemp", AXEOS_FAN_TARGET_NERDOS},
    {"poolConnectionInfo", AXEOS_POOL_CONNECTION_INFO},
    {"poolDifficulty", AXEOS_POOL_DIFFICULTY},
    {"pools", AXEOS_POOLS},
    {"power", AXEOS_POWER},
    {"power_fault", AXEOS_POWER_FAULT},
    {"primaryPoolIndex", AXEOS_ACTIVE_POOL},
    {"resetReason", AXEOS_RESET_REASON},
    {"runningPartition", AXEOS_PARTITION},
    {"secondaryPoolIndex", AXEOS_SECOND_POOL},
    {"sharesAccepted", AXEOS_SHARES_ACCEPTED},
    {"sharesRejected", AXEOS_SHARES_REJECTED},
    {"shutdown", AXEOS_SHUTDOWN},
    {"smallCoreCount", AXEOS_SMALL_CORES},
    {"statsFrequency", AXEOS_STATS_FREQUENCY},
    {"stratum", AXEOS_STRATUM},
    {"stratumDiff", AXEOS_POOL_DIFFICULTY}, /* 2.4.1 to 2.8 */
    {"stratumPort", AXEOS_POOL_PORT},
    {"stratumTLS", AXEOS_POOL_TLS},
    {"stratumURL", AXEOS_POOL_HOST},
    {"stratumUser", AXEOS_POOL_USER},
    {"temp", AXEOS_TEMP},
    {"temp2", AXEOS_TEMP2},
    {"temptarget", AXEOS_FAN_TARGET},
    {"uptimeSeconds", AXEOS_UPTIME},
    {"version", AXEOS_VERSION},
    {"voltage", AXEOS_INPUT_VOLTAGE},
    {"voltagei", AXEOS_INPUT_VOLTAGE}, /* LuckyMiner LV07 */
    {"vrTemp", AXEOS_VR_TEMP},
    {"wifiRSSI", AXEOS_RSSI},
};

bool axeos_fields_are_sorted(void) {
  for (size_t i = 1; i < sizeof keys / sizeof keys[0]; i++) {
    if (strcmp(keys[i - 1].name, keys[i].name) >= 0)
      return false;
  }
  return true;
}

static int compare_key(const void *name, const void *key) {
  return strcmp(name, ((const struct key *)key)->name);
}

void axeos_fields_read(struct axeos_fields *fields, const struct json *object) {
  *fields = (struct axeos_fields){0};
  for (const struct json *member = json_first(object); member != NULL; member = json_next(member)) {
    const struct key *key =
        bsearch(json_key(member), keys, sizeof keys / sizeof keys[0], sizeof keys[0], compare_key);
    if (key == NULL)
      continue;
    fields->known += key->field != AXEOS_IP; /* every gadget has one */
    /* The first that says something wins: two names of one figure, or a repeated key. */
    if (fields->values[key->field] == NULL && json_type(member) != JSON_NULL)
      fields->values[key->field] = member;
  }
}

double axeos_fields_value(const struct json *value) {
  double number;
  bool truth;
  const char *text;
  if (value == NULL)
    return METRIC_UNKNOWN;
  if (json_number(value, &number))
    return number;
  if (json_bool(value, &truth))
    return truth ? 1 : 0;
  if (json_text(value, &text) && str_to_si(text, &number))
    return number;
  return METRIC_UNKNOWN;
}

double axeos_fields_number(const struct axeos_fields *fields, enum axeos_field field) {
  return axeos_fields_value(fields->values[field]);
}

const char *axeos_fields_text(const struct axeos_fields *fields, enum axeos_field field) {
  const char *text;
  if (fields->values[field] == NULL || !json_text(fields->values[field], &text) || text[0] == '\0')
    return NULL;
  return text;
}

bool axeos_fields_flag(const struct axeos_fields *fields, enum axeos_field field) {
  const char *text = axeos_fields_text(fields, field);
  if (text != NULL)
    return str_equal_ignore_case(text, "true") || str_equal(text, "1");
  double number = axeos_fields_number(fields, field);
  return number < 0 || number > 0; /* NaN is neither */
}

void axeos_fields_host(const char *url, char *target, size_t size) {
  if (url == NULL)
    return;
  const char *scheme = strstr(url, "://");
  if (scheme != NULL)
    url = scheme + 3;
  const char *user = strrchr(url, '@');
  if (user != NULL)
    url = user + 1;
  size_t length = url[0] == '[' ? strcspn(url, "]/?# ") + 1 : strcspn(url, ":/?# ");
  if (length > strlen(url))
    length = strlen(url);
  str_sanitize(target, size, url, length);
}
