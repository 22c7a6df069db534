/* Devices for the simulator's tests, made in one line. */
#ifndef TESTS_SIM_SIM_MAKE_H
#define TESTS_SIM_SIM_MAKE_H

#include "sim/sim_device.h"

/* A device of that board and firmware with a fixed seed; `uptime_s` 0: just
 * switched on. Finish with sim_device_finish. */
static inline struct sim_device sim_make(const char *board, const char *firmware, double uptime_s) {
  struct sim_device device;
  struct err err = {0};
  struct sim_device_options options = {
      .seed = 42, .board = sim_board_find(board), .uptime_s = uptime_s};
  if (!sim_firmware_parse(firmware, &options.firmware, &err))
    fail_msg("%s", err.text);
  assert_non_null(options.board);
  sim_device_init(&device, &options);
  return device;
}

#endif
