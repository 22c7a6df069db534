#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "engine/spool/batch_codec.h"
#include "store/chunk_codec.h"

static struct sample_row make_sample(int64_t at_ms) {
  struct sample_row row = {.miner_id = 7};
  sample_init(&row.sample, at_ms);
  row.sample.offset_ms = -250;
  row.sample.state = STATE_HASHING;
  row.sample.reason = REASON_REFUSED;
  row.sample.flags = SAMPLE_REBOOTED | 1u << 31;
  for (int i = 0; i < METRIC_COUNT; i += 2) /* every second one stays unknown */
    row.sample.values[i] = metric_from_stored((enum metric)i, i == 2 ? 0 : 12345 + i);
  return row;
}

static struct alert_event make_event(void) {
  struct alert_event event = {.miner_id = 7,
                              .rule = ALERT_VR_TEMP,
                              .kind = ALERT_CLEARED,
                              .at_ms = 1700000000123,
                              .since_ms = 1700000000001,
                              .value = 71.125,
                              .limit = NAN,
                              .worst = -0.5,
                              .reason = 3};
  str_copy(event.detail, sizeof event.detail, "zu heiß 🔥");
  return event;
}

static struct miner make_miner(void) {
  struct miner miner = {.id = 7, .demo = true, .created_ms = 5};
  str_copy(miner.name, sizeof miner.name, "Garage");
  str_copy(miner.address, sizeof miner.address, "http://10.0.0.7");
  str_copy(miner.facts.fault, sizeof miner.facts.fault, "fan");
  miner.facts.asic_count = 4;
  miner.facts.limits.chip_warn_c = 68;
  miner.facts.limits.power_max_w = NAN;
  return miner;
}

static void add_changes(struct batch *batch) {
  const struct batch_change changes[] = {
      {.kind = BATCH_NOTE,
       .note = {.id = 7, .episode_id = 5, .at_ms = 3, .author = "Ada", .text = "x"}},
      {.kind = BATCH_EPISODE,
       .episode =
           {.id = 5, .rule = ALERT_VR_TEMP, .end = EPISODE_OVER, .worst = NAN, .drill = true}},
      {.kind = BATCH_RULE,
       .rule = {.miner_id = 7, .enabled = ALERT_UNSET, .limit = 61.5, .hold_ms = -1}},
      {.kind = BATCH_MUTE, .mute = {.id = 8, .rule = MUTE_ALL_RULES, .until_ms = 1700000000000}},
      {.kind = BATCH_UNMUTE, .unmute = 8},
      {.kind = BATCH_SETTING, .setting = {.name = "alive", .value = "9"}},
  };
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++)
    batch_add_change(batch, &changes[i]);
  const struct outbox_row row = {.channel = "c12",
                                 .target = "-100200",
                                 .text = "zu heiß 🔥\nsecond line",
                                 .picture = "hashrate 1 2 0",
                                 .episode_id = 5,
                                 .buttons = true,
                                 .created_ms = 1700000000123,
                                 .attempts = 2,
                                 .next_ms = 9};
  batch_add_message(batch, &row);
  batch->messages[0].told_ms = 12;
}

static void same_change(const struct batch_change *a, const struct batch_change *b) {
  assert_int_equal(a->kind, b->kind);
  switch (a->kind) {
  case BATCH_EPISODE:
    assert_memory_equal(&a->episode, &b->episode, sizeof a->episode);
    break;
  case BATCH_NOTE:
    assert_memory_equal(&a->note, &b->note, sizeof a->note);
    break;
  case BATCH_RULE:
    assert_memory_equal(&a->rule, &b->rule, sizeof a->rule);
    break;
  case BATCH_MUTE:
    assert_memory_equal(&a->mute, &b->mute, sizeof a->mute);
    break;
  case BATCH_UNMUTE:
    assert_int_equal(a->unmute, b->unmute);
    break;
  case BATCH_SETTING:
    assert_memory_equal(&a->setting, &b->setting, sizeof a->setting);
    break;
  }
}

