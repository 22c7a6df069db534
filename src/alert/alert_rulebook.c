#include "alert/alert_rulebook.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "model/metric.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)

/* Where the owner says nothing. A reading in a row or two beside the times: at a slow
 * poll a single odd reading must not last for a whole hold time. */
static const struct defaults {
  double limit, hysteresis;
  int64_t hold_ms, clear_ms;
  int hold_samples, clear_samples;
  bool no_reminder;
} defaults[ALERT_RULE_COUNT] = {
#define NO_LIMIT METRIC_UNKNOWN, 0
    /* the judge has counted three missed polls */
    [ALERT_OFFLINE] = {NO_LIMIT, 0, 0, 1, 2, false},
    [ALERT_UNRESPONSIVE] = {NO_LIMIT, 0, 0, 1, 2, false},
    /* limits of the board; a diode's glitch lasts one reading */
    [ALERT_CHIP_TEMP] = {METRIC_UNKNOWN, 2, 0, 0, 2, 2, false},
    [ALERT_VR_TEMP] = {METRIC_UNKNOWN, 2, 0, 0, 2, 2, false},
    /* the firmware's own word; it may last half a minute only */
    [ALERT_OVERHEATED] = {NO_LIMIT, 0, MINUTE_MS, 1, 2, false},
    [ALERT_OVERHEAT_SLOW] = {NO_LIMIT, MINUTE_MS, 0, 2, 2, false},
    /* the detection has its own patience (cusum.h) */
    [ALERT_HASHRATE_LOW] = {NO_LIMIT, 0, 3 * MINUTE_MS, 1, 3, false},
    [ALERT_STALLED] = {NO_LIMIT, 0, 0, 1, 1, false},
    [ALERT_NOT_HASHING] = {NO_LIMIT, MINUTE_MS, 0, 2, 2, false},
    [ALERT_REJECTED_SHARES] = {5, 2, 0, 0, 2, 2, false},
    [ALERT_ERROR_RATE] = {5, 1, 5 * MINUTE_MS, 2 * MINUTE_MS, 3, 2, false},
    [ALERT_FAN_STOPPED] = {NO_LIMIT, 0, 0, 3, 2, false},
    [ALERT_INPUT_VOLTAGE] = {METRIC_UNKNOWN, 0.05, 5 * MINUTE_MS, 2 * MINUTE_MS, 2, 2, false},
    [ALERT_POWER_FAULT] = {NO_LIMIT, 0, 0, 2, 2, false},
    [ALERT_HARDWARE_FAULT] = {NO_LIMIT, 0, 0, 2, 2, false},
    [ALERT_FALLBACK_POOL] = {NO_LIMIT, 5 * MINUTE_MS, 0, 2, 2, false},
    [ALERT_POOL_LOST] = {NO_LIMIT, MINUTE_MS, 0, 2, 2, false},
    [ALERT_WEAK_WIFI] = {-75, 3, 5 * MINUTE_MS, 5 * MINUTE_MS, 3, 3, true},
    [ALERT_RESTARTED] = {NO_LIMIT, 0, 0, 1, 1, true},
    [ALERT_RESTART_LOOP] = {3, 0, 0, 0, 1, 1, true},
    [ALERT_LOW_MEMORY] = {40, 10, 10 * MINUTE_MS, 10 * MINUTE_MS, 3, 3, true},
    [ALERT_CHIP_LOST] = {NO_LIMIT, 2 * MINUTE_MS, MINUTE_MS, 3, 3, false},
    [ALERT_SETTINGS_CHANGED] = {NO_LIMIT, 0, 0, 1, 1, true},
    [ALERT_PAYOUT_ADDRESS] = {NO_LIMIT, 0, 0, 2, 2, false},
    [ALERT_NEW_BEST] = {NO_LIMIT, 0, 0, 1, 1, true},
    [ALERT_BLOCK_FOUND] = {NO_LIMIT, 0, 0, 1, 1, true},
    [ALERT_MONITOR_DISK] = {NO_LIMIT, 0, 0, 1, 1, false},
    [ALERT_MONITOR_DATABASE] = {NO_LIMIT, MINUTE_MS, 0, 1, 1, false},
    [ALERT_MONITOR_OFF] = {NO_LIMIT, 0, 0, 1, 1, true},
    [ALERT_MONITOR_CHANNEL] = {NO_LIMIT, 0, 0, 1, 1, true},
};

struct alert_rulebook {
  struct alert_config config;
  struct alert_rule_setting all[ALERT_RULE_COUNT];
  struct alert_rule_setting *own; /* of single miners, by miner and rule */
  size_t own_count, own_capacity;
  char *payout; /* the list as it was given, each entry ended by NUL, then an empty one */
};

