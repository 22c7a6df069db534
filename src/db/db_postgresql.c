/* PostgreSQL behind db_driver.h, through libpq. Values travel as text, except
 * bytes that go in: PostgreSQL finds the types of parameters by itself, and text
 * is what it converts from without being told. Rows are fetched one by one as
 * they are walked; a walk that is left early reads the rest away, so a query that
 * may be left early says LIMIT. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "db/db_driver.h"
#include "db/pg_connect.h"
#include "db/pg_wait.h"

enum { CACHE_SIZE = 32, NAME_SIZE = 16, NUMBER_SIZE = 32, COPY_PIECE = 64 * 1024 };

/* The long end is for a migration over years of history. */
enum { ASK_MS = 10000, LONGEST_MS = 30 * 60000 };

/* Types of columns by their fixed numbers in PostgreSQL's catalogue (pg_type). */
enum {
  OID_BOOL = 16,
  OID_BYTEA = 17,
  OID_INT8 = 20,
  OID_INT2 = 21,
  OID_INT4 = 23,
  OID_FLOAT4 = 700,
  OID_FLOAT8 = 701,
  OID_NUMERIC = 1700,
};

struct statement {
  char *sql; /* NULL: free */
  char name[NAME_SIZE];
  uint64_t used_at;
};

struct connection {
  PGconn *handle;
  enum db_mode mode;
  bool in_transaction;
  bool lost;                   /* the server is gone, whatever libpq thinks: connect anew */
  bool cut;                    /* by us: it had not answered for too long */
  int64_t statement_ms;        /* db_allow */
  struct pg_patience patience; /* that follows from it */
  uint64_t tick;
  struct statement cache[CACHE_SIZE];
  PGresult *row;       /* the cursor's current one, or the one that comes first */
  bool row_is_ahead;   /* `row` was fetched to know the columns, not yet asked for */
  struct arena values; /* decoded bytes of the current row */
  struct buf copy;     /* rows on their way to the server */
};

/* ---- failures ---- */

static bool has_state(const char *state, const char *prefix) {
  return state != NULL && str_starts_with(state, prefix);
}

/* Classes of SQLSTATE: PostgreSQL's documentation, appendix A. */
static bool explain_state(const char *state, const char *detail, struct err *err) {
  if (has_state(state, "23"))
    return err_set(err, ERR_CONFLICT,
                   "it is there already, or belongs to something that is gone "
                   "(%s)",
                   detail);
  if (has_state(state, "53100"))
    return err_set(err, ERR_IO,
                   "the database server's disk is full: free some space there; "
                   "polling goes on, samples are kept in memory and written later");
  if (has_state(state, "53") || has_state(state, "57P") || has_state(state, "08") ||
      has_state(state, "40") || has_state(state, "55"))
    return err_set(err, ERR_UNAVAILABLE, "the database server cannot do this now: %s", detail);
  if (has_state(state, "57014"))
    return err_set(err, ERR_TIMEOUT, "the database server took too long");
  if (has_state(state, "25006") || has_state(state, "42501"))
    return err_set(err, ERR_IO,
                   "the database may not be written (%s): check the rights of the "
                   "user in DATABASE_URL",
                   detail);
  if (has_state(state, "XX001") || has_state(state, "XX002"))
    return err_set(err, ERR_CORRUPT, "the database is damaged (%s): restore a backup", detail);
  if (has_state(state, "54"))
    return err_set(err, ERR_TOO_LARGE, "too large for the database: %s", detail);
  return err_set(err, ERR_INVALID, "the database does not accept this: %s", detail);
}

/* The connection's own last words, as one line. libpq never repeats a password. */
static bool explain_connection(const struct connection *c, struct err *err) {
  char line[160];
  const char *words = c->cut ? "it does not answer any more" : PQerrorMessage(c->handle);
  str_sanitize(line, sizeof line, words, strlen(words));
  return err_set(err, ERR_UNAVAILABLE,
                 "the database server cannot be reached (%s): check that it "
                 "runs and that DATABASE_URL is right",
                 str_trim(line));
}

