/* Which updates were taken already, so that no command is carried out twice:
 * Telegram repeats an update until it is confirmed, also after a crash of ours,
 * and a webhook brings them out of order. Kept as one line of text in the table
 * `setting`. Pure.
 *
 * Telegram keeps an update for 24 hours, and starts its numbers anew only after a
 * week without any: what is remembered for longer than two days says nothing. */
#ifndef BOT_BOT_SEEN_H
#define BOT_BOT_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BOT_SEEN_TEXT_MAX = 80 };

struct bot_seen {
  int64_t newest;  /* the highest number taken; -1 none */
  uint64_t before; /* bit i: `newest` - i was taken; what is older counts as taken */
  int64_t wall_ms; /* when the last one was taken */
};

void bot_seen_init(struct bot_seen *seen);

/* True for a number that was not taken before; it is now. */
bool bot_seen_take(struct bot_seen *seen, int64_t id, int64_t now_wall_ms);

/* As text and back. What cannot be read is as if nothing was seen. */
void bot_seen_format(const struct bot_seen *seen, char text[BOT_SEEN_TEXT_MAX]);
void bot_seen_parse(struct bot_seen *seen, const char *text);

#endif
