#include "engine/spool/batch_codec.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/chunk_codec.h"

enum { VERSION = 1, MAGIC_BYTES = 4, CRC_BYTES = 4 };
static const char magic[MAGIC_BYTES] = {'B', 'M', 'B', VERSION};

enum form { FORM_INT, FORM_REAL, FORM_TEXT, FORM_COUNT };

/* ------------------------------------------------------------ the tables */

enum field_type {
  FIELD_INT,     /* any whole number, bool or enum, by its size */
  FIELD_REAL,    /* double */
  FIELD_TEXT,    /* char[] */
  FIELD_METRICS, /* double[METRIC_COUNT]: one field each, from `number` on */
  FIELD_LEFT_OUT /* has no meaning before the database has given it one */
};

struct field {
  int number; /* stored: append only, never used again */
  enum field_type type;
  size_t offset, size;
};

/* struct row, its member (as written in C), the number. */
#define AT(row, member) offsetof(struct row, member), sizeof(((struct row *)0)->member)
#define INT(row, member, number)                                                                   \
  { number, FIELD_INT, AT(row, member) }
#define REAL(row, member, number)                                                                  \
  { number, FIELD_REAL, AT(row, member) }
#define TEXT(row, member, number)                                                                  \
  { number, FIELD_TEXT, AT(row, member) }
#define LEFT_OUT(row, member)                                                                      \
  { 0, FIELD_LEFT_OUT, AT(row, member) }

static const struct field sample_fields[] = {
    INT(sample_row, miner_id, 1),
    INT(sample_row, sample.at_ms, 2),
    INT(sample_row, sample.offset_ms, 3),
    INT(sample_row, sample.state, 4),
    INT(sample_row, sample.reason, 5),
    INT(sample_row, sample.flags, 6),
    {64, FIELD_METRICS, AT(sample_row, sample.values)},
};

static const struct field state_fields[] = {
    INT(alert_state_row, miner_id, 1),
    INT(alert_state_row, rule, 2),
    INT(alert_state_row, phase, 3),
    INT(alert_state_row, since_ms, 4),
    INT(alert_state_row, changed_ms, 5),
    INT(alert_state_row, announced_ms, 6),
    INT(alert_state_row, holds, 7),
    REAL(alert_state_row, worst, 8),
    REAL(alert_state_row, value, 9),
    REAL(alert_state_row, limit, 10),
    INT(alert_state_row, reason, 11),
    INT(alert_state_row, episode, 12),
    INT(alert_state_row, acknowledged_ms, 13),
};

/* 10, 11 and 32 to 42 are taken: an event carried its message there once. */
static const struct field event_fields[] = {
    INT(alert_event, miner_id, 1), INT(alert_event, rule, 2),      INT(alert_event, kind, 3),
    INT(alert_event, at_ms, 4),    INT(alert_event, since_ms, 5),  REAL(alert_event, value, 6),
    REAL(alert_event, limit, 7),   REAL(alert_event, worst, 8),    INT(alert_event, reason, 9),
    INT(alert_event, episode, 12), INT(alert_event, severity, 13), TEXT(alert_event, detail, 14),
};

static const struct field miner_fields[] = {
    INT(miner, id, 1),
    TEXT(miner, name, 2),
    TEXT(miner, address, 3),
    TEXT(miner, driver, 4),
    TEXT(miner, mac, 5),
    INT(miner, demo, 6),
    INT(miner, created_ms, 7),
    TEXT(miner, facts.model, 16),
    TEXT(miner, facts.asic_model, 17),
    INT(miner, facts.asic_count, 18),
    INT(miner, facts.small_core_count, 19),
    TEXT(miner, facts.mac, 20),
    TEXT(miner, facts.firmware, 21),
    TEXT(miner, facts.board, 22),
    TEXT(miner, facts.hostname, 23),
    TEXT(miner, facts.reset_reason, 24),
    TEXT(miner, facts.pool_host, 25),
    INT(miner, facts.pool_port, 26),
    TEXT(miner, facts.fault, 27),
    REAL(miner, facts.limits.chip_warn_c, 28),
    REAL(miner, facts.limits.chip_trip_c, 29),
    REAL(miner, facts.limits.vr_warn_c, 30),
    REAL(miner, facts.limits.vr_trip_c, 31),
    REAL(miner, facts.limits.input_min_mv, 32),
    REAL(miner, facts.limits.input_max_mv, 33),
    REAL(miner, facts.limits.power_max_w, 34),
};

