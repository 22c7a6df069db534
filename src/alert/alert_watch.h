/* What the rules remember of one miner between its readings, shared by all of them:
 * windows, what was learned, the last settings. Some 350 bytes; what is rarely used is
 * allocated when it is. One owner, the loop thread. */
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

enum {
  ALERT_WATCH_BOOTS = 16,        /* restarts of a day that are remembered */
  ALERT_WATCH_SHARES_LEAST = 50, /* fewer say nothing about what is rejected */
  ALERT_WATCH_WARMUP_S = 600,    /* after a start the chip's errors mean nothing */
};

struct alert_settings; /* what was set when last told (alert_settings.h) */

struct alert_watch {
  int64_t last_ms;        /* of the last reading; 0 none yet */
  int64_t elapsed_ms;     /* from the reading before to this one, never negative, gaps cut */
  int64_t maintenance_ms; /* so long from now a restart or silence is part of an update */
  bool away;              /* this reading is a failed poll */
  bool fan_turned[2];     /* that fan has a tachometer: it was seen turning */
  bool flagged;           /* the device said that it overheated, at the last answer */
  bool best_is_rounded;
  bool paid_owner;                        /* the block worked on has paid an address of the list */
  uint8_t boot_count;                     /* restarts of the last 24 hours */
  uint32_t pool_key;                      /* of the pool that paid_owner is about */
  uint32_t firmware_key;                  /* 0 unknown */
  int32_t boots_ago_s[ALERT_WATCH_BOOTS]; /* how long ago, newest first */
  struct cusum cusum;
  float ratio_pct;          /* hashrate in % of expected, averaged over two minutes; NaN unknown */
  float error_pct;          /* averaged over five minutes; NaN unknown */
  float error_s;            /* how much of them there was so far */
  float accepted, rejected; /* shares of the window: the last hundred or so */
  bool heap_is_internal;    /* of the part that the web server lives on, not of all */
  float heap, heap_high;    /* free memory now, and the most of this day; NaN unknown */
  float heap_high_before;   /* of the day before; NaN unknown */
  float heap_day_s;         /* how old this day is */
  float normal_mhz, normal_mv;             /* when it was last in good order; NaN unknown */
  float slow_from_mhz;                     /* the frequency before the last overheat; NaN none */
  float slow_mhz;                          /* and what the overheat left; NaN not seen yet */
  double shares_accepted, shares_rejected; /* at the last answer; NaN unknown */
  double waited_s;                 /* since the last share, as far as it was watched hashing */
  double best;                     /* the record that was last told or found; NaN unknown */
  double blocks;                   /* at the last answer; NaN unknown */
  struct alert_settings *settings; /* NULL until the first answer */
};

void alert_watch_init(struct alert_watch *watch);
void alert_watch_finish(struct alert_watch *watch);

/* Before the rules look at a reading: brings the clock and what is learned up to
 * date. */
void alert_watch_take(struct alert_watch *watch, const struct alert_context *context);

/* A reading of the history, at the start, oldest first: learned from, never told. One
 * that is not newer than the last changes nothing but what does not depend on the order. */
void alert_watch_learn(struct alert_watch *watch, const struct alert_context *context);

/* Takes over what a watch of its own has learned from the time before: live readings may
 * have been quicker than the history. What `past` points to stays its own. */
void alert_watch_join(struct alert_watch *watch, const struct alert_watch *past);

#endif
