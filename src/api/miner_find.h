/* Which miner a request speaks of. Each answers 404 or 422 by itself and returns
 * NULL when there is none. */
#ifndef API_MINER_FIND_H
#define API_MINER_FIND_H

#include "api/route.h"
#include "engine/fleet.h"

/* By the {id} in the path. */
struct fleet_miner *miner_find_param(struct request *request);

/* By ?miner=; false (answered) when it names none. `miner` is NULL without it. */
bool miner_find_query(struct request *request, struct fleet_miner **miner);

#endif
