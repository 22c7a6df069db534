/* The one thing that the monitor tells a miner to do, and only when a person asked
 * for it: POST /api/system/restart with an empty body. AxeOS answers and reboots a
 * second later; some releases reboot before the answer is out, so a connection that
 * breaks counts as heard. */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "engine/engine_parts.h"

#define RESTART_PATH "/api/system/restart"

struct restart {
  struct engine *engine;
  int64_t id;
  engine_miner_done done;
  void *arg;
};

static bool was_heard(const struct http_answer *answer) {
  if (answer->outcome == HTTP_ANSWERED)
    return answer->status >= 200 && answer->status < 300;
  return answer->outcome == HTTP_RESET || answer->outcome == HTTP_TRUNCATED;
}

static void explain(const struct http_answer *answer, const char *name, struct err *err) {
  if (answer->outcome == HTTP_CANCELLED) {
    err_set(err, ERR_UNAVAILABLE, "the monitor is stopping: %s was not restarted", name);
    return;
  }
  const struct reason_facts *facts = reason_facts(poller_reason(answer));
  if (answer->outcome == HTTP_ANSWERED && (answer->status == 404 || answer->status == 405))
    err_set(err, ERR_INVALID, "%s cannot be restarted from afar: switch it off and on", name);
  else
    err_set(err, ERR_UNAVAILABLE, "%s was not restarted: %s. %s", name, facts->text, facts->advice);
}

static void on_answer(const struct http_answer *answer, void *arg) {
  struct restart *restart = arg;
  struct engine *engine = restart->engine;
  struct fleet_miner *miner = fleet_find(engine->fleet, restart->id);
  struct err err;
  if (miner == NULL) {
    err_set(&err, ERR_NOT_FOUND, "the miner was removed meanwhile");
    restart->done(NULL, &err, restart->arg);
  } else if (was_heard(answer)) {
    log_write(engine->options.log, LOG_INFO, "engine", "'%s' was told to restart",
              miner->miner.name);
    restart->done(miner, NULL, restart->arg);
  } else {
    explain(answer, miner->miner.name, &err);
    restart->done(NULL, &err, restart->arg);
  }
  free(restart);
}

void engine_restart_miner(struct engine *engine, int64_t id, engine_miner_done done, void *arg) {
  struct fleet_miner *miner = fleet_find(engine->fleet, id);
  struct err err;
  if (miner == NULL || engine->stopping) {
    if (miner == NULL)
      err_set(&err, ERR_NOT_FOUND, "there is no miner with the number %lld", (long long)id);
    else
      err_set(&err, ERR_UNAVAILABLE, "the monitor is stopping: try again when it runs");
    done(NULL, &err, arg);
    return;
  }
  char url[MINER_ADDRESS_MAX + sizeof RESTART_PATH];
  struct restart *restart = mem_alloc(sizeof *restart);
  *restart = (struct restart){.engine = engine, .id = id, .done = done, .arg = arg};
  snprintf(url, sizeof url, "%s%s", miner->miner.address, RESTART_PATH);
  http_client_send(engine->http,
                   &(struct http_call_options){.method = "POST",
                                               .url = url,
                                               .body = "",
                                               .home_only = !engine->options.allow_public_miners},
                   on_answer, restart);
}