/* ------------------------------------------------------------ environment */

void alert_config_init(struct alert_config *config) {
  *config = (struct alert_config){
      .chip_limit_c = METRIC_UNKNOWN,
      .vr_limit_c = METRIC_UNKNOWN,
      .hysteresis_c = 2,
      .hold_samples = 2,
      .clear_samples = 2,
      .cooldown_ms = 10 * MINUTE_MS,
      .reminder_ms = 6 * HOUR_MS,
  };
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++)
    config->enabled[rule] = true;
}

static double first_known(double a, double b, double c) {
  if (metric_is_known(a))
    return a;
  return metric_is_known(b) ? b : c;
}

double alert_limit(const struct alert_config *config, enum alert_rule rule,
                   const struct miner_limits *limits) {
  /* Limits of a miner that never answered are all zero. */
  double chip_c = limits->chip_warn_c > 0 ? limits->chip_warn_c : METRIC_UNKNOWN;
  double vr_c = limits->vr_warn_c > 0 ? limits->vr_warn_c : METRIC_UNKNOWN;
  switch (rule) {
  case ALERT_CHIP_TEMP:
    return first_known(config->chip_limit_c, chip_c, 70);
  case ALERT_VR_TEMP:
    return first_known(config->vr_limit_c, vr_c, 95);
  default:
    return METRIC_UNKNOWN;
  }
}

/* ------------------------------------------------------------ layers */

static void start_with_defaults(const struct alert_config *config, enum alert_rule rule,
                                const struct miner_limits *limits, struct alert_tuning *tuning) {
  const struct defaults *row = &defaults[rule];
  *tuning = (struct alert_tuning){
      .enabled = config->enabled[rule],
      .limit = row->limit,
      .hysteresis = row->hysteresis,
      .hold_ms = row->hold_ms,
      .clear_ms = row->clear_ms,
      .cooldown_ms = rule == ALERT_BLOCK_FOUND ? 0 : config->cooldown_ms,
      .reminder_ms = row->no_reminder ? 0 : config->reminder_ms,
      .severity = alert_rule_facts(rule)->severity,
      .hold_samples = row->hold_samples,
      .clear_samples = row->clear_samples,
  };
  if (rule == ALERT_CHIP_TEMP || rule == ALERT_VR_TEMP) {
    tuning->limit = alert_limit(config, rule, limits);
    tuning->hysteresis = config->hysteresis_c;
    tuning->hold_samples = config->hold_samples;
    tuning->clear_samples = config->clear_samples;
  } else if (rule == ALERT_INPUT_VOLTAGE && limits->input_min_mv > 0) {
    tuning->limit = limits->input_min_mv / 1000;
  }
}

static void take_span(int64_t *target, int64_t ms) {
  if (ms >= 0)
    *target = ms;
}

static void apply(const struct alert_rule_setting *setting, struct alert_tuning *tuning) {
  if (setting->enabled != ALERT_UNSET)
    tuning->enabled = setting->enabled != 0;
  if (setting->severity != ALERT_UNSET)
    tuning->severity = (enum alert_severity)setting->severity;
  if (metric_is_known(setting->limit))
    tuning->limit = setting->limit;
  if (metric_is_known(setting->hysteresis))
    tuning->hysteresis = setting->hysteresis;
  take_span(&tuning->hold_ms, setting->hold_ms);
  take_span(&tuning->clear_ms, setting->clear_ms);
  take_span(&tuning->cooldown_ms, setting->cooldown_ms);
  take_span(&tuning->reminder_ms, setting->reminder_ms);
}

/* Where the setting of a miner and rule stands, or would stand. */
static size_t position(const struct alert_rulebook *book, int64_t miner_id, int rule) {
  size_t low = 0, high = book->own_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const struct alert_rule_setting *at = &book->own[middle];
    if (at->miner_id < miner_id || (at->miner_id == miner_id && (int)at->rule < rule))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static const struct alert_rule_setting *find_own(const struct alert_rulebook *book,
                                                 int64_t miner_id, enum alert_rule rule) {
  if (book->own_count == 0 || miner_id == 0)
    return NULL;
  size_t at = position(book, miner_id, (int)rule);
  bool found =
      at < book->own_count && book->own[at].miner_id == miner_id && book->own[at].rule == rule;
  return found ? &book->own[at] : NULL;
}

struct alert_rulebook *alert_rulebook_create(const struct alert_config *config) {
  struct alert_rulebook *book = mem_alloc(sizeof *book);
  if (config != NULL)
    book->config = *config;
  else
    alert_config_init(&book->config);
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++)
    alert_rule_setting_init(&book->all[rule], 0, (enum alert_rule)rule);
  return book;
}

