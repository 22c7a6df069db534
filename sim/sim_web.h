/* A device's web server: which route answers what in which release, and how the
 * faults twist it. No sockets here: a request becomes a reply. */
#ifndef SIM_SIM_WEB_H
#define SIM_SIM_WEB_H

#include "base/buf.h"
#include "sim/sim_device.h"
#include "sim/sim_http.h"

/* Pages made last, so that an unchanged device costs nothing to ask again. */
struct sim_web {
  struct buf info;
  int64_t info_s; /* the device's now_s when `info` was made; -1: make it anew */
  struct buf page;
};

void sim_web_init(struct sim_web *web);
void sim_web_finish(struct sim_web *web);

/* Answers for the device, which was advanced to the present. The reply borrows
 * from `web` until the next call. Answers of the information page may be up to
 * `refresh_s` seconds old (1: always of this second). */
void sim_web_answer(struct sim_web *web, struct sim_device *device, int refresh_s,
                    const struct sim_http_request *request, struct sim_http_reply *reply);

/* Whether a connection to the device is taken at all. */
bool sim_web_admits(const struct sim_device *device);

#endif
