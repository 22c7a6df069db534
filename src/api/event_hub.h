/* The open event streams: turns what the bus tells into server-sent events and
 * gives each to every reader. A miner's event is sent at most once a second; its
 * JSON is rendered once, however many read. A reader that is more than a megabyte
 * behind is disconnected: it comes back and gets the whole state anew. */
#ifndef API_EVENT_HUB_H
#define API_EVENT_HUB_H

#include <stdbool.h>

#include "api/route.h"

struct event_hub;

/* Subscribes to the engine's bus. */
struct event_hub *event_hub_create(struct api *api);

/* Ends all streams, unsubscribes, and frees itself once the last stream and the
 * timer are closed; `gone` runs then. */
void event_hub_destroy(struct event_hub *hub, void (*gone)(void *arg), void *arg);

/* Answers with a stream; false (nothing answered) when there are too many. */
bool event_hub_join(struct event_hub *hub, struct request *request);

size_t event_hub_streams(const struct event_hub *hub);

#endif
