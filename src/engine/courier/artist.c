#include "engine/courier/artist.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "model/text.h"
#include "model/text_figure.h"

struct artist {
  struct artist_options options;
  struct chart_maker *maker;
  void (*stopped)(void *arg);
  void *stopped_arg;
};

static bool is_shown(const struct channel *channel, const struct picture_ref *ref, int64_t id) {
  if (ref->miner_id != 0)
    return id == ref->miner_id;
  for (size_t i = 0; i < channel->wish.miner_count; i++) {
    if (channel->wish.miners[i] == id)
      return true;
  }
  return channel->wish.miner_count == 0;
}

static void write_title(const struct chart_wish *wish, struct buf *out) {
  char count[24];
  if (wish->miner_count == 1) {
    const struct miner *miner = &wish->miners[0]->miner;
    buf_append_text(out, miner->name[0] != '\0' ? miner->name : miner->address);
    return;
  }
  snprintf(count, sizeof count, "%zu", wish->miner_count);
  text_write(out, wish->language, "letter.who", &(struct text_value){"count", count}, 1);
}

/* "22 November", "16 November to 22 November"; of new miners "all there is so far". */
static void write_range(const struct chart_wish *wish, struct buf *out) {
  char from[TEXT_FIGURE_SIZE], to[TEXT_FIGURE_SIZE];
  if (chart_maker_known_from(wish) > wish->from_ms) {
    buf_append_text(out, text_get(wish->language, "chart.range.all"));
    return;
  }
  text_figure_date(from, wish->language, wish->from_ms);
  text_figure_date(to, wish->language, wish->to_ms - 1);
  const struct text_value values[] = {{"from", from}, {"to", to}};
  if (str_equal(from, to))
    buf_append_text(out, from);
  else
    text_write(out, wish->language, "letter.dates", values, 2);
}

/* The limit that all of them have; NaN when they differ. */
static double common_limit(const struct artist *artist, const struct chart_wish *wish) {
  double common = METRIC_UNKNOWN;
  for (size_t i = 0; i < wish->miner_count; i++) {
    double limit =
        alert_limit(artist->options.alerts, ALERT_CHIP_TEMP, &wish->miners[i]->miner.facts.limits);
    if (i > 0 && (limit < common || limit > common))
      return METRIC_UNKNOWN;
    common = limit;
  }
  return common;
}

struct chart_job *artist_draw(struct artist *artist, const struct channel *channel,
                              const struct picture_ref *ref, chart_maker_done done, void *arg) {
  struct fleet *fleet = artist->options.fleet;
  const struct fleet_miner **miners =
      mem_alloc((fleet_count(fleet) + 1) * sizeof(struct fleet_miner *));
  int64_t now_ms = clock_wall_ms();
  bool goes_on = now_ms > ref->from_ms && now_ms < ref->to_ms; /* the range ends in time to come */
  struct chart_wish wish = {.miners = miners,
                            .from_ms = ref->from_ms,
                            .to_ms = goes_on ? now_ms + 1 : ref->to_ms,
                            .language = channel->language};
  for (size_t i = 0; i < fleet_count(fleet); i++) {
    if (is_shown(channel, ref, fleet_at(fleet, i)->miner.id))
      miners[wish.miner_count++] = fleet_at(fleet, i);
  }
  struct chart_job *job = NULL;
  if (wish.miner_count > 0) {
    struct buf title, range;
    buf_init(&title);
    buf_init(&range);
    write_title(&wish, &title);
    write_range(&wish, &range);
    wish.from_ms = chart_maker_known_from(&wish);
    wish.title = title.data;
    wish.range = range.data;
    wish.chip_limit_c = common_limit(artist, &wish);
    job = chart_maker_draw(artist->maker, &wish, done, arg);
    buf_finish(&title);
    buf_finish(&range);
  }
  free(miners);
  return job;
}

struct artist *artist_create(const struct artist_options *options) {
  struct artist *artist = mem_alloc(sizeof *artist);
  artist->options = *options;
  artist->maker = chart_maker_create(options->loop, options->db);
  return artist;
}

static void on_maker_stopped(void *arg) {
  struct artist *artist = arg;
  void (*stopped)(void *arg) = artist->stopped;
  void *stopped_arg = artist->stopped_arg;
  free(artist);
  if (stopped != NULL)
    stopped(stopped_arg);
}

void artist_stop(struct artist *artist, void (*stopped)(void *arg), void *arg) {
  if (artist == NULL) {
    if (stopped != NULL)
      stopped(arg);
    return;
  }
  artist->stopped = stopped;
  artist->stopped_arg = arg;
  chart_maker_stop(artist->maker, on_maker_stopped, artist);
}
