#include "store/chunk_store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "store/chunk_codec.h"
#include "store/server/partition.h"

/* ------------------------------------------------------------ writing */

static bool insert_one(struct db *db, int64_t miner_id, const struct sample *samples, size_t count,
                       struct err *err) {
  struct buf blob;
  buf_init(&blob);
  chunk_codec_encode(samples, count, &blob);
  const struct db_value params[] = {db_int(miner_id), db_int(samples[0].at_ms),
                                    db_int(samples[count - 1].at_ms), db_int((int64_t)count),
                                    db_blob(blob.data, blob.length)};
  bool ok = partition_make(db, "chunk", samples[0].at_ms, err) &&
            db_exec(db,
                    "INSERT INTO chunk (miner_id, from_ms, to_ms, samples, data) "
                    "VALUES ($1, $2, $3, $4, $5)",
                    params, 5, NULL, err);
  buf_finish(&blob);
  return ok || err_add(err, "cannot keep a chunk");
}

/* How many of the samples fit one chunk. */
static size_t fitting(const struct sample *samples, size_t count) {
  size_t most = count < CHUNK_SAMPLES_MAX ? count : CHUNK_SAMPLES_MAX;
  size_t fit = 1;
  while (fit < most &&
         (uint64_t)samples[fit].at_ms - (uint64_t)samples[0].at_ms < (uint64_t)CHUNK_SPAN_MAX_MS)
    fit++;
  return fit;
}

bool chunk_store_insert(struct db *db, int64_t miner_id, const struct sample *samples, size_t count,
                        struct err *err) {
  while (count > 0) {
    size_t fit = fitting(samples, count);
    if (!insert_one(db, miner_id, samples, fit, err))
      return false;
    samples += fit;
    count -= fit;
  }
  return true;
}

/* ------------------------------------------------------------ reading */

/* Decoded samples of chunks that overlap in time, to be sorted together. */
struct group {
  struct sample *samples;
  size_t count;
  int64_t to_ms; /* of the latest */
  bool mixed;    /* of more than one chunk */
};

struct walk {
  int64_t from_ms, to_ms;
  const struct chunk_visitor *visitor;
  struct group group;
  bool enough;
};

/* Where a sample of a group stands in time, and in arrival where times are equal. */
struct place {
  int64_t at_ms;
  size_t index;
};

static int compare_places(const void *a, const void *b) {
  const struct place *left = a;
  const struct place *right = b;
  if (left->at_ms != right->at_ms)
    return left->at_ms < right->at_ms ? -1 : 1;
  return (left->index > right->index) - (left->index < right->index);
}

static void sort_group(struct group *group) {
  struct place *places = mem_resize(NULL, group->count, sizeof *places);
  struct sample *sorted = mem_resize(NULL, group->count, sizeof *sorted);
  for (size_t i = 0; i < group->count; i++)
    places[i] = (struct place){group->samples[i].at_ms, i};
  qsort(places, group->count, sizeof *places, compare_places);
  for (size_t i = 0; i < group->count; i++)
    sorted[i] = group->samples[places[i].index];
  free(places);
  free(group->samples);
  group->samples = sorted;
}

/* Hands out what is collected. */
static void flush(struct walk *walk) {
  struct group *group = &walk->group;
  if (group->mixed)
    sort_group(group);
  for (size_t i = 0; i < group->count && !walk->enough; i++) {
    const struct sample *sample = &group->samples[i];
    if (sample->at_ms >= walk->from_ms && sample->at_ms < walk->to_ms)
      walk->enough = !walk->visitor->sample(sample, walk->visitor->arg);
  }
  free(group->samples);
  *group = (struct group){0};
}

/* Takes the samples (heap). */
static void collect(struct group *group, struct sample *samples, size_t count) {
  if (group->count == 0) {
    group->samples = samples;
    group->count = count;
    return;
  }
  group->samples = mem_resize(group->samples, group->count + count, sizeof *samples);
  memcpy(group->samples + group->count, samples, count * sizeof *samples);
  group->count += count;
  group->mixed = true;
  free(samples);
}

static void take_chunk(struct walk *walk, const struct chunk_info *info, const void *blob,
                       size_t length) {
  uint64_t metrics = walk->visitor->metrics;
  struct chunk_part part = {.metrics = metrics != 0 ? metrics : UINT64_MAX};
  struct err why;
  if (walk->group.count > 0 && info->from_ms > walk->group.to_ms)
    flush(walk);
  if (walk->enough)
    return;
  if (!chunk_codec_decode_part(blob, length, &part, &why)) {
    if (walk->visitor->damaged != NULL)
      walk->visitor->damaged(info, why.text, walk->visitor->arg);
    return;
  }
  if (walk->group.count == 0 || info->to_ms > walk->group.to_ms)
    walk->group.to_ms = info->to_ms;
  collect(&walk->group, part.samples, part.count);
}

