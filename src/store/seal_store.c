#include "store/seal_store.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "store/chunk_store.h"
#include "store/rollup_store.h"
#include "store/sample_store.h"

struct slot {
  bool known;
  int64_t through_seq;
  int64_t sealed_ms; /* the moment that it was due at last */
};

struct moment {
  int64_t now_ms;
  int64_t period_ms; /* after which a slot is due again */
};

/* Rows of one slot; their order of arrival is their index. */
struct rows {
  struct sample_row *items;
  size_t count, capacity;
};

static bool read_slots(struct db *db, struct slot slots[SAMPLE_SLOTS], struct err *err) {
  struct db_cursor *cursor;
  if (!db_query(db, "SELECT slot, through_seq, sealed_ms FROM seal", NULL, 0, &cursor, err))
    return false;
  enum db_step step;
  while ((step = db_cursor_next(cursor, err)) == DB_ROW) {
    int64_t slot = db_cursor_int(cursor, 0);
    if (slot >= 0 && slot < SAMPLE_SLOTS)
      slots[slot] = (struct slot){true, db_cursor_int(cursor, 1), db_cursor_int(cursor, 2)};
  }
  db_cursor_close(cursor);
  return step != DB_FAILED;
}

static bool write_slot(struct db *db, int number, const struct slot *slot, int64_t first_ms,
                       struct err *err) {
  const struct db_value params[] = {db_int(number), db_int(slot->through_seq),
                                    db_int(slot->sealed_ms),
                                    first_ms == INT64_MAX ? db_null() : db_int(first_ms)};
  return db_exec(db,
                 "INSERT INTO seal (slot, through_seq, sealed_ms, first_ms) "
                 "VALUES ($1, $2, $3, $4) ON CONFLICT (slot) DO UPDATE SET "
                 "through_seq = excluded.through_seq, sealed_ms = excluded.sealed_ms, "
                 "first_ms = CASE WHEN seal.first_ms <= excluded.first_ms OR "
                 "excluded.first_ms IS NULL THEN seal.first_ms ELSE excluded.first_ms END",
                 params, 4, NULL, err);
}

/* The slot's last moment at or before now. */
static int64_t due_before(struct moment moment, int slot) {
  int64_t phase_ms = slot * (moment.period_ms / SAMPLE_SLOTS);
  return rollup_start(moment.now_ms - phase_ms, moment.period_ms) + phase_ms;
}

/* A clock that went back must not keep a slot waiting. */
static bool is_due(const struct slot *slot, struct moment moment) {
  return moment.now_ms >= slot->sealed_ms + moment.period_ms || slot->sealed_ms > moment.now_ms;
}

/* The slot that has waited longest, -1 when none is due. */
static int find_due(const struct slot slots[SAMPLE_SLOTS], struct moment moment, int64_t newest,
                    bool all) {
  int found = -1;
  for (int i = 0; i < SAMPLE_SLOTS; i++) {
    bool due = all ? slots[i].through_seq < newest : is_due(&slots[i], moment);
    if (due && (found < 0 || slots[i].through_seq < slots[found].through_seq))
      found = i;
  }
  return found;
}

/* ------------------------------------------------------------ one slot */

static bool collect(const struct sample_row *row, void *arg) {
  struct rows *rows = arg;
  if (rows->count == rows->capacity) {
    rows->capacity = rows->capacity == 0 ? 1024 : rows->capacity * 2;
    rows->items = mem_resize(rows->items, rows->capacity, sizeof *rows->items);
  }
  rows->items[rows->count++] = *row;
  return true;
}

/* By miner, time and arrival. */
static int compare_rows(const void *a, const void *b) {
  const struct sample_row *left = *(const struct sample_row *const *)a;
  const struct sample_row *right = *(const struct sample_row *const *)b;
  if (left->miner_id != right->miner_id)
    return left->miner_id < right->miner_id ? -1 : 1;
  if (left->sample.at_ms != right->sample.at_ms)
    return left->sample.at_ms < right->sample.at_ms ? -1 : 1;
  return (left > right) - (left < right);
}

/* samples[0..count) are one miner's, sorted by time. */
static bool seal_miner(struct db *db, int64_t miner_id, const struct sample *samples, size_t count,
                       struct err *err) {
  return chunk_store_insert(db, miner_id, samples, count, err) &&
         rollup_store_update(db, miner_id, samples[0].at_ms, samples[count - 1].at_ms, err);
}

