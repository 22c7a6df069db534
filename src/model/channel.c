#include "model/channel.h"

#include <assert.h>
#include <time.h>

#include "base/str.h"

int channel_quiet_left_min(const struct channel_wish *wish, int minute) {
  int from = wish->quiet_from_min, to = wish->quiet_to_min;
  if (from < 0 || to < 0 || from == to)
    return 0;
  int length = (to - from + CHANNEL_DAY_MIN) % CHANNEL_DAY_MIN;
  int into = (minute - from + CHANNEL_DAY_MIN) % CHANNEL_DAY_MIN;
  return into < length ? length - into : 0;
}

static bool is_of_its_miners(const struct channel_wish *wish, int64_t miner_id) {
  if (miner_id == 0 || wish->miner_count == 0)
    return true;
  for (size_t i = 0; i < wish->miner_count; i++) {
    if (wish->miners[i] == miner_id)
      return true;
  }
  return false;
}

enum channel_answer channel_decide(const struct channel *channel,
                                   const struct channel_matter *matter, int minute) {
  const struct channel_wish *wish = &channel->wish;
  bool wanted = matter->good_news ? wish->good_news : matter->severity >= wish->least_severity;
  if (!channel->enabled || !wanted || !is_of_its_miners(wish, matter->miner_id))
    return CHANNEL_NO;
  bool passes = matter->severity == ALERT_CRITICAL && wish->critical_passes;
  return passes || channel_quiet_left_min(wish, minute) == 0 ? CHANNEL_NOW : CHANNEL_DIGEST;
}

int channel_local_minute(int64_t wall_ms) {
  time_t seconds = (time_t)(wall_ms / 1000);
  struct tm local;
  if (localtime_r(&seconds, &local) == NULL)
    return 0;
  return local.tm_hour * 60 + local.tm_min;
}

static const char *const roles[] = {
    [CHANNEL_VIEWER] = "viewer",
    [CHANNEL_MEMBER] = "member",
    [CHANNEL_OWNER] = "owner",
};

const char *channel_role_name(enum channel_role role) {
  assert(role <= CHANNEL_OWNER);
  return roles[role];
}

bool channel_role_find(const char *name, enum channel_role *out) {
  for (int role = CHANNEL_VIEWER; role <= CHANNEL_OWNER; role++) {
    if (str_equal(name, roles[role])) {
      *out = (enum channel_role)role;
      return true;
    }
  }
  return false;
}

static const char *const letters[] = {
    [CHANNEL_LETTER_OFF] = "off",
    [CHANNEL_LETTER_DAILY] = "daily",
    [CHANNEL_LETTER_WEEKLY] = "weekly",
};

const char *channel_letter_name(enum channel_letter letter) {
  assert(letter <= CHANNEL_LETTER_WEEKLY);
  return letters[letter];
}

bool channel_letter_find(const char *name, enum channel_letter *out) {
  for (int letter = CHANNEL_LETTER_OFF; letter <= CHANNEL_LETTER_WEEKLY; letter++) {
    if (str_equal(name, letters[letter])) {
      *out = (enum channel_letter)letter;
      return true;
    }
  }
  return false;
}
