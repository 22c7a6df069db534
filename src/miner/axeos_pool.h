/* Which pool an AxeOS or NerdOS miner works for, as its answer tells: two sets of members up
 * to 2.14, a list of pools since 2.15, an object `stratum` in NerdOS since 1.0.35. */
#ifndef MINER_AXEOS_POOL_H
#define MINER_AXEOS_POOL_H

#include <stdbool.h>

#include "miner/axeos_fields.h"

/* The entry of a list of pools that is in use, as far as it can be told; NULL when there is
 * no list. Borrowed. */
const struct json *axeos_pool_active(const struct axeos_fields *fields);

/* The entry that is used when the first does not answer; NULL when there is no list. */
const struct json *axeos_pool_second(const struct axeos_fields *fields);

/* True while it works for its fallback pool. */
bool axeos_pool_is_fallback(const struct axeos_fields *fields);

#endif
