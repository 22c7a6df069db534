#include "sim/sim_info.h"

#include <math.h>
#include <stdio.h>

#include "sim/sim_print.h"

enum kind {
  WHOLE,   /* double, printed as a whole number */
  REAL,    /* double, printed with fraction */
  RAISED,  /* double: whole before 2.14, with fraction after */
  TEMP,    /* whole in 2.0 and 2.1, in eighths after */
  DUTY,    /* fan %: whole, but with fraction in 2.11 to 2.13 */
  DIFF,    /* difficulty: text up to 2.10, number after */
  FLAG,    /* bool, 0 or 1 */
  TEXT,    /* char array */
  FIXED,   /* `json` as it stands */
  SWITCH,  /* `json` is "0" or "1" before 2.14, false or true after */
  WRITTEN, /* `write` does it, or leaves it out */
};

struct field {
  const char *key;
  int since, until; /* releases: since <= release < until; until 0: still there */
  enum kind kind;
  size_t offset; /* into struct sim_device */
  const char *json;
  void (*write)(struct sim_print *print, const char *key, const struct sim_device *device);
};

static bool from(const struct sim_device *device, int minor) {
  return device->firmware.release >= SIM_RELEASE(minor, 0);
}

/* --- fields that need more than a number --- */

static void put_max_power(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_int(p, key, d->board->max_power_w);
}

static void put_nominal(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_int(p, key, d->board->nominal_v);
}

static void put_fallback(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_int(p, key, sim_device_has(d, SIM_FALLBACK));
}

static void put_asic_model(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_text(p, key, d->board->asic_model);
}

static void put_asic_count(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_int(p, key, d->board->asic_count);
}

static void put_small_cores(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_int(p, key, d->board->small_cores);
}

static void put_board_version(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_text(p, key, d->board->board_version);
}

static void put_reset_reason(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_text(p, key, d->reset_reason);
}

static void put_full_hostname(struct sim_print *p, const char *key, const struct sim_device *d) {
  char name[48];
  snprintf(name, sizeof name, "%s.local", d->hostname);
  sim_print_text(p, key, name);
}

static void put_stats_s(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_int(p, key, d->settings.stats_s);
}

static void put_log2_work(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_float(p, key, log2(fmax(1, d->total_hashes)));
}

static void put_paused(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_bool(p, key, d->halt == SIM_USER_PAUSE);
}

/* 2.9 gave the time since boot by mistake. */
static void put_response(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_float(p, key, from(d, 10) ? d->now.response_ms : d->boot.uptime_s * 1000 + 38.5);
}

static void put_reasons(struct sim_print *p, const char *key, const struct sim_device *d) {
  double stale = floor(d->boot.rejected / 6);
  sim_print_array(p, key);
  if (d->boot.rejected > stale) {
    sim_print_object(p, NULL);
    sim_print_text(p, "message", "Above target");
    sim_print_int(p, "count", d->boot.rejected - stale);
    sim_print_object_end(p);
  }
  if (stale > 0) {
    sim_print_object(p, NULL);
    sim_print_text(p, "message", "Stale");
    sim_print_int(p, "count", stale);
    sim_print_object_end(p);
  }
  sim_print_array_end(p);
}

static void put_power_fault(struct sim_print *p, const char *key, const struct sim_device *d) {
  if (sim_device_has(d, SIM_POWER_FAULT))
    sim_print_text(p, key, "Power fault detected: output over-current");
}

static void put_hardware_fault(struct sim_print *p, const char *key, const struct sim_device *d) {
  if (sim_device_has(d, SIM_HARDWARE_FAULT))
    sim_print_text(p, key, "Temperature sensor does not answer");
}

static const char *pool_host(const struct sim_device *d) {
  return sim_device_has(d, SIM_OTHER_POOL) ? "elsewhere.example" : "pool.example";
}

static const char *pool_user(const struct sim_device *d) {
  return sim_device_has(d, SIM_OTHER_USER) ? "bc1qsomebodyelsespayoutaddress.sim"
                                           : "bc1qsimulatedminer.sim";
}

static void put_pool_host(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_text(p, key, pool_host(d));
}

static void put_pool_user(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_text(p, key, pool_user(d));
}

static void put_new_block(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_bool(p, key, d->boot.blocks > 0);
}

static void put_connection(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_text(p, key, d->boot.work > 0 ? "IPv4" : "Not Connected");
}

