#include "api/deferred.h"

#include <stdlib.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "base/mem.h"

struct deferred {
  struct api *api;
  struct http_exchange *exchange; /* NULL once the server has closed it */
};

static void on_gone(void *arg) {
  struct deferred *deferred = arg;
  deferred->exchange = NULL;
}

struct deferred *deferred_start(struct request *request) {
  struct deferred *deferred = mem_alloc(sizeof *deferred);
  *deferred = (struct deferred){.api = request->api, .exchange = request->exchange};
  request->api->waiting++;
  http_exchange_suspend(request->exchange, on_gone, deferred);
  return deferred;
}

struct api *deferred_api(const struct deferred *deferred) {
  return deferred->api;
}

struct http_exchange *deferred_finish(struct deferred *deferred) {
  struct http_exchange *exchange = deferred->exchange;
  api_release(deferred->api);
  free(deferred);
  return exchange;
}

/* A stored route on its way: loop -> reader thread -> loop. */
struct stored_task {
  struct db_task task;
  struct stored_job job;
  const struct route *route;
  struct deferred *deferred;
  char etag[ANSWER_ETAG_SIZE]; /* "": none */
};

static void run(struct db_task *task, struct db *db) {
  struct stored_task *stored = task->arg;
  if (db == NULL && stored->job.needs_db)
    return; /* task->err says why */
  task->ok = stored->route->query(&stored->job, db, &task->err);
  if (task->ok && stored->job.tagged)
    answer_content_etag(stored->etag, &stored->job.body);
}

static void answer_body(struct http_exchange *exchange, const struct stored_task *stored) {
  const char *etag = stored->etag[0] == '\0' ? NULL : stored->etag;
  if (etag == NULL || !answer_unchanged(exchange, etag))
    answer_json(exchange, 200, &stored->job.body, etag);
}

static void stored_free(struct stored_task *stored) {
  if (stored->job.release != NULL)
    stored->job.release(stored->job.plan);
  arena_finish(&stored->job.arena);
  buf_finish(&stored->job.body);
  free(stored);
}

static void on_done(struct db_task *task) {
  struct stored_task *stored = task->arg;
  struct log *log = deferred_api(stored->deferred)->log;
  if (!task->ok)
    log_write(log, LOG_WARN, "api", "%s: %s", stored->route->pattern, task->err.text);

  struct http_exchange *exchange = deferred_finish(stored->deferred);
  if (exchange != NULL && task->ok)
    answer_body(exchange, stored);
  else if (exchange != NULL)
    answer_err(exchange, &task->err);
  stored_free(stored);
}

void deferred_run_stored(struct request *request, const struct route *route) {
  struct stored_task *stored = mem_alloc(sizeof *stored);
  stored->route = route;
  stored->job.needs_db = true;
  arena_init(&stored->job.arena, 0);
  buf_init(&stored->job.body);
  if (!route->plan(request, &stored->job)) {
    stored_free(stored);
    return;
  }
  stored->deferred = deferred_start(request);
  stored->task = (struct db_task){.run = run, .done = on_done, .arg = stored};
  if (stored->job.walks)
    db_threads_walk(engine_db(request->api->engine), &stored->task);
  else
    db_threads_read(engine_db(request->api->engine), &stored->task);
}
