#include "api/record.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "support/wait_until.h"

struct insertion {
  struct db_task task;
  const struct record *record;
  bool done;
};

static void run_insert(struct db_task *task, struct db *db) {
  const struct record *record = ((struct insertion *)task->arg)->record;
  task->ok = sample_store_insert(db, record->rows, record->count, &task->err);
}

static void on_inserted(struct db_task *task) {
  ((struct insertion *)task->arg)->done = true;
}

static bool is_inserted(void *arg) {
  return ((struct insertion *)arg)->done;
}

void record_insert(struct engine *twin, const struct record *record) {
  struct insertion insertion = {.record = record};
  insertion.task = (struct db_task){.run = run_insert, .done = on_inserted, .arg = &insertion};
  db_threads_write(twin->db, &insertion.task);
  assert_true(wait_until_loop(&twin->loop, is_inserted, &insertion));
  assert_true(insertion.task.ok);
}
