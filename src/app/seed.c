#include "app/seed.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "engine/db_thread.h"
#include "store/setting_store.h"

enum { ADDRESS_MAX = 256 };

/* look up the setting -> add, asking the device -> (it is off: add unasked)
 * -> remember the address */
struct seed {
  struct engine *engine;
  struct log *log;
  char address[ADDRESS_MAX];
  char done_before[ADDRESS_MAX];
  struct db_task task;
  bool verify;
};

static const char setting[] = "seeded_address";

static void on_saved(struct db_task *task) {
  struct seed *seed = task->arg;
  if (!task->ok)
    log_write(seed->log, LOG_WARN, "seed", "not remembered that the miner was added: %s",
              task->err.text);
  free(seed);
}

static void run_save(struct db_task *task, struct db *db) {
  struct seed *seed = task->arg;
  if (db != NULL)
    task->ok = setting_store_set(db, setting, seed->address, &task->err);
}

static void save(struct seed *seed) {
  seed->task = (struct db_task){.run = run_save, .done = on_saved, .arg = seed};
  db_threads_write(engine_db(seed->engine), &seed->task);
}

static void add(struct seed *seed, bool verify);

static void on_added(struct fleet_miner *miner, const struct err *err, void *arg) {
  struct seed *seed = arg;
  if (miner != NULL || err->code == ERR_CONFLICT) {
    save(seed);
    return;
  }
  if (err->code == ERR_INVALID && seed->verify) {
    add(seed, false); /* it may be off today */
    return;
  }
  log_write(seed->log, LOG_ERROR, "seed", "BITAXE_BASE_URL: %s", err->text);
  free(seed);
}

static void add(struct seed *seed, bool verify) {
  seed->verify = verify;
  struct engine_add request = {.address = seed->address, .verify = verify};
  engine_add_miner(seed->engine, &request, on_added, seed);
}

static void on_looked_up(struct db_task *task) {
  struct seed *seed = task->arg;
  if (!task->ok)
    log_write(
        seed->log, LOG_WARN, "seed",
        "the database is away: whether %s (BITAXE_BASE_URL) is watched already is looked at at "
        "the next start",
        seed->address);
  if (!task->ok || str_equal(seed->done_before, seed->address)) {
    free(seed);
    return;
  }
  add(seed, true);
}

static void run_look_up(struct db_task *task, struct db *db) {
  struct seed *seed = task->arg;
  if (db == NULL)
    return;
  task->ok =
      setting_store_get(db, setting, seed->done_before, sizeof seed->done_before, &task->err) ||
      task->err.code == ERR_NOT_FOUND;
}

void seed_miner(struct engine *engine, struct log *log, const char *address) {
  if (address == NULL)
    return;
  struct seed *seed = mem_alloc(sizeof *seed);
  seed->engine = engine;
  seed->log = log;
  str_copy(seed->address, sizeof seed->address, address);
  seed->task = (struct db_task){.run = run_look_up, .done = on_looked_up, .arg = seed};
  db_threads_read(engine_db(engine), &seed->task);
}
