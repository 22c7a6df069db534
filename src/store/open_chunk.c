/* Blocks of samples, each a stream of bits that can be read without the others,
 * so that trimming is dropping blocks.
 *
 * A sample is a row of whole numbers (columns). Of each, what is kept is the
 * difference to the value before (for the time: to the tick that was expected), in
 * adaptive Rice code with a mean of its own (store/rice.h): a column that never
 * changes costs one bit and a noisy one little more than its noise.
 *
 * Unknown values are one more column, a mask with a bit per metric; the column of
 * an unknown metric repeats its last value and so costs its one bit.
 *
 * Rejected: byte-wise varints with a mask of the columns that changed, 40 % larger
 * and no simpler; a codec per block of columns (as sealed chunks have), which needs
 * the whole block uncompressed while it grows, 25 KB for each miner. */
#include "store/open_chunk.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/rice.h"

enum {
  BLOCK_SAMPLES = 120, /* 20 minutes at 10 s */
  /* A bound on memory when a sample from the future keeps old blocks from being
   * trimmed: two hours at the fastest poll are 3,600 samples. */
  BLOCKS_MAX = 64,
};

enum {
  COLUMN_TIME,
  COLUMN_OFFSET,
  COLUMN_STATE,
  COLUMN_REASON,
  COLUMN_FLAGS,
  COLUMN_UNKNOWN, /* bit m: metric m is unknown */
  COLUMN_FIRST_METRIC,
  COLUMN_COUNT = COLUMN_FIRST_METRIC + METRIC_COUNT
};

_Static_assert(METRIC_COUNT <= 64, "the mask of unknown metrics has 64 bits");

enum {
  SAMPLE_BYTES_MAX = (COLUMN_COUNT * RICE_NUMBER_BITS_MAX) / 8 + RICE_ROOM,
  GROWTH = 512,
};

struct block {
  int64_t min_ms, max_ms;
  uint32_t count;
  uint32_t bits;     /* in use */
  uint32_t capacity; /* of bytes; those not in use are zero */
  unsigned char bytes[];
};

/* What encoder and decoder both know after the same samples. */
struct coder {
  int64_t previous[COLUMN_COUNT];
  int64_t step_ms;             /* between the last two ticks */
  uint32_t mean[COLUMN_COUNT]; /* of the folded differences, times 16 */
};

struct open_chunk {
  struct block **blocks; /* oldest first; only the last one grows */
  size_t block_count;
  size_t count; /* of samples */
  size_t bytes;
  int64_t complete_from_ms; /* INT64_MAX when empty */
  int64_t forgotten_ms;     /* the newest time that was trimmed away; INT64_MIN: none */
  struct coder coder;       /* of the last block */
};

/* ---- samples ---- */

static int64_t expected_of(const struct coder *coder, int column) {
  uint64_t previous = (uint64_t)coder->previous[column];
  return (int64_t)(column == COLUMN_TIME ? previous + (uint64_t)coder->step_ms : previous);
}

static void learn(struct coder *coder, const int64_t columns[COLUMN_COUNT], bool first) {
  if (!first)
    coder->step_ms =
        (int64_t)((uint64_t)columns[COLUMN_TIME] - (uint64_t)coder->previous[COLUMN_TIME]);
  memcpy(coder->previous, columns, sizeof coder->previous);
}

static void to_columns(const struct sample *sample, const struct coder *coder,
                       int64_t columns[COLUMN_COUNT]) {
  uint64_t unknown = 0;
  columns[COLUMN_TIME] = sample->at_ms;
  columns[COLUMN_OFFSET] = sample->offset_ms;
  columns[COLUMN_STATE] = sample->state;
  columns[COLUMN_REASON] = sample->reason;
  columns[COLUMN_FLAGS] = sample->flags;
  for (int metric = 0; metric < METRIC_COUNT; metric++) {
    int column = COLUMN_FIRST_METRIC + metric;
    int64_t stored = metric_to_stored((enum metric)metric, sample->values[metric]);
    if (stored == METRIC_STORED_UNKNOWN) {
      unknown |= UINT64_C(1) << metric;
      stored = coder->previous[column];
    }
    columns[column] = stored;
  }
  columns[COLUMN_UNKNOWN] = (int64_t)unknown;
}

