/* The live list of channels: where messages go, which of them, and how each is
 * doing. The chat that the environment names stands first, with the number 0 and
 * the code "telegram"; the others are rows of `channel`, with the code "c<ID>".
 * Secrets live here in memory, in the table sealed, and in no answer.
 *
 * Life: channels_create -> channels_load -> ... -> channels_destroy, after the
 * database threads. Loop thread only. What is returned is borrowed until the next
 * add, change or remove is done. */
#ifndef ENGINE_CHANNELS_H
#define ENGINE_CHANNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/log.h"
#include "engine/db_thread.h"
#include "model/channel.h"
#include "notify/notifier.h"

struct channels;

/* Texts are copied. */
struct channels_options {
  struct db_threads *db; /* NULL: what changes is not kept */
  struct log *log;
  const char *key_path;                /* of the key for secrets; NULL: of this run only */
  const char *telegram_base_url;       /* NULL or "": the public one */
  const char *telegram_token;          /* NULL or "": the environment names no bot */
  const char *telegram_chat;           /* NULL or "": it answers linked chats only */
  enum channel_letter telegram_letter; /* that this chat gets */
  int telegram_letter_hour;            /* 0: the usual one */
  void (*changed)(void *arg);          /* something that a page shows is different; may be NULL */
  void *arg;
};

bool channels_create(struct channels **out, const struct channels_options *options,
                     struct err *err);
/* On the calling thread, before the loop runs. */
bool channels_load(struct channels *channels, struct db *db, struct err *err);
void channels_destroy(struct channels *channels);

/* The household's language: of every channel that has none of its own. "" is English. */
void channels_set_language(struct channels *channels, const char *language);

size_t channels_count(const struct channels *channels);
const struct channel *channels_at(const struct channels *channels, size_t index);
const struct channel *channels_find(const struct channels *channels, int64_t id);
/* "telegram" or "c12"; NULL when there is none. */
const struct channel *channels_find_code(const struct channels *channels, const char *code);
/* The enabled channel of a Telegram chat: its role says what the chat may do. NULL: not linked. */
const struct channel *channels_find_chat(const struct channels *channels, const char *chat);

/* What `outbox.channel` holds for it. Returns `code`. */
const char *channels_code(const struct channel *channel, char code[CHANNEL_CODE_MAX]);

/* Whether and when it is to be told, by the local clock. */
enum channel_answer channels_wants(const struct channel *channel,
                                   const struct channel_matter *matter, int64_t now_ms);

/* --- for sending, and for showing the settings --- */

const struct notifier *channels_notifier(const struct channel *channel);
/* Every field with its value, fallbacks and secrets included. */
struct notify_channel channels_settings(const struct channels *channels,
                                        const struct channel *channel);
/* As the owner filled it in; "" when not. */
const char *channels_setting(const struct channels *channels, const struct channel *channel,
                             const char *name);
/* Replaces the text when it repeats a secret of the channel. */
void channels_hide_secrets(const struct channels *channels, const struct channel *channel,
                           char *text, size_t size);

/* --- changes; `done` runs once on the loop, `channel` is NULL on failure --- */

typedef void (*channels_done)(const struct channel *channel, const struct err *err, void *arg);

/* Texts and lists are copied. The field "target" goes into channel.target. */
struct channels_draft {
  struct channel channel;                /* its id, kind (in a change) and state are ignored */
  const struct notify_setting *settings; /* those that are given; the others stay */
  size_t count;
};
/* ERR_INVALID names the field; ERR_CONFLICT when the Telegram chat is linked already. */
void channels_add(struct channels *channels, const struct channels_draft *draft, channels_done done,
                  void *arg);
void channels_change(struct channels *channels, int64_t id, const struct channels_draft *draft,
                     channels_done done, void *arg);
/* What still waits for it is given up. `channel` is NULL either way. */
void channels_remove(struct channels *channels, int64_t id, channels_done done, void *arg);

/* --- how it is doing; told by the courier --- */

/* An attempt went well (`result` delivered), or did not. */
void channels_note(struct channels *channels, const struct channel *channel,
                   const struct notify_result *result, int64_t now_ms);

/* Dead: no message gets through, for five minutes already or until somebody puts something
 * right. */
bool channels_is_dead(const struct channels *channels, const struct channel *channel);

#endif
