/* The physics of one device, second by second: what its chips, regulator, fan
 * and pool do, and what the firmware's instruments then show. */
#ifndef SIM_SIM_PHYSICS_H
#define SIM_SIM_PHYSICS_H

#include "sim/sim_device.h"

/* One second of life: changes the device and fills `device->now`. */
void sim_physics_step(struct sim_device *device);

/* Brings heat and fan to where they stand after a long time at the present
 * settings, so that a device can begin its life warm. */
void sim_physics_settle(struct sim_device *device);

/* Watts in the chips at this frequency and voltage:
 * static share + dynamic share x f V^2, scaled to the board's full power. */
double sim_physics_core_power(const struct sim_board *board, double mhz, double mv);

/* Share of hashes that are wrong, 0..1: small until the frequency asks for more
 * voltage than there is. */
double sim_physics_error_share(const struct sim_board *board, double mhz, double mv);

/* The best of `shares` shares, each at least of `difficulty`. A share reaches d
 * with probability difficulty / d, so the best of n is difficulty / (1 - u^(1/n))
 * for a uniform u in (0, 1]. */
double sim_physics_best_of(double shares, double difficulty, double u);

#endif
