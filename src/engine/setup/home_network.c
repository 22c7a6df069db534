#include "engine/setup/home_network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "base/str.h"
#include "net/address.h"

static uint32_t mask_of(int prefix) {
  return prefix == 0 ? 0 : UINT32_MAX << (32 - prefix);
}

static enum address_scope scope_of(uint32_t ip) {
  struct in_addr net = {.s_addr = htonl(ip)};
  char text[INET_ADDRSTRLEN];
  return address_scope(inet_ntop(AF_INET, &net, text, sizeof text));
}

bool home_network_parse(const char *text, struct home_network *network, struct err *err) {
  char host[HOME_NETWORK_TEXT_MAX];
  int64_t prefix = 24;
  struct in_addr ip;
  const char *slash = strchr(text, '/');
  size_t length = slash != NULL ? (size_t)(slash - text) : strlen(text);
  str_copy(host, length < sizeof host ? length + 1 : sizeof host, text);
  if (length >= sizeof host || inet_pton(AF_INET, host, &ip) != 1 ||
      (slash != NULL && !str_to_i64(slash + 1, 0, 32, &prefix)))
    return err_set(err, ERR_INVALID,
                   "`network` is the beginning of your home network's addresses, such as "
                   "192.168.1.0/24");
  if (prefix < HOME_NETWORK_PREFIX_MIN)
    return err_set(err, ERR_INVALID,
                   "this network is too large to be searched: at most a /%d, 1,022 addresses",
                   HOME_NETWORK_PREFIX_MIN);
  network->prefix = (int)prefix;
  network->base = ntohl(ip.s_addr) & mask_of(network->prefix);
  enum address_scope scope = scope_of(network->base);
  if (scope != ADDRESS_PRIVATE && scope != ADDRESS_LOOPBACK)
    return err_set(err, ERR_INVALID,
                   "%s is not in a home network: only 10.x, 172.16-31.x and 192.168.x are "
                   "searched",
                   host);
  return true;
}

void home_network_format(const struct home_network *network, char text[HOME_NETWORK_TEXT_MAX]) {
  struct in_addr net = {.s_addr = htonl(network->base)};
  char host[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &net, host, sizeof host);
  snprintf(text, HOME_NETWORK_TEXT_MAX, "%s/%d", host, network->prefix);
}

/* A /31 and a /32 have no addresses of their own to leave out (RFC 3021). */
uint32_t home_network_first(const struct home_network *network) {
  return network->prefix >= 31 ? network->base : network->base + 1;
}

uint32_t home_network_last(const struct home_network *network) {
  uint32_t end = network->base | ~mask_of(network->prefix);
  return network->prefix >= 31 ? end : end - 1;
}

/* ------------------------------------------------------------ our own */

/* Docker, Podman, libvirt and VPNs: no miner is behind these. */
static bool is_virtual(const char *name) {
  static const char *const prefixes[] = {"docker", "br-",  "veth", "virbr",
                                         "podman", "cni-", "tun",  "wg"};
  for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
    if (str_starts_with(name, prefixes[i]))
      return true;
  }
  return false;
}

bool home_network_of(const struct home_interface *interface, struct home_network *network) {
  int prefix = 0;
  while (prefix < 32 && (interface->mask & (UINT32_C(1) << (31 - prefix))) != 0)
    prefix++;
  if (scope_of(interface->address) != ADDRESS_PRIVATE || prefix > 30 || is_virtual(interface->name))
    return false;
  network->prefix = prefix < HOME_NETWORK_PREFIX_MIN ? HOME_NETWORK_PREFIX_MIN : prefix;
  network->base = interface->address & mask_of(network->prefix);
  return true;
}

/* Docker gives its containers hardware addresses 02:42:... (up to release 27) and
 * networks of 172.16.0.0/12. */
bool home_network_is_isolated(const struct home_interface *interface, bool in_container) {
  bool bridge_mac = interface->mac[0] == 0x02 && interface->mac[1] == 0x42;
  bool bridge_net = (interface->address & mask_of(12)) == UINT32_C(0xac100000);
  return in_container && (bridge_mac || bridge_net);
}

static bool is_container(void) {
  return access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0;
}

static void add(struct home_network *networks, size_t *count, const struct home_network *network) {
  for (size_t i = 0; i < *count; i++) {
    if (networks[i].base == network->base && networks[i].prefix == network->prefix)
      return;
  }
  if (*count < HOME_NETWORKS_MAX)
    networks[(*count)++] = *network;
}

size_t home_network_list(struct home_network networks[HOME_NETWORKS_MAX], bool *isolated) {
  uv_interface_address_t *found;
  int found_count;
  size_t count = 0;
  bool in_container = is_container(), inside = false;
  if (uv_interface_addresses(&found, &found_count) != 0)
    found_count = 0;
  for (int i = 0; i < found_count; i++) {
    struct home_network network;
    struct home_interface interface = {.name = found[i].name};
    if (found[i].is_internal || found[i].address.address4.sin_family != AF_INET)
      continue;
    interface.address = ntohl(found[i].address.address4.sin_addr.s_addr);
    interface.mask = ntohl(found[i].netmask.netmask4.sin_addr.s_addr);
    memcpy(interface.mac, found[i].phys_addr, sizeof interface.mac);
    if (home_network_is_isolated(&interface, in_container) && !is_virtual(interface.name))
      inside = true;
    else if (home_network_of(&interface, &network))
      add(networks, &count, &network);
  }
  if (found_count > 0)
    uv_free_interface_addresses(found, found_count);
  *isolated = inside && count == 0;
  return count;
}
