/* The newest samples of one miner in memory, packed as they come: some 15 bytes
 * a sample, less than 1 KB when empty. It answers what is asked most without
 * touching the database. Encoding: per column the difference to the value before
 * in adaptive Rice code, unknown kept as such. Single thread; a copy (open_chunk_dup)
 * may be read on another. */
#ifndef STORE_OPEN_CHUNK_H
#define STORE_OPEN_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/sample.h"

struct open_chunk;

struct open_chunk *open_chunk_create(void);
void open_chunk_destroy(struct open_chunk *chunk); /* NULL accepted */

/* Appends at the end; samples may be out of order in time. Values are kept at
 * the scales of model/metric. Beyond 7,680 samples the oldest are forgotten. */
void open_chunk_append(struct open_chunk *chunk, const struct sample *sample);

/* Forgets samples older than `before_ms` (whole blocks; some older may stay). */
void open_chunk_trim(struct open_chunk *chunk, int64_t before_ms);

size_t open_chunk_count(const struct open_chunk *chunk);
size_t open_chunk_bytes(const struct open_chunk *chunk);

/* From this time on the chunk holds everything that came since its first sample;
 * INT64_MAX when empty. A range that starts earlier must also be read from the
 * database. */
int64_t open_chunk_complete_from(const struct open_chunk *chunk);

/* Oldest first; return false to stop. from_ms <= at_ms < to_ms. */
typedef bool (*open_chunk_visit)(const struct sample *sample, void *arg);
void open_chunk_each(const struct open_chunk *chunk, int64_t from_ms, int64_t to_ms,
                     open_chunk_visit visit, void *arg);

/* A copy for another thread, to be destroyed with open_chunk_destroy. */
struct open_chunk *open_chunk_dup(const struct open_chunk *chunk);

#endif
