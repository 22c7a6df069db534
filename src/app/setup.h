/* What `serve` and `check` both need done before anything runs. */
#ifndef APP_SETUP_H
#define APP_SETUP_H

#include <stdbool.h>

#include "app/config.h"
#include "base/err.h"

/* Makes the data directory, with its parents, readable by its owner only, and
 * proves that it can be written. */
bool setup_data_dir(const char *path, struct err *err);

/* The word before the flags, as in `backup FILE --data-dir DIR`, taken off the
 * front of argv; NULL when there is none. */
const char *setup_take_operand(int *argc, char ***argv);

/* Allows as many open sockets as the system lets us have. */
void setup_limits(void);

/* "http://localhost:8000" as a person would type it, into `text`. */
void setup_page_url(const struct config *config, unsigned port, char *text, int size);

#endif