static bool seal_rows(struct db *db, const struct rows *rows, int64_t *first_ms, struct err *err) {
  const struct sample_row **sorted = mem_resize(NULL, rows->count + 1, sizeof(struct sample_row *));
  struct sample *samples = mem_resize(NULL, rows->count + 1, sizeof *samples);
  for (size_t i = 0; i < rows->count; i++)
    sorted[i] = &rows->items[i];
  qsort(sorted, rows->count, sizeof(struct sample_row *), compare_rows);
  bool ok = true;
  size_t count = 0;
  for (size_t i = 0; ok && i < rows->count; i++) {
    samples[count++] = sorted[i]->sample;
    if (i + 1 < rows->count && sorted[i + 1]->miner_id == sorted[i]->miner_id)
      continue;
    *first_ms = samples[0].at_ms < *first_ms ? samples[0].at_ms : *first_ms;
    ok = seal_miner(db, sorted[i]->miner_id, samples, count, err);
    count = 0;
  }
  free(sorted);
  free(samples);
  return ok;
}

/* Deletes what every slot is past, a step's worth of it. */
static bool remove_sealed(struct db *db, const struct slot slots[SAMPLE_SLOTS], int64_t oldest,
                          int64_t max_rows, struct err *err) {
  int64_t through = oldest + max_rows;
  for (int i = 0; i < SAMPLE_SLOTS; i++)
    through = slots[i].through_seq < through ? slots[i].through_seq : through;
  return through < oldest || sample_store_remove(db, through, err);
}

/* A slot that was never seen begins its schedule: the first minutes of a monitor
 * make no chunks of their own. */
static bool begin_slots(struct db *db, struct slot slots[SAMPLE_SLOTS], struct moment moment,
                        struct err *err) {
  for (int i = 0; i < SAMPLE_SLOTS; i++) {
    if (slots[i].known)
      continue;
    slots[i] = (struct slot){true, 0, due_before(moment, i)};
    if (!write_slot(db, i, &slots[i], INT64_MAX, err))
      return false;
  }
  return true;
}

static bool seal_slot(struct db *db, int number, struct slot *slot, const struct sample_slot *range,
                      int64_t *sealed, struct err *err) {
  struct rows rows = {0};
  int64_t first_ms = INT64_MAX;
  bool ok = sample_store_slot(db, range, collect, &rows, err) &&
            seal_rows(db, &rows, &first_ms, err) && write_slot(db, number, slot, first_ms, err);
  *sealed = (int64_t)rows.count;
  free(rows.items);
  return ok;
}

static bool step_slots(struct db *db, int64_t now_ms, const struct seal_step *step,
                       struct seal_result *result, struct err *err) {
  struct slot slots[SAMPLE_SLOTS] = {0};
  struct moment moment = {now_ms, step->period_ms > 0 ? step->period_ms : SEAL_PERIOD_MS};
  int64_t oldest = 0;
  int64_t newest = 0;
  if (!sample_store_ends(db, &oldest, &newest, err) || !read_slots(db, slots, err) ||
      !begin_slots(db, slots, moment, err))
    return false;
  int due = find_due(slots, moment, newest, step->all);
  if (due < 0) {
    result->done = true;
    return true;
  }
  struct slot *slot = &slots[due];
  struct sample_slot range = {.slot = due, .after_seq = slot->through_seq, .through_seq = newest};
  if (range.after_seq < oldest - 1)
    range.after_seq = oldest - 1;
  if (range.through_seq - range.after_seq > step->max_rows)
    range.through_seq = range.after_seq + step->max_rows;
  else
    slot->sealed_ms = due_before(moment, due);
  slot->through_seq = range.through_seq > slot->through_seq ? range.through_seq : slot->through_seq;
  return seal_slot(db, due, slot, &range, &result->samples, err) &&
         remove_sealed(db, slots, oldest, step->max_rows, err);
}

bool seal_store_step(struct db *db, int64_t now_ms, const struct seal_step *step,
                     struct seal_result *result, struct err *err) {
  assert(step->max_rows > 0);
  *result = (struct seal_result){0};
  return step_slots(db, now_ms, step, result, err) || err_add(err, "cannot seal the history");
}

bool seal_store_add(struct db *db, int64_t miner_id, const struct sample *samples, size_t count,
                    struct err *err) {
  assert(count > 0);
  return (chunk_store_insert(db, miner_id, samples, count, err) &&
          rollup_store_mend(db, miner_id, samples[0].at_ms, samples[count - 1].at_ms, err)) ||
         err_add(err, "cannot add to the history");
}
