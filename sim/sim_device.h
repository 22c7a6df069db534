/* One simulated miner: identity, settings, physics, counters. It knows nothing
 * of sockets. Time enters only through sim_device_advance, in whole seconds,
 * so the same seed and the same calls give the same life.
 *
 * Life: sim_device_init -> advance, commands, faults -> sim_device_finish. */
#ifndef SIM_SIM_DEVICE_H
#define SIM_SIM_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "base/rand.h"
#include "sim/sim_board.h"
#include "sim/sim_fault.h"
#include "sim/sim_firmware.h"
#include "sim/sim_nonces.h"
#include "sim/sim_stats.h"

/* Why no hashing goes on. */
enum sim_halt {
  SIM_RUNNING,
  SIM_BOOTING,
  SIM_OVERHEATED, /* from 2.11: stopped until it has cooled down */
  SIM_FAULTED,    /* regulator off */
  SIM_USER_PAUSE,
  SIM_NO_POOL, /* from 2.14: chips are switched off while no pool answers */
};

/* What the owner can change with PATCH; it survives a restart. */
struct sim_settings {
  double frequency_mhz;
  double core_mv;
  bool auto_fan;
  double manual_fan_pct;
  double min_fan_pct;
  double temp_target_c;
  int stats_s; /* seconds between statistics rows, 0: none */
  bool overheat_mode;
  bool overclock;
};

/* The device's instruments, as its firmware would read them now. -1 C: no value. */
struct sim_reading {
  double power_w, input_mv, current_ma, core_mv;
  double temp_c, temp2_c, vr_temp_c;
  double fan_pct, fan_rpm, fan2_rpm;
  double hashrate_ghs, hashrate_1m_ghs, hashrate_10m_ghs, hashrate_1h_ghs, expected_ghs;
  double error_pct, error_count, frequency_mhz;
  double rssi_dbm, heap, heap_internal, heap_spiram, heap_min, cpu_pct;
  double response_ms, process_ms;
};

/* Counters. Those of `boot` are zero after every restart. */
struct sim_counters {
  double uptime_s, accepted, rejected, work, session_best, blocks;
};

struct sim_device {
  int index;
  const struct sim_board *board;
  struct sim_firmware firmware;
  struct rand rand;
  char mac[18];
  char hostname[24];
  char ipv4[16];
  struct sim_settings settings;
  double ambient_c;

  uint64_t faults; /* sim_fault_bit of each active one */
  double fault_value[SIM_FAULT_COUNT];

  int64_t now_s; /* simulated seconds since init: changes when anything can have changed */
  enum sim_halt halt;
  int boot_left_s;     /* web server away until 0 */
  int hash_ramp_s;     /* seconds since hashing began */
  int overheat_left_s; /* at least this long until a restart after overheating */
  bool paused;
  const char *reset_reason;

  /* the real quantities behind the instruments */
  double chip_c, vr_c, core_w, duty_pct, duty_error_c, clock_mhz, flow;
  double rate_ghs; /* good hashes, as the pool would find */
  double noise, rssi, chip_offset_c;
  double pool_difficulty, all_time_best, height, total_uptime_s, total_hashes;
  struct sim_nonces nonces;
  struct sim_stats stats;
  struct sim_counters boot;
  struct sim_reading now;
};

struct sim_device_options {
  int index;
  uint64_t seed; /* of the whole run; mixed with the index */
  const struct sim_board *board;
  struct sim_firmware firmware;
  double uptime_s; /* hashing for so long already; 0: just switched on */
};

void sim_device_init(struct sim_device *device, const struct sim_device_options *options);
void sim_device_finish(struct sim_device *device);

/* Lives through `seconds` seconds. */
void sim_device_advance(struct sim_device *device, int64_t seconds);

/* Starts again: counters of the boot are zero, some seconds without web server. */
void sim_device_restart(struct sim_device *device, const char *reason);

/* ERR_CONFLICT when this firmware or state cannot (pause before 2.14). */
bool sim_device_pause(struct sim_device *device, bool paused, struct err *err);

/* PATCH /api/system: known keys are taken, unknown ones ignored. ERR_INVALID
 * ("Wrong API input") for a wrong type or range, from 2.11; older releases
 * ignore such values. Nothing changes on failure. */
bool sim_device_patch(struct sim_device *device, const struct json *settings, struct err *err);

/* Adds a fault. `value` NULL: the default. ERR_CONFLICT when the firmware cannot. */
bool sim_device_break(struct sim_device *device, enum sim_fault fault, const double *value,
                      struct err *err);
/* Takes one fault away, or with SIM_FAULT_COUNT all. */
void sim_device_repair(struct sim_device *device, enum sim_fault fault);
bool sim_device_has(const struct sim_device *device, enum sim_fault fault);

#endif
