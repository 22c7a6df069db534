#include "engine/batch.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "store/miner_store.h"
#include "store/seal_store.h"
#include "store/setting_store.h"

struct batch *batch_create(void) {
  return mem_alloc(sizeof(struct batch));
}

void batch_destroy(struct batch *batch) {
  if (batch == NULL)
    return;
  free(batch->samples);
  free(batch->states);
  free(batch->events);
  free(batch->messages);
  free(batch->changes);
  free(batch->miners);
  free(batch);
}

bool batch_is_empty(const struct batch *batch) {
  return batch->sample_count + batch->state_count + batch->event_count + batch->message_count +
             batch->change_count + batch->miner_count ==
         0;
}

/* Returns room for one more element at the end of a growing array. */
static void *grow(void *array, size_t count, size_t *capacity, size_t size) {
  if (count < *capacity)
    return array;
  *capacity = *capacity == 0 ? 8 : *capacity * 2;
  return mem_resize(array, *capacity, size);
}

void batch_add_sample(struct batch *batch, int64_t miner_id, const struct sample *sample) {
  batch->samples =
      grow(batch->samples, batch->sample_count, &batch->sample_capacity, sizeof *batch->samples);
  batch->samples[batch->sample_count++] =
      (struct sample_row){.miner_id = miner_id, .sample = *sample};
}

void batch_add_state(struct batch *batch, const struct alert_state_row *row) {
  for (size_t i = 0; i < batch->state_count; i++) {
    if (batch->states[i].miner_id == row->miner_id && batch->states[i].rule == row->rule) {
      batch->states[i] = *row;
      return;
    }
  }
  batch->states =
      grow(batch->states, batch->state_count, &batch->state_capacity, sizeof *batch->states);
  batch->states[batch->state_count++] = *row;
}

void batch_add_event(struct batch *batch, const struct alert_event *event) {
  batch->events =
      grow(batch->events, batch->event_count, &batch->event_capacity, sizeof *batch->events);
  batch->events[batch->event_count++] = *event;
}

void batch_add_message(struct batch *batch, const struct outbox_row *row) {
  batch->messages = grow(batch->messages, batch->message_count, &batch->message_capacity,
                         sizeof *batch->messages);
  batch->messages[batch->message_count++] = (struct batch_message){.row = *row};
}

void batch_add_change(struct batch *batch, const struct batch_change *change) {
  for (size_t i = 0; change->kind == BATCH_EPISODE && i < batch->change_count; i++) {
    struct batch_change *other = &batch->changes[i];
    if (other->kind == BATCH_EPISODE && other->episode.id == change->episode.id) {
      *other = *change;
      return;
    }
  }
  batch->changes =
      grow(batch->changes, batch->change_count, &batch->change_capacity, sizeof *batch->changes);
  batch->changes[batch->change_count++] = *change;
}

void batch_add_miner(struct batch *batch, const struct miner *miner) {
  for (size_t i = 0; i < batch->miner_count; i++) {
    if (batch->miners[i].id == miner->id) {
      batch->miners[i] = *miner;
      return;
    }
  }
  batch->miners =
      grow(batch->miners, batch->miner_count, &batch->miner_capacity, sizeof *batch->miners);
  batch->miners[batch->miner_count++] = *miner;
}

/* One that was delivered while it waited in the spool is kept as such. */
static bool write_message(struct outbox_row *row, int64_t told_ms, struct db *db, struct err *err) {
  return outbox_store_insert(db, row, err) &&
         (told_ms == 0 || outbox_store_delivered(db, row->id, told_ms, "", err));
}

static bool write_change(const struct batch_change *change, struct db *db, struct err *err) {
  switch (change->kind) {
  case BATCH_EPISODE:
    return episode_store_save(db, &change->episode, err);
  case BATCH_NOTE:
    return episode_store_add_note(db, &change->note, err);
  case BATCH_RULE:
    return rule_store_save(db, &change->rule, err);
  case BATCH_MUTE:
    return mute_store_save(db, &change->mute, err);
  case BATCH_UNMUTE:
    return mute_store_remove(db, change->unmute, err);
  case BATCH_SETTING:
    return setting_store_set(db, change->setting.name, change->setting.value, err);
  }
  return true;
}

bool batch_write_state(const struct batch *batch, struct db *db, struct err *err) {
  for (size_t i = 0; i < batch->miner_count; i++) {
    /* A miner that was removed, or that turned out to be another one's twin, is no
     * reason to hold up everybody's history. */
    if (!miner_store_update_facts(db, &batch->miners[i], err) && err->code != ERR_NOT_FOUND &&
        err->code != ERR_CONFLICT)
      return false;
  }
  for (size_t i = 0; i < batch->state_count; i++) {
    if (!alert_store_save(db, &batch->states[i], err))
      return false;
  }
  for (size_t i = 0; i < batch->change_count; i++) {
    if (!write_change(&batch->changes[i], db, err))
      return false;
  }
  return true;
}

static bool is_past(const struct sample_row *row) {
  return (row->sample.flags & SAMPLE_BACKFILLED) != 0;
}

/* Rows of one miner's past. */
static bool write_past(const struct sample_row *rows, size_t count, struct db *db,
                       struct err *err) {
  struct sample *samples = mem_resize(NULL, count, sizeof *samples);
  for (size_t i = 0; i < count; i++)
    samples[i] = rows[i].sample;
  bool ok = seal_store_add(db, rows[0].miner_id, samples, count, err);
  free(samples);
  return ok;
}

/* What was just read goes to the rows; what a miner remembered, which came in one
 * piece and in order, becomes a chunk at once. */
static bool write_samples(const struct batch *batch, struct db *db, struct err *err) {
  const struct sample_row *rows = batch->samples;
  size_t end;
  for (size_t start = 0; start < batch->sample_count; start = end) {
    bool past = is_past(&rows[start]);
    for (end = start + 1; end < batch->sample_count && is_past(&rows[end]) == past; end++) {
      if (past && (rows[end].miner_id != rows[start].miner_id ||
                   rows[end].sample.at_ms < rows[end - 1].sample.at_ms))
        break;
    }
    bool ok = past ? write_past(rows + start, end - start, db, err)
                   : sample_store_insert(db, rows + start, end - start, err);
    if (!ok)
      return false;
  }
  return true;
}

static bool write_all(struct batch *batch, struct db *db, struct err *err) {
  if (!write_samples(batch, db, err))
    return false;
  if (!batch_write_state(batch, db, err))
    return false;
  for (size_t i = 0; i < batch->event_count; i++) {
    if (!alert_store_insert_event(db, &batch->events[i], NULL, err))
      return false;
  }
  for (size_t i = 0; i < batch->message_count; i++) {
    struct batch_message *message = &batch->messages[i];
    if (!message->said && !write_message(&message->row, message->told_ms, db, err))
      return false;
  }
  return true;
}

/* An earlier attempt was committed unheard: which messages did it leave waiting? */
static bool find_messages(struct batch *batch, struct db *db, struct err *err) {
  for (size_t i = 0; i < batch->message_count; i++) {
    if (!outbox_store_find(db, &batch->messages[i].row, err))
      return false;
  }
  return true;
}

bool batch_write_once(struct batch *batch, const char *key, struct db *db, struct err *err) {
  bool is_new = true;
  if (!str_equal(db_kind(db), "sqlite") &&
      !setting_store_change(db, "last_batch", key, &is_new, err))
    return false;
  return is_new ? write_all(batch, db, err) : find_messages(batch, db, err);
}
