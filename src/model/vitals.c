#include "model/vitals.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "model/metric.h"

void vitals_init(struct vitals *vitals) {
  *vitals =
      (struct vitals){.heap_internal_bytes = METRIC_UNKNOWN, .network_difficulty = METRIC_UNKNOWN};
}

void vitals_mask(const char *user, char *target, size_t size) {
  enum { HEAD = 6, TAIL = 4, TEXT = 192 };
  size_t length = strcspn(user, ".");
  char text[TEXT];
  if (length == 0 && user[0] == '\0')
    str_copy(text, sizeof text, "none");
  else if (length >= 2 * (HEAD + TAIL))
    snprintf(text, sizeof text, "%.*s...%.*s%.64s", HEAD, user, TAIL, user + length - TAIL,
             user + length);
  else
    snprintf(text, sizeof text, "%.*s...%.64s", length > 3 ? 3 : (int)length, user, user + length);
  str_sanitize(target, size, text, strlen(text)); /* a cut may have split a character */
}
