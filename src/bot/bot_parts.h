/* What the bot consists of; for bot.c and the files it is made of only. */
#ifndef BOT_BOT_PARTS_H
#define BOT_BOT_PARTS_H

#include "bot/bot.h"
#include "bot/bot_commands.h"
#include "bot/bot_guests.h"
#include "bot/bot_inbox.h"
#include "bot/bot_keep.h"
#include "bot/bot_links.h"
#include "bot/bot_poll.h"
#include "bot/bot_send.h"
#include "bot/chart/bot_charts.h"

struct bot {
  struct bot_options options; /* its texts are ours */
  struct engine *engine;
  struct log *log;
  char *base_url;
  char *token;                        /* "" none yet */
  bool token_is_ours;                 /* given by bot_link, kept with the chats that it links */
  char username[BOT_UPDATE_NAME_MAX]; /* without "@"; "" not asked yet */
  struct bot_inbox *inbox;
  struct bot_charts *charts;
  struct bot_poll *poll; /* NULL without a token */
  struct bot_send *send; /* likewise */
  struct bot_links links;
  struct bot_guests guests;
  struct bot_keep *guest_book;             /* where they are kept */
  bool guests_known;                       /* the book was read */
  struct http_call *asking;                /* who the bot is */
  int64_t restarted_id, restarted_mono_ms; /* the last miner that was told to restart */
  int running; /* what must end before `stopped`: calls, and once it stops its parts */
  bool stopping;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

/* The hands of a chat: borrows both, use it at once. */
struct bot_visit {
  struct bot *bot;
  int64_t chat_id;
  const char *language; /* of the chat */
};
extern const struct bot_hands bot_hands; /* arg: struct bot_visit */

/* Begins to poll with the token. */
void bot_begin(struct bot *bot, const char *token);

/* A chat sent "/start CODE". False when the code is none that is open: then it is
 * an ordinary /start. */
bool bot_linking_take(struct bot *bot, const struct bot_update *update, const char *code);

/* One of what `running` counts has ended. */
void bot_part_stopped(void *bot);

#endif
