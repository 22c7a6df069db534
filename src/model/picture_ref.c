#include "model/picture_ref.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

static const char HASHRATE[] = "hashrate";

void picture_ref_format(const struct picture_ref *ref, char text[PICTURE_REF_SIZE]) {
  text[0] = '\0';
  if (ref->kind == PICTURE_HASHRATE)
    snprintf(text, PICTURE_REF_SIZE, "%s %" PRId64 " %" PRId64 " %" PRId64, HASHRATE, ref->from_ms,
             ref->to_ms, ref->miner_id);
}

static bool next_number(char **rest, int64_t *number) {
  const char *word = strsep(rest, " ");
  return word != NULL && str_to_i64(word, 0, INT64_MAX, number);
}

bool picture_ref_parse(const char *text, struct picture_ref *ref) {
  char copy[PICTURE_REF_SIZE];
  struct picture_ref read = {.kind = PICTURE_HASHRATE};
  *ref = (struct picture_ref){.kind = PICTURE_NONE};
  if (strlen(text) >= sizeof copy)
    return false;
  str_copy(copy, sizeof copy, text);
  char *rest = copy;
  bool ok = str_equal(strsep(&rest, " "), HASHRATE) && next_number(&rest, &read.from_ms) &&
            next_number(&rest, &read.to_ms) && next_number(&rest, &read.miner_id) && rest == NULL &&
            read.from_ms < read.to_ms;
  if (ok)
    *ref = read;
  return ok;
}
