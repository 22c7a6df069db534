#include "net/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"

enum { TEXT_MAX = 256, LABEL_MAX = 63 };

/* --- scope --- */

static enum address_scope scope_of_v4(uint32_t ip) {
  if (ip >> 24 == 127)
    return ADDRESS_LOOPBACK;
  if (ip >> 24 == 10 || ip >> 20 == (172u << 4 | 1) || ip >> 16 == (192u << 8 | 168))
    return ADDRESS_PRIVATE;
  if (ip >> 16 == (169u << 8 | 254))
    return ADDRESS_LINK_LOCAL;
  return ADDRESS_PUBLIC;
}

static enum address_scope scope_of_v6(const struct in6_addr *ip) {
  if (IN6_IS_ADDR_V4MAPPED(ip)) {
    uint32_t v4;
    memcpy(&v4, ip->s6_addr + 12, sizeof v4);
    return scope_of_v4(ntohl(v4));
  }
  if (IN6_IS_ADDR_LOOPBACK(ip))
    return ADDRESS_LOOPBACK;
  if ((ip->s6_addr[0] & 0xfe) == 0xfc)
    return ADDRESS_PRIVATE;
  if (IN6_IS_ADDR_LINKLOCAL(ip))
    return ADDRESS_LINK_LOCAL;
  return ADDRESS_PUBLIC;
}

enum address_scope address_scope(const char *host) {
  struct in_addr v4;
  struct in6_addr v6;
  if (inet_pton(AF_INET, host, &v4) == 1)
    return scope_of_v4(ntohl(v4.s_addr));
  if (inet_pton(AF_INET6, host, &v6) == 1)
    return scope_of_v6(&v6);
  return str_equal_ignore_case(host, "localhost") ? ADDRESS_LOOPBACK : ADDRESS_NAME;
}

enum address_scope address_scope_socket(const struct sockaddr *peer) {
  if (peer->sa_family == AF_INET) {
    struct sockaddr_in v4;
    memcpy(&v4, peer, sizeof v4);
    return scope_of_v4(ntohl(v4.sin_addr.s_addr));
  }
  if (peer->sa_family == AF_INET6) {
    struct sockaddr_in6 v6;
    memcpy(&v6, peer, sizeof v6);
    return scope_of_v6(&v6.sin6_addr);
  }
  return ADDRESS_PUBLIC;
}

bool address_scope_is_home(enum address_scope scope) {
  return scope == ADDRESS_LOOPBACK || scope == ADDRESS_PRIVATE || scope == ADDRESS_LINK_LOCAL;
}

/* --- parsing --- */

/* Cuts the scheme off; false for any other than http. */
static bool skip_scheme(char **text, struct err *err) {
  char *mark = strstr(*text, "://");
  if (mark == NULL)
    return true;
  *mark = '\0';
  if (str_equal_ignore_case(*text, "https"))
    return err_set(err, ERR_INVALID, "miners speak plain http: write the address without https://");
  if (!str_equal_ignore_case(*text, "http"))
    return err_set(err, ERR_INVALID,
                   "only http:// addresses work here: write just the miner's address, for example "
                   "192.168.1.50");
  *text = mark + 3;
  return true;
}

/* Refuses what may stand around a host in a URL but has no place here. */
static bool cut_rest(char *text, struct err *err) {
  char *slash = strchr(text, '/');
  if (slash != NULL && slash[1] == '\0')
    *slash = '\0';
  if (strpbrk(text, "/?#\\") != NULL)
    return err_set(err, ERR_INVALID,
                   "write only the miner's address, without a path or anything after it");
  if (strchr(text, '@') != NULL)
    return err_set(err, ERR_INVALID, "write the address without a user name or \"@\"");
  return true;
}

static bool parse_port(const char *text, uint16_t *port, struct err *err) {
  int64_t value;
  if (!str_to_i64(text, 1, 65535, &value))
    return err_set(err, ERR_INVALID, "the port after \":\" must be a number from 1 to 65535");
  *port = (uint16_t)value;
  return true;
}

static bool parse_v6(const char *text, struct address *out, struct err *err) {
  struct in6_addr ip;
  if (inet_pton(AF_INET6, text, &ip) != 1)
    return err_set(err, ERR_INVALID,
                   "this is no IPv6 address; it looks like [fd00::12] or [fd00::12]:8080");
  inet_ntop(AF_INET6, &ip, out->host, sizeof out->host);
  return true;
}

static bool label_is_good(const char *label, size_t length) {
  if (length == 0 || length > LABEL_MAX || label[0] == '-' || label[length - 1] == '-')
    return false;
  for (size_t i = 0; i < length; i++)
    if (!isalnum((unsigned char)label[i]) && label[i] != '-' && label[i] != '_')
      return false;
  return true;
}

/* A name or a dotted IPv4 address. A name whose last part is a number is refused:
 * resolvers read such text as odd forms of IPv4 ("127.1", "0x7f000001"). */
