/* What a service, or something that plays one, answers to a message: read by every notifier. The
 * first two bytes are the status and how long it asks to wait. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "notify/notifier.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAD = 2, DAY_MS = 86400000 };

static void check(const struct notify_result *result) {
  assert(result->verdict == NOTIFY_DELIVERED || result->verdict == NOTIFY_RETRY ||
         result->verdict == NOTIFY_REFUSED);
  assert(result->retry_after_ms >= 0 && result->retry_after_ms <= DAY_MS);
  assert(memchr(result->text, '\0', sizeof result->text) != NULL);
  assert(memchr(result->message_id, '\0', sizeof result->message_id) != NULL);
  assert(str_is_utf8(result->text, strlen(result->text)));
  assert(strpbrk(result->text, "\r\n") == NULL);
  assert(result->verdict == NOTIFY_DELIVERED || result->text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < HEAD)
    return 0;
  char *body = malloc(size - HEAD + 1);
  memcpy(body, data + HEAD, size - HEAD);
  body[size - HEAD] = '\0';
  const struct http_answer answer = {.outcome = HTTP_ANSWERED,
                                     .status = 100 + data[0] * 2,
                                     .body = body,
                                     .body_length = size - HEAD,
                                     .content_type = data[1] & 1 ? "application/json" : "text/html",
                                     .retry_after_s = (int64_t)(data[1] >> 1) * 4000 - 1,
                                     .error = ""};
  for (size_t i = 0; notifiers[i] != NULL; i++) {
    struct notify_result result = {0};
    notifiers[i]->read(&answer, &result);
    check(&result);
  }
  free(body);
  return 0;
}
