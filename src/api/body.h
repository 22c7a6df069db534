/* Reading a JSON body: one object, typed members, refusals in words. */
#ifndef API_BODY_H
#define API_BODY_H

#include <stdbool.h>

#include "api/route.h"
#include "base/err.h"
#include "base/json.h"

/* The body as an object; release with json_free. NULL when it was answered: 415
 * for another type than JSON, 400 for what is no JSON object. */
struct json *body_parse(struct request *request);

enum body_need { BODY_OPTIONAL, BODY_REQUIRED };

/* A text member, borrowed from the body. Missing or null leaves `out` alone,
 * unless it is required. ERR_INVALID. */
bool body_text(const struct json *body, const char *key, enum body_need need, const char **out,
               struct err *err);

/* Missing or null leaves `out` alone. ERR_INVALID. */
bool body_bool(const struct json *body, const char *key, bool *out, struct err *err);

#endif
