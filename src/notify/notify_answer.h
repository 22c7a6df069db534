/* Reading an answer as most services mean it: what the transport says, and what
 * the HTTP status says. A notifier with finer knowledge corrects the result. Pure. */
#ifndef NOTIFY_NOTIFY_ANSWER_H
#define NOTIFY_NOTIFY_ANSWER_H

#include <stddef.h>

#include "base/json.h"
#include "notify/notifier.h"

enum { NOTIFY_ANSWER_MAX = 64 * 1024 };

struct notify_service {
  const char *name;     /* "ntfy" */
  const char *denied;   /* 401, 403: what to check, "check the access token" */
  const char *missing;  /* 404, 410: what to check */
  const char *said_key; /* the member of the answer's JSON with its words */
};

/* Fills the whole result from outcome, status, Retry-After and the service's words. */
void notify_answer_read(const struct notify_service *service, const struct http_answer *answer,
                        struct notify_result *result);

/* What the transport says when there was no answer, in words that need no address:
 * that may hold a secret. "" for HTTP_ANSWERED. */
void notify_answer_transport(const char *service, const struct http_answer *answer, char *text,
                             size_t size);

/* The service's own words, safe to keep: the named member (a text, or the first of a list of
 * texts), else the answer itself when it is plain text; "" when it said nothing. */
void notify_answer_said(const struct http_answer *answer, const char *key, char *text, size_t size);

/* A text or number of the answer's JSON, for message ids; "" when there is none. */
void notify_answer_id(const struct http_answer *answer, const char *key, char *text, size_t size);

/* Takes over how long the service asks to wait, at most a day. */
void notify_answer_wait(struct notify_result *result, double wait_s);

#endif
