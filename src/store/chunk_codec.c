/* The blob, numbers as varints (seven bits a byte, low first):
 *
 *   "BMC" 1 | count of samples | count of columns | columns | CRC-32C, four bytes, low first
 *   column: number | scale | form | length of the body | body
 *   body:   [runs of known and unknown values] first value [step] [bits]
 *
 * A column is predicted in three ways and the smallest is kept. BASE: all values lie
 * about one (noise: a difference to the value before would add the noise of both).
 * STEP: each is the one before plus a step (time, uptime, counters). DRIFT: each is
 * near a running mean (temperatures). The difference to the prediction is packed as
 * nothing (it is 0 throughout), in Rice code, or as runs of 0 with what ends them.
 *
 * Rejected: zstd over varint differences, measured a third larger: noise leaves it
 * nothing to find. A column that is 0, or unknown, throughout is left out. */
#include "store/chunk_codec.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/rice.h"

/* Column numbers; stored: append only. */
enum {
  COLUMN_TIME,
  COLUMN_OFFSET,
  COLUMN_STATE,
  COLUMN_REASON,
  COLUMN_FLAGS,
  COLUMN_BASE_COUNT,
  COLUMN_FIRST_METRIC = 16, /* and from here on those of enum metric */
};

enum { PREDICT_BASE, PREDICT_STEP, PREDICT_DRIFT, PREDICT_COUNT };
enum { PACK_ZERO, PACK_RICE, PACK_RUNS, PACK_COUNT };
enum { FORM_PACK_SHIFT = 2, FORM_GAPS = 1 << 4 };

enum { VERSION = 1, MAGIC_BYTES = 4, CRC_BYTES = 4, COLUMNS_MAX = 1024 };
static const char magic[MAGIC_BYTES] = {'B', 'M', 'C', VERSION};

/* Two numbers a value (a run and what ends it) is the most that any form writes. */
#define BITS_BYTES(count) ((size_t)(count)*2 * RICE_NUMBER_BITS_MAX / 8 + RICE_ROOM)

/* What a byte does to the sum when 0 to 3 others follow it in the same word. */
struct crc_tables {
  uint32_t of[4][256];
};

static void fill_tables(struct crc_tables *tables) {
  static const uint32_t nibble[16] = {0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1,
                                      0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
                                      0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
                                      0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75};
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t crc = i >> 4 ^ nibble[i & 15];
    tables->of[0][i] = crc >> 4 ^ nibble[crc & 15];
  }
  for (int table = 1; table < 4; table++)
    for (uint32_t i = 0; i < 256; i++) {
      uint32_t before = tables->of[table - 1][i];
      tables->of[table][i] = before >> 8 ^ tables->of[0][before & 255];
    }
}

/* Four bytes at a time. The tables are made anew each time, which takes a tenth of
 * what they save on a blob: 1,024 numbers in the source would be read by nobody. */
uint32_t chunk_codec_crc(const void *bytes, size_t length) {
  struct crc_tables tables;
  const unsigned char *at = bytes;
  uint32_t crc = UINT32_MAX;
  fill_tables(&tables);
  for (; length >= 4; at += 4, length -= 4) {
    crc ^= at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
    crc = tables.of[3][crc & 255] ^ tables.of[2][crc >> 8 & 255] ^ tables.of[1][crc >> 16 & 255] ^
          tables.of[0][crc >> 24];
  }
  for (; length > 0; at++, length--)
    crc = crc >> 8 ^ tables.of[0][(crc ^ *at) & 255];
  return ~crc;
}

/* ------------------------------------------------------------ prediction */

struct predictor {
  int kind;
  int64_t first, step;
  int64_t previous, drift; /* drift is times 16 */
};

static int64_t wrap_add(int64_t a, int64_t b) {
  return (int64_t)((uint64_t)a + (uint64_t)b);
}

static int64_t times_16(int64_t value) {
  return (int64_t)((uint64_t)value * 16);
}

static struct predictor predictor_of(int kind, int64_t first, int64_t step) {
  return (struct predictor){.kind = kind,
                            .first = first,
                            .step = step,
                            .previous = (int64_t)((uint64_t)first - (uint64_t)step),
                            .drift = times_16(first)};
}

static int64_t predicted(const struct predictor *predictor) {
  switch (predictor->kind) {
  case PREDICT_STEP:
    return wrap_add(predictor->previous, predictor->step);
  case PREDICT_DRIFT:
    return wrap_add(predictor->drift, 8) >> 4;
  default:
    return predictor->first;
  }
}

