#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdalign.h>
#include <string.h>

#include "base/arena.h"

static void memory_is_zero_and_aligned_for_any_type(void **state) {
  (void)state;
  struct arena arena;
  arena_init(&arena, 64);

  for (size_t size = 0; size < 200; size++) {
    unsigned char *memory = arena_alloc(&arena, size);

    assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
    for (size_t i = 0; i < size; i++)
      assert_int_equal(memory[i], 0);
    memset(memory, 0xFF, size);
  }
  arena_finish(&arena);
}

static void memory_is_zero_again_after_a_reset(void **state) {
  (void)state;
  struct arena arena;
  arena_init(&arena, 0);
  memset(arena_alloc(&arena, 100), 0xFF, 100);

  arena_reset(&arena);
  const unsigned char *memory = arena_alloc(&arena, 100);

  for (int i = 0; i < 100; i++)
    assert_int_equal(memory[i], 0);
  arena_finish(&arena);
}

static void reset_keeps_one_block_and_forgets_the_total(void **state) {
  (void)state;
  struct arena arena;
  arena_init(&arena, 128);
  for (int i = 0; i < 50; i++)
    arena_alloc(&arena, 100);
  assert_true(arena.total >= 5000);

  arena_reset(&arena);

  assert_int_equal(arena.total, 0);
  assert_non_null(arena.blocks);
  arena_finish(&arena);
  assert_null(arena.blocks);
}

static void reset_lets_a_huge_block_go(void **state) {
  (void)state;
  struct arena arena;
  arena_init(&arena, 128);
  arena_alloc(&arena, 1000000);

  arena_reset(&arena);

  assert_null(arena.blocks);
  arena_finish(&arena);
}

static void copies_of_text_end_with_a_nul(void **state) {
  (void)state;
  struct arena arena;
  arena_init(&arena, 0);

  assert_string_equal(arena_strdup(&arena, "Garage"), "Garage");
  assert_string_equal(arena_strndup(&arena, "Garage", 3), "Gar");
  assert_string_equal(arena_strndup(&arena, "Gar", 100), "Gar");
  assert_memory_equal(arena_memdup(&arena, "a\0b", 3), "a\0b", 3);
  arena_finish(&arena);
}

static void printf_takes_short_and_long_texts(void **state) {
  (void)state;
  struct arena arena;
  arena_init(&arena, 64);

  const char *brief = arena_printf(&arena, "%s-%d", "miner", 7);
  const char *wide = arena_printf(&arena, "%500d", 7);

  assert_string_equal(brief, "miner-7");
  assert_int_equal(strlen(wide), 500);
  assert_int_equal(wide[499], '7');
  arena_finish(&arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(memory_is_zero_and_aligned_for_any_type),
      cmocka_unit_test(memory_is_zero_again_after_a_reset),
      cmocka_unit_test(reset_keeps_one_block_and_forgets_the_total),
      cmocka_unit_test(reset_lets_a_huge_block_go),
      cmocka_unit_test(copies_of_text_end_with_a_nul),
      cmocka_unit_test(printf_takes_short_and_long_texts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
