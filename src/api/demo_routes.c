/* /api/v1/demo: simulated miners, started and removed by whoever made the api. */
#include "api/answer.h"
#include "api/api_state.h"
#include "api/deferred.h"
#include "api/face.h"
#include "base/json_write.h"

static void write_demo_miners(struct buf *body, struct fleet *fleet) {
  struct json_write json;
  json_write_init(&json, body);
  json_write_object(&json, NULL);
  json_write_array(&json, "items");
  for (size_t i = 0; i < fleet_count(fleet); i++) {
    struct fleet_miner *miner = fleet_at(fleet, i);
    if (!miner->miner.demo)
      continue;
    const struct buf *one = face_json(miner);
    json_write_raw(&json, NULL, one->data, one->length);
  }
  json_write_array_end(&json);
  json_write_null(&json, "next");
  json_write_object_end(&json);
}

static bool failed(const struct err *err) {
  return err != NULL && err->code != ERR_NONE;
}

static void on_started(const struct err *err, void *arg) {
  struct engine *engine = deferred_api(arg)->engine;
  struct http_exchange *exchange = deferred_finish(arg);
  if (exchange == NULL)
    return;
  if (failed(err)) {
    answer_err(exchange, err);
    return;
  }
  struct buf body;
  buf_init(&body);
  write_demo_miners(&body, engine_fleet(engine));
  answer_created(exchange, "/api/v1/miners", &body);
  buf_finish(&body);
}

static void on_stopped(const struct err *err, void *arg) {
  struct http_exchange *exchange = deferred_finish(arg);
  if (exchange == NULL)
    return;
  if (failed(err))
    answer_err(exchange, err);
  else
    answer_empty(exchange, 204);
}

static bool has_demo(struct request *request) {
  if (request->api->demo.start != NULL)
    return true;
  answer_problem(request->exchange, 503,
                 "this monitor runs without a demo; the program bitaxe-sim must stand beside it");
  return false;
}

static void start_demo(struct request *request) {
  struct api_demo *demo = &request->api->demo;
  if (has_demo(request))
    demo->start(demo->arg, on_started, deferred_start(request));
}

static void remove_demo(struct request *request) {
  struct api_demo *demo = &request->api->demo;
  if (has_demo(request))
    demo->stop(demo->arg, on_stopped, deferred_start(request));
}

const struct route demo_routes[] = {
    {ROUTE_WRITE, "POST", "/api/v1/demo", .answer = start_demo},
    {ROUTE_WRITE, "DELETE", "/api/v1/demo", .answer = remove_demo},
    {0},
};