static bool explain(const struct connection *c, const PGresult *result, struct err *err) {
  const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (PQstatus(c->handle) == CONNECTION_BAD || state == NULL)
    return explain_connection(c, err);
  return explain_state(state, detail != NULL ? detail : "no reason given", err);
}

static bool is_ok(const PGresult *result) {
  ExecStatusType status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE;
}

/* Frees `result`, after reading what it says. `changed` may be NULL. A failure without
 * a state is libpq's own: a write that failed does not make its status bad. */
static bool take_result(struct connection *c, PGresult *result, int64_t *changed, struct err *err) {
  bool ok = is_ok(result) || explain(c, result, err);
  c->lost = c->lost || (!ok && PQresultErrorField(result, PG_DIAG_SQLSTATE) == NULL);
  if (ok && changed != NULL && !str_starts_with(PQcmdStatus(result), "SELECT"))
    *changed += strtoll(PQcmdTuples(result), NULL, 10); /* "" for what touches no rows */
  PQclear(result);
  return ok;
}

/* ---- sending and waiting ---- */

static PGresult *next_result(struct connection *c) {
  return pg_wait_result(c->handle, &c->patience, &c->cut);
}

/* The last result of what was sent, as PQexec gives it: never NULL, and COPY is left open. */
static PGresult *last_result(struct connection *c, int sent) {
  PGresult *last = NULL, *result;
  while (sent == 1 && (result = next_result(c)) != NULL) {
    PQclear(last);
    last = result;
    if (PQresultStatus(last) == PGRES_COPY_IN)
      break;
  }
  return last != NULL ? last : PQmakeEmptyPGresult(c->handle, PGRES_FATAL_ERROR);
}

static PGresult *exec_plain(struct connection *c, const char *sql) {
  return last_result(c, PQsendQuery(c->handle, sql));
}

/* ---- the connection ---- */

static void ignore_notice(void *arg, const PGresult *result) {
  (void)arg, (void)result;
}

static void forget_statements(struct connection *c) {
  for (size_t i = 0; i < CACHE_SIZE; i++) {
    free(c->cache[i].sql);
    c->cache[i] = (struct statement){0};
  }
}

static void set_patience(struct connection *c, int64_t statement_ms) {
  int64_t most_ms = statement_ms == 0 ? LONGEST_MS : statement_ms + statement_ms / 3;
  c->statement_ms = statement_ms;
  c->patience =
      (struct pg_patience){.ask_ms = most_ms < ASK_MS ? most_ms : ASK_MS, .most_ms = most_ms};
}

/* Tells the server; it counts from a statement's arrival to its end, locks included. */
static bool limit_statements(struct connection *c, struct err *err) {
  char sql[64];
  snprintf(sql, sizeof sql, "SET statement_timeout = %lld", (long long)c->statement_ms);
  return take_result(c, exec_plain(c, sql), NULL, err);
}

static bool prepare_session(struct connection *c, struct err *err) {
  if (PQstatus(c->handle) != CONNECTION_OK)
    return explain_connection(c, err);
  PQsetNoticeReceiver(c->handle, ignore_notice, NULL);
  PQsetnonblocking(c->handle, 1);
  /* A reader's transaction must not meet half of what is sealed between two of its
   * statements, as PostgreSQL's own default would have it. A table that somebody else has
   * locked is an absence of the server's, not a reason to stand still for as long. */
  PGresult *result = exec_plain(c, c->mode == DB_READ_ONLY
                                       ? "SET default_transaction_read_only = on; "
                                         "SET default_transaction_isolation = 'repeatable read'; "
                                         "SET lock_timeout = '60s'"
                                       : "SET default_transaction_read_only = off; "
                                         "SET lock_timeout = '60s'");
  return take_result(c, result, NULL, err) && (c->statement_ms == 0 || limit_statements(c, err));
}

