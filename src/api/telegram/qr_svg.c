#include "api/telegram/qr_svg.h"

#include <qrencode.h>

enum { QUIET = 4 };

/* Dark modules that lie side by side as one bar of the path. */
static void write_row(const unsigned char *modules, int width, int y, struct buf *out) {
  for (int x = 0; x < width; x++) {
    int begin = x;
    while (x < width && (modules[x] & 1) != 0)
      x++;
    if (x > begin)
      buf_printf(out, "M%d %dh%dv1h-%dz", begin + QUIET, y + QUIET, x - begin, x - begin);
  }
}

bool qr_svg_write(const char *text, struct buf *out, struct err *err) {
  QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
  if (code == NULL)
    return err_set(err, ERR_TOO_LARGE, "this is too long for a QR code");
  int side = code->width + 2 * QUIET;
  buf_printf(out,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
             "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
             "<path d=\"",
             side, side, side, side);
  for (int y = 0; y < code->width; y++)
    write_row(code->data + y * code->width, code->width, y, out);
  buf_append_text(out, "\"/></svg>");
  QRcode_free(code);
  return true;
}
