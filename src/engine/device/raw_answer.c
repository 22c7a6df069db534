#include "engine/device/raw_answer.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "engine/engine_parts.h"
#include "miner/raw_mask.h"

struct wish {
  struct engine *engine;
  int64_t miner_id;
  raw_answer_done done;
  void *arg;
};

static void explain_silence(const struct fleet_miner *miner, enum reason reason, struct err *err) {
  char span[32];
  const char *why = reason_facts(reason)->text;
  if (miner->memory.seen_ms <= 0) {
    err_set(err, ERR_UNAVAILABLE, "'%s' has never answered: %s", miner->miner.name, why);
    return;
  }
  clock_format_span(clock_wall_ms() - miner->memory.seen_ms, span, (int)sizeof span);
  err_set(err, ERR_UNAVAILABLE, "'%s' gives no answer, and has been silent for %s: %s",
          miner->miner.name, span, why);
}

static bool make(const struct fleet_miner *miner, const struct http_answer *answer,
                 struct raw_answer *raw, struct err *err) {
  const struct miner_driver *driver = miner_driver_find(miner->miner.driver);
  raw->miner_id = miner->miner.id;
  raw->at_ms = clock_wall_ms();
  raw->path = (driver != NULL ? driver : miner_drivers[0])->poll_path;
  return raw_mask_write(answer->body, answer->body_length, &raw->answer, &raw->hidden, err);
}

/* `answer` NULL: nobody asks the device any more. */
static bool judge(struct wish *wish, const struct http_answer *answer, enum reason reason,
                  struct raw_answer *raw, struct err *err) {
  struct engine *engine = wish->engine;
  struct fleet_miner *miner = fleet_find(engine->fleet, wish->miner_id);
  if (miner == NULL)
    return err_set(err, ERR_NOT_FOUND, "there is no miner with the number %" PRId64,
                   wish->miner_id);
  if (answer == NULL)
    return err_set(err, ERR_UNAVAILABLE, "'%s' is not asked any more", miner->miner.name);
  if (reason == REASON_NONE)
    return make(miner, answer, raw, err);
  explain_silence(miner, reason, err);
  return false;
}

static void on_heard(const struct http_answer *answer, enum reason reason, void *arg) {
  struct wish *wish = arg;
  struct raw_answer raw = {0};
  struct err err = {0};
  buf_init(&raw.answer);
  buf_init(&raw.hidden);
  bool ok = judge(wish, answer, reason, &raw, &err);
  wish->done(ok ? &raw : NULL, ok ? NULL : &err, wish->arg);
  buf_finish(&raw.answer);
  buf_finish(&raw.hidden);
  free(wish);
}

void raw_answer_read(struct engine *engine, int64_t miner_id, raw_answer_done done, void *arg) {
  struct err err;
  if (engine->stopping) {
    err_set(&err, ERR_UNAVAILABLE, "the monitor is stopping: try again when it runs");
    done(NULL, &err, arg);
    return;
  }
  struct wish *wish = mem_alloc(sizeof *wish);
  *wish = (struct wish){.engine = engine, .miner_id = miner_id, .done = done, .arg = arg};
  poller_hear(engine->poller, miner_id, on_heard, wish);
}
