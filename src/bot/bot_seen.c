#include "bot/bot_seen.h"

#include <inttypes.h>
#include <stdio.h>

enum { WINDOW = 64 };
static const int64_t FORGET_MS = INT64_C(2) * 24 * 3600 * 1000;

void bot_seen_init(struct bot_seen *seen) {
  *seen = (struct bot_seen){.newest = -1};
}

static bool is_taken(const struct bot_seen *seen, int64_t id) {
  if (id > seen->newest)
    return false;
  int64_t back = seen->newest - id;
  return back >= WINDOW || (seen->before >> back & 1) != 0;
}

static void mark(struct bot_seen *seen, int64_t id) {
  int64_t ahead = id - seen->newest;
  if (seen->newest < 0) {
    seen->newest = id;
    seen->before = 1;
  } else if (ahead > 0) {
    seen->before = ahead >= WINDOW ? 1 : seen->before << ahead | 1;
    seen->newest = id;
  } else {
    seen->before |= UINT64_C(1) << -ahead;
  }
}

bool bot_seen_take(struct bot_seen *seen, int64_t id, int64_t now_wall_ms) {
  /* A clock set back must not make old news of the last two days. */
  if (seen->newest >= 0 && now_wall_ms - seen->wall_ms > FORGET_MS)
    bot_seen_init(seen);
  if (is_taken(seen, id))
    return false;
  mark(seen, id);
  seen->wall_ms = now_wall_ms;
  return true;
}

void bot_seen_format(const struct bot_seen *seen, char text[BOT_SEEN_TEXT_MAX]) {
  snprintf(text, BOT_SEEN_TEXT_MAX, "%" PRId64 " %" PRIx64 " %" PRId64, seen->newest, seen->before,
           seen->wall_ms);
}

void bot_seen_parse(struct bot_seen *seen, const char *text) {
  struct bot_seen read;
  int end = 0;
  bot_seen_init(seen);
  if (sscanf(text, "%" SCNd64 " %" SCNx64 " %" SCNd64 "%n", &read.newest, &read.before,
             &read.wall_ms, &end) == 3 &&
      text[end] == '\0' && read.newest >= 0)
    *seen = read;
}
