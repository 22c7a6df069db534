/* What all miners did together, in steps of time. One miner after the other is
 * poured in; in each step it counts with its average, for the part of the step in
 * which it answered. Pure; one owner. */
#ifndef API_HISTORY_FLEET_SUM_H
#define API_HISTORY_FLEET_SUM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json_write.h"
#include "model/rollup.h"
#include "model/sample.h"

struct fleet_sum;

/* The shortest even step (a minute, ..., an hour, ..., a day, ...) of which `points`
 * cover the span; one point more where the range begins within a step. */
int64_t fleet_sum_step_ms(int64_t span_ms, int64_t points);

/* Steps are counted from 1970, so that days are UTC days. from_ms < to_ms. */
struct fleet_sum *fleet_sum_create(int64_t from_ms, int64_t to_ms, int64_t step_ms);
void fleet_sum_destroy(struct fleet_sum *sum); /* NULL accepted */

/* Of the miner in progress. */
void fleet_sum_add(struct fleet_sum *sum, const struct sample *sample);
void fleet_sum_add_rollup(struct fleet_sum *sum, const struct rollup *rollup);

/* The miner in progress is complete. */
void fleet_sum_next_miner(struct fleet_sum *sum);

/* The members `step_s`, `columns` and `data` of the object that is open. */
void fleet_sum_write(const struct fleet_sum *sum, struct json_write *json);

#endif
