/* What a request brings: the miner it speaks of, and its JSON body. */
#ifndef API_INPUT_H
#define API_INPUT_H

#include <stdbool.h>

#include "api/route.h"
#include "base/err.h"
#include "base/json.h"
#include "engine/fleet.h"

/* The miner of the {id} in the path. NULL when it was answered: 404 or 422. */
struct fleet_miner *input_miner(struct request *request);

/* The miner of ?miner=; NULL without it. False when it was answered. */
bool input_query_miner(struct request *request, struct fleet_miner **miner);

/* The body as an object; release with json_free. NULL when it was answered: 415
 * for another type than JSON, 400 for what is no JSON object. */
struct json *input_body(struct request *request);

enum input_need { INPUT_OPTIONAL, INPUT_REQUIRED };

/* A text member, borrowed from the body. Missing or null leaves `out` alone,
 * unless it is required. ERR_INVALID. */
bool input_text(const struct json *body, const char *key, enum input_need need, const char **out,
                struct err *err);

/* Missing or null leaves `out` alone. ERR_INVALID. */
bool input_bool(const struct json *body, const char *key, bool *out, struct err *err);

#endif
