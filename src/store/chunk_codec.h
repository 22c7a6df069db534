/* A row of samples as one blob: the form in which history is kept for ever. Pure.
 *
 * A blob says itself what it holds: for each column its number, its scale and how
 * it is packed, so that a column can be added later and old blobs still be read (a
 * column they lack is unknown, a column that is not known here is passed over).
 * It ends with a CRC-32C of all before it. Times, states and values come back
 * exactly at the scales of model/metric; unknown stays unknown. */
#ifndef STORE_CHUNK_CODEC_H
#define STORE_CHUNK_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/sample.h"

enum { CHUNK_SAMPLES_MAX = 4096 }; /* in one blob */

/* Appends the blob of samples[0..count), 1 <= count <= CHUNK_SAMPLES_MAX
 * (asserted), in the order given; any order of times is kept. */
void chunk_codec_encode(const struct sample *samples, size_t count, struct buf *blob);

/* Appends nothing and never reads beyond `length`, whatever the bytes. On success
 * `samples` (heap, free with free()) holds `count` of them. ERR_CORRUPT says what is
 * wrong with the blob, also when it is of a newer form. */
bool chunk_codec_decode(const void *blob, size_t length, struct sample **samples, size_t *count,
                        struct err *err);

/* What is wanted of a blob, and what was found. */
struct chunk_part {
  uint64_t metrics;       /* in: a bit for each that is wanted; UINT64_MAX: all */
  struct sample *samples; /* out, as above */
  size_t count;
};

/* As chunk_codec_decode, at a fraction of the cost: other metrics stay unknown, and
 * the offset, which no chart shows, 0 unless all are wanted. */
bool chunk_codec_decode_part(const void *blob, size_t length, struct chunk_part *part,
                             struct err *err);

/* CRC-32C (Castagnoli, as in RFC 3720); "123456789" gives 0xe3069283. */
uint32_t chunk_codec_crc(const void *bytes, size_t length);

#endif
