#include "miner/axeos_state.h"

#include <string.h>

enum {
  SAFE_MODE_MHZ = 100,     /* firmware up to 2.10 falls to 50 MHz when it overheats */
  COLD_C = 40,             /* a chip that works is warmer */
  COLD_CLAIM_GHS = 200,    /* no chip does this on idle power */
  SELF_TEST_UPTIME_S = 600 /* by then a miner has a pool */
};

struct evidence {
  const struct axeos_fields *fields;
  const double *values; /* of the sample */
  double idle_w;
  bool overheat_flag;
};

/* NerdOS, `boardError`: why it switched its output off. */
enum { BOARD_FINE = 0, BOARD_ASIC_HOT = 1, BOARD_VR_HOT = 2, BOARD_VERIFY = 6 };

static bool flag(const struct evidence *e, enum axeos_field field) {
  return axeos_fields_flag(e->fields, field);
}

static bool no_hashes(const struct evidence *e) {
  return e->values[METRIC_HASHRATE_GHS] == 0;
}

static bool some_hashes(const struct evidence *e) {
  return e->values[METRIC_HASHRATE_GHS] > 0;
}

static bool paused(const struct evidence *e) {
  return flag(e, AXEOS_MINING_PAUSED);
}

static bool power_fault(const struct evidence *e) {
  return axeos_fields_text(e->fields, AXEOS_POWER_FAULT) != NULL;
}

static bool hardware_fault(const struct evidence *e) {
  return axeos_fields_text(e->fields, AXEOS_HARDWARE_FAULT) != NULL;
}

static bool overheat_slow(const struct evidence *e) {
  return e->overheat_flag && some_hashes(e) && e->values[METRIC_FREQUENCY_MHZ] <= SAFE_MODE_MHZ;
}

/* Firmware up to 2.10 keeps the flag after the user has restored the settings:
 * full speed says more than the flag. */
static bool overheat(const struct evidence *e) {
  return e->overheat_flag &&
         !(e->values[METRIC_HASHRATE_GHS] >= 0.9 * e->values[METRIC_EXPECTED_HASHRATE_GHS]);
}

static bool shut_down(const struct evidence *e) {
  return flag(e, AXEOS_SHUTDOWN);
}

static bool shut_down_hot(const struct evidence *e) {
  double error = axeos_fields_number(e->fields, AXEOS_BOARD_ERROR);
  return shut_down(e) && (error == BOARD_ASIC_HOT || error == BOARD_VR_HOT);
}

static bool shut_down_power(const struct evidence *e) {
  double error = axeos_fields_number(e->fields, AXEOS_BOARD_ERROR);
  return shut_down(e) && error > BOARD_VR_HOT && error < BOARD_VERIFY;
}

static bool shut_down_on_purpose(const struct evidence *e) {
  return shut_down(e) && axeos_fields_number(e->fields, AXEOS_BOARD_ERROR) == BOARD_FINE;
}

static bool setup_mode(const struct evidence *e) {
  return flag(e, AXEOS_AP_ENABLED) && !some_hashes(e);
}

/* No field says so. A miner from the factory partition that is up for long with
 * a working sensor, no pool and no shares waits on its test screen. */
static bool self_test(const struct evidence *e) {
  const char *partition = axeos_fields_text(e->fields, AXEOS_PARTITION);
  return no_hashes(e) && partition != NULL && strcmp(partition, "factory") == 0 &&
         e->values[METRIC_UPTIME_S] > SELF_TEST_UPTIME_S && e->values[METRIC_CHIP_TEMP_C] > 0 &&
         e->values[METRIC_SHARES_ACCEPTED] == 0 && e->values[METRIC_SHARES_REJECTED] == 0 &&
         !(e->values[METRIC_POOL_DIFFICULTY] > 0);
}

static bool any_pool_connected(const struct json *pools) {
  for (const struct json *pool = json_first(pools); pool != NULL; pool = json_next(pool)) {
    if (axeos_fields_value(json_get(pool, "connected")) > 0)
      return true;
  }
  return false;
}