static struct batch *make_batch(void) {
  struct batch *batch = batch_create();
  for (int64_t at_ms = 1700000000000; at_ms < 1700000000100; at_ms += 10) {
    struct sample_row row = make_sample(at_ms);
    batch_add_sample(batch, row.miner_id, &row.sample);
  }
  const struct alert_state_row state = {.miner_id = 7,
                                        .rule = ALERT_CHIP_TEMP,
                                        .phase = ALERT_FIRING,
                                        .since_ms = 1,
                                        .changed_ms = 2,
                                        .announced_ms = -3,
                                        .holds = 4,
                                        .worst = NAN,
                                        .value = 70,
                                        .limit = 68,
                                        .reason = 5};
  const struct alert_event event = make_event();
  const struct miner miner = make_miner();
  batch_add_state(batch, &state);
  batch_add_event(batch, &event);
  batch_add_miner(batch, &miner);
  add_changes(batch);
  return batch;
}

static struct batch *there_and_back(const struct batch *batch) {
  struct buf bytes;
  struct err err;
  buf_init(&bytes);
  batch_codec_write(batch, &bytes);
  struct batch *read = batch_codec_read(bytes.data, bytes.length, &err);
  if (read == NULL)
    fail_msg("%s", err.text);
  buf_finish(&bytes);
  return read;
}

static void a_batch_comes_back_as_it_was(void **state) {
  (void)state;
  struct batch *batch = make_batch();

  struct batch *read = there_and_back(batch);

  assert_int_equal(read->sample_count, 10);
  assert_memory_equal(read->samples, batch->samples, 10 * sizeof *batch->samples);
  assert_int_equal(read->state_count, 1);
  assert_memory_equal(read->states, batch->states, sizeof *batch->states);
  assert_int_equal(read->event_count, 1);
  assert_memory_equal(read->events, batch->events, sizeof *batch->events);
  assert_int_equal(read->miner_count, 1);
  assert_memory_equal(read->miners, batch->miners, sizeof *batch->miners);
  assert_int_equal(read->message_count, 1);
  assert_memory_equal(read->messages, batch->messages, sizeof *batch->messages);
  assert_int_equal(read->change_count, 6);
  for (size_t i = 0; i < 6; i++)
    same_change(&read->changes[i], &batch->changes[i]);
  batch_destroy(read);
  batch_destroy(batch);
}

static void the_id_that_a_message_had_is_not_kept(void **state) {
  (void)state;
  struct batch *batch = batch_create();
  batch_add_message(batch, &(struct outbox_row){.id = 77, .channel = "c12", .text = "hot"});

  struct batch *read = there_and_back(batch);

  assert_int_equal(read->messages[0].row.id, 0);
  assert_string_equal(read->messages[0].row.text, "hot");
  batch_destroy(read);
  batch_destroy(batch);
}

/* Given a body of the time when an event carried its message: said (10) and channel (33). */
static void what_an_event_no_longer_has_is_passed_over(void **state) {
  (void)state;
  static const char rows[] = "BMB\1"
                             "\3\x0c" /* an event of 12 bytes: */
                             "\4\x0e" /* miner_id 7 */
                             "\x28\2" /* said */
                             "\x86\1\3"
                             "c12"     /* channel */
                             "\x10\4"; /* at_ms 2 */
  struct err err;
  struct buf bytes;
  buf_init(&bytes);
  buf_append(&bytes, rows, sizeof rows - 1);
  for (uint32_t crc = chunk_codec_crc(rows, sizeof rows - 1), i = 0; i < 4; i++)
    buf_append_char(&bytes, (char)(crc >> (8 * i) & 255));

  struct batch *read = batch_codec_read(bytes.data, bytes.length, &err);

  assert_non_null(read);
  assert_int_equal(read->event_count, 1);
  assert_int_equal(read->events[0].miner_id, 7);
  assert_int_equal(read->events[0].at_ms, 2);
  assert_int_equal(read->message_count, 0);
  batch_destroy(read);
  buf_finish(&bytes);
}

