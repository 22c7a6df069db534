#include "engine/courier/told.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"

enum { TOLD_MAX = 1024 };

struct entry {
  char *channel, *target, *message_id; /* NULL: forgotten */
  int64_t episode_id;
};

struct told {
  struct entry entries[TOLD_MAX]; /* a ring */
  size_t count;                   /* ever */
};

struct told *told_create(void) {
  return mem_alloc(sizeof(struct told));
}

static void entry_clear(struct entry *entry) {
  free(entry->channel);
  free(entry->target);
  free(entry->message_id);
  *entry = (struct entry){0};
}

void told_destroy(struct told *told) {
  if (told == NULL)
    return;
  for (size_t i = 0; i < TOLD_MAX; i++)
    entry_clear(&told->entries[i]);
  free(told);
}

static size_t index_of(const struct told *told, const struct told_key *key) {
  for (size_t i = 0; i < TOLD_MAX && i < told->count; i++) {
    const struct entry *entry = &told->entries[i];
    if (entry->episode_id == key->episode_id && entry->message_id != NULL &&
        str_equal(entry->channel, key->channel) && str_equal(entry->target, key->target))
      return i;
  }
  return TOLD_MAX;
}

void told_forget(struct told *told, const struct told_key *key) {
  size_t index = index_of(told, key);
  if (index < TOLD_MAX)
    entry_clear(&told->entries[index]);
}

void told_set(struct told *told, const struct told_key *key, const char *message_id) {
  struct entry fresh = {.channel = mem_strdup(key->channel),
                        .target = mem_strdup(key->target),
                        .message_id = mem_strdup(message_id),
                        .episode_id = key->episode_id};
  told_forget(told, key);
  struct entry *entry = &told->entries[told->count++ % TOLD_MAX];
  entry_clear(entry);
  *entry = fresh;
}

const char *told_find(const struct told *told, const struct told_key *key) {
  size_t index = index_of(told, key);
  return index < TOLD_MAX ? told->entries[index].message_id : NULL;
}
