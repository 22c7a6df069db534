#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <string.h>

#include "engine/setup/home_network.h"

#define IP(a, b, c, d)                                                                             \
  (((uint32_t)(a) << 24) | ((uint32_t)(b) << 16) | ((uint32_t)(c) << 8) | (uint32_t)(d))

static void network_is_read_as_a_person_writes_it(void **state) {
  (void)state;
  const struct {
    const char *text, *kept;
    uint32_t first, last;
  } cases[] = {
      {"192.168.1.0/24", "192.168.1.0/24", IP(192, 168, 1, 1), IP(192, 168, 1, 254)},
      {"192.168.1.77", "192.168.1.0/24", IP(192, 168, 1, 1), IP(192, 168, 1, 254)},
      {"10.1.2.3/22", "10.1.0.0/22", IP(10, 1, 0, 1), IP(10, 1, 3, 254)},
      {"172.16.0.8/31", "172.16.0.8/31", IP(172, 16, 0, 8), IP(172, 16, 0, 9)},
      {"192.168.1.5/32", "192.168.1.5/32", IP(192, 168, 1, 5), IP(192, 168, 1, 5)},
      {"127.3.0.0/24", "127.3.0.0/24", IP(127, 3, 0, 1), IP(127, 3, 0, 254)},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct home_network network;
    struct err err;
    char text[HOME_NETWORK_TEXT_MAX];

    assert_true(home_network_parse(cases[i].text, &network, &err));

    home_network_format(&network, text);
    assert_string_equal(text, cases[i].kept);
    assert_int_equal(home_network_first(&network), cases[i].first);
    assert_int_equal(home_network_last(&network), cases[i].last);
  }
}

static void what_must_not_be_searched_is_refused_in_words(void **state) {
  (void)state;
  const struct {
    const char *text, *word;
  } cases[] = {
      {"", "192.168.1.0/24"},
      {"bitaxe.local", "192.168.1.0/24"},
      {"192.168.1.0/", "192.168.1.0/24"},
      {"192.168.1.0/x", "192.168.1.0/24"},
      {"192.168.1.0/33", "192.168.1.0/24"},
      {"192.168.1/24", "192.168.1.0/24"},
      {"192.168.1.0/24/24", "192.168.1.0/24"},
      {"192.168.100.100.100.100.100.100.100", "192.168.1.0/24"},
      {"10.0.0.0/21", "too large"},
      {"0.0.0.0/0", "too large"},
      {"8.8.8.0/24", "home network"},
      {"169.254.0.0/24", "home network"},
      {"224.0.0.0/24", "home network"},
      {"172.32.0.0/24", "home network"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct home_network network;
    struct err err = {0};

    if (home_network_parse(cases[i].text, &network, &err))
      fail_msg("%s was accepted", cases[i].text);

    assert_int_equal(err.code, ERR_INVALID);
    if (strstr(err.text, cases[i].word) == NULL)
      fail_msg("%s: %s", cases[i].text, err.text);
  }
}

static void large_network_is_cut_around_our_own_address(void **state) {
  (void)state;
  const struct home_interface interface = {
      .name = "wlan0", .address = IP(10, 20, 31, 7), .mask = IP(255, 255, 0, 0)};
  struct home_network network;
  char text[HOME_NETWORK_TEXT_MAX];

  assert_true(home_network_of(&interface, &network));

  home_network_format(&network, text);
  assert_string_equal(text, "10.20.28.0/22");
}

static void interface_without_a_home_is_passed_over(void **state) {
  (void)state;
  const struct home_interface cases[] = {
      {.name = "eth0", .address = IP(8, 8, 8, 8), .mask = IP(255, 255, 255, 0)},
      {.name = "lo", .address = IP(127, 0, 0, 1), .mask = IP(255, 0, 0, 0)},
      {.name = "docker0", .address = IP(172, 17, 0, 1), .mask = IP(255, 255, 0, 0)},
      {.name = "br-1f2e", .address = IP(172, 18, 0, 1), .mask = IP(255, 255, 0, 0)},
      {.name = "ppp0", .address = IP(10, 0, 0, 5), .mask = IP(255, 255, 255, 255)},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    struct home_network network;
    if (home_network_of(&cases[i], &network))
      fail_msg("%s", cases[i].name);
  }
}

static void inside_of_a_container_is_told_from_a_home(void **state) {
  (void)state;
  const struct home_interface bridged = {.name = "eth0",
                                         .address = IP(172, 18, 0, 3),
                                         .mask = IP(255, 255, 0, 0),
                                         .mac = {0x02, 0x42, 0xac, 0x12, 0x00, 0x03}};
  const struct home_interface at_home = {.name = "eth0",
                                         .address = IP(192, 168, 1, 3),
                                         .mask = IP(255, 255, 255, 0),
                                         .mac = {0xdc, 0xa6, 0x32, 0x00, 0x00, 0x01}};

  assert_true(home_network_is_isolated(&bridged, true));
  assert_false(home_network_is_isolated(&bridged, false));
  assert_false(home_network_is_isolated(&at_home, true));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(network_is_read_as_a_person_writes_it),
      cmocka_unit_test(what_must_not_be_searched_is_refused_in_words),
      cmocka_unit_test(large_network_is_cut_around_our_own_address),
      cmocka_unit_test(interface_without_a_home_is_passed_over),
      cmocka_unit_test(inside_of_a_container_is_told_from_a_home),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
