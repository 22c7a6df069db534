/* The parts of a request that we read ourselves: its target (path and query) and
 * the headers that say how long its body is. Bytes from outside in, values or a
 * refusal out. Pure, so that a fuzzer can reach every line. */
#ifndef NET_HTTP_PARSE_H
#define NET_HTTP_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct http_target {
  const char *path;  /* decoded, starts with '/' */
  const char *query; /* what follows the '?', as it came; "" when there is none */
};

/* Splits and decodes the request target into the arena: "/path?query", or
 * "http://host/path?query" as proxies write it (RFC 9112, 3.2). False when it is
 * neither, or when an escape is broken or stands for NUL. */
bool http_parse_target(const char *target, struct arena *arena, struct http_target *out);

/* The decoded value of the first parameter with this name ('+' is a space);
 * "" for a parameter without '='; NULL when there is none or its escapes are
 * broken. In the arena. */
const char *http_parse_query(const char *query, const char *name, struct arena *arena);

/* Why a request is refused before anybody looks at it. */
struct http_refusal {
  int status;
  const char *title;  /* the status in words */
  const char *detail; /* what is wrong and what to do, plain, no quotes */
};

extern const struct http_refusal http_parse_bad_target;
extern const struct http_refusal http_parse_too_large;

/* Gathers what the headers say; zeroed before the first. Values are borrowed. */
struct http_headers_seen {
  unsigned content_length, transfer_encoding, host;
  const char *content_length_value;
  const char *transfer_encoding_value;
  bool bad_name;
};

void http_parse_header(struct http_headers_seen *seen, const char *name, const char *value);

/* NULL when the header is in order. Refused are headers that two programs could
 * read as two different requests (RFC 9112, 6.1 and 6.3): both Content-Length and
 * Transfer-Encoding, either of them twice, another encoding than "chunked",
 * names that are no token. `version` is "HTTP/1.1" or "HTTP/1.0". */
const struct http_refusal *http_parse_judge(const struct http_headers_seen *seen,
                                            const char *version);

/* The declared length of the body; false when none is declared (chunked, or no
 * body). A number too large to hold reads as SIZE_MAX. */
bool http_parse_length(const struct http_headers_seen *seen, size_t *length);

#endif
