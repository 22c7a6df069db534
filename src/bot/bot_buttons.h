/* What a pressed button does. Its data is one of
 *
 *   ack:EPISODE   mute:EPISODE:MINUTES   morning:EPISODE   chart:EPISODE
 *   draw:MINER    restart:MINER:SECONDS  leave
 *
 * (restart: when it was asked, in seconds since 1970). The data comes back from
 * Telegram as we sent it, but anyone in the chat may press, and late: the role is
 * asked for anew, and what changed meanwhile is said. Pure but for the hands. */
#ifndef BOT_BOT_BUTTONS_H
#define BOT_BOT_BUTTONS_H

#include <stdint.h>

#include "bot/bot_commands.h"

enum bot_buttons_then {
  BOT_BUTTONS_STAY,  /* below the message */
  BOT_BUTTONS_CHART, /* only the chart's, of `episode`, remains */
  BOT_BUTTONS_GO,
};

struct bot_buttons_answer {
  char text[200]; /* shown over the chat for a moment; Telegram takes 200 characters */
  enum bot_buttons_then then;
  int64_t episode;
};

void bot_buttons_press(const struct bot_view *view, const char *data,
                       struct bot_buttons_answer *answer);

#endif
