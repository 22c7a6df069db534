/* The monitor itself: its condition, its history on the disk, the demo, and the description of the
 * interface with the page to try it out (whose files the dashboard's build puts
 * into its folder docs/). */
#include "api/answer.h"
#include "api/api_state.h"
#include "api/deferred.h"
#include "api/face.h"
#include "api/render.h"
#include "api/setup/storage_facts.h"
#include "api/static_files.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/json_write.h"

/* ------------------------------------------------------------ health */

/* 200 also when degraded: it says what is wrong, and a restart by a supervisor
 * would put nothing right. */
static void get_health(struct request *request) {
  struct api *api = request->api;
  struct render_monitor monitor = {.version = api->version, .has_demo = api->demo.start != NULL};
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  render_health(&json, NULL, api->engine, monitor, clock_wall_ms());
  answer_json(request->exchange, 200, &body, NULL);
  buf_finish(&body);
}

/* ------------------------------------------------------------ storage */

static bool plan_storage(struct request *request, struct stored_job *job) {
  struct storage_facts *facts = arena_alloc(&job->arena, sizeof *facts);
  *facts = storage_facts_take(request->api->engine);
  job->plan = facts;
  return true;
}

static bool query_storage(struct stored_job *job, struct db *db, struct err *err) {
  struct json_write json;
  json_write_init(&json, &job->body);
  return storage_facts_write(&json, NULL, job->plan, db, err);
}

/* ------------------------------------------------------------ demo */

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

/* ------------------------------------------------------------ description */

extern const struct embedded_file api_contract[];

static void get_openapi(struct request *request) {
  char etag[ANSWER_ETAG_SIZE];
  const struct embedded_file *file = &api_contract[0];
  answer_etag(etag, request->api, 0, 0);
  if (answer_unchanged(request->exchange, etag))
    return;
  struct http_response *response =
      http_response_create_static(200, "application/json", file->data, file->length);
  answer_headers(response, "no-cache");
  http_response_header(response, "ETag", etag);
  http_exchange_send(request->exchange, response);
  http_response_release(response);
}

static const char no_docs[] =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Bitaxe Monitor</title>"
    "<h1>The interactive page is not built</h1>"
    "<p>Run <code>./start</code>, or <code>npm ci &amp;&amp; npm run build</code> in the folder "
    "<code>dashboard</code>, and start the monitor again."
    "<p>The description itself is here: <a href=\"/openapi.json\">/openapi.json</a></html>\n";

static void answer_no_docs(struct http_exchange *exchange) {
  answer_page(exchange, no_docs, sizeof no_docs - 1);
}

static void get_docs(struct request *request) {
  static_files_answer(request->api->files, request, "/docs/index.html", answer_no_docs);
}

const struct route monitor_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/health", .answer = get_health},
    {ROUTE_STORED, "GET", "/api/v1/storage", .plan = plan_storage, .query = query_storage},
    {ROUTE_WRITE, "POST", "/api/v1/demo", .answer = start_demo},
    {ROUTE_WRITE, "DELETE", "/api/v1/demo", .answer = remove_demo},
    {ROUTE_LIVE, "GET", "/openapi.json", .answer = get_openapi},
    {ROUTE_LIVE, "GET", "/docs", .answer = get_docs},
    {0},
};
