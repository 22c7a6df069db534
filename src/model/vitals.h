/* What one answer of a miner tells beside the figures of a sample: looked at by the
 * alerts while it is fresh, and not kept. Here alone stands whom the miner works for:
 * it never leaves the process unmasked (vitals_mask). A plain value. */
#ifndef MODEL_VITALS_H
#define MODEL_VITALS_H

#include <stdbool.h>
#include <stddef.h>

enum { VITALS_POOL_MAX = 96, VITALS_USER_MAX = 128, VITALS_PAYEES = 4, VITALS_ADDRESS_MAX = 96 };

struct vitals {
  /* per chip, where the firmware counts so (AxeOS since 2.11); 0: it does not */
  int chips, chips_silent;
  int first_silent;            /* its number, from 1; 0 none */
  int domains, domains_silent; /* parts of the chips that are not silent as a whole */
  double heap_internal_bytes;  /* free memory that the web server lives on; NaN unknown */
  double network_difficulty;   /* of the Bitcoin network, from the job at hand; NaN unknown */
  bool best_is_rounded;        /* "4.29G": the record is known to three digits */
  char pool[VITALS_POOL_MAX];  /* the first pool as it is set, "host:port"; "" unknown */
  char user[VITALS_USER_MAX];  /* the user set for it, "address.worker"; "" unknown. Secret */
  int payees;                  /* of the block worked on, as decoded by the miner; 0 unknown */
  char payee[VITALS_PAYEES][VITALS_ADDRESS_MAX]; /* the largest shares first. Secret */
};

void vitals_init(struct vitals *vitals); /* everything unknown */

/* How a user or payout address is shown: "bc1qxy...7k2m.rig" with the first six and
 * last four characters of what stands before the first dot; short ones as "abc...".
 * Always NUL-terminated. */
void vitals_mask(const char *user, char *target, size_t size);

#endif
