#include "miner/miner_driver.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "miner/board.h"

const struct miner_driver *const miner_drivers[] = {&axeos_driver, NULL};

const struct miner_driver *miner_driver_find(const char *name) {
  for (size_t i = 0; miner_drivers[i] != NULL; i++) {
    if (str_equal(miner_drivers[i]->name, name))
      return miner_drivers[i];
  }
  return NULL;
}

void miner_past_finish(struct miner_past *past) {
  free(past->rows);
  *past = (struct miner_past){0};
}

static void take_text(char *known, size_t size, const char *fresh) {
  if (fresh[0] != '\0')
    str_copy(known, size, fresh);
}

static void take_number(double *known, double fresh) {
  if (!isnan(fresh))
    *known = fresh;
}

static void take_limits(struct miner_limits *known, const struct miner_limits *fresh) {
  take_number(&known->chip_warn_c, fresh->chip_warn_c);
  take_number(&known->chip_trip_c, fresh->chip_trip_c);
  take_number(&known->vr_warn_c, fresh->vr_warn_c);
  take_number(&known->vr_trip_c, fresh->vr_trip_c);
  take_number(&known->input_min_mv, fresh->input_min_mv);
  take_number(&known->input_max_mv, fresh->input_max_mv);
  take_number(&known->power_max_w, fresh->power_max_w);
}

void miner_driver_merge_facts(struct miner_facts *known, const struct miner_facts *fresh) {
  bool other_device =
      known->mac[0] != '\0' && fresh->mac[0] != '\0' && !str_equal(known->mac, fresh->mac);
  if (known->model[0] == '\0' || other_device) {
    *known = *fresh;
    return;
  }
  if (!board_is_generic(fresh->model) || board_is_generic(known->model)) {
    take_text(known->model, sizeof known->model, fresh->model);
    take_limits(&known->limits, &fresh->limits);
  }
  take_text(known->asic_model, sizeof known->asic_model, fresh->asic_model);
  take_text(known->mac, sizeof known->mac, fresh->mac);
  take_text(known->firmware, sizeof known->firmware, fresh->firmware);
  take_text(known->board, sizeof known->board, fresh->board);
  take_text(known->hostname, sizeof known->hostname, fresh->hostname);
  take_text(known->reset_reason, sizeof known->reset_reason, fresh->reset_reason);
  take_text(known->pool_host, sizeof known->pool_host, fresh->pool_host);
  if (fresh->asic_count > 0)
    known->asic_count = fresh->asic_count;
  if (fresh->small_core_count > 0)
    known->small_core_count = fresh->small_core_count;
  if (fresh->pool_port > 0)
    known->pool_port = fresh->pool_port;
  str_copy(known->fault, sizeof known->fault, fresh->fault); /* over when it is not named */
}
