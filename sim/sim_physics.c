#include "sim/sim_physics.h"

#include <math.h>

static const double room_c = 24;
static const double full_rise_c = 36; /* chip above room at full power, fan at 45 % */
static const double vr_rise_c = 40;   /* regulator above room at full power */
static const double chip_tau_s = 40;  /* chip and heat sink, fan at 45 % */
static const double vr_tau_s = 60;
static const double trip_chip_c = 75; /* the firmware's limits */
static const double trip_vr_c = 105;
static const double static_share = 0.08; /* of the power in the chips: leakage */
static const double two_to_32 = 4294967296.0;

static double clamp(double value, double low, double high) {
  return value < low ? low : value > high ? high : value;
}

static double to_step(double value, double step) {
  return round(value / step) * step;
}

/* --- laws --- */

static double full_core_w(const struct sim_board *board) {
  return board->full_w - board->offset_w;
}

double sim_physics_core_power(const struct sim_board *board, double mhz, double mv) {
  double f = mhz / board->default_mhz;
  double v = mv / board->default_mv;
  return full_core_w(board) * (static_share * v + (1 - static_share) * f * v * v);
}

double sim_physics_error_share(const struct sim_board *board, double mhz, double mv) {
  double strain = (mhz / board->default_mhz) / (mv / board->default_mv);
  return 0.002 + 0.4 / (1 + exp(-(strain - 1.22) / 0.02));
}

double sim_physics_best_of(double shares, double difficulty, double u) {
  if (shares < 1)
    return 0;
  /* 1 - u^(1/n), written so that it stays exact for large n. */
  double miss = -expm1(log(u) / shares);
  return difficulty / (miss > 1e-15 ? miss : 1e-15);
}

/* How well heat leaves the chip, 1 with the fan at 45 %. */
static double cooling(const struct sim_device *device) {
  double air = 0.25 + 0.75 * pow(device->flow / 0.45, 0.8);
  return sim_device_has(device, SIM_OVERHEAT) ? 0.2 * air : air;
}

/* --- what runs --- */

static bool from(const struct sim_device *device, int minor) {
  return device->firmware.release >= SIM_RELEASE(minor, 0);
}

static enum sim_halt find_halt(const struct sim_device *device) {
  if (device->boot_left_s > 0)
    return SIM_BOOTING;
  if (device->overheat_left_s > 0)
    return SIM_OVERHEATED;
  bool broken = from(device, 14) && sim_device_has(device, SIM_HARDWARE_FAULT);
  if (sim_device_has(device, SIM_POWER_FAULT) || broken)
    return SIM_FAULTED;
  if (device->paused || sim_device_has(device, SIM_PAUSED))
    return SIM_USER_PAUSE;
  if (from(device, 14) && sim_device_has(device, SIM_POOLS_AWAY))
    return SIM_NO_POOL;
  return SIM_RUNNING;
}

static void step_state(struct sim_device *device) {
  if (device->boot_left_s > 0)
    device->boot_left_s--;
  enum sim_halt halt = find_halt(device);
  if (halt != SIM_RUNNING)
    device->hash_ramp_s = 0;
  else
    device->hash_ramp_s++;
  device->halt = halt;
}

/* The chips silent although they have power. */
static bool chips_silent(const struct sim_device *device) {
  return sim_device_has(device, SIM_ZERO) || sim_device_has(device, SIM_FROZEN);
}

static double chips_alive(const struct sim_device *device) {
  int chips = device->board->asic_count;
  double alive = 1;
  if (sim_device_has(device, SIM_CHIP_LOST))
    alive = chips > 1 ? (chips - 1.0) / chips : 0.5;
  if (sim_device_has(device, SIM_SLOW_CHIPS))
    alive *= 1 - clamp(device->fault_value[SIM_SLOW_CHIPS], 0, 100) / 100;
  return alive;
}

/* --- hashing --- */

static void step_clock(struct sim_device *device) {
  double goal = device->halt == SIM_RUNNING ? device->settings.frequency_mhz : 0;
  if (goal < device->clock_mhz)
    device->clock_mhz = goal;
  else
    device->clock_mhz = fmin(goal, device->clock_mhz + 60); /* ramped up in steps */
}

