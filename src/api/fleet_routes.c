/* All miners together: totals, the sentence on how things stand, and what happens
 * as it happens. */
#include <string.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/event_hub.h"
#include "api/render.h"
#include "base/clock.h"

static void get_fleet(struct request *request) {
  struct fleet *fleet = engine_fleet(request->api->engine);
  char etag[ANSWER_ETAG_SIZE];
  answer_etag(etag, request->api, fleet_version(fleet), 0);
  if (answer_unchanged(request->exchange, etag))
    return;
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  render_fleet(&json, NULL, fleet);
  answer_json(request->exchange, 200, &body, etag);
  buf_finish(&body);
}

static void get_summary(struct request *request) {
  struct buf body;
  struct json_write json;
  buf_init(&body);
  json_write_init(&json, &body);
  render_summary(&json, NULL, engine_fleet(request->api->engine), clock_wall_ms());
  answer_json(request->exchange, 200, &body, NULL);
  buf_finish(&body);
}

static void stream_events(struct request *request) {
  struct http_exchange *exchange = request->exchange;
  if (strcmp(http_exchange_method(exchange), "HEAD") == 0) {
    struct buf nothing = {0};
    answer_text(exchange, "text/event-stream", &nothing);
    return;
  }
  if (!event_hub_join(request->api->events, request))
    answer_problem(exchange, 503,
                   "too many pages follow the events already; close one, or ask /api/v1/miners "
                   "every few seconds instead");
}

const struct route fleet_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/fleet", .answer = get_fleet},
    {ROUTE_LIVE, "GET", "/api/v1/summary", .answer = get_summary},
    {ROUTE_LIVE, "GET", "/api/v1/events", .answer = stream_events},
    {0},
};
