/* AxeOS releases. Every one that matters here is 2.minor.patch, so a release is
 * one number that can be compared: minor x 100 + patch. */
#ifndef SIM_SIM_FIRMWARE_H
#define SIM_SIM_FIRMWARE_H

#include "base/err.h"

/* Release 2.minor.patch as a comparable number. */
#define SIM_RELEASE(minor, patch) ((minor)*100 + (patch))

struct sim_firmware {
  int release;      /* SIM_RELEASE(12, 2) */
  char version[16]; /* as the device answers it: "v2.12.2" */
};

/* Reads "2.12" (the patch level most people had) or "2.12.2", with or without a
 * leading "v". ERR_INVALID outside 2.0 to 2.15. */
bool sim_firmware_parse(const char *text, struct sim_firmware *out, struct err *err);

#endif