/* A server that was restarted is found again by the next statement, but never
 * in the middle of a transaction: its first half is gone. */
static bool ensure_connected(struct connection *c, struct err *err) {
  if (PQstatus(c->handle) == CONNECTION_OK && !c->lost)
    return true;
  if (c->in_transaction)
    return explain_connection(c, err);
  forget_statements(c);
  PQreset(c->handle);
  c->lost = c->cut = false;
  return prepare_session(c, err);
}

static bool postgresql_allow(void *connection, int64_t statement_ms, struct err *err) {
  struct connection *c = connection;
  if (statement_ms == c->statement_ms)
    return true;
  set_patience(c, statement_ms);
  if (c->lost || PQstatus(c->handle) != CONNECTION_OK)
    return true; /* told when it is found again */
  return limit_statements(c, err);
}

static void postgresql_close(void *connection) {
  struct connection *c = connection;
  forget_statements(c);
  PQfinish(c->handle);
  arena_finish(&c->values);
  buf_finish(&c->copy);
  free(c);
}

/* SQLAlchemy's "postgresql+psycopg2://" is what libpq calls "postgresql://". */
static char *libpq_url(const char *url) {
  const char *colon = strchr(url, ':');
  const char *plus = memchr(url, '+', (size_t)(colon - url));
  if (plus == NULL)
    return mem_strdup(url);
  size_t size = strlen("postgresql") + strlen(colon) + 1;
  char *plain = mem_alloc(size);
  snprintf(plain, size, "postgresql%s", colon);
  return plain;
}

static bool postgresql_open(void **connection, const char *url, enum db_mode mode,
                            struct err *err) {
  char *plain = libpq_url(url);
  PGconn *handle = pg_connect(plain, err);
  free(plain);
  if (handle == NULL)
    return false;
  struct connection *c = mem_alloc(sizeof *c);
  c->handle = handle;
  c->mode = mode;
  set_patience(c, 0);
  arena_init(&c->values, 0);
  buf_init(&c->copy);
  if (!prepare_session(c, err)) {
    postgresql_close(c);
    return false;
  }
  *connection = c;
  return true;
}

static bool postgresql_is_private(const void *connection) {
  (void)connection;
  return false;
}

/* ---- statements ---- */

static struct statement *find_statement(struct connection *c, const char *sql) {
  for (size_t i = 0; i < CACHE_SIZE; i++)
    if (c->cache[i].sql != NULL && strcmp(c->cache[i].sql, sql) == 0)
      return &c->cache[i];
  return NULL;
}

static bool free_slot(struct connection *c, struct statement **slot, struct err *err) {
  struct statement *oldest = &c->cache[0];
  for (size_t i = 1; i < CACHE_SIZE; i++)
    if (c->cache[i].used_at < oldest->used_at)
      oldest = &c->cache[i];
  *slot = oldest;
  if (oldest->sql == NULL)
    return true;
  char sql[NAME_SIZE + 16];
  snprintf(sql, sizeof sql, "DEALLOCATE %s", oldest->name);
  free(oldest->sql);
  *oldest = (struct statement){0};
  return take_result(c, exec_plain(c, sql), NULL, err);
}

/* The name of the prepared statement; NULL on failure. */
static const char *prepare(struct connection *c, const char *sql, struct err *err) {
  if (!ensure_connected(c, err))
    return NULL;
  struct statement *statement = find_statement(c, sql);
  if (statement == NULL) {
    if (!free_slot(c, &statement, err))
      return NULL;
    snprintf(statement->name, NAME_SIZE, "s%zu", (size_t)(statement - c->cache));
    int sent = PQsendPrepare(c->handle, statement->name, sql, 0, NULL);
    if (!take_result(c, last_result(c, sent), NULL, err))
      return NULL;
    statement->sql = mem_strdup(sql);
  }
  statement->used_at = ++c->tick;
  return statement->name;
}

