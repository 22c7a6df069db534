/* The text of /metrics, made piece by piece: some fifty lines for each of ten thousand miners are
 * 50 MB, and made at once they would keep the loop from the miners for half a second. Families come
 * one after the other, so a value is as of the moment its piece is made; a miner that comes
 * meanwhile is in the next scrape, one that goes is missing from there on. Loop thread. */
#ifndef API_METRICS_SCRAPE_H
#define API_METRICS_SCRAPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct api;
struct scrape;

/* In the text of Prometheus or of OpenMetrics. `api` is borrowed until the end. */
struct scrape *scrape_create(struct api *api, bool openmetrics);
void scrape_destroy(struct scrape *scrape); /* NULL accepted */

/* Appends until `out` holds `enough` bytes, and a line or two more. False when that was the end. */
bool scrape_more(struct scrape *scrape, struct buf *out, size_t enough);

#endif
