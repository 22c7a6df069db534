/* One page of a list of samples: the oldest `limit` beyond a cursor, in order of
 * time. Samples come nearly sorted (a clock that was set back); the page puts
 * right what is up to ten minutes out of order and then says that it has enough. */
#ifndef API_SAMPLE_PAGE_H
#define API_SAMPLE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "api/param.h"
#include "model/sample.h"

struct sample_page;

/* `skip` of the cursor: how many of its very time were on earlier pages. */
struct sample_page *sample_page_create(size_t limit, struct param_sample_cursor cursor);
void sample_page_destroy(struct sample_page *page); /* NULL accepted */

/* False when no later sample can change the page any more. */
bool sample_page_add(struct sample_page *page, const struct sample *sample);

size_t sample_page_count(const struct sample_page *page);
const struct sample *sample_page_at(const struct sample_page *page, size_t index);

/* False on the last page. */
bool sample_page_next(const struct sample_page *page, struct param_sample_cursor *next);

#endif
