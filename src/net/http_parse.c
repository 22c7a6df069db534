#include "net/http_parse.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"

const struct http_refusal http_parse_bad_target = {
    400, "Bad Request",
    "The address of this request is not well-formed. Check the part after the "
    "host name, most of all its % signs."};
const struct http_refusal http_parse_too_large = {
    413, "Content Too Large", "What was sent is larger than this server takes. Send less."};

static const struct http_refusal bad_name = {
    400, "Bad Request", "A header name of this request has characters that are not allowed there."};
static const struct http_refusal two_hosts = {
    400, "Bad Request", "This request has more than one Host header. Send exactly one."};
static const struct http_refusal two_lengths = {
    400, "Bad Request",
    "This request says in two ways how long its body is. Send one Content-Length, or "
    "Transfer-Encoding: chunked, not both and neither of them twice."};
static const struct http_refusal other_encoding = {
    501, "Not Implemented", "The only Transfer-Encoding understood here is chunked."};
static const struct http_refusal chunked_in_old = {
    400, "Bad Request", "HTTP/1.0 has no Transfer-Encoding. Use HTTP/1.1 or send Content-Length."};

/* --- escapes --- */

/* Decodes `length` bytes into `out`, which has room for as many and a NUL. */
static bool decode(char *out, const char *text, size_t length, bool plus_is_space) {
  for (size_t i = 0; i < length; i++) {
    char c = text[i];
    if (c == '+' && plus_is_space) {
      c = ' ';
    } else if (c == '%') {
      bool whole = length - i > 2;
      int high = whole ? str_hex_value(text[i + 1]) : -1;
      int low = whole ? str_hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0 || (high == 0 && low == 0))
        return false;
      c = (char)(high << 4 | low);
      i += 2;
    }
    *out++ = c;
  }
  *out = '\0';
  return true;
}

/* --- target --- */

static const char *skip_authority(const char *target) {
  if (strncasecmp(target, "http://", 7) != 0 && strncasecmp(target, "https://", 8) != 0)
    return target;
  const char *host = strchr(target, ':') + 3;
  return host + strcspn(host, "/?");
}

bool http_parse_target(const char *target, struct arena *arena, struct http_target *out) {
  const char *path = skip_authority(target);
  size_t length = strcspn(path, "?");
  if (path[0] != '/')
    return false;
  char *decoded = arena_alloc(arena, length + 1);
  if (!decode(decoded, path, length, false))
    return false;
  const char *query = path[length] == '?' ? path + length + 1 : "";
  out->path = decoded;
  out->query = query[0] == '\0' ? "" : arena_strdup(arena, query);
  return true;
}

const char *http_parse_query(const char *query, const char *name, struct arena *arena) {
  size_t name_length = strlen(name);
  while (*query != '\0') {
    size_t length = strcspn(query, "&");
    const char *equals = memchr(query, '=', length);
    size_t key_length = equals == NULL ? length : (size_t)(equals - query);
    char *key = arena_alloc(arena, key_length + 1);
    if (key_length >= name_length && decode(key, query, key_length, true) &&
        strcmp(key, name) == 0) {
      if (equals == NULL)
        return "";
      size_t value_length = length - key_length - 1;
      char *value = arena_alloc(arena, value_length + 1);
      return decode(value, equals + 1, value_length, true) ? value : NULL;
    }
    query += length + (query[length] == '&');
  }
  return NULL;
}

/* --- headers --- */

static bool is_token(const char *name) {
  static const char allowed[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return name[0] != '\0' && name[strspn(name, allowed)] == '\0';
}

void http_parse_header(struct http_headers_seen *seen, const char *name, const char *value) {
  if (!is_token(name))
    seen->bad_name = true;
  if (value == NULL)
    value = "";
  if (strcasecmp(name, "Content-Length") == 0) {
    seen->content_length++;
    seen->content_length_value = value;
  } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
    seen->transfer_encoding++;
    seen->transfer_encoding_value = value;
  } else if (strcasecmp(name, "Host") == 0) {
    seen->host++;
  }
}

const struct http_refusal *http_parse_judge(const struct http_headers_seen *seen,
                                            const char *version) {
  if (seen->bad_name)
    return &bad_name;
  if (seen->host > 1)
    return &two_hosts;
  if (seen->content_length + seen->transfer_encoding > 1)
    return &two_lengths;
  if (seen->transfer_encoding == 1) {
    if (strcasecmp(seen->transfer_encoding_value, "chunked") != 0)
      return &other_encoding;
    if (strcmp(version, "HTTP/1.0") == 0)
      return &chunked_in_old;
  }
  return NULL;
}

bool http_parse_length(const struct http_headers_seen *seen, size_t *length) {
  if (seen->content_length == 0)
    return false;
  size_t value = 0;
  for (const char *c = seen->content_length_value; *c >= '0' && *c <= '9'; c++)
    if (__builtin_mul_overflow(value, 10, &value) ||
        __builtin_add_overflow(value, (size_t)(*c - '0'), &value)) {
      value = SIZE_MAX;
      break;
    }
  *length = value;
  return true;
}
