#include "sim/sim_firmware.h"

#include <stdio.h>
#include <stdlib.h>

enum { NEWEST_MINOR = 15 };

/* What "2.x" stands for. 2.1.3 because it is the last with the oldest fan name. */
static const int usual_patch[NEWEST_MINOR + 1] = {3, 3, 2, 0, 5, 1, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0};

static bool read_part(const char **text, int max, int *out) {
  char *end;
  if (**text < '0' || **text > '9')
    return false;
  long value = strtol(*text, &end, 10);
  if (value > max)
    return false;
  *out = (int)value;
  *text = end;
  return true;
}

bool sim_firmware_parse(const char *text, struct sim_firmware *out, struct err *err) {
  const char *rest = text[0] == 'v' ? text + 1 : text;
  int major = 0;
  int minor = 0;
  bool good = read_part(&rest, 2, &major) && major == 2 && *rest == '.' && (rest++, true) &&
              read_part(&rest, NEWEST_MINOR, &minor);
  int patch = good ? usual_patch[minor] : 0;
  if (good && *rest == '.') {
    rest++;
    good = read_part(&rest, 99, &patch);
  }
  if (!good || *rest != '\0')
    return err_set(err, ERR_INVALID, "firmware '%s': use 2.0 to 2.%d, for example 2.12 or 2.12.2",
                   text, NEWEST_MINOR);
  out->release = SIM_RELEASE(minor, patch);
  snprintf(out->version, sizeof out->version, "v2.%d.%d", minor, patch);
  return true;
}
