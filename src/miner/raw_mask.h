/* A miner's answer fit to be shown: as the device sent it, but for what identifies its
 * owner, pays somebody or opens a door. Firmware adds fields as it likes, so nothing
 * is shown because it is known to be harmless; it is hidden because of what its name
 * says, what it looks like, or because it is told elsewhere under such a name. Pure.
 *
 * Hidden as "(hidden)":
 *   - every text and number whose key speaks of a password, key, token, user, wallet,
 *     network name, host name, hardware or network address (raw_mask_is_secret), and
 *     everything inside an object or a list of such a name; true, false, null and ""
 *     stay, for they tell whether it is set;
 *   - the same text wherever else it stands, also in the middle of a longer one;
 *   - what base/mask finds in any other text or key by its looks. */
#ifndef MINER_RAW_MASK_H
#define MINER_RAW_MASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the answer to `answer` as compact JSON, keys in the order they came, numbers in the
 * shortest form that reads back the same; and to `hidden` a JSON array of the keys of what was
 * hidden, each once, at most 64. False when it is no JSON: both are untouched. */
bool raw_mask_write(const char *body, size_t length, struct buf *answer, struct buf *hidden,
                    struct err *err);

/* True for the name of a member that is nobody's business: "wifiPass", "stratumUser". Case,
 * dashes and underscores make no difference. */
bool raw_mask_is_secret(const char *key);

#endif
