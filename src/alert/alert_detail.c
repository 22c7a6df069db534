#include "alert/alert_detail.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "model/text.h"
#include "model/text_figure.h"

enum { VALUES_MAX = 2, VALUE_SIZE = 96, NAME_SIZE = 16, PART_SIZE = 256 };

static const char separator[] = ", ";

/* The texts that details are made from. */
static const struct {
  const char *key;
  bool figures; /* their values are numbers, which a language writes its own way */
} known[] = {
    {"detail.fan", false},
    {"detail.fan_second", false},
    {"detail.overheat_flag", false},
    {"detail.chip", false},
    {"detail.restart_unknown", false},
    {"detail.chips", false},
    {"detail.domains", false},
    {"detail.firmware", false},
    {"detail.pool", false},
    {"detail.user", false},
    {"detail.off", false},
    {"detail.frequency", true},
    {"detail.voltage", true},
    {"detail.disk", true},
};

struct found {
  char names[VALUES_MAX][NAME_SIZE], values[VALUES_MAX][VALUE_SIZE];
  size_t count;
};

/* Up to `length` bytes; false when they are too many. */
static bool take(char *target, size_t size, const char *bytes, size_t length) {
  if (length >= size)
    return false;
  memcpy(target, bytes, length);
  target[length] = '\0';
  return true;
}

/* Whether the detail is that text, with what stands in the place of each placeholder. */
static bool match(const char *text, const char *detail, struct found *found) {
  *found = (struct found){.count = 0};
  for (;;) {
    size_t plain = strcspn(text, "{");
    if (strncmp(text, detail, plain) != 0)
      return false;
    text += plain;
    detail += plain;
    if (*text == '\0')
      return *detail == '\0';
    size_t name = strcspn(text, "}");
    char behind[PART_SIZE];
    if (found->count == VALUES_MAX ||
        !take(found->names[found->count], NAME_SIZE, text + 1, name - 1))
      return false;
    text += name + 1;
    /* The value reaches to what the text goes on with. */
    if (!take(behind, sizeof behind, text, strcspn(text, "{")))
      return false;
    const char *end = behind[0] == '\0' ? detail + strlen(detail) : strstr(detail, behind);
    if (end == NULL || end == detail ||
        !take(found->values[found->count], VALUE_SIZE, detail, (size_t)(end - detail)))
      return false;
    found->count++;
    detail = end;
  }
}

/* "1187.5 mV" is "1187,5 mV" in German. */
static void localise(const char *language, char value[VALUE_SIZE]) {
  char number[VALUE_SIZE], figure[TEXT_FIGURE_SIZE], rest[VALUE_SIZE];
  size_t length = strcspn(value, " ");
  double parsed;
  str_copy(rest, sizeof rest, value + length);
  if (!take(number, sizeof number, value, length) || !str_to_double(number, &parsed))
    return;
  text_figure_short(figure, language, parsed);
  snprintf(value, VALUE_SIZE, "%.*s%.*s", (int)sizeof figure - 1, figure,
           (int)(VALUE_SIZE - sizeof figure - 1), rest);
}

static void write_part(struct buf *out, const char *language, const char *part) {
  struct found found;
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    if (!match(text_get(NULL, known[i].key), part, &found))
      continue;
    struct text_value values[VALUES_MAX];
    for (size_t j = 0; j < found.count; j++) {
      if (known[i].figures)
        localise(language, found.values[j]);
      values[j] = (struct text_value){found.names[j], found.values[j]};
    }
    text_write(out, language, known[i].key, values, found.count);
    return;
  }
  buf_append_text(out, part);
}

void alert_detail_write(struct buf *out, const char *language, const char *detail) {
  char part[PART_SIZE];
  for (const char *before = ""; *detail != '\0'; before = separator) {
    const char *end = strstr(detail, separator);
    size_t length = end == NULL ? strlen(detail) : (size_t)(end - detail);
    buf_append_text(out, before);
    if (take(part, sizeof part, detail, length))
      write_part(out, language, part);
    else
      buf_append(out, detail, length);
    detail += length + (end == NULL ? 0 : sizeof separator - 1);
  }
}
