/* The log: lines of text for a person on a terminal, JSON lines otherwise.
 * One object, made by main and handed to whoever logs; safe from any thread
 * (one write call a line). Secrets are never passed to it. The last lines can be
 * kept, for the support file.
 *
 * A line is logged where an error is handled, not where it is passed on. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log;

/* Writes to file descriptor `fd`; `json` chooses the form. */
struct log *log_create(int fd, enum log_level level, bool json);
void log_destroy(struct log *log); /* NULL accepted */

/* Keeps the newest lines from here on, `bytes` at most; called once, before other
 * threads log. */
void log_keep(struct log *log, size_t bytes);

/* Appends the kept lines to `out`, the oldest first, each with its line break:
 * "2026-11-22T16:00:00Z warn  poller: text", whatever form is written. Nothing when
 * none are kept, or `log` is NULL. */
void log_copy_kept(struct log *log, struct buf *out);

/* `part` names the module ("poller"). The text is one line; line breaks and
 * control characters from outside are escaped. NULL as log is silent. */
void log_write(struct log *log, enum log_level level, const char *part, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* "debug", "info", "warn", "error"; false for anything else. */
bool log_parse_level(const char *text, enum log_level *level);

#endif