static void to_sample(const int64_t columns[COLUMN_COUNT], struct sample *sample) {
  uint64_t unknown = (uint64_t)columns[COLUMN_UNKNOWN];
  sample->at_ms = columns[COLUMN_TIME];
  sample->offset_ms = (int32_t)columns[COLUMN_OFFSET];
  sample->state = (enum miner_state)columns[COLUMN_STATE];
  sample->reason = (enum reason)columns[COLUMN_REASON];
  sample->flags = (uint32_t)columns[COLUMN_FLAGS];
  for (int metric = 0; metric < METRIC_COUNT; metric++)
    sample->values[metric] =
        unknown >> metric & 1
            ? METRIC_UNKNOWN
            : metric_from_stored((enum metric)metric, columns[COLUMN_FIRST_METRIC + metric]);
}

/* A block's first sample has nothing before it: its numbers are plain. */
static void encode(struct block *block, struct coder *coder, const struct sample *sample) {
  struct rice_writer writer = {.bytes = block->bytes, .bits = block->bits};
  bool first = block->count == 0;
  if (first)
    *coder = (struct coder){0};
  int64_t columns[COLUMN_COUNT];
  to_columns(sample, coder, columns);
  for (int column = 0; column < COLUMN_COUNT; column++) {
    uint64_t number = rice_fold(columns[column], expected_of(coder, column));
    if (first)
      rice_put_plain(&writer, number);
    else
      rice_put(&writer, &coder->mean[column], number);
  }
  block->bits = writer.bits;
  learn(coder, columns, first);
}

static void decode(struct rice_reader *reader, struct coder *coder, bool first,
                   struct sample *sample) {
  int64_t columns[COLUMN_COUNT];
  for (int column = 0; column < COLUMN_COUNT; column++) {
    uint64_t number = first ? rice_get_plain(reader) : rice_get(reader, &coder->mean[column]);
    columns[column] = rice_unfold(number, expected_of(coder, column));
  }
  learn(coder, columns, first);
  to_sample(columns, sample);
}

/* ---- blocks ---- */

/* The block with room for that many bytes; it may move, and new bytes are zero. */
static struct block *resize(struct block *block, size_t capacity) {
  size_t old = block != NULL ? block->capacity : 0;
  struct block *resized = mem_resize(block, 1, sizeof *block + capacity);
  if (block == NULL)
    *resized = (struct block){.min_ms = INT64_MAX, .max_ms = INT64_MIN};
  if (capacity > old)
    memset(resized->bytes + old, 0, capacity - old);
  resized->capacity = (uint32_t)capacity;
  return resized;
}

static size_t used_bytes(const struct block *block) {
  return block->bits / 8 + RICE_ROOM;
}

static void resize_last(struct open_chunk *chunk, size_t capacity) {
  struct block **last = &chunk->blocks[chunk->block_count - 1];
  chunk->bytes = chunk->bytes - (*last)->capacity + capacity;
  *last = resize(*last, capacity);
}

static void add_block(struct open_chunk *chunk) {
  size_t count = chunk->block_count + 1;
  chunk->blocks = mem_resize(chunk->blocks, count, sizeof(struct block *));
  chunk->blocks[chunk->block_count] = resize(NULL, GROWTH);
  chunk->block_count = count;
  chunk->bytes += sizeof(struct block *) + sizeof(struct block) + GROWTH;
}

static void drop_oldest(struct open_chunk *chunk) {
  struct block *block = chunk->blocks[0];
  if (block->max_ms > chunk->forgotten_ms)
    chunk->forgotten_ms = block->max_ms;
  if (chunk->complete_from_ms <= chunk->forgotten_ms)
    chunk->complete_from_ms = chunk->forgotten_ms + 1;
  chunk->count -= block->count;
  chunk->bytes -= sizeof(struct block *) + sizeof *block + block->capacity;
  chunk->block_count--;
  memmove(chunk->blocks, chunk->blocks + 1, chunk->block_count * sizeof(struct block *));
  free(block);
}