/* What is decoded from a job is absent until the first one. */
static void put_height(struct sim_print *p, const char *key, const struct sim_device *d) {
  if (d->boot.work > 0)
    sim_print_int(p, key, d->height);
}

static void put_scriptsig(struct sim_print *p, const char *key, const struct sim_device *d) {
  if (d->boot.work > 0)
    sim_print_text(p, key, "..simulated/pool/");
}

static void put_network(struct sim_print *p, const char *key, const struct sim_device *d) {
  if (d->boot.work > 0)
    sim_print_int(p, key, 152271405425045.0);
}

static void put_coinbase(struct sim_print *p, const char *key, const struct sim_device *d) {
  if (d->boot.work < 1)
    return;
  sim_print_array(p, key);
  sim_print_object(p, NULL);
  sim_print_int(p, "value", 312500000);
  sim_print_text(p, "address", "bc1qsimulatedminerpayoutaddress");
  sim_print_object_end(p);
  sim_print_array_end(p);
}

static void put_coinbase_value(struct sim_print *p, const char *key, const struct sim_device *d) {
  if (d->boot.work > 0)
    sim_print_int(p, key, 312500000);
}

static void put_signals(struct sim_print *p, const char *key, const struct sim_device *d) {
  if (d->boot.work < 1)
    return;
  sim_print_array(p, key);
  sim_print_array_end(p);
}

static void put_monitor(struct sim_print *p, const char *key, const struct sim_device *d) {
  int chips = d->board->asic_count;
  bool lost = sim_device_has(d, SIM_CHIP_LOST);
  int alive = lost && chips > 1 ? chips - 1 : chips;
  int domains = from(d, 11) && d->board->small_cores == 672 ? 1 : 4;
  if (d->boot.uptime_s < 5)
    return;
  sim_print_object(p, key);
  sim_print_array(p, "asics");
  for (int chip = 0; chip < chips; chip++) {
    double total = chip < alive ? d->now.hashrate_ghs / alive : 0;
    sim_print_object(p, NULL);
    sim_print_float(p, "total", total);
    sim_print_array(p, "domains");
    for (int i = 0; i < domains; i++) {
      bool dead = lost && chips == 1 && i >= domains / 2 && domains > 1;
      double tilt = 1 + 0.01 * (i * 2 - domains + 1);
      int working = lost && chips == 1 && domains > 1 ? domains / 2 : domains;
      sim_print_float(p, NULL, dead ? 0 : total / working * tilt);
    }
    sim_print_array_end(p);
    sim_print_int(p, "errorCount", floor(d->now.error_count / chips));
    sim_print_object_end(p);
  }
  sim_print_array_end(p);
  if (from(d, 15))
    sim_print_float(p, "hashrate", d->now.hashrate_ghs);
  sim_print_object_end(p);
}

static void put_pool(struct sim_print *p, int id, const char *host, const char *user) {
  sim_print_object(p, NULL);
  sim_print_int(p, "id", id);
  sim_print_text(p, "stratumProtocol", "SV1");
  sim_print_text(p, "stratumURL", host);
  sim_print_int(p, "stratumPort", id == 0 ? 3333 : 4333);
  sim_print_text(p, "stratumUser", user);
  sim_print_text(p, "stratumPassword", "*****");
  sim_print_int(p, "stratumSuggestedDifficulty", 1000);
  sim_print_bool(p, "stratumExtranonceSubscribe", false);
  sim_print_int(p, "stratumTLS", 0);
  sim_print_text(p, "stratumCert", "");
  sim_print_bool(p, "stratumDecodeCoinbase", true);
  sim_print_text(p, "stratumV2ChannelType", "extended");
  sim_print_text(p, "stratumV2AuthorityPubkey", "");
  sim_print_bool(p, "stratumV2RequireAuth", false);
  sim_print_object_end(p);
}

static void put_pools(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_array(p, key);
  put_pool(p, 0, pool_host(d), pool_user(d));
  put_pool(p, 1, "fallback.example", "bc1qsimulatedminer.sim");
  sim_print_array_end(p);
}

