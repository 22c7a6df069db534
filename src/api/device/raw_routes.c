/* /api/v1/miners/{id}/raw: what the device sends, with what is private masked. It is a
 * request to the device, so no page of another site may cause it: hence POST. */
#include "api/answer.h"
#include "api/api_state.h"
#include "api/deferred.h"
#include "api/input.h"
#include "base/json_write.h"
#include "engine/device/raw_answer.h"
#include "engine/fleet.h"

static void write_raw(struct buf *body, const struct raw_answer *raw) {
  struct json_write json;
  json_write_init(&json, body);
  json_write_object(&json, NULL);
  json_write_i64(&json, "miner_id", raw->miner_id);
  json_write_time(&json, "at", raw->at_ms);
  json_write_text(&json, "path", raw->path);
  json_write_raw(&json, "hidden", raw->hidden.data, raw->hidden.length);
  json_write_raw(&json, "answer", raw->answer.data, raw->answer.length);
  json_write_object_end(&json);
}

static void on_read(const struct raw_answer *raw, const struct err *err, void *arg) {
  struct http_exchange *exchange = deferred_finish(arg);
  if (exchange == NULL)
    return;
  if (raw == NULL) {
    answer_err(exchange, err);
    return;
  }
  struct buf body;
  buf_init(&body);
  write_raw(&body, raw);
  answer_json(exchange, 200, &body, NULL);
  buf_finish(&body);
}

static void read_raw(struct request *request) {
  struct fleet_miner *miner = input_miner(request);
  if (miner != NULL)
    raw_answer_read(request->api->engine, miner->miner.id, on_read, deferred_start(request));
}

const struct route raw_routes[] = {
    {ROUTE_WRITE, "POST", "/api/v1/miners/{id}/raw", .answer = read_raw},
    {0},
};
