/* /api/v1/health: the monitor's own condition. 200 also when degraded: it says
 * what is wrong, and a restart by a supervisor would put nothing right. */
#include "api/answer.h"
#include "api/api_state.h"
#include "api/render.h"
#include "base/clock.h"

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

const struct route health_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/health", .answer = get_health},
    {0},
};
