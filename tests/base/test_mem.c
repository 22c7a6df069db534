#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void new_memory_is_zero_even_when_empty(void **state) {
  (void)state;
  unsigned char *memory = mem_alloc(1000);
  void *nothing = mem_alloc(0);

  for (int i = 0; i < 1000; i++)
    assert_int_equal(memory[i], 0);
  assert_non_null(nothing);
  free(memory);
  free(nothing);
}

static void resize_keeps_the_content(void **state) {
  (void)state;
  int *numbers = mem_resize(NULL, 2, sizeof *numbers);
  numbers[0] = 1;
  numbers[1] = 2;

  numbers = mem_resize(numbers, 1000, sizeof *numbers);

  assert_int_equal(numbers[0], 1);
  assert_int_equal(numbers[1], 2);
  free(numbers);
}

static void copies_of_text_are_separate(void **state) {
  (void)state;
  char original[] = "Garage";

  char *copy = mem_strdup(original);
  original[0] = 'B';

  assert_string_equal(copy, "Garage");
  assert_null(mem_strdup(NULL));
  free(copy);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(new_memory_is_zero_even_when_empty),
      cmocka_unit_test(resize_keeps_the_content),
      cmocka_unit_test(copies_of_text_are_separate),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