static const struct field message_fields[] = {
    INT(batch_message, said, 1),          INT(batch_message, told_ms, 2),
    LEFT_OUT(batch_message, row.id),      TEXT(batch_message, row.channel, 32),
    TEXT(batch_message, row.target, 33),  INT(batch_message, row.created_ms, 34),
    INT(batch_message, row.attempts, 35), INT(batch_message, row.next_ms, 36),
    TEXT(batch_message, row.text, 37),    INT(batch_message, row.episode_id, 38),
    INT(batch_message, row.update, 39),   INT(batch_message, row.buttons, 40),
    INT(batch_message, row.digest, 41),   INT(batch_message, row.severity, 42),
    TEXT(batch_message, row.picture, 43),
};

static const struct field episode_fields[] = {
    INT(batch_change, episode.id, 1),
    INT(batch_change, episode.miner_id, 2),
    INT(batch_change, episode.rule, 3),
    INT(batch_change, episode.severity, 4),
    INT(batch_change, episode.since_ms, 5),
    INT(batch_change, episode.raised_ms, 6),
    INT(batch_change, episode.acknowledged_ms, 7),
    TEXT(batch_change, episode.acknowledged_by, 8),
    INT(batch_change, episode.cleared_ms, 9),
    INT(batch_change, episode.end, 10),
    REAL(batch_change, episode.worst, 11),
    REAL(batch_change, episode.value, 12),
    REAL(batch_change, episode.limit, 13),
    INT(batch_change, episode.reason, 14),
    TEXT(batch_change, episode.detail, 15),
    INT(batch_change, episode.told_with, 16),
    INT(batch_change, episode.drill, 17),
};

static const struct field note_fields[] = {
    INT(batch_change, note.id, 1),    INT(batch_change, note.episode_id, 2),
    INT(batch_change, note.at_ms, 3), TEXT(batch_change, note.author, 4),
    TEXT(batch_change, note.text, 5),
};

static const struct field rule_fields[] = {
    INT(batch_change, rule.miner_id, 1),    INT(batch_change, rule.rule, 2),
    INT(batch_change, rule.enabled, 3),     INT(batch_change, rule.severity, 4),
    REAL(batch_change, rule.limit, 5),      REAL(batch_change, rule.hysteresis, 6),
    INT(batch_change, rule.hold_ms, 7),     INT(batch_change, rule.clear_ms, 8),
    INT(batch_change, rule.cooldown_ms, 9), INT(batch_change, rule.reminder_ms, 10),
};

static const struct field mute_fields[] = {
    INT(batch_change, mute.id, 1),       INT(batch_change, mute.miner_id, 2),
    INT(batch_change, mute.rule, 3),     INT(batch_change, mute.created_ms, 4),
    INT(batch_change, mute.until_ms, 5), TEXT(batch_change, mute.author, 6),
};

static const struct field unmute_fields[] = {
    INT(batch_change, unmute, 1),
};

static const struct field setting_fields[] = {
    TEXT(batch_change, setting.name, 1),
    TEXT(batch_change, setting.value, 2),
};

/* One array of struct batch: `array`, `one`_count and `one`_capacity there. The rows of an
 * array that holds a union have one kind for each member, told by an enum at `choice`. */
struct kind {
  int number; /* stored: append only */
  size_t array, count, capacity, row_size;
  const struct field *fields;
  size_t field_count;
  bool is_choice;
  size_t choice;
  int chosen;
};