static void a_damaged_body_is_refused(void **state) {
  (void)state;
  struct batch *batch = make_batch();
  struct buf bytes;
  struct err err;
  buf_init(&bytes);
  batch_codec_write(batch, &bytes);

  for (size_t at = 0; at < bytes.length; at++) {
    bytes.data[at] ^= 0x10;
    assert_null(batch_codec_read(bytes.data, bytes.length, &err));
    assert_int_equal(err.code, ERR_CORRUPT);
    bytes.data[at] ^= 0x10;
  }
  for (size_t length = 0; length < bytes.length; length++)
    assert_null(batch_codec_read(bytes.data, length, &err));
  buf_finish(&bytes);
  batch_destroy(batch);
}

#if defined(__has_builtin)
#if __has_builtin(__builtin_clear_padding)
#define CAN_CLEAR_PADDING 1
#endif
#endif

#ifdef CAN_CLEAR_PADDING
/* Every byte of a part of a row that is no padding must lie in a field of the tables. */
static void check_covered(size_t kind, const unsigned char *part, size_t size, size_t at_offset) {
  struct batch_codec_span spans[64];
  size_t row_size = 0, array = 0;
  size_t count = batch_codec_spans(kind, spans, 64, &row_size, &array);
  unsigned char *covered = calloc(1, row_size);
  for (size_t i = 0; i < count; i++)
    memset(covered + spans[i].offset, 1, spans[i].size);
  for (size_t at = 0; at < size; at++)
    if (part[at] != 0 && !covered[at_offset + at])
      fail_msg("byte %zu of row kind %zu is not kept by batch_codec.c: a new field?", at, kind);
  free(covered);
}

#define CHECK_PART(kind, type, offset)                                                             \
  do {                                                                                             \
    type *part = malloc(sizeof(type));                                                             \
    memset(part, 0xff, sizeof *part);                                                              \
    __builtin_clear_padding(part);                                                                 \
    check_covered((kind), (const unsigned char *)part, sizeof *part, (offset));                    \
    free(part);                                                                                    \
  } while (0)
#define CHECK_CHANGE(kind, member)                                                                 \
  CHECK_PART(kind, __typeof__(((struct batch_change *)0)->member),                                 \
             offsetof(struct batch_change, member))
#endif

static void no_field_of_a_row_is_forgotten(void **state) {
  (void)state;
#ifdef CAN_CLEAR_PADDING
  CHECK_PART(0, struct sample_row, 0);
  CHECK_PART(1, struct alert_state_row, 0);
  CHECK_PART(2, struct alert_event, 0);
  CHECK_PART(3, struct miner, 0);
  CHECK_PART(4, struct batch_message, 0);
  CHECK_CHANGE(5, episode);
  CHECK_CHANGE(6, note);
  CHECK_CHANGE(7, rule);
  CHECK_CHANGE(8, mute);
  CHECK_CHANGE(9, unmute);
  CHECK_CHANGE(10, setting);
#else
  skip();
#endif
}

/* Each array is a pointer, a count and a capacity. */
static void no_array_of_a_batch_is_forgotten(void **state) {
  (void)state;
  struct batch_codec_span spans[64];
  size_t row_size, array = 0, before = SIZE_MAX, arrays = 0;
  for (size_t kind = 0; batch_codec_spans(kind, spans, 64, &row_size, &array) > 0; kind++) {
    arrays += array != before;
    before = array;
  }
  assert_int_equal(sizeof(struct batch), arrays * 3 * sizeof(size_t));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_batch_comes_back_as_it_was),
      cmocka_unit_test(the_id_that_a_message_had_is_not_kept),
      cmocka_unit_test(what_an_event_no_longer_has_is_passed_over),
      cmocka_unit_test(a_damaged_body_is_refused),
      cmocka_unit_test(no_field_of_a_row_is_forgotten),
      cmocka_unit_test(no_array_of_a_batch_is_forgotten),
  };
  return cmocka_run_group_tests_name("batch_codec", tests, NULL, NULL);
}
