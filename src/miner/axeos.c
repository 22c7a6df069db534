/* AxeOS 2.0 to 2.15, NerdOS, and what descends from them. Sources: ESP-Miner's
 * and ESP-Miner-NerdQAxePlus's /api/system/info and /api/system/asic, release by
 * release. Firmware is told apart by what it sends, never by its version text,
 * which forks number as they like. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "miner/answer_json.h"
#include "miner/axeos_device.h"
#include "miner/axeos_fields.h"
#include "miner/axeos_pool.h"
#include "miner/axeos_state.h"
#include "miner/axeos_statistics.h"
#include "miner/axeos_vitals.h"
#include "miner/board.h"
#include "miner/miner_driver.h"

/* Values by which firmware says "I do not know". */
enum sentinel {
  NOT_ZERO = 1 << 0,
  NOT_MINUS_1 = 1 << 1,
  NOT_127 = 1 << 2,     /* an open diode, or the first seconds after a boot */
  NOT_MINUS_90 = 1 << 3 /* a signal strength that could not be read */
};

/* What is taken over as it stands. */
static const struct figure {
  enum axeos_field field;
  enum metric metric;
  unsigned sentinels;
} figures[] = {
    {AXEOS_HASHRATE, METRIC_HASHRATE_GHS, 0},
    {AXEOS_TEMP, METRIC_CHIP_TEMP_C, NOT_ZERO | NOT_MINUS_1 | NOT_127},
    {AXEOS_TEMP2, METRIC_CHIP_TEMP2_C, NOT_ZERO | NOT_MINUS_1 | NOT_127},
    {AXEOS_VR_TEMP, METRIC_VR_TEMP_C, NOT_ZERO | NOT_MINUS_1},
    {AXEOS_POWER, METRIC_POWER_W, NOT_ZERO},
    {AXEOS_FREQUENCY, METRIC_FREQUENCY_MHZ, NOT_ZERO},
    {AXEOS_FAN_PCT, METRIC_FAN_PCT, 0},
    {AXEOS_FAN_RPM, METRIC_FAN_RPM, 0},
    {AXEOS_RSSI, METRIC_WIFI_RSSI_DBM, NOT_ZERO | NOT_MINUS_90},
    {AXEOS_UPTIME, METRIC_UPTIME_S, 0},
    {AXEOS_SHARES_ACCEPTED, METRIC_SHARES_ACCEPTED, 0},
    {AXEOS_SHARES_REJECTED, METRIC_SHARES_REJECTED, 0},
    {AXEOS_BEST_DIFF, METRIC_BEST_DIFF, 0},
    {AXEOS_BEST_SESSION_DIFF, METRIC_BEST_SESSION_DIFF, 0},
    {AXEOS_POOL_DIFFICULTY, METRIC_POOL_DIFFICULTY, NOT_ZERO},
    {AXEOS_ERROR_PCT, METRIC_ERROR_PCT, 0},
    {AXEOS_FREE_HEAP, METRIC_FREE_HEAP_BYTES, 0},
    {AXEOS_BLOCKS_FOUND, METRIC_BLOCKS_FOUND, 0},
};

static double without_sentinels(double value, unsigned sentinels) {
  bool unknown =
      ((sentinels & NOT_ZERO) && value == 0) || ((sentinels & NOT_MINUS_1) && value == -1) ||
      ((sentinels & NOT_127) && value == 127) || ((sentinels & NOT_MINUS_90) && value == -90);
  return unknown ? METRIC_UNKNOWN : value;
}

static void set(struct sample *sample, enum metric metric, double value) {
  sample->values[metric] = metric_checked(metric, value);
}

/* Only where nothing is known yet. */
static void set_missing(struct sample *sample, enum metric metric, double value) {
  if (!metric_is_known(sample->values[metric]))
    set(sample, metric, value);
}

/* Millivolts; siblings write volts under the same name (12.1, 1.15). */
static double to_mv(double value, double largest_v) {
  return value > 0 && value < largest_v ? value * 1000 : value;
}

