/* The small words that answers of the bot are made of. Pure. */
#ifndef BOT_BOT_WORDS_H
#define BOT_BOT_WORDS_H

#include "base/buf.h"
#include "bot/bot_commands.h"
#include "engine/fleet.h"
#include "model/text.h"

/* A text of the view's language, and a line's end. `values` NULL and 0: none. */
void bot_words_say(struct buf *out, const struct bot_view *view, const char *key,
                   const struct text_value *values, size_t count);

/* A figure in its text, "chip {value}", or nothing when unknown. `key` NULL: the figure alone. */
void bot_words_figure(struct buf *out, const struct bot_view *view, const char *key,
                      const struct sample *sample, enum metric metric);

/* "owner" */
const char *bot_words_role(const char *language, enum channel_role role);

/* "Hashing" */
const char *bot_words_state(const struct bot_view *view, enum miner_state state);

/* "16:00:05", of the local clock */
void bot_words_time(struct buf *out, int64_t wall_ms);

/* Names of miners by commas; without `except` (may be NULL). */
void bot_words_names(struct fleet *fleet, const struct fleet_miner *except, struct buf *out);

/* "There is no miner called ..." */
void bot_words_unknown(const struct bot_view *view, const char *name, struct buf *out);

/* The miner of that name, by its beginning where no other begins so. NULL when
 * it was answered: which miners there are. With one miner "" is that one. */
struct fleet_miner *bot_words_miner(const struct bot_view *view, const char *name,
                                    struct bot_answer *answer);

/* "2h", "90 min", "1d", "2 Stunden", "2 horas": at least a minute, at most 30 days. A number alone
 * is minutes. False (out untouched) for anything else. */
bool bot_words_span(const char *text, int64_t *ms);

/* The next seven o'clock in the morning of the local clock. */
int64_t bot_words_morning(int64_t now_wall_ms);

#endif
