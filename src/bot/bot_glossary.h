/* Words of mining, explained: "glossary.TERM" (how it is written) and
 * "glossary.TERM.meaning" of the texts for people. Pure. */
#ifndef BOT_BOT_GLOSSARY_H
#define BOT_BOT_GLOSSARY_H

#include <stdbool.h>

#include "base/buf.h"

/* Appends what the word means: found by how it is written ("Rejected share"), by its
 * name in the texts ("chip_temp"), or by a part of either ("wifi"). False (nothing
 * appended) when it is unknown. */
bool bot_glossary_explain(const char *language, const char *word, struct buf *out);

/* All words by commas. */
void bot_glossary_list(const char *language, struct buf *out);

#endif
