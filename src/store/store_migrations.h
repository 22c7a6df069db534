/* The texts of sql/, built in by tools/embed.py in the order of their names. */
#ifndef STORE_STORE_MIGRATIONS_H
#define STORE_STORE_MIGRATIONS_H

#include "base/embed.h"

extern const struct embedded_file store_migrations[]; /* ends with a NULL name */

#endif
