#include "sim/sim_device.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "sim/sim_physics.h"

enum { BOOT_S = 8 };

/* The power of two nearest to one share every eight seconds. */
static double choose_difficulty(const struct sim_board *board) {
  double ghs = sim_board_hashrate(board, board->default_mhz);
  return exp2(round(log2(ghs * 1e9 * 8 / 4294967296.0)));
}

/* Gives the counters what `uptime_s` of hashing would have brought, drawn from
 * the same laws, without living through every second of it. */
static void live_quickly(struct sim_device *device, double uptime_s) {
  double share = sim_physics_error_share(device->board, device->settings.frequency_mhz,
                                         device->settings.core_mv);
  double ghs = sim_board_hashrate(device->board, device->settings.frequency_mhz) * (1 - share);
  double mean = ghs * 1e9 / (device->pool_difficulty * 4294967296.0) * uptime_s;
  double found = floor(fmax(0, mean + sqrt(mean) * rand_normal(&device->rand)));
  device->boot.uptime_s = floor(uptime_s);
  device->boot.rejected = floor(found * 0.0015);
  device->boot.accepted = found - device->boot.rejected;
  device->boot.work = floor(uptime_s / 30);
  device->boot.session_best =
      floor(sim_physics_best_of(found, device->pool_difficulty, 1 - rand_unit(&device->rand)));
  /* Some months at the same pace lie behind the all-time best. */
  double before = found + ghs * 1e9 / (device->pool_difficulty * 4294967296.0) * 86400 * 120;
  device->all_time_best = fmax(
      device->boot.session_best,
      floor(sim_physics_best_of(before, device->pool_difficulty, 1 - rand_unit(&device->rand))));
  device->total_uptime_s = floor(uptime_s);
  device->total_hashes = ghs * 1e9 * uptime_s;
  device->now.error_count = floor(uptime_s * 0.1);
  sim_physics_settle(device);
  for (int i = 0; i < 3 && ghs > 0; i++)
    sim_device_advance(device, 1);
  if (device->firmware.release < SIM_RELEASE(11, 0))
    while (device->nonces.count < SIM_NONCES_WINDOW)
      device->now.hashrate_ghs = sim_nonces_step(&device->nonces, ghs, &device->rand);
  device->now.hashrate_1m_ghs = ghs;
  device->now.hashrate_10m_ghs = ghs;
  device->now.hashrate_1h_ghs = ghs;
}

void sim_device_init(struct sim_device *device, const struct sim_device_options *options) {
  const struct sim_board *board = options->board;
  memset(device, 0, sizeof *device);
  device->index = options->index;
  device->board = board;
  device->firmware = options->firmware;
  rand_init(&device->rand, options->seed * UINT64_C(1000003) + (uint64_t)options->index);
  unsigned n = (unsigned)options->index;
  /* A locally administered address, so that no real device has it. */
  snprintf(device->mac, sizeof device->mac, "02:B1:7A:%02X:%02X:%02X", n >> 16 & 255, n >> 8 & 255,
           n & 255);
  snprintf(device->hostname, sizeof device->hostname, "bitaxe-%u", n);
  str_copy(device->ipv4, sizeof device->ipv4, "127.0.0.1");
  device->settings = (struct sim_settings){
      .frequency_mhz = board->default_mhz,
      .core_mv = board->default_mv,
      .auto_fan = true,
      .manual_fan_pct = 100,
      .min_fan_pct = 25,
      .temp_target_c = 60,
  };
  device->ambient_c = 22 + 4 * rand_unit(&device->rand);
  device->chip_c = device->ambient_c;
  device->vr_c = device->ambient_c;
  device->chip_offset_c = 0.5 + 2 * rand_unit(&device->rand);
  device->rssi = -52.0 - options->index % 13;
  device->pool_difficulty = choose_difficulty(board);
  device->height = 923000;
  device->reset_reason = "Power-on reset";
  sim_nonces_init(&device->nonces);
  if (options->uptime_s > 0)
    live_quickly(device, options->uptime_s);
  else
    device->boot_left_s = BOOT_S;
}

void sim_device_finish(struct sim_device *device) {
  sim_stats_clear(&device->stats);
}