static void step_rate(struct sim_device *device) {
  const int start_s = 5; /* from chips on to the first job done */
  double share =
      sim_physics_error_share(device->board, device->clock_mhz, device->settings.core_mv);
  if (sim_device_has(device, SIM_ERRORS))
    share = clamp(device->fault_value[SIM_ERRORS], 0, 100) / 100;
  bool works =
      device->halt == SIM_RUNNING && device->hash_ramp_s > start_s && !chips_silent(device);
  double all_ghs = sim_board_hashrate(device->board, device->clock_mhz) * chips_alive(device);
  device->rate_ghs = works ? all_ghs * (1 - share) : 0;
  double shown = works ? 100 * share * fmax(0, 1 + 0.5 * rand_normal(&device->rand)) : 0;
  device->now.error_pct = shown;
  device->now.error_count += works ? all_ghs * shown / 100 * 1e9 / (256 * two_to_32) : 0;
  device->now.error_count = fmod(device->now.error_count, two_to_32);
}

/* Counters of the chips, read every second, have 1 to 3 % of noise that lasts a
 * few seconds. */
static double counted_hashrate(struct sim_device *device) {
  device->noise = 0.8 * device->noise + 0.6 * 0.015 * rand_normal(&device->rand);
  return device->rate_ghs * (1 + device->noise);
}

static void average(double *value, double sample, double window_s, double since_s) {
  *value += (sample - *value) / clamp(since_s, 1, window_s);
}

static void step_hashrate(struct sim_device *device) {
  struct sim_reading *now = &device->now;
  if (sim_device_has(device, SIM_FROZEN) && device->halt == SIM_RUNNING)
    return;
  now->hashrate_ghs = from(device, 11)
                          ? counted_hashrate(device)
                          : sim_nonces_step(&device->nonces, device->rate_ghs, &device->rand);
  bool off = device->halt != SIM_RUNNING || sim_device_has(device, SIM_ZERO);
  if (off) {
    now->hashrate_ghs = 0;
    sim_nonces_init(&device->nonces);
  }
  now->expected_ghs = device->halt == SIM_RUNNING
                          ? sim_board_hashrate(device->board, device->settings.frequency_mhz)
                          : 0;
  if (now->hashrate_ghs <= 0)
    return; /* the firmware leaves its averages alone */
  average(&now->hashrate_1m_ghs, now->hashrate_ghs, 60, device->boot.uptime_s);
  average(&now->hashrate_10m_ghs, now->hashrate_ghs, 600, device->boot.uptime_s);
  average(&now->hashrate_1h_ghs, now->hashrate_ghs, 3600, device->boot.uptime_s);
}

static uint64_t count_rejected(struct sim_device *device, uint64_t found) {
  double pct = sim_device_has(device, SIM_REJECTS) ? device->fault_value[SIM_REJECTS] : 0.15;
  uint64_t rejected = 0;
  for (uint64_t i = 0; i < found; i++)
    rejected += rand_unit(&device->rand) * 100 < pct;
  return rejected;
}

static void step_shares(struct sim_device *device) {
  device->total_hashes += device->rate_ghs * 1e9;
  device->height += rand_unit(&device->rand) < 1 / 600.0;
  if (device->halt != SIM_RUNNING || sim_device_has(device, SIM_POOLS_AWAY))
    return;
  device->boot.work += rand_unit(&device->rand) < 1 / 30.0 || device->boot.work < 1;
  double mean = device->rate_ghs * 1e9 / (device->pool_difficulty * two_to_32);
  uint64_t found = mean > 0 ? rand_poisson(&device->rand, mean) : 0;
  if (found == 0)
    return;
  uint64_t rejected = count_rejected(device, found);
  device->boot.rejected += (double)rejected;
  device->boot.accepted += (double)(found - rejected);
  double best =
      sim_physics_best_of((double)found, device->pool_difficulty, 1 - rand_unit(&device->rand));
  device->boot.session_best = fmax(device->boot.session_best, floor(best));
  device->all_time_best = fmax(device->all_time_best, device->boot.session_best);
  device->now.response_ms = 24 * exp(0.35 * rand_normal(&device->rand));
}

/* --- heat --- */

static void step_power(struct sim_device *device) {
  double work = device->halt == SIM_RUNNING ? chips_alive(device) : 0;
  if (chips_silent(device))
    work *= 0.3;
  device->core_w =
      work * sim_physics_core_power(device->board, device->clock_mhz, device->settings.core_mv);
}