/* Parameters as libpq wants them. */
struct params {
  char numbers[DB_PARAMS_MAX][NUMBER_SIZE];
  const char *values[DB_PARAMS_MAX];
  int lengths[DB_PARAMS_MAX];
  int formats[DB_PARAMS_MAX];
};

static void fill_params(struct params *out, const struct db_value *params, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const struct db_value *value = &params[i];
    out->values[i] = out->numbers[i];
    out->lengths[i] = 0;
    out->formats[i] = 0;
    switch (value->type) {
    case DB_NULL:
      out->values[i] = NULL;
      break;
    case DB_INT:
      snprintf(out->numbers[i], NUMBER_SIZE, "%lld", (long long)value->integer);
      break;
    case DB_REAL:
      snprintf(out->numbers[i], NUMBER_SIZE, "%.17g", value->real);
      break;
    case DB_TEXT:
      out->values[i] = value->bytes;
      break;
    case DB_BLOB:
      out->values[i] = value->bytes != NULL ? value->bytes : "";
      out->lengths[i] = (int)value->length;
      out->formats[i] = 1;
      break;
    }
  }
}

static bool postgresql_run(void *connection, const char *sql, const struct db_value *params,
                           size_t count, int64_t *changed, struct err *err) {
  struct connection *c = connection;
  struct params in;
  const char *name = prepare(c, sql, err);
  if (name == NULL)
    return false;
  fill_params(&in, params, count);
  *changed = 0;
  int sent = PQsendQueryPrepared(c->handle, name, (int)count, in.values, in.lengths, in.formats, 0);
  return take_result(c, last_result(c, sent), changed, err);
}

static bool postgresql_run_script(void *connection, const char *sql, int64_t *changed,
                                  struct err *err) {
  struct connection *c = connection;
  *changed = 0;
  if (!ensure_connected(c, err))
    return false;
  if (PQsendQuery(c->handle, sql) != 1)
    return explain_connection(c, err);
  bool ok = true;
  PGresult *result;
  while ((result = next_result(c)) != NULL) {
    if (PQresultStatus(result) == PGRES_EMPTY_QUERY || !ok)
      PQclear(result);
    else
      ok = take_result(c, result, changed, err);
  }
  return ok;
}

/* ---- rows in bulk: COPY in its text format ----
 * One journey however many rows: measured 5 us a sample, where an INSERT of arrays
 * (unnest) takes 10 and a prepared INSERT a row 38. Rejected: the binary format, of
 * twice the bytes here and for a column's exact type only; libpq's pipeline mode, which
 * saves the journeys and not the statement that each row is. */

/* Waits for the server's last word on the rows. */
static bool finish_copy(struct connection *c, struct err *err) {
  bool ok = true;
  PGresult *result;
  while ((result = next_result(c)) != NULL) {
    if (ok)
      ok = take_result(c, result, NULL, err);
    else
      PQclear(result);
  }
  return ok;
}

static bool postgresql_bulk_begin(void *connection, const char *table, const char *columns,
                                  struct err *err) {
  struct connection *c = connection;
  if (!ensure_connected(c, err))
    return false;
  buf_clear(&c->copy);
  buf_printf(&c->copy, "COPY %s (%s) FROM STDIN", table, columns);
  PGresult *result = exec_plain(c, c->copy.data);
  buf_clear(&c->copy);
  if (PQresultStatus(result) != PGRES_COPY_IN)
    return take_result(c, result, NULL, err);
  PQclear(result);
  return true;
}

/* What would end a column, a row, or begin an escape. */
static void append_escaped(struct buf *out, const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    char c = text[i];
    if (c == '\\' || c == '\t' || c == '\n' || c == '\r') {
      buf_append_char(out, '\\');
      c = (char)(c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c);
    }
    buf_append_char(out, c);
  }
}

