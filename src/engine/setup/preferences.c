#include "engine/setup/preferences.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "model/text.h"
#include "store/setting_store.h"

#define PREFIX "owner."

/* Of the dearest currency units to the cheapest, a kWh costs from 0.05 to some 5,000. */
static const double PRICE_MAX = 1e6;

/* The longest address in Bech32 has 90 characters (BIP 173). */
enum { NAME_MAX_LENGTH = 64, SITE_NAME_MAX = 64, PAYEE_MAX = 90, PAYEES_MAX = 10 };

struct preferences {
  struct db_threads *db;
  char values[PREFERENCE_COUNT][PREFERENCE_VALUE_MAX];
  void (*changed)(void *arg); /* NULL: nobody looks */
  void *changed_arg;
};

/* ------------------------------------------------------------ what each may be */

static bool check_price(char *value, struct err *err) {
  double price;
  if (!str_to_double(value, &price) || price < 0 || price > PRICE_MAX)
    return err_set(err, ERR_INVALID,
                   "`electricity_price_per_kwh` is what one kilowatt-hour costs: a number from 0 "
                   "to %.0f, such as 0.30",
                   PRICE_MAX);
  return true;
}

static bool check_currency(char *value, struct err *err) {
  bool ok = strlen(value) == 3;
  for (char *c = value; ok && *c != '\0'; c++) {
    if (*c >= 'a' && *c <= 'z')
      *c = (char)(*c - 'a' + 'A');
    ok = *c >= 'A' && *c <= 'Z';
  }
  return ok || err_set(err, ERR_INVALID,
                       "`currency` is the three letters of a currency, such as EUR, USD or GBP");
}

static bool check_temperature(char *value, struct err *err) {
  return str_equal(value, "C") || str_equal(value, "F") ||
         err_set(err, ERR_INVALID, "`temperature_unit` is C (Celsius) or F (Fahrenheit)");
}

static bool check_language(char *value, struct err *err) {
  return text_has_language(value) ||
         err_set(err, ERR_INVALID,
                 "there are no texts in the language '%.10s'; `languages` of /api/v1/settings "
                 "lists those that there are",
                 value);
}

static bool check_site_name(char *value, struct err *err) {
  if (strlen(value) >= SITE_NAME_MAX)
    return err_set(err, ERR_INVALID, "`site_name` is too long: at most %d bytes",
                   SITE_NAME_MAX - 1);
  for (const char *c = value; *c != '\0'; c++) {
    if ((unsigned char)*c < ' ' || *c == 0x7f)
      return err_set(err, ERR_INVALID, "`site_name` has control characters in it");
  }
  return str_is_utf8(value, strlen(value)) ||
         err_set(err, ERR_INVALID, "`site_name` is not valid UTF-8 text");
}

static bool check_first_run(char *value, struct err *err) {
  return str_equal(value, "pending") || str_equal(value, "done") || str_equal(value, "skipped") ||
         err_set(err, ERR_INVALID, "`first_run` is pending, done or skipped");
}

/* An address, or the user name at a pool that pays by name: neither has spaces in it,
 * or what the list is written with. Of an address only its form is checked: a wrong
 * one is told by the alert that pays to it. */
static bool check_payees(char *value, struct err *err) {
  int count = 0;
  for (const char *at = value; *at != '\0'; count++) {
    size_t length = strcspn(at, " ");
    bool plain = length > 0 && length <= PAYEE_MAX;
    for (size_t i = 0; plain && i < length; i++)
      plain = at[i] > ' ' && at[i] < 0x7f && at[i] != ',' && at[i] != ';';
    if (!plain)
      return err_set(err, ERR_INVALID,
                     "`payout_addresses` has an entry that is no address: 1 to %d letters and "
                     "digits each, such as bc1q...",
                     PAYEE_MAX);
    at += length;
    if (*at == ' ')
      at++;
  }
  return count <= PAYEES_MAX ||
         err_set(err, ERR_INVALID, "`payout_addresses` has too many entries: at most %d",
                 PAYEES_MAX);
}

static const struct facts {
  const char *name, *initial;
  bool number, list;
  bool (*check)(char *value, struct err *err); /* may bring it into the one form we keep */
} facts[] = {
    [PREFERENCE_ELECTRICITY_PRICE] = {"electricity_price_per_kwh", "", true, false, check_price},
    [PREFERENCE_CURRENCY] = {"currency", "", false, false, check_currency},
    [PREFERENCE_TEMPERATURE_UNIT] = {"temperature_unit", "C", false, false, check_temperature},
    [PREFERENCE_LANGUAGE] = {"language", "", false, false, check_language},
    [PREFERENCE_SITE_NAME] = {"site_name", "", false, false, check_site_name},
    [PREFERENCE_FIRST_RUN] = {"first_run", "pending", false, false, check_first_run},
    [PREFERENCE_PAYOUT_ADDRESSES] = {"payout_addresses", "", false, true, check_payees},
};

