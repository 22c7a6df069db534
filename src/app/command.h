/* The subcommands of bitaxe-monitor: each file cmd_*.c exports one table. */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

struct command {
  const char *name;
  const char *summary; /* for --help */
  /* argv begins after the subcommand. Returns the exit code. */
  int (*run)(int argc, char **argv);
};

extern const struct command cmd_serve;
extern const struct command cmd_check;
extern const struct command cmd_rebuild;
extern const struct command cmd_backup;
extern const struct command cmd_restore;
extern const struct command cmd_verify;
extern const struct command cmd_export;
extern const struct command cmd_migrate;
extern const struct command cmd_health;
extern const struct command cmd_drill;
extern const struct command cmd_letter;

#endif
