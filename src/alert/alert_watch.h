/* What the rules remember of one miner between its readings, shared by all of them:
 * windows, what was learned, the last settings. Some hundred bytes; what is rarely
 * used is allocated when it is. One owner, the loop thread. */
#ifndef ALERT_ALERT_WATCH_H
#define ALERT_ALERT_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "alert/cusum.h"
#include "model/miner.h"
#include "model/sample.h"
#include "model/vitals.h"

/* One reading of one miner, as the pipeline hands it in. Borrowed for the call. */
struct alert_context {
  int64_t miner_id;
  const struct sample *sample;
  const struct miner_facts *facts; /* all that is known of the device */
  const struct vitals *vitals;     /* what this answer says beside; NULL: the poll failed */
  int64_t interval_ms;             /* between polls; a longer step of the clock is a gap */
  int64_t *last_episode;           /* the newest number given; raised by each new episode */
};

enum { ALERT_WATCH_BOOTS = 4 };

struct alert_watch_settings; /* what was set when last told (alert_settings.h) */

struct alert_watch {
  int64_t last_ms;        /* of the last reading; 0 none yet */
  int64_t elapsed_ms;     /* from the reading before to this one, never negative, gaps cut */
  bool rebooted;          /* by this reading */
  bool away;              /* this reading is a failed poll */
  int64_t maintenance_ms; /* so long from now a restart or silence is part of an update */
  int64_t boots_ms[ALERT_WATCH_BOOTS]; /* of the last restarts, newest first; 0 none */
  struct cusum cusum;
  float ratio;     /* hashrate / expected, averaged over ten minutes; NaN unknown */
  float error_pct; /* averaged over five minutes; NaN unknown */
  double shares;   /* accepted ones at the last answer; NaN unknown */
  double waited_s; /* since the last accepted share, as far as it was watched */
  double rejected; /* refused ones at the last answer; NaN unknown */
  float window_accepted, window_rejected; /* of the last hundred shares or so */
  float heap_high, heap_high_before;      /* most free memory of this and the day before */
  float heap_day_s;                       /* how old this day is */
  float slow_mhz;                         /* the frequency before the last overheat; NaN none */
  float slow_mv;                          /* the core voltage */
  float before_mhz, before_mv;            /* at the last reading in good order; NaN unknown */
  double best;                            /* the record that was last told or found; NaN unknown */
  bool best_is_rounded;
  double blocks;      /* at the last answer; NaN unknown */
  bool fan_turned[2]; /* that fan has a tachometer: it was seen turning */
  bool paid_owner;    /* the block worked on has paid an address of the list */
  uint32_t pool_key;  /* of the pool that paid_owner is about */
  uint32_t firmware_key;
  struct alert_watch_settings *settings; /* NULL until the first answer */
};

void alert_watch_init(struct alert_watch *watch);
void alert_watch_finish(struct alert_watch *watch);

/* Before the rules look at a reading: brings the clock and what is learned up to
 * date. A reading of the past (from the history, at the start) may be given too,
 * oldest first: then nothing is told, and what was learned is there again. */
void alert_watch_take(struct alert_watch *watch, const struct alert_context *context);

#endif