static void read_voltages(const struct axeos_fields *fields, struct sample *sample) {
  double input = axeos_fields_number(fields, AXEOS_INPUT_VOLTAGE);
  double core = axeos_fields_number(fields, AXEOS_CORE_VOLTAGE);
  double actual = axeos_fields_number(fields, AXEOS_CORE_VOLTAGE_ACTUAL);
  set(sample, METRIC_INPUT_VOLTAGE_MV, without_sentinels(to_mv(input, 100), NOT_ZERO));
  set(sample, METRIC_CORE_VOLTAGE_MV, without_sentinels(to_mv(core, 10), NOT_ZERO));
  /* Here 0 is a measurement: the regulator is off. */
  set(sample, METRIC_CORE_VOLTAGE_ACTUAL_MV, to_mv(actual, 10));
}

static double hottest(const struct json *temps) {
  double result = METRIC_UNKNOWN;
  for (const struct json *temp = json_first(temps); temp != NULL; temp = json_next(temp)) {
    double value = axeos_fields_value(temp);
    result = value > 0 ? fmax(result, value) : result; /* fmax ignores NaN */
  }
  return result;
}

static void read_temperatures(const struct axeos_fields *fields, struct sample *sample) {
  unsigned sentinels = NOT_ZERO | NOT_MINUS_1 | NOT_127;
  double first = axeos_fields_number(fields, AXEOS_CHIP_TEMP1);
  double second = axeos_fields_number(fields, AXEOS_CHIP_TEMP2);
  set_missing(sample, METRIC_CHIP_TEMP_C, without_sentinels(first, sentinels));
  set_missing(sample, METRIC_CHIP_TEMP2_C, without_sentinels(second, sentinels));
  set_missing(sample, METRIC_CHIP_TEMP_C, hottest(fields->values[AXEOS_ASIC_TEMPS]));
}

static void read_fans(const struct axeos_fields *fields, struct sample *sample) {
  double old = axeos_fields_number(fields, AXEOS_FAN_SPEED_OLD);
  /* RPM in AxeOS up to 2.1.3, which has `fanspeed` for the percentage; BitForge
   * writes the percentage so and has no `fanspeed`. */
  if (old > 100 || metric_is_known(sample->values[METRIC_FAN_PCT]))
    set_missing(sample, METRIC_FAN_RPM, old);
  else
    set_missing(sample, METRIC_FAN_PCT, old);

  const struct json *fan = json_first(fields->values[AXEOS_FANS]);
  set_missing(sample, METRIC_FAN_RPM, axeos_fields_value(json_get(fan, "rpm")));
  set_missing(sample, METRIC_FAN_PCT, axeos_fields_value(json_get(fan, "speedPerc")));

  /* 0 is what boards with one fan send for the second. */
  double second = axeos_fields_number(fields, AXEOS_FAN2_RPM);
  bool has_second = axeos_fields_number(fields, AXEOS_FAN_COUNT) >= 2;
  set(sample, METRIC_FAN2_RPM, without_sentinels(second, has_second ? 0 : NOT_ZERO));
}

/* Some builds of the 2.6 era add the exact figure beside "4.29G". */
static void read_records(const struct axeos_fields *fields, struct sample *sample) {
  double ever = axeos_fields_number(fields, AXEOS_BEST_DIFF_EXACT);
  double session = axeos_fields_number(fields, AXEOS_BEST_SESSION_DIFF_EXACT);
  if (ever > 0)
    set(sample, METRIC_BEST_DIFF, ever);
  if (session > 0)
    set(sample, METRIC_BEST_SESSION_DIFF, session);
}

static void read_flags(const struct axeos_fields *fields, struct sample *sample) {
  if (axeos_pool_is_fallback(fields))
    sample->flags |= SAMPLE_FALLBACK_POOL;
  if (axeos_fields_flag(fields, AXEOS_OVERHEAT_MODE))
    sample->flags |= SAMPLE_OVERHEAT_FLAG;
  if (axeos_fields_number(fields, AXEOS_AUTO_FAN) == 0) /* NerdOS: 1 curve, 2 PID */
    sample->flags |= SAMPLE_AUTO_FAN_OFF;
}