static void put_partition(struct sim_print *p, const char *label, const char *version,
                          bool current) {
  bool factory = label[0] == 'f';
  sim_print_object(p, NULL);
  sim_print_text(p, "label", label);
  if (version != NULL) {
    sim_print_text(p, "version", version);
    sim_print_text(p, "compileDate", "Aug 20 2026");
    sim_print_text(p, "compileTime", "12:00:00");
  } else {
    sim_print_raw(p, "version", "null");
    sim_print_raw(p, "compileDate", "null");
    sim_print_raw(p, "compileTime", "null");
  }
  sim_print_bool(p, "isCurrent", current);
  sim_print_bool(p, "isFactory", factory);
  sim_print_raw(p, "usagePercent", version != NULL ? "58" : "null");
  sim_print_object_end(p);
}

static void put_partitions(struct sim_print *p, const char *key, const struct sim_device *d) {
  sim_print_array(p, key);
  put_partition(p, "factory", "v2.11.0", false);
  put_partition(p, "ota_0", d->firmware.version, true);
  put_partition(p, "ota_1", NULL, false);
  sim_print_array_end(p);
}

/* --- the table --- */

#define AT(member) offsetof(struct sim_device, member)
#define V SIM_RELEASE

static const struct field fields[] = {
    {"power", 0, 0, REAL, AT(now.power_w), NULL, NULL},
    {"voltage", 0, 0, REAL, AT(now.input_mv), NULL, NULL},
    {"current", 0, 0, REAL, AT(now.current_ma), NULL, NULL},
    {"fanSpeed", 0, V(1, 4), WHOLE, AT(now.fan_rpm), NULL, NULL},
    {"fanSpeedRpm", V(1, 4), V(1, 9), WHOLE, AT(now.fan_rpm), NULL, NULL},
    {"temp", 0, 0, TEMP, AT(now.temp_c), NULL, NULL},
    {"temp2", V(10, 0), 0, TEMP, AT(now.temp2_c), NULL, NULL},
    {"vrTemp", V(1, 9), 0, WHOLE, AT(now.vr_temp_c), NULL, NULL},
    {"maxPower", V(6, 0), 0, WRITTEN, 0, NULL, put_max_power},
    {"nominalVoltage", V(6, 0), 0, WRITTEN, 0, NULL, put_nominal},
    {"hashRate", 0, 0, REAL, AT(now.hashrate_ghs), NULL, NULL},
    {"hashRate_1m", V(12, 0), 0, REAL, AT(now.hashrate_1m_ghs), NULL, NULL},
    {"hashRate_10m", V(12, 0), 0, REAL, AT(now.hashrate_10m_ghs), NULL, NULL},
    {"hashRate_1h", V(12, 0), 0, REAL, AT(now.hashrate_1h_ghs), NULL, NULL},
    {"expectedHashrate", V(8, 0), 0, WHOLE, AT(now.expected_ghs), NULL, NULL},
    {"errorPercentage", V(11, 0), 0, REAL, AT(now.error_pct), NULL, NULL},
    {"bestDiff", 0, 0, DIFF, AT(all_time_best), NULL, NULL},
    {"bestSessionDiff", V(1, 5), 0, DIFF, AT(boot.session_best), NULL, NULL},
    {"stratumDiff", V(4, 1), V(9, 0), WHOLE, AT(pool_difficulty), NULL, NULL},
    {"poolDifficulty", V(9, 0), 0, WHOLE, AT(pool_difficulty), NULL, NULL},
    {"isUsingFallbackStratum", V(3, 0), 0, WRITTEN, 0, NULL, put_fallback},
    {"useFallbackStratum", V(15, 0), 0, FIXED, 0, "0", NULL},
    {"poolAddrFamily", V(11, 0), V(13, 0), FIXED, 0, "2", NULL},
    {"poolConnectionInfo", V(13, 0), 0, WRITTEN, 0, NULL, put_connection},
    {"isPSRAMAvailable", V(6, 0), 0, FIXED, 0, "1", NULL},
    {"cpuUsage", V(14, 0), 0, REAL, AT(now.cpu_pct), NULL, NULL},
    {"freeHeap", 0, 0, WHOLE, AT(now.heap), NULL, NULL},
    {"freeHeapInternal", V(11, 0), 0, WHOLE, AT(now.heap_internal), NULL, NULL},
    {"freeHeapSpiram", V(11, 0), 0, WHOLE, AT(now.heap_spiram), NULL, NULL},
    {"minFreeHeap", V(15, 0), 0, WHOLE, AT(now.heap_min), NULL, NULL},
    {"maxAllocHeap", V(15, 0), 0, FIXED, 0, "7995392", NULL},
    {"coreVoltage", 0, 0, WHOLE, AT(settings.core_mv), NULL, NULL},
    {"coreVoltageActual", 0, 0, RAISED, AT(now.core_mv), NULL, NULL},
    {"frequency", 0, 0, REAL, AT(settings.frequency_mhz), NULL, NULL},
    {"actualFrequency", V(14, 0), 0, REAL, AT(now.frequency_mhz), NULL, NULL},
    {"ssid", 0, 0, FIXED, 0, "\"Simulated Wi-Fi\"", NULL},
    {"wifiPass", 0, V(0, 5), FIXED, 0, "\"simulated-password\"", NULL},
    {"macAddr", V(3, 0), 0, TEXT, AT(mac), NULL, NULL},
    {"hostname", V(1, 5), 0, TEXT, AT(hostname), NULL, NULL},
    {"fullHostname", V(15, 0), 0, WRITTEN, 0, NULL, put_full_hostname},
    {"mdnsHostname", V(15, 0), 0, WRITTEN, 0, NULL, put_full_hostname},
    {"ipv4", V(11, 0), 0, TEXT, AT(ipv4), NULL, NULL},
    {"ipv6", V(11, 0), 0, FIXED, 0, "\"FE80::B1:7AFF:FE00:1\"", NULL},
    {"wifiStatus", 0, 0, FIXED, 0, "\"Connected!\"", NULL},
    {"wifiRSSI", V(6, 0), 0, WHOLE, AT(now.rssi_dbm), NULL, NULL},
    {"apEnabled", V(6, 0), 0, FIXED, 0, "0", NULL},
    {"sharesAccepted", 0, 0, WHOLE, AT(boot.accepted), NULL, NULL},
    {"sharesRejected", 0, 0, WHOLE, AT(boot.rejected), NULL, NULL},
    {"sharesPending", V(15, 0), 0, FIXED, 0, "0", NULL},
    {"sharesRejectedReasons", V(6, 0), 0, WRITTEN, 0, NULL, put_reasons},
    {"workReceived", V(15, 0), 0, WHOLE, AT(boot.work), NULL, NULL},
    {"uptimeSeconds", 0, 0, WHOLE, AT(boot.uptime_s), NULL, NULL},
    {"totalUptimeSeconds", V(15, 0), 0, WHOLE, AT(total_uptime_s), NULL, NULL},
    {"totalHashes", V(15, 0), 0, WHOLE, AT(total_hashes), NULL, NULL},
    {"totalLog2Work", V(15, 0), 0, WRITTEN, 0, NULL, put_log2_work},
    {"asicCount", V(1, 9), V(9, 0), WRITTEN, 0, NULL, put_asic_count},
    {"smallCoreCount", V(1, 9), 0, WRITTEN, 0, NULL, put_small_cores},
    {"ASICModel", 0, 0, WRITTEN, 0, NULL, put_asic_model},
    {"primaryPoolIndex", V(15, 0), 0, FIXED, 0, "0", NULL},
    {"secondaryPoolIndex", V(15, 0), 0, FIXED, 0, "1", NULL},
    {"pools", V(15, 0), 0, WRITTEN, 0, NULL, put_pools},
    {"stratumURL", 0, 0, WRITTEN, 0, NULL, put_pool_host},
    {"stratumPort", 0, 0, FIXED, 0, "3333", NULL},
    {"stratumUser", 0, 0, WRITTEN, 0, NULL, put_pool_user},
    {"stratumSuggestedDifficulty", V(9, 0), 0, FIXED, 0, "1000", NULL},
    {"stratumExtranonceSubscribe", V(9, 0), 0, SWITCH, 0, "0", NULL},
    {"stratumTLS", V(13, 0), 0, FIXED, 0, "0", NULL},
    {"stratumCert", V(13, 0), 0, FIXED, 0, "\"\"", NULL},
    {"stratumDecodeCoinbase", V(13, 0), 0, SWITCH, 0, "1", NULL},
    {"stratumProtocol", V(14, 0), 0, FIXED, 0, "\"SV1\"", NULL},
    {"stratumV2AuthorityPubkey", V(14, 0), 0, FIXED, 0, "\"\"", NULL},
    {"stratumV2ChannelType", V(14, 0), 0, FIXED, 0, "\"extended\"", NULL},
    {"fallbackStratumURL", V(3, 0), 0, FIXED, 0, "\"fallback.example\"", NULL},
    {"fallbackStratumPort", V(3, 0), 0, FIXED, 0, "4333", NULL},
    {"fallbackStratumUser", V(3, 0), 0, FIXED, 0, "\"bc1qsimulatedminer.sim\"", NULL},
    {"fallbackStratumSuggestedDifficulty", V(9, 0), 0, FIXED, 0, "1000", NULL},
    {"fallbackStratumExtranonceSubscribe", V(9, 0), 0, SWITCH, 0, "0", NULL},
    {"fallbackStratumTLS", V(13, 0), 0, FIXED, 0, "0", NULL},
    {"fallbackStratumDecodeCoinbase", V(13, 0), 0, SWITCH, 0, "1", NULL},
    {"fallbackStratumProtocol", V(14, 0), 0, FIXED, 0, "\"SV1\"", NULL},
    {"responseTime", V(9, 0), 0, WRITTEN, 0, NULL, put_response},
    {"responseShareBatch", V(14, 0), 0, FIXED, 0, "1", NULL},
    {"processTime", V(14, 0), 0, REAL, AT(now.process_ms), NULL, NULL},
    {"version", 0, 0, TEXT, AT(firmware.version), NULL, NULL},
    {"axeOSVersion", V(9, 0), 0, TEXT, AT(firmware.version), NULL, NULL},
    {"idfVersion", V(4, 3), V(10, 0), FIXED, 0, "\"v5.4\"", NULL},
    {"idfVersion", V(10, 0), 0, FIXED, 0, "\"v5.5.1\"", NULL},
    {"boardVersion", V(0, 7), 0, WRITTEN, 0, NULL, put_board_version},
    {"resetReason", V(12, 0), 0, WRITTEN, 0, NULL, put_reset_reason},
    {"runningPartition", 0, 0, FIXED, 0, "\"ota_0\"", NULL},
    {"partitions", V(15, 0), 0, WRITTEN, 0, NULL, put_partitions},
    {"overheat_mode", V(1, 10), 0, FLAG, AT(settings.overheat_mode), NULL, NULL},
    {"overclockEnabled", V(6, 0), 0, FLAG, AT(settings.overclock), NULL, NULL},
    {"display", V(8, 0), 0, FIXED, 0, "\"SSD1306 (128x32)\"", NULL},
    {"flipscreen", 0, V(9, 0), FIXED, 0, "1", NULL},
    {"rotation", V(9, 0), 0, FIXED, 0, "0", NULL},
    {"invertscreen", 0, 0, FIXED, 0, "0", NULL},
    {"displayTimeout", V(7, 0), 0, FIXED, 0, "-1", NULL},
    {"invertfanpolarity", V(0, 2), V(7, 0), FIXED, 0, "1", NULL},
    {"autofanspeed", V(0, 2), 0, FLAG, AT(settings.auto_fan), NULL, NULL},
    {"fanspeed", V(0, 2), 0, DUTY, AT(now.fan_pct), NULL, NULL},
    {"manualFanSpeed", V(11, 0), 0, WHOLE, AT(settings.manual_fan_pct), NULL, NULL},
    {"minFanSpeed", V(10, 0), 0, WHOLE, AT(settings.min_fan_pct), NULL, NULL},
    {"temptarget", V(7, 0), 0, WHOLE, AT(settings.temp_target_c), NULL, NULL},
    {"fanrpm", V(1, 9), 0, WHOLE, AT(now.fan_rpm), NULL, NULL},
    {"fan2rpm", V(11, 0), 0, WHOLE, AT(now.fan2_rpm), NULL, NULL},
    {"statsFrequency", V(9, 0), 0, WRITTEN, 0, NULL, put_stats_s},
    {"statsLimit", V(14, 0), 0, FIXED, 0, "720", NULL},
    {"useCustomWWW", V(15, 0), 0, FIXED, 0, "0", NULL},
    {"blockFound", V(11, 0), 0, WHOLE, AT(boot.blocks), NULL, NULL},
    {"showNewBlock", V(13, 0), 0, WRITTEN, 0, NULL, put_new_block},
    {"blockHeight", V(11, 0), 0, WRITTEN, 0, NULL, put_height},
    {"scriptsig", V(11, 0), 0, WRITTEN, 0, NULL, put_scriptsig},
    {"networkDifficulty", V(11, 0), 0, WRITTEN, 0, NULL, put_network},
    {"coinbaseOutputs", V(13, 0), 0, WRITTEN, 0, NULL, put_coinbase},
    {"coinbaseValueTotalSatoshis", V(13, 0), 0, WRITTEN, 0, NULL, put_coinbase_value},
    {"coinbaseValueUserSatoshis", V(13, 0), 0, WRITTEN, 0, NULL, put_coinbase_value},
    {"blockSignals", V(14, 0), 0, WRITTEN, 0, NULL, put_signals},
    {"hashrateMonitor", V(11, 0), 0, WRITTEN, 0, NULL, put_monitor},
    {"miningPaused", V(14, 0), 0, WRITTEN, 0, NULL, put_paused},
    {"power_fault", V(6, 0), 0, WRITTEN, 0, NULL, put_power_fault},
    {"hardware_fault", V(14, 0), 0, WRITTEN, 0, NULL, put_hardware_fault},
};

