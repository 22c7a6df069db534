#include "base/json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"

/* `struct json` is never defined: a value is a cJSON under another name, so that
 * no other file sees the library and the wrapper costs nothing.
 *
 * Before cJSON sees the text, one pass over its bytes counts what would hurt:
 * cJSON recurses per level and allocates 64 bytes per value, so a megabyte of
 * "[[[[" or "0,0,0," would cost a stack or 30 MB. It also takes a NUL byte for
 * white space and "1e999" for infinity, which json_number refuses.
 *
 * A document lives in an arena of its own: a miner's answer is some 150 small
 * allocations, and giving them back one by one cost a tenth of the whole poll.
 * The library's hooks carry no context, hence the one thread-local variable: the
 * arena of the document that this thread is parsing now. */

enum { DEFAULT_SIZE = 1024 * 1024, DEFAULT_DEPTH = 32, DEFAULT_VALUES = 50000 };

struct document {
  struct arena arena;
};

enum { DOCUMENT_BLOCK = 8 * 1024 }; /* an ordinary answer fits into one */

static _Thread_local struct document *parsing;
static pthread_once_t hooks_once = PTHREAD_ONCE_INIT;

static void *take(size_t size) {
  assert(parsing != NULL);
  return arena_alloc(&parsing->arena, size);
}

static void give_back(void *memory) {
  (void)memory; /* goes with its document */
}

static void set_hooks(void) {
  cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = take, .free_fn = give_back});
}

static void document_destroy(struct document *document) {
  arena_finish(&document->arena);
  free(document);
}

static const cJSON *inner(const struct json *value) {
  return (const cJSON *)(const void *)value;
}

static const struct json *outer(const cJSON *value) {
  return (const struct json *)(const void *)value;
}

static bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Index of the quote that ends the string that begins at `at`, or `length`. */
static size_t skip_string(const char *text, size_t length, size_t at) {
  for (at++; at < length && text[at] != '"'; at++)
    if (text[at] == '\\')
      at++;
  return at < length ? at : length;
}

/* Checks depth and number of values. Counts commas and opening brackets: their
 * sum plus one is at least the number of values. */
static bool scan(const char *text, size_t length, const struct json_limits *limits,
                 struct err *err) {
  size_t values = 1;
  int depth = 0;
  for (size_t at = 0; at < length; at++) {
    switch (text[at]) {
    case '"':
      at = skip_string(text, length, at);
      break;
    case '[':
    case '{':
      values++;
      if (++depth > limits->depth)
        return err_set(err, ERR_TOO_LARGE, "JSON is nested deeper than %d levels", limits->depth);
      break;
    case ']':
    case '}':
      depth--;
      break;
    case ',':
      values++;
      break;
    default:
      break;
    }
    if (values > limits->values)
      return err_set(err, ERR_TOO_LARGE, "JSON has more than %zu values", limits->values);
  }
  return true;
}

static struct json_limits with_defaults(const struct json_limits *limits) {
  struct json_limits chosen = limits != NULL ? *limits : (struct json_limits){0};
  if (chosen.size == 0)
    chosen.size = DEFAULT_SIZE;
  if (chosen.depth == 0)
    chosen.depth = DEFAULT_DEPTH;
  if (chosen.values == 0)
    chosen.values = DEFAULT_VALUES;
  assert(chosen.depth <= CJSON_NESTING_LIMIT);
  return chosen;
}

/* The parsed value with nothing but white space after it, or NULL. */
static cJSON *parse_whole(const char *text, size_t length, struct err *err) {
  const char *end = NULL;
  cJSON *root = cJSON_ParseWithLengthOpts(text, length, &end, 0);
  size_t at = end != NULL ? (size_t)(end - text) : 0;
  if (root == NULL && at + 1 >= length) {
    err_set(err, ERR_CORRUPT, "JSON ends too early");
    return NULL;
  }
  if (root == NULL) {
    err_set(err, ERR_CORRUPT, "this is no JSON, from byte %zu on", at);
    return NULL;
  }
  while (at < length && is_space(text[at]))
    at++;
  if (at < length) {
    err_set(err, ERR_CORRUPT, "something follows the JSON at byte %zu", at);
    return NULL;
  }
  return root;
}

