#include "api/record.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "store/chunk_store.h"
#include "store/retention.h"
#include "store/rollup_store.h"
#include "support/wait_until.h"

typedef bool (*write_fn)(struct db *db, const struct record *record, struct err *err);

struct writing {
  struct db_task task;
  write_fn write;
  const struct record *record;
  bool done;
};

static void run_write(struct db_task *task, struct db *db) {
  struct writing *writing = task->arg;
  task->ok = writing->write(db, writing->record, &task->err);
}

static void on_written(struct db_task *task) {
  ((struct writing *)task->arg)->done = true;
}

static bool is_written(void *arg) {
  return ((struct writing *)arg)->done;
}

static void write_now(struct engine *twin, write_fn write, const struct record *record) {
  struct writing writing = {.write = write, .record = record};
  writing.task = (struct db_task){.run = run_write, .done = on_written, .arg = &writing};
  db_threads_write(twin->db, &writing.task);
  assert_true(wait_until_loop(&twin->loop, is_written, &writing));
  if (!writing.task.ok)
    fail_msg("%s", writing.task.err.text);
}

static bool insert(struct db *db, const struct record *record, struct err *err) {
  return sample_store_insert(db, record->rows, record->count, err);
}

void record_insert(struct engine *twin, const struct record *record) {
  write_now(twin, insert, record);
}

static bool seal(struct db *db, const struct record *record, struct err *err) {
  struct sample samples[sizeof record->rows / sizeof record->rows[0]];
  int64_t miner_id = record->rows[0].miner_id;
  for (size_t i = 0; i < record->count; i++)
    samples[i] = record->rows[i].sample;
  return chunk_store_insert(db, miner_id, samples, record->count, err) &&
         rollup_store_update(db, miner_id, samples[0].at_ms, samples[record->count - 1].at_ms, err);
}

void record_seal(struct engine *twin, const struct record *record) {
  write_now(twin, seal, record);
}

static bool spoil(struct db *db, const struct record *record, struct err *err) {
  (void)record;
  return db_exec(db, "UPDATE chunk SET data = zeroblob(40)", NULL, 0, NULL, err);
}

void record_spoil(struct engine *twin) {
  write_now(twin, spoil, NULL);
}

static bool let_go(struct db *db, const struct record *record, struct err *err) {
  int64_t removed;
  return retention_step(db, record->rows[record->count - 1].sample.at_ms, &removed, err);
}

void record_let_go(struct engine *twin, const struct record *record) {
  write_now(twin, let_go, record);
}
