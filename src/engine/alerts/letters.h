/* Writes the letters: looks three times a minute which channel is to get one, has its
 * figures gathered on a reader thread, and puts the message and the mark that it was
 * written into one commit, so that a restart neither loses nor repeats one.
 *
 *   due? -> reader thread: mark, figures -> text -> batch { outbox row, mark }
 *
 * Without a miner none is written. Who asks for letters gets the first when the next is
 * due. Life: letters_create -> ... -> letters_close, before the pipeline is drained.
 * Loop thread. */
#ifndef ENGINE_ALERTS_LETTERS_H
#define ENGINE_ALERTS_LETTERS_H

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"
#include "base/log.h"
#include "engine/alerts/desk.h"
#include "engine/channels.h"
#include "engine/db_thread.h"
#include "engine/fleet.h"
#include "engine/pipeline.h"
#include "engine/setup/preferences.h"

struct letters;

struct letters_options {
  uv_loop_t *loop;
  struct log *log;
  struct db_threads *db;
  struct fleet *fleet;
  struct channels *channels;
  struct pipeline *pipeline;
  const struct desk *desk;
  const struct preferences *preferences;
};

struct letters *letters_create(const struct letters_options *options);
void letters_close(struct letters *letters); /* frees it later, on the loop; NULL accepted */

/* Runs once, from inside letters_ask or from the loop: the letter's text, or why there is none. */
typedef void (*letters_done)(const char *text, const struct err *err, void *arg);

struct letters_wish {
  bool send; /* through the channel; false: only to be read */
  letters_done done;
  void *arg;
};

/* Has one written, of the last 24 hours (7 days when the channel gets weekly ones), beside
 * those that are due. ERR_CONFLICT without a miner, for a channel that is switched off, and when
 * too many are asked for at a time. */
void letters_ask(struct letters *letters, const struct channel *channel,
                 const struct letters_wish *wish);

#endif