#define KIND(wire, rows, one, table)                                                               \
  .number = wire, .array = offsetof(struct batch, rows),                                           \
  .count = offsetof(struct batch, one##_count),                                                    \
  .capacity = offsetof(struct batch, one##_capacity),                                              \
  .row_size = sizeof(*((struct batch *)0)->rows), .fields = table,                                 \
  .field_count = sizeof(table) / sizeof((table)[0])
#define CHANGE(wire, choice_value, table)                                                          \
  KIND(wire, changes, change, table),                                                              \
      .is_choice = true, .choice = offsetof(struct batch_change, kind), .chosen = choice_value

static const struct kind kinds[] = {
    {KIND(1, samples, sample, sample_fields)},    {KIND(2, states, state, state_fields)},
    {KIND(3, events, event, event_fields)},       {KIND(4, miners, miner, miner_fields)},
    {KIND(5, messages, message, message_fields)}, {CHANGE(16, BATCH_EPISODE, episode_fields)},
    {CHANGE(17, BATCH_NOTE, note_fields)},        {CHANGE(18, BATCH_RULE, rule_fields)},
    {CHANGE(19, BATCH_MUTE, mute_fields)},        {CHANGE(20, BATCH_UNMUTE, unmute_fields)},
    {CHANGE(21, BATCH_SETTING, setting_fields)},
};
enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

/* ------------------------------------------------------------ numbers */

static void put_varint(struct buf *out, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    buf_append_char(out, (char)(value | 0x80));
  buf_append_char(out, (char)value);
}

static uint64_t zigzag(int64_t value) {
  return ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
}

static int64_t unzigzag(uint64_t value) {
  return (int64_t)(value >> 1 ^ (0 - (value & 1)));
}

static int64_t load_int(const void *at, size_t size) {
  switch (size) {
  case 1:
    return *(const int8_t *)at;
  case 4:
    return *(const int32_t *)at;
  default:
    assert(size == 8);
    return *(const int64_t *)at;
  }
}

/* False when the value does not fit. */
static bool store_int(void *at, size_t size, int64_t value) {
  if (size == 1) {
    *(int8_t *)at = value != 0; /* the only whole numbers of one byte are bools */
    return value == 0 || value == 1;
  }
  if (size == 4) {
    *(int32_t *)at = (int32_t)value;
    return value >= INT32_MIN && value <= INT32_MAX;
  }
  *(int64_t *)at = value;
  return true;
}

/* ------------------------------------------------------------ writing */

static void put_int(struct buf *out, int number, int64_t value) {
  if (value == 0)
    return;
  put_varint(out, (uint64_t)number << 2 | FORM_INT);
  put_varint(out, zigzag(value));
}

static void put_real(struct buf *out, int number, double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  if (bits == 0)
    return;
  put_varint(out, (uint64_t)number << 2 | FORM_REAL);
  for (int shift = 0; shift < 64; shift += 8)
    buf_append_char(out, (char)(bits >> shift & 255));
}

static void put_text(struct buf *out, int number, const char *text, size_t size) {
  size_t length = strnlen(text, size);
  if (length == 0)
    return;
  put_varint(out, (uint64_t)number << 2 | FORM_TEXT);
  put_varint(out, length);
  buf_append(out, text, length);
}

/* Unknown is left out, so 0 is written. */
static void put_metrics(struct buf *out, int first, const double *values) {
  for (int i = 0; i < METRIC_COUNT; i++) {
    int64_t stored = metric_to_stored((enum metric)i, values[i]);
    if (stored == METRIC_STORED_UNKNOWN)
      continue;
    put_varint(out, (uint64_t)(first + i) << 2 | FORM_INT);
    put_varint(out, zigzag(stored));
  }
}

static void put_field(struct buf *out, const struct field *field, const char *row) {
  const void *at = row + field->offset;
  switch (field->type) {
  case FIELD_INT:
    put_int(out, field->number, load_int(at, field->size));
    break;
  case FIELD_REAL:
    put_real(out, field->number, *(const double *)at);
    break;
  case FIELD_TEXT:
    put_text(out, field->number, at, field->size);
    break;
  case FIELD_METRICS:
    put_metrics(out, field->number, at);
    break;
  case FIELD_LEFT_OUT:
    break;
  }
}

/* The kind of a row of the array that `first` is the first kind of. */
static const struct kind *kind_of(const struct kind *first, const char *row) {
  const struct kind *kind = first;
  while (kind->is_choice && *(const int *)(const void *)(row + kind->choice) != kind->chosen) {
    kind++;
    assert(kind < kinds + KIND_COUNT && kind->array == first->array);
  }
  return kind;
}

static void put_array(struct buf *out, const struct kind *first, const struct batch *batch,
                      struct buf *fields) {
  const char *row = *(char *const *)(const void *)((const char *)batch + first->array);
  size_t count = *(const size_t *)(const void *)((const char *)batch + first->count);
  for (; count > 0; count--, row += first->row_size) {
    const struct kind *kind = kind_of(first, row);
    buf_clear(fields);
    for (size_t f = 0; f < kind->field_count; f++)
      put_field(fields, &kind->fields[f], row);
    put_varint(out, (uint64_t)kind->number);
    put_varint(out, fields->length);
    if (fields->length > 0)
      buf_append(out, fields->data, fields->length);
  }
}

void batch_codec_write(const struct batch *batch, struct buf *out) {
  size_t start = out->length;
  struct buf fields;
  buf_init(&fields);
  buf_append(out, magic, MAGIC_BYTES);
  for (size_t k = 0; k < KIND_COUNT; k++)
    if (k == 0 || kinds[k].array != kinds[k - 1].array)
      put_array(out, &kinds[k], batch, &fields);
  buf_finish(&fields);
  uint32_t crc = chunk_codec_crc(out->data + start, out->length - start);
  for (int shift = 0; shift < 32; shift += 8)
    buf_append_char(out, (char)(crc >> shift & 255));
}

/* ------------------------------------------------------------ reading */

/* What is left of the bytes; every take says whether there was enough. */
struct reader {
  const unsigned char *at, *end;
};

static bool take_varint(struct reader *in, uint64_t *value) {
  *value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (in->at == in->end)
      return false;
    unsigned char byte = *in->at++;
    *value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80)
      return shift < 63 || byte <= 1;
  }
  return false;
}

