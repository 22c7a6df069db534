/* `bitaxe-monitor rebuild`: reckons hours and days anew from the full-resolution
 * history, after a program's mistake or a damaged table. The monitor is stopped
 * meanwhile: the database's lock sees to it. */
#include <stdio.h>
#include <stdlib.h>

#include "app/command.h"
#include "app/config.h"
#include "base/clock.h"
#include "db/db.h"
#include "store/rollup_store.h"
#include "store/seal_store.h"
#include "store/store.h"

enum { STEP_ROWS = 100000 };

/* Everything into chunks first, in steps that are each a transaction. */
static bool seal_all(struct db *db, struct err *err) {
  const struct seal_step step = {.max_rows = STEP_ROWS, .all = true};
  struct seal_result result = {0};
  while (!result.done) {
    bool ok = db_begin(db, err) && seal_store_step(db, clock_wall_ms(), &step, &result, err) &&
              db_commit(db, err);
    if (!ok) {
      db_rollback(db);
      return false;
    }
  }
  return true;
}

static bool rebuild_miner(struct db *db, int64_t miner_id, struct err *err) {
  int64_t damaged = 0;
  bool ok =
      db_begin(db, err) && rollup_store_rebuild(db, miner_id, &damaged, err) && db_commit(db, err);
  if (!ok) {
    db_rollback(db);
    return false;
  }
  printf("miner %lld: done\n", (long long)miner_id);
  if (damaged > 0)
    printf("miner %lld: %lld damaged chunks were passed over, `bitaxe-monitor verify` tells more\n",
           (long long)miner_id, (long long)damaged);
  return true;
}

static bool rebuild(struct db *db, struct err *err) {
  int64_t *miners = NULL;
  size_t count = 0;
  bool ok = seal_all(db, err) && rollup_store_miners(db, &miners, &count, err);
  for (size_t i = 0; ok && i < count; i++)
    ok = rebuild_miner(db, miners[i], err);
  free(miners);
  if (ok)
    printf("hours and days of %zu miners are reckoned anew\n", count);
  return ok;
}

static int run(int argc, char **argv) {
  struct config config;
  struct err err;
  struct db *db = NULL;
  bool ok = config_read(&config, argc, argv, &err) && store_open(&db, config.database_url, &err) &&
            rebuild(db, &err);
  if (!ok)
    fprintf(stderr, "bitaxe-monitor: %s\n", err.text);
  db_close(db);
  config_finish(&config);
  return ok ? 0 : 1;
}

const struct command cmd_rebuild = {"rebuild",
                                    "reckon hours and days anew (stop the monitor first)", run};
