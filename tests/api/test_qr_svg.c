#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/telegram/qr_svg.h"

enum { QUIET = 4, SIDE_MAX = 64 };

/* The modules again, from the bars of the path. */
static int read_modules(const char *svg, char modules[SIDE_MAX][SIDE_MAX]) {
  int side = 0, x, y, length;
  assert_int_equal(sscanf(strstr(svg, "viewBox=\"0 0 "), "viewBox=\"0 0 %d", &side), 1);
  assert_true(side < SIDE_MAX);
  memset(modules, 0, SIDE_MAX * SIDE_MAX);
  for (const char *at = strstr(svg, "<path d=\""); (at = strchr(at, 'M')) != NULL; at++) {
    assert_int_equal(sscanf(at, "M%d %dh%dv1h-", &x, &y, &length), 3);
    for (int i = 0; i < length; i++)
      modules[y][x + i] = 1;
  }
  return side;
}

/* The square within a square in three corners (ISO/IEC 18004, 6.3.3). */
static void assert_finder(char modules[SIDE_MAX][SIDE_MAX], int left, int top) {
  for (int y = 0; y < 7; y++) {
    for (int x = 0; x < 7; x++) {
      int ring = x < 1 || x > 5 || y < 1 || y > 5;
      int eye = x >= 2 && x <= 4 && y >= 2 && y <= 4;
      assert_int_equal(modules[top + y][left + x], ring || eye);
    }
  }
}

static void deep_link_becomes_a_code_with_finders_and_a_quiet_zone(void **state) {
  (void)state;
  char modules[SIDE_MAX][SIDE_MAX];
  struct buf svg;
  struct err err;
  buf_init(&svg);

  assert_true(
      qr_svg_write("https://t.me/GarageBot?start=0123456789abcdef0123456789abcdef", &svg, &err));

  int side = read_modules(svg.data, modules);
  assert_int_equal((side - 2 * QUIET - 17) % 4, 0); /* the sizes that there are */
  assert_finder(modules, QUIET, QUIET);
  assert_finder(modules, side - QUIET - 7, QUIET);
  assert_finder(modules, QUIET, side - QUIET - 7);
  for (int i = 0; i < side; i++)
    assert_false(modules[i][QUIET - 1] || modules[QUIET - 1][i] || modules[i][side - QUIET] ||
                 modules[side - QUIET][i]);
  assert_true(svg.length < 16 * 1024);
  buf_finish(&svg);
}

static void text_that_no_code_holds_is_refused(void **state) {
  (void)state;
  char text[8001];
  struct buf svg;
  struct err err;
  memset(text, 'x', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  buf_init(&svg);

  assert_false(qr_svg_write(text, &svg, &err));

  assert_int_equal(err.code, ERR_TOO_LARGE);
  buf_finish(&svg);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(deep_link_becomes_a_code_with_finders_and_a_quiet_zone),
      cmocka_unit_test(text_that_no_code_holds_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