void sim_device_advance(struct sim_device *device, int64_t seconds) {
  for (int64_t i = 0; i < seconds; i++) {
    device->now_s++;
    if (!sim_device_has(device, SIM_HANG))
      sim_physics_step(device);
  }
}

void sim_device_restart(struct sim_device *device, const char *reason) {
  device->boot = (struct sim_counters){0};
  device->boot_left_s = BOOT_S;
  device->overheat_left_s = 0;
  device->paused = false;
  device->clock_mhz = 0;
  device->reset_reason = reason;
  device->now.error_count = 0;
  device->now.hashrate_ghs = 0;
  device->now.hashrate_1m_ghs = 0;
  device->now.hashrate_10m_ghs = 0;
  device->now.hashrate_1h_ghs = 0;
  sim_nonces_init(&device->nonces);
  sim_stats_clear(&device->stats);
}

bool sim_device_pause(struct sim_device *device, bool paused, struct err *err) {
  if (device->firmware.release < SIM_RELEASE(14, 0))
    return err_set(err, ERR_CONFLICT, "%s cannot pause: that came with v2.14",
                   device->firmware.version);
  device->paused = paused;
  return true;
}

/* --- settings --- */

/* Takes a number in [low, high] if the key is there. */
static bool take(const struct json *from, const char *key, double low, double high, double *out) {
  const struct json *value = json_get(from, key);
  double number;
  if (value == NULL)
    return true;
  if (!json_number(value, &number) || number < low || number > high)
    return false;
  *out = number;
  return true;
}

static bool take_flag(const struct json *from, const char *key, bool *out) {
  double number = *out;
  const struct json *value = json_get(from, key);
  if (value != NULL && json_bool(value, out))
    return true;
  if (!take(from, key, 0, 1, &number))
    return false;
  *out = number != 0;
  return true;
}

static bool take_all(const struct json *from, struct sim_settings *out, bool newer) {
  bool good = true;
  double stats_s = out->stats_s;
  bool overheat = out->overheat_mode;
  good &= take(from, "frequency", 50, 1200, &out->frequency_mhz);
  good &= take(from, "coreVoltage", 500, 1500, &out->core_mv);
  good &= take_flag(from, "autofanspeed", &out->auto_fan);
  good &= take(from, "fanspeed", 0, 100, &out->manual_fan_pct);
  good &= take(from, "manualFanSpeed", 0, 100, &out->manual_fan_pct);
  good &= take(from, "minFanSpeed", 0, 100, &out->min_fan_pct);
  good &= take(from, "temptarget", 35, 66, &out->temp_target_c);
  good &= take(from, "statsFrequency", 0, 3600, &stats_s);
  good &= take_flag(from, "overclockEnabled", &out->overclock);
  good &=
      take_flag(from, "overheat_mode", &overheat) && (!overheat || !newer || out->overheat_mode);
  out->stats_s = (int)stats_s;
  out->overheat_mode = overheat && out->overheat_mode; /* can only be cleared */
  return good;
}

bool sim_device_patch(struct sim_device *device, const struct json *settings, struct err *err) {
  bool newer = device->firmware.release >= SIM_RELEASE(11, 0);
  struct sim_settings wanted = device->settings;
  bool good = json_type(settings) == JSON_OBJECT && take_all(settings, &wanted, newer);
  if (!good && newer)
    return err_set(err, ERR_INVALID, "Wrong API input");
  device->settings = wanted;
  return true;
}

/* --- faults --- */

bool sim_device_break(struct sim_device *device, enum sim_fault fault, const double *value,
                      struct err *err) {
  if (fault == SIM_PAUSED && !sim_device_pause(device, false, err))
    return false;
  device->faults |= sim_fault_bit(fault);
  device->fault_value[fault] = value != NULL ? *value : sim_fault_default(fault);
  return true;
}

void sim_device_repair(struct sim_device *device, enum sim_fault fault) {
  if (fault == SIM_FAULT_COUNT)
    device->faults = 0;
  else
    device->faults &= ~sim_fault_bit(fault);
}

bool sim_device_has(const struct sim_device *device, enum sim_fault fault) {
  return (device->faults & sim_fault_bit(fault)) != 0;
}