static void read_figures(const struct axeos_fields *fields, struct sample *sample) {
  for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
    const struct figure *figure = &figures[i];
    double value = axeos_fields_number(fields, figure->field);
    set(sample, figure->metric, without_sentinels(value, figure->sentinels));
  }
  /* NerdOS 1.0.2 to 1.0.19 has averages only. */
  set_missing(sample, METRIC_HASHRATE_GHS, axeos_fields_number(fields, AXEOS_HASHRATE_1M));
  set_missing(sample, METRIC_HASHRATE_GHS, axeos_fields_number(fields, AXEOS_HASHRATE_10M));
  read_voltages(fields, sample);
  read_temperatures(fields, sample);
  read_fans(fields, sample);
  read_records(fields, sample);
  read_flags(fields, sample);
  double difficulty = axeos_fields_value(json_get(axeos_pool_active(fields), "poolDifficulty"));
  set_missing(sample, METRIC_POOL_DIFFICULTY, without_sentinels(difficulty, NOT_ZERO));
}

/* A small whole number, or 0 for anything else. */
static int small_int(double value, int most) {
  return value >= 1 && value <= most ? (int)value : 0;
}

static void copy_text(const struct axeos_fields *fields, enum axeos_field field, char *target,
                      size_t size) {
  const char *text = axeos_fields_text(fields, field);
  if (text != NULL)
    str_sanitize(target, size, text, strlen(text));
}

/* Also a number without quotes. */
static void copy_board(const struct axeos_fields *fields, char target[MINER_TEXT_MAX]) {
  double number = axeos_fields_number(fields, AXEOS_BOARD_VERSION);
  copy_text(fields, AXEOS_BOARD_VERSION, target, MINER_TEXT_MAX);
  if (target[0] == '\0' && metric_is_known(number))
    snprintf(target, MINER_TEXT_MAX, "%.6g", number);
}

static void read_pool(const struct axeos_fields *fields, bool fallback, struct miner_facts *facts) {
  const char *url = axeos_fields_text(fields, fallback ? AXEOS_FALLBACK_HOST : AXEOS_POOL_HOST);
  double port = axeos_fields_number(fields, fallback ? AXEOS_FALLBACK_PORT : AXEOS_POOL_PORT);
  const struct json *pool = url == NULL ? axeos_pool_active(fields) : NULL;
  if (pool != NULL) {
    bool nerdos = json_get(pool, "host") != NULL;
    json_text(json_get(pool, nerdos ? "host" : "stratumURL"), &url);
    port = axeos_fields_value(json_get(pool, nerdos ? "port" : "stratumPort"));
  }
  axeos_fields_host(url, facts->pool_host, sizeof facts->pool_host);
  facts->pool_port = small_int(port, 65535);
}

/* `asicCount` went away in 2.9; the hashrate monitor of 2.11 lists every chip. */
static int count_asics(const struct axeos_fields *fields) {
  double count = axeos_fields_number(fields, AXEOS_ASIC_COUNT);
  if (count >= 1)
    return small_int(count, 1000);
  const struct json *monitor = fields->values[AXEOS_HASHRATE_MONITOR];
  return small_int((double)json_count(json_get(monitor, "asics")), 1000);
}

static int rail_v(const struct axeos_fields *fields, const struct sample *sample) {
  double nominal = axeos_fields_number(fields, AXEOS_NOMINAL_VOLTAGE);
  double input_mv = sample->values[METRIC_INPUT_VOLTAGE_MV];
  if (nominal == 5 || nominal == 12)
    return (int)nominal;
  if (input_mv > 4000 && input_mv < 6500)
    return 5;
  return input_mv > 10000 && input_mv < 15000 ? 12 : 0;
}