#undef AT
#undef V

/* --- printing --- */

static double cut_to_3_digits(double value) {
  double scale = value >= 100 ? 1 : value >= 10 ? 10 : 100;
  return floor(value * scale) / scale;
}

void sim_info_format_difficulty(int release, double difficulty, char text[24]) {
  static const char letters[] = "kMGTPE";
  const size_t size = 24;
  if (release < SIM_RELEASE(1, 4))
    difficulty = fmin(difficulty, 4294967295.0); /* kept in 32 bits then */
  int step = -1;
  while (difficulty >= 1000 && step < 5) {
    difficulty /= 1000;
    step++;
  }
  if (step < 0)
    snprintf(text, size, "%.0f", difficulty);
  else if (release >= SIM_RELEASE(10, 0))
    snprintf(text, size, "%.2f %c", difficulty, letters[step]);
  else
    snprintf(text, size, "%.3g%c", cut_to_3_digits(difficulty), letters[step]);
}

static void put_difficulty(struct sim_print *p, const char *key, int release, double difficulty) {
  char text[24];
  if (release >= SIM_RELEASE(11, 0)) {
    sim_print_int(p, key, difficulty);
    return;
  }
  sim_info_format_difficulty(release, difficulty, text);
  sim_print_text(p, key, text);
}

