/* One call of the Bot API: POST {base}/bot{token}/{method} with a body, and what
 * came back, told apart (core.telegram.org/bots/api#making-requests). The
 * token stays inside: it is in no text that comes out. */
#ifndef BOT_BOT_CALL_H
#define BOT_BOT_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "net/http_client.h"

struct bot_account {
  struct http_client *http;
  const char *base_url; /* no trailing slash */
  const char *token;    /* secret */
};

struct bot_reply {
  bool ok;
  const struct json *result; /* NULL unless ok; valid during the callback */
  int status;                /* of HTTP; 0 when Telegram did not answer */
  int64_t retry_after_ms;    /* 0: none named */
  bool cancelled;
  char problem[ERR_TEXT_MAX]; /* in words; "" when ok */
};

/* Runs once from the loop. */
typedef void (*bot_call_done)(const struct bot_reply *reply, void *arg);

struct bot_request {
  const char *method;
  const char *content_type; /* NULL: JSON */
  const void *body;         /* copied */
  size_t length;
  int timeout_ms; /* 0: 20 s */
};

/* Starts a call. The handle is for http_call_cancel. */
struct http_call *bot_call_start(const struct bot_account *account,
                                 const struct bot_request *request, bot_call_done done, void *arg);

/* What an answer means; the pure half. `json` (may be NULL) is the parsed body. */
void bot_call_read(const struct http_answer *answer, const struct json *json,
                   struct bot_reply *reply);

#endif
