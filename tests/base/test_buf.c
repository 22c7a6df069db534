#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

static void content_reads_as_a_c_string(void **state) {
  (void)state;
  struct buf buf;
  buf_init(&buf);

  buf_append_text(&buf, "hash");
  buf_append_char(&buf, '-');
  buf_append(&buf, "rate!", 4);
  buf_printf(&buf, " %d", 42);

  assert_string_equal(buf.data, "hash-rate 42");
  assert_int_equal(buf.length, 12);
  buf_finish(&buf);
}

static void bytes_may_contain_nul(void **state) {
  (void)state;
  struct buf buf;
  buf_init(&buf);

  buf_append(&buf, "a\0b", 3);

  assert_int_equal(buf.length, 3);
  assert_memory_equal(buf.data, "a\0b", 4);
  buf_finish(&buf);
}

static void it_grows_to_a_megabyte_byte_by_byte(void **state) {
  (void)state;
  struct buf buf;
  buf_init(&buf);

  for (int i = 0; i < 1024 * 1024; i++)
    buf_append_char(&buf, (char)('a' + i % 26));

  assert_int_equal(buf.length, 1024 * 1024);
  for (size_t i = 0; i < buf.length; i += 997)
    assert_int_equal(buf.data[i], 'a' + i % 26);
  buf_finish(&buf);
}

static void printf_grows_exactly_when_it_must(void **state) {
  (void)state;
  for (int width = 1; width < 300; width++) {
    struct buf buf;
    buf_init(&buf);

    buf_printf(&buf, "%*d", width, 1);
    buf_printf(&buf, "%*d", width, 2);

    assert_int_equal(buf.length, 2 * width);
    assert_int_equal(buf.data[width - 1], '1');
    assert_int_equal(buf.data[2 * width - 1], '2');
    assert_int_equal(buf.data[2 * width], '\0');
    buf_finish(&buf);
  }
}

static void whole_numbers_are_written_in_decimal(void **state) {
  (void)state;
  struct buf buf;
  buf_init(&buf);

  buf_append_i64(&buf, 0);
  buf_append_i64(&buf, -1);
  buf_append_i64(&buf, INT64_MAX);
  buf_append_i64(&buf, INT64_MIN);

  assert_string_equal(buf.data, "0-19223372036854775807-9223372036854775808");
  buf_finish(&buf);
}

static void clear_keeps_the_memory(void **state) {
  (void)state;
  struct buf buf;
  buf_init(&buf);
  buf_clear(&buf); /* also before the first append */
  buf_append_text(&buf, "something");
  size_t capacity = buf.capacity;

  buf_clear(&buf);

  assert_int_equal(buf.length, 0);
  assert_string_equal(buf.data, "");
  assert_int_equal(buf.capacity, capacity);
  buf_finish(&buf);
}

static void take_hands_over_and_leaves_an_empty_buffer(void **state) {
  (void)state;
  struct buf buf;
  buf_init(&buf);
  buf_append_text(&buf, "mine");

  size_t length = 0;
  char *taken = buf_take(&buf, &length);
  char *nothing = buf_take(&buf, NULL);

  assert_string_equal(taken, "mine");
  assert_int_equal(length, 4);
  assert_string_equal(nothing, "");
  assert_null(buf.data);
  free(taken);
  free(nothing);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(content_reads_as_a_c_string),
      cmocka_unit_test(bytes_may_contain_nul),
      cmocka_unit_test(it_grows_to_a_megabyte_byte_by_byte),
      cmocka_unit_test(printf_grows_exactly_when_it_must),
      cmocka_unit_test(whole_numbers_are_written_in_decimal),
      cmocka_unit_test(clear_keeps_the_memory),
      cmocka_unit_test(take_hands_over_and_leaves_an_empty_buffer),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
