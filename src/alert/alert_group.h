/* Several miners in the same trouble at once are one message. The first of them is
 * told at once; those that follow within a minute of the one before join it, and
 * its message is told again with more in it. Pure: values in, values out. */
#ifndef ALERT_ALERT_GROUP_H
#define ALERT_ALERT_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/alert.h"

enum {
  ALERT_GROUP_WINDOW_MS = 60 * 1000,       /* after the last that joined */
  ALERT_GROUP_LONGEST_MS = 10 * 60 * 1000, /* after the first: then a new one begins */
  ALERT_GROUP_NAMED = 6,                   /* so many are named in the message */
};

struct alert_group {
  int64_t episode; /* of the first: whose message grows. 0: there is no group */
  enum alert_rule rule;
  int64_t first_ms, last_ms;
  size_t count;                      /* of miners */
  int64_t miners[ALERT_GROUP_NAMED]; /* the first of them, in the order of joining */
};

/* The rule that a group of this rule goes by: a miner that is gone and one that does
 * not answer are the same trouble when it comes to many. */
enum alert_rule alert_group_family(enum alert_rule rule);

/* True for what may come to many at once by one cause: raised or over, or restarted.
 * News, changes by hand and the monitor's own are told one by one. */
bool alert_group_is_for(enum alert_rule rule, enum alert_event_kind kind);

/* Lets the event join the group, or begins a new one with it when the group is over
 * or empty. Returns true when it joined others. */
bool alert_group_join(struct alert_group *group, const struct alert_event *event);

/* What may be behind it. */
enum alert_cause {
  ALERT_CAUSE_UNKNOWN,
  ALERT_CAUSE_NETWORK,      /* all are gone, and so is the router */
  ALERT_CAUSE_POWER,        /* all are gone, the router answers */
  ALERT_CAUSE_EVERYTHING,   /* all are gone, the router was not asked */
  ALERT_CAUSE_SHARED,       /* some of several are gone: what they have in common */
  ALERT_CAUSE_POWER_CUT,    /* several restarted together */
  ALERT_CAUSE_POOL,         /* several lost their pool together */
  ALERT_CAUSE_ROOM,         /* several got too hot together */
  ALERT_CAUSE_WIFI,         /* one, whose signal was weak or falling before */
  ALERT_CAUSE_POWER_SUPPLY, /* one, whose supply was low or which restarted by brown-out */
  ALERT_CAUSE_COUNT
};

enum alert_gateway { ALERT_GATEWAY_UNKNOWN, ALERT_GATEWAY_ANSWERS, ALERT_GATEWAY_SILENT };

struct alert_cause_facts {
  enum alert_rule rule;
  size_t count, watched; /* in this trouble; watched in all */
  enum alert_gateway gateway;
  double rssi_dbm, rssi_before_dbm; /* last reading, and usual before; NaN unknown */
  double input_mv, input_min_mv;    /* lowest of the last minutes; what is needed; NaN unknown */
  bool brown_out;                   /* the device said so at its last restart */
};
enum alert_cause alert_group_cause(const struct alert_cause_facts *facts);

/* "network": the texts are "cause.network" of texts/en.json. */
const char *alert_cause_name(enum alert_cause cause);

/* "A, B and 3 more"; `names` are at most `count`. */
void alert_group_write_names(struct buf *out, const char *language, const char *const *names,
                             size_t named, size_t count);

#endif
