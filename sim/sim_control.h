/* The control port: a small HTTP API through which tests and people break and
 * mend the simulated devices while they run (docs/simulator.md). */
#ifndef SIM_SIM_CONTROL_H
#define SIM_SIM_CONTROL_H

#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "sim/sim_http.h"
#include "sim/sim_site.h"

struct sim_control;

/* Listens on 127.0.0.1; port 0 takes any free one. */
bool sim_control_open(struct sim_control **out, uv_loop_t *loop, struct sim_site *site,
                      uint16_t port, struct err *err);
uint16_t sim_control_port(const struct sim_control *control);

/* Frees itself; the loop runs the sockets' close callbacks. NULL is accepted. */
void sim_control_close(struct sim_control *control);

/* One request without sockets: how the control port answers. */
void sim_control_answer(struct sim_control *control, const struct sim_http_request *request,
                        struct sim_http_reply *reply);

#endif
