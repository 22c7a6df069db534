#include "notify/notify_answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"

enum { SAID_MAX = 100, WAIT_MAX_S = 24 * 3600 };

void notify_answer_transport(const char *service, const struct http_answer *answer, char *text,
                             size_t size) {
  static const struct {
    const char *before, *after;
  } words[] = {
      [HTTP_ANSWERED] = {"", ""},
      [HTTP_NAME_UNKNOWN] = {"the host name of ",
                             " has no address: check it and the internet connection"},
      [HTTP_NO_CONNECT] = {"", " cannot be reached: check the address and the internet connection"},
      [HTTP_REFUSED] = {"", " refused the connection: check the address and that it is running"},
      [HTTP_NO_ANSWER] = {"", " did not answer in time"},
      [HTTP_RESET] = {"the connection to ", " broke"},
      [HTTP_TRUNCATED] = {"the answer of ", " was cut off"},
      [HTTP_TOO_LARGE] = {"what answers there is not ", ": its answer is too long"},
      [HTTP_NOT_HTTP] = {"what answers there is not ", ": check the address"},
      [HTTP_FORBIDDEN_ADDRESS] = {"the address of ", " is not allowed"},
      [HTTP_TLS_FAILED] = {"no secure connection to ",
                           ": check the address, its certificate and this machine's clock"},
      [HTTP_CANCELLED] = {"stopped before ", " answered"},
      [HTTP_FAILED] = {"", " could not be asked: check the address"},
  };
  bool answered = answer->outcome == HTTP_ANSWERED;
  snprintf(text, size, "%s%s%s", words[answer->outcome].before, answered ? "" : service,
           words[answer->outcome].after);
}

static const struct json *first_text(const struct json *value) {
  return value != NULL && json_type(value) == JSON_ARRAY ? json_first(value) : value;
}

void notify_answer_said(const struct http_answer *answer, const char *key, char *text,
                        size_t size) {
  struct err err;
  struct json *json = json_parse(answer->body, answer->body_length, NULL, &err);
  const char *words = NULL;
  text[0] = '\0';
  if (json != NULL)
    json_text(key == NULL ? NULL : first_text(json_get(json, key)), &words);
  else if (str_starts_with(answer->content_type, "text/plain"))
    words = answer->body;
  if (words != NULL) {
    str_sanitize(text, size < SAID_MAX ? size : SAID_MAX, words, strlen(words));
    str_copy(text, size, str_trim(text));
  }
  json_free(json);
}

void notify_answer_id(const struct http_answer *answer, const char *key, char *text, size_t size) {
  struct err err;
  struct json *json = json_parse(answer->body, answer->body_length, NULL, &err);
  const struct json *value = json_get(json, key);
  const char *words;
  int64_t number;
  text[0] = '\0';
  if (json_text(value, &words) && strlen(words) < size)
    str_copy(text, size, words);
  else if (json_i64(value, 1, INT64_MAX, &number))
    snprintf(text, size, "%" PRId64, number);
  json_free(json);
}

void notify_answer_wait(struct notify_result *result, double wait_s) {
  if (wait_s > 0)
    result->retry_after_ms = (int64_t)((wait_s < WAIT_MAX_S ? wait_s : WAIT_MAX_S) * 1000);
}

/* "what (said): check", cut to what fits. */
static void say(struct notify_result *result, const char *what, const char *said,
                const char *check) {
  struct buf text;
  buf_init(&text);
  buf_append_text(&text, what);
  if (said[0] != '\0')
    buf_printf(&text, " (%s)", said);
  buf_printf(&text, ": %s", check);
  str_copy(result->text, sizeof result->text, text.data);
  buf_finish(&text);
}

static void read_status(const struct notify_service *service, int status, const char *said,
                        struct notify_result *result) {
  char what[80];
  result->needs_owner = status < 500 && status != 429 && status != 408;
  if (status == 401 || status == 403) {
    snprintf(what, sizeof what, "%s did not let the monitor in", service->name);
    say(result, what, said, service->denied);
  } else if (status == 404 || status == 405 || status == 410) {
    snprintf(what, sizeof what, "%s does not know this address", service->name);
    say(result, what, said, service->missing);
  } else if (status == 429) {
    snprintf(result->text, sizeof result->text, "%s asked to wait before the next message",
             service->name);
  } else if (status >= 300 && status < 400) {
    snprintf(result->text, sizeof result->text,
             "%s sent the monitor to another address: fill in the final one", service->name);
  } else if (status >= 500 || status == 408) {
    snprintf(what, sizeof what, "%s has a problem of its own, status %d", service->name, status);
    say(result, what, said, "the monitor tries again");
  } else {
    result->verdict = NOTIFY_REFUSED;
    result->needs_owner = false;
    snprintf(what, sizeof what, "%s rejected the message, status %d", service->name, status);
    say(result, what, said, "check the settings of this channel");
  }
}

void notify_answer_read(const struct notify_service *service, const struct http_answer *answer,
                        struct notify_result *result) {
  *result = (struct notify_result){.verdict = NOTIFY_RETRY};
  char said[SAID_MAX];
  if (answer->outcome != HTTP_ANSWERED) {
    notify_answer_transport(service->name, answer, result->text, sizeof result->text);
    return;
  }
  if (answer->status >= 200 && answer->status < 300) {
    result->verdict = NOTIFY_DELIVERED;
    return;
  }
  notify_answer_said(answer, service->said_key, said, sizeof said);
  read_status(service, answer->status, said, result);
  if (result->verdict == NOTIFY_RETRY)
    notify_answer_wait(result, (double)answer->retry_after_s);
}
