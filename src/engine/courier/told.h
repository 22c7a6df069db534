/* Remembers which message of a service told an episode on a channel, so that a
 * later one can edit it. The newest thousand. */
#ifndef ENGINE_COURIER_TOLD_H
#define ENGINE_COURIER_TOLD_H

#include <stdint.h>

struct told;

struct told *told_create(void);
void told_destroy(struct told *told);

struct told_key {
  const char *channel, *target;
  int64_t episode_id;
};

/* Remembers, in the place of what was known. */
void told_set(struct told *told, const struct told_key *key, const char *message_id);
void told_forget(struct told *told, const struct told_key *key);
/* NULL when it is not known; borrowed until the next told_set. */
const char *told_find(const struct told *told, const struct told_key *key);

#endif
