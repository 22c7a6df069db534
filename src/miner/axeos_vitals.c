#include "miner/axeos_vitals.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "model/metric.h"

/* Less than this part of what the best of its kind does is no work, only noise. */
static const double silent_part = 0.1;

static double best_of(const struct json *items, const char *key) {
  double best = 0;
  for (const struct json *item = json_first(items); item != NULL; item = json_next(item)) {
    double value = axeos_fields_value(key != NULL ? json_get(item, key) : item);
    best = value > best ? value : best; /* false for NaN */
  }
  return best;
}

static bool is_silent(double value, double best) {
  return value < silent_part * best; /* unknown is not silent */
}

static void read_domains(const struct json *domains, struct vitals *vitals) {
  double best = best_of(domains, NULL);
  if (json_count(domains) < 2) /* the chip itself */
    return;
  for (const struct json *domain = json_first(domains); domain != NULL;
       domain = json_next(domain)) {
    vitals->domains++;
    vitals->domains_silent += is_silent(axeos_fields_value(domain), best);
  }
}

/* AxeOS since 2.11: `hashrateMonitor.asics[]` with `total` and `domains[]` in GH/s. */
static void read_chips(const struct axeos_fields *fields, struct vitals *vitals) {
  const struct json *asics = json_get(fields->values[AXEOS_HASHRATE_MONITOR], "asics");
  double best = best_of(asics, "total");
  for (const struct json *asic = json_first(asics); asic != NULL && vitals->chips < 1000;
       asic = json_next(asic)) {
    vitals->chips++;
    if (is_silent(axeos_fields_value(json_get(asic, "total")), best)) {
      vitals->chips_silent++;
      if (vitals->first_silent == 0)
        vitals->first_silent = vitals->chips;
    } else {
      read_domains(json_get(asic, "domains"), vitals);
    }
  }
}

static void copy(char *target, size_t size, const char *text) {
  if (text != NULL)
    str_sanitize(target, size, text, strlen(text));
}

/* The first pool as it is set, whichever is in use now. */
static void read_pool(const struct axeos_fields *fields, struct vitals *vitals) {
  double port = axeos_fields_number(fields, AXEOS_POOL_PORT);
  char host[VITALS_POOL_MAX - 8] = "";
  axeos_fields_host(axeos_fields_text(fields, AXEOS_POOL_HOST), host, sizeof host);
  if (host[0] != '\0' && port >= 1 && port <= 65535)
    snprintf(vitals->pool, sizeof vitals->pool, "%s:%d", host, (int)port);
  else
    str_copy(vitals->pool, sizeof vitals->pool, host);
  copy(vitals->user, sizeof vitals->user, axeos_fields_text(fields, AXEOS_POOL_USER));
}

/* Since 2.13, once a job is decoded: `coinbaseOutputs[]` of {value, address}. */
static void read_payees(const struct axeos_fields *fields, struct vitals *vitals) {
  double values[VITALS_PAYEES] = {0};
  for (const struct json *output = json_first(fields->values[AXEOS_COINBASE_OUTPUTS]);
       output != NULL; output = json_next(output)) {
    const char *address = NULL;
    double value = axeos_fields_value(json_get(output, "value"));
    if (!(value > 0) || !json_text(json_get(output, "address"), &address) || address[0] == '\0')
      continue; /* a note in the block pays nobody */
    int at = vitals->payees;
    while (at > 0 && values[at - 1] < value)
      at--;
    if (at == VITALS_PAYEES)
      continue;
    int last = vitals->payees < VITALS_PAYEES ? vitals->payees++ : VITALS_PAYEES - 1;
    for (; last > at; last--) {
      values[last] = values[last - 1];
      memcpy(vitals->payee[last], vitals->payee[last - 1], VITALS_ADDRESS_MAX);
    }
    values[at] = value;
    copy(vitals->payee[at], VITALS_ADDRESS_MAX, address);
  }
}

void axeos_vitals_read(const struct axeos_fields *fields, struct vitals *vitals) {
  vitals_init(vitals);
  read_chips(fields, vitals);
  read_pool(fields, vitals);
  read_payees(fields, vitals);
  double heap = axeos_fields_number(fields, AXEOS_HEAP_INTERNAL);
  vitals->heap_internal_bytes = heap > 0 ? heap : METRIC_UNKNOWN;
  double network = axeos_fields_number(fields, AXEOS_NETWORK_DIFFICULTY);
  vitals->network_difficulty = network >= 1 ? network : METRIC_UNKNOWN; /* 0: no job yet */
  vitals->best_is_rounded = axeos_fields_text(fields, AXEOS_BEST_DIFF) != NULL &&
                            fields->values[AXEOS_BEST_DIFF_EXACT] == NULL;
}
