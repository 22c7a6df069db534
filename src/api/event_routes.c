/* /api/v1/events: what happens, as it happens, as server-sent events. */
#include <string.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/event_hub.h"

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

const struct route event_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/events", .answer = stream_events},
    {0},
};
