#include "api/answer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "api/api_state.h"
#include "base/json_write.h"

static const char *const NO_STORE = "no-store";
static const char *const REVALIDATE = "no-cache";

void answer_headers(struct http_response *response, const char *cache_control) {
  http_response_header(response, "X-Content-Type-Options", "nosniff");
  http_response_header(response, "Cache-Control", cache_control);
}

void answer_page_headers(struct http_response *response) {
  http_response_header(response, "Content-Security-Policy",
                       "default-src 'self'; img-src 'self' data:; object-src 'none'; "
                       "base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  http_response_header(response, "Referrer-Policy", "no-referrer");
}

static void send_once(struct http_exchange *exchange, struct http_response *response) {
  http_exchange_send(exchange, response);
  http_response_release(response);
}

void answer_json(struct http_exchange *exchange, int status, const struct buf *body,
                 const char *etag) {
  struct http_response *response =
      http_response_create(status, "application/json", body->data, body->length);
  answer_headers(response, etag == NULL ? NO_STORE : REVALIDATE);
  if (etag != NULL)
    http_response_header(response, "ETag", etag);
  send_once(exchange, response);
}

void answer_created(struct http_exchange *exchange, const char *location, const struct buf *body) {
  struct http_response *response =
      http_response_create(201, "application/json", body->data, body->length);
  answer_headers(response, NO_STORE);
  http_response_header(response, "Location", location);
  send_once(exchange, response);
}

void answer_text(struct http_exchange *exchange, const char *content_type, const struct buf *body) {
  struct http_response *response =
      http_response_create(200, content_type, body->data, body->length);
  answer_headers(response, NO_STORE);
  send_once(exchange, response);
}

void answer_page(struct http_exchange *exchange, const char *html, size_t length) {
  struct http_response *response =
      http_response_create_static(200, "text/html; charset=utf-8", html, length);
  answer_headers(response, NO_STORE);
  answer_page_headers(response);
  send_once(exchange, response);
}

void answer_empty(struct http_exchange *exchange, int status) {
  struct http_response *response = http_response_create(status, NULL, "", 0);
  answer_headers(response, NO_STORE);
  send_once(exchange, response);
}

/* RFC 9457: `type` names the kind of problem for programs, `title` for people. */
static const struct kind {
  int status;
  const char *type, *title;
} kinds[] = {
    {400, "bad_request", "The request cannot be read"},
    {403, "forbidden", "Refused"},
    {404, "not_found", "Not found"},
    {405, "method_not_allowed", "This cannot be done here"},
    {409, "conflict", "It exists already"},
    {413, "too_large", "Too large"},
    {415, "unsupported_media_type", "The body must be JSON"},
    {422, "invalid", "The request makes no sense"},
    {500, "internal", "The monitor failed"},
    {503, "unavailable", "Not possible now"},
    {504, "timeout", "No answer in time"},
};

static const struct kind *kind_of(int status) {
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    if (kinds[i].status == status)
      return &kinds[i];
  }
  return kind_of(500);
}

static void write_problem(struct buf *body, int status, const char *detail, const char *path) {
  const struct kind *kind = kind_of(status);
  char type[64];
  snprintf(type, sizeof type, "/problems/%s", kind->type);
  struct json_write json;
  json_write_init(&json, body);
  json_write_object(&json, NULL);
  json_write_text(&json, "type", type);
  json_write_text(&json, "title", kind->title);
  json_write_i64(&json, "status", kind->status);
  json_write_text(&json, "detail", detail);
  json_write_text(&json, "instance", path);
  json_write_object_end(&json);
}

static void send_problem(struct http_exchange *exchange, int status, const char *detail,
                         const char *allow) {
  struct buf body;
  buf_init(&body);
  write_problem(&body, status, detail, http_exchange_path(exchange));
  struct http_response *response =
      http_response_create(status, "application/problem+json", body.data, body.length);
  answer_headers(response, NO_STORE);
  if (allow != NULL)
    http_response_header(response, "Allow", allow);
  if (status == 503)
    http_response_header(response, "Retry-After", "5");
  send_once(exchange, response);
  buf_finish(&body);
}

void answer_problem(struct http_exchange *exchange, int status, const char *format, ...) {
  char detail[ERR_TEXT_MAX];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(detail, sizeof detail, format, arguments);
  va_end(arguments);
  send_problem(exchange, status, detail, NULL);
}

int answer_status(enum err_code code) {
  switch (code) {
  case ERR_INVALID:
    return 422;
  case ERR_NOT_FOUND:
    return 404;
  case ERR_CONFLICT:
    return 409;
  case ERR_TOO_LARGE:
    return 413;
  case ERR_FORBIDDEN:
    return 403;
  case ERR_UNAVAILABLE:
    return 503;
  case ERR_TIMEOUT:
    return 504;
  default:
    return 500;
  }
}

void answer_err(struct http_exchange *exchange, const struct err *err) {
  send_problem(exchange, answer_status(err->code), err->text, NULL);
}

void answer_not_allowed(struct http_exchange *exchange, const char *allow) {
  char detail[ERR_TEXT_MAX];
  snprintf(detail, sizeof detail, "%s is not possible here; what is: %s",
           http_exchange_method(exchange), allow);
  send_problem(exchange, 405, detail, allow);
}

/* Our etags hold no quote and no comma inside, so looking for the text is
 * enough (RFC 9110, section 13.1.2: weak comparison). */
bool answer_unchanged(struct http_exchange *exchange, const char *etag) {
  const char *known = http_exchange_header(exchange, "If-None-Match");
  if (known == NULL)
    return false;
  const char *opaque = strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag;
  if (strcmp(known, "*") != 0 && strstr(known, opaque) == NULL)
    return false;
  struct http_response *response = http_response_create(304, NULL, "", 0);
  answer_headers(response, REVALIDATE);
  http_response_header(response, "ETag", etag);
  send_once(exchange, response);
  return true;
}

const char *answer_etag(char etag[ANSWER_ETAG_SIZE], const struct api *api, uint64_t version,
                        int64_t phase) {
  snprintf(etag, ANSWER_ETAG_SIZE, "W/\"%" PRIx64 "-%" PRIx64 "-%" PRIx64 "\"",
           (uint64_t)api->boot_ms, version, (uint64_t)phase);
  return etag;
}

/* Like FNV-1a, but eight bytes at a time, since a day of samples is 200 KB of text; the
 * shift carries what a multiplication leaves in the high bits down again. It need not
 * resist an attacker: who asks is answered with what is his own. */
const char *answer_content_etag(char etag[ANSWER_ETAG_SIZE], const struct buf *body) {
  uint64_t hash = UINT64_C(14695981039346656037);
  for (size_t i = 0; i < body->length; i += sizeof hash) {
    size_t left = body->length - i;
    uint64_t word = 0;
    memcpy(&word, body->data + i, left < sizeof word ? left : sizeof word);
    hash = (hash ^ word) * UINT64_C(1099511628211);
    hash ^= hash >> 32;
  }
  snprintf(etag, ANSWER_ETAG_SIZE, "\"%" PRIx64 "-%zx\"", hash, body->length);
  return etag;
}