static bool parse_host(char *text, struct address *out, struct err *err) {
  size_t length = strlen(text);
  if (length > 1 && text[length - 1] == '.')
    text[--length] = '\0';
  if (length == 0)
    return err_set(err, ERR_INVALID,
                   "write the miner's address, for example 192.168.1.50 or bitaxe.local");
  if (length >= sizeof out->host)
    return err_set(err, ERR_INVALID, "this name is too long for a miner's address");
  for (char *c = text; *c != '\0'; c++)
    *c = (char)tolower((unsigned char)*c);
  struct in_addr v4;
  if (inet_pton(AF_INET, text, &v4) != 1) {
    const char *label = text;
    for (;;) {
      size_t span = strcspn(label, ".");
      if (!label_is_good(label, span))
        return err_set(err, ERR_INVALID,
                       "a miner's name has only letters, digits, dots and hyphens, for example "
                       "bitaxe.local");
      if (label[span] == '\0')
        break;
      label += span + 1;
    }
    if (isdigit((unsigned char)label[0]) && strspn(label, "0123456789abcdefx") == strlen(label))
      return err_set(err, ERR_INVALID,
                     "this is no IPv4 address; it has four numbers from 0 to 255, for example "
                     "192.168.1.50");
  }
  str_copy(out->host, sizeof out->host, text);
  return true;
}

/* "[v6]" or "[v6]:port". */
static bool parse_bracketed(char *text, struct address *out, struct err *err) {
  char *end = strchr(text, ']');
  if (end == NULL || (end[1] != '\0' && end[1] != ':'))
    return err_set(err, ERR_INVALID,
                   "an IPv6 address stands in brackets, for example [fd00::12] or [fd00::12]:8080");
  *end = '\0';
  return parse_v6(text + 1, out, err) && (end[1] == '\0' || parse_port(end + 2, &out->port, err));
}

bool address_parse(const char *text, struct address *out, struct err *err) {
  char copy[TEXT_MAX];
  if (strlen(text) >= sizeof copy)
    return err_set(err, ERR_INVALID, "this is too long for a miner's address");
  str_copy(copy, sizeof copy, text);
  char *rest = str_trim(copy);
  struct address address = {.port = 80};
  if (!skip_scheme(&rest, err) || !cut_rest(rest, err))
    return false;
  char *colon = strchr(rest, ':');
  bool good;
  if (rest[0] == '[') {
    good = parse_bracketed(rest, &address, err);
  } else if (colon != NULL && strchr(colon + 1, ':') != NULL) {
    good = parse_v6(rest, &address, err);
  } else {
    if (colon != NULL)
      *colon = '\0';
    good = parse_host(rest, &address, err) &&
           (colon == NULL || parse_port(colon + 1, &address.port, err));
  }
  if (good)
    *out = address;
  return good;
}

void address_format(const struct address *address, char url[ADDRESS_URL_MAX]) {
  bool v6 = strchr(address->host, ':') != NULL;
  char port[8] = "";
  if (address->port != 80)
    snprintf(port, sizeof port, ":%u", address->port);
  snprintf(url, ADDRESS_URL_MAX, "http://%s%s%s%s", v6 ? "[" : "", address->host, v6 ? "]" : "",
           port);
}

/* ------------------------------------------------------------ our own names */

static bool ends_with(const char *text, const char *end) {
  size_t length = strlen(text), tail = strlen(end);
  return length > tail && str_equal_ignore_case(text + length - tail, end);
}

static bool is_listed(const char *host, const char *names) {
  size_t length = strlen(host);
  while (names != NULL && *names != '\0') {
    names += strspn(names, ", ");
    size_t name = strcspn(names, ", ");
    if (name == length && strncasecmp(names, host, length) == 0)
      return true;
    names += name;
  }
  return false;
}

/* The name or literal of a Host header, without port, brackets and closing dot. */
static bool cut_host(const char *authority, char *host, size_t size) {
  bool is_bracketed = authority[0] == '[';
  const char *start = authority + is_bracketed;
  size_t length = strcspn(start, is_bracketed ? "]" : ":");
  if (length == 0 || length >= size)
    return false;
  memcpy(host, start, length);
  host[length] = '\0';
  if (host[length - 1] == '.')
    host[length - 1] = '\0';
  return host[0] != '\0';
}

bool address_host_is_ours(const char *authority, const char *trusted) {
  static const char *const home[] = {".local",    ".lan",       ".home",     ".home.arpa",
                                     ".internal", ".fritz.box", ".localhost"};
  char host[256];
  struct in6_addr literal; /* large enough for both families */
  if (!cut_host(authority, host, sizeof host))
    return false;
  if (inet_pton(AF_INET, host, &literal) == 1 || inet_pton(AF_INET6, host, &literal) == 1 ||
      strchr(host, '.') == NULL || is_listed(host, trusted))
    return true;
  for (size_t i = 0; i < sizeof home / sizeof home[0]; i++) {
    if (ends_with(host, home[i]))
      return true;
  }
  return false;
}
