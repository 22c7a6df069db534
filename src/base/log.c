#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_write.h"
#include "base/mem.h"
#include "base/str.h"

enum { TEXT_MAX = 2048 };

struct log {
  int fd;
  enum log_level level;
  bool json;
};

static const char *const level_names[] = {"debug", "info", "warn", "error"};

struct log *log_create(int fd, enum log_level level, bool json) {
  struct log *log = mem_alloc(sizeof *log);
  *log = (struct log){.fd = fd, .level = level, .json = json};
  return log;
}

void log_destroy(struct log *log) {
  free(log);
}

/* A log that cannot be written is not worth stopping for: give up quietly. */
static void write_all(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t written = write(fd, bytes, length);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return;
    bytes += written;
    length -= (size_t)written;
  }
}

/* "2026-11-22 16:00:00 warn  poller: text", in the local time of the machine:
 * whoever reads a terminal looks at a clock on the wall. */
static void render_text(struct buf *line, enum log_level level, const char *part,
                        const char *text) {
  time_t now = (time_t)(clock_wall_ms() / 1000);
  struct tm local;
  char when[32] = "";
  if (localtime_r(&now, &local) != NULL)
    strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", &local);
  buf_printf(line, "%s %-5s %s: %s\n", when, level_names[level], part, text);
}

static void render_json(struct buf *line, enum log_level level, const char *part,
                        const char *text) {
  struct json_write json;
  json_write_init(&json, line);
  json_write_object(&json, NULL);
  json_write_time(&json, "time", clock_wall_ms());
  json_write_text(&json, "level", level_names[level]);
  json_write_text(&json, "part", part);
  json_write_text(&json, "text", text);
  json_write_object_end(&json);
  buf_append_char(line, '\n');
}

void log_write(struct log *log, enum log_level level, const char *part, const char *format, ...) {
  if (log == NULL || level < log->level)
    return;
  char raw[TEXT_MAX], text[TEXT_MAX];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(raw, sizeof raw, format, arguments);
  va_end(arguments);
  str_sanitize(text, sizeof text, raw, strlen(raw)); /* one line, whatever a device sent */

  struct buf line;
  buf_init(&line);
  if (log->json)
    render_json(&line, level, part, text);
  else
    render_text(&line, level, part, text);
  write_all(log->fd, line.data, line.length);
  buf_finish(&line);
}

bool log_parse_level(const char *text, enum log_level *level) {
  for (int i = LOG_DEBUG; i <= LOG_ERROR; i++) {
    if (str_equal(text, level_names[i])) {
      *level = (enum log_level)i;
      return true;
    }
  }
  return false;
}
