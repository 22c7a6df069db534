#include "miner/answer_json.h"

#include <string.h>

#include "base/buf.h"
#include "miner/json_repair.h"

/* The richest answer known, 2.15's, has 5 KB and some 250 values. */
static const struct json_limits answer_limits = {.size = 256 * 1024, .depth = 16, .values = 8000};

static bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Takes a byte order mark, white space and closing NUL bytes off. */
static void trim(const char **body, size_t *length) {
  if (*length >= 3 && memcmp(*body, "\xEF\xBB\xBF", 3) == 0) {
    *body += 3;
    *length -= 3;
  }
  for (; *length > 0 && is_space(**body); (*body)++)
    (*length)--;
  while (*length > 0 && ((*body)[*length - 1] == '\0' || is_space((*body)[*length - 1])))
    (*length)--;
}

static struct json *fail(enum reason what, enum reason *reason, struct err *err,
                         const char *words) {
  *reason = what;
  err_set(err, ERR_CORRUPT, "%s", words);
  return NULL;
}

struct json *answer_json_parse(const char *body, size_t length, enum reason *reason,
                               struct err *err) {
  trim(&body, &length);
  if (length == 0)
    return fail(REASON_TRUNCATED, reason, err, "the answer is empty");
  if (body[0] == '<')
    return fail(REASON_HTML, reason, err, "the answer is a web page, not a miner's figures");
  if (length > answer_limits.size)
    return fail(REASON_TOO_LARGE, reason, err, "the answer is far larger than a miner's");
  struct err first;
  struct json *root = json_parse(body, length, &answer_limits, &first);
  if (root != NULL)
    return root;
  struct buf repaired;
  buf_init(&repaired);
  if (json_repair_numbers(&repaired, body, length))
    root = json_parse(repaired.data, repaired.length, &answer_limits, &first);
  buf_finish(&repaired);
  if (root != NULL)
    return root;
  if ((body[0] == '{' || body[0] == '[') && json_repair_is_cut(body, length))
    return fail(REASON_TRUNCATED, reason, err, "the answer broke off in the middle");
  return fail(REASON_NOT_JSON, reason, err, "the answer is not JSON");
}
