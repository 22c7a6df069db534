/* What a message shows, told in so few words that it is kept beside the message: a kind of
 * picture, a range of time and whose it is. The courier has it drawn when the message is
 * sent, so that the outbox never holds a picture. Pure. */
#ifndef MODEL_PICTURE_REF_H
#define MODEL_PICTURE_REF_H

#include <stdbool.h>
#include <stdint.h>

enum picture_kind {
  PICTURE_NONE,
  PICTURE_HASHRATE, /* hashrate over time, and the chip's temperature */
};

struct picture_ref {
  enum picture_kind kind;
  int64_t from_ms, to_ms; /* wall time, from_ms < to_ms */
  int64_t miner_id;       /* 0: all that the message's channel is told about */
};

enum { PICTURE_REF_SIZE = 80 };

/* "hashrate 1795276800000 1795363200000 0"; "" for none. */
void picture_ref_format(const struct picture_ref *ref, char text[PICTURE_REF_SIZE]);

/* False for what is none, "" too; `ref` is then that of no picture. */
bool picture_ref_parse(const char *text, struct picture_ref *ref);

#endif
