/* A batch from a damaged spool: the checksum is put right first, so that what lies behind it is
 * reached. What is read must be readable again after it was written, and mean the same. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "engine/spool/batch_codec.h"
#include "store/chunk_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void append_crc(struct buf *bytes) {
  uint32_t crc = chunk_codec_crc(bytes->data, bytes->length);
  for (int shift = 0; shift < 32; shift += 8)
    buf_append_char(bytes, (char)(crc >> shift & 255));
}

static void check_round_trip(const struct batch *batch) {
  struct buf once, twice;
  struct err err;
  buf_init(&once);
  buf_init(&twice);
  batch_codec_write(batch, &once);
  struct batch *again = batch_codec_read(once.data, once.length, &err);
  assert(again != NULL);
  batch_codec_write(again, &twice);
  assert(once.length == twice.length && memcmp(once.data, twice.data, once.length) == 0);
  batch_destroy(again);
  buf_finish(&once);
  buf_finish(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct buf bytes;
  struct err err = {0};
  buf_init(&bytes);
  buf_append_text(&bytes, "BMB\1"); /* what stands before the rows is never by luck */
  buf_append(&bytes, data, size);
  append_crc(&bytes);
  struct batch *batch = batch_codec_read(bytes.data, bytes.length, &err);
  if (batch != NULL)
    check_round_trip(batch);
  else
    assert(err.code == ERR_CORRUPT && err.text[0] != '\0');
  batch_destroy(batch);
  buf_finish(&bytes);
  return 0;
}