/* What the device says about its own limits goes before the table. */
static void read_limits(const struct axeos_fields *fields, struct miner_limits *limits) {
  double power_w = axeos_fields_number(fields, AXEOS_MAX_POWER);
  double low = to_mv(axeos_fields_number(fields, AXEOS_MIN_VOLTAGE), 100);
  double high = to_mv(axeos_fields_number(fields, AXEOS_MAX_VOLTAGE), 100);
  double shut_off_c = axeos_fields_number(fields, AXEOS_OVERHEAT_TEMP);
  if (power_w > 0)
    limits->power_max_w = metric_checked(METRIC_POWER_W, power_w);
  if (low > 0 && high > low) {
    limits->input_min_mv = metric_checked(METRIC_INPUT_VOLTAGE_MV, low);
    limits->input_max_mv = metric_checked(METRIC_INPUT_VOLTAGE_MV, high);
  }
  if (shut_off_c >= 50 && shut_off_c <= 100) { /* NerdOS: a setting */
    limits->chip_trip_c = shut_off_c;
    limits->chip_warn_c = fmin(limits->chip_warn_c, shut_off_c - 2);
  }
}

/* Fills what a board in the table or the chip alone tells; keeps what is known. */
static void complete_from_board(const struct board *board, struct miner_facts *facts) {
  if (facts->asic_model[0] == '\0' && board != NULL)
    str_copy(facts->asic_model, sizeof facts->asic_model, board->chip);
  /* Fewer than the board holds is a slip of old firmware on the Hex: it reports
   * what it is configured for, not what it counts. */
  if (board != NULL && facts->asic_count < board->asic_count)
    facts->asic_count = board->asic_count;
  if (facts->small_core_count == 0)
    facts->small_core_count = board_small_cores(facts->asic_model);
}

static void read_texts(const struct axeos_fields *fields, struct miner_facts *facts) {
  copy_text(fields, AXEOS_ASIC_MODEL, facts->asic_model, sizeof facts->asic_model);
  copy_board(fields, facts->board);
  copy_text(fields, AXEOS_VERSION, facts->firmware, sizeof facts->firmware);
  copy_text(fields, AXEOS_HOSTNAME, facts->hostname, sizeof facts->hostname);
  copy_text(fields, AXEOS_RESET_REASON, facts->reset_reason, sizeof facts->reset_reason);
  copy_text(fields, AXEOS_HARDWARE_FAULT, facts->fault, sizeof facts->fault);
  copy_text(fields, AXEOS_POWER_FAULT, facts->fault, sizeof facts->fault);
  miner_normalise_mac(axeos_fields_text(fields, AXEOS_MAC), facts->mac);
}

/* Returns the board, NULL when it is none of the table. */
static const struct board *read_facts(const struct axeos_fields *fields,
                                      const struct sample *sample, struct miner_facts *facts) {
  read_texts(fields, facts);
  facts->asic_count = count_asics(fields);
  facts->small_core_count = small_int(axeos_fields_number(fields, AXEOS_SMALL_CORES), 1000000);
  struct board_clues clues = {
      .board_version = facts->board,
      .device_model = axeos_fields_text(fields, AXEOS_DEVICE_MODEL),
      .miner_model = axeos_fields_text(fields, AXEOS_MINER_MODEL),
      .asic_model = facts->asic_model,
      .firmware = facts->firmware,
      .asic_count = facts->asic_count,
      .two_chip_temps = fields->values[AXEOS_CHIP_TEMP1] && fields->values[AXEOS_CHIP_TEMP2],
  };
  const struct board *board = board_find(&clues);
  board_write_name(board, &clues, facts->model);
  complete_from_board(board, facts);
  board_limits(board, facts->asic_model, rail_v(fields, sample), &facts->limits);
  read_limits(fields, &facts->limits);
  read_pool(fields, (sample->flags & SAMPLE_FALLBACK_POOL) != 0, facts);
  return board;
}

/* The device's own figure counts only where ours cannot be had: it falls to 0
 * when mining stops, and is wrong where the chips are not counted. */
