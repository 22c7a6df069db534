#include "engine/fleet.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* A sorted array of pointers: ids only grow, so adding is nearly always at the
 * end, finding is a bisection, and walking is in order. A hash table was
 * rejected: at 10,000 miners a bisection costs less than the poll's parsing by
 * a factor of a thousand. */
struct fleet {
  struct fleet_miner **miners;
  size_t count, capacity;
  uint64_t version;
  struct fleet_network network;
};

struct fleet *fleet_create(void) {
  struct fleet *fleet = mem_alloc(sizeof *fleet);
  fleet->network.difficulty = METRIC_UNKNOWN;
  return fleet;
}

static void miner_free(struct fleet_miner *miner) {
  if (miner->face != NULL && miner->face_free != NULL)
    miner->face_free(miner->face);
  open_chunk_destroy(miner->recent);
  alert_watch_finish(&miner->watch);
  free(miner);
}

void fleet_destroy(struct fleet *fleet) {
  if (fleet == NULL)
    return;
  for (size_t i = 0; i < fleet->count; i++)
    miner_free(fleet->miners[i]);
  free(fleet->miners);
  free(fleet);
}

/* The index of the first miner whose id is not below `id`. */
static size_t position(const struct fleet *fleet, int64_t id) {
  size_t low = 0, high = fleet->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (fleet->miners[middle]->miner.id < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

struct fleet_miner *fleet_add(struct fleet *fleet, const struct miner *miner) {
  assert(miner->id > 0 && fleet_find(fleet, miner->id) == NULL);
  struct fleet_miner *entry = mem_alloc(sizeof *entry);
  entry->miner = *miner;
  miner_memory_init(&entry->memory);
  sample_init(&entry->last, 0);
  device_setup_init(&entry->device);
  entry->recent = open_chunk_create();
  for (int rule = 0; rule < ALERT_RULE_COUNT; rule++)
    alert_memory_init(&entry->alerts[rule]);
  alert_watch_init(&entry->watch);
  entry->best_diff_ever = METRIC_UNKNOWN;

  if (fleet->count == fleet->capacity) {
    fleet->capacity = fleet->capacity == 0 ? 16 : fleet->capacity * 2;
    fleet->miners = mem_resize(fleet->miners, fleet->capacity, sizeof(struct fleet_miner *));
  }
  size_t at = position(fleet, miner->id);
  memmove(fleet->miners + at + 1, fleet->miners + at,
          (fleet->count - at) * sizeof(struct fleet_miner *));
  fleet->miners[at] = entry;
  fleet->count++;
  fleet_touch(fleet, entry);
  return entry;
}

struct fleet_network fleet_network(const struct fleet *fleet) {
  return fleet->network;
}

void fleet_learn_network(struct fleet *fleet, const struct fleet_network *told) {
  struct fleet_network *known = &fleet->network;
  if (!metric_is_known(told->difficulty))
    return;
  bool better = known->demo && !told->demo, worse = !known->demo && told->demo;
  if (!metric_is_known(known->difficulty) || better || (!worse && told->at_ms >= known->at_ms))
    *known = *told;
}

void fleet_remove(struct fleet *fleet, int64_t id) {
  size_t at = position(fleet, id);
  if (at == fleet->count || fleet->miners[at]->miner.id != id)
    return;
  miner_free(fleet->miners[at]);
  fleet->count--;
  memmove(fleet->miners + at, fleet->miners + at + 1,
          (fleet->count - at) * sizeof(struct fleet_miner *));
  fleet->version++;
}

struct fleet_miner *fleet_find(struct fleet *fleet, int64_t id) {
  size_t at = position(fleet, id);
  bool found = at < fleet->count && fleet->miners[at]->miner.id == id;
  return found ? fleet->miners[at] : NULL;
}

struct fleet_miner *fleet_find_mac(struct fleet *fleet, const char *mac) {
  for (size_t i = 0; mac[0] != '\0' && i < fleet->count; i++) {
    if (strcmp(fleet->miners[i]->miner.mac, mac) == 0)
      return fleet->miners[i];
  }
  return NULL;
}

struct fleet_miner *fleet_find_address(struct fleet *fleet, const char *url) {
  for (size_t i = 0; i < fleet->count; i++) {
    if (str_equal_ignore_case(fleet->miners[i]->miner.address, url))
      return fleet->miners[i];
  }
  return NULL;
}

struct fleet_miner *fleet_find_name(struct fleet *fleet, const char *name) {
  for (size_t i = 0; i < fleet->count; i++) {
    if (str_equal_ignore_case(fleet->miners[i]->miner.name, name))
      return fleet->miners[i];
  }
  return NULL;
}

size_t fleet_count(const struct fleet *fleet) {
  return fleet->count;
}

struct fleet_miner *fleet_at(struct fleet *fleet, size_t index) {
  assert(index < fleet->count);
  return fleet->miners[index];
}

uint64_t fleet_version(const struct fleet *fleet) {
  return fleet->version;
}

void fleet_touch(struct fleet *fleet, struct fleet_miner *miner) {
  fleet->version++;
  miner->version = fleet->version;
}

bool fleet_miner_is_live(const struct fleet_miner *miner) {
  switch (miner->memory.state) {
  case STATE_UNKNOWN:
  case STATE_UNRESPONSIVE:
  case STATE_OFFLINE:
    return false;
  default:
    return true;
  }
}

static void add_known(double *sum, double value) {
  if (metric_is_known(value))
    *sum = metric_is_known(*sum) ? *sum + value : value;
}

static bool is_trouble(enum miner_state state) {
  return state == STATE_NOT_HASHING || state == STATE_OVERHEATED || state == STATE_FAULT ||
         state == STATE_UNRESPONSIVE || state == STATE_OFFLINE;
}

void fleet_totals(struct fleet *fleet, struct fleet_totals *totals) {
  *totals = (struct fleet_totals){.miners = fleet->count,
                                  .hashrate_ghs = METRIC_UNKNOWN,
                                  .expected_hashrate_ghs = METRIC_UNKNOWN,
                                  .power_w = METRIC_UNKNOWN,
                                  .efficiency_j_th = METRIC_UNKNOWN,
                                  .best_diff = METRIC_UNKNOWN};
  for (size_t i = 0; i < fleet->count; i++) {
    const struct fleet_miner *miner = fleet->miners[i];
    enum miner_state state = miner->memory.state;
    totals->by_state[state]++;
    totals->hashing += state == STATE_HASHING;
    totals->trouble += is_trouble(state);
    for (int rule = 0; rule < ALERT_RULE_COUNT; rule++)
      totals->alerts_firing += alert_phase_is_open(miner->alerts[rule].phase);
    totals->best_diff = fmax(totals->best_diff, miner->best_diff_ever); /* fmax skips NaN */
    if (!fleet_miner_is_live(miner))
      continue;
    add_known(&totals->hashrate_ghs, miner->last.values[METRIC_HASHRATE_GHS]);
    add_known(&totals->expected_hashrate_ghs, miner->last.values[METRIC_EXPECTED_HASHRATE_GHS]);
    add_known(&totals->power_w, miner->last.values[METRIC_POWER_W]);
  }
  if (totals->hashrate_ghs > 0)
    totals->efficiency_j_th = totals->power_w / totals->hashrate_ghs * 1000;
}
