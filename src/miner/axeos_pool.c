#include "miner/axeos_pool.h"

/* AxeOS since 2.15: `pools[]`, each with an `id`. */
static const struct json *pool_of(const struct axeos_fields *fields, enum axeos_field which) {
  double index = axeos_fields_number(fields, which);
  for (const struct json *pool = json_first(fields->values[AXEOS_POOLS]); pool != NULL;
       pool = json_next(pool)) {
    if (axeos_fields_value(json_get(pool, "id")) == index)
      return pool;
  }
  return NULL;
}

const struct json *axeos_pool_active(const struct axeos_fields *fields) {
  const struct json *pools = json_get(fields->values[AXEOS_STRATUM], "pools"); /* NerdOS */
  for (const struct json *pool = json_first(pools); pool != NULL; pool = json_next(pool)) {
    if (axeos_fields_value(json_get(pool, "active")) == 1 ||
        axeos_fields_value(json_get(pool, "connected")) == 1)
      return pool;
  }
  if (json_first(pools) != NULL)
    return json_first(pools);
  return pool_of(fields, AXEOS_ACTIVE_POOL);
}

const struct json *axeos_pool_second(const struct axeos_fields *fields) {
  return pool_of(fields, AXEOS_SECOND_POOL);
}

bool axeos_pool_is_fallback(const struct axeos_fields *fields) {
  const struct json *stratum = fields->values[AXEOS_STRATUM];
  return axeos_fields_flag(fields, AXEOS_FALLBACK_ACTIVE) ||
         axeos_fields_value(json_get(stratum, "usingFallback")) == 1;
}
