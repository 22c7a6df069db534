/* Which addresses are the home network's: as a person writes it ("192.168.1.0/24"),
 * and as our own interfaces tell. Never more than 1,024 addresses, never public ones.
 * Pure, but for home_network_list. */
#ifndef ENGINE_SETUP_HOME_NETWORK_H
#define ENGINE_SETUP_HOME_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
  HOME_NETWORK_TEXT_MAX = 32,
  HOME_NETWORK_PREFIX_MIN = 22, /* the largest: 1,022 hosts */
  HOME_NETWORKS_MAX = 8,
};

struct home_network {
  uint32_t base; /* IPv4, host byte order, host bits 0 */
  int prefix;    /* HOME_NETWORK_PREFIX_MIN..32 */
};

/* "192.168.1.0/24"; without a prefix /24; host bits are forgiven. ERR_INVALID in words
 * for what is no network, larger than a /22, or neither private nor loopback. */
bool home_network_parse(const char *text, struct home_network *network, struct err *err);

void home_network_format(const struct home_network *network, char text[HOME_NETWORK_TEXT_MAX]);

/* The hosts: without the network's own address and the one for broadcasts. */
uint32_t home_network_first(const struct home_network *network);
uint32_t home_network_last(const struct home_network *network);

/* An interface of this computer, as the system tells. */
struct home_interface {
  const char *name;
  uint32_t address, mask; /* IPv4, host byte order */
  uint8_t mac[6];
};

/* The network that an interface is on, cut to the /22 around its address. False when
 * it leads to no home: loopback, public, point to point, or a bridge of virtual
 * machines or containers. */
bool home_network_of(const struct home_interface *interface, struct home_network *network);

/* True when an interface looks like the inside of a container with a network of its
 * own, from where the home network's addresses cannot be told. `in_container`: whether
 * we run in one at all. */
bool home_network_is_isolated(const struct home_interface *interface, bool in_container);

/* Those of this computer, without doubles; the count. `isolated` is set when there is
 * none because we run in a container with a network of its own. */
size_t home_network_list(struct home_network networks[HOME_NETWORKS_MAX], bool *isolated);

#endif