/* A part of `length` bytes, which `in` then has behind it. */
static bool take_part(struct reader *in, struct reader *part) {
  uint64_t length;
  if (!take_varint(in, &length) || length > (uint64_t)(in->end - in->at))
    return false;
  *part = (struct reader){in->at, in->at + length};
  in->at += length;
  return true;
}

struct value {
  enum form form;
  int64_t integer;
  double real;
  struct reader text;
};

static bool take_real(struct reader *in, double *value) {
  uint64_t bits = 0;
  if (in->end - in->at < 8)
    return false;
  for (int shift = 0; shift < 64; shift += 8)
    bits |= (uint64_t)*in->at++ << shift;
  memcpy(value, &bits, sizeof bits);
  return true;
}

static bool take_value(struct reader *in, enum form form, struct value *value) {
  uint64_t bits;
  value->form = form;
  switch (form) {
  case FORM_INT:
    if (!take_varint(in, &bits))
      return false;
    value->integer = unzigzag(bits);
    return true;
  case FORM_REAL:
    return take_real(in, &value->real);
  case FORM_TEXT:
    return take_part(in, &value->text);
  default:
    return false;
  }
}

static bool set_text(char *target, size_t size, const struct value *value) {
  size_t length = (size_t)(value->text.end - value->text.at);
  if (value->form != FORM_TEXT || length >= size)
    return false;
  memcpy(target, value->text.at, length);
  target[length] = '\0';
  return true;
}

static bool set_field(char *row, const struct field *field, int number, const struct value *value) {
  char *at = row + field->offset;
  switch (field->type) {
  case FIELD_INT:
    return value->form == FORM_INT && store_int(at, field->size, value->integer);
  case FIELD_REAL:
    *(double *)(void *)at = value->real;
    return value->form == FORM_REAL;
  case FIELD_TEXT:
    return set_text(at, field->size, value);
  case FIELD_METRICS:
    ((double *)(void *)at)[number - field->number] =
        metric_from_stored((enum metric)(number - field->number), value->integer);
    return value->form == FORM_INT;
  case FIELD_LEFT_OUT:
    break;
  }
  return true;
}

