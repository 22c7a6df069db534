/* Sending answers, each with the headers that belong to its kind. All of these
 * end the exchange. */
#ifndef API_ANSWER_H
#define API_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "api/route.h"
#include "base/buf.h"
#include "base/err.h"
#include "net/http_server.h"

enum { ANSWER_ETAG_SIZE = 64 };

/* JSON that is made for this request. `etag` NULL: not to be kept by anyone. */
void answer_json(struct http_exchange *exchange, int status, const struct buf *body,
                 const char *etag);

/* 201 with where the new thing is. */
void answer_created(struct http_exchange *exchange, const char *location, const struct buf *body);

/* Text of another type, made for this request. */
void answer_text(struct http_exchange *exchange, const char *content_type, const struct buf *body);

/* A page of HTML that is built in; `html` outlives every answer. */
void answer_page(struct http_exchange *exchange, const char *html, size_t length);

/* A status without body (204). */
void answer_empty(struct http_exchange *exchange, int status);

/* RFC 9457 with a reason in words. */
void answer_problem(struct http_exchange *exchange, int status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void answer_err(struct http_exchange *exchange, const struct err *err);
void answer_not_allowed(struct http_exchange *exchange, const char *allow);

/* The HTTP status of a failure: the one table for it. */
int answer_status(enum err_code code);

/* 304 and true when the request's If-None-Match names the etag. */
bool answer_unchanged(struct http_exchange *exchange, const char *etag);

/* W/"..." of a version in this run and, for what also moves with time, a phase
 * of the clock. Returns `etag`. */
const char *answer_etag(char etag[ANSWER_ETAG_SIZE], const struct api *api, uint64_t version,
                        int64_t phase);

/* "..." of the body itself, for what is the same whenever it is asked for. Returns
 * `etag`. */
const char *answer_content_etag(char etag[ANSWER_ETAG_SIZE], const struct buf *body);

/* Headers that every answer has: nosniff and how long it may be kept. */
void answer_headers(struct http_response *response, const char *cache_control);

/* The headers that a page needs in addition: the content security policy. */
void answer_page_headers(struct http_response *response);

#endif
