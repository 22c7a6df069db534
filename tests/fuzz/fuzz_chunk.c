/* A chunk from a damaged disk: the checksum is put right first, so that what lies
 * behind it is reached. What is read must be readable again after it was written. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/chunk_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct sample *samples, size_t count) {
  struct buf blob;
  struct sample *again = NULL;
  size_t again_count = 0;
  struct err err;
  buf_init(&blob);
  chunk_codec_encode(samples, count, &blob);
  assert(chunk_codec_decode(blob.data, blob.length, &again, &again_count, &err));
  assert(again_count == count);
  for (size_t i = 0; i < count; i++)
    assert(again[i].at_ms == samples[i].at_ms && again[i].flags == samples[i].flags &&
           again[i].state == samples[i].state && again[i].offset_ms == samples[i].offset_ms);
  free(again);
  buf_finish(&blob);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sample *samples = NULL;
  size_t count = 0;
  struct err err = {0};
  unsigned char *blob = malloc(size + 4);
  if (size > 0)
    memcpy(blob, data, size);
  uint32_t crc = chunk_codec_crc(blob, size);
  for (size_t i = 0; i < 4; i++)
    blob[size + i] = (unsigned char)(crc >> (8 * i));
  if (chunk_codec_decode(blob, size + 4, &samples, &count, &err)) {
    assert(count >= 1 && count <= CHUNK_SAMPLES_MAX);
    check_round_trip(samples, count);
    free(samples);
  } else {
    assert(err.code == ERR_CORRUPT && err.text[0] != '\0');
  }
  free(blob);
  return 0;
}
