#include "alert/alert_moments.h"

void alert_moments_step(struct alert_look *look, struct alert_memory *memories,
                        const struct alert_sink *sink) {
  (void)look;
  (void)memories;
  (void)sink;
}
