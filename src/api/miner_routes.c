/* /api/v1/miners: list, add, read, change, remove, poll now. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/deferred.h"
#include "api/face.h"
#include "api/input.h"
#include "api/param.h"
#include "api/render.h"
#include "base/json_write.h"
#include "base/mem.h"
#include "base/str.h"

/* ------------------------------------------------------------ list */

static void write_page(struct buf *body, struct fleet *fleet, int64_t after_id, int64_t limit) {
  struct json_write json;
  json_write_init(&json, body);
  json_write_object(&json, NULL);
  json_write_array(&json, "items");
  int64_t last_id = 0, written = 0;
  bool more = false;
  for (size_t i = 0; i < fleet_count(fleet) && !more; i++) {
    struct fleet_miner *miner = fleet_at(fleet, i);
    if (miner->miner.id <= after_id)
      continue;
    if (written == limit) {
      more = true;
      continue;
    }
    const struct buf *one = face_json(miner);
    json_write_raw(&json, NULL, one->data, one->length);
    last_id = miner->miner.id;
    written++;
  }
  json_write_array_end(&json);
  char next[32];
  snprintf(next, sizeof next, "%" PRId64, last_id);
  json_write_text(&json, "next", more ? next : NULL);
  json_write_object_end(&json);
}

static void list_miners(struct request *request) {
  struct http_exchange *exchange = request->exchange;
  struct err err;
  int64_t limit = 100, after_id = 0;
  if (!param_count("limit", http_exchange_query(exchange, "limit"), (struct param_range){1, 1000},
                   &limit, &err) ||
      !param_id_cursor(http_exchange_query(exchange, "cursor"), &after_id, &err)) {
    answer_err(exchange, &err);
    return;
  }
  struct fleet *fleet = engine_fleet(request->api->engine);
  char etag[ANSWER_ETAG_SIZE];
  int64_t minute = render_clock().wall_ms / 60000;
  answer_etag(etag, request->api, fleet_version(fleet), minute);
  if (answer_unchanged(exchange, etag))
    return;
  struct buf body;
  buf_init(&body);
  write_page(&body, fleet, after_id, limit);
  answer_json(exchange, 200, &body, etag);
  buf_finish(&body);
}

/* ------------------------------------------------------------ one */

static void get_miner(struct request *request) {
  struct fleet_miner *miner = input_miner(request);
  if (miner != NULL)
    face_answer(request, miner);
}

/* The engine's answer to whoever asked: the miner, or why not. */
static void answer_miner(struct deferred *deferred, int status, struct fleet_miner *miner,
                         const struct err *err) {
  struct http_exchange *exchange = deferred_finish(deferred);
  if (exchange == NULL)
    return;
  if (miner == NULL)
    answer_err(exchange, err);
  else
    answer_json(exchange, status, face_json(miner), NULL);
}

static void on_done(struct fleet_miner *miner, const struct err *err, void *arg) {
  answer_miner(arg, 200, miner, err);
}

/* ------------------------------------------------------------ add */

static void on_added(struct fleet_miner *miner, const struct err *err, void *arg) {
  struct http_exchange *exchange = deferred_finish(arg);
  if (exchange == NULL)
    return;
  if (miner == NULL) {
    answer_err(exchange, err);
    return;
  }
  char location[64];
  snprintf(location, sizeof location, "/api/v1/miners/%" PRId64, miner->miner.id);
  answer_created(exchange, location, face_json(miner));
}

static bool read_new_miner(const struct json *body, struct engine_add *add, struct err *err) {
  return input_text(body, "address", INPUT_REQUIRED, &add->address, err) &&
         input_text(body, "name", INPUT_OPTIONAL, &add->name, err) &&
         input_bool(body, "verify", &add->verify, err);
}

