/* The figures that one sample of a miner holds, as one table: every face
 * (JSON, SQL, Prometheus, charts, the chunk codec) reads this table instead of
 * naming the figures again. A new figure is one row here and one in the driver. */
#ifndef MODEL_METRIC_H
#define MODEL_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The numbers are stored in databases: append, never reorder. */
enum metric {
  METRIC_HASHRATE_GHS,
  METRIC_EXPECTED_HASHRATE_GHS,
  METRIC_CHIP_TEMP_C,
  METRIC_CHIP_TEMP2_C,
  METRIC_VR_TEMP_C,
  METRIC_POWER_W,
  METRIC_INPUT_VOLTAGE_MV,
  METRIC_CORE_VOLTAGE_MV,        /* configured */
  METRIC_CORE_VOLTAGE_ACTUAL_MV, /* measured */
  METRIC_FREQUENCY_MHZ,
  METRIC_FAN_PCT,
  METRIC_FAN_RPM,
  METRIC_FAN2_RPM,
  METRIC_WIFI_RSSI_DBM,
  METRIC_UPTIME_S,
  METRIC_SHARES_ACCEPTED,
  METRIC_SHARES_REJECTED,
  METRIC_BEST_DIFF,
  METRIC_BEST_SESSION_DIFF,
  METRIC_POOL_DIFFICULTY,
  METRIC_ERROR_PCT,
  METRIC_RESPONSE_MS, /* of our own poll, not the pool's */
  METRIC_FREE_HEAP_BYTES,
  METRIC_BLOCKS_FOUND,
  METRIC_COUNT
};

enum metric_kind {
  METRIC_GAUGE,  /* goes up and down: average, minimum and maximum mean something */
  METRIC_COUNTER /* only grows until the miner restarts */
};

struct metric_facts {
  const char *name;  /* JSON key and SQL column: "chip_temp_c" */
  const char *unit;  /* as written after a value: "°C"; "" for counts */
  const char *title; /* plain words: "Chip temperature" */
  const char *help;  /* one sentence for someone who has never mined */
  double scale;      /* stored integer = round(value x scale): 8 for temperatures */
  int decimals;      /* how many places JSON shows */
  enum metric_kind kind;
  double minimum, maximum; /* a value outside is nonsense and becomes unknown */
};

/* Never NULL for 0 <= metric < METRIC_COUNT (asserted). */
const struct metric_facts *metric_facts(enum metric metric);

/* False when no metric has that name. */
bool metric_find(const char *name, enum metric *out);

/* NaN means unknown, everywhere. */
#define METRIC_UNKNOWN (__builtin_nan(""))
bool metric_is_known(double value);

/* The value when it lies inside the metric's bounds, else METRIC_UNKNOWN. */
double metric_checked(enum metric metric, double value);

/* value -> stored integer and back; unknown is METRIC_STORED_UNKNOWN. */
#define METRIC_STORED_UNKNOWN INT64_MIN
int64_t metric_to_stored(enum metric metric, double value);
double metric_from_stored(enum metric metric, int64_t stored);

#endif
