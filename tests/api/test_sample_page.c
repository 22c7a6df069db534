/* That pages put end to end are the whole list. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "api/sample_page.h"

static struct sample sample_at(int64_t at_ms, double mark) {
  struct sample sample;
  sample_init(&sample, at_ms);
  sample.values[METRIC_UPTIME_S] = mark;
  return sample;
}

/* Walks all pages over the times and gives the marks in the order they came. */
static size_t walk(const int64_t *times, size_t count, size_t limit, double *marks) {
  struct param_sample_cursor cursor = {0};
  size_t got = 0;
  for (bool more = true; more;) {
    struct sample_page *page = sample_page_create(limit, cursor);
    for (size_t i = 0; i < count; i++) {
      struct sample sample = sample_at(times[i], (double)i);
      if (times[i] >= cursor.at_ms && !sample_page_add(page, &sample))
        break;
    }
    assert_true(sample_page_count(page) <= limit);
    for (size_t i = 0; i < sample_page_count(page); i++)
      marks[got++] = sample_page_at(page, i)->values[METRIC_UPTIME_S];
    more = sample_page_next(page, &cursor);
    sample_page_destroy(page);
    assert_true(got <= count);
  }
  return got;
}

static void pages_put_end_to_end_are_the_whole_list(void **state) {
  (void)state;
  const int64_t times[] = {10, 20, 30, 40, 50, 60, 70};
  double marks[7];
  for (size_t limit = 1; limit <= 8; limit++) {
    assert_int_equal(walk(times, 7, limit, marks), 7);
    for (int i = 0; i < 7; i++)
      assert_true(marks[i] == i);
  }
}

static void samples_of_the_same_time_are_neither_lost_nor_repeated(void **state) {
  (void)state;
  const int64_t times[] = {10, 20, 20, 20, 20, 30};
  double marks[6];
  for (size_t limit = 1; limit <= 6; limit++) {
    assert_int_equal(walk(times, 6, limit, marks), 6);
    for (int i = 0; i < 6; i++)
      assert_true(marks[i] == i);
  }
}

static void what_came_out_of_order_is_put_in_order(void **state) {
  (void)state;
  const int64_t times[] = {40, 10, 30, 20, 60, 50};
  const int order[] = {1, 3, 2, 0, 5, 4};
  double marks[6];
  for (size_t limit = 1; limit <= 6; limit++) {
    assert_int_equal(walk(times, 6, limit, marks), 6);
    for (int i = 0; i < 6; i++)
      assert_true(marks[i] == order[i]);
  }
}

static void full_page_ends_the_walk_when_later_ones_are_far(void **state) {
  (void)state;
  struct sample_page *page = sample_page_create(1, (struct param_sample_cursor){0});
  struct sample first = sample_at(10, 0), second = sample_at(20, 1), near = sample_at(30, 2),
                far = sample_at(3600000, 3);
  assert_true(sample_page_add(page, &first));
  assert_true(sample_page_add(page, &second));
  assert_true(sample_page_add(page, &near));
  assert_false(sample_page_add(page, &far));
  sample_page_destroy(page);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pages_put_end_to_end_are_the_whole_list),
      cmocka_unit_test(samples_of_the_same_time_are_neither_lost_nor_repeated),
      cmocka_unit_test(what_came_out_of_order_is_put_in_order),
      cmocka_unit_test(full_page_ends_the_walk_when_later_ones_are_far),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
