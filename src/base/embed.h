/* Files built into the program by tools/embed.py: migrations, the API contract.
 * Constant data; arrays end with an entry whose name is NULL. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stddef.h>

struct embedded_file {
  const char *name;          /* without folder */
  const unsigned char *data; /* followed by a NUL that is not counted */
  size_t length;
};

#endif
