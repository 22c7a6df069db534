#include "net/http_outcome.h"

#include <errno.h>
#include <string.h>

static curl_off_t info_time(CURL *easy, CURLINFO what) {
  curl_off_t value = 0;
  curl_easy_getinfo(easy, what, &value);
  return value;
}

static bool is_connected(const struct http_outcome_facts *facts) {
  return info_time(facts->easy, CURLINFO_CONNECT_TIME_T) > 0;
}

static enum http_outcome judge_connect(const struct http_outcome_facts *facts) {
  if (facts->forbidden)
    return HTTP_FORBIDDEN_ADDRESS;
  long error = 0;
  curl_easy_getinfo(facts->easy, CURLINFO_OS_ERRNO, &error);
  return error == ECONNREFUSED ? HTTP_REFUSED : HTTP_NO_CONNECT;
}

static enum http_outcome judge_timeout(const struct http_outcome_facts *facts) {
  if (is_connected(facts))
    return HTTP_NO_ANSWER;
  if (info_time(facts->easy, CURLINFO_NAMELOOKUP_TIME_T) == 0)
    return HTTP_NAME_UNKNOWN;
  return HTTP_NO_CONNECT;
}

/* libcurl reports a broken chunk as a receive error and tells it apart only in
 * its text. */
static enum http_outcome judge_receive(const struct http_outcome_facts *facts) {
  return strstr(facts->detail, "chunked-encoding") != NULL ? HTTP_NOT_HTTP : HTTP_RESET;
}

/* A close in the middle of the header counts as success for libcurl. */
static enum http_outcome judge_success(const struct http_outcome_facts *facts) {
  return facts->header_whole ? HTTP_ANSWERED : HTTP_TRUNCATED;
}

enum http_outcome http_outcome_judge(const struct http_outcome_facts *facts) {
  if (facts->too_large)
    return HTTP_TOO_LARGE;
  switch (facts->code) {
  case CURLE_OK:
    return judge_success(facts);
  case CURLE_COULDNT_RESOLVE_HOST:
    return HTTP_NAME_UNKNOWN;
  case CURLE_COULDNT_CONNECT:
    return judge_connect(facts);
  case CURLE_OPERATION_TIMEDOUT:
    return judge_timeout(facts);
  case CURLE_RECV_ERROR:
    return judge_receive(facts);
  case CURLE_SEND_ERROR:
  case CURLE_GOT_NOTHING:
    return HTTP_RESET;
  case CURLE_PARTIAL_FILE:
    return HTTP_TRUNCATED;
  case CURLE_FILESIZE_EXCEEDED:
    return HTTP_TOO_LARGE;
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_WEIRD_SERVER_REPLY:
  case CURLE_BAD_CONTENT_ENCODING:
    return is_connected(facts) ? HTTP_NOT_HTTP : HTTP_FAILED;
  case CURLE_SSL_CONNECT_ERROR:
  case CURLE_USE_SSL_FAILED:
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_SHUTDOWN_FAILED:
    return HTTP_TLS_FAILED;
  default:
    return HTTP_FAILED;
  }
}

static const char *const words[] = {
    [HTTP_ANSWERED] = "",
    [HTTP_NAME_UNKNOWN] = "no device with this name was found on the network",
    [HTTP_NO_CONNECT] = "no connection: nothing answers at this address",
    [HTTP_REFUSED] = "connection refused: the device is there, but its web server is not",
    [HTTP_NO_ANSWER] = "connected, but no whole answer came in time",
    [HTTP_RESET] = "the connection broke before the answer was whole",
    [HTTP_TRUNCATED] = "the answer was cut off in the middle",
    [HTTP_TOO_LARGE] = "the answer is larger than allowed",
    [HTTP_NOT_HTTP] = "what answers there does not speak HTTP",
    [HTTP_FORBIDDEN_ADDRESS] = "this address is outside the home network, which is not allowed",
    [HTTP_TLS_FAILED] = "no secure connection: the certificate or the TLS handshake is not right",
    [HTTP_CANCELLED] = "cancelled",
    [HTTP_FAILED] = NULL, /* libcurl's own words */
};

const char *http_outcome_words(enum http_outcome outcome, const struct http_outcome_facts *facts) {
  if (words[outcome] != NULL)
    return words[outcome];
  return facts->detail[0] != '\0' ? facts->detail : curl_easy_strerror(facts->code);
}
