/* The simulator's command line. */
#ifndef SIM_SIM_OPTIONS_H
#define SIM_SIM_OPTIONS_H

#include "sim/sim_site.h"

struct sim_options {
  struct sim_site_options site;
  uint16_t control_port; /* 0: any free one */
  bool parent_watch;     /* end when standard input closes */
  bool quiet;            /* no line per device */
  bool help;
};

/* ERR_INVALID with words for a person. */
bool sim_options_parse(int argc, char **argv, struct sim_options *out, struct err *err);

/* The text that --help prints. */
const char *sim_options_help(void);

#endif
