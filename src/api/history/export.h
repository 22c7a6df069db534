/* The samples of a miner as text, piece by piece, oldest first: any range goes
 * through a few megabytes of memory. Pieces are cut by time; how long they are
 * follows from how dense the samples lie. */
#ifndef API_HISTORY_EXPORT_H
#define API_HISTORY_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "store/history.h"

enum export_format {
  EXPORT_CSV,  /* a line of names, then one line a sample; unknown is empty */
  EXPORT_JSONL /* one JSON object a line, as in a list of samples */
};

struct export_format_facts {
  const char *name; /* "csv": of the parameter, and of a file's end */
  const char *content_type;
};
const struct export_format_facts *export_format_facts(enum export_format format);

/* False when no format has that name. */
bool export_find_format(const char *name, enum export_format *out);

struct export {
  enum export_format format;
  struct history_query query; /* what is still to come: from_ms moves on */
  int64_t width_ms;           /* of the next piece of time */
  int64_t damaged;            /* how often something unreadable was passed over */
  bool begun;
};

void export_init(struct export *export, enum export_format format,
                 const struct history_query *query);

/* True when everything was written. */
bool export_is_done(const struct export *export);

/* Appends what comes next, some 10 KB to 5 MB, less at the end. `db` as in
 * history_read. After a failure the export cannot go on. */
bool export_more(struct export *export, struct db *db, struct buf *out, struct err *err);

#endif