bool chunk_store_each(struct db *db, int64_t miner_id, int64_t from_ms, int64_t to_ms,
                      const struct chunk_visitor *visitor, struct err *err) {
  struct walk walk = {.from_ms = from_ms, .to_ms = to_ms, .visitor = visitor};
  int64_t earliest =
      from_ms > INT64_MIN + CHUNK_SPAN_MAX_MS ? from_ms - CHUNK_SPAN_MAX_MS : INT64_MIN;
  const struct db_value params[] = {db_int(miner_id), db_int(earliest), db_int(to_ms),
                                    db_int(from_ms)};
  struct db_cursor *cursor;
  if (!db_query(db,
                "SELECT id, from_ms, to_ms, samples, data FROM chunk WHERE miner_id = $1 "
                "AND from_ms >= $2 AND from_ms < $3 AND to_ms >= $4 ORDER BY from_ms, id",
                params, 4, &cursor, err))
    return err_add(err, "cannot read the chunks");
  enum db_step step = DB_DONE;
  while (!walk.enough && (step = db_cursor_next(cursor, err)) == DB_ROW) {
    struct chunk_info info = {.id = db_cursor_int(cursor, 0),
                              .miner_id = miner_id,
                              .from_ms = db_cursor_int(cursor, 1),
                              .to_ms = db_cursor_int(cursor, 2),
                              .samples = db_cursor_int(cursor, 3)};
    size_t length = 0;
    const void *blob = db_cursor_blob(cursor, 4, &length);
    take_chunk(&walk, &info, blob, length);
  }
  flush(&walk);
  db_cursor_close(cursor);
  return step != DB_FAILED || err_add(err, "cannot read the chunks");
}

/* From when on the newest chunks hold `limit` samples. */
static bool find_start(struct db *db, int64_t miner_id, int limit, int64_t *from_ms,
                       struct err *err) {
  const struct db_value params[] = {db_int(miner_id), db_int(limit)}; /* none is empty */
  struct db_cursor *cursor;
  *from_ms = INT64_MAX;
  if (!db_query(db,
                "SELECT from_ms, samples FROM chunk WHERE miner_id = $1 "
                "ORDER BY from_ms DESC LIMIT $2",
                params, 2, &cursor, err))
    return false;
  enum db_step step = DB_DONE;
  for (int64_t found = 0; found < limit && (step = db_cursor_next(cursor, err)) == DB_ROW;) {
    *from_ms = db_cursor_int(cursor, 0);
    found += db_cursor_int(cursor, 1);
  }
  db_cursor_close(cursor);
  return step != DB_FAILED;
}

struct newest {
  struct sample *ring;
  size_t limit, seen;
  const struct chunk_visitor *visitor;
};

static bool keep_newest(const struct sample *sample, void *arg) {
  struct newest *newest = arg;
  newest->ring[newest->seen++ % newest->limit] = *sample;
  return true;
}

static void report_damage(const struct chunk_info *chunk, const char *why, void *arg) {
  const struct newest *newest = arg;
  if (newest->visitor->damaged != NULL)
    newest->visitor->damaged(chunk, why, newest->visitor->arg);
}

bool chunk_store_last(struct db *db, int64_t miner_id, int limit,
                      const struct chunk_visitor *visitor, struct err *err) {
  assert(limit >= 1 && limit <= 1000);
  int64_t from_ms = INT64_MAX;
  struct newest newest = {.limit = (size_t)limit, .visitor = visitor};
  const struct chunk_visitor keep = {
      .sample = keep_newest, .damaged = report_damage, .arg = &newest};
  if (!find_start(db, miner_id, limit, &from_ms, err))
    return err_add(err, "cannot read the chunks");
  newest.ring = mem_resize(NULL, newest.limit, sizeof *newest.ring);
  bool ok = chunk_store_each(db, miner_id, from_ms, INT64_MAX, &keep, err);
  size_t count = newest.seen < newest.limit ? newest.seen : newest.limit;
  for (size_t i = 1; ok && i <= count; i++)
    if (!visitor->sample(&newest.ring[(newest.seen - i) % newest.limit], visitor->arg))
      break;
  free(newest.ring);
  return ok;
}
