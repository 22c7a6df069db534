/* The state cache: every miner with its last sample, in memory, on the loop
 * thread. Live routes, metrics, bot and summary read it; only the engine writes. */
#ifndef ENGINE_FLEET_H
#define ENGINE_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert_step.h"
#include "engine/backfill.h"
#include "miner/miner_judge.h"
#include "model/device_setup.h"
#include "model/miner.h"
#include "model/sample.h"
#include "store/open_chunk.h"

struct fleet;

struct fleet_miner {
  struct miner miner;
  struct miner_memory memory; /* state shown, when seen, misses */
  struct sample last;         /* the newest good sample; all unknown before the first */
  struct device_setup device; /* how it is set up; all unknown before the first of this run */
  int64_t seen_mono_ms;       /* of the last good answer; 0 never in this run */
  struct open_chunk *recent;  /* the last hours */
  struct backfill_gap gap;    /* that its own statistics may fill, not asked for yet */
  struct alert_memory alerts[ALERT_RULE_COUNT];
  struct alert_watch watch; /* what the rules remember between readings */
  double best_diff_ever;    /* our own record; NaN before any */
  uint64_t version;         /* grows with every change; for ETags and caches */
  void *face;               /* the API's render cache; freed through face_free */
  void (*face_free)(void *face);
};

struct fleet *fleet_create(void);
void fleet_destroy(struct fleet *fleet);

/* Takes a copy of `miner` (id set). Returns the new entry. */
struct fleet_miner *fleet_add(struct fleet *fleet, const struct miner *miner);
void fleet_remove(struct fleet *fleet, int64_t id);

struct fleet_miner *fleet_find(struct fleet *fleet, int64_t id);              /* NULL */
struct fleet_miner *fleet_find_mac(struct fleet *fleet, const char *mac);     /* NULL */
struct fleet_miner *fleet_find_address(struct fleet *fleet, const char *url); /* NULL */
struct fleet_miner *fleet_find_name(struct fleet *fleet, const char *name); /* ignores case; NULL */

size_t fleet_count(const struct fleet *fleet);
/* Ordered by id; index < fleet_count. Pointers stay valid until removal. */
struct fleet_miner *fleet_at(struct fleet *fleet, size_t index);

/* Grows with every change of any miner. */
uint64_t fleet_version(const struct fleet *fleet);
void fleet_touch(struct fleet *fleet, struct fleet_miner *miner);

/* What the Bitcoin network asks of a block, as a miner told it last. */
struct fleet_network {
  double difficulty; /* NaN: no miner has told it in this run */
  int64_t at_ms;
  bool demo; /* of a simulated miner, which repeats what it was built with */
};
struct fleet_network fleet_network(const struct fleet *fleet);
/* The newest answer holds, whichever miner gave it, but a simulated one never replaces
 * a real one. */
void fleet_learn_network(struct fleet *fleet, const struct fleet_network *told);

/* True when the values may be shown as present: seen and not offline,
 * unresponsive or unknown. Faces show null otherwise. */
bool fleet_miner_is_live(const struct fleet_miner *miner);

struct fleet_totals {
  size_t miners, hashing,
      trouble; /* trouble: offline, unresponsive, not hashing, overheated, fault */
  size_t by_state[STATE_COUNT];
  double hashrate_ghs, expected_hashrate_ghs, power_w, efficiency_j_th; /* NaN when none reports */
  double best_diff;
  size_t alerts_firing;
};
void fleet_totals(struct fleet *fleet, struct fleet_totals *totals);

#endif
