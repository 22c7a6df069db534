#include "bot/chart/bot_charts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "engine/chart/chart_maker.h"
#include "model/channel.h"
#include "model/chart_order.h"
#include "model/text.h"
#include "model/text_figure.h"

enum { AT_ONCE_MAX = 2 };

struct bot_charts {
  struct chart_maker *maker;
  bool stopping;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

/* One that is being made. */
struct picture {
  struct bot_charts *charts;
  char name[MINER_NAME_MAX], range[CHART_ORDER_RANGE_MAX], language[CHANNEL_LANGUAGE_MAX];
  int64_t chat_id;
  bot_charts_done done;
  void *arg;
};

/* "Garage, last 24 hours: 1.07 TH/s on average" */
static void write_caption(const struct picture *picture, double average_ghs, struct buf *out) {
  char average[TEXT_FIGURE_SIZE];
  text_figure_hashrate(average, picture->language, average_ghs);
  const struct text_value values[] = {
      {"name", picture->name}, {"range", picture->range}, {"average", average}};
  text_write(out, picture->language,
             metric_is_known(average_ghs) ? "chart.caption" : "chart.caption_plain", values, 3);
}

static void on_made(struct buf *png, double average_ghs, const struct err *err, void *arg) {
  struct picture *picture = arg;
  if (!picture->charts->stopping) {
    struct buf words;
    buf_init(&words);
    if (err == NULL)
      write_caption(picture, average_ghs, &words);
    else
      text_write(&words, picture->language, "chart.failed",
                 &(struct text_value){"detail", err->text}, 1);
    picture->done(picture->chat_id, err == NULL ? png : NULL, words.data, picture->arg);
    buf_finish(&words);
  }
  free(picture);
}

static void write_last(struct picture *picture, const char *key, int64_t count) {
  char figure[24];
  struct buf text;
  snprintf(figure, sizeof figure, "%lld", (long long)count);
  buf_init(&text);
  text_write(&text, picture->language, key, &(struct text_value){"count", figure}, 1);
  str_copy(picture->range, sizeof picture->range, text.data);
  buf_finish(&text);
}

/* What is written about the range. */
static void write_range(struct picture *picture, int64_t span_ms) {
  int64_t days = span_ms / ROLLUP_DAY_MS, hours = span_ms / ROLLUP_HOUR_MS;
  if (days > 1 && span_ms % ROLLUP_DAY_MS == 0)
    write_last(picture, "chart.range.days", days);
  else if (hours > 1 && span_ms % ROLLUP_HOUR_MS == 0)
    write_last(picture, "chart.range.hours", hours);
  else
    write_last(picture, "chart.range.minutes", span_ms / 60000);
}

bool bot_charts_draw(struct bot_charts *charts, const struct bot_chart_order *order,
                     bot_charts_done done, void *arg) {
  if (charts->stopping || chart_maker_count(charts->maker) >= AT_ONCE_MAX)
    return false;
  struct picture *picture = mem_alloc(sizeof *picture);
  picture->charts = charts;
  picture->chat_id = order->chat_id;
  picture->done = done;
  picture->arg = arg;
  str_copy(picture->name, sizeof picture->name, order->miner->miner.name);
  str_copy(picture->language, sizeof picture->language,
           order->language == NULL ? "" : order->language);
  struct chart_wish wish = {.miners = &order->miner,
                            .miner_count = 1,
                            .from_ms = order->now_wall_ms - order->span_ms,
                            .to_ms = order->now_wall_ms + 1,
                            .title = picture->name,
                            .range = picture->range,
                            .language = order->language,
                            .chip_limit_c = order->chip_limit_c};
  int64_t known_ms = chart_maker_known_from(&wish);
  if (known_ms > wish.from_ms)
    write_last(picture, "chart.range.all", 0);
  else
    write_range(picture, order->span_ms);
  wish.from_ms = known_ms;
  chart_maker_draw(charts->maker, &wish, on_made, picture);
  return true;
}

struct bot_charts *bot_charts_create(uv_loop_t *loop, struct db_threads *db) {
  struct bot_charts *charts = mem_alloc(sizeof *charts);
  charts->maker = chart_maker_create(loop, db);
  return charts;
}

static void on_maker_stopped(void *arg) {
  struct bot_charts *charts = arg;
  void (*stopped)(void *arg) = charts->stopped;
  void *stopped_arg = charts->stopped_arg;
  free(charts);
  if (stopped != NULL)
    stopped(stopped_arg);
}

void bot_charts_stop(struct bot_charts *charts, void (*stopped)(void *arg), void *arg) {
  charts->stopping = true;
  charts->stopped = stopped;
  charts->stopped_arg = arg;
  chart_maker_stop(charts->maker, on_maker_stopped, charts);
}
