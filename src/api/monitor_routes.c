/* The monitor itself: its condition, its history on the disk, the demo, and the description of the
 * interface with the page to try it out (whose files the dashboard's build puts
 * into its folder docs/). */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/deferred.h"
#include "api/face.h"
#include "api/render.h"
#include "api/static_files.h"
#include "base/clock.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/json_write.h"
#include "engine/backup_folder.h"
#include "store/usage.h"

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

/* Texts belong to the engine's options, which outlive every request. */
struct storage_plan {
  const char *database_path; /* NULL: on a server, or in memory */
  const char *backup_dir;    /* NULL: none */
  int64_t interval_ms, retention_ms;
  size_t miners;
};

static bool plan_storage(struct request *request, struct stored_job *job) {
  struct engine *engine = request->api->engine;
  const struct engine_options *options = engine_options(engine);
  struct storage_plan *plan = arena_alloc(&job->arena, sizeof *plan);
  *plan = (struct storage_plan){
      .database_path = db_sqlite_path(options->database_url),
      .backup_dir = options->backup_dir,
      .interval_ms = options->poll_interval_ms,
      .retention_ms = options->retention_ms,
      .miners = fleet_count(engine_fleet(engine)),
  };
  job->plan = plan;
  return true;
}

static void write_backups(struct json_write *json, const char *folder) {
  struct backup_file files[BACKUP_FOLDER_LIST_MAX];
  size_t count = folder != NULL ? backup_folder_list(folder, files, BACKUP_FOLDER_LIST_MAX) : 0;
  json_write_array(json, "backups");
  for (size_t i = 0; i < count; i++) {
    json_write_object(json, NULL);
    json_write_text(json, "name", files[i].name);
    json_write_i64(json, "bytes", files[i].bytes);
    json_write_time(json, "at", files[i].made_ms);
    json_write_object_end(json);
  }
  json_write_array_end(json);
}

static void write_free(struct json_write *json, const char *database_path) {
  int64_t free_bytes = database_path != NULL ? file_free_bytes(database_path) : -1;
  if (free_bytes >= 0)
    json_write_i64(json, "free_disk_bytes", free_bytes);
  else
    json_write_null(json, "free_disk_bytes");
}

static bool query_storage(struct stored_job *job, struct db *db, struct err *err) {
  const struct storage_plan *plan = job->plan;
  struct usage usage;
  struct json_write json;
  if (!usage_read(db, &usage, err))
    return false;
  double year = usage_bytes_per_miner_year(&usage, plan->interval_ms);
  json_write_init(&json, &job->body);
  json_write_object(&json, NULL);
  json_write_text(&json, "kind", db_kind(db));
  json_write_i64(&json, "bytes", usage.bytes);
  json_write_i64(&json, "samples", usage.samples);
  json_write_time(&json, "first_at", usage.first_ms);
  json_write_time(&json, "last_at", usage.last_ms);
  json_write_number(&json, "bytes_per_sample", usage_bytes_per_sample(&usage), 1);
  json_write_number(&json, "forecast_bytes_per_year", year * (double)plan->miners, 0);
  json_write_number(&json, "forecast_bytes_per_miner_year", year, 0);
  json_write_number(&json, "retention_days",
                    plan->retention_ms > 0 ? (double)plan->retention_ms / 86400000 : NAN, 2);
  write_free(&json, plan->database_path);
  write_backups(&json, plan->backup_dir);
  json_write_object_end(&json);
  return true;
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
