/* What became of an outgoing call, in our terms and in words: libcurl's result
 * codes read together with what the transfer had seen. Used by http_client. */
#ifndef NET_HTTP_OUTCOME_H
#define NET_HTTP_OUTCOME_H

#include <curl/curl.h>
#include <stdbool.h>

#include "net/http_client.h"

/* What libcurl's result code alone does not tell. */
struct http_outcome_facts {
  CURL *easy;         /* the finished transfer, for its info */
  CURLcode code;      /* as libcurl reported it */
  bool forbidden;     /* we refused at least one address */
  bool too_large;     /* we stopped the transfer because of its size */
  bool header_whole;  /* the blank line after the header was seen */
  const char *detail; /* libcurl's own line of text, "" when none */
};

enum http_outcome http_outcome_judge(const struct http_outcome_facts *facts);

/* A line for a person; "" for HTTP_ANSWERED. Constant, or borrowed from `facts`. */
const char *http_outcome_words(enum http_outcome outcome, const struct http_outcome_facts *facts);

#endif
