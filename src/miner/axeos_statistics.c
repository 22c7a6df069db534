#include "miner/axeos_statistics.h"

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "miner/axeos_fields.h"

enum { COLUMNS_MAX = 64, ROWS_MAX = 2000 };

/* 720 rows of 20 figures and some to spare. */
static const struct json_limits limits = {.size = 256 * 1024, .depth = 6, .values = 50000};

/* Up to 2.12 times were kept in 32 bits and start again after 49.7 days of uptime. */
static const double wrap_ms = 4294967296.0;
/* 720 rows, an hour apart at most. */
static const double oldest_ms = 30 * 86400e3;

/* Values that say "I do not know", and units. */
enum {
  NOT_ZERO = 1 << 0,
  NOT_MINUS_1 = 1 << 1,
  NOT_127 = 1 << 2,
  NOT_MINUS_90 = 1 << 3,
  VOLT = 1 << 4
};

static const struct column {
  const char *label;
  enum metric metric;
  unsigned marks;
} columns[] = {
    {"hashRate", METRIC_HASHRATE_GHS, 0}, /* 2.8 to 2.10 */
    {"temp", METRIC_CHIP_TEMP_C, NOT_ZERO | NOT_MINUS_1 | NOT_127},
    {"coreVoltageActual", METRIC_CORE_VOLTAGE_ACTUAL_MV, VOLT},
    {"fanspeed", METRIC_FAN_PCT, 0},
    {"fanrpm", METRIC_FAN_RPM, 0},
    {"wifiRSSI", METRIC_WIFI_RSSI_DBM, NOT_ZERO | NOT_MINUS_90},
    {"hashrate", METRIC_HASHRATE_GHS, 0}, /* since 2.11 */
    {"errorPercentage", METRIC_ERROR_PCT, 0},
    {"asicTemp", METRIC_CHIP_TEMP_C, NOT_ZERO | NOT_MINUS_1 | NOT_127},
    {"asicTemp2", METRIC_CHIP_TEMP2_C, NOT_ZERO | NOT_MINUS_1 | NOT_127},
    {"asicVoltage", METRIC_CORE_VOLTAGE_ACTUAL_MV, VOLT},
    {"fanSpeed", METRIC_FAN_PCT, 0},
    {"fanRpm", METRIC_FAN_RPM, 0},
    {"fan2Rpm", METRIC_FAN2_RPM, NOT_ZERO},
    {"wifiRssi", METRIC_WIFI_RSSI_DBM, NOT_ZERO | NOT_MINUS_90},
    {"vrTemp", METRIC_VR_TEMP_C, NOT_ZERO | NOT_MINUS_1}, /* always */
    {"voltage", METRIC_INPUT_VOLTAGE_MV, NOT_ZERO | VOLT},
    {"power", METRIC_POWER_W, NOT_ZERO},
    {"freeHeap", METRIC_FREE_HEAP_BYTES, NOT_ZERO},
    /* Not `responseTime` (the pool's) and `current` (of the input or of the core). */
};

/* Which column stands where. */
struct header {
  const struct column *at[COLUMNS_MAX]; /* NULL: of no use to us */
  size_t time_at;                       /* COLUMNS_MAX: there is none */
};

static const struct column *find_column(const char *label) {
  for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
    if (strcmp(columns[i].label, label) == 0)
      return &columns[i];
  }
  return NULL;
}

static void add_label(struct header *header, size_t index, const char *label) {
  if (index >= COLUMNS_MAX)
    return;
  header->at[index] = find_column(label);
  if (strcmp(label, "timestamp") == 0)
    header->time_at = index;
}

static void read_header(const struct json *labels, struct header *header) {
  static const char *const dashboard[] = {"hashRate", "temp", "power", "timestamp"};
  *header = (struct header){.time_at = COLUMNS_MAX};
  for (size_t i = 0; labels == NULL && i < sizeof dashboard / sizeof dashboard[0]; i++)
    add_label(header, i, dashboard[i]);
  size_t index = 0;
  for (const struct json *label = json_first(labels); label != NULL; label = json_next(label)) {
    const char *text = "";
    json_text(label, &text);
    add_label(header, index++, text);
  }
}

/* ------------------------------------------------------------ rows */

static double clean(const struct column *column, double value) {
  unsigned marks = column->marks;
  bool unknown = ((marks & NOT_ZERO) && value == 0) || ((marks & NOT_MINUS_1) && value == -1) ||
                 ((marks & NOT_127) && value == 127) || ((marks & NOT_MINUS_90) && value == -90);
  if ((marks & VOLT) && value > 0 && value < 100)
    value *= 1000;
  return unknown ? METRIC_UNKNOWN : metric_checked(column->metric, value);
}

static void decide(struct sample *sample) {
  double hashrate = sample->values[METRIC_HASHRATE_GHS];
  sample->flags = SAMPLE_BACKFILLED;
  if (hashrate > 0) {
    sample->state = STATE_HASHING;
  } else if (hashrate == 0) {
    sample->state = STATE_NOT_HASHING;
    sample->reason = REASON_ZERO_HASHRATE;
  }
}

/* How long before the answer; NaN when that cannot be. */
static double age_of(double now_ms, double at_ms) {
  double age_ms = fmod(now_ms - at_ms, wrap_ms);
  if (age_ms < 0)
    age_ms += wrap_ms;
  return age_ms <= oldest_ms ? age_ms : METRIC_UNKNOWN;
}

static bool read_row(const struct json *row, const struct header *header, double now_ms,
                     struct miner_past_row *out) {
  double at_ms = METRIC_UNKNOWN;
  size_t index = 0;
  sample_init(&out->sample, 0);
  for (const struct json *cell = json_first(row); cell != NULL && index < COLUMNS_MAX;
       cell = json_next(cell), index++) {
    double value = axeos_fields_value(cell);
    const struct column *column = header->at[index];
    if (index == header->time_at)
      at_ms = value;
    else if (column != NULL)
      out->sample.values[column->metric] = clean(column, value);
  }
  double age_ms = age_of(now_ms, at_ms);
  if (!metric_is_known(age_ms))
    return false;
  out->age_ms = (int64_t)age_ms;
  decide(&out->sample);
  return true;
}

/* Rows come oldest first: one that is not younger than the one before is nonsense. */
static void read_rows(const struct json *rows, const struct header *header, double now_ms,
                      struct miner_past *past) {
  size_t most = json_count(rows) < ROWS_MAX ? json_count(rows) : ROWS_MAX;
  past->rows = mem_resize(NULL, most + 1, sizeof *past->rows);
  for (const struct json *row = json_first(rows); row != NULL && past->count < most;
       row = json_next(row)) {
    struct miner_past_row *next = &past->rows[past->count];
    if (read_row(row, header, now_ms, next) && (past->count == 0 || next->age_ms < next[-1].age_ms))
      past->count++;
  }
}

bool axeos_statistics_parse(const char *body, size_t length, struct miner_past *past,
                            struct err *err) {
  *past = (struct miner_past){0};
  struct json *root = json_parse(body, length, &limits, err);
  if (root == NULL)
    return err_add(err, "the miner's statistics cannot be read");
  const struct json *rows = json_get(root, "statistics");
  double now_ms = axeos_fields_value(json_get(root, "currentTimestamp"));
  bool good = rows != NULL && json_type(rows) == JSON_ARRAY && metric_is_known(now_ms);
  if (good) {
    struct header header;
    read_header(json_get(root, "labels"), &header);
    read_rows(rows, &header, now_ms, past);
  }
  json_free(root);
  return good || err_set(err, ERR_CORRUPT, "the answer holds no statistics");
}
