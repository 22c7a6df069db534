#include <math.h>
#include <stdio.h>
#include <string.h>

#include "alert/rules_inside.h"
#include "alert/share_odds.h"
#include "base/str.h"
#include "model/text.h"

enum { FEWEST_REJECTED = 5 }; /* fewer are chance */

static const double stall_odds = 1e-6; /* a wait so long comes by chance once in a million */

/* A part that is silent explains the rest: one message, not two. */
static bool is_explained(const struct alert_look *look) {
  return look->memories[ALERT_CHIP_LOST].phase != ALERT_OK &&
         !alert_phase_is_open(look->memories[ALERT_HASHRATE_LOW].phase);
}

void rules_hashrate_low(const struct alert_look *look, struct alert_reading *reading) {
  const struct alert_watch *watch = look->watch;
  enum cusum_state state = cusum_state(&watch->cusum);
  if (look->context->sample->state != STATE_HASHING || isnan(watch->ratio_pct) ||
      is_explained(look))
    return;
  reading->value = watch->ratio_pct;
  if (state == CUSUM_NORMAL)
    reading->input = ALERT_IS_GOOD;
  else if (state == CUSUM_SUSPECT)
    reading->input = ALERT_IS_BETWEEN;
  else /* a limit of the owner's: above it nobody is told */
    reading->input = reading->value > reading->limit ? ALERT_IS_BETWEEN : ALERT_IS_BAD;
}

void rules_stalled(const struct alert_look *look, struct alert_reading *reading) {
  const struct sample *sample = look->context->sample;
  const double *values = sample->values;
  double longest_s =
      share_odds_longest_s(values[METRIC_HASHRATE_GHS], values[METRIC_POOL_DIFFICULTY], stall_odds);
  bool frozen = sample->state == STATE_NOT_HASHING && sample->reason == REASON_FROZEN;
  bool waits = sample->state == STATE_HASHING && look->watch->waited_s >= longest_s;
  reading->value = look->watch->waited_s;
  reading->limit = longest_s;
  if (frozen || waits) {
    reading->input = ALERT_IS_BAD;
    reading->reason = REASON_FROZEN;
    return;
  }
  bool share = sample->state == STATE_HASHING && look->watch->waited_s == 0;
  if (share || look->memories[ALERT_STALLED].phase == ALERT_PENDING)
    reading->input = ALERT_IS_GOOD;
}

void rules_rejected_shares(const struct alert_look *look, struct alert_reading *reading) {
  const struct alert_watch *watch = look->watch;
  double all = (double)watch->accepted + (double)watch->rejected;
  if (all < ALERT_WATCH_SHARES_LEAST || look->context->sample->state != STATE_HASHING)
    return;
  reading->value = 100 * watch->rejected / all;
  reading->input = rules_above(reading->value, reading->limit, look->tuning.hysteresis);
  if (reading->input == ALERT_IS_BAD && watch->rejected < FEWEST_REJECTED)
    reading->input = ALERT_IS_BETWEEN;
}

void rules_chip_lost(const struct alert_look *look, struct alert_reading *reading) {
  const struct vitals *vitals = look->context->vitals;
  const struct sample *sample = look->context->sample;
  if (vitals == NULL || vitals->chips == 0 || sample->state != STATE_HASHING)
    return; /* not told apart by this firmware, or nothing to compare */
  int silent = vitals->chips_silent > 0 ? vitals->chips_silent : vitals->domains_silent;
  reading->input = silent > 0 ? ALERT_IS_BAD : ALERT_IS_GOOD;
  reading->value = silent;
}

void rules_chip_detail(const struct alert_look *look, char detail[ALERT_DETAIL_MAX]) {
  const struct vitals *vitals = look->context->vitals;
  char number[16], count[16];
  const char *key = "detail.chips";
  int silent = vitals->chips_silent, of = vitals->chips;
  if (silent == 0) {
    key = "detail.domains";
    silent = vitals->domains_silent;
    of = vitals->domains;
  } else if (silent == 1) {
    key = "detail.chip";
    silent = vitals->first_silent;
  }
  snprintf(number, sizeof number, "%d", silent);
  snprintf(count, sizeof count, "%d", of);
  struct buf text;
  buf_init(&text);
  text_write(&text, NULL, key, (const struct text_value[]){{"number", number}, {"count", count}},
             2);
  str_copy(detail, ALERT_DETAIL_MAX, text.data);
  buf_finish(&text);
}

/* --- to whom it goes --- */

static bool pays_owner(const struct alert_look *look) {
  const struct vitals *vitals = look->context->vitals;
  for (int i = 0; i < vitals->payees; i++) {
    if (alert_rulebook_pays_owner(look->book, vitals->payee[i]))
      return true;
  }
  return false;
}

/* Most pools pay into their own address and share later, so a block that pays
 * somebody else says nothing, unless this pool has paid the owner before. */
static bool pays_somebody_else(const struct alert_look *look) {
  const struct vitals *vitals = look->context->vitals;
  struct alert_watch *watch = look->watch;
  uint32_t key = cusum_key(vitals->pool, strlen(vitals->pool));
  bool fallback = (look->context->sample->flags & SAMPLE_FALLBACK_POOL) != 0;
  if (vitals->payees == 0 || fallback)
    return false;
  if (key != watch->pool_key)
    watch->paid_owner = false;
  watch->pool_key = key;
  bool owner = pays_owner(look);
  watch->paid_owner = watch->paid_owner || owner;
  return watch->paid_owner && !owner;
}

void rules_payout_address(const struct alert_look *look, struct alert_reading *reading) {
  const struct vitals *vitals = look->context->vitals;
  if (!alert_rulebook_has_payout(look->book)) {
    reading->input = ALERT_IS_VOID; /* the list was emptied: the rule is off */
    return;
  }
  if (vitals == NULL || vitals->user[0] == '\0')
    return;
  bool wrong = !alert_rulebook_pays_owner(look->book, vitals->user) || pays_somebody_else(look);
  reading->input = wrong ? ALERT_IS_BAD : ALERT_IS_GOOD;
}

void rules_payout_detail(const struct alert_look *look, char detail[ALERT_DETAIL_MAX]) {
  const struct vitals *vitals = look->context->vitals;
  bool by_user = !alert_rulebook_pays_owner(look->book, vitals->user);
  vitals_mask(by_user || vitals->payees == 0 ? vitals->user : vitals->payee[0], detail,
              ALERT_DETAIL_MAX);
}