/* NULL when this program does not know it. */
static const struct field *find_field(const struct kind *kind, int number) {
  for (size_t f = 0; f < kind->field_count; f++) {
    const struct field *field = &kind->fields[f];
    int last = field->type == FIELD_METRICS ? field->number + METRIC_COUNT - 1 : field->number;
    if (field->type != FIELD_LEFT_OUT && number >= field->number && number <= last)
      return field;
  }
  return NULL;
}

static const struct kind *find_kind(uint64_t number) {
  for (size_t k = 0; k < KIND_COUNT; k++)
    if ((uint64_t)kinds[k].number == number)
      return &kinds[k];
  return NULL;
}

/* One more row at the end of the kind's array, with nothing known. */
static char *new_row(struct batch *batch, const struct kind *kind) {
  char **rows = (char **)(void *)((char *)batch + kind->array);
  size_t *count = (size_t *)(void *)((char *)batch + kind->count);
  size_t *capacity = (size_t *)(void *)((char *)batch + kind->capacity);
  if (*count == *capacity) {
    *capacity = *capacity == 0 ? 8 : *capacity * 2;
    *rows = mem_resize(*rows, *capacity, kind->row_size);
  }
  char *row = *rows + (*count)++ * kind->row_size;
  memset(row, 0, kind->row_size);
  if (kind->is_choice)
    *(int *)(void *)(row + kind->choice) = kind->chosen;
  for (size_t f = 0; f < kind->field_count; f++)
    if (kind->fields[f].type == FIELD_METRICS)
      for (int i = 0; i < METRIC_COUNT; i++)
        ((double *)(void *)(row + kind->fields[f].offset))[i] = METRIC_UNKNOWN;
  return row;
}

static bool read_fields(struct reader *in, const struct kind *kind, char *row) {
  while (in->at < in->end) {
    uint64_t tag;
    struct value value = {0};
    if (!take_varint(in, &tag) || tag >> 2 > INT32_MAX ||
        !take_value(in, (enum form)(tag & 3), &value))
      return false;
    int number = (int)(tag >> 2);
    const struct field *field = find_field(kind, number);
    if (field != NULL && !set_field(row, field, number, &value))
      return false;
  }
  return true;
}

static bool read_rows(struct reader *in, struct batch *batch) {
  while (in->at < in->end) {
    uint64_t number;
    struct reader row;
    if (!take_varint(in, &number) || !take_part(in, &row))
      return false;
    const struct kind *kind = find_kind(number);
    if (kind != NULL && !read_fields(&row, kind, new_row(batch, kind)))
      return false;
  }
  return true;
}

struct batch *batch_codec_read(const void *bytes, size_t length, struct err *err) {
  const unsigned char *at = bytes;
  uint32_t crc = 0;
  if (length < MAGIC_BYTES + CRC_BYTES || memcmp(at, magic, MAGIC_BYTES) != 0) {
    err_set(err, ERR_CORRUPT, "this is no batch of this program");
    return NULL;
  }
  for (size_t i = 0; i < CRC_BYTES; i++)
    crc |= (uint32_t)at[length - CRC_BYTES + i] << (8 * i);
  if (crc != chunk_codec_crc(at, length - CRC_BYTES)) {
    err_set(err, ERR_CORRUPT, "a batch is damaged: its checksum is not that of its bytes");
    return NULL;
  }
  struct batch *batch = batch_create();
  struct reader in = {at + MAGIC_BYTES, at + length - CRC_BYTES};
  if (read_rows(&in, batch))
    return batch;
  batch_destroy(batch);
  err_set(err, ERR_CORRUPT, "a batch is damaged: its rows do not read");
  return NULL;
}

/* ------------------------------------------------------------ the tables, shown */

size_t batch_codec_spans(size_t kind, struct batch_codec_span *spans, size_t room, size_t *row_size,
                         size_t *array_offset) {
  if (kind >= KIND_COUNT)
    return 0;
  assert(kinds[kind].field_count <= room);
  *row_size = kinds[kind].row_size;
  *array_offset = kinds[kind].array;
  for (size_t f = 0; f < kinds[kind].field_count; f++)
    spans[f] = (struct batch_codec_span){kinds[kind].fields[f].offset, kinds[kind].fields[f].size};
  return kinds[kind].field_count;
}
