#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "support/temp_dir.h"

struct fixture {
  struct temp_dir dir;
  char *from, *to;
};

static int setup(void **state) {
  struct fixture *f = calloc(1, sizeof *f);
  temp_dir_create(&f->dir);
  f->from = temp_dir_file(&f->dir, "from");
  f->to = temp_dir_file(&f->dir, "to");
  *state = f;
  return 0;
}

static int teardown(void **state) {
  struct fixture *f = *state;
  temp_dir_destroy(&f->dir);
  free(f->from);
  free(f->to);
  free(f);
  return 0;
}

/* Longer than what is copied in one go, and not a multiple of it. */
static void fill(const char *path, size_t size) {
  FILE *file = fopen(path, "wb");
  for (size_t i = 0; i < size; i++)
    fputc((int)(i * 31 >> 3) & 0xff, file);
  assert_int_equal(fclose(file), 0);
}

static bool same(const char *a, const char *b) {
  FILE *left = fopen(a, "rb"), *right = fopen(b, "rb");
  int l, r;
  do {
    l = fgetc(left);
    r = fgetc(right);
  } while (l == r && l != EOF);
  fclose(left);
  fclose(right);
  return l == r;
}

static void a_copy_has_every_byte_and_is_its_owners_alone(void **state) {
  const struct fixture *f = *state;
  struct err err;
  struct stat facts;
  fill(f->from, 700001);

  bool ok = file_copy(f->from, f->to, &err);

  assert_true(ok);
  assert_true(same(f->from, f->to));
  assert_int_equal(file_size(f->to), 700001);
  assert_int_equal(stat(f->to, &facts), 0);
  assert_int_equal(facts.st_mode & 0777, 0600);
}

static void nothing_is_copied_over_another_file(void **state) {
  const struct fixture *f = *state;
  struct err err = {0};
  fill(f->from, 10);
  fill(f->to, 3);

  bool copied = file_copy(f->from, f->to, &err);
  bool created = file_create(f->to, &err);

  assert_false(copied);
  assert_false(created);
  assert_int_equal(err.code, ERR_CONFLICT);
  assert_non_null(strstr(err.text, f->to));
  assert_int_equal(file_size(f->to), 3);
}

static void a_missing_file_or_folder_is_told(void **state) {
  const struct fixture *f = *state;
  struct err err = {0};

  bool copied = file_copy(f->from, f->to, &err);

  assert_false(copied);
  assert_int_equal(err.code, ERR_NOT_FOUND);
  assert_non_null(strstr(err.text, f->from));
  assert_int_equal(file_size(f->to), -1);
  assert_false(file_rename(f->from, f->to, &err));
  assert_false(file_sync(f->from, &err));
  assert_int_equal(file_free_bytes(f->from), -1);
}

static void what_the_system_refuses_is_told_with_what_to_do(void **state) {
  (void)state;
  struct err full = {0}, forbidden = {0}, other = {0};

  assert_false(file_explain("write", "/x", ENOSPC, &full));
  assert_false(file_explain("write", "/x", EACCES, &forbidden));
  assert_false(file_explain("write", "/x", EIO, &other));

  assert_int_equal(full.code, ERR_IO);
  assert_string_equal(full.text, "cannot write '/x': the disk is full; free some space");
  assert_non_null(strstr(forbidden.text, "another place"));
  assert_non_null(strstr(other.text, strerror(EIO)));
}

static void a_rename_takes_the_place_of_what_was_there(void **state) {
  const struct fixture *f = *state;
  struct err err;
  fill(f->from, 10);
  fill(f->to, 3);

  bool ok = file_rename(f->from, f->to, &err) && file_sync(f->to, &err);

  assert_true(ok);
  assert_int_equal(file_size(f->to), 10);
  assert_int_equal(file_size(f->from), -1);
  assert_true(file_free_bytes(f->to) >= 0);
}

#define FILE_TEST(claim) cmocka_unit_test_setup_teardown(claim, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
      FILE_TEST(a_copy_has_every_byte_and_is_its_owners_alone),
      FILE_TEST(nothing_is_copied_over_another_file),
      FILE_TEST(a_missing_file_or_folder_is_told),
      FILE_TEST(what_the_system_refuses_is_told_with_what_to_do),
      FILE_TEST(a_rename_takes_the_place_of_what_was_there),
  };
  return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
