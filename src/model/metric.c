#include "model/metric.h"

#include <assert.h>
#include <math.h>

#include "base/str.h"

/* Scales: as small as keeps what the devices measure. Temperatures come in steps
 * of 0.125 °C; power and hashrate are 32-bit floats whose digits beyond these are
 * noise; voltages are read in whole millivolts. Decimals follow the scale, so that
 * a value reads the same live and from the history.
 *
 * Bounds: wider than any miner at home or in a farm, tight enough for the nonsense
 * that firmware is known to send (127 °C just after a boot is left to the driver;
 * 9.5e8 GH/s after a resume is refused here). Times scale they stay below 2^63. */
static const struct metric_facts table[METRIC_COUNT] = {
    [METRIC_HASHRATE_GHS] = {"hashrate_ghs", "GH/s", "Hashrate",
                             "How many billion guesses a second the miner makes; more is better.",
                             100, 2, METRIC_GAUGE, 0, 1e7},
    [METRIC_EXPECTED_HASHRATE_GHS] =
        {"expected_hashrate_ghs", "GH/s", "Expected hashrate",
         "What a healthy miner of this model does at the set frequency.", 100, 2, METRIC_GAUGE, 0,
         1e7},
    [METRIC_CHIP_TEMP_C] = {"chip_temp_c", "°C", "Chip temperature",
                            "Heat of the mining chip; 50 to 65 is usual, above 70 is too hot.", 8,
                            3, METRIC_GAUGE, -40, 150},
    [METRIC_CHIP_TEMP2_C] = {"chip_temp2_c", "°C", "Second chip temperature",
                             "Heat at the second sensor of miners with several chips.", 8, 3,
                             METRIC_GAUGE, -40, 150},
    [METRIC_VR_TEMP_C] =
        {"vr_temp_c", "°C", "Voltage regulator temperature",
         "Heat of the part that powers the chip; 60 to 85 is usual, above 95 is too hot.", 8, 3,
         METRIC_GAUGE, -40, 200},
    [METRIC_POWER_W] =
        {"power_w", "W", "Power",
         "Electricity the miner uses right now, without its power supply's own loss.", 1000, 3,
         METRIC_GAUGE, 0, 20000},
    [METRIC_INPUT_VOLTAGE_MV] =
        {"input_voltage_mv", "mV", "Input voltage",
         "What the power supply delivers; when it sags, the supply or its cable is too weak.", 1, 0,
         METRIC_GAUGE, 0, 500000},
    [METRIC_CORE_VOLTAGE_MV] = {"core_voltage_mv", "mV", "Core voltage, set",
                                "The chip's voltage as it was set.", 1, 0, METRIC_GAUGE, 0, 60000},
    [METRIC_CORE_VOLTAGE_ACTUAL_MV] =
        {"core_voltage_actual_mv", "mV", "Core voltage, measured",
         "The chip's voltage as it arrives; some 10 to 20 mV below the set one is normal.", 1, 0,
         METRIC_GAUGE, 0, 60000},
    [METRIC_FREQUENCY_MHZ] = {"frequency_mhz", "MHz", "Frequency",
                              "The chip's clock; higher gives more hashrate, heat and power.", 100,
                              2, METRIC_GAUGE, 0, 10000},
    [METRIC_FAN_PCT] = {"fan_pct", "%", "Fan power", "How hard the fan is driven.", 10, 1,
                        METRIC_GAUGE, 0, 100},
    [METRIC_FAN_RPM] = {"fan_rpm", "rpm", "Fan speed", "Turns of the fan in a minute.", 1, 0,
                        METRIC_GAUGE, 0, 50000},
    [METRIC_FAN2_RPM] = {"fan2_rpm", "rpm", "Second fan speed",
                         "Turns of the second fan in a minute.", 1, 0, METRIC_GAUGE, 0, 50000},
    [METRIC_WIFI_RSSI_DBM] = {"wifi_rssi_dbm", "dBm", "Wi-Fi signal",
                              "Closer to 0 is stronger; below -75 expect dropouts.", 1, 0,
                              METRIC_GAUGE, -127, 0},
    [METRIC_UPTIME_S] = {"uptime_s", "s", "Uptime", "Seconds since the miner's last restart.", 1, 0,
                         METRIC_COUNTER, 0, 3.2e9},
    [METRIC_SHARES_ACCEPTED] =
        {"shares_accepted", "", "Accepted shares",
         "Proofs of work that the pool took since the restart; they are what is paid.", 1, 0,
         METRIC_COUNTER, 0, 1e15},
    [METRIC_SHARES_REJECTED] =
        {"shares_rejected", "", "Rejected shares",
         "Proofs of work that the pool refused since the restart; a few are normal.", 1, 0,
         METRIC_COUNTER, 0, 1e15},
    [METRIC_BEST_DIFF] =
        {"best_diff", "", "Best difficulty",
         "The luckiest share ever; one above the network's difficulty finds a block.", 1, 0,
         METRIC_GAUGE, 0, 1e18},
    [METRIC_BEST_SESSION_DIFF] = {"best_session_diff", "", "Best difficulty since restart",
                                  "The luckiest share since the miner's last restart.", 1, 0,
                                  METRIC_GAUGE, 0, 1e18},
    [METRIC_POOL_DIFFICULTY] = {"pool_difficulty", "", "Pool difficulty",
                                "How hard a share must be for the pool to count it.", 1000, 3,
                                METRIC_GAUGE, 0, 1e15},
    [METRIC_ERROR_PCT] = {"error_pct", "%", "Chip errors",
                          "Part of the chip's results that were wrong; below 1 is good.", 1000, 3,
                          METRIC_GAUGE, 0, 100},
    [METRIC_RESPONSE_MS] =
        {"response_ms", "ms", "Answer time",
         "How long the miner took to answer the monitor; above 1000 it struggles.", 1, 0,
         METRIC_GAUGE, 0, 600000},
    [METRIC_FREE_HEAP_BYTES] =
        {"free_heap_bytes", "bytes", "Free memory",
         "Memory left in the miner; when it keeps falling, its web page will stop one day.", 1, 0,
         METRIC_GAUGE, 0, 1e12},
    [METRIC_BLOCKS_FOUND] = {"blocks_found", "", "Blocks found",
                             "Whole Bitcoin blocks that this miner has found.", 1, 0,
                             METRIC_COUNTER, 0, 1e6},
};

const struct metric_facts *metric_facts(enum metric metric) {
  assert(metric >= 0 && metric < METRIC_COUNT);
  return &table[metric];
}

bool metric_find(const char *name, enum metric *out) {
  for (int metric = 0; metric < METRIC_COUNT; metric++) {
    if (str_equal(name, table[metric].name)) {
      *out = (enum metric)metric;
      return true;
    }
  }
  return false;
}

bool metric_is_known(double value) {
  return !isnan(value);
}

double metric_checked(enum metric metric, double value) {
  const struct metric_facts *facts = metric_facts(metric);
  if (value >= facts->minimum && value <= facts->maximum)
    return value;
  return METRIC_UNKNOWN; /* NaN comes here too: it compares false */
}

int64_t metric_to_stored(enum metric metric, double value) {
  double scaled = round(value * metric_facts(metric)->scale);
  if (!(fabs(scaled) < 0x1p63))
    return METRIC_STORED_UNKNOWN;
  return (int64_t)scaled;
}

double metric_from_stored(enum metric metric, int64_t stored) {
  if (stored == METRIC_STORED_UNKNOWN)
    return METRIC_UNKNOWN;
  return (double)stored / metric_facts(metric)->scale;
}
