#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <stdlib.h>

#include "alert/alert_detail.h"

static void assert_reads(const char *language, const char *detail, const char *expected) {
  struct buf out;
  buf_init(&out);
  buf_append_text(&out, "");
  alert_detail_write(&out, language, detail);
  assert_string_equal(out.data, expected);
  buf_finish(&out);
}

static void a_text_without_figures_is_known_again(void **state) {
  (void)state;

  assert_reads("de", "the second fan", "der zweite Lüfter");
  assert_reads("es", "the fan", "el ventilador");
  assert_reads(NULL, "the fan", "the fan");
}

static void figures_move_into_the_other_language(void **state) {
  (void)state;

  assert_reads("de", "2 of 4 chips", "2 von 4 Chips");
  assert_reads("de", "chip 3 of 4", "Chip 3 von 4");
  assert_reads("es", "from 02:10 to 02:41", "de 02:10 a 02:41");
}

static void numbers_get_their_comma_and_versions_do_not(void **state) {
  (void)state;

  assert_reads("de", "frequency from 525 to 487.5 MHz, firmware from 2.9 to 2.10",
               "Frequenz von 525 auf 487,5 MHz, Firmware von 2.9 auf 2.10");
}

static void words_of_a_miner_stay_as_they_are(void **state) {
  (void)state;

  assert_reads("de", "Power Fault detected, code 7", "Power Fault detected, code 7");
  assert_reads("de", "frequency from  to ", "frequency from  to ");
  assert_reads("de", "", "");
}

static void every_detail_of_the_texts_is_known_in_each_language(void **state) {
  (void)state;

  assert_reads("de", "5.2 GB are free (3.1 %)", "5,2 GB sind frei (3,1 %)");
  assert_reads("de", "it does not say why", "er sagt nicht, warum");
  assert_reads("de", "core voltage from 1150 to 1187.5 mV", "Kernspannung von 1150 auf 1187,5 mV");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_text_without_figures_is_known_again),
      cmocka_unit_test(figures_move_into_the_other_language),
      cmocka_unit_test(numbers_get_their_comma_and_versions_do_not),
      cmocka_unit_test(words_of_a_miner_stay_as_they_are),
      cmocka_unit_test(every_detail_of_the_texts_is_known_in_each_language),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
