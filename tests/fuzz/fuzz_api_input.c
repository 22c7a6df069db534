/* What the API reads of paths, parameters and headers. The input is some lines of
 * text; each is tried as everything that comes from outside. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/chart.h"
#include "api/param.h"
#include "api/route.h"
#include "api/static_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_path(const char *text) {
  static const char *const methods[] = {"GET", "HEAD", "POST", "DELETE", "BREW"};
  struct buf allow;
  buf_init(&allow);
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    struct route_params params;
    buf_clear(&allow);
    const struct route *route = route_find(methods[i], text, &params, &allow);
    for (int j = 0; route != NULL && j < ROUTE_PARAMS_MAX && params.at[j] != NULL; j++) {
      const char *param = params.at[j];
      size_t length = params.length[j];
      assert(param >= text && param + length <= text + strlen(text));
      assert(length > 0 && memchr(param, '/', length) == NULL);
    }
  }
  buf_finish(&allow);
}

/* What is accepted is within its bounds, and what is refused is refused in words. */
static void check_parameters(const char *text) {
  struct err err = {0};
  int64_t number = 5;
  if (param_count("n", text, (struct param_range){1, 1000}, &number, &err))
    assert(number >= 1 && number <= 1000);
  else
    assert(err.code == ERR_INVALID && err.text[0] != '\0');
  if (param_id(text, &number, &err))
    assert(number >= 1);
  if (param_id_cursor(text, &number, &err))
    assert(number >= 1);
  param_time("from", text, &number, &err);
  uint64_t mask;
  if (chart_parse_columns(text, &mask, &err))
    assert(mask < UINT64_C(1) << CHART_COLUMN_COUNT);
}

static void check_cursor(const char *text) {
  struct err err = {0};
  struct param_sample_cursor cursor, again;
  char back[PARAM_CURSOR_SIZE];
  if (!param_sample_cursor(text, &cursor, &err))
    return;
  assert(cursor.at_ms >= 0 && cursor.skip >= 0 && cursor.skip <= 1000);
  param_sample_cursor_format(cursor, back);
  assert(param_sample_cursor(back, &again, &err));
  assert(again.at_ms == cursor.at_ms && again.skip == cursor.skip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *text = malloc(size + 1);
  if (text == NULL)
    return 0;
  memcpy(text, data, size);
  text[size] = '\0';
  for (char *line = text, *next; line != NULL; line = next) {
    next = strchr(line, '\n');
    if (next != NULL)
      *next++ = '\0';
    check_path(line);
    check_parameters(line);
    check_cursor(line);
    static_files_accepts(line, "gzip");
    assert(static_files_type(line) != NULL);
  }
  free(text);
  return 0;
}
