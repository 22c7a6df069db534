/* Whether our own router answers: the first hop of the default route is asked for a
 * TCP connection, which it accepts or refuses when it is there. Nothing is sent beyond
 * it, and never more often than every ten seconds. Linux only; elsewhere, and where
 * the first hop is not the router (in a container), it is not known.
 *
 * Life: gateway_create -> gateway_ask ... -> gateway_close. Loop thread. */
#ifndef ENGINE_ALERTS_GATEWAY_H
#define ENGINE_ALERTS_GATEWAY_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "alert/alert_group.h"

struct gateway;

struct gateway_options {
  uv_loop_t *loop;
  const char *proc_net; /* NULL: "/proc/net" */
  int port;             /* 0: 80 */
};

struct gateway *gateway_create(const struct gateway_options *options);
void gateway_close(struct gateway *gateway); /* frees it later, on the loop; NULL accepted */

/* Asks, unless it was asked just now. To be called when miners begin to fall silent, so
 * that the answer is there when it is needed. */
void gateway_ask(struct gateway *gateway);

/* The last answer; unknown when it is older than a minute. */
enum alert_gateway gateway_answer(const struct gateway *gateway);

/* The address of the default route with the lowest metric, of the text of
 * /proc/net/route, as four bytes in network order. False when there is none. Pure. */
bool gateway_parse_route(const char *text, uint32_t *address);

/* True when the text of /proc/net/arp shows the address as a bridge of containers
 * (hardware address 02:42:...). Pure. */
bool gateway_is_bridge(const char *arp, const char *address);

#endif