static void fill_expected(const struct axeos_fields *fields, const struct miner_facts *facts,
                          struct sample *sample) {
  double ours = board_expected_ghs(sample->values[METRIC_FREQUENCY_MHZ], facts->small_core_count,
                                   facts->asic_count);
  double theirs = axeos_fields_number(fields, AXEOS_EXPECTED_HASHRATE);
  set(sample, METRIC_EXPECTED_HASHRATE_GHS, ours);
  set_missing(sample, METRIC_EXPECTED_HASHRATE_GHS, without_sentinels(theirs, NOT_ZERO));
}

/* Every such device has a chip's name or a hashrate; without either, three
 * members of the same names make it likely enough. */
static bool is_a_miner(const struct axeos_fields *fields) {
  return fields->values[AXEOS_ASIC_MODEL] != NULL || fields->values[AXEOS_HASHRATE] != NULL ||
         fields->values[AXEOS_HASHRATE_MONITOR] != NULL || fields->known >= 3;
}

/* With none of these there is nothing to watch, and nothing to warn by. */
static bool has_figures(const struct sample *sample) {
  return metric_is_known(sample->values[METRIC_HASHRATE_GHS]) ||
         metric_is_known(sample->values[METRIC_POWER_W]) ||
         metric_is_known(sample->values[METRIC_CHIP_TEMP_C]);
}

static bool parse(const char *body, size_t length, struct miner_report *report, enum reason *reason,
                  struct err *err) {
  struct json *root = answer_json_parse(body, length, reason, err);
  if (root == NULL)
    return false;
  struct axeos_fields fields;
  axeos_fields_read(&fields, root);
  if (!is_a_miner(&fields)) {
    json_free(root);
    *reason = REASON_NOT_A_MINER;
    return err_set(err, ERR_CORRUPT,
                   "the answer has neither a chip's name nor a hashrate: this is no AxeOS miner");
  }
  *report = (struct miner_report){0};
  sample_init(&report->sample, 0);
  axeos_vitals_read(&fields, &report->vitals);
  axeos_device_read(&fields, &report->device);
  read_figures(&fields, &report->sample);
  const struct board *board = read_facts(&fields, &report->sample, &report->facts);
  fill_expected(&fields, &report->facts, &report->sample);
  axeos_state_decide(&fields, board_idle_w(board), &report->sample);
  report->keeps_no_past = axeos_fields_number(&fields, AXEOS_STATS_FREQUENCY) == 0;
  *reason = REASON_NONE;
  json_free(root);
  if (report->sample.state == STATE_UNKNOWN && !has_figures(&report->sample)) {
    *reason = REASON_NOT_A_MINER;
    return err_set(err, ERR_CORRUPT,
                   "the answer names a chip, but holds neither hashrate nor power nor temperature");
  }
  return true;
}

static bool parse_facts(const char *body, size_t length, struct miner_facts *facts,
                        struct err *err) {
  enum reason reason;
  struct json *root = answer_json_parse(body, length, &reason, err);
  if (root == NULL)
    return false;
  struct axeos_fields fields;
  axeos_fields_read(&fields, root);
  const char *family = axeos_fields_text(&fields, AXEOS_DEVICE_MODEL);
  const struct board *board = board_find_family(family);
  if (facts->asic_model[0] == '\0')
    copy_text(&fields, AXEOS_ASIC_MODEL, facts->asic_model, sizeof facts->asic_model);
  if (facts->asic_count == 0)
    facts->asic_count = count_asics(&fields);
  if (board_is_generic(facts->model)) {
    struct board_clues clues = {.board_version = facts->board,
                                .device_model = family,
                                .asic_model = facts->asic_model,
                                .firmware = facts->firmware};
    board_write_name(board, &clues, facts->model);
    if (board != NULL)
      board_limits(board, facts->asic_model, 0, &facts->limits);
  }
  complete_from_board(board, facts);
  bool recognised = fields.known > 0;
  json_free(root);
  return recognised || err_set(err, ERR_CORRUPT, "the answer names no chip and no board");
}

const struct miner_driver axeos_driver = {
    .name = "axeos",
    .poll_path = "/api/system/info",
    .facts_path = "/api/system/asic",
    .parse = parse,
    .parse_facts = parse_facts,
    .past_path = "/api/system/statistics",
    .parse_past = axeos_statistics_parse,
};
