/* Allocation that cannot fail: out of memory ends the program with a message,
 * because no part of a monitor works without memory and every error path for
 * it would be untested code. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* `size` bytes set to zero; free with free(). */
void *mem_alloc(size_t size);

/* As realloc for an array of `count` elements of `size` bytes; checks the
 * product for overflow. New memory is not set to zero. */
void *mem_resize(void *old, size_t count, size_t size);

/* A heap copy of the text; NULL gives NULL. */
char *mem_strdup(const char *text);

/* Gives the system back what free() has kept in holes of the heap; takes about a
 * millisecond, so for now and then, after work that was large. */
void mem_give_back(void);

/* Prints the message to standard error and aborts. */
_Noreturn void mem_fatal(const char *message);

#endif
