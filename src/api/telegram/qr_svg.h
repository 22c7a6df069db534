/* A QR code as an SVG picture, for a phone to read from the page. Dark on white with
 * the quiet zone of four modules that readers want (ISO/IEC 18004). Pure. */
#ifndef API_TELEGRAM_QR_SVG_H
#define API_TELEGRAM_QR_SVG_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the picture; it has no size of its own and fills its place. */
bool qr_svg_write(const char *text, struct buf *out, struct err *err);

#endif
