#include "engine/courier/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/text.h"

enum { LINES_MAX = 25 };

struct digest {
  const char *language;
  char *only; /* the first message, whole */
  struct buf lines;
  size_t count;
};

struct digest *digest_create(const char *language) {
  struct digest *digest = mem_alloc(sizeof *digest);
  digest->language = language;
  buf_init(&digest->lines);
  return digest;
}

void digest_add(struct digest *digest, int64_t at_ms, const char *text) {
  if (digest->count++ == 0)
    digest->only = mem_strdup(text);
  if (digest->count > LINES_MAX)
    return;
  time_t seconds = (time_t)(at_ms / 1000);
  struct tm local;
  char clock[16] = "--:--";
  if (localtime_r(&seconds, &local) != NULL)
    strftime(clock, sizeof clock, "%H:%M", &local);
  buf_printf(&digest->lines, "\n%s  %.*s", clock, (int)strcspn(text, "\r\n"), text);
}

static void write_counted(struct buf *out, const struct digest *digest, const char *key,
                          size_t count) {
  char figure[24];
  snprintf(figure, sizeof figure, "%zu", count);
  const struct text_value value = {"count", figure};
  text_write(out, digest->language, key, &value, 1);
}

char *digest_take(struct digest *digest) {
  char *text = digest->only;
  if (digest->count != 1) {
    struct buf out;
    buf_init(&out);
    write_counted(&out, digest, "digest.title", digest->count);
    buf_append(&out, digest->lines.data, digest->lines.length);
    if (digest->count > LINES_MAX) {
      buf_append_char(&out, '\n');
      write_counted(&out, digest, "digest.more", digest->count - LINES_MAX);
    }
    free(text);
    text = buf_take(&out, NULL);
  }
  buf_finish(&digest->lines);
  free(digest);
  return text;
}
