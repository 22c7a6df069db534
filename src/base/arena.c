#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { DEFAULT_BLOCK_SIZE = 4096 };

/* Blocks form a list, newest first. Only the newest is filled; what does not fit
 * gets a new block, at least as large as asked for. The rest of the old block is
 * lost until the reset: a second list of half-full blocks would save some bytes
 * and cost a search at every allocation. */
struct arena_block {
  struct arena_block *next;
  size_t size; /* bytes that follow this header */
  size_t used;
  alignas(max_align_t) unsigned char bytes[];
};

static size_t round_up(size_t size) {
  const size_t unit = alignof(max_align_t);
  if (size > SIZE_MAX - unit)
    mem_fatal("an allocation is larger than memory can be");
  return (size + unit - 1) / unit * unit;
}

static struct arena_block *block_create(size_t size) {
  if (size > SIZE_MAX - sizeof(struct arena_block))
    mem_fatal("an allocation is larger than memory can be");
  struct arena_block *block = mem_resize(NULL, 1, sizeof *block + size);
  *block = (struct arena_block){.size = size};
  return block;
}

static void free_blocks(struct arena_block *block) {
  while (block != NULL) {
    struct arena_block *next = block->next;
    free(block);
    block = next;
  }
}

void arena_init(struct arena *arena, size_t block_size) {
  *arena = (struct arena){.block_size = block_size > 0 ? block_size : DEFAULT_BLOCK_SIZE};
}

void arena_finish(struct arena *arena) {
  free_blocks(arena->blocks);
  arena->blocks = NULL;
  arena->total = 0;
}

void arena_reset(struct arena *arena) {
  struct arena_block *kept = arena->blocks;
  arena->total = 0;
  if (kept == NULL)
    return;
  free_blocks(kept->next);
  kept->next = NULL;
  kept->used = 0;
  if (kept->size > arena->block_size * 4) { /* one huge request must not stay for ever */
    free(kept);
    arena->blocks = NULL;
  }
}

void *arena_alloc(struct arena *arena, size_t size) {
  size = round_up(size > 0 ? size : 1);
  struct arena_block *block = arena->blocks;
  if (block == NULL || block->size - block->used < size) {
    block = block_create(size > arena->block_size ? size : arena->block_size);
    block->next = arena->blocks;
    arena->blocks = block;
  }
  void *memory = block->bytes + block->used;
  block->used += size;
  arena->total += size;
  return memset(memory, 0, size);
}

char *arena_strdup(struct arena *arena, const char *text) {
  return arena_memdup(arena, text, strlen(text) + 1);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length) {
  size_t actual = strnlen(text, length);
  char *copy = arena_alloc(arena, actual + 1);
  memcpy(copy, text, actual);
  return copy;
}

void *arena_memdup(struct arena *arena, const void *bytes, size_t size) {
  void *copy = arena_alloc(arena, size);
  if (size > 0)
    memcpy(copy, bytes, size);
  return copy;
}

char *arena_printf(struct arena *arena, const char *format, ...) {
  char short_text[128]; /* most texts fit, and are formatted once */
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(short_text, sizeof short_text, format, arguments);
  va_end(arguments);
  assert(length >= 0);
  char *text = arena_alloc(arena, (size_t)length + 1);
  if ((size_t)length < sizeof short_text)
    memcpy(text, short_text, (size_t)length);
  else
    vsnprintf(text, (size_t)length + 1, format, again);
  va_end(again);
  return text;
}
