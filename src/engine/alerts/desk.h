/* The desk: what is in trouble now and what people said about it. Every event of a
 * rule passes here and becomes part of an episode; people acknowledge, note, mute and
 * tune here. All that must last goes into the pipeline's next batch, so that it works
 * while the database is away.
 *
 * Life: desk_create -> desk_load -> desk_attach -> ... -> desk_destroy. Loop thread. */
#ifndef ENGINE_ALERTS_DESK_H
#define ENGINE_ALERTS_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/alert_step.h"
#include "base/err.h"
#include "db/db.h"
#include "engine/fleet.h"
#include "store/alerts/episode_store.h"
#include "store/alerts/mute_store.h"

struct desk;
struct pipeline;
struct teller;

/* The miner of a drill: none of the fleet. */
enum { DESK_DRILL_MINER = -2 };

struct desk *desk_create(struct fleet *fleet);
void desk_destroy(struct desk *desk); /* NULL accepted */

/* Open episodes, mutes, settings of rules. On the calling thread, before the loop
 * runs, when the fleet is loaded. */
bool desk_load(struct desk *desk, struct db *db, struct err *err);

/* Where its writing goes, and who tells people (NULL: nobody). Once, after both exist:
 * the loaded settings go into the pipeline's rulebook, and a drill that a crash cut
 * short is closed. */
void desk_attach(struct desk *desk, struct pipeline *pipeline, struct teller *teller);

/* How rules are tuned; changed through desk_set_rule alone. After desk_attach. */
const struct alert_rulebook *desk_rulebook(const struct desk *desk);

/* ---- the monitor's own rules: one memory each ---- */

struct alert_memory *desk_own_memory(struct desk *desk, enum alert_rule rule);

/* ---- what the rules say ---- */

/* An event of a miner of the fleet, of the drill's (`miner` is given), or of the
 * monitor itself (`miner` NULL). Kept, told and committed at once. */
void desk_happened(struct desk *desk, const struct miner *miner, const struct alert_event *event);

/* A miner has begun to fall silent: what it takes to name the cause is looked up. */
void desk_silence(struct desk *desk, const struct miner *miner);

/* The miner was removed: its open episodes are closed without a word. */
void desk_forget_miner(struct desk *desk, int64_t miner_id);

/* ---- what is open ---- */

size_t desk_open_count(const struct desk *desk);
const struct episode *desk_open_at(const struct desk *desk, size_t index); /* oldest first */
const struct episode *desk_find_open(const struct desk *desk, int64_t id); /* NULL */

/* ---- what people say; `by` is a name for others to read ---- */

/* ERR_NOT_FOUND when it is not open, ERR_CONFLICT when somebody did already. */
bool desk_acknowledge(struct desk *desk, int64_t episode, const char *by, struct err *err);

/* Notes may be made about what is over, so only the text is checked here. */
bool desk_note(struct desk *desk, int64_t episode, const char *by, const char *text,
               struct episode_note *note, struct err *err);

/* `mute` comes with miner, rule, until_ms and author, and gets the rest. */
bool desk_mute(struct desk *desk, struct mute *mute, struct err *err);
bool desk_unmute(struct desk *desk, int64_t id, struct err *err); /* ERR_NOT_FOUND */
/* Lifts every mute of the miner; 0: all there are. Returns how many. */
size_t desk_unmute_miner(struct desk *desk, int64_t miner_id);
size_t desk_mute_count(const struct desk *desk); /* those that are over are not among them */
const struct mute *desk_mute_at(const struct desk *desk, size_t index);

/* The owner's settings of a rule in place of earlier ones of that miner (0: all) and
 * rule; an empty one takes them back. What fires by that rule is closed as changed and
 * judged anew. ERR_INVALID says what is wrong with a value. */
bool desk_set_rule(struct desk *desk, const struct alert_rule_setting *setting, struct err *err);

#endif
