/* One hour or day of one miner in figures, and how they come from samples. Pure. */
#ifndef MODEL_ROLLUP_H
#define MODEL_ROLLUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/sample.h"

#define ROLLUP_HOUR_MS INT64_C(3600000)
#define ROLLUP_DAY_MS INT64_C(86400000)

/* Between samples further apart than this nothing is known: no energy, no time
 * online. */
#define ROLLUP_GAP_MS INT64_C(600000)

struct rollup_metric {
  double average, minimum, maximum; /* unknown when no sample knew it */
};

struct rollup {
  int64_t at_ms;   /* when it begins, UTC */
  int64_t samples; /* polls, with those that failed */
  int64_t missed;  /* polls that failed */
  double online_s, hashing_s;
  int64_t shares_accepted, shares_rejected; /* since the value before, across reboots */
  double energy_wh;                         /* integral of the power over the known time */
  double best_diff;                         /* the highest seen, unknown when none */
  /* Unknown where average and bounds say nothing: counters (metric_kind) and the
   * best difficulty. */
  struct rollup_metric metrics[METRIC_COUNT];
  /* What the share counters stood at last, for the hour that follows; unknown
   * (METRIC_STORED_UNKNOWN) before the first. */
  int64_t last_accepted, last_rejected;
};

/* The start of the hour or day (length_ms) that `at_ms` lies in. */
int64_t rollup_start(int64_t at_ms, int64_t length_ms);

/* Folds the samples of one miner, given in the order of their times, into hours. */
struct rollup_fold {
  struct rollup rollup; /* of the hour in progress, sums for averages; samples 0: none yet */
  struct sample previous;
  bool has_previous;
  int64_t counts[METRIC_COUNT];
};

/* `before` may be NULL: the hour before, whose counters are carried on. */
void rollup_fold_init(struct rollup_fold *fold, const struct rollup *before);

/* A sample before the first hour: its time and power count from the hour's begin
 * on. Before the first rollup_fold_add; the last one given holds. */
void rollup_fold_lead(struct rollup_fold *fold, const struct sample *sample);

/* True for metrics of which hours keep average, minimum and maximum. */
bool rollup_has(enum metric metric);

/* True when the sample begins a new hour and `finished` was filled with the one
 * before. */
bool rollup_fold_add(struct rollup_fold *fold, const struct sample *sample,
                     struct rollup *finished);

/* True when an hour was in progress; `finished` gets it. */
bool rollup_fold_finish(struct rollup_fold *fold, struct rollup *finished);

/* A day of its hours (count >= 1, in order of time): averages are those of the
 * hours weighted by their answered polls, the rest adds up. */
void rollup_combine(const struct rollup *hours, size_t count, int64_t at_ms, struct rollup *day);

#endif
