/* What the bot answers: text of a command in, text for a person out. It reads the
 * state cache and asks for changes through `struct bot_hands`; it knows neither
 * Telegram nor the network. Each file of commands exports one table. */
#ifndef BOT_BOT_COMMANDS_H
#define BOT_BOT_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/fleet.h"
#include "model/alert.h"
#include "model/channel.h"

/* An alert that is open. */
struct bot_episode {
  int64_t id;
  int64_t told_with; /* the one whose message told this one too; 0 or `id`: its own */
  int64_t miner_id;  /* 0: the monitor itself */
  enum alert_rule rule;
  int64_t since_ms; /* when it began */
  bool acknowledged;
};

enum { BOT_ALL_RULES = -1 };

struct bot_mute {
  int64_t miner_id; /* 0: all */
  int rule;         /* enum alert_rule or BOT_ALL_RULES */
  int64_t until_ms;
};

/* What commands may do. `by` says who asked. A failure has words for that person. */
struct bot_hands {
  /* The open alerts, newest first, at most `most`. Returns how many there are. */
  size_t (*list)(void *arg, struct bot_episode *episodes, size_t most);
  bool (*acknowledge)(void *arg, int64_t episode, const char *by, struct err *err);
  bool (*mute)(void *arg, const struct bot_mute *mute, const char *by, struct err *err);
  /* Lifts what was muted for one miner, or with 0 everything. How much that was. */
  size_t (*unmute)(void *arg, int64_t miner_id);
  /* These answer later, in the chat that asked. */
  void (*chart)(void *arg, int64_t miner_id, int64_t span_ms);
  void (*restart)(void *arg, int64_t miner_id);
};

/* What the answers are made of; borrowed. */
struct bot_view {
  struct fleet *fleet;
  const struct alert_config *alerts;
  int64_t now_wall_ms;
  int64_t poll_interval_ms;
  enum channel_role role; /* of the chat */
  const char *language;   /* of the chat; NULL: English */
  const char *by;         /* who asks, for the record */
  const struct bot_hands *hands;
  void *hands_arg;
};

enum { BOT_BUTTONS_MAX = 4, BOT_BUTTON_LABEL_MAX = 32, BOT_BUTTON_DATA_MAX = 65 };

struct bot_button {
  char label[BOT_BUTTON_LABEL_MAX];
  char data[BOT_BUTTON_DATA_MAX]; /* comes back when it is pressed: bot_buttons.h */
};

/* An answer: text, empty for silence, and buttons below it. */
struct bot_answer {
  struct buf text;
  struct bot_button buttons[BOT_BUTTONS_MAX];
  size_t button_count;
};

void bot_answer_init(struct bot_answer *answer);
void bot_answer_finish(struct bot_answer *answer);
void bot_answer_button(struct bot_answer *answer, const char *label, const char *data, ...)
    __attribute__((format(printf, 3, 4)));

struct bot_command {
  const char *name;       /* without slash; bot.help.NAME of the texts says what it does */
  enum channel_role role; /* that a chat needs at least */
  void (*answer)(const struct bot_view *view, const char *arguments, struct bot_answer *answer);
};

/* Each ends with an entry whose name is NULL. */
extern const struct bot_command bot_status_commands[];
extern const struct bot_command bot_readings_commands[];
extern const struct bot_command bot_alert_commands[];
extern const struct bot_command bot_more_commands[];

/* One line, for /help and Telegram's menu; borrowed. */
const char *bot_commands_help(const struct bot_command *command, const char *language);

/* Calls `visit` for every command in the order of the menu. */
void bot_commands_each(void (*visit)(const struct bot_command *command, void *arg), void *arg);

/* Appends the answer to what someone wrote: "/status", "/last@SomeBot 5 Garage".
 * Text that is no command gets a hint in a private chat and nothing in a group,
 * where people talk to each other. */
void bot_commands_answer(const struct bot_view *view, const char *text, bool private_chat,
                         struct bot_answer *answer);

/* Bytes of the first message when `text` is sent in messages of at most `most`
 * bytes: cut after a line where that works, else between characters. */
size_t bot_commands_cut(const char *text, size_t most);

#endif