static void append_hex(struct buf *out, const char *bytes, size_t length) {
  static const char digits[] = "0123456789abcdef";
  buf_append_text(out, "\\\\x");
  buf_reserve(out, 2 * length);
  for (size_t i = 0; i < length; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    buf_append_char(out, digits[byte >> 4]);
    buf_append_char(out, digits[byte & 15]);
  }
}

static void append_value(struct buf *out, const struct db_value *value) {
  switch (value->type) {
  case DB_NULL:
    buf_append_text(out, "\\N");
    break;
  case DB_INT:
    buf_append_i64(out, value->integer);
    break;
  case DB_REAL:
    buf_printf(out, "%.17g", value->real);
    break;
  case DB_TEXT:
    append_escaped(out, value->bytes, value->length);
    break;
  case DB_BLOB:
    append_hex(out, value->bytes, value->length);
    break;
  }
}

static bool send_copy(struct connection *c, struct err *err) {
  bool ok =
      c->copy.length == 0 || (PQputCopyData(c->handle, c->copy.data, (int)c->copy.length) == 1 &&
                              pg_wait_sent(c->handle, &c->patience, &c->cut));
  buf_clear(&c->copy);
  c->lost = !ok;
  return ok || explain_connection(c, err);
}

static bool postgresql_bulk_add(void *connection, const struct db_value *values, int width,
                                struct err *err) {
  struct connection *c = connection;
  for (int i = 0; i < width; i++) {
    append_value(&c->copy, &values[i]);
    buf_append_char(&c->copy, i + 1 < width ? '\t' : '\n');
  }
  return c->copy.length < COPY_PIECE || send_copy(c, err);
}

static bool postgresql_bulk_end(void *connection, bool ok, struct err *err) {
  struct connection *c = connection;
  struct err ignored = {0};
  ok = ok && send_copy(c, err);
  struct err *why = ok ? err : &ignored;
  if (c->lost)
    return false;
  if (PQputCopyEnd(c->handle, ok ? NULL : "given up") == 1)
    return finish_copy(c, why) && ok;
  c->lost = true;
  return explain_connection(c, why);
}

/* ---- the cursor ---- */

static bool postgresql_cursor_open(void *connection, const char *sql, const struct db_value *params,
                                   size_t count, struct err *err) {
  struct connection *c = connection;
  struct params in;
  const char *name = prepare(c, sql, err);
  if (name == NULL)
    return false;
  fill_params(&in, params, count);
  if (PQsendQueryPrepared(c->handle, name, (int)count, in.values, in.lengths, in.formats, 0) != 1)
    return explain_connection(c, err);
  PQsetSingleRowMode(c->handle);
  c->row = next_result(c);
  c->row_is_ahead = true;
  return is_ok(c->row) || explain(c, c->row, err);
}

static enum db_step postgresql_cursor_next(void *connection, struct err *err) {
  struct connection *c = connection;
  if (!c->row_is_ahead && PQresultStatus(c->row) == PGRES_SINGLE_TUPLE) {
    PQclear(c->row);
    c->row = next_result(c);
    arena_reset(&c->values);
  }
  c->row_is_ahead = false;
  if (PQresultStatus(c->row) == PGRES_SINGLE_TUPLE)
    return DB_ROW;
  if (is_ok(c->row)) /* the empty result that ends the rows */
    return DB_DONE;
  explain(c, c->row, err);
  return DB_FAILED;
}

static void postgresql_cursor_close(void *connection) {
  struct connection *c = connection;
  PQclear(c->row);
  c->row = NULL;
  arena_reset(&c->values);
  PGresult *rest;
  while ((rest = next_result(c)) != NULL)
    PQclear(rest);
}

static int postgresql_columns(const void *connection) {
  const struct connection *c = connection;
  return PQnfields(c->row);
}

