/* An answer that comes later: from the engine, or from a reader thread. Keeps the
 * exchange suspended and knows when the server closed it meanwhile. */
#ifndef API_DEFERRED_H
#define API_DEFERRED_H

#include "api/route.h"

struct deferred;

/* Suspends the exchange. Ends with deferred_finish, exactly once. */
struct deferred *deferred_start(struct request *request);

/* The api it belongs to. */
struct api *deferred_api(const struct deferred *deferred);

/* Frees it. The exchange to answer, or NULL when the server has closed it. */
struct http_exchange *deferred_finish(struct deferred *deferred);

/* Runs a stored route: plan here, query on a reader thread, answer here. */
void deferred_run_stored(struct request *request, const struct route *route);

#endif
