/* Tables `alert_state` (one row per rule and miner that is not plainly ok, so
 * that alerts survive a restart) and `alert_event` (what was raised, reminded
 * and cleared, for ever). */
#ifndef STORE_ALERT_STORE_H
#define STORE_ALERT_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "model/alert.h"

struct alert_state_row {
  int64_t miner_id;
  enum alert_rule rule;
  enum alert_phase phase;
  int64_t since_ms;     /* when the condition began */
  int64_t changed_ms;   /* when this phase began */
  int64_t announced_ms; /* last raise or reminder; 0 never */
  int holds;            /* samples in a row that spoke for the next phase */
  double worst;
  double value, limit;
  int reason;
  int64_t episode;         /* the open one; 0 none */
  int64_t acknowledged_ms; /* 0: nobody has said "I know" */
};

/* Inserts, replaces, or (phase ALERT_OK) deletes; runs in the caller's transaction. */
bool alert_store_save(struct db *db, const struct alert_state_row *row, struct err *err);
bool alert_store_each(struct db *db, void (*row)(const struct alert_state_row *row, void *arg),
                      void *arg, struct err *err);

/* Appends an event; `id` (may be NULL) gets its number. */
bool alert_store_insert_event(struct db *db, const struct alert_event *event, int64_t *id,
                              struct err *err);

/* Newest first; miner_id 0: all (but of drills); before_id 0: from the newest; limit 1..1000. */
bool alert_store_events(struct db *db, int64_t miner_id, int64_t before_id, int limit,
                        bool (*visit)(int64_t id, const struct alert_event *event, void *arg),
                        void *arg, struct err *err);

/* Those of one episode, oldest first. */
bool alert_store_episode_events(struct db *db, int64_t episode,
                                bool (*visit)(int64_t id, const struct alert_event *event,
                                              void *arg),
                                void *arg, struct err *err);

#endif
