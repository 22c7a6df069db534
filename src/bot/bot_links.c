#include "bot/bot_links.h"

#include <stdio.h>

#include "base/str.h"

const struct bot_link *bot_links_add(struct bot_links *links, const uint8_t random[16], int role,
                                     int64_t now_mono_ms) {
  struct bot_link *link = &links->links[links->next++ % BOT_LINKS_MAX];
  *link = (struct bot_link){.role = role, .until_mono_ms = now_mono_ms + BOT_LINKS_LIFE_MS};
  for (size_t i = 0; i < BOT_LINKS_RANDOM; i++)
    snprintf(link->code + 2 * i, 3, "%02x", random[i]);
  return link;
}

struct bot_link *bot_links_find(struct bot_links *links, const char *code) {
  for (size_t i = 0; i < BOT_LINKS_MAX; i++) {
    struct bot_link *link = &links->links[i];
    if (link->code[0] != '\0' && str_equal_secret(link->code, code))
      return link;
  }
  return NULL;
}

bool bot_links_is_open(const struct bot_link *link, int64_t now_mono_ms) {
  return !link->used && now_mono_ms < link->until_mono_ms;
}