static void learn(struct predictor *predictor, int64_t value) {
  int64_t off = (int64_t)((uint64_t)times_16(value) - (uint64_t)predictor->drift);
  predictor->previous = value;
  predictor->drift = wrap_add(predictor->drift, off >> 3);
}

/* ------------------------------------------------------------ encoding */

struct scratch {
  int64_t *values;       /* of one column, the known ones */
  int64_t *sorted;       /* to find a median in */
  uint64_t *differences; /* to the prediction, folded */
  unsigned char *bits;
};

static void put_varint(struct buf *blob, uint64_t number) {
  for (; number >= 128; number >>= 7)
    buf_append_char(blob, (char)((number & 127) | 128));
  buf_append_char(blob, (char)number);
}

static void put_signed(struct buf *blob, int64_t number) {
  put_varint(blob, rice_fold(number, 0));
}

/* What stands in the middle once sorted; reorders the values. Sorting them for it was
 * the dearest part of sealing: Hoare's selection only splits on the side it needs. */
static int64_t median(int64_t *values, size_t count) {
  ptrdiff_t low = 0, high = (ptrdiff_t)count - 1, middle = (ptrdiff_t)(count / 2);
  while (low < high) {
    int64_t pivot = values[low + (high - low) / 2];
    ptrdiff_t left = low, right = high;
    while (left <= right) {
      while (values[left] < pivot)
        left++;
      while (values[right] > pivot)
        right--;
      if (left > right)
        break;
      int64_t swapped = values[left];
      values[left++] = values[right];
      values[right--] = swapped;
    }
    if (middle <= right)
      high = right;
    else if (middle >= left)
      low = left;
    else
      break;
  }
  return values[middle];
}

/* Parameters that fit the values: the median, or the median step between them. */
static struct predictor fit(int kind, size_t count, struct scratch *scratch) {
  const int64_t *values = scratch->values;
  if (kind == PREDICT_DRIFT || count == 1)
    return predictor_of(kind, values[0], 0);
  if (kind == PREDICT_BASE) {
    memcpy(scratch->sorted, values, count * sizeof *values);
    return predictor_of(kind, median(scratch->sorted, count), 0);
  }
  for (size_t i = 1; i < count; i++)
    scratch->sorted[i - 1] = (int64_t)((uint64_t)values[i] - (uint64_t)values[i - 1]);
  return predictor_of(kind, values[0], median(scratch->sorted, count - 1));
}

/* Sets the differences; false when all are 0. */
static bool predict(struct predictor predictor, size_t count, struct scratch *scratch) {
  uint64_t any = 0;
  for (size_t i = 0; i < count; i++) {
    scratch->differences[i] = rice_fold(scratch->values[i], predicted(&predictor));
    any |= scratch->differences[i];
    learn(&predictor, scratch->values[i]);
  }
  return any != 0;
}

/* Returns the bytes in use. */
static size_t pack(int packing, size_t count, struct scratch *scratch) {
  struct rice_writer writer = {.bytes = scratch->bits};
  uint32_t mean = 0;
  uint32_t run_mean = 0;
  uint64_t run = 0;
  memset(scratch->bits, 0, BITS_BYTES(count));
  for (size_t i = 0; i < count; i++) {
    uint64_t number = scratch->differences[i];
    if (packing == PACK_RICE) {
      rice_put(&writer, &mean, number);
    } else if (number == 0) {
      run++;
    } else {
      rice_put(&writer, &run_mean, run);
      rice_put(&writer, &mean, number - 1);
      run = 0;
    }
  }
  if (packing == PACK_RUNS && run > 0)
    rice_put(&writer, &run_mean, run);
  return (writer.bits + 7) / 8;
}

static void put_parameters(struct buf *body, const struct predictor *predictor) {
  put_signed(body, predictor->first);
  if (predictor->kind == PREDICT_STEP)
    put_signed(body, predictor->step);
}

/* Replaces `best` and its form when this way is shorter. */
static void try_packing(const struct predictor *predictor, int packing, size_t count,
                        struct scratch *scratch, struct buf *best, int *form) {
  size_t bytes = packing == PACK_ZERO ? 0 : pack(packing, count, scratch);
  if (*form >= 0 && bytes >= best->length)
    return;
  struct buf body;
  buf_init(&body);
  put_parameters(&body, predictor);
  buf_append(&body, scratch->bits, bytes);
  if (*form < 0 || body.length < best->length) {
    *form = predictor->kind | packing << FORM_PACK_SHIFT;
    buf_clear(best);
    buf_append(best, body.data, body.length);
  }
  buf_finish(&body);
}

