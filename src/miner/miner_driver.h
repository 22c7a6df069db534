/* A miner driver is a pure translator: which paths to ask, and what an answer
 * means. It does no I/O and keeps no state; the poller does the asking for all
 * of them. The registry at the bottom is an array one can read. */
#ifndef MINER_MINER_DRIVER_H
#define MINER_MINER_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/device_setup.h"
#include "model/miner.h"
#include "model/sample.h"
#include "model/vitals.h"

/* What one answer of the device says. */
struct miner_report {
  struct sample sample; /* at_ms 0: the caller knows the time */
  bool keeps_no_past;   /* it says that asking for its past is no use */
  struct miner_facts facts;
  struct vitals vitals;
  struct device_setup device;
};

/* What a device remembers of its own past, oldest first. */
struct miner_past_row {
  int64_t age_ms;       /* before the answer was given */
  struct sample sample; /* at_ms 0, SAMPLE_BACKFILLED set */
};

struct miner_past {
  struct miner_past_row *rows; /* heap; freed by miner_past_finish; may be NULL */
  size_t count;
};

void miner_past_finish(struct miner_past *past);

struct miner_driver {
  const char *name; /* "axeos" */

  /* Path of the request made at every poll ("/api/system/info"). */
  const char *poll_path;

  /* Path of a request made once after a restart or firmware change, NULL when
   * the device has none ("/api/system/asic"). A missing one is no failure. */
  const char *facts_path;

  /* Bytes of the poll's answer -> report. Every field is optional and one odd
   * field never costs the sample. False only when the whole is unusable: then
   * `reason` is REASON_HTML, REASON_NOT_JSON, REASON_TRUNCATED, REASON_TOO_LARGE
   * or REASON_NOT_A_MINER and `err` says so in words, without quoting the answer. The report's
   * state is what this one answer shows; miner_judge refines it with what came before. */
  bool (*parse)(const char *body, size_t length, struct miner_report *report, enum reason *reason,
                struct err *err);

  /* Bytes of the facts answer -> fills what is still unknown in `facts`.
   * NULL when there is no facts_path. */
  bool (*parse_facts)(const char *body, size_t length, struct miner_facts *facts, struct err *err);

  /* Path of a request made once after we did not see the miner for a while, NULL when
   * the device remembers nothing. A missing one is no failure. */
  const char *past_path;

  /* Its answer -> rows, maybe none. False when it is unusable, with `past` empty. NULL when
   * there is no past_path. */
  bool (*parse_past)(const char *body, size_t length, struct miner_past *past, struct err *err);
};

extern const struct miner_driver axeos_driver;

/* NULL-terminated. */
extern const struct miner_driver *const miner_drivers[];
const struct miner_driver *miner_driver_find(const char *name); /* NULL when unknown */

/* Brings what is known of a device up to date with its newest answer. Unknown
 * never replaces known (an answer may leave out what /asic told once), a made-up
 * model name never a real one; another MAC replaces everything, and a fault is
 * over when it is no longer named. */
void miner_driver_merge_facts(struct miner_facts *known, const struct miner_facts *fresh);

#endif
