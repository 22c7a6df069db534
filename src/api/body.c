#include "api/body.h"

#include <string.h>
#include <strings.h>

#include "api/answer.h"

/* "application/json", whatever parameters follow. */
static bool is_json_type(const char *content_type) {
  static const char wanted[] = "application/json";
  size_t length = sizeof wanted - 1;
  return content_type != NULL && strncasecmp(content_type, wanted, length) == 0 &&
         strchr("; \t", content_type[length]) != NULL;
}

struct json *body_parse(struct request *request) {
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

bool body_text(const struct json *body, const char *key, enum body_need need, const char **out,
               struct err *err) {
  const struct json *value = json_get(body, key);
  if (!is_given(value)) {
    if (need == BODY_REQUIRED)
      return err_set(err, ERR_INVALID, "`%s` is missing", key);
    return true;
  }
  if (!json_text(value, out))
    return err_set(err, ERR_INVALID, "`%s` must be a text", key);
  return true;
}

bool body_bool(const struct json *body, const char *key, bool *out, struct err *err) {
  const struct json *value = json_get(body, key);
  if (is_given(value) && !json_bool(value, out))
    return err_set(err, ERR_INVALID, "`%s` must be true or false", key);
  return true;
}
