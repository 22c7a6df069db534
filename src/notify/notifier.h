/* A notifier turns a message into one request (HTTP, or a letter) and reads the
 * answer. Pure: the courier (engine) does the sending, the waiting and the
 * retrying. Adding a service is one file with one table. */
#ifndef NOTIFY_NOTIFIER_H
#define NOTIFY_NOTIFIER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/alert.h"
#include "net/http_client.h"

enum notify_field_kind {
  NOTIFY_TEXT,
  NOTIFY_NUMBER,
  NOTIFY_URL,    /* http or https */
  NOTIFY_CHOICE, /* one of `choices` */
  NOTIFY_LINES,  /* a longer text */
};

/* What the owner fills in to set up a channel of this kind. */
struct notify_field {
  const char *name;  /* "server"; "target" is where messages go within the service */
  const char *title; /* of the form's field */
  const char *help;  /* one plain sentence */
  enum notify_field_kind kind;
  bool required, secret;
  const char *fallback; /* what stands when it is left empty; NULL: nothing */
  const char *choices;  /* NOTIFY_CHOICE: by commas */
};

/* The filled-in fields, fallbacks in place. Texts are borrowed. */
struct notify_setting {
  const char *name, *value;
};
struct notify_channel {
  const struct notify_setting *settings;
  size_t count;
};
/* "" when it was not filled in. */
const char *notifier_setting(const struct notify_channel *channel, const char *name);

struct notify_message {
  const char *target;  /* NULL or "": the channel's own */
  const char *text;    /* plain UTF-8; the notifier escapes and cuts to the service's limit */
  const char *edit_id; /* NULL or "": a new message; only where supports_edit */
  const char *key;     /* the same at each attempt of one message, never for another: [a-z0-9-] */
  int64_t at_ms;       /* when it happened, wall time */
  int64_t now_ms;      /* of this attempt */
  int64_t episode_id;  /* 0: none; for buttons, and so that letters of an episode stay together */
  bool buttons;
  const char *language; /* of words that the notifier adds; NULL: English */
  enum alert_severity severity;
  const void *picture; /* PNG; NULL: none; only where supports_picture, `text` is its caption */
  size_t picture_length;
  int step;            /* 0 .. picture_steps; the last one is the message itself */
  const char *carried; /* from the step before: its result's message_id; "" at the first */
};

enum notify_verdict {
  NOTIFY_DELIVERED,
  NOTIFY_RETRY,  /* later; `retry_after_ms` when the service named a time */
  NOTIFY_REFUSED /* this message will never be taken; the next one may be */
};

enum { NOTIFY_MESSAGE_ID_MAX = 256 };

struct notify_result {
  enum notify_verdict verdict;
  bool needs_owner;       /* a retry that will not help before somebody corrects something */
  bool edit_gone;         /* what was to be edited is not there: send anew */
  int64_t retry_after_ms; /* 0: back off as usual */
  char message_id[NOTIFY_MESSAGE_ID_MAX]; /* for a later edit; "" unknown */
  char text[200]; /* for a person: what the service said and what to do; no secrets */
};

/* How many messages a service takes: at most `burst` in any `window_ms` from one channel, and to
 * one target no two closer than `gap_ms`. */
struct notify_pace {
  int gap_ms, burst, window_ms;
};

struct notifier {
  const char *name;                  /* "telegram" */
  const char *title;                 /* "Telegram" */
  const char *about;                 /* one plain sentence for who chooses */
  const struct notify_field *fields; /* ends with one without name */
  bool supports_edit, supports_picture;
  size_t caption_max; /* UTF-16 units of a text that goes with a picture; 0: as much as without */
  int picture_steps;  /* requests that a picture needs before the message, as its upload; each is
                         safe to repeat */
  struct notify_pace pace;
  /* The request, allocated in `arena`. False when the channel lacks something. */
  bool (*request)(const struct notify_channel *channel, const struct notify_message *message,
                  struct arena *arena, struct http_call_options *options, struct err *err);
  void (*read)(const struct http_answer *answer, struct notify_result *result);
};

extern const struct notifier discord_notifier;
extern const struct notifier email_notifier;
extern const struct notifier gotify_notifier;
extern const struct notifier matrix_notifier;
extern const struct notifier ntfy_notifier;
extern const struct notifier pushover_notifier;
extern const struct notifier slack_notifier;
extern const struct notifier telegram_notifier;
extern const struct notifier webhook_notifier;

/* NULL-terminated, in the order in which they are offered. */
extern const struct notifier *const notifiers[];
const struct notifier *notifier_find(const char *name);

/* Whether `value` may stand in the field, in words. Empty is right where it is not required. */
bool notifier_check_field(const struct notify_field *field, const char *value, struct err *err);

#endif
