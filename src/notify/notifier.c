#include "notify/notifier.h"

#include "base/str.h"

const struct notifier *const notifiers[] = {
    &telegram_notifier,
    NULL,
};

const struct notifier *notifier_find(const char *name) {
  for (size_t i = 0; notifiers[i] != NULL; i++) {
    if (str_equal(notifiers[i]->name, name))
      return notifiers[i];
  }
  return NULL;
}
