/* Samples that go into the twin's database through its writer thread. */
#ifndef TESTS_API_RECORD_H
#define TESTS_API_RECORD_H

#include "api/twin.h"
#include "store/sample_store.h"

struct record {
  struct sample_row rows[256];
  size_t count;
};

/* Returns once they are committed. */
void record_insert(struct engine *twin, const struct record *record);

/* The same as a sealed chunk with its hours and days. The rows are one miner's, in
 * the order of time. */
void record_seal(struct engine *twin, const struct record *record);

/* Makes every sealed chunk unreadable. */
void record_spoil(struct engine *twin);

/* Lets go of the samples from before the last row's time, as the retention does. */
void record_let_go(struct engine *twin, const struct record *record);

#endif