static bool says_no_pool(const struct evidence *e) {
  static const char *const words[] = {"Not Connected", "unreachable", "lost", "not responding",
                                      "rejected",      "Auth",        "error"};
  const struct axeos_fields *fields = e->fields;
  const char *info = axeos_fields_text(fields, AXEOS_POOL_CONNECTION_INFO);
  for (size_t i = 0; info != NULL && i < sizeof words / sizeof words[0]; i++) {
    if (strstr(info, words[i]) != NULL)
      return true;
  }
  if (axeos_fields_number(fields, AXEOS_POOL_CONNECTED) == 0)
    return true;
  const struct json *pools = json_get(fields->values[AXEOS_STRATUM], "pools");
  return json_first(pools) != NULL && !any_pool_connected(pools);
}

/* With every pool away the firmware cuts the chip's power, and says so nowhere
 * but in a temperature of -1. */
static bool pools_unreachable(const struct evidence *e) {
  return no_hashes(e) && (axeos_fields_number(e->fields, AXEOS_TEMP) == -1 || says_no_pool(e));
}

/* Some firmware goes on showing a hashrate after the chip has lost its power. */
static bool cold(const struct evidence *e) {
  return e->values[METRIC_HASHRATE_GHS] >= COLD_CLAIM_GHS &&
         e->values[METRIC_POWER_W] <= e->idle_w && !(e->values[METRIC_CHIP_TEMP_C] >= COLD_C);
}

/* Early NerdOS sends no hashrate at all: heat and power speak for it. */
static bool draws_power(const struct evidence *e) {
  return e->values[METRIC_POWER_W] > e->idle_w;
}

/* The first rule that holds decides. What was done on purpose comes first, then
 * what the firmware itself calls a fault, then what its figures give away. */
static const struct rule {
  bool (*holds)(const struct evidence *evidence);
  enum miner_state state;
  enum reason reason;
} rules[] = {
    {paused, STATE_PAUSED, REASON_PAUSED_BY_USER},
    {power_fault, STATE_FAULT, REASON_POWER_FAULT},
    {hardware_fault, STATE_FAULT, REASON_HARDWARE_FAULT},
    {overheat_slow, STATE_OVERHEATED, REASON_OVERHEAT_SLOW},
    {overheat, STATE_OVERHEATED, REASON_OVERHEAT_MODE},
    {shut_down_hot, STATE_OVERHEATED, REASON_OVERHEAT_MODE},
    {shut_down_power, STATE_FAULT, REASON_POWER_FAULT},
    {shut_down_on_purpose, STATE_PAUSED, REASON_PAUSED_BY_USER},
    {shut_down, STATE_NOT_HASHING, REASON_SHUT_DOWN},
    {setup_mode, STATE_NOT_HASHING, REASON_SETUP_MODE},
    {self_test, STATE_FAULT, REASON_SELF_TEST},
    {pools_unreachable, STATE_NOT_HASHING, REASON_POOLS_UNREACHABLE},
    {no_hashes, STATE_NOT_HASHING, REASON_ZERO_HASHRATE},
    {cold, STATE_NOT_HASHING, REASON_FROZEN},
    {some_hashes, STATE_HASHING, REASON_NONE},
    {draws_power, STATE_HASHING, REASON_NONE},
};

void axeos_state_decide(const struct axeos_fields *fields, double idle_w, struct sample *sample) {
  const struct evidence evidence = {
      .fields = fields,
      .values = sample->values,
      .idle_w = idle_w,
      .overheat_flag = (sample->flags & SAMPLE_OVERHEAT_FLAG) != 0,
  };
  sample->state = STATE_UNKNOWN;
  sample->reason = REASON_NONE;
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
    if (rules[i].holds(&evidence)) {
      sample->state = rules[i].state;
      sample->reason = rules[i].reason;
      return;
    }
  }
}