static void add_miner(struct request *request) {
  struct json *body = input_body(request);
  if (body == NULL)
    return;
  struct err err;
  struct engine_add add = {.verify = true};
  if (read_new_miner(body, &add, &err))
    engine_add_miner(request->api->engine, &add, on_added, deferred_start(request));
  else
    answer_err(request->exchange, &err);
  json_free(body);
}

/* ------------------------------------------------------------ change */

/* A move, and the rename that follows it when both were asked for. */
struct change {
  struct deferred *deferred;
  char name[MINER_NAME_MAX];
};

static void on_moved(struct fleet_miner *miner, const struct err *err, void *arg) {
  struct change *change = arg;
  struct deferred *deferred = change->deferred;
  if (miner != NULL && change->name[0] != '\0')
    engine_rename_miner(deferred_api(deferred)->engine, miner->miner.id, change->name, on_done,
                        deferred);
  else
    answer_miner(deferred, 200, miner, err);
  free(change);
}

static bool check_name(const char *name, struct err *err) {
  if (name == NULL)
    return true;
  if (name[0] == '\0')
    return err_set(err, ERR_INVALID, "the name is empty: give the miner a name");
  if (strlen(name) >= MINER_NAME_MAX)
    return err_set(err, ERR_INVALID, "the name is too long: at most %d bytes", MINER_NAME_MAX - 1);
  return true;
}

static bool read_change(const struct json *body, const char **name, const char **address,
                        struct err *err) {
  if (!input_text(body, "name", INPUT_OPTIONAL, name, err) ||
      !input_text(body, "address", INPUT_OPTIONAL, address, err) || !check_name(*name, err))
    return false;
  if (*name == NULL && *address == NULL)
    return err_set(err, ERR_INVALID, "nothing to change: give `name`, `address` or both");
  return true;
}

static void change_miner(struct request *request) {
  struct fleet_miner *miner = input_miner(request);
  struct json *body = miner == NULL ? NULL : input_body(request);
  if (body == NULL)
    return;
  struct err err;
  const char *name = NULL, *address = NULL;
  struct engine *engine = request->api->engine;
  if (!read_change(body, &name, &address, &err)) {
    answer_err(request->exchange, &err);
  } else if (address == NULL) {
    engine_rename_miner(engine, miner->miner.id, name, on_done, deferred_start(request));
  } else {
    struct change *change = mem_alloc(sizeof *change);
    change->deferred = deferred_start(request);
    str_copy(change->name, sizeof change->name, name == NULL ? "" : name);
    engine_move_miner(engine, miner->miner.id, address, on_moved, change);
  }
  json_free(body);
}

/* ------------------------------------------------------------ remove, poll */

static void on_removed(const struct err *err, void *arg) {
  struct http_exchange *exchange = deferred_finish(arg);
  if (exchange == NULL)
    return;
  if (err == NULL || err->code == ERR_NONE)
    answer_empty(exchange, 204);
  else
    answer_err(exchange, err);
}

static void remove_miner(struct request *request) {
  struct fleet_miner *miner = input_miner(request);
  if (miner != NULL)
    engine_remove_miner(request->api->engine, miner->miner.id, on_removed, deferred_start(request));
}

static void poll_miner(struct request *request) {
  struct fleet_miner *miner = input_miner(request);
  if (miner != NULL)
    engine_poll_miner(request->api->engine, miner->miner.id, on_done, deferred_start(request));
}

const struct route miner_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/miners/{id}", .answer = get_miner},
    {ROUTE_LIVE, "GET", "/api/v1/miners", .answer = list_miners},
    {ROUTE_WRITE, "POST", "/api/v1/miners", .answer = add_miner},
    {ROUTE_WRITE, "PATCH", "/api/v1/miners/{id}", .answer = change_miner},
    {ROUTE_WRITE, "DELETE", "/api/v1/miners/{id}", .answer = remove_miner},
    {ROUTE_WRITE, "POST", "/api/v1/miners/{id}/poll", .answer = poll_miner},
    {0},
};
