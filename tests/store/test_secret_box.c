#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/secret_box.h"
#include "support/temp_dir.h"

static struct temp_dir dir;

static int setup(void **state) {
  (void)state;
  temp_dir_create(&dir);
  return 0;
}

static int teardown(void **state) {
  (void)state;
  temp_dir_destroy(&dir);
  return 0;
}

static struct secret_box *open_at(const char *path) {
  struct secret_box *box = NULL;
  struct err err;
  assert_true(secret_box_open(&box, path, &err));
  return box;
}

static void what_was_sealed_is_read_again_in_the_next_run(void **state) {
  (void)state;
  char *path = temp_dir_file(&dir, "secret.key");
  struct secret_box *first = open_at(path);
  struct buf sealed, plain;
  struct err err;
  struct stat facts;
  buf_init(&sealed);
  buf_init(&plain);

  secret_box_seal(first, "{\"password\":\"geheim\"}", &sealed);
  secret_box_close(first);
  struct secret_box *second = open_at(path);
  assert_true(secret_box_unseal(second, sealed.data, &plain, &err));

  assert_string_equal(plain.data, "{\"password\":\"geheim\"}");
  assert_null(strstr(sealed.data, "geheim"));
  assert_int_equal(stat(path, &facts), 0);
  assert_int_equal(facts.st_mode & 0777, 0600);
  secret_box_close(second);
  free(path);
  buf_finish(&sealed);
  buf_finish(&plain);
}

static void nothing_is_sealed_twice_to_the_same_text(void **state) {
  (void)state;
  struct secret_box *box = open_at(NULL);
  struct buf one, two;
  buf_init(&one);
  buf_init(&two);

  secret_box_seal(box, "same", &one);
  secret_box_seal(box, "same", &two);

  assert_string_not_equal(one.data, two.data);
  secret_box_close(box);
  buf_finish(&one);
  buf_finish(&two);
}

static void another_key_and_changed_text_are_refused_with_words(void **state) {
  (void)state;
  struct secret_box *box = open_at(NULL), *other = open_at(NULL);
  struct buf sealed, plain;
  struct err err;
  buf_init(&sealed);
  buf_init(&plain);
  secret_box_seal(box, "geheim", &sealed);

  assert_false(secret_box_unseal(other, sealed.data, &plain, &err));
  assert_int_equal(err.code, ERR_CORRUPT);
  assert_non_null(strstr(err.text, "Enter it again"));
  sealed.data[30] = sealed.data[30] == 'A' ? 'B' : 'A';
  assert_false(secret_box_unseal(box, sealed.data, &plain, &err));
  assert_false(secret_box_unseal(box, "", &plain, &err));
  assert_false(secret_box_unseal(box, "no base64!", &plain, &err));

  assert_int_equal(plain.length, 0);
  secret_box_close(box);
  secret_box_close(other);
  buf_finish(&sealed);
  buf_finish(&plain);
}

static void write_file(const char *path, const char *text, mode_t mode) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
  assert_int_equal(chmod(path, mode), 0);
}

static void key_that_others_may_read_or_that_is_none_is_refused(void **state) {
  (void)state;
  char *path = temp_dir_file(&dir, "secret.key"), *nowhere = temp_dir_file(&dir, "no/such/folder");
  struct secret_box *box = NULL;
  struct err err;

  write_file(path, "0123456789abcdef0123456789abcdef", 0644);
  assert_false(secret_box_open(&box, path, &err));
  assert_non_null(strstr(err.text, "chmod 600"));
  write_file(path, "too short", 0600);
  assert_false(secret_box_open(&box, path, &err));
  assert_int_equal(err.code, ERR_CORRUPT);
  assert_false(secret_box_open(&box, nowhere, &err));
  assert_null(box);
  free(path);
  free(nowhere);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(what_was_sealed_is_read_again_in_the_next_run, setup,
                                      teardown),
      cmocka_unit_test(nothing_is_sealed_twice_to_the_same_text),
      cmocka_unit_test(another_key_and_changed_text_are_refused_with_words),
      cmocka_unit_test_setup_teardown(key_that_others_may_read_or_that_is_none_is_refused, setup,
                                      teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
