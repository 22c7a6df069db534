/* Whole numbers as bits: adaptive Rice code, the coder under both the open chunk and
 * the sealed one. The low k bits of a number are kept as they are, the rest in unary;
 * k follows the running mean of what came before, which encoder and decoder both
 * know, so small numbers cost few bits without a table. */
#ifndef STORE_RICE_H
#define STORE_RICE_H

#include <stddef.h>
#include <stdint.h>

enum {
  RICE_NUMBER_BITS_MAX = 86, /* the most that one number can take */
  RICE_ROOM = 24,            /* bytes: enough for one number at any bit, and a word */
};

/* Bits go behind those in use; the bytes there are zero, and RICE_ROOM of them are
 * there before each number is put. */
struct rice_writer {
  unsigned char *bytes;
  uint32_t bits; /* in use */
};

/* RICE_ROOM bytes behind the end can be read, whatever they hold. A reader that has
 * taken more bits than there are has read nonsense: compare after each number. */
struct rice_reader {
  const unsigned char *bytes;
  uint64_t bits; /* taken */
};

/* `mean` is the state of one row of numbers, 0 at its begin, and the same for
 * encoder and decoder. */
void rice_put(struct rice_writer *writer, uint32_t *mean, uint64_t number);
uint64_t rice_get(struct rice_reader *reader, uint32_t *mean);

/* A number that nothing is known of: its length and its bits. */
void rice_put_plain(struct rice_writer *writer, uint64_t number);
uint64_t rice_get_plain(struct rice_reader *reader);

/* The difference to what was expected as a number without sign: 0, -1, 1, -2 become
 * 0, 1, 2, 3. Differences wrap around, so that any two values have one. */
static inline uint64_t rice_fold(int64_t value, int64_t expected) {
  uint64_t difference = (uint64_t)value - (uint64_t)expected;
  return difference << 1 ^ (0 - (difference >> 63));
}

static inline int64_t rice_unfold(uint64_t number, int64_t expected) {
  uint64_t difference = number >> 1 ^ (0 - (number & 1));
  return (int64_t)((uint64_t)expected + difference);
}

#endif