static void put_number(struct sim_print *p, const struct field *field, int release, double value) {
  bool whole =
      field->kind == WHOLE || (field->kind == RAISED && release < SIM_RELEASE(14, 0)) ||
      (field->kind == TEMP && release < SIM_RELEASE(2, 0)) ||
      (field->kind == DUTY && (release < SIM_RELEASE(11, 0) || release >= SIM_RELEASE(14, 0)));
  if (whole)
    sim_print_int(p, field->key, value);
  else
    sim_print_float(p, field->key, value);
}

static void put_field(struct sim_print *p, const struct field *field,
                      const struct sim_device *device) {
  const char *at = (const char *)device + field->offset;
  int release = device->firmware.release;
  switch (field->kind) {
  case WRITTEN:
    field->write(p, field->key, device);
    break;
  case FIXED:
    sim_print_raw(p, field->key, field->json);
    break;
  case SWITCH:
    if (from(device, 14))
      sim_print_bool(p, field->key, field->json[0] == '1');
    else
      sim_print_raw(p, field->key, field->json);
    break;
  case TEXT:
    sim_print_text(p, field->key, at);
    break;
  case FLAG:
    sim_print_int(p, field->key, *(const bool *)(const void *)at);
    break;
  case DIFF:
    put_difficulty(p, field->key, release, *(const double *)(const void *)at);
    break;
  case WHOLE:
  case REAL:
  case RAISED:
  case TEMP:
  case DUTY:
    put_number(p, field, release, *(const double *)(const void *)at);
    break;
  }
}

void sim_info_render(const struct sim_device *device, struct buf *out) {
  int release = device->firmware.release;
  struct sim_print print;
  sim_print_init(&print, out, release < SIM_RELEASE(14, 0), release < SIM_RELEASE(12, 0));
  sim_print_object(&print, NULL);
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    const struct field *field = &fields[i];
    if (release >= field->since && (field->until == 0 || release < field->until))
      put_field(&print, field, device);
  }
  sim_print_object_end(&print);
}
