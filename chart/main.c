/* bitaxe-chart: draws one picture. Reads what is to be drawn from standard input
 * (src/model/chart_order.h), writes a PNG to standard output and ends.
 *
 * A program of its own, because a monitor that runs for months on a small device
 * should not carry a drawing library, fonts and all they need in its memory for a
 * picture now and then. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "chart/chart_png.h"
#include "model/chart_order.h"

static bool read_all(int descriptor, struct buf *bytes, struct err *err) {
  for (;;) {
    buf_reserve(bytes, 16 * 1024);
    ssize_t count = read(descriptor, bytes->data + bytes->length, 16 * 1024);
    if (count == 0)
      return true;
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return err_set(err, ERR_IO, "what is to be drawn cannot be read: %s", strerror(errno));
    bytes->length += (size_t)count;
    if (bytes->length > CHART_ORDER_MAX_BYTES)
      return err_set(err, ERR_TOO_LARGE, "what is to be drawn is more than a picture needs");
  }
}

static bool write_all(int descriptor, const struct buf *bytes, struct err *err) {
  for (size_t done = 0; done < bytes->length;) {
    ssize_t count = write(descriptor, bytes->data + done, bytes->length - done);
    if (count < 0 && errno != EINTR)
      return err_set(err, ERR_IO, "the picture cannot be written: %s", strerror(errno));
    done += count > 0 ? (size_t)count : 0;
  }
  return true;
}

static bool draw(struct err *err) {
  struct chart_order *order = mem_alloc(sizeof *order);
  struct buf json, png;
  buf_init(&json);
  buf_init(&png);
  bool ok = read_all(STDIN_FILENO, &json, err) &&
            chart_order_parse(json.data, json.length, order, err) &&
            chart_png_draw(order, &png, err) && write_all(STDOUT_FILENO, &png, err);
  chart_png_finish();
  buf_finish(&png);
  buf_finish(&json);
  free(order);
  return ok;
}

int main(int argc, char **argv) {
  struct err err;
  (void)argv;
  if (argc > 1) {
    puts("bitaxe-chart < ORDER.json > PICTURE.png\n\nDraws the picture for a letter and for "
         "Telegram's /chart. bitaxe-monitor runs it when it needs one.");
    return 0;
  }
  /* The monitor's sockets and files, should one have come along, are no business of ours. */
  close_range(STDERR_FILENO + 1, ~0U, 0);
  if (draw(&err))
    return 0;
  fprintf(stderr, "%s\n", err.text); /* one line: the monitor hands it on to the chat */
  return 1;
}
