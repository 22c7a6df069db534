/* A region of memory for one unit of work (a request, a poll, a batch): many
 * small allocations, one release. Blocks are not freed one by one. Used by one
 * thread at a time. Running out of memory aborts with a message. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

struct arena {
  struct arena_block *blocks; /* newest first; NULL when nothing was asked for */
  size_t block_size;          /* bytes of an ordinary block */
  size_t total;               /* bytes handed out since the last reset */
};

/* Prepares an empty arena; memory is taken at the first allocation.
 * `block_size` 0 means 4096. */
void arena_init(struct arena *arena, size_t block_size);

/* Releases everything. The arena may be used again afterwards. */
void arena_finish(struct arena *arena);

/* Forgets all allocations and keeps one block for the next unit of work. */
void arena_reset(struct arena *arena);

/* `size` bytes set to zero, aligned for any type; lives until reset or finish. */
void *arena_alloc(struct arena *arena, size_t size);

/* Copies of text and bytes in the arena; text is always NUL-terminated. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
void *arena_memdup(struct arena *arena, const void *bytes, size_t size);

/* printf into the arena. */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
