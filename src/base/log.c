#include "base/log.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json_write.h"
#include "base/mem.h"
#include "base/str.h"

enum { TEXT_MAX = 2048 };

/* The newest lines, one behind the other in a ring of bytes. Whole lines leave it at
 * its begin. Threads meet here for the length of a copy; a log that is only written
 * takes no lock. */
struct kept {
  pthread_mutex_t mutex;
  char *bytes;
  size_t capacity; /* 0: nothing is kept */
  size_t begin, length;
};

struct log {
  int fd;
  enum log_level level;
  bool json;
  struct kept kept;
};

static const char *const level_names[] = {"debug", "info", "warn", "error"};

struct log *log_create(int fd, enum log_level level, bool json) {
  struct log *log = mem_alloc(sizeof *log);
  *log = (struct log){.fd = fd, .level = level, .json = json};
  pthread_mutex_init(&log->kept.mutex, NULL);
  return log;
}

void log_destroy(struct log *log) {
  if (log == NULL)
    return;
  pthread_mutex_destroy(&log->kept.mutex);
  free(log->kept.bytes);
  free(log);
}

/* ------------------------------------------------------------ the lines kept */

void log_keep(struct log *log, size_t bytes) {
  assert(log->kept.capacity == 0);
  log->kept.bytes = mem_alloc(bytes);
  log->kept.capacity = bytes;
}

static void drop_oldest(struct kept *kept) {
  char dropped;
  do {
    dropped = kept->bytes[kept->begin];
    kept->begin = (kept->begin + 1) % kept->capacity;
    kept->length--;
  } while (dropped != '\n');
}

static void keep_line(struct kept *kept, const char *line, size_t length) {
  if (length > kept->capacity)
    return;
  pthread_mutex_lock(&kept->mutex);
  while (kept->capacity - kept->length < length)
    drop_oldest(kept);
  size_t end = (kept->begin + kept->length) % kept->capacity;
  size_t first = length < kept->capacity - end ? length : kept->capacity - end;
  memcpy(kept->bytes + end, line, first);
  memcpy(kept->bytes, line + first, length - first);
  kept->length += length;
  pthread_mutex_unlock(&kept->mutex);
}

void log_copy_kept(struct log *log, struct buf *out) {
  if (log == NULL || log->kept.capacity == 0)
    return;
  struct kept *kept = &log->kept;
  pthread_mutex_lock(&kept->mutex);
  size_t to_end = kept->capacity - kept->begin;
  size_t first = kept->length < to_end ? kept->length : to_end;
  buf_append(out, kept->bytes + kept->begin, first);
  buf_append(out, kept->bytes, kept->length - first);
  pthread_mutex_unlock(&kept->mutex);
}

/* ------------------------------------------------------------ the lines written */

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

/* The same in UTC: whoever reads a kept line may live elsewhere. */
static void render_kept(struct buf *line, enum log_level level, const char *part,
                        const char *text) {
  time_t now = (time_t)(clock_wall_ms() / 1000);
  struct tm utc;
  char when[32] = "";
  if (gmtime_r(&now, &utc) != NULL)
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);
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
  if (log->kept.capacity > 0) {
    buf_clear(&line);
    render_kept(&line, level, part, text);
    keep_line(&log->kept, line.data, line.length);
  }
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
