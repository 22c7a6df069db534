/* A channel: where messages go, and which of them. A value; the live list of them
 * is engine/channels, the table store/channel_store. All calls are pure. */
#ifndef MODEL_CHANNEL_H
#define MODEL_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/alert.h"

enum {
  CHANNEL_KIND_MAX = 16,
  CHANNEL_NAME_MAX = 64,
  CHANNEL_TARGET_MAX = 256,
  CHANNEL_LANGUAGE_MAX = 12,
  CHANNEL_ERROR_MAX = 240,
  CHANNEL_CODE_MAX = 32, /* "telegram" or "c12": what `outbox.channel` holds */
  CHANNEL_MINERS_MAX = 1000,
  CHANNEL_DAY_MIN = 24 * 60,
};

/* What a chat may ask the bot for. */
enum channel_role { CHANNEL_VIEWER, CHANNEL_MEMBER, CHANNEL_OWNER };

/* How often it gets the letter: how the days went. Stored: append only. */
enum channel_letter { CHANNEL_LETTER_OFF, CHANNEL_LETTER_DAILY, CHANNEL_LETTER_WEEKLY };

/* Before three in the morning the figures of the day before are not complete. */
enum { CHANNEL_LETTER_HOUR = 8, CHANNEL_LETTER_HOUR_MIN = 3, CHANNEL_LETTER_HOUR_MAX = 23 };

/* Which messages a channel is told. */
struct channel_wish {
  enum alert_severity least_severity;
  bool good_news;
  const int64_t *miners; /* only these; borrowed */
  size_t miner_count;    /* 0: all */
  int quiet_from_min;    /* of the local day; -1: no quiet hours */
  int quiet_to_min;      /* may be smaller: over midnight */
  bool critical_passes;  /* in the quiet hours too */
};

struct channel {
  int64_t id; /* 0: the chat that the environment names */
  char kind[CHANNEL_KIND_MAX];
  char name[CHANNEL_NAME_MAX];
  bool enabled;
  struct channel_wish wish;
  char language[CHANNEL_LANGUAGE_MAX]; /* of its messages */
  bool own_language;                   /* false: that of the household, as it is now */
  char target[CHANNEL_TARGET_MAX];     /* chat, address, room, topic; "" where there is none */
  enum channel_role role;
  enum channel_letter letter;
  int letter_hour; /* of the local day */
  int64_t created_ms;
  int64_t last_ok_ms;                 /* a message arrived; 0 never */
  int64_t last_error_ms;              /* 0 never */
  char last_error[CHANNEL_ERROR_MAX]; /* in words; "" when the last attempt worked */
};

/* What is to be told. */
struct channel_matter {
  enum alert_severity severity;
  bool good_news;
  int64_t miner_id; /* 0: of the monitor, or of several miners: for every channel */
};

enum channel_answer {
  CHANNEL_NO,
  CHANNEL_NOW,
  CHANNEL_DIGEST, /* wanted, but in the quiet hours: with the others in the morning */
};

/* `minute` is of the local day. A switched-off channel wants nothing. */
enum channel_answer channel_decide(const struct channel *channel,
                                   const struct channel_matter *matter, int minute);

/* For how many minutes it stays quiet; 0: it is not quiet now. */
int channel_quiet_left_min(const struct channel_wish *wish, int minute);

/* The minute of the local day (TZ) at a moment, 0..1439. */
int channel_local_minute(int64_t wall_ms);

const char *channel_role_name(enum channel_role role);
bool channel_role_find(const char *name, enum channel_role *out);

/* "off", "daily", "weekly". */
const char *channel_letter_name(enum channel_letter letter);
bool channel_letter_find(const char *name, enum channel_letter *out);

#endif
