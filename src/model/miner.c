#include "model/miner.h"

#include <stddef.h>
#include <string.h>

#include "base/str.h"

enum { MAC_DIGITS = 12 };

bool miner_normalise_mac(const char *text, char target[MINER_MAC_SIZE]) {
  static const char hex[] = "0123456789abcdef";
  int digits = 0;
  bool all_zeros = true, all_ones = true;
  target[0] = '\0';
  if (text == NULL)
    return false;
  char result[MINER_MAC_SIZE] = "..:..:..:..:..:..";
  for (; *text != '\0'; text++) {
    if (strchr(":-. ", *text) != NULL)
      continue;
    int value = str_hex_value(*text);
    if (value < 0 || digits == MAC_DIGITS)
      return false;
    all_zeros = all_zeros && value == 0;
    all_ones = all_ones && value == 15;
    result[digits / 2 * 3 + digits % 2] = hex[value];
    digits++;
  }
  if (digits != MAC_DIGITS || all_zeros || all_ones)
    return false;
  memcpy(target, result, MINER_MAC_SIZE);
  return true;
}