static void step_heat(struct sim_device *device) {
  double full_w = full_core_w(device->board);
  double load = device->core_w / full_w;
  double air = cooling(device);
  double chip_goal = device->ambient_c + full_rise_c * load / air;
  device->chip_c += (chip_goal - device->chip_c) * (1 - exp(-air / chip_tau_s));
  double vr_goal = device->ambient_c + vr_rise_c * load * (0.7 + 0.3 / air) + 2;
  device->vr_c += (vr_goal - device->vr_c) * (1 - exp(-1 / vr_tau_s));
  if (sim_device_has(device, SIM_HOT) && device->halt == SIM_RUNNING)
    device->chip_c = device->fault_value[SIM_HOT];
  if (sim_device_has(device, SIM_VR_HOT) && device->halt == SIM_RUNNING)
    device->vr_c = device->fault_value[SIM_VR_HOT];
}

/* A PI controller in its incremental form; the gains suit chip_tau_s and about
 * half a degree per percent of duty. */
static double regulated_duty(struct sim_device *device) {
  double error_c = device->chip_c - device->settings.temp_target_c;
  double change = 2.8 * (error_c - device->duty_error_c) + 0.07 * error_c;
  device->duty_error_c = error_c;
  return clamp(device->duty_pct + change, device->settings.min_fan_pct, 100);
}

static void step_fan(struct sim_device *device) {
  if (device->halt == SIM_BOOTING || device->halt == SIM_OVERHEATED)
    device->duty_pct = 100;
  else if (device->halt != SIM_RUNNING && from(device, 14))
    device->duty_pct = 30;
  else if (device->settings.auto_fan)
    device->duty_pct = regulated_duty(device);
  else
    device->duty_pct = device->settings.manual_fan_pct;
  device->flow = sim_device_has(device, SIM_FAN_STOPPED) ? 0 : device->duty_pct / 100;
}

/* Up to 2.10: slow and safe until the owner restores the settings. From 2.11:
 * stop, cool down, restart 100 MHz and 100 mV lower. */
static void step_overheat(struct sim_device *device) {
  struct sim_settings *settings = &device->settings;
  if (device->overheat_left_s > 0) {
    bool cool = device->vr_c < 95;
    device->overheat_left_s -= device->overheat_left_s > 1 || cool;
    if (device->overheat_left_s == 0)
      settings->overheat_mode = false;
    return;
  }
  bool hot = device->chip_c > trip_chip_c || device->vr_c > trip_vr_c;
  bool safe = !from(device, 11) && settings->frequency_mhz <= 50;
  if (!hot || safe || device->halt != SIM_RUNNING)
    return;
  settings->overheat_mode = true;
  settings->auto_fan = false;
  settings->manual_fan_pct = 100;
  if (from(device, 11)) {
    device->overheat_left_s = 30;
    settings->frequency_mhz = fmax(100, settings->frequency_mhz - 100);
    settings->core_mv = fmax(900, settings->core_mv - 100);
  } else {
    settings->frequency_mhz = 50;
    settings->core_mv = 1000;
  }
}

void sim_physics_settle(struct sim_device *device) {
  device->halt = SIM_RUNNING;
  device->hash_ramp_s = 600;
  device->clock_mhz = device->settings.frequency_mhz;
  device->chip_c = device->settings.temp_target_c;
  device->vr_c = room_c + vr_rise_c;
  device->duty_pct = 45;
  device->flow = 0.45;
  device->duty_error_c = 0;
  for (int i = 0; i < 300; i++) {
    step_power(device);
    step_heat(device);
    step_fan(device);
  }
}

/* --- instruments --- */

static void read_power(struct sim_device *device) {
  const struct sim_board *board = device->board;
  struct sim_reading *now = &device->now;
  double jitter = 1 + 0.006 * rand_normal(&device->rand);
  bool on = device->halt == SIM_RUNNING;
  double idle_w = board->offset_w > 0 ? 0.4 * board->offset_w : 2.6;
  now->power_w = fmax(idle_w, (board->offset_w + device->core_w) * jitter);
  double sag =
      sim_device_has(device, SIM_LOW_VOLTAGE) ? device->fault_value[SIM_LOW_VOLTAGE] : 101.5;
  double input_mv = board->nominal_v * 10 * sag - 4 * now->power_w;
  now->input_mv = to_step(input_mv + 6 * rand_normal(&device->rand), 15.625);
  double droop = 1 - 0.012 * device->core_w / full_core_w(board);
  now->core_mv = on ? round(device->settings.core_mv * droop + 2 * rand_normal(&device->rand)) : 0;
  double amps = board->has_tps546 ? (on ? device->core_w / (now->core_mv / 1000) : 0)
                                  : now->power_w / (now->input_mv / 1000);
  now->current_ma = to_step(amps * 1000, 1.25);
}

