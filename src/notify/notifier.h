/* A notifier turns a message into one HTTP request and reads the answer. Pure:
 * the courier (engine) does the sending, the waiting and the retrying. Adding a
 * service is one file with one table. */
#ifndef NOTIFY_NOTIFIER_H
#define NOTIFY_NOTIFIER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "net/http_client.h"

/* What a channel needs to be told. Texts are borrowed. */
struct notify_channel {
  const char *base_url; /* "https://api.telegram.org"; no trailing slash */
  const char *token;    /* secret: never logged */
  const char *target;   /* default chat id */
};

struct notify_message {
  const char *target; /* NULL or "": the channel's default */
  const char *text;   /* plain UTF-8; the notifier escapes and cuts to the service's limit */
  int64_t edit_id;    /* 0: a new message */
};

enum notify_verdict {
  NOTIFY_DELIVERED,
  NOTIFY_RETRY,  /* later; `retry_after_ms` when the service named a time */
  NOTIFY_REFUSED /* will never work: wrong token, chat gone, text rejected */
};

struct notify_result {
  enum notify_verdict verdict;
  int64_t retry_after_ms; /* 0: back off as usual */
  int64_t message_id;     /* 0 unknown */
  char text[200];         /* for a person: what the service said; no secrets */
};

struct notifier {
  const char *name; /* "telegram" */
  /* The request, allocated in `arena`. False when the channel lacks something. */
  bool (*request)(const struct notify_channel *channel, const struct notify_message *message,
                  struct arena *arena, struct http_call_options *options, struct err *err);
  void (*read)(const struct http_answer *answer, struct notify_result *result);
};

extern const struct notifier telegram_notifier;

/* NULL-terminated. */
extern const struct notifier *const notifiers[];
const struct notifier *notifier_find(const char *name);

#endif
