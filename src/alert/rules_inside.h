/* The rules one by one, for the table in alert_rules.c alone. */
#ifndef ALERT_RULES_INSIDE_H
#define ALERT_RULES_INSIDE_H

#include "alert/alert_rules.h"

/* How a figure stands to a limit beyond which it is bad, upwards or downwards;
 * MISSING when it is unknown. */
enum alert_input rules_above(double value, double limit, double hysteresis);
enum alert_input rules_below(double value, double limit, double hysteresis);

/* rules_state.c: what the device is doing */
void rules_offline(const struct alert_look *look, struct alert_reading *reading);
void rules_unresponsive(const struct alert_look *look, struct alert_reading *reading);

/* rules_figure.c: what it measures */
void rules_chip_temp(const struct alert_look *look, struct alert_reading *reading);
void rules_vr_temp(const struct alert_look *look, struct alert_reading *reading);

#endif
