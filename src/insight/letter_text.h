/* The letter: how a day or a week of mining went, in the words of a person. Plain text
 * with a small chart of block characters, so that every channel can carry it; where a
 * channel can show a picture, the courier puts one in its place. Pure. */
#ifndef INSIGHT_LETTER_TEXT_H
#define INSIGHT_LETTER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
  LETTER_BARS_MIN = 7, /* of a week */
  LETTER_BARS_MAX = 24,
  LETTER_NAME_MAX = 64,
  LETTER_OPEN_MAX = 5, /* that are named; the others are counted */
};

/* One miner's part. */
struct letter_miner {
  char name[LETTER_NAME_MAX];
  double polls, answered; /* 0 polls: nothing is known */
  double online_s, hashing_s;
};

/* What is still wrong. */
struct letter_open {
  char name[LETTER_NAME_MAX];
  char title_key[48]; /* of the rule's title in the catalogue */
  int64_t since_ms;
};

struct letter {
  bool weekly;
  int64_t from_ms, to_ms; /* of what it tells */
  int64_t now_ms;
  struct letter_miner *miners; /* at least one; put in order, the worst first */
  size_t miner_count;
  double bars_ghs[LETTER_BARS_MAX]; /* hashrate of all, an hour (a day of the week) each; NaN: no
                                       reading */
  size_t bar_count;
  double hashrate_ghs; /* on average over the time that is known; NaN: unknown */
  double energy_wh;
  double price; /* of a kWh; NaN: not known */
  const char *currency;
  size_t alerts;    /* that were raised in that time */
  int64_t alert_ms; /* how long they were, added up, within that time */
  double best_diff; /* the highest new record; NaN: none */
  char best_of[LETTER_NAME_MAX];
  char block_of[LETTER_NAME_MAX]; /* who found a block; "": nobody */
  struct letter_open open[LETTER_OPEN_MAX];
  size_t open_count; /* may be more than are in `open` */
};

/* Appends it; the first line is the subject. `language` NULL: English. */
void letter_text_write(struct buf *out, const char *language, struct letter *letter);

/* Appends a letter's text without the line that is its chart: a picture shows it better. */
void letter_text_without_bars(struct buf *out, const char *text);

#endif
