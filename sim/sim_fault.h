/* What can go wrong with a simulated device, by name. Some faults are physical
 * (the device notices), some concern its web server, some happen once. */
#ifndef SIM_SIM_FAULT_H
#define SIM_SIM_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_fault {
  /* physical: seen in the answers */
  SIM_OVERHEAT,       /* cooling fails; the firmware reacts as its release does */
  SIM_HOT,            /* chip held at `value` C (default 72) */
  SIM_VR_HOT,         /* regulator held at `value` C (default 98) */
  SIM_FAN_STOPPED,    /* duty as asked for, 0 rpm, no air */
  SIM_FROZEN,         /* the last hashrate for ever, no shares */
  SIM_ZERO,           /* chips silent: no hashrate, no shares */
  SIM_CHIP_LOST,      /* one chip of several gone, or half of a single one */
  SIM_SLOW_CHIPS,     /* `value` % of the hashes are never done (default 10) */
  SIM_REJECTS,        /* `value` % of shares rejected (default 30) */
  SIM_FALLBACK,       /* mining on the fallback pool */
  SIM_POOLS_AWAY,     /* no pool answers */
  SIM_POWER_FAULT,    /* the regulator has switched off */
  SIM_LOW_VOLTAGE,    /* input sags to `value` % of nominal (default 92) */
  SIM_WEAK_WIFI,      /* about `value` dBm (default -86) */
  SIM_PAUSED,         /* paused by the user, from 2.14 */
  SIM_HARDWARE_FAULT, /* the firmware has found something broken, from 2.14 */
  SIM_ERRORS,         /* `value` % of the chips' results are wrong (default 12) */
  SIM_LOW_HEAP,       /* `value` kB of internal memory left (default 25) */
  SIM_OTHER_POOL,     /* somebody has set another first pool */
  SIM_OTHER_USER,     /* and another user, with another payout address */
  /* the web server */
  SIM_REFUSE,    /* nobody listens: connection refused (a reset with --addresses) */
  SIM_GONE,      /* nobody is there: connections time out (not with --addresses) */
  SIM_HANG,      /* device stuck: accepts, never answers, time stands still */
  SIM_WEB_DEAD,  /* accepts, never answers, hashing goes on */
  SIM_SLOW,      /* a byte now and then */
  SIM_RESET,     /* connection reset in the middle of the answer */
  SIM_GARBAGE,   /* bytes that are no JSON */
  SIM_NOT_HTTP,  /* bytes that are no HTTP */
  SIM_TRUNCATED, /* closed in the middle of the answer */
  SIM_HUGE,      /* 10 MB of JSON */
  SIM_HTML,      /* a page, status 200 */
  SIM_HTTP_401,
  SIM_HTTP_302,
  SIM_HTTP_500,
  SIM_NOT_A_MINER, /* JSON of some other device */
  SIM_FAULT_COUNT,
};

/* The fault of that name, SIM_FAULT_COUNT when there is none. */
enum sim_fault sim_fault_find(const char *name);
const char *sim_fault_name(enum sim_fault fault);

/* The number that goes with a fault when the caller gives none; 0 for most. */
double sim_fault_default(enum sim_fault fault);

/* Faults as a set of bits. */
static inline uint64_t sim_fault_bit(enum sim_fault fault) {
  return UINT64_C(1) << fault;
}

#endif
