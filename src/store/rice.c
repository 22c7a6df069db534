#include "store/rice.h"

#include <endian.h>
#include <stdbool.h>
#include <string.h>

enum {
  UNARY_MAX = 16,  /* this many ones announce a plain number instead */
  LENGTH_BITS = 6, /* of a plain number: its length less one */
  MEAN_MAX = 1 << 28,
};

_Static_assert(UNARY_MAX + LENGTH_BITS + 64 == RICE_NUMBER_BITS_MAX, "the longest number");

/* `count` up to 56: a word holds that many wherever in its first byte they start. */
static void put_bits(struct rice_writer *writer, uint64_t value, unsigned count) {
  unsigned char *at = writer->bytes + writer->bits / 8;
  uint64_t word;
  memcpy(&word, at, sizeof word);
  word |= htole64(value << (writer->bits % 8));
  memcpy(at, &word, sizeof word);
  writer->bits += count;
}

/* The next bits, at least 56 of them. */
static uint64_t peek_bits(const struct rice_reader *reader) {
  uint64_t word;
  memcpy(&word, reader->bytes + reader->bits / 8, sizeof word);
  return le64toh(word) >> (reader->bits % 8);
}

static uint64_t get_bits(struct rice_reader *reader, unsigned count) {
  uint64_t value = peek_bits(reader) & ((UINT64_C(1) << count) - 1);
  reader->bits += count;
  return value;
}

static unsigned bit_length(uint64_t value) {
  return value == 0 ? 0 : 64 - (unsigned)__builtin_clzll(value);
}

void rice_put_plain(struct rice_writer *writer, uint64_t number) {
  unsigned length = number == 0 ? 1 : bit_length(number);
  put_bits(writer, length - 1, LENGTH_BITS);
  put_bits(writer, number & UINT32_MAX, length < 32 ? length : 32);
  if (length > 32)
    put_bits(writer, number >> 32, length - 32);
}

uint64_t rice_get_plain(struct rice_reader *reader) {
  unsigned length = (unsigned)get_bits(reader, LENGTH_BITS) + 1;
  uint64_t number = get_bits(reader, length < 32 ? length : 32);
  if (length > 32)
    number |= get_bits(reader, length - 32) << 32;
  return number;
}

/* The mean of a geometric source times ln 2 is the best 2^k. The mean is kept
 * times 16. */
static unsigned rice_bits(uint32_t mean) {
  return bit_length(((uint64_t)mean * 11) >> 8);
}

/* A jump (a new best difficulty, a miner going away) must not spoil what the
 * row has learnt: it only doubles the mean. */
static uint32_t next_mean(uint32_t mean, uint64_t number, bool jump) {
  uint64_t next = jump ? (uint64_t)mean * 2 + 16 : mean - mean / 16 + number;
  return next < MEAN_MAX ? (uint32_t)next : MEAN_MAX;
}

void rice_put(struct rice_writer *writer, uint32_t *mean, uint64_t number) {
  unsigned low = rice_bits(*mean);
  uint64_t high = number >> low;
  bool jump = high >= UNARY_MAX;
  if (jump) {
    put_bits(writer, (1U << UNARY_MAX) - 1, UNARY_MAX);
    rice_put_plain(writer, number);
  } else {
    uint64_t unary = (UINT64_C(1) << high) - 1; /* and the zero that ends it */
    uint64_t rest = number & ((UINT64_C(1) << low) - 1);
    put_bits(writer, unary | rest << (high + 1), (unsigned)high + 1 + low);
  }
  *mean = next_mean(*mean, number, jump);
}

uint64_t rice_get(struct rice_reader *reader, uint32_t *mean) {
  unsigned low = rice_bits(*mean);
  unsigned high = (unsigned)__builtin_ctzll(~peek_bits(reader) | UINT64_C(1) << UNARY_MAX);
  bool jump = high >= UNARY_MAX;
  uint64_t number;
  if (jump) {
    reader->bits += UNARY_MAX;
    number = rice_get_plain(reader);
  } else {
    reader->bits += high + 1;
    number = (uint64_t)high << low | get_bits(reader, low);
  }
  *mean = next_mean(*mean, number, jump);
  return number;
}
