#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "net/address.h"

static void assert_reads_as(const char *text, const char *expected) {
  struct address address;
  struct err err = {0};
  char url[ADDRESS_URL_MAX];
  if (!address_parse(text, &address, &err))
    fail_msg("\"%s\" was refused: %s", text, err.text);
  address_format(&address, url);
  assert_string_equal(url, expected);
}

static void assert_refused(const char *text, const char *words) {
  struct address address = {.port = 7};
  struct err err = {0};
  if (address_parse(text, &address, &err))
    fail_msg("\"%s\" was accepted as %s", text, address.host);
  assert_int_equal(err.code, ERR_INVALID);
  if (strstr(err.text, words) == NULL)
    fail_msg("\"%s\": \"%s\" does not say \"%s\"", text, err.text, words);
  assert_int_equal(address.port, 7);
}

static void what_people_type_becomes_one_form(void **state) {
  (void)state;
  assert_reads_as("192.168.1.50", "http://192.168.1.50");
  assert_reads_as("  192.168.1.50/ ", "http://192.168.1.50");
  assert_reads_as("http://192.168.1.50:80/", "http://192.168.1.50");
  assert_reads_as("HTTP://10.0.0.7:8080", "http://10.0.0.7:8080");
  assert_reads_as("Bitaxe.Local", "http://bitaxe.local");
  assert_reads_as("bitaxe.local.", "http://bitaxe.local");
  assert_reads_as("my_miner:65535", "http://my_miner:65535");
  assert_reads_as("miner-2f", "http://miner-2f");
}

static void ipv6_is_read_with_and_without_brackets(void **state) {
  (void)state;
  assert_reads_as("[fd00::12]", "http://[fd00::12]");
  assert_reads_as("http://[FD00:0::12]:8080/", "http://[fd00::12]:8080");
  assert_reads_as("fe80::1", "http://[fe80::1]");
}

static void what_is_no_address_is_refused_with_words(void **state) {
  (void)state;
  assert_refused("", "for example 192.168.1.50");
  assert_refused("   ", "for example 192.168.1.50");
  assert_refused("http://", "for example 192.168.1.50");
  assert_refused(":80", "for example 192.168.1.50");
  assert_refused("https://10.0.0.1", "without https://");
  assert_refused("ftp://10.0.0.1", "only http://");
  assert_refused("admin:secret@10.0.0.1", "user name");
  assert_refused("10.0.0.1/api/system/info", "without a path");
  assert_refused("10.0.0.1?x=1", "without a path");
  assert_refused("10.0.0.1#top", "without a path");
  assert_refused("10.0.0.1:0", "from 1 to 65535");
  assert_refused("10.0.0.1:65536", "from 1 to 65535");
  assert_refused("10.0.0.1:", "from 1 to 65535");
  assert_refused("10.0.0.1: 80", "from 1 to 65535");
  assert_refused("my miner", "letters, digits");
  assert_refused("-miner", "letters, digits");
  assert_refused("a..b", "letters, digits");
  assert_refused("b\xc3\xbc"
                 "ro",
                 "letters, digits");
  assert_refused("[fd00::12", "brackets");
  assert_refused("[fd00::12]x", "brackets");
  assert_refused("[10.0.0.1]", "IPv6");
  assert_refused("fe80::1%eth0", "IPv6");
}

static void odd_forms_of_ipv4_are_refused(void **state) {
  (void)state;
  assert_refused("127.1", "four numbers");
  assert_refused("0x7f000001", "four numbers");
  assert_refused("2130706433", "four numbers");
  assert_refused("192.168.1.256", "four numbers");
  assert_refused("miner.0x7f", "four numbers");
}

static void text_too_long_is_refused(void **state) {
  (void)state;
  char text[400];
  memset(text, 'a', sizeof text);
  text[sizeof text - 1] = '\0';
  assert_refused(text, "too long");
  text[120] = '\0';
  assert_refused(text, "too long");
}

