/* The table `channel`. Removed channels are deleted: what was sent stays in the
 * outbox under the channel's code. */
#ifndef STORE_CHANNEL_STORE_H
#define STORE_CHANNEL_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"
#include "model/channel.h"

/* Texts are borrowed. */
struct channel_row {
  struct channel channel;
  const char *settings; /* JSON object of texts */
  const char *secret;   /* sealed; "" none */
};

/* Oldest first. The row, with its list of miners, is valid during the call. */
bool channel_store_each(struct db *db, void (*visit)(const struct channel_row *row, void *arg),
                        void *arg, struct err *err);

/* Sets row->channel.id. */
bool channel_store_insert(struct db *db, struct channel_row *row, struct err *err);
/* All but what was delivered last. ERR_NOT_FOUND when it is gone. */
bool channel_store_update(struct db *db, const struct channel_row *row, struct err *err);
/* How the last attempt went. No failure when the channel is gone. */
bool channel_store_update_state(struct db *db, const struct channel *channel, struct err *err);
/* ERR_NOT_FOUND when it is gone. */
bool channel_store_remove(struct db *db, int64_t id, struct err *err);

#endif
