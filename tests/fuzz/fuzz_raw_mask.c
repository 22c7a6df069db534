/* A miner's answer, masked. What comes out is JSON of the same shape, and no text that
 * stood under a secret name stands in it anywhere. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "miner/answer_json.h"
#include "miner/raw_mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SECRETS = 30 }; /* raw_mask looks for twice as many and more */

struct secrets {
  const char *texts[SECRETS];
  size_t count;
};

/* Texts that the mask itself may write (hidden, x) or that JSON mends (broken UTF-8) prove
 * nothing when they are found. */
static bool proves_something(const char *text) {
  for (const char *at = text; *at != '\0'; at++) {
    if ((unsigned char)*at < ' ' || (unsigned char)*at >= 127 || strchr("()hiden x", *at) != NULL)
      return false;
  }
  return strlen(text) >= 4;
}

static bool collect(const struct json *value, bool secret, struct secrets *found) {
  const char *text;
  if (secret && json_text(value, &text)) {
    if (found->count == SECRETS)
      return false;
    found->texts[found->count++] = text;
  }
  for (const struct json *child = json_first(value); child != NULL; child = json_next(child)) {
    if (!collect(child, secret || raw_mask_is_secret(json_key(child)), found))
      return false;
  }
  return true;
}

static void check_text(const char *text, const struct secrets *secrets) {
  for (size_t i = 0; i < secrets->count; i++)
    assert(!proves_something(secrets->texts[i]) || strstr(text, secrets->texts[i]) == NULL);
}

static void check(const struct json *sent, const struct json *shown,
                  const struct secrets *secrets) {
  const char *text;
  if (json_text(shown, &text))
    check_text(text, secrets);
  assert(json_count(sent) == json_count(shown));
  const struct json *a = json_first(sent), *b = json_first(shown);
  for (; a != NULL; a = json_next(a), b = json_next(b)) {
    check_text(json_key(b), secrets);
    check(a, b, secrets);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const char *body = (const char *)data;
  struct buf answer, hidden;
  struct err err = {0};
  enum reason reason;
  buf_init(&answer);
  buf_init(&hidden);
  struct json *sent = answer_json_parse(body, size, &reason, &err);
  bool shown = raw_mask_write(body, size, &answer, &hidden, &err);
  assert(shown == (sent != NULL));
  if (shown) {
    struct json_limits limits = {.size = SIZE_MAX};
    struct secrets secrets = {0};
    struct json *back = json_parse(answer.data, answer.length, &limits, &err);
    struct json *keys = json_parse(hidden.data, hidden.length, &limits, &err);
    assert(back != NULL && keys != NULL);
    if (collect(sent, false, &secrets))
      check(sent, back, &secrets);
    json_free(keys);
    json_free(back);
  }
  json_free(sent);
  buf_finish(&answer);
  buf_finish(&hidden);
  return 0;
}
