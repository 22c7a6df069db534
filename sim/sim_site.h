/* A house (or a hall) full of simulated devices: their clock, their addresses
 * and their sockets. Loop thread only.
 *
 * Two ways to be many: a port of 127.0.0.1 for each device, or one port on an
 * address of 127.0.0.0/8 for each, all behind a single socket.
 *
 * Life: sim_site_open -> sim_site_close; the loop runs the close callbacks. */
#ifndef SIM_SIM_SITE_H
#define SIM_SIM_SITE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "sim/sim_device.h"

struct sim_site;

enum { SIM_SITE_URL_MAX = 32, SIM_SITE_LIST_MAX = 16 };

struct sim_site_options {
  int count; /* of devices, at least 1 */
  uint64_t seed;
  const struct sim_board *boards[SIM_SITE_LIST_MAX]; /* taken in turn */
  int board_count;
  struct sim_firmware firmwares[SIM_SITE_LIST_MAX]; /* taken in turn */
  int firmware_count;
  double speed;      /* simulated seconds in a real one */
  int refresh_s;     /* an information page is made anew at most so often */
  uint32_t first_ip; /* 0: a port each; otherwise the first device's address */
  uint16_t port;     /* with first_ip: the port of all; 0: any free one */
  bool fresh;        /* devices have just been switched on */
};

bool sim_site_open(struct sim_site **out, uv_loop_t *loop, const struct sim_site_options *options,
                   struct err *err);

/* Frees itself once the loop has run the close callbacks. NULL is accepted. */
void sim_site_close(struct sim_site *site);

int sim_site_count(const struct sim_site *site);

/* The device at the present moment. 0 <= index < count. */
struct sim_device *sim_site_get(struct sim_site *site, int index);

/* Where it is found: "http://127.0.0.1:40123". */
void sim_site_format_url(const struct sim_site *site, int index, char url[SIM_SITE_URL_MAX]);

/* Adds a fault, or takes one away (SIM_FAULT_COUNT: all); opens and closes
 * sockets as that needs. Fails as sim_device_break, or with ERR_IO. */
bool sim_site_break(struct sim_site *site, int index, enum sim_fault fault, const double *value,
                    struct err *err);
bool sim_site_repair(struct sim_site *site, int index, enum sim_fault fault, struct err *err);

/* A new DHCP lease: another port or address, the same MAC. */
bool sim_site_move(struct sim_site *site, int index, struct err *err);

/* Two devices change places. Fails with ERR_IO when one is gone and its new port cannot
 * be silenced. */
bool sim_site_swap(struct sim_site *site, int a, int b, struct err *err);

/* Requests that any device has received so far. */
uint64_t sim_site_requests(const struct sim_site *site);

/* Lets the clock of the site jump ahead. */
void sim_site_skip(struct sim_site *site, int64_t seconds);

/* Call after a change to a device, so that its next answer shows it. */
void sim_site_touch(struct sim_site *site, int index);

#endif