/* The shortest body for the scratch's values; returns its form. */
static int put_values(struct buf *body, size_t count, struct scratch *scratch) {
  int form = -1;
  struct buf best;
  buf_init(&best);
  for (int kind = 0; kind < PREDICT_COUNT; kind++) {
    struct predictor predictor = fit(kind, count, scratch);
    if (predict(predictor, count, scratch)) {
      try_packing(&predictor, PACK_RICE, count, scratch, &best, &form);
      try_packing(&predictor, PACK_RUNS, count, scratch, &best, &form);
    } else {
      try_packing(&predictor, PACK_ZERO, count, scratch, &best, &form);
    }
  }
  buf_append(body, best.data, best.length);
  buf_finish(&best);
  return form;
}

static int64_t column_value(const struct sample *sample, int column) {
  switch (column) {
  case COLUMN_TIME:
    return sample->at_ms;
  case COLUMN_OFFSET:
    return sample->offset_ms;
  case COLUMN_STATE:
    return sample->state;
  case COLUMN_REASON:
    return sample->reason;
  case COLUMN_FLAGS:
    return sample->flags;
  default: {
    enum metric metric = (enum metric)(column - COLUMN_FIRST_METRIC);
    return metric_to_stored(metric, sample->values[metric]);
  }
  }
}

/* Takes the known values and says, where some are not, which: lengths of runs, the
 * first of known ones. Returns how many are known. */
static size_t take_known(const struct sample *samples, size_t count, int column,
                         struct scratch *scratch, struct buf *gaps) {
  size_t known = 0;
  size_t run = 0;
  bool in_known = true;
  for (size_t i = 0; i < count; i++) {
    int64_t value = column_value(&samples[i], column);
    bool is_known = column < COLUMN_FIRST_METRIC || value != METRIC_STORED_UNKNOWN;
    if (is_known)
      scratch->values[known++] = value;
    if (is_known != in_known) {
      put_varint(gaps, run);
      in_known = is_known;
      run = 0;
    }
    run++;
  }
  put_varint(gaps, run);
  return known;
}

static bool all_zero(const int64_t *values, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (values[i] != 0)
      return false;
  return true;
}

/* Returns false when the column says nothing and was left out. */
static bool put_column(struct buf *blob, const struct sample *samples, size_t count, int column,
                       struct scratch *scratch) {
  struct buf body;
  buf_init(&body);
  size_t known = take_known(samples, count, column, scratch, &body);
  bool is_metric = column >= COLUMN_FIRST_METRIC;
  if (known == 0 || (!is_metric && all_zero(scratch->values, known))) {
    buf_finish(&body);
    return false;
  }
  if (known == count)
    buf_clear(&body);
  int form = put_values(&body, known, scratch) | (known < count ? FORM_GAPS : 0);
  double scale = is_metric ? metric_facts((enum metric)(column - COLUMN_FIRST_METRIC))->scale : 1;
  put_varint(blob, (uint64_t)column);
  put_varint(blob, (uint64_t)scale);
  buf_append_char(blob, (char)form);
  put_varint(blob, body.length);
  buf_append(blob, body.data, body.length);
  buf_finish(&body);
  return true;
}

void chunk_codec_encode(const struct sample *samples, size_t count, struct buf *blob) {
  assert(count >= 1 && count <= CHUNK_SAMPLES_MAX);
  struct scratch scratch = {.values = mem_resize(NULL, count, sizeof(int64_t)),
                            .sorted = mem_resize(NULL, count, sizeof(int64_t)),
                            .differences = mem_resize(NULL, count, sizeof(uint64_t)),
                            .bits = mem_alloc(BITS_BYTES(count))};
  struct buf columns;
  buf_init(&columns);
  size_t column_count = 0;
  for (int column = 0; column < COLUMN_FIRST_METRIC + METRIC_COUNT; column++)
    if (column < COLUMN_BASE_COUNT || column >= COLUMN_FIRST_METRIC)
      column_count += put_column(&columns, samples, count, column, &scratch);
  size_t start = blob->length;
  buf_append(blob, magic, sizeof magic);
  put_varint(blob, count);
  put_varint(blob, column_count);
  buf_append(blob, columns.data, columns.length);
  uint32_t crc = chunk_codec_crc(blob->data + start, blob->length - start);
  for (int shift = 0; shift < 32; shift += 8)
    buf_append_char(blob, (char)(crc >> shift & 255));
  buf_finish(&columns);
  free(scratch.values);
  free(scratch.sorted);
  free(scratch.differences);
  free(scratch.bits);
}

/* ------------------------------------------------------------ decoding */

