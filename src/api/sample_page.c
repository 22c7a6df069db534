#include "api/sample_page.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { DISORDER_MS = 10 * 60 * 1000 };

/* Holds the skipped ones, the page, and one more that tells whether a next page
 * exists and where it begins. */
struct sample_page {
  struct sample *samples; /* sorted by time, in order of arrival among equals */
  size_t count, capacity, used;
  size_t limit, skip;
};

struct sample_page *sample_page_create(size_t limit, struct param_sample_cursor cursor) {
  struct sample_page *page = mem_alloc(sizeof *page);
  page->limit = limit;
  page->skip = (size_t)cursor.skip;
  page->capacity = page->skip + limit + 1;
  return page;
}

void sample_page_destroy(struct sample_page *page) {
  if (page == NULL)
    return;
  free(page->samples);
  free(page);
}

static void make_room(struct sample_page *page) {
  if (page->count < page->used)
    return;
  page->used = page->used == 0 ? 64 : page->used * 2;
  page->samples = mem_resize(page->samples, page->used, sizeof(struct sample));
}

bool sample_page_add(struct sample_page *page, const struct sample *sample) {
  if (page->count == page->capacity) {
    int64_t last_ms = page->samples[page->count - 1].at_ms;
    if (sample->at_ms >= last_ms)
      return sample->at_ms < last_ms + DISORDER_MS;
    page->count--; /* the latest makes way */
  }
  make_room(page);
  size_t at = page->count;
  while (at > 0 && page->samples[at - 1].at_ms > sample->at_ms)
    at--;
  memmove(page->samples + at + 1, page->samples + at, (page->count - at) * sizeof(struct sample));
  page->samples[at] = *sample;
  page->count++;
  return true;
}

size_t sample_page_count(const struct sample_page *page) {
  if (page->count <= page->skip)
    return 0;
  size_t count = page->count - page->skip;
  return count < page->limit ? count : page->limit;
}

const struct sample *sample_page_at(const struct sample_page *page, size_t index) {
  assert(index < sample_page_count(page));
  return &page->samples[page->skip + index];
}

bool sample_page_next(const struct sample_page *page, struct param_sample_cursor *next) {
  if (page->count < page->capacity)
    return false;
  size_t index = page->capacity - 1;
  *next = (struct param_sample_cursor){.at_ms = page->samples[index].at_ms};
  while (index > 0 && page->samples[index - 1].at_ms == next->at_ms) {
    next->skip++;
    index--;
  }
  return true;
}