static enum db_type postgresql_type(const void *connection, int column) {
  const struct connection *c = connection;
  if (PQgetisnull(c->row, 0, column))
    return DB_NULL;
  switch (PQftype(c->row, column)) {
  case OID_BOOL:
  case OID_INT2:
  case OID_INT4:
  case OID_INT8:
    return DB_INT;
  case OID_FLOAT4:
  case OID_FLOAT8:
  case OID_NUMERIC:
    return DB_REAL;
  case OID_BYTEA:
    return DB_BLOB;
  default:
    return DB_TEXT;
  }
}

static int64_t postgresql_integer(const void *connection, int column) {
  const struct connection *c = connection;
  const char *text = PQgetvalue(c->row, 0, column);
  switch (postgresql_type(c, column)) {
  case DB_NULL:
    return 0;
  case DB_REAL:
    return (int64_t)strtod(text, NULL);
  default:
    return text[0] == 't' ? 1 : strtoll(text, NULL, 10); /* t and f of a boolean */
  }
}

static double postgresql_real(const void *connection, int column) {
  const struct connection *c = connection;
  return strtod(PQgetvalue(c->row, 0, column), NULL);
}

static const char *postgresql_text(const void *connection, int column) {
  const struct connection *c = connection;
  return PQgetisnull(c->row, 0, column) ? NULL : PQgetvalue(c->row, 0, column);
}

static const void *postgresql_blob(const void *connection, int column, size_t *length) {
  /* Decoding needs memory that lives as long as the row. */
  struct connection *c = (struct connection *)connection;
  *length = 0;
  if (PQgetisnull(c->row, 0, column))
    return NULL;
  const unsigned char *text = (const unsigned char *)PQgetvalue(c->row, 0, column);
  unsigned char *bytes = PQunescapeBytea(text, length);
  if (bytes == NULL)
    mem_fatal("out of memory in the database");
  void *kept = arena_memdup(&c->values, bytes, *length);
  PQfreemem(bytes);
  return kept;
}

/* ---- transactions ---- */

static bool run_plain(struct connection *c, const char *sql, struct err *err) {
  return take_result(c, exec_plain(c, sql), NULL, err);
}

static bool postgresql_begin(void *connection, struct err *err) {
  struct connection *c = connection;
  c->in_transaction = ensure_connected(c, err) && run_plain(c, "BEGIN", err);
  return c->in_transaction;
}

static bool postgresql_commit(void *connection, struct err *err) {
  struct connection *c = connection;
  PGresult *result = exec_plain(c, "COMMIT");
  /* The server answers a commit of what had failed with a cheerful ROLLBACK. */
  bool undone = str_equal(PQcmdStatus(result), "ROLLBACK");
  if (!take_result(c, result, NULL, err))
    return false;
  c->in_transaction = false;
  return !undone || err_set(err, ERR_CONFLICT, "the database undid the change");
}

static void postgresql_rollback(void *connection) {
  struct connection *c = connection;
  PGTransactionStatusType status = PQtransactionStatus(c->handle);
  struct err ignored;
  if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR)
    run_plain(c, "ROLLBACK", &ignored);
  c->in_transaction = false;
}

const struct db_driver db_postgresql_driver = {
    .name = "postgresql",
    .open = postgresql_open,
    .close = postgresql_close,
    .allow = postgresql_allow,
    .is_private = postgresql_is_private,
    .run_script = postgresql_run_script,
    .run = postgresql_run,
    .cursor_open = postgresql_cursor_open,
    .cursor_next = postgresql_cursor_next,
    .cursor_close = postgresql_cursor_close,
    .columns = postgresql_columns,
    .type = postgresql_type,
    .integer = postgresql_integer,
    .real = postgresql_real,
    .text = postgresql_text,
    .blob = postgresql_blob,
    .bulk_begin = postgresql_bulk_begin,
    .bulk_add = postgresql_bulk_add,
    .bulk_end = postgresql_bulk_end,
    .begin = postgresql_begin,
    .commit = postgresql_commit,
    .rollback = postgresql_rollback,
};
