#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "engine/alerts/disk_judge.h"

static const double GIB = 1024.0 * 1024 * 1024;

static const struct row {
  const char *what;
  double free_gib, total_gib, limit_pct;
  enum alert_input input;
} rows[] = {
    {"a small card that is nearly full", 0.7, 16, 5, ALERT_IS_BAD},
    {"with nothing left", 0, 16, 5, ALERT_IS_BAD},
    {"at the limit exactly", 0.5, 10, 5, ALERT_IS_BETWEEN},
    {"within a percent of the limit", 0.55, 10, 5, ALERT_IS_BETWEEN},
    {"a percent above it", 0.61, 10, 5, ALERT_IS_GOOD},
    {"a large disk with few percent, but room for years", 40, 4000, 5, ALERT_IS_GOOD},
    {"a large disk with less than 2 GiB", 1.9, 4000, 5, ALERT_IS_BAD},
    {"a large disk between 2 and 3 GiB", 2.5, 4000, 5, ALERT_IS_BETWEEN},
    {"a large disk with 3 GiB", 3.1, 4000, 5, ALERT_IS_GOOD},
    {"a card of 1 GiB that is half empty", 0.5, 1, 5, ALERT_IS_GOOD},
    {"a limit of nought never raises", 0, 16, 0, ALERT_IS_BETWEEN},
    {"what cannot be asked", NAN, NAN, 5, ALERT_IS_MISSING},
    {"a size that is not known", 1, NAN, 5, ALERT_IS_MISSING},
    {"a file system without a size of its own", 0, 0, 5, ALERT_IS_MISSING},
    {"more free than there is", 17, 16, 5, ALERT_IS_MISSING},
    {"less than nothing free", -1, 16, 5, ALERT_IS_MISSING},
};

static void a_disk_is_judged_by_percent_and_by_what_is_left(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const struct row *row = &rows[i];
    const struct disk_room room = {row->free_gib * GIB, row->total_gib * GIB};
    struct alert_reading reading;

    disk_judge_read(&room, row->limit_pct, &reading);

    if (reading.input != row->input)
      fail_msg("%s: %d, not %d", row->what, (int)reading.input, (int)row->input);
    assert_true(reading.limit == row->limit_pct);
    assert_int_equal(isnan(reading.value), row->input == ALERT_IS_MISSING);
    if (row->input != ALERT_IS_MISSING)
      assert_true(fabs(reading.value - 100 * row->free_gib / row->total_gib) < 1e-9);
  }
}

static void the_room_is_told_in_words(void **state) {
  (void)state;
  char detail[ALERT_DETAIL_MAX];

  disk_judge_write(&(struct disk_room){1.6e9, 64e9}, detail);
  assert_string_equal(detail, "1.6 GB are free (2.5 %)");
  disk_judge_write(&(struct disk_room){NAN, NAN}, detail);
  assert_string_equal(detail, "0.0 GB are free (0.0 %)");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_disk_is_judged_by_percent_and_by_what_is_left),
      cmocka_unit_test(the_room_is_told_in_words),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
