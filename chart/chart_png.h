/* A picture of one miner's last hours or days, made to be read on a phone: large
 * type, few colours, some 30 KB. Above the hashrate with the band around what is
 * expected, below the chip's temperature; grey where nothing was recorded. Of several miners
 * together likewise, with the hottest chip. Its words are those of the order's language.
 *
 * Takes some tens of milliseconds: not for the loop thread, but for libuv's pool.
 * Any thread; two may draw at a time. Times are those of the machine's zone. */
#ifndef CHART_CHART_PNG_H
#define CHART_CHART_PNG_H

#include "base/buf.h"
#include "base/err.h"
#include "model/chart_order.h"

enum { CHART_PNG_WIDTH = 1000, CHART_PNG_HEIGHT = 640 };

/* Appends the PNG to `png`. */
bool chart_png_draw(const struct chart_order *order, struct buf *png, struct err *err);

/* Lets go of the fonts that drawing keeps for the next picture. Nobody may draw
 * meanwhile; drawing works again afterwards. */
void chart_png_finish(void);

#endif
