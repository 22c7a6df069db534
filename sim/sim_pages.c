#include "sim/sim_pages.h"

#include <string.h>

#include "sim/sim_print.h"

static bool from(const struct sim_device *device, int minor) {
  return device->firmware.release >= SIM_RELEASE(minor, 0);
}

static struct sim_print start(const struct sim_device *device, struct buf *out) {
  struct sim_print print;
  sim_print_init(&print, out, !from(device, 14), !from(device, 12));
  sim_print_object(&print, NULL);
  return print;
}

void sim_pages_asic(const struct sim_device *device, struct buf *out) {
  const struct sim_board *board = device->board;
  struct sim_print print = start(device, out);
  sim_print_text(&print, "ASICModel", board->asic_model);
  sim_print_text(&print, "deviceModel", board->family);
  sim_print_text(&print, "swarmColor", "purple");
  sim_print_int(&print, "asicCount", board->asic_count);
  sim_print_int(&print, "defaultFrequency", board->default_mhz);
  sim_print_array(&print, "frequencyOptions");
  for (int step = -3; step <= 3; step++)
    sim_print_int(&print, NULL, board->default_mhz + 25 * step);
  sim_print_array_end(&print);
  sim_print_int(&print, "defaultVoltage", board->default_mv);
  sim_print_array(&print, "voltageOptions");
  for (int step = -2; step <= 2; step++)
    sim_print_int(&print, NULL, board->default_mv + 50 * step);
  sim_print_array_end(&print);
  if (from(device, 15))
    sim_print_int(&print, "hashDomains", board->small_cores == 672 ? 1 : 4);
  sim_print_object_end(&print);
}

/* --- statistics --- */

struct column {
  const char *old_label; /* 2.8 to 2.10; NULL: did not exist */
  const char *label;     /* from 2.11 */
  int since;
  enum sim_stat stat;
};

static const struct column columns_of_all[] = {
    {"hashRate", "hashrate", 0, SIM_STAT_HASHRATE},
    {NULL, "hashrate_1m", SIM_RELEASE(12, 0), SIM_STAT_HASHRATE_1M},
    {NULL, "hashrate_10m", SIM_RELEASE(12, 0), SIM_STAT_HASHRATE_10M},
    {NULL, "hashrate_1h", SIM_RELEASE(12, 0), SIM_STAT_HASHRATE_1H},
    {NULL, "errorPercentage", SIM_RELEASE(11, 0), SIM_STAT_ERROR_PCT},
    {"temp", "asicTemp", 0, SIM_STAT_TEMP},
    {NULL, "asicTemp2", SIM_RELEASE(14, 0), SIM_STAT_TEMP2},
    {"vrTemp", "vrTemp", 0, SIM_STAT_VR_TEMP},
    {"coreVoltageActual", "asicVoltage", 0, SIM_STAT_CORE_MV},
    {"voltage", "voltage", 0, SIM_STAT_INPUT_MV},
    {"power", "power", 0, SIM_STAT_POWER},
    {"current", "current", 0, SIM_STAT_CURRENT},
    {"fanspeed", "fanSpeed", 0, SIM_STAT_FAN_PCT},
    {"fanrpm", "fanRpm", 0, SIM_STAT_FAN_RPM},
    {NULL, "fan2Rpm", SIM_RELEASE(11, 0), SIM_STAT_FAN2_RPM},
    {"wifiRSSI", "wifiRssi", 0, SIM_STAT_RSSI},
    {"freeHeap", "freeHeap", 0, SIM_STAT_HEAP},
    {NULL, "responseTime", SIM_RELEASE(13, 0), SIM_STAT_RESPONSE_MS},
};
enum { COLUMN_COUNT = sizeof columns_of_all / sizeof columns_of_all[0] };

static const char *label_of(const struct sim_device *device, const struct column *column) {
  if (device->firmware.release < column->since)
    return NULL;
  return from(device, 11) ? column->label : column->old_label;
}

/* Whether the comma list `columns` names the label. */
static bool is_named(const char *columns, const char *label) {
  size_t length = strlen(label);
  while (columns != NULL && *columns != '\0') {
    size_t span = strcspn(columns, ",");
    if (span == length && memcmp(columns, label, length) == 0)
      return true;
    columns += span + (columns[span] == ',');
  }
  return false;
}

static int choose_columns(const struct sim_device *device, const char *columns,
                          const struct column *chosen[COLUMN_COUNT]) {
  int count = 0;
  bool all = columns == NULL || !from(device, 11);
  for (int i = 0; i < COLUMN_COUNT; i++) {
    const char *label = label_of(device, &columns_of_all[i]);
    if (label != NULL && (all || is_named(columns, label)))
      chosen[count++] = &columns_of_all[i];
  }
  return count;
}