/* The last block, with room for one more sample of any kind. */
static struct block *make_room(struct open_chunk *chunk) {
  struct block *last = chunk->block_count > 0 ? chunk->blocks[chunk->block_count - 1] : NULL;
  if (last == NULL || last->count == BLOCK_SAMPLES) {
    if (last != NULL)
      resize_last(chunk, used_bytes(last)); /* it stays as it is from now on */
    if (chunk->block_count == BLOCKS_MAX)
      drop_oldest(chunk);
    add_block(chunk);
  } else if (last->capacity - used_bytes(last) < SAMPLE_BYTES_MAX) {
    resize_last(chunk, last->capacity + GROWTH);
  }
  return chunk->blocks[chunk->block_count - 1];
}

/* ---- the chunk ---- */

struct open_chunk *open_chunk_create(void) {
  struct open_chunk *chunk = mem_alloc(sizeof *chunk);
  chunk->bytes = sizeof *chunk;
  chunk->forgotten_ms = INT64_MIN;
  return chunk;
}

void open_chunk_destroy(struct open_chunk *chunk) {
  if (chunk == NULL)
    return;
  for (size_t i = 0; i < chunk->block_count; i++)
    free(chunk->blocks[i]);
  free(chunk->blocks);
  free(chunk);
}

void open_chunk_append(struct open_chunk *chunk, const struct sample *sample) {
  if (chunk->count == 0)
    chunk->complete_from_ms =
        sample->at_ms > chunk->forgotten_ms ? sample->at_ms : chunk->forgotten_ms + 1;
  struct block *block = make_room(chunk);
  encode(block, &chunk->coder, sample);
  block->count++;
  chunk->count++;
  if (sample->at_ms < block->min_ms)
    block->min_ms = sample->at_ms;
  if (sample->at_ms > block->max_ms)
    block->max_ms = sample->at_ms;
}

void open_chunk_trim(struct open_chunk *chunk, int64_t before_ms) {
  while (chunk->block_count > 0 && chunk->blocks[0]->max_ms < before_ms)
    drop_oldest(chunk);
}

size_t open_chunk_count(const struct open_chunk *chunk) {
  return chunk->count;
}

size_t open_chunk_bytes(const struct open_chunk *chunk) {
  return chunk->bytes;
}

int64_t open_chunk_complete_from(const struct open_chunk *chunk) {
  return chunk->count > 0 ? chunk->complete_from_ms : INT64_MAX;
}

/* False when the visitor had enough. */
static bool visit_block(const struct block *block, int64_t from_ms, int64_t to_ms,
                        open_chunk_visit visit, void *arg) {
  struct rice_reader reader = {.bytes = block->bytes};
  struct coder coder = {0};
  for (uint32_t i = 0; i < block->count; i++) {
    struct sample sample;
    decode(&reader, &coder, i == 0, &sample);
    if (sample.at_ms >= from_ms && sample.at_ms < to_ms && !visit(&sample, arg))
      return false;
  }
  return true;
}

void open_chunk_each(const struct open_chunk *chunk, int64_t from_ms, int64_t to_ms,
                     open_chunk_visit visit, void *arg) {
  for (size_t i = 0; i < chunk->block_count; i++) {
    const struct block *block = chunk->blocks[i];
    if (block->max_ms >= from_ms && block->min_ms < to_ms &&
        !visit_block(block, from_ms, to_ms, visit, arg))
      return;
  }
}

struct open_chunk *open_chunk_dup(const struct open_chunk *chunk) {
  struct open_chunk *copy = mem_alloc(sizeof *copy);
  *copy = *chunk;
  copy->blocks = mem_resize(NULL, chunk->block_count + 1, sizeof(struct block *));
  for (size_t i = 0; i < chunk->block_count; i++) {
    size_t size = sizeof(struct block) + chunk->blocks[i]->capacity;
    copy->blocks[i] = memcpy(mem_resize(NULL, 1, size), chunk->blocks[i], size);
  }
  return copy;
}
