/* A miner as the owner knows it, and what its device says about itself. */
#ifndef MODEL_MINER_H
#define MODEL_MINER_H

#include <stdbool.h>
#include <stdint.h>

enum {
  MINER_NAME_MAX = 64,
  MINER_ADDRESS_MAX = 128,
  MINER_TEXT_MAX = 64,
  MINER_MAC_SIZE = 18, /* "aa:bb:cc:dd:ee:ff" and NUL */
  MINER_FAULT_MAX = 96,
};

/* Where warnings begin and where the firmware trips, for one board. NaN: unknown. */
struct miner_limits {
  double chip_warn_c, chip_trip_c;
  double vr_warn_c, vr_trip_c;
  double input_min_mv, input_max_mv; /* outside: the power supply is at fault */
  double power_max_w;
};

/* What changes only with firmware, board or set-up. Empty text is unknown.
 * Wallets, SSIDs and passwords are not kept here. */
struct miner_facts {
  char model[MINER_TEXT_MAX];      /* "Bitaxe Gamma 601" */
  char asic_model[MINER_TEXT_MAX]; /* "BM1370" */
  int asic_count;                  /* 0 unknown */
  int small_core_count;            /* per chip; 0 unknown */
  char mac[MINER_MAC_SIZE];        /* lower case with colons */
  char firmware[MINER_TEXT_MAX];   /* "v2.12.2" */
  char board[MINER_TEXT_MAX];      /* "601" */
  char hostname[MINER_TEXT_MAX];
  char reset_reason[MINER_TEXT_MAX];
  char pool_host[MINER_TEXT_MAX]; /* of the pool in use, without port and user */
  int pool_port;                  /* 0 unknown */
  char fault[MINER_FAULT_MAX];    /* the device's own fault text while active */
  struct miner_limits limits;
};

struct miner {
  int64_t id; /* of the database; 0 before it has one */
  char name[MINER_NAME_MAX];
  char address[MINER_ADDRESS_MAX]; /* "http://192.168.1.50", no trailing slash */
  char driver[MINER_TEXT_MAX];     /* "axeos" */
  char mac[MINER_MAC_SIZE];        /* identity once known, else "" */
  bool demo;                       /* simulated by us */
  int64_t created_ms;
  struct miner_facts facts; /* the last known */
};

/* Writes the MAC in the one form we keep ("aa:bb:cc:dd:ee:ff"); accepts colons,
 * dashes, dots, none, any case. False (target empty) when it is no MAC, or is
 * all zeros or ones. */
bool miner_normalise_mac(const char *text, char target[MINER_MAC_SIZE]);

#endif