void sim_pages_statistics(const struct sim_device *device, const char *columns, struct buf *out) {
  const struct column *chosen[COLUMN_COUNT];
  int count = choose_columns(device, columns, chosen);
  struct sim_print print;
  sim_print_init(&print, out, false, !from(device, 12)); /* always compact */
  sim_print_object(&print, NULL);
  sim_print_int(&print, "currentTimestamp", device->boot.uptime_s * 1000);
  sim_print_array(&print, "labels");
  for (int i = 0; i < count; i++)
    sim_print_text(&print, NULL, label_of(device, chosen[i]));
  sim_print_text(&print, NULL, "timestamp");
  sim_print_array_end(&print);
  sim_print_array(&print, "statistics");
  for (int row = 0; row < device->stats.count; row++) {
    const struct sim_stats_row *values = sim_stats_get(&device->stats, row);
    sim_print_array(&print, NULL);
    for (int i = 0; i < count; i++)
      sim_print_float(&print, NULL, (double)values->value[chosen[i]->stat]);
    sim_print_int(&print, NULL, (double)values->uptime_s * 1000);
    sim_print_array_end(&print);
  }
  sim_print_array_end(&print);
  sim_print_object_end(&print);
}

/* --- metrics --- */

static const struct {
  const char *name, *help;
  size_t offset;
  bool counter;
} metrics[] = {
    {"bitaxe_hashrate_ghs", "Hashrate.", offsetof(struct sim_device, now.hashrate_ghs), false},
    {"bitaxe_expected_hashrate_ghs", "Hashrate that the settings promise.",
     offsetof(struct sim_device, now.expected_ghs), false},
    {"bitaxe_chip_temp_c", "Chip temperature.", offsetof(struct sim_device, now.temp_c), false},
    {"bitaxe_chip2_temp_c", "Second chip sensor.", offsetof(struct sim_device, now.temp2_c), false},
    {"bitaxe_vr_temp_c", "Regulator temperature.", offsetof(struct sim_device, now.vr_temp_c),
     false},
    {"bitaxe_power_w", "Power.", offsetof(struct sim_device, now.power_w), false},
    {"bitaxe_input_voltage_mv", "Input voltage.", offsetof(struct sim_device, now.input_mv), false},
    {"bitaxe_current_ma", "Current.", offsetof(struct sim_device, now.current_ma), false},
    {"bitaxe_core_voltage_mv", "Core voltage as set.",
     offsetof(struct sim_device, settings.core_mv), false},
    {"bitaxe_core_voltage_actual_mv", "Core voltage measured.",
     offsetof(struct sim_device, now.core_mv), false},
    {"bitaxe_frequency_mhz", "Frequency as set.",
     offsetof(struct sim_device, settings.frequency_mhz), false},
    {"bitaxe_fan_pct", "Fan duty.", offsetof(struct sim_device, now.fan_pct), false},
    {"bitaxe_fan_rpm", "Fan speed.", offsetof(struct sim_device, now.fan_rpm), false},
    {"bitaxe_fan2_rpm", "Second fan's speed.", offsetof(struct sim_device, now.fan2_rpm), false},
    {"bitaxe_wifi_rssi_dbm", "Wi-Fi signal.", offsetof(struct sim_device, now.rssi_dbm), false},
    {"bitaxe_free_heap_bytes", "Free heap.", offsetof(struct sim_device, now.heap), false},
    {"bitaxe_error_pct", "Share of wrong hashes.", offsetof(struct sim_device, now.error_pct),
     false},
    {"bitaxe_response_ms", "Pool's response time.", offsetof(struct sim_device, now.response_ms),
     false},
    {"bitaxe_pool_difficulty", "Pool difficulty.", offsetof(struct sim_device, pool_difficulty),
     false},
    {"bitaxe_best_difficulty", "Best difficulty ever.", offsetof(struct sim_device, all_time_best),
     false},
    {"bitaxe_best_session_difficulty", "Best difficulty since boot.",
     offsetof(struct sim_device, boot.session_best), false},
    {"bitaxe_uptime_seconds", "Time since boot.", offsetof(struct sim_device, boot.uptime_s),
     false},
    {"bitaxe_shares_accepted_total", "Accepted shares.", offsetof(struct sim_device, boot.accepted),
     true},
    {"bitaxe_shares_rejected_total", "Rejected shares.", offsetof(struct sim_device, boot.rejected),
     true},
};

void sim_pages_metrics(const struct sim_device *device, struct buf *out) {
  for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++) {
    const char *at = (const char *)device + metrics[i].offset;
    const char *const parts[] = {"# HELP ",
                                 metrics[i].name,
                                 " ",
                                 metrics[i].help,
                                 "\n# TYPE ",
                                 metrics[i].name,
                                 metrics[i].counter ? " counter\n" : " gauge\n",
                                 metrics[i].name,
                                 " "};
    for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++)
      buf_append_text(out, parts[part]);
    sim_print_number(out, *(const double *)(const void *)at, 7);
    buf_append_char(out, '\n');
  }
}
