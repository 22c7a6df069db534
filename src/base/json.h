/* Reading JSON that comes from outside. cJSON parses; this wrapper limits size,
 * depth and number of values beforehand and gives typed, tolerant access.
 * Keys are case-sensitive: AxeOS has had `fanSpeed` and `fanspeed` side by side.
 * Numbers are doubles. A document is read by one thread at a time. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct json; /* a value inside a document; borrowed from the document */

enum json_type { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

struct json_limits {
  size_t size;   /* bytes; 0 means 1 MiB */
  int depth;     /* nesting; 0 means 32 */
  size_t values; /* how many values in all; 0 means 50,000 */
};

/* Parses the whole text (NUL bytes and anything after the value but white space
 * are errors). NULL on failure with ERR_CORRUPT or ERR_TOO_LARGE in `err`.
 * `limits` NULL means the defaults. Release the root with json_free. */
struct json *json_parse(const char *text, size_t length, const struct json_limits *limits,
                        struct err *err);
void json_free(struct json *root);

enum json_type json_type(const struct json *value);

/* The named member of an object, NULL when missing or `object` is no object (or NULL). */
const struct json *json_get(const struct json *object, const char *key);

/* Walks members of an object or elements of an array: the first child, the one
 * after, a member's key ("" in an array). NULL ends. */
const struct json *json_first(const struct json *container);
const struct json *json_next(const struct json *child);
const char *json_key(const struct json *child);
size_t json_count(const struct json *container);

/* Typed reads; false (out untouched) when the value is NULL or of another type.
 * json_number refuses what is not finite. json_text borrows from the document. */
bool json_number(const struct json *value, double *out);
bool json_bool(const struct json *value, bool *out);
bool json_text(const struct json *value, const char **out);

/* Whole numbers of JSON within [min, max]. */
bool json_i64(const struct json *value, int64_t min, int64_t max, int64_t *out);

#endif