/* What is left to read. Once it fails it stays failed and gives zeros. */
struct input {
  const unsigned char *at, *end;
  bool failed;
};

static uint64_t get_varint(struct input *input) {
  uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && input->at < input->end; shift += 7) {
    unsigned char byte = *input->at++;
    number |= (uint64_t)(byte & 127) << shift;
    if (byte < 128)
      return number;
  }
  input->failed = true;
  return 0;
}

static int64_t get_signed(struct input *input) {
  return rice_unfold(get_varint(input), 0);
}

struct column {
  uint64_t number;
  double scale;
  unsigned form;
};

/* Marks in known[0..count) what has a value; false when the runs do not add up. */
static bool get_gaps(struct input *body, size_t count, bool *known, size_t *known_count) {
  bool is_known = true;
  *known_count = 0;
  for (size_t i = 0; i < count && !body->failed; is_known = !is_known) {
    uint64_t run = get_varint(body);
    if (run > count - i || (run == 0 && i > 0))
      return false;
    memset(known + i, is_known, run);
    *known_count += is_known ? run : 0;
    i += run;
  }
  return !body->failed;
}

/* Differences to the prediction. The bits end within the body, RICE_ROOM bytes
 * behind it can be read. */
static bool unpack(const struct input *body, unsigned packing, size_t count,
                   uint64_t *differences) {
  struct rice_reader reader = {.bytes = body->at};
  uint64_t limit = (uint64_t)(body->end - body->at) * 8;
  uint32_t mean = 0;
  uint32_t run_mean = 0;
  memset(differences, 0, count * sizeof *differences);
  if (packing == PACK_ZERO)
    return true;
  for (size_t i = 0; i < count; i++) {
    if (packing == PACK_RUNS) {
      uint64_t run = rice_get(&reader, &run_mean);
      if (reader.bits > limit || run > count - i)
        return false;
      i += run;
      if (i == count)
        break;
    }
    differences[i] = rice_get(&reader, &mean) + (packing == PACK_RUNS);
    if (reader.bits > limit)
      return false;
  }
  return true;
}

/* The column's values, METRIC_STORED_UNKNOWN where there is none. */
static bool get_values(struct input *body, unsigned form, size_t count, int64_t *values) {
  bool known[CHUNK_SAMPLES_MAX];
  uint64_t differences[CHUNK_SAMPLES_MAX];
  size_t known_count = count;
  int kind = (int)(form & 3);
  unsigned packing = form >> FORM_PACK_SHIFT & 3;
  if (form >= FORM_GAPS * 2 || kind >= PREDICT_COUNT || packing >= PACK_COUNT)
    return false;
  memset(known, true, count);
  if ((form & FORM_GAPS) != 0 && !get_gaps(body, count, known, &known_count))
    return false;
  int64_t first = get_signed(body);
  int64_t step = kind == PREDICT_STEP ? get_signed(body) : 0;
  if (body->failed || !unpack(body, packing, known_count, differences))
    return false;
  struct predictor predictor = predictor_of(kind, first, step);
  size_t next = 0;
  for (size_t i = 0; i < count; i++) {
    values[i] = METRIC_STORED_UNKNOWN;
    if (!known[i])
      continue;
    /* As many are known as were unpacked. NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage) */
    values[i] = rice_unfold(differences[next++], predicted(&predictor));
    learn(&predictor, values[i]);
  }
  return true;
}

/* A state or reason that a newer program wrote is shown as unknown. False when the
 * value cannot be this column's. */
static bool set_base(struct sample *sample, uint64_t column, int64_t value) {
  switch (column) {
  case COLUMN_TIME:
    sample->at_ms = value;
    return true;
  case COLUMN_OFFSET:
    sample->offset_ms = (int32_t)value;
    return value >= INT32_MIN && value <= INT32_MAX;
  case COLUMN_STATE:
    sample->state = value > 0 && value < STATE_COUNT ? (enum miner_state)value : STATE_UNKNOWN;
    return true;
  case COLUMN_REASON:
    sample->reason = value > 0 && value < REASON_COUNT ? (enum reason)value : REASON_NONE;
    return true;
  case COLUMN_FLAGS:
    sample->flags = (uint32_t)value;
    return value >= 0 && value <= UINT32_MAX;
  default:
    return true;
  }
}

static double to_value(enum metric metric, double scale, int64_t stored) {
  if (stored == METRIC_STORED_UNKNOWN || scale == metric_facts(metric)->scale)
    return metric_from_stored(metric, stored);
  return (double)stored / scale;
}

