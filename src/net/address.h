/* The address of a miner as a person types it ("192.168.1.50", "bitaxe.local",
 * "http://10.0.0.7:8080/") and as we keep it ("http://10.0.0.7:8080"). Pure. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct sockaddr;

enum { ADDRESS_HOST_MAX = 100, ADDRESS_URL_MAX = 128 };

struct address {
  char host[ADDRESS_HOST_MAX]; /* name in small letters, IPv4, or IPv6 without brackets */
  uint16_t port;               /* 80 when none was given */
};

enum address_scope {
  ADDRESS_LOOPBACK,   /* 127/8, ::1, "localhost" */
  ADDRESS_PRIVATE,    /* RFC 1918, fc00::/7 */
  ADDRESS_LINK_LOCAL, /* 169.254/16, fe80::/10 */
  ADDRESS_NAME,       /* not a literal: known only after a look-up */
  ADDRESS_PUBLIC,     /* anything else, also 0.0.0.0 and multicast */
};

/* ERR_INVALID with words for a person: other schemes than http, user names,
 * paths, queries, bad ports, bad names. Spaces around and one slash at the end
 * are forgiven. */
bool address_parse(const char *text, struct address *out, struct err *err);

/* "http://host", with ":port" unless it is 80; IPv6 in brackets. */
void address_format(const struct address *address, char url[ADDRESS_URL_MAX]);

enum address_scope address_scope(const char *host);

/* The same for the address a socket is about to be connected to. IPv6 that only
 * wraps an IPv4 address (::ffff:a.b.c.d) is judged by the IPv4 address. */
enum address_scope address_scope_socket(const struct sockaddr *peer);

/* Whether a request with this Host header may be meant for us. A page elsewhere can
 * have its own name lead to our address (DNS rebinding) and would then pass for one
 * of ours; it cannot do that with an address literal or a name that only a home
 * network knows: one label, .local, .lan, .home, .home.arpa, .internal, .fritz.box,
 * .localhost. `trusted` lists more names, by commas; NULL: none. */
bool address_host_is_ours(const char *host, const char *trusted);

/* True for a literal that a miner may have: loopback, private, link-local. */
bool address_scope_is_home(enum address_scope scope);

#endif
