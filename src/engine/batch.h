/* What one commit writes: samples, alert states and events, messages, changed
 * miners. Filled on the loop thread, written on the writer thread, then handed
 * back; never used by both at once. */
#ifndef ENGINE_BATCH_H
#define ENGINE_BATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "db/db.h"
#include "model/alert.h"
#include "model/miner.h"
#include "store/alert_store.h"
#include "store/alerts/episode_store.h"
#include "store/alerts/mute_store.h"
#include "store/alerts/rule_store.h"
#include "store/outbox_store.h"
#include "store/sample_store.h"

/* A message to a person on one channel. */
struct batch_message {
  struct outbox_row row;
  bool said;       /* sent already without being kept: do not send again */
  int64_t told_ms; /* delivered then, while it waited in the spool; 0: not yet */
};

/* What the alerting keeps beside: what happened to an episode, what people noted,
 * tuned or muted, and what the monitor remembers of itself. */
struct batch_change {
  enum batch_change_kind {
    BATCH_EPISODE,
    BATCH_NOTE,
    BATCH_RULE,
    BATCH_MUTE,
    BATCH_UNMUTE,
    BATCH_SETTING,
  } kind;
  union {
    struct episode episode;
    struct episode_note note;
    struct alert_rule_setting rule;
    struct mute mute;
    int64_t unmute; /* number of the mute */
    struct {
      char name[32], value[64];
    } setting;
  };
};

enum { BATCH_KEY_MAX = 48 };

/* A new field of a row, or a new array, needs its line in spool/batch_codec.c too (a test tells).
 */
struct batch {
  struct sample_row *samples;
  size_t sample_count, sample_capacity;
  struct alert_state_row *states;
  size_t state_count, state_capacity;
  struct alert_event *events;
  size_t event_count, event_capacity;
  struct batch_message *messages;
  size_t message_count, message_capacity;
  struct batch_change *changes;
  size_t change_count, change_capacity;
  struct miner *miners;
  size_t miner_count, miner_capacity;
};

struct batch *batch_create(void);
void batch_destroy(struct batch *batch); /* NULL accepted */
bool batch_is_empty(const struct batch *batch);

/* Each takes a copy. A later state of the same rule and miner, or a later form of
 * the same miner or episode, replaces the one that waits. */
void batch_add_sample(struct batch *batch, int64_t miner_id, const struct sample *sample);
void batch_add_state(struct batch *batch, const struct alert_state_row *row);
void batch_add_event(struct batch *batch, const struct alert_event *event);
void batch_add_message(struct batch *batch, const struct outbox_row *row);
void batch_add_change(struct batch *batch, const struct batch_change *change);
void batch_add_miner(struct batch *batch, const struct miner *miner);

/* Everything into the database, in the caller's transaction. Rows of a miner
 * that was removed meanwhile are written all the same: history is kept. Gives
 * the messages their ids.
 * Once: when the last batch that the database took bore this key, it is there already and nothing
 * is written; messages that still wait there get their ids. A server may commit and be gone before
 * it says so; the attempt that follows must not double the batch. Keys are of one writer and never
 * come again. SQLite's commits are certain: there no key is kept. */
bool batch_write_once(struct batch *batch, const char *key, struct db *db, struct err *err);

/* What is known of now, without what has happened: miners, alert states and changes. Not once. */
bool batch_write_state(const struct batch *batch, struct db *db, struct err *err);

#endif
