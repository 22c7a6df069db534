/* What a device sends, as it sends it, but for what is private (miner/raw_mask.h): for the
 * eyes of an owner who wonders and of those who help. Nothing of it is kept: the device is
 * asked anew, by the rules of poller_hear. Loop thread only. */
#ifndef ENGINE_DEVICE_RAW_ANSWER_H
#define ENGINE_DEVICE_RAW_ANSWER_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct engine;

struct raw_answer {
  int64_t miner_id;
  int64_t at_ms;             /* when it came; wall time */
  const char *path;          /* that was asked for; borrowed */
  struct buf answer, hidden; /* JSON, as raw_mask_write makes it; gone after the call */
};

/* Runs once on the loop. `raw` is NULL when there is no answer to show: `err` then says since
 * when and why (ERR_UNAVAILABLE), or that there is no such miner (ERR_NOT_FOUND). */
typedef void (*raw_answer_done)(const struct raw_answer *raw, const struct err *err, void *arg);
void raw_answer_read(struct engine *engine, int64_t miner_id, raw_answer_done done, void *arg);

#endif
