/* /api/v1/drill: a made-up miner overheats and recovers, and its messages are real. */
#include "api/answer.h"
#include "api/api_state.h"
#include "base/json_write.h"
#include "engine/alerts/drill.h"
#include "engine/channels.h"

static void write_state(struct buf *body, struct request *request) {
  struct engine *engine = request->api->engine;
  const struct channels *channels = engine_channels(engine);
  struct drill_state state;
  struct json_write json;
  drill_state_get(engine_drill(engine), &state);
  json_write_init(&json, body);
  json_write_object(&json, NULL);
  json_write_bool(&json, "running", state.running);
  if (state.episode > 0)
    json_write_i64(&json, "episode", state.episode);
  else
    json_write_null(&json, "episode");
  json_write_time(&json, "started_at", state.started_ms);
  json_write_time(&json, "recovers_at", state.recovers_ms);
  json_write_array(&json, "channels");
  for (size_t i = 0; i < channels_count(channels); i++) {
    if (channels_at(channels, i)->enabled)
      json_write_text(&json, NULL, channels_at(channels, i)->name);
  }
  json_write_array_end(&json);
  json_write_object_end(&json);
}

static void answer_state(struct request *request, int status) {
  struct buf body;
  buf_init(&body);
  write_state(&body, request);
  answer_json(request->exchange, status, &body, NULL);
  buf_finish(&body);
}

static void get_drill(struct request *request) {
  answer_state(request, 200);
}

static void start_drill(struct request *request) {
  struct err err;
  if (drill_start(engine_drill(request->api->engine), &err))
    answer_state(request, 202);
  else
    answer_err(request->exchange, &err);
}

const struct route drill_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/drill", .answer = get_drill},
    {ROUTE_WRITE, "POST", "/api/v1/drill", .answer = start_drill},
    {0},
};