/* Copies what is wanted into `value`, checked. */
static bool settle(enum preference preference, const char *wanted, char *value, struct err *err) {
  if (strlen(wanted) >= PREFERENCE_VALUE_MAX)
    return err_set(err, ERR_INVALID, "`%s` is too long", facts[preference].name);
  str_copy(value, PREFERENCE_VALUE_MAX, wanted[0] == '\0' ? facts[preference].initial : wanted);
  return wanted[0] == '\0' || facts[preference].check(value, err);
}

static const char *setting_name(enum preference preference, char name[NAME_MAX_LENGTH]) {
  snprintf(name, NAME_MAX_LENGTH, PREFIX "%s", facts[preference].name);
  return name;
}

/* ------------------------------------------------------------ life, reading */

struct preferences *preferences_create(struct db_threads *db) {
  struct preferences *preferences = mem_alloc(sizeof *preferences);
  preferences->db = db;
  for (int i = 0; i < PREFERENCE_COUNT; i++)
    str_copy(preferences->values[i], PREFERENCE_VALUE_MAX, facts[i].initial);
  return preferences;
}

void preferences_destroy(struct preferences *preferences) {
  free(preferences);
}

bool preferences_load(struct preferences *preferences, struct db *db, struct err *err) {
  for (enum preference i = 0; i < PREFERENCE_COUNT; i++) {
    char name[NAME_MAX_LENGTH], kept[PREFERENCE_VALUE_MAX], value[PREFERENCE_VALUE_MAX];
    struct err odd;
    if (!setting_store_get(db, setting_name(i, name), kept, sizeof kept, err)) {
      if (err->code != ERR_NOT_FOUND && err->code != ERR_TOO_LARGE)
        return false;
      kept[0] = '\0';
    }
    bool ok = settle(i, kept, value, &odd);
    str_copy(preferences->values[i], PREFERENCE_VALUE_MAX, ok ? value : facts[i].initial);
  }
  return true;
}

const char *preferences_name(enum preference preference) {
  return facts[preference].name;
}

bool preferences_find(const char *name, enum preference *preference) {
  for (enum preference i = 0; i < PREFERENCE_COUNT; i++) {
    if (str_equal(facts[i].name, name)) {
      *preference = i;
      return true;
    }
  }
  return false;
}

bool preferences_is_number(enum preference preference) {
  return facts[preference].number;
}

bool preferences_is_list(enum preference preference) {
  return facts[preference].list;
}

const char *preferences_get(const struct preferences *preferences, enum preference preference) {
  return preferences->values[preference];
}

/* ------------------------------------------------------------ changing */

struct change {
  struct db_task task;
  struct preferences *preferences;
  bool wanted[PREFERENCE_COUNT];
  char values[PREFERENCE_COUNT][PREFERENCE_VALUE_MAX];
  preferences_done done;
  void *arg;
};

static void run_change(struct db_task *task, struct db *db) {
  struct change *change = task->arg;
  task->ok = db != NULL;
  for (enum preference i = 0; task->ok && i < PREFERENCE_COUNT; i++) {
    char name[NAME_MAX_LENGTH];
    if (change->wanted[i])
      task->ok = setting_store_set(db, setting_name(i, name), change->values[i], &task->err);
  }
}

static void on_changed(struct db_task *task) {
  struct change *change = task->arg;
  for (enum preference i = 0; task->ok && i < PREFERENCE_COUNT; i++) {
    if (change->wanted[i])
      str_copy(change->preferences->values[i], PREFERENCE_VALUE_MAX, change->values[i]);
  }
  if (task->ok && change->preferences->changed != NULL)
    change->preferences->changed(change->preferences->changed_arg);
  change->done(task->ok ? NULL : &task->err, change->arg);
  free(change);
}

void preferences_watch(struct preferences *preferences, void (*changed)(void *arg), void *arg) {
  preferences->changed = changed;
  preferences->changed_arg = arg;
}

void preferences_change(struct preferences *preferences, const struct preferences_change *wanted,
                        preferences_done done, void *arg) {
  struct change *change = mem_alloc(sizeof *change);
  struct err err;
  bool ok = true;
  *change = (struct change){.preferences = preferences, .done = done, .arg = arg};
  for (enum preference i = 0; ok && i < PREFERENCE_COUNT; i++) {
    change->wanted[i] = wanted->values[i] != NULL;
    if (change->wanted[i])
      ok = settle(i, wanted->values[i], change->values[i], &err);
  }
  if (!ok) {
    free(change);
    done(&err, arg);
    return;
  }
  change->task = (struct db_task){.run = run_change, .done = on_changed, .arg = change};
  db_threads_write(preferences->db, &change->task);
}
