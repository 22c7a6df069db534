/* bitaxe-monitor: chooses the subcommand. The program itself is built up, part
 * by part in the order of dependence, in cmd_serve.c. */
#include <stdio.h>

#include "app/command.h"
#include "app/config.h"
#include "base/str.h"

static const struct command *const commands[] = {
    &cmd_serve,   &cmd_check,  &cmd_backup, &cmd_restore, &cmd_verify, &cmd_export,
    &cmd_migrate, &cmd_health, &cmd_drill,  &cmd_letter,  &cmd_rebuild};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static int help(FILE *out) {
  fprintf(out,
          "Bitaxe Monitor %s: watches Bitcoin miners at home\n\n"
          "Use: bitaxe-monitor COMMAND [flags]\n\nCommands:\n",
          APP_VERSION);
  for (size_t i = 0; i < COMMANDS; i++)
    fprintf(out, "  %-8s %s\n", commands[i]->name, commands[i]->summary);
  fprintf(out, "  %-8s %s\n\n%s", "version", "print the version", config_help);
  return out == stdout ? 0 : 2;
}

int main(int argc, char **argv) {
  const char *word = argc > 1 ? argv[1] : "";
  for (int i = 1; i < argc; i++) {
    if (str_equal(argv[i], "--help") || str_equal(argv[i], "-h"))
      return help(stdout);
  }
  if (str_equal(word, "help"))
    return help(stdout);
  if (str_equal(word, "version") || str_equal(word, "--version")) {
    puts("bitaxe-monitor " APP_VERSION);
    return 0;
  }
  for (size_t i = 0; i < COMMANDS; i++) {
    if (str_equal(word, commands[i]->name))
      return commands[i]->run(argc - 2, argv + 2);
  }
  if (word[0] != '\0')
    fprintf(stderr, "bitaxe-monitor: there is no command '%s'\n\n", word);
  return help(stderr);
}
