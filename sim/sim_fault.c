#include "sim/sim_fault.h"

#include "base/str.h"

static const struct {
  const char *name;
  double value;
} faults[SIM_FAULT_COUNT] = {
    [SIM_OVERHEAT] = {"overheat", 0},
    [SIM_HOT] = {"hot", 72},
    [SIM_VR_HOT] = {"vr_hot", 98},
    [SIM_FAN_STOPPED] = {"fan_stopped", 0},
    [SIM_FROZEN] = {"frozen_hashrate", 0},
    [SIM_ZERO] = {"zero_hashrate", 0},
    [SIM_CHIP_LOST] = {"chip_lost", 0},
    [SIM_SLOW_CHIPS] = {"hashrate_drop", 10},
    [SIM_REJECTS] = {"rejects", 30},
    [SIM_FALLBACK] = {"fallback_pool", 0},
    [SIM_POOLS_AWAY] = {"pools_unreachable", 0},
    [SIM_POWER_FAULT] = {"power_fault", 0},
    [SIM_LOW_VOLTAGE] = {"low_voltage", 92},
    [SIM_WEAK_WIFI] = {"weak_wifi", -86},
    [SIM_PAUSED] = {"paused", 0},
    [SIM_HARDWARE_FAULT] = {"hardware_fault", 0},
    [SIM_ERRORS] = {"chip_errors", 12},
    [SIM_LOW_HEAP] = {"low_heap", 25},
    [SIM_OTHER_POOL] = {"other_pool", 0},
    [SIM_OTHER_USER] = {"other_user", 0},
    [SIM_REFUSE] = {"refuse", 0},
    [SIM_GONE] = {"gone", 0},
    [SIM_HANG] = {"hang", 0},
    [SIM_WEB_DEAD] = {"web_dead", 0},
    [SIM_SLOW] = {"slow", 0},
    [SIM_RESET] = {"reset", 0},
    [SIM_GARBAGE] = {"garbage", 0},
    [SIM_NOT_HTTP] = {"not_http", 0},
    [SIM_TRUNCATED] = {"truncated", 0},
    [SIM_HUGE] = {"huge", 0},
    [SIM_HTML] = {"html", 0},
    [SIM_HTTP_401] = {"http_401", 0},
    [SIM_HTTP_302] = {"http_302", 0},
    [SIM_HTTP_500] = {"http_500", 0},
    [SIM_NOT_A_MINER] = {"not_a_miner", 0},
};

enum sim_fault sim_fault_find(const char *name) {
  int found = 0;
  while (found < SIM_FAULT_COUNT && !str_equal(faults[found].name, name))
    found++;
  return (enum sim_fault)found;
}

const char *sim_fault_name(enum sim_fault fault) {
  return faults[fault].name;
}

double sim_fault_default(enum sim_fault fault) {
  return faults[fault].value;
}