static bool set_column(struct sample *samples, size_t count, const struct column *column,
                       const int64_t *values) {
  if (column->number >= COLUMN_FIRST_METRIC) {
    enum metric metric = (enum metric)(column->number - COLUMN_FIRST_METRIC);
    for (size_t i = 0; i < count; i++)
      samples[i].values[metric] = to_value(metric, column->scale, values[i]);
    return true;
  }
  for (size_t i = 0; i < count; i++)
    if (!set_base(&samples[i], column->number, values[i]))
      return false;
  return true;
}

/* A column that this program knows and the caller wants. */
static bool is_wanted(uint64_t column, uint64_t metrics) {
  if (column == COLUMN_OFFSET)
    return metrics == UINT64_MAX;
  if (column < COLUMN_FIRST_METRIC)
    return column < COLUMN_BASE_COUNT;
  return column < COLUMN_FIRST_METRIC + METRIC_COUNT &&
         (metrics >> (column - COLUMN_FIRST_METRIC) & 1) != 0;
}

static bool get_column(struct input *input, const struct chunk_part *part, struct err *err) {
  int64_t values[CHUNK_SAMPLES_MAX];
  struct column column = {.number = get_varint(input), .scale = (double)get_varint(input)};
  if (input->at < input->end)
    column.form = *input->at++;
  else
    input->failed = true;
  uint64_t length = get_varint(input);
  if (input->failed || length > (uint64_t)(input->end - input->at) || column.scale < 1)
    return err_set(err, ERR_CORRUPT, "the chunk ends within a column");
  struct input body = {.at = input->at, .end = input->at + length};
  input->at = body.end;
  if (!is_wanted(column.number, part->metrics))
    return true;
  if (!get_values(&body, column.form, part->count, values) ||
      !set_column(part->samples, part->count, &column, values))
    return err_set(err, ERR_CORRUPT, "column %d of the chunk makes no sense", (int)column.number);
  return true;
}

static bool check_frame(const unsigned char *blob, size_t length, struct err *err) {
  if (length < MAGIC_BYTES + CRC_BYTES || memcmp(blob, magic, MAGIC_BYTES - 1) != 0)
    return err_set(err, ERR_CORRUPT, "these bytes are no chunk");
  if (blob[MAGIC_BYTES - 1] != VERSION)
    return err_set(err, ERR_CORRUPT, "the chunk is of form %d, this program knows %d",
                   blob[MAGIC_BYTES - 1], VERSION);
  uint32_t crc = 0;
  for (size_t i = 0; i < CRC_BYTES; i++)
    crc |= (uint32_t)blob[length - CRC_BYTES + i] << (8 * i);
  if (crc != chunk_codec_crc(blob, length - CRC_BYTES))
    return err_set(err, ERR_CORRUPT, "the chunk's checksum does not fit: it was damaged");
  return true;
}

static bool get_columns(struct input *input, struct chunk_part *part, struct err *err) {
  uint64_t rows = get_varint(input);
  uint64_t columns = get_varint(input);
  if (input->failed || rows < 1 || rows > CHUNK_SAMPLES_MAX || columns > COLUMNS_MAX)
    return err_set(err, ERR_CORRUPT, "the chunk's head makes no sense");
  part->count = (size_t)rows;
  part->samples = mem_resize(NULL, part->count, sizeof *part->samples);
  for (size_t i = 0; i < part->count; i++)
    sample_init(&part->samples[i], 0);
  bool ok = true;
  for (uint64_t i = 0; ok && i < columns; i++)
    ok = get_column(input, part, err);
  if (ok && input->at != input->end)
    ok = err_set(err, ERR_CORRUPT, "the chunk has bytes left over");
  if (!ok)
    free(part->samples);
  return ok;
}

bool chunk_codec_decode_part(const void *blob, size_t length, struct chunk_part *part,
                             struct err *err) {
  if (!check_frame(blob, length, err))
    return false;
  size_t size = length - CRC_BYTES;
  unsigned char *copy = mem_alloc(size + RICE_ROOM); /* what the bit reader may look at */
  memcpy(copy, blob, size);
  struct input input = {.at = copy + MAGIC_BYTES, .end = copy + size};
  bool ok = get_columns(&input, part, err);
  free(copy);
  return ok;
}

bool chunk_codec_decode(const void *blob, size_t length, struct sample **samples, size_t *count,
                        struct err *err) {
  struct chunk_part part = {.metrics = UINT64_MAX};
  if (!chunk_codec_decode_part(blob, length, &part, err))
    return false;
  *samples = part.samples;
  *count = part.count;
  return true;
}
