/* The state machine of one rule on one miner; pure, time is in the reading.
 *
 *               bad (or suspect)             bad for long enough, cooldown over
 *        OK ---------------------> PENDING ------------------------> FIRING  (raised)
 *        ^ <--- not bad ----------                                   |  ^ |
 *        |                                                      good v  | | "I know"
 *        +<---- good for long enough (cleared) ------------ RECOVERING  | v
 *        |                                                      good ^  | ACKNOWLEDGED
 *        |                                                           +--|--'   ^
 *        +<---- the rule is changed or switched off, or the             +------+
 *               miner pauses: from anywhere (changed)                not good any more
 *
 * From RECOVERING it returns to where it came from: FIRING, or ACKNOWLEDGED once
 * somebody has said "I know". Only FIRING reminds. Bad means beyond the limit, good
 * means on the right side of it by more than the hysteresis, between is in between.
 *
 * Missing data neither raises nor clears. While a miner is away the rules about its
 * figures stand still; being away is a rule of its own, which fires with the judge's
 * word (three missed polls); the first missed poll makes it suspect, so that `since`
 * is when the silence began. A paused miner raises nothing.
 *
 * Times are counted in steps from reading to reading, so that a clock that jumps can
 * neither fire nor clear anything by itself: a step back counts as nothing, a leap
 * forward as one gap. */
#ifndef ALERT_ALERT_STEP_H
#define ALERT_ALERT_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "alert/alert_rulebook.h"
#include "alert/alert_watch.h"
#include "model/alert.h"

/* What one reading says about one rule. */
enum alert_input {
  ALERT_IS_MISSING, /* nothing */
  ALERT_IS_SUSPECT, /* it may be beginning */
  ALERT_IS_BAD,     /* the condition holds */
  ALERT_IS_BETWEEN, /* within the hysteresis */
  ALERT_IS_GOOD,    /* the condition is over */
  ALERT_IS_VOID,    /* the rule does not apply any more: off, changed, or paused */
  ALERT_IS_KNOWN,   /* somebody says "I know" */
  ALERT_INPUT_COUNT
};

struct alert_reading {
  enum alert_input input;
  double value, limit; /* NaN where none applies */
  int reason;          /* enum reason, 0 none */
};

struct alert_memory {
  enum alert_phase phase;
  int holds;                  /* readings in a row towards firing or clearing */
  int64_t held_ms;            /* how long they lasted; begins anew with the program */
  int64_t since_ms;           /* when the condition began; 0 in ALERT_OK */
  int64_t changed_ms;         /* when the phase last changed */
  int64_t announced_ms;       /* last raised or reminded, kept over ALERT_OK; 0 never */
  int64_t acknowledged_ms;    /* when somebody said "I know"; 0 nobody */
  int64_t episode;            /* number of the open one; 0 none */
  double worst, value, limit; /* of the episode; NaN where none applies */
  int reason;                 /* enum reason, 0 none */
};

void alert_memory_init(struct alert_memory *memory);

/* One reading against one rule, with the time it stands for. */
struct alert_step {
  enum alert_rule rule;
  const struct alert_tuning *tuning;
  struct alert_reading reading;
  int64_t at_ms, elapsed_ms;
  int64_t *last_episode; /* see alert_context */
};

/* True when `event` was filled (raised, reminded, cleared, changed); its miner_id is
 * left 0, its detail empty. `changed` says that the memory must be saved. */
bool alert_step(const struct alert_step *step, struct alert_memory *memory,
                struct alert_event *event, bool *changed);

/* Somebody says "I know". False when the rule does not fire, or was acknowledged. */
bool alert_step_acknowledge(enum alert_rule rule, int64_t at_ms, struct alert_memory *memory,
                            struct alert_event *event);

/* Who hears what happened. */
struct alert_sink {
  void (*event)(const struct alert_event *event, void *arg); /* miner_id and detail filled */
  /* The memory of that rule must be saved; before the event that goes with it. */
  void (*changed)(enum alert_rule rule, const struct alert_memory *memory, void *arg);
  void *arg;
};

/* All rules of a miner on one reading. `memories` has ALERT_RULE_COUNT entries; those
 * of the monitor's own rules are left alone. */
void alert_step_all(const struct alert_rulebook *book, const struct alert_context *context,
                    struct alert_watch *watch, struct alert_memory *memories,
                    const struct alert_sink *sink);

/* The number of a new episode: the milliseconds x 1000, or one more than the newest. */
int64_t alert_step_number(int64_t at_ms, int64_t *last_episode);

#endif
