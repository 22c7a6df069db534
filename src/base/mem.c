#include "base/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mem_fatal(const char *message) {
  fprintf(stderr, "bitaxe-monitor: %s\n", message);
  abort();
}

void *mem_alloc(size_t size) {
  void *memory = calloc(1, size > 0 ? size : 1);
  if (memory == NULL)
    mem_fatal("out of memory");
  return memory;
}

void *mem_resize(void *old, size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes))
    mem_fatal("an array would be larger than memory can be");
  void *memory = realloc(old, bytes > 0 ? bytes : 1);
  if (memory == NULL)
    mem_fatal("out of memory");
  return memory;
}

char *mem_strdup(const char *text) {
  if (text == NULL)
    return NULL;
  size_t size = strlen(text) + 1;
  return memcpy(mem_alloc(size), text, size);
}

void mem_give_back(void) {
  malloc_trim(0);
}
