/* The message of the morning: what was held back in the quiet hours, a line each.
 * Pure. */
#ifndef ENGINE_COURIER_DIGEST_H
#define ENGINE_COURIER_DIGEST_H

#include <stdint.h>

struct digest;

/* Ends with digest_take. `language` is borrowed until then. */
struct digest *digest_create(const char *language);

/* The first line of the message, with the local time at which it happened. */
void digest_add(struct digest *digest, int64_t at_ms, const char *text);

/* Frees it; the text is the caller's (free with free()). One message alone comes whole. What would
 * be more than a message holds is counted instead. */
char *digest_take(struct digest *digest);

#endif
