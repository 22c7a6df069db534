/* Mends what some firmware writes in place of JSON: bare nan and inf. */
#ifndef MINER_JSON_REPAIR_H
#define MINER_JSON_REPAIR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Appends the text with every bare nan, inf and infinity (any case, any sign,
 * outside strings) replaced by null. False when there was none: `out` is then
 * untouched. For a second try after json_parse has failed. */
bool json_repair_numbers(struct buf *out, const char *text, size_t length);

/* True when the text ends inside a string, an object or an array: the rest of
 * it never arrived. */
bool json_repair_is_cut(const char *text, size_t length);

#endif
