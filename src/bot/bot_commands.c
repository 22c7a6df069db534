#include "bot/bot_commands.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "bot/bot_words.h"

static const struct bot_command *const tables[] = {bot_status_commands, bot_readings_commands,
                                                   bot_alert_commands, bot_more_commands};
enum { TABLES = sizeof tables / sizeof tables[0] };

/* --- an answer --- */

void bot_answer_init(struct bot_answer *answer) {
  *answer = (struct bot_answer){.button_count = 0};
  buf_init(&answer->text);
}

void bot_answer_finish(struct bot_answer *answer) {
  buf_finish(&answer->text);
}

void bot_answer_button(struct bot_answer *answer, const char *label, const char *data, ...) {
  assert(answer->button_count < BOT_BUTTONS_MAX);
  struct bot_button *button = &answer->buttons[answer->button_count++];
  va_list arguments;
  str_copy(button->label, sizeof button->label, label);
  va_start(arguments, data);
  vsnprintf(button->data, sizeof button->data, data, arguments);
  va_end(arguments);
}

/* --- the tables --- */

void bot_commands_each(void (*visit)(const struct bot_command *command, void *arg), void *arg) {
  for (int i = 0; i < TABLES; i++) {
    for (const struct bot_command *command = tables[i]; command->name != NULL; command++)
      visit(command, arg);
  }
}

const char *bot_commands_help(const struct bot_command *command, const char *language) {
  char key[48];
  snprintf(key, sizeof key, "bot.help.%s", command->name);
  return text_get(language, key);
}

static const struct bot_command *command_find(const char *name, size_t length) {
  for (int i = 0; i < TABLES; i++) {
    for (const struct bot_command *command = tables[i]; command->name != NULL; command++) {
      if (strlen(command->name) == length && strncasecmp(command->name, name, length) == 0)
        return command;
    }
  }
  return NULL;
}

/* --- a line of text --- */

static void refuse(const struct bot_view *view, const struct bot_command *command,
                   struct bot_answer *answer) {
  const struct text_value values[] = {{"role", bot_words_role(view->language, view->role)},
                                      {"needed", bot_words_role(view->language, command->role)},
                                      {"command", command->name}};
  bot_words_say(&answer->text, view, "bot.not_allowed", values, 3);
}

void bot_commands_answer(const struct bot_view *view, const char *text, bool private_chat,
                         struct bot_answer *answer) {
  text += strspn(text, " \t\r\n");
  if (text[0] != '/') {
    if (private_chat)
      bot_words_say(&answer->text, view, "bot.commands_only", NULL, 0);
    return;
  }
  size_t word = strcspn(text, " \t\r\n");
  size_t name = strcspn(text + 1, "@ \t\r\n"); /* "/status@SomeBot" */
  const struct bot_command *command = command_find(text + 1, name);
  if (command == NULL)
    bot_words_say(&answer->text, view, "bot.unknown_command", NULL, 0);
  else if (view->role < command->role)
    refuse(view, command, answer);
  else
    command->answer(view, text + word, answer);
}

size_t bot_commands_cut(const char *text, size_t most) {
  size_t length = strlen(text);
  if (length <= most)
    return length;
  for (size_t cut = most; cut > most / 2; cut--) {
    if (text[cut - 1] == '\n')
      return cut;
  }
  size_t cut = most;
  while (cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80)
    cut--;
  return cut > 0 ? cut : most;
}
