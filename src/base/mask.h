/* Makes text fit to be shown to a stranger who helps: what tells where somebody lives
 * or opens a door is taken out, what explains a fault stays. Pure. */
#ifndef BASE_MASK_H
#define BASE_MASK_H

#include "base/buf.h"

/* Appends the text with these hidden:
 *   IPv4 addresses          "192.168.1.50"        -> "192.x.x.x"
 *   IPv6 addresses          "fe80::26ec:4aff"     -> "fe80:x"
 *   hardware addresses      "24:ec:4a:01:02:03"   -> "24:ec:4a:x:x:x", the maker stays
 *   who logs in, or writes  "//me:secret@host"    -> "//(hidden)@host"
 *   keys, tokens, wallets   20 and more of [A-Za-z0-9_-] with a digit -> "(hidden)"
 *   numbers of chats        7 and more digits     -> "(hidden)" */
void mask_append(struct buf *out, const char *text);

#endif