static void scope_tells_home_from_public(void **state) {
  (void)state;
  static const struct {
    const char *host;
    enum address_scope scope;
  } cases[] = {
      {"127.0.0.1", ADDRESS_LOOPBACK},
      {"127.255.0.9", ADDRESS_LOOPBACK},
      {"::1", ADDRESS_LOOPBACK},
      {"localhost", ADDRESS_LOOPBACK},
      {"10.1.2.3", ADDRESS_PRIVATE},
      {"172.16.0.1", ADDRESS_PRIVATE},
      {"172.31.255.255", ADDRESS_PRIVATE},
      {"172.32.0.1", ADDRESS_PUBLIC},
      {"172.15.0.1", ADDRESS_PUBLIC},
      {"192.168.0.1", ADDRESS_PRIVATE},
      {"192.169.0.1", ADDRESS_PUBLIC},
      {"169.254.7.7", ADDRESS_LINK_LOCAL},
      {"8.8.8.8", ADDRESS_PUBLIC},
      {"0.0.0.0", ADDRESS_PUBLIC},
      {"224.0.0.1", ADDRESS_PUBLIC},
      {"::", ADDRESS_PUBLIC},
      {"fd12::1", ADDRESS_PRIVATE},
      {"fc00::1", ADDRESS_PRIVATE},
      {"fe80::1", ADDRESS_LINK_LOCAL},
      {"2001:db8::1", ADDRESS_PUBLIC},
      {"::ffff:10.0.0.1", ADDRESS_PRIVATE},
      {"::ffff:8.8.8.8", ADDRESS_PUBLIC},
      {"bitaxe.local", ADDRESS_NAME},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    if (address_scope(cases[i].host) != cases[i].scope)
      fail_msg("%s: scope %d, expected %d", cases[i].host, (int)address_scope(cases[i].host),
               (int)cases[i].scope);
}

static void socket_addresses_are_judged_like_text(void **state) {
  (void)state;
  struct sockaddr_in v4 = {.sin_family = AF_INET};
  struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
  struct sockaddr local = {.sa_family = AF_UNIX};
  inet_pton(AF_INET, "10.0.0.1", &v4.sin_addr);
  inet_pton(AF_INET6, "::ffff:8.8.8.8", &v6.sin6_addr);

  assert_int_equal(address_scope_socket((struct sockaddr *)&v4), ADDRESS_PRIVATE);
  assert_int_equal(address_scope_socket((struct sockaddr *)&v6), ADDRESS_PUBLIC);
  assert_int_equal(address_scope_socket(&local), ADDRESS_PUBLIC);
}

static void only_near_scopes_are_home(void **state) {
  (void)state;
  assert_true(address_scope_is_home(ADDRESS_LOOPBACK));
  assert_true(address_scope_is_home(ADDRESS_PRIVATE));
  assert_true(address_scope_is_home(ADDRESS_LINK_LOCAL));
  assert_false(address_scope_is_home(ADDRESS_NAME));
  assert_false(address_scope_is_home(ADDRESS_PUBLIC));
}

static void names_that_only_a_home_network_knows_are_ours(void **state) {
  (void)state;
  static const char *const ours[] = {
      "localhost:8000",         "192.168.1.5",  "127.0.0.1:8000",    "[::1]:8000", "raspberrypi",
      "raspberrypi.local:8000", "pi.fritz.box", "pi.HOME.arpa:8000", "8.8.8.8",    "localhost.",
      "monitor.example.org"};
  static const char *const others[] = {
      "evil.example", "evil.example:8000",     "local.evil.example", ".local", "", "[",
      ":8000",        "notmonitor.example.org"};

  for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
    if (!address_host_is_ours(ours[i], "x.example, monitor.example.org"))
      fail_msg("'%s' is refused", ours[i]);
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    if (address_host_is_ours(others[i], "x.example, monitor.example.org"))
      fail_msg("'%s' is taken for ours", others[i]);
  assert_false(address_host_is_ours("monitor.example.org", NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_people_type_becomes_one_form),
      cmocka_unit_test(ipv6_is_read_with_and_without_brackets),
      cmocka_unit_test(what_is_no_address_is_refused_with_words),
      cmocka_unit_test(odd_forms_of_ipv4_are_refused),
      cmocka_unit_test(text_too_long_is_refused),
      cmocka_unit_test(scope_tells_home_from_public),
      cmocka_unit_test(socket_addresses_are_judged_like_text),
      cmocka_unit_test(only_near_scopes_are_home),
      cmocka_unit_test(names_that_only_a_home_network_knows_are_ours),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
