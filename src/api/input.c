#include "api/input.h"

#include <string.h>
#include <strings.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/param.h"

/* ------------------------------------------------------------ miners */

static struct fleet_miner *find(struct request *request, const char *text) {
  struct err err;
  int64_t id = 0;
  if (!param_id(text, &id, &err)) {
    answer_err(request->exchange, &err);
    return NULL;
  }
  struct fleet_miner *miner = fleet_find(engine_fleet(request->api->engine), id);
  if (miner == NULL)
    answer_problem(request->exchange, 404,
                   "there is no miner with the number %lld; /api/v1/miners lists those that are "
                   "watched",
                   (long long)id);
  return miner;
}

struct fleet_miner *input_miner(struct request *request) {
  return find(request, request->param);
}

bool input_query_miner(struct request *request, struct fleet_miner **miner) {
  *miner = NULL;
  const char *text = http_exchange_query(request->exchange, "miner");
  if (text == NULL)
    return true;
  *miner = find(request, text);
  return *miner != NULL;
}

/* ------------------------------------------------------------ bodies */

/* "application/json", whatever parameters follow. */
static bool is_json_type(const char *content_type) {
  static const char wanted[] = "application/json";
  size_t length = sizeof wanted - 1;
  return content_type != NULL && strncasecmp(content_type, wanted, length) == 0 &&
         strchr("; \t", content_type[length]) != NULL;
}

struct json *input_body(struct request *request) {
  if (!is_json_type(http_exchange_header(request->exchange, "Content-Type"))) {
    answer_problem(request->exchange, 415,
                   "send the body as JSON, with the header Content-Type: application/json");
    return NULL;
  }
  struct err err;
  size_t length;
  const char *text = http_exchange_body(request->exchange, &length);
  struct json *body = json_parse(text, length, NULL, &err);
  if (body == NULL) {
    answer_problem(request->exchange, 400, "the body is not JSON: %s", err.text);
    return NULL;
  }
  if (json_type(body) != JSON_OBJECT) {
    answer_problem(request->exchange, 400, "the body must be a JSON object, like {\"name\": ...}");
    json_free(body);
    return NULL;
  }
  return body;
}

static bool is_given(const struct json *value) {
  return value != NULL && json_type(value) != JSON_NULL;
}

bool input_text(const struct json *body, const char *key, enum input_need need, const char **out,
                struct err *err) {
  const struct json *value = json_get(body, key);
  if (!is_given(value)) {
    if (need == INPUT_REQUIRED)
      return err_set(err, ERR_INVALID, "`%s` is missing", key);
    return true;
  }
  if (!json_text(value, out))
    return err_set(err, ERR_INVALID, "`%s` must be a text", key);
  return true;
}

bool input_bool(const struct json *body, const char *key, bool *out, struct err *err) {
  const struct json *value = json_get(body, key);
  if (is_given(value) && !json_bool(value, out))
    return err_set(err, ERR_INVALID, "`%s` must be true or false", key);
  return true;
}
