/* Seals what must not be read from the database or its backups: passwords and
 * tokens of channels. XSalsa20-Poly1305 (libsodium's secretbox) under a key of the
 * machine, a file of mode 0600 next to the data. What was sealed is text, base64
 * of nonce and box; without the key file it is lost and must be entered again.
 * Any thread, one at a time. */
#ifndef STORE_SECRET_BOX_H
#define STORE_SECRET_BOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct secret_box;

/* Reads the key, or makes one when there is no such file. A file that others may
 * read or that is no key is refused with words. `path` NULL: a key of this run only,
 * for tests and databases in memory. */
bool secret_box_open(struct secret_box **out, const char *path, struct err *err);
void secret_box_close(struct secret_box *box); /* NULL accepted; wipes the key */

/* Appends the sealed text. */
void secret_box_seal(const struct secret_box *box, const char *plain, struct buf *out);

/* Appends what was sealed. ERR_CORRUPT: under another key, or changed. */
bool secret_box_unseal(const struct secret_box *box, const char *sealed, struct buf *out,
                       struct err *err);

#endif
