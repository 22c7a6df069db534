#include "alert/alert_settings.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "model/text.h"

enum { USER_SIZE = 48 };

struct values {
  float mhz, mv; /* NaN unknown */
  uint32_t user; /* a number for the whole of it; 0 unknown */
  char shown_user[USER_SIZE];
  char pool[VITALS_POOL_MAX]; /* "" unknown */
  char firmware[MINER_TEXT_MAX];
};

struct alert_settings {
  struct values told;
  uint32_t seen; /* a number for what the reading before showed */
  bool quiet;    /* and that differed in nothing from what was told */
};

static void read_values(const struct alert_context *context, struct values *values) {
  const struct vitals *vitals = context->vitals;
  *values = (struct values){.mhz = (float)context->sample->values[METRIC_FREQUENCY_MHZ],
                            .mv = (float)context->sample->values[METRIC_CORE_VOLTAGE_MV]};
  str_copy(values->firmware, sizeof values->firmware, context->facts->firmware);
  str_copy(values->pool, sizeof values->pool, vitals->pool);
  if (vitals->user[0] == '\0')
    return;
  values->user = cusum_key(vitals->user, strlen(vitals->user));
  vitals_mask(vitals->user, values->shown_user, sizeof values->shown_user);
}

/* What this answer leaves out is as it was. */
static void fill_gaps(struct values *values, const struct values *told) {
  if (isnan(values->mhz))
    values->mhz = told->mhz;
  if (isnan(values->mv))
    values->mv = told->mv;
  if (values->pool[0] == '\0')
    memcpy(values->pool, told->pool, sizeof values->pool);
  if (values->firmware[0] == '\0')
    memcpy(values->firmware, told->firmware, sizeof values->firmware);
  if (values->user == 0) {
    values->user = told->user;
    memcpy(values->shown_user, told->shown_user, sizeof values->shown_user);
  }
}

/* Old firmware sends whole numbers, newer ones fractions of them. */
static bool differ(float a, float b) {
  return !isnan(a) && !isnan(b) && fabsf(a - b) >= 1;
}

static bool texts_differ(const char *a, const char *b) {
  return a[0] != '\0' && b[0] != '\0' && strcmp(a, b) != 0;
}

static void say(struct buf *out, const char *key, const char *old, const char *new) {
  if (out->length > 0)
    buf_append_text(out, ", ");
  text_write(out, NULL, key, (const struct text_value[]){{"old", old}, {"new", new}}, 2);
}

static void say_number(struct buf *out, const char *key, const char *unit, float old, float new) {
  char from[32], to[32];
  snprintf(from, sizeof from, "%g", (double)old);
  snprintf(to, sizeof to, "%g %s", (double)new, unit);
  say(out, key, from, to);
}

static void describe(struct buf *out, const struct values *old, const struct values *new) {
  if (old->user != 0 && new->user != 0 && old->user != new->user)
    say(out, "detail.user", old->shown_user, new->shown_user);
  if (texts_differ(old->pool, new->pool))
    say(out, "detail.pool", old->pool, new->pool);
  if (texts_differ(old->firmware, new->firmware))
    say(out, "detail.firmware", old->firmware, new->firmware);
  if (differ(old->mhz, new->mhz))
    say_number(out, "detail.frequency", "MHz", old->mhz, new->mhz);
  if (differ(old->mv, new->mv))
    say_number(out, "detail.voltage", "mV", old->mv, new->mv);
}

/* An overheat lowers frequency and voltage: that has a rule of its own. */
static bool is_overheated(const struct alert_watch *watch, const struct sample *sample) {
  return sample->state == STATE_OVERHEATED || !isnan(watch->slow_from_mhz);
}

/* A number for what an answer shows of it all, without copying any. */
static uint32_t key_of(const struct alert_context *context) {
  const double *values = context->sample->values;
  const struct vitals *vitals = context->vitals;
  const double figures[] = {values[METRIC_FREQUENCY_MHZ], values[METRIC_CORE_VOLTAGE_MV]};
  const uint32_t parts[] = {cusum_key(figures, sizeof figures),
                            cusum_key(vitals->user, strlen(vitals->user)),
                            cusum_key(vitals->pool, strlen(vitals->pool)),
                            cusum_key(context->facts->firmware, strlen(context->facts->firmware))};
  return cusum_key(parts, sizeof parts);
}

bool alert_settings_changed(struct alert_watch *watch, const struct alert_context *context,
                            char detail[ALERT_DETAIL_MAX]) {
  struct values now;
  struct alert_settings *settings = watch->settings;
  if (watch->away || context->vitals == NULL)
    return false;
  if (settings == NULL) {
    alert_settings_accept(watch, context);
    return false;
  }
  uint32_t seen = key_of(context), before = settings->seen;
  settings->seen = seen;
  if (seen != before)
    settings->quiet = false;
  if (seen != before || settings->quiet)
    return false; /* nearly always */
  read_values(context, &now);
  fill_gaps(&now, &settings->told);
  if (is_overheated(watch, context->sample)) {
    settings->told.mhz = now.mhz;
    settings->told.mv = now.mv;
  }
  struct buf text;
  buf_init(&text);
  describe(&text, &settings->told, &now);
  bool changed = text.length > 0;
  str_copy(detail, ALERT_DETAIL_MAX, changed ? text.data : "");
  buf_finish(&text);
  if (!changed)
    settings->told = now; /* what was unknown before */
  settings->quiet = !changed;
  return changed;
}

void alert_settings_accept(struct alert_watch *watch, const struct alert_context *context) {
  struct values now;
  if (context->vitals == NULL)
    return;
  read_values(context, &now);
  if (watch->settings == NULL)
    watch->settings = mem_alloc(sizeof *watch->settings);
  else
    fill_gaps(&now, &watch->settings->told);
  watch->settings->told = now;
  watch->settings->seen = key_of(context);
  watch->settings->quiet = true;
}