static void read_heat(struct sim_device *device) {
  const struct sim_board *board = device->board;
  struct sim_reading *now = &device->now;
  bool seen = device->halt == SIM_RUNNING || !from(device, 11);
  double blur = 0.12 * rand_normal(&device->rand);
  now->temp_c = seen ? to_step(device->chip_c + blur, 0.125) : -1;
  if (board->has_temp2)
    now->temp2_c = seen ? to_step(device->chip_c + device->chip_offset_c - blur, 0.125) : -1;
  else
    now->temp2_c = from(device, 11) ? -1 : 0;
  now->vr_temp_c = board->has_tps546 ? round(device->vr_c + blur) : 0;
  now->fan_pct = device->duty_pct;
  double turns = device->flow * (1 + 0.004 * rand_normal(&device->rand));
  now->fan_rpm = round(board->fan_max_rpm * turns);
  now->fan2_rpm = board->has_fan2 ? round(board->fan_max_rpm * turns * 0.985) : 0;
}

static void read_system(struct sim_device *device) {
  struct sim_reading *now = &device->now;
  double middle = sim_device_has(device, SIM_WEAK_WIFI) ? device->fault_value[SIM_WEAK_WIFI]
                                                        : -52.0 - device->index % 13;
  device->rssi += 0.05 * (middle - device->rssi) + 0.4 * rand_normal(&device->rand);
  now->rssi_dbm = clamp(round(device->rssi), -95, -20);
  double leak = fmin(device->boot.uptime_s * 0.01, 20000);
  double wave = 900 * sin(device->boot.uptime_s / 97.0 + device->index);
  now->heap_internal = floor(104000 - leak + wave);
  if (sim_device_has(device, SIM_LOW_HEAP))
    now->heap_internal = floor(device->fault_value[SIM_LOW_HEAP] * 1024);
  now->heap_spiram = floor(8094000 - 2 * leak + wave);
  now->heap = now->heap_internal + now->heap_spiram;
  now->heap_min = floor(now->heap - 60000 - leak);
  now->cpu_pct = clamp(12 + 2 * rand_normal(&device->rand), 1, 99);
  now->process_ms = 1.5 + 0.2 * rand_unit(&device->rand);
  now->frequency_mhz = device->clock_mhz;
}

static void keep_statistics(struct sim_device *device) {
  const struct sim_reading *now = &device->now;
  int every_s = device->settings.stats_s;
  if (every_s <= 0 || (int64_t)device->boot.uptime_s % every_s != 0)
    return;
  const double values[SIM_STAT_COUNT] = {
      now->hashrate_ghs, now->hashrate_1m_ghs, now->hashrate_10m_ghs, now->hashrate_1h_ghs,
      now->error_pct,    now->temp_c,          now->temp2_c,          now->vr_temp_c,
      now->core_mv,      now->input_mv,        now->power_w,          now->current_ma,
      now->fan_pct,      now->fan_rpm,         now->fan2_rpm,         now->rssi_dbm,
      now->heap,         now->response_ms,
  };
  struct sim_stats_row row = {.uptime_s = (int64_t)device->boot.uptime_s};
  for (int i = 0; i < SIM_STAT_COUNT; i++)
    row.value[i] = (float)values[i];
  sim_stats_add(&device->stats, &row);
}

void sim_physics_step(struct sim_device *device) {
  step_state(device);
  if (device->halt != SIM_BOOTING)
    device->boot.uptime_s += 1;
  device->total_uptime_s += 1;
  step_clock(device);
  step_rate(device);
  step_hashrate(device);
  step_shares(device);
  step_power(device);
  step_heat(device);
  step_fan(device);
  step_overheat(device);
  read_power(device);
  read_heat(device);
  read_system(device);
  keep_statistics(device);
}
