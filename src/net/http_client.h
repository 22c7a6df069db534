/* Outgoing HTTP on the loop: libcurl's multi interface driven by libuv. For
 * miners, Telegram and other services. No thread, no blocking, no redirects.
 *
 * Life: http_client_create -> any number of http_client_send -> http_client_close
 * (cancels what is in flight; every done callback runs exactly once) -> the loop
 * runs its close callbacks. Loop thread only. */
#ifndef NET_HTTP_CLIENT_H
#define NET_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct mail_options;
struct http_client;
struct http_call;

enum http_outcome {
  HTTP_ANSWERED,          /* a whole answer: look at `status` */
  HTTP_NAME_UNKNOWN,      /* the host name has no address */
  HTTP_NO_CONNECT,        /* no route, or connect timed out */
  HTTP_REFUSED,           /* connection refused */
  HTTP_NO_ANSWER,         /* connected, no whole answer in time */
  HTTP_RESET,             /* the connection broke before the answer was whole */
  HTTP_TRUNCATED,         /* closed before Content-Length bytes or the last chunk came */
  HTTP_TOO_LARGE,         /* more than `max_body` */
  HTTP_NOT_HTTP,          /* what came is no HTTP */
  HTTP_FORBIDDEN_ADDRESS, /* the name led to an address that is not allowed */
  HTTP_TLS_FAILED,
  HTTP_CANCELLED,
  HTTP_FAILED, /* anything else; `error` says what */
};

struct http_call_options {
  const char *method; /* NULL: GET */
  const char *url;
  const char *const *headers; /* "Name: value", NULL-terminated; may be NULL */
  const void *body;           /* copied; NULL: none */
  size_t body_length;
  int connect_timeout_ms; /* 0: 3000 */
  int timeout_ms;         /* 0: 8000, for the whole exchange */
  size_t max_body;        /* 0: 256 KiB */
  bool keep_alive;        /* false, or home_only: closed after the answer, as miners need it */
  bool home_only;         /* refuse to connect outside loopback, private, link-local */

  /* Not NULL: `url` is smtp:// or smtps://, `body` is a letter (net/mail.h). */
  const struct mail_options *mail;
};

struct http_answer {
  enum http_outcome outcome;
  int status;       /* 0 unless HTTP_ANSWERED */
  const char *body; /* NUL-terminated, valid during the callback; never NULL */
  size_t body_length;
  const char *content_type; /* "" when none */
  int64_t retry_after_s;    /* of the Retry-After header; -1 when none */
  int64_t elapsed_ms;
  const char *error; /* a line for a person; "" when answered */
};

/* Runs on the loop, exactly once for each call. The call is gone afterwards. */
typedef void (*http_done)(const struct http_answer *answer, void *arg);

struct http_client *http_client_create(uv_loop_t *loop);

/* Starts; the options are copied. Never calls `done` before it returns. The
 * handle is for http_call_cancel and valid until `done`. */
struct http_call *http_client_send(struct http_client *client,
                                   const struct http_call_options *options, http_done done,
                                   void *arg);

/* `done` comes with HTTP_CANCELLED (from the loop, not from inside this call). */
void http_call_cancel(struct http_call *call);

int http_client_in_flight(const struct http_client *client);

/* Cancels everything, then frees itself once the loop has run the close
 * callbacks. `closed` may be NULL. */
void http_client_close(struct http_client *client, void (*closed)(void *arg), void *arg);

#endif