static struct json *parse_checked(const char *text, size_t length, struct err *err) {
  struct document *document = mem_alloc(sizeof *document);
  arena_init(&document->arena, DOCUMENT_BLOCK);
  pthread_once(&hooks_once, set_hooks);
  parsing = document;
  cJSON *root = parse_whole(text, length, err);
  parsing = NULL;
  if (root == NULL) {
    document_destroy(document);
    return NULL;
  }
  root->prev = (cJSON *)(void *)document; /* a root has no neighbour: json_free finds it here */
  return (struct json *)(void *)root;
}

struct json *json_parse(const char *text, size_t length, const struct json_limits *limits,
                        struct err *err) {
  struct json_limits chosen = with_defaults(limits);
  if (length > chosen.size) {
    err_set(err, ERR_TOO_LARGE, "JSON is larger than %zu bytes", chosen.size);
    return NULL;
  }
  if (length > 0 && memchr(text, '\0', length) != NULL) {
    err_set(err, ERR_CORRUPT, "JSON contains a NUL byte");
    return NULL;
  }
  if (!scan(text, length, &chosen, err))
    return NULL;
  return parse_checked(length > 0 ? text : "", length, err);
}

void json_free(struct json *root) {
  if (root != NULL)
    document_destroy((struct document *)(void *)inner(root)->prev);
}

enum json_type json_type(const struct json *value) {
  const cJSON *item = inner(value);
  if (cJSON_IsBool(item))
    return JSON_BOOL;
  if (cJSON_IsNumber(item))
    return JSON_NUMBER;
  if (cJSON_IsString(item))
    return JSON_TEXT;
  if (cJSON_IsArray(item))
    return JSON_ARRAY;
  if (cJSON_IsObject(item))
    return JSON_OBJECT;
  return JSON_NULL;
}

const struct json *json_get(const struct json *object, const char *key) {
  if (!cJSON_IsObject(inner(object)))
    return NULL;
  return outer(cJSON_GetObjectItemCaseSensitive(inner(object), key));
}

const struct json *json_first(const struct json *container) {
  const cJSON *item = inner(container);
  return cJSON_IsArray(item) || cJSON_IsObject(item) ? outer(item->child) : NULL;
}

const struct json *json_next(const struct json *child) {
  return child != NULL ? outer(inner(child)->next) : NULL;
}

const char *json_key(const struct json *child) {
  const cJSON *item = inner(child);
  return item != NULL && item->string != NULL ? item->string : "";
}

size_t json_count(const struct json *container) {
  size_t count = 0;
  for (const struct json *child = json_first(container); child != NULL; child = json_next(child))
    count++;
  return count;
}

bool json_number(const struct json *value, double *out) {
  const cJSON *item = inner(value);
  if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble))
    return false;
  *out = item->valuedouble;
  return true;
}

bool json_bool(const struct json *value, bool *out) {
  if (!cJSON_IsBool(inner(value)))
    return false;
  *out = cJSON_IsTrue(inner(value)) != 0;
  return true;
}

bool json_text(const struct json *value, const char **out) {
  const cJSON *item = inner(value);
  if (!cJSON_IsString(item) || item->valuestring == NULL)
    return false;
  *out = item->valuestring;
  return true;
}

bool json_i64(const struct json *value, int64_t min, int64_t max, int64_t *out) {
  double number;
  if (!json_number(value, &number) || number != trunc(number))
    return false;
  static const double two_to_63 = 9223372036854775808.0;
  if (number < -two_to_63 || number >= two_to_63) /* the conversion would be undefined */
    return false;
  int64_t whole = (int64_t)number;
  if (whole < min || whole > max)
    return false;
  *out = whole;
  return true;
}
