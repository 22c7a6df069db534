/* A batch as bytes, for the spool: what is kept of each kind of row is listed once, in the tables
 * of batch_codec.c, which also say what a byte means when a newer or an older program reads it.
 *
 *   "BMB" 1 | rows | CRC-32C, four bytes, low first
 *   row:   kind | length | fields          (varints: seven bits a byte, low first)
 *   field: number x 4 + form | value       form 0: zigzag varint, 1: eight bytes, 2: length and
 * text
 *
 * What is 0, empty or unknown is left out; kinds and fields that are not known are passed over.
 * Figures of samples are kept at their stored scales, as the database would. */
#ifndef ENGINE_SPOOL_BATCH_CODEC_H
#define ENGINE_SPOOL_BATCH_CODEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "engine/batch.h"

/* Appends to `out`. */
void batch_codec_write(const struct batch *batch, struct buf *out);

/* A batch for batch_destroy; NULL with ERR_CORRUPT when the bytes are damaged. */
struct batch *batch_codec_read(const void *bytes, size_t length, struct err *err);

/* --- for the test that no field was forgotten --- */

struct batch_codec_span {
  size_t offset, size;
};

/* Fills `spans` with where the tables look inside a row of that kind (0, 1, ...), fields that are
 * left out on purpose included. Returns how many (at most `room`), 0 past the last kind; `row_size`
 * gets the size of the row, `array_offset` where in struct batch its array is. */
size_t batch_codec_spans(size_t kind, struct batch_codec_span *spans, size_t room, size_t *row_size,
                         size_t *array_offset);

#endif
