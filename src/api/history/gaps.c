#include "api/history/gaps.h"

#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"

/* Moments of one kind that follow each other closely: there are few of these,
 * however many samples there are. */
struct run {
  int64_t from_ms, to_ms;
  enum { RUN_ANSWERED, RUN_SILENT, RUN_DAMAGED } kind;
};

struct gaps {
  struct gaps_options options;
  struct run *runs;
  size_t run_count, run_capacity;
  bool sorted;
  struct gap *found;
  size_t found_count, found_capacity;
};

struct gaps *gaps_create(const struct gaps_options *options) {
  assert(options->from_ms < options->to_ms && options->shortest_ms > 0);
  struct gaps *gaps = mem_alloc(sizeof *gaps);
  gaps->options = *options;
  gaps->sorted = true;
  return gaps;
}

void gaps_destroy(struct gaps *gaps) {
  if (gaps == NULL)
    return;
  free(gaps->runs);
  free(gaps->found);
  free(gaps);
}

/* ------------------------------------------------------------ what is known */

static bool extends(const struct gaps *gaps, const struct run *last, struct run next) {
  return last->kind == next.kind && next.from_ms >= last->from_ms &&
         next.from_ms - last->to_ms < gaps->options.shortest_ms;
}

static void put_run(struct gaps *gaps, struct run run) {
  struct run *last = gaps->run_count == 0 ? NULL : &gaps->runs[gaps->run_count - 1];
  if (last != NULL && extends(gaps, last, run)) {
    if (run.to_ms > last->to_ms)
      last->to_ms = run.to_ms;
    return;
  }
  if (gaps->run_count == gaps->run_capacity) {
    gaps->run_capacity = gaps->run_capacity == 0 ? 16 : gaps->run_capacity * 2;
    gaps->runs = mem_resize(gaps->runs, gaps->run_capacity, sizeof *gaps->runs);
  }
  if (last != NULL && run.from_ms < last->from_ms)
    gaps->sorted = false;
  gaps->runs[gaps->run_count++] = run;
}

void gaps_add(struct gaps *gaps, int64_t from_ms, int64_t to_ms, bool answered) {
  put_run(gaps, (struct run){from_ms, to_ms, answered ? RUN_ANSWERED : RUN_SILENT});
}

void gaps_add_damage(struct gaps *gaps, int64_t from_ms, int64_t to_ms) {
  put_run(gaps, (struct run){from_ms, to_ms, RUN_DAMAGED});
}

static int compare_runs(const void *a, const void *b) {
  const struct run *x = a, *y = b;
  if (x->from_ms != y->from_ms)
    return x->from_ms > y->from_ms ? 1 : -1;
  return (x->to_ms > y->to_ms) - (x->to_ms < y->to_ms);
}

/* ------------------------------------------------------------ what follows */

/* Gaps of one kind that touch are one. */
static void put_gap(struct gaps *gaps, struct gap gap) {
  const struct gaps_options *options = &gaps->options;
  if (gap.from_ms < options->from_ms)
    gap.from_ms = options->from_ms;
  if (gap.to_ms > options->to_ms)
    gap.to_ms = options->to_ms;
  if (gap.to_ms - gap.from_ms < options->shortest_ms)
    return;
  struct gap *last = gaps->found_count == 0 ? NULL : &gaps->found[gaps->found_count - 1];
  if (last != NULL && last->kind == gap.kind && last->to_ms >= gap.from_ms) {
    last->to_ms = gap.to_ms > last->to_ms ? gap.to_ms : last->to_ms;
    return;
  }
  if (gaps->found_count == gaps->found_capacity) {
    gaps->found_capacity = gaps->found_capacity == 0 ? 16 : gaps->found_capacity * 2;
    gaps->found = mem_resize(gaps->found, gaps->found_capacity, sizeof *gaps->found);
  }
  gaps->found[gaps->found_count++] = gap;
}

/* The part of a silence that ends at `end_ms`; `from_ms` moves on to there. */
static void put_part(struct gaps *gaps, int64_t *from_ms, int64_t end_ms, enum gap_kind kind) {
  if (*from_ms >= end_ms)
    return;
  put_gap(gaps, (struct gap){*from_ms, end_ms, kind});
  *from_ms = end_ms;
}

/* Nothing is recorded from one time to the other: before it was watched, where
 * records are let go, and while they wait elsewhere, that is nobody's fault. */
static void put_silence(struct gaps *gaps, int64_t from_ms, int64_t to_ms) {
  const struct gaps_options *options = &gaps->options;
  if (to_ms - from_ms < options->shortest_ms)
    return;
  put_part(gaps, &from_ms, options->watched_ms < to_ms ? options->watched_ms : to_ms, GAP_UNKNOWN);
  put_part(gaps, &from_ms, options->kept_ms < to_ms ? options->kept_ms : to_ms, GAP_EXPIRED);
  bool may_wait = options->waiting_ms > 0 && options->waiting_ms < to_ms;
  put_part(gaps, &from_ms, may_wait ? options->waiting_ms : to_ms, GAP_MONITOR_OFF);
  put_part(gaps, &from_ms, to_ms, GAP_UNKNOWN);
}

/* A silent run lasts until the miner is asked again: the moment of its last
 * unanswered question is not when it came back. */
static int64_t end_of(const struct gaps *gaps, size_t index) {
  const struct run *run = &gaps->runs[index];
  bool is_last = index + 1 == gaps->run_count;
  int64_t next_ms = is_last ? gaps->options.to_ms : run[1].from_ms;
  bool follows = run->kind == RUN_SILENT && next_ms > run->to_ms &&
                 next_ms - run->to_ms < gaps->options.shortest_ms;
  return follows ? next_ms : run->to_ms;
}

/* In order, and those of a kind that came apart only by the order joined. */
static void sort_runs(struct gaps *gaps) {
  size_t count = gaps->run_count;
  qsort(gaps->runs, count, sizeof *gaps->runs, compare_runs);
  gaps->run_count = 0;
  gaps->sorted = true;
  for (size_t i = 0; i < count; i++)
    put_run(gaps, gaps->runs[i]); /* never ahead of what is read */
}

const struct gap *gaps_list(struct gaps *gaps, size_t *count) {
  if (!gaps->sorted)
    sort_runs(gaps);
  gaps->found_count = 0;
  int64_t known_ms = gaps->options.from_ms; /* up to here it is told */
  for (size_t i = 0; i < gaps->run_count; i++) {
    const struct run *run = &gaps->runs[i];
    int64_t end_ms = end_of(gaps, i);
    put_silence(gaps, known_ms, run->from_ms);
    if (run->kind != RUN_ANSWERED)
      put_gap(gaps, (struct gap){run->from_ms, end_ms,
                                 run->kind == RUN_SILENT ? GAP_MINER_OFF : GAP_UNKNOWN});
    if (end_ms > known_ms)
      known_ms = end_ms;
  }
  put_silence(gaps, known_ms, gaps->options.to_ms);
  *count = gaps->found_count;
  return gaps->found;
}

const char *gaps_kind_name(enum gap_kind kind) {
  static const char *const names[] = {"miner_off", "monitor_off", "unknown", "expired"};
  return names[kind];
}
