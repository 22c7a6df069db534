/* A miner's answer as a document: limits, a byte order mark, closing NUL bytes and
 * bare NaNs are dealt with here, once for all who read one. Pure. */
#ifndef MINER_ANSWER_JSON_H
#define MINER_ANSWER_JSON_H

#include <stddef.h>

#include "base/err.h"
#include "base/json.h"
#include "model/state.h"

/* The document, released with json_free; or NULL with REASON_TRUNCATED, _HTML, _TOO_LARGE or
 * _NOT_JSON. The words of `err` never quote the answer: it may hold a password. */
struct json *answer_json_parse(const char *body, size_t length, enum reason *reason,
                               struct err *err);

#endif
