/* What we read of a request ourselves, and the addresses people type. The input is
 * a request in small: the first line is the target, the others are headers. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/address.h"
#include "net/http_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was accepted reads back as itself, and holds nothing that a URL could be
 * taken apart by. */
static void check_address(const char *text) {
  struct address address, again;
  struct err err = {0};
  char url[ADDRESS_URL_MAX];
  if (!address_parse(text, &address, &err)) {
    assert(err.code == ERR_INVALID && err.text[0] != '\0');
    return;
  }
  assert(address.port > 0);
  assert(address.host[0] != '\0' && strpbrk(address.host, "/?#@[]% \\") == NULL);
  address_format(&address, url);
  assert(address_parse(url, &again, &err));
  assert(strcmp(address.host, again.host) == 0 && address.port == again.port);
  assert(address_scope(address.host) == address_scope(again.host));
}

static void check_target(const char *text, struct arena *arena) {
  struct http_target target;
  if (!http_parse_target(text, arena, &target))
    return;
  assert(target.path[0] == '/');
  assert(strlen(target.path) + strlen(target.query) <= strlen(text));
  static const char *const names[] = {"from", "n", "a b", "", "x"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    const char *value = http_parse_query(target.query, names[i], arena);
    assert(value == NULL || strlen(value) <= strlen(target.query));
  }
}

/* Whatever passes says at most once, and in one way, how long the body is. */
static void check_headers(char *lines) {
  struct http_headers_seen seen = {0};
  unsigned lengths = 0, encodings = 0;
  char *rest = lines;
  for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
    char *value = strchr(line, ':');
    if (value != NULL)
      *value++ = '\0';
    http_parse_header(&seen, line, value);
    lengths += strcasecmp(line, "Content-Length") == 0;
    encodings += strcasecmp(line, "Transfer-Encoding") == 0;
  }
  size_t length = 0;
  bool sized = http_parse_length(&seen, &length);
  assert(sized == (lengths > 0));
  const struct http_refusal *refusal = http_parse_judge(&seen, "HTTP/1.1");
  assert(refusal != NULL || lengths + encodings <= 1);
  assert(refusal == NULL || (refusal->status >= 400 && strpbrk(refusal->detail, "\"\\\n") == NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = malloc(size + 1);
  memcpy(text, data, size);
  text[size] = '\0';
  struct arena arena;
  arena_init(&arena, 0);
  char *rest = text;
  const char *target = strsep(&rest, "\n");
  check_address(target);
  check_target(target, &arena);
  if (rest != NULL)
    check_headers(rest);
  arena_finish(&arena);
  free(text);
  return 0;
}
