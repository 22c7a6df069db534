#include "engine/courier/lane.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "engine/courier/digest.h"

struct message *lane_message_create(const struct outbox_row *row) {
  struct message *message = mem_alloc(sizeof *message);
  message->id = row->id;
  message->created_ms = row->created_ms;
  message->next_ms = row->next_ms;
  message->attempts = row->attempts;
  message->episode_id = row->episode_id;
  message->update = row->update;
  message->buttons = row->buttons;
  message->digest = row->digest;
  message->severity = row->severity;
  message->text = mem_strdup(row->text);
  picture_ref_parse(row->picture, &message->shows);
  return message;
}

void lane_message_drop_picture(struct message *message) {
  free(message->picture);
  message->picture = NULL;
  message->picture_length = 0;
  message->drawn = true;
}

void lane_message_free(struct message *message) {
  free(message->text);
  free(message->picture);
  free(message->joined);
  free(message);
}

static void list_free(struct message_list *list) {
  struct message *message;
  while ((message = TAILQ_FIRST(list)) != NULL) {
    TAILQ_REMOVE(list, message, link);
    lane_message_free(message);
  }
}

struct lane *lane_create(const char *target) {
  struct lane *lane = mem_alloc(sizeof *lane);
  str_copy(lane->target, sizeof lane->target, target);
  TAILQ_INIT(&lane->messages);
  TAILQ_INIT(&lane->held);
  return lane;
}

void lane_destroy(struct lane *lane) {
  list_free(&lane->messages);
  list_free(&lane->held);
  free(lane);
}

static bool is_fixed(const struct lane *lane, const struct message *message) {
  return lane->on_its_way && message == TAILQ_FIRST(&lane->messages);
}

void lane_insert(struct lane *lane, struct message *message) {
  struct message_list *list = message->digest ? &lane->held : &lane->messages;
  struct message *before = TAILQ_LAST(list, message_list);
  while (message->id > 0 && before != NULL && before->id > message->id && !is_fixed(lane, before))
    before = TAILQ_PREV(before, message_list, link);
  if (before == NULL)
    TAILQ_INSERT_HEAD(list, message, link);
  else
    TAILQ_INSERT_AFTER(list, before, message, link);
}

void lane_remove(struct lane *lane, struct message *message) {
  if (message->digest)
    TAILQ_REMOVE(&lane->held, message, link);
  else
    TAILQ_REMOVE(&lane->messages, message, link);
}

struct message *lane_find_superseded(struct lane *lane, const struct message *message) {
  struct message_list *list = message->digest ? &lane->held : &lane->messages;
  struct message *other;
  if (!message->update || message->episode_id == 0)
    return NULL;
  TAILQ_FOREACH(other, list, link) {
    if (other->update && other->episode_id == message->episode_id && !is_fixed(lane, other))
      return other;
  }
  return NULL;
}

struct message *lane_find_unkept(struct lane *lane) {
  struct message *message;
  TAILQ_FOREACH(message, &lane->messages, link) {
    if (message->id == 0 && !is_fixed(lane, message))
      return message;
  }
  return NULL;
}

size_t lane_count_unkept(const struct lane *lane) {
  const struct message *message;
  size_t count = 0;
  TAILQ_FOREACH(message, &lane->messages, link) count += message->id == 0;
  TAILQ_FOREACH(message, &lane->held, link) count += message->id == 0;
  return count;
}

static struct message *find_in(struct message_list *list, int64_t id) {
  struct message *message;
  TAILQ_FOREACH(message, list, link) {
    if (message->id == id)
      return message;
  }
  return NULL;
}

struct message *lane_find_waiting(struct lane *lane, int64_t id) {
  struct message *message = find_in(&lane->messages, id);
  if (message == NULL)
    message = find_in(&lane->held, id);
  return message != NULL && !is_fixed(lane, message) ? message : NULL;
}

static bool renumber_joined(struct message *message, int64_t from, int64_t to) {
  for (size_t i = 0; i < message->joined_count; i++) {
    if (message->joined[i] == from) {
      message->joined[i] = to;
      return true;
    }
  }
  return false;
}

bool lane_renumber(struct lane *lane, int64_t from, int64_t to) {
  struct message *message = find_in(&lane->messages, from);
  if (message == NULL)
    message = find_in(&lane->held, from);
  if (message != NULL) {
    message->id = to;
    return true;
  }
  TAILQ_FOREACH(message, &lane->messages, link) {
    if (renumber_joined(message, from, to))
      return true;
  }
  return false;
}

/* The first of them becomes the one that tells all; it keeps the numbers of the others. */
void lane_release(struct lane *lane, const char *language) {
  struct message *first = TAILQ_FIRST(&lane->held), *other;
  if (first == NULL)
    return;
  struct digest *digest = digest_create(language);
  TAILQ_REMOVE(&lane->held, first, link);
  digest_add(digest, first->created_ms, first->text);
  while ((other = TAILQ_FIRST(&lane->held)) != NULL) {
    TAILQ_REMOVE(&lane->held, other, link);
    digest_add(digest, other->created_ms, other->text);
    first->joined = mem_resize(first->joined, first->joined_count + 1, sizeof *first->joined);
    first->joined[first->joined_count++] = other->id;
    if (other->severity > first->severity)
      first->severity = other->severity;
    lane_message_free(other);
  }
  free(first->text);
  first->text = digest_take(digest);
  first->digest = first->update = first->buttons = false;
  if (first->joined_count > 0)
    lane_message_drop_picture(first); /* one of several: its picture would stand for all */
  first->episode_id = 0;              /* no one message of an episode any more: nothing to edit */
  TAILQ_INSERT_TAIL(&lane->messages, first, link);
}

size_t lane_count(const struct lane *lane) {
  const struct message *message;
  size_t count = 0;
  TAILQ_FOREACH(message, &lane->messages, link) count += 1 + message->joined_count;
  TAILQ_FOREACH(message, &lane->held, link) count++;
  return count;
}
