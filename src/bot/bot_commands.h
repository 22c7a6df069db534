/* What the bot answers: text of a command in, text for a person out. Pure; it
 * reads the state cache and knows neither Telegram nor the network. */
#ifndef BOT_BOT_COMMANDS_H
#define BOT_BOT_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "engine/fleet.h"

/* What the answers are made of; borrowed. */
struct bot_view {
  struct fleet *fleet;
  const struct alert_config *alerts;
  int64_t now_wall_ms;
  int64_t poll_interval_ms;
};

struct bot_command {
  const char *name; /* without slash */
  const char *help; /* one line, for /help and Telegram's menu */
  void (*answer)(const struct bot_view *view, const char *arguments, struct buf *reply);
};

/* Ends with an entry whose name is NULL. */
extern const struct bot_command bot_commands[];

/* Appends the answer to what someone wrote: "/status", "/last@SomeBot 5 Garage".
 * Text that is no command gets a hint in a private chat and nothing in a group,
 * where people talk to each other. */
void bot_commands_answer(const struct bot_view *view, const char *text, bool private_chat,
                         struct buf *reply);

/* Bytes of the first message when `text` is sent in messages of at most `most`
 * bytes: cut after a line where that works, else between characters. */
size_t bot_commands_cut(const char *text, size_t most);

#endif
