/* What the owner likes: units, language, what electricity costs. Kept in the table
 * `setting` under "owner." and a name; a copy lives on the loop, so that whoever
 * writes for people can look without a query. A new preference is a row of the table
 * in preferences.c.
 *
 * Life: preferences_create -> preferences_load -> ... -> preferences_destroy. Loop
 * thread, but for preferences_load, which runs before the loop does. */
#ifndef ENGINE_SETUP_PREFERENCES_H
#define ENGINE_SETUP_PREFERENCES_H

#include <stdbool.h>

#include "base/err.h"
#include "db/db.h"
#include "engine/db_thread.h"

enum preference {
  PREFERENCE_ELECTRICITY_PRICE, /* of a kWh, in the currency; "": not known */
  PREFERENCE_CURRENCY,          /* ISO 4217, "EUR"; "": not known */
  PREFERENCE_TEMPERATURE_UNIT,  /* "C", "F" */
  PREFERENCE_LANGUAGE,          /* of the household, of model/text.h; "": nobody chose one */
  PREFERENCE_SITE_NAME,         /* "" : none */
  PREFERENCE_FIRST_RUN,         /* "pending", "done", "skipped" */
  PREFERENCE_PAYOUT_ADDRESSES,  /* with a space between; "": nobody looks who is paid */
  PREFERENCE_COUNT,
};

enum { PREFERENCE_VALUE_MAX = 1024 };

struct preferences;

struct preferences *preferences_create(struct db_threads *db);
void preferences_destroy(struct preferences *preferences); /* NULL accepted */

/* What was kept; a value that this release does not understand counts as never set. */
bool preferences_load(struct preferences *preferences, struct db *db, struct err *err);

/* Its name in the API: "temperature_unit". */
const char *preferences_name(enum preference preference);
bool preferences_find(const char *name, enum preference *preference);

/* True when its value is a number, or a list with a space between its entries. */
bool preferences_is_number(enum preference preference);
bool preferences_is_list(enum preference preference);

/* Borrowed until the next change. */
const char *preferences_get(const struct preferences *preferences, enum preference preference);

/* Calls `changed` on the loop after each change that was kept; one who looks. */
void preferences_watch(struct preferences *preferences, void (*changed)(void *arg), void *arg);

/* What is to change; NULL: stays, "": as it was in the beginning. */
struct preferences_change {
  const char *values[PREFERENCE_COUNT];
};

/* `err` is NULL when it is kept. Runs once, on the loop. */
typedef void (*preferences_done)(const struct err *err, void *arg);

/* All or nothing: checked, written, and only then in use. ERR_INVALID names the
 * preference and says what it may be; ERR_UNAVAILABLE while the database is away. The
 * texts are copied. */
void preferences_change(struct preferences *preferences, const struct preferences_change *change,
                        preferences_done done, void *arg);

#endif
