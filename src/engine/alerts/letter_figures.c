#include "engine/alerts/letter_figures.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/str.h"
#include "store/alerts/episode_store.h"
#include "store/rollup_store.h"

enum { HOURS_MAX = 8 * 24, PAGE = 1000 };

/* ------------------------------------------------------------ hours */

/* What all miners did in an hour, and how much of it the monitor watched. */
struct work {
  double ghs_s, watched_s;
};

struct hours {
  struct letter *letter;
  struct letter_miner *miner;
  struct work work[HOURS_MAX];
};

/* A miner that was away all the time was asked all the time. */
static double watched_s(const struct rollup *hour) {
  int64_t answered = hour->samples - hour->missed;
  double whole_s = (double)ROLLUP_HOUR_MS / 1000;
  if (answered <= 0)
    return whole_s;
  return fmin(hour->online_s * (double)hour->samples / (double)answered, whole_s);
}

static bool take_hour(const struct rollup *hour, void *arg) {
  struct hours *hours = arg;
  int64_t index = (hour->at_ms - hours->letter->from_ms) / ROLLUP_HOUR_MS;
  double average = hour->metrics[METRIC_HASHRATE_GHS].average;
  hours->miner->polls += (double)hour->samples;
  hours->miner->answered += (double)(hour->samples - hour->missed);
  hours->miner->online_s += hour->online_s;
  hours->miner->hashing_s += hour->hashing_s;
  hours->letter->energy_wh += hour->energy_wh;
  if (index < 0 || index >= HOURS_MAX)
    return true;
  struct work *work = &hours->work[index];
  work->watched_s = fmax(work->watched_s, watched_s(hour));
  if (metric_is_known(average))
    work->ghs_s += average * hour->online_s;
  return true;
}

/* A bar is an hour or a day; where a clock change makes one more, the last has both. */
static void draw_bars(const struct hours *hours) {
  struct letter *letter = hours->letter;
  struct work bars[LETTER_BARS_MAX] = {{0}}, all = {0};
  size_t hours_a_bar = letter->weekly ? 24 : 1;
  letter->bar_count = letter->weekly ? 7 : 24;
  for (size_t i = 0; i < HOURS_MAX; i++) {
    size_t at = i / hours_a_bar < letter->bar_count ? i / hours_a_bar : letter->bar_count - 1;
    bars[at].ghs_s += hours->work[i].ghs_s;
    bars[at].watched_s += hours->work[i].watched_s;
    all.ghs_s += hours->work[i].ghs_s;
    all.watched_s += hours->work[i].watched_s;
  }
  for (size_t i = 0; i < letter->bar_count; i++)
    letter->bars_ghs[i] = bars[i].watched_s > 0 ? bars[i].ghs_s / bars[i].watched_s : NAN;
  letter->hashrate_ghs = all.watched_s > 0 ? all.ghs_s / all.watched_s : NAN;
}

static bool read_hours(struct db *db, const struct letter_figures *figures, struct err *err) {
  struct letter *letter = figures->letter;
  struct hours *hours = mem_alloc(sizeof *hours);
  hours->letter = letter;
  bool ok = true;
  for (size_t i = 0; ok && i < letter->miner_count; i++) {
    const struct rollup_range range = {ROLLUP_HOUR, figures->ids[i], letter->from_ms,
                                       letter->to_ms};
    hours->miner = &letter->miners[i];
    ok = rollup_store_each(db, &range, take_hour, hours, err);
  }
  draw_bars(hours);
  free(hours);
  return ok;
}

/* ------------------------------------------------------------ alerts and records */

struct reading {
  const struct letter_figures *figures;
  int64_t last_id;
  int count; /* on this page */
  bool over;
};

static const char *name_of(const struct letter_figures *figures, int64_t miner_id) {
  for (size_t i = 0; i < figures->letter->miner_count; i++) {
    if (figures->ids[i] == miner_id)
      return figures->letter->miners[i].name;
  }
  return NULL;
}

static void count_alert(struct letter *letter, const struct episode *episode) {
  int64_t from_ms = episode->since_ms > letter->from_ms ? episode->since_ms : letter->from_ms;
  bool ended = episode->cleared_ms != 0 && episode->cleared_ms < letter->to_ms;
  int64_t to_ms = ended ? episode->cleared_ms : letter->to_ms;
  letter->alerts++;
  letter->alert_ms += to_ms > from_ms ? to_ms - from_ms : 0;
}

static bool take_episode(const struct episode *episode, void *arg) {
  struct reading *reading = arg;
  struct letter *letter = reading->figures->letter;
  const char *name = name_of(reading->figures, episode->miner_id);
  reading->last_id = episode->id;
  reading->count++;
  reading->over = episode->raised_ms < letter->from_ms;
  bool wanted = name != NULL || (reading->figures->of_all && episode->miner_id >= 0);
  if (reading->over || !wanted || episode->drill)
    return !reading->over;
  if (name != NULL && episode->rule == ALERT_BLOCK_FOUND)
    str_copy(letter->block_of, sizeof letter->block_of, name);
  bool is_best = name != NULL && episode->rule == ALERT_NEW_BEST;
  if (is_best && !(episode->value <= letter->best_diff)) {
    letter->best_diff = episode->value;
    str_copy(letter->best_of, sizeof letter->best_of, name);
  }
  if (episode->end != EPISODE_MOMENT)
    count_alert(letter, episode);
  return true;
}

/* Numbers of episodes begin with the time of their raising: the newest stand first. */
static bool read_episodes(struct db *db, const struct letter_figures *figures, struct err *err) {
  struct episode_query query = {.state = EPISODE_ANY,
                                .miner_id = EPISODE_ALL,
                                .rule = EPISODE_ALL,
                                .before_id = figures->letter->to_ms * 1000,
                                .limit = PAGE};
  struct reading reading = {.figures = figures, .count = PAGE};
  while (!reading.over && reading.count == PAGE) {
    reading.count = 0;
    if (!episode_store_each(db, &query, take_episode, &reading, err))
      return false;
    query.before_id = reading.last_id;
  }
  return true;
}

bool letter_figures_read(struct db *db, const struct letter_figures *figures, struct err *err) {
  return (read_hours(db, figures, err) && read_episodes(db, figures, err)) ||
         err_add(err, "cannot gather the letter's figures");
}