void alert_rulebook_destroy(struct alert_rulebook *book) {
  if (book == NULL)
    return;
  free(book->own);
  free(book->payout);
  free(book);
}

void alert_rulebook_tuning(const struct alert_rulebook *book, enum alert_rule rule,
                           int64_t miner_id, const struct miner_limits *limits,
                           struct alert_tuning *tuning) {
  assert(rule >= 0 && rule < ALERT_RULE_COUNT);
  start_with_defaults(&book->config, rule, limits, tuning);
  apply(&book->all[rule], tuning);
  const struct alert_rule_setting *own = find_own(book, miner_id, rule);
  if (own != NULL)
    apply(own, tuning);
  if (rule == ALERT_BLOCK_FOUND)
    tuning->cooldown_ms = 0; /* never missed */
}

static void remove_at(struct alert_rulebook *book, size_t at, size_t count) {
  if (count == 0) /* also: there was never a setting, so there is no array */
    return;
  memmove(book->own + at, book->own + at + count,
          (book->own_count - at - count) * sizeof book->own[0]);
  book->own_count -= count;
}

void alert_rulebook_set(struct alert_rulebook *book, const struct alert_rule_setting *setting) {
  assert(setting->rule >= 0 && setting->rule < ALERT_RULE_COUNT && setting->miner_id >= 0);
  if (setting->miner_id == 0) {
    book->all[setting->rule] = *setting;
    return;
  }
  size_t at = position(book, setting->miner_id, (int)setting->rule);
  if (find_own(book, setting->miner_id, setting->rule) != NULL)
    remove_at(book, at, 1);
  if (alert_rule_setting_is_empty(setting))
    return;
  if (book->own_count == book->own_capacity) {
    book->own_capacity = book->own_capacity == 0 ? 16 : book->own_capacity * 2;
    book->own = mem_resize(book->own, book->own_capacity, sizeof book->own[0]);
  }
  memmove(book->own + at + 1, book->own + at, (book->own_count - at) * sizeof book->own[0]);
  book->own[at] = *setting;
  book->own_count++;
}

bool alert_rulebook_get(const struct alert_rulebook *book, int64_t miner_id, enum alert_rule rule,
                        struct alert_rule_setting *setting) {
  const struct alert_rule_setting *found =
      miner_id == 0 ? &book->all[rule] : find_own(book, miner_id, rule);
  if (found == NULL || alert_rule_setting_is_empty(found)) {
    alert_rule_setting_init(setting, miner_id, rule);
    return false;
  }
  *setting = *found;
  return true;
}

void alert_rulebook_forget(struct alert_rulebook *book, int64_t miner_id) {
  size_t from = position(book, miner_id, 0), to = position(book, miner_id, ALERT_RULE_COUNT);
  remove_at(book, from, to - from);
}

/* ------------------------------------------------------------ payout addresses */

static const char separators[] = ", \t\r\n;";

void alert_rulebook_set_payout(struct alert_rulebook *book, const char *addresses) {
  size_t size = strlen(addresses) + 2, used = 0;
  free(book->payout);
  book->payout = mem_alloc(size);
  for (const char *at = addresses; *at != '\0';) {
    at += strspn(at, separators);
    size_t length = strcspn(at, separators);
    if (length == 0)
      break;
    memcpy(book->payout + used, at, length);
    used += length;
    book->payout[used++] = '\0';
    at += length;
  }
  book->payout[used] = '\0';
}

bool alert_rulebook_has_payout(const struct alert_rulebook *book) {
  return book->payout != NULL && book->payout[0] != '\0';
}

/* Addresses in Bech32 may be written in either case (BIP 173); all else may not. */
static bool is_same_payee(const char *entry, const char *user, size_t length) {
  if (strlen(entry) != length)
    return false;
  bool bech32 = strncasecmp(entry, "bc1", 3) == 0 || strncasecmp(entry, "tb1", 3) == 0;
  return bech32 ? strncasecmp(entry, user, length) == 0 : strncmp(entry, user, length) == 0;
}

bool alert_rulebook_pays_owner(const struct alert_rulebook *book, const char *user) {
  size_t whole = strlen(user), address = strcspn(user, "./");
  for (const char *entry = book->payout; entry != NULL && *entry != '\0';
       entry += strlen(entry) + 1) {
    if (is_same_payee(entry, user, address) || is_same_payee(entry, user, whole))
      return true;
  }
  return false;
}
