/* The rules one by one, for the table in alert_rules.c alone. Each is given a reading
 * that says MISSING, with the limit that holds, and fills in what it finds. */
#ifndef ALERT_RULES_INSIDE_H
#define ALERT_RULES_INSIDE_H

#include "alert/alert_rules.h"

/* How a figure stands to a limit beyond which it is bad, upwards or downwards;
 * MISSING when it is unknown. */
enum alert_input rules_above(double value, double limit, double hysteresis);
enum alert_input rules_below(double value, double limit, double hysteresis);

typedef void rules_read(const struct alert_look *look, struct alert_reading *reading);
typedef void rules_detail(const struct alert_look *look, char detail[ALERT_DETAIL_MAX]);

/* rules_state.c: what the device is doing, in its own words or the judge's */
rules_read rules_offline, rules_unresponsive, rules_overheated, rules_overheat_slow;
rules_read rules_not_hashing, rules_power_fault, rules_hardware_fault;
rules_read rules_fallback_pool, rules_pool_lost, rules_restart_loop;
rules_detail rules_flag_detail, rules_fault_detail, rules_pool_detail;

/* rules_figure.c: what it measures */
rules_read rules_chip_temp, rules_vr_temp, rules_error_rate, rules_fan_stopped;
rules_read rules_input_voltage, rules_weak_wifi, rules_low_memory;
rules_detail rules_fan_detail;

/* rules_work.c: what comes of its work, and to whom it goes */
rules_read rules_hashrate_low, rules_stalled, rules_rejected_shares;
rules_read rules_chip_lost, rules_payout_address;
rules_detail rules_chip_detail, rules_payout_detail;

#endif
