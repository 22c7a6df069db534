/* A line of the log, fit for a stranger who helps. A log says more than other text
 * does, so more is hidden than mask_append hides. Pure. */
#ifndef API_SETUP_LOG_MASK_H
#define API_SETUP_LOG_MASK_H

#include "base/buf.h"

/* Appends the line as mask_append does, and hides besides:
 *   what stands in quotes   "miner 'Garage' is"   -> "miner '(hidden)' is": names
 *   the way in a URL        "http://host/a/b"     -> "http://host/(hidden)"
 *   mail addresses          "anna@example.com"    -> "(hidden)"
 *   whose folder it is      "/home/anna/data"     -> "/home/(hidden)/data" */
void log_mask_append(struct buf *out, const char *line);

#endif
