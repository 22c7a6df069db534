/* Reads of the table `outbox` what became of the messages of an episode. */
#ifndef STORE_ALERTS_DELIVERY_STORE_H
#define STORE_ALERTS_DELIVERY_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/db.h"

/* Texts are borrowed for the call. */
struct delivery {
  int64_t id;
  const char *channel; /* "telegram", "c12" */
  const char *text;
  bool update; /* edited an earlier message where the service can */
  int64_t created_ms;
  int attempts;
  const char *error;                 /* of the last attempt; NULL: none */
  int64_t delivered_ms, given_up_ms; /* 0: not */
};

/* Of the episode whose messages they are (episode.told_with), oldest first. */
bool delivery_store_each(struct db *db, int64_t episode_id,
                         void (*visit)(const struct delivery *delivery, void *arg), void *arg,
                         struct err *err);

#endif
