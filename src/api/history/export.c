#include "api/history/export.h"

#include <assert.h>
#include <stdlib.h>

#include "api/render.h"
#include "base/clock.h"
#include "base/json_write.h"
#include "base/mem.h"
#include "base/str.h"

enum {
  FEW_SAMPLES = 1024,  /* in a piece: the next one may be wider */
  MANY_SAMPLES = 8192, /* more make a piece too large: it is cut and read anew */
  MINUTE_MS = 60000,
};

static const int64_t FIRST_WIDTH_MS = 60 * MINUTE_MS;
static const int64_t LONGEST_WIDTH_MS = INT64_C(365) * 24 * 60 * MINUTE_MS;

static const struct export_format_facts formats[] = {
    [EXPORT_CSV] = {"csv", "text/csv; charset=utf-8"},
    [EXPORT_JSONL] = {"jsonl", "application/x-ndjson"},
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

const struct export_format_facts *export_format_facts(enum export_format format) {
  return &formats[format];
}

bool export_find_format(const char *name, enum export_format *out) {
  for (int i = 0; i < FORMATS; i++) {
    if (!str_equal(name, formats[i].name))
      continue;
    *out = (enum export_format)i;
    return true;
  }
  return false;
}

/* ------------------------------------------------------------ text */

static void write_csv_names(struct buf *out) {
  buf_append_text(out, "at,state,reason,missed,rebooted,fallback_pool,backfilled");
  for (int metric = 0; metric < METRIC_COUNT; metric++)
    buf_printf(out, ",%s", metric_facts((enum metric)metric)->name);
  buf_append_text(out, ",efficiency_j_th\n");
}

static void write_csv_number(struct buf *out, double value, int decimals) {
  struct json_write json;
  buf_append_char(out, ',');
  if (!metric_is_known(value))
    return;
  json_write_init(&json, out);
  json_write_number(&json, NULL, value, decimals);
}

/* Names of states and reasons are ours: none needs quotes. */
static void write_csv(struct buf *out, const struct sample *sample) {
  static const uint32_t flags[] = {SAMPLE_MISSED, SAMPLE_REBOOTED, SAMPLE_FALLBACK_POOL,
                                   SAMPLE_BACKFILLED};
  char at[CLOCK_RFC3339_SIZE];
  buf_append_text(out, clock_format_rfc3339(sample->at_ms, at));
  buf_append_char(out, ',');
  buf_append_text(out, state_name(sample->state));
  buf_append_char(out, ',');
  if (sample->reason != REASON_NONE)
    buf_append_text(out, reason_facts(sample->reason)->name);
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
    buf_append_text(out, (sample->flags & flags[i]) != 0 ? ",1" : ",0");
  for (int metric = 0; metric < METRIC_COUNT; metric++)
    write_csv_number(out, sample->values[metric], metric_facts((enum metric)metric)->decimals);
  write_csv_number(out, sample_efficiency_j_th(sample), 2);
  buf_append_char(out, '\n');
}

static void write_jsonl(struct buf *out, const struct sample *sample) {
  struct json_write json;
  json_write_init(&json, out);
  render_sample(&json, NULL, sample);
  buf_append_char(out, '\n');
}

/* ------------------------------------------------------------ pieces */

struct piece {
  struct sample *samples;
  size_t count, capacity, most;
  int64_t damaged;
};

/* One more than the most tells that it is too large. */
static bool collect(const struct sample *sample, void *arg) {
  struct piece *piece = arg;
  if (piece->count == piece->capacity) {
    piece->capacity = piece->capacity == 0 ? FEW_SAMPLES : piece->capacity * 2;
    piece->samples = mem_resize(piece->samples, piece->capacity, sizeof *piece->samples);
  }
  piece->samples[piece->count++] = *sample;
  return piece->count <= piece->most;
}

static void count_damage(int64_t from_ms, int64_t to_ms, const char *why, void *arg) {
  (void)from_ms, (void)to_ms, (void)why;
  ((struct piece *)arg)->damaged++;
}

/* Samples of the same moment keep the order in which they came. */
static int compare_samples(const void *a, const void *b) {
  const struct sample *x = *(const struct sample *const *)a;
  const struct sample *y = *(const struct sample *const *)b;
  if (x->at_ms != y->at_ms)
    return x->at_ms > y->at_ms ? 1 : -1;
  return (x > y) - (x < y);
}

static void write_piece(const struct piece *piece, enum export_format format, struct buf *out) {
  const struct sample **sorted = mem_resize(NULL, piece->count + 1, sizeof(struct sample *));
  for (size_t i = 0; i < piece->count; i++)
    sorted[i] = &piece->samples[i];
  qsort(sorted, piece->count, sizeof(struct sample *), compare_samples);
  for (size_t i = 0; i < piece->count; i++) {
    if (format == EXPORT_CSV)
      write_csv(out, sorted[i]);
    else
      write_jsonl(out, sorted[i]);
  }
  free(sorted);
}

static int64_t piece_end(const struct export *export) {
  int64_t left_ms = export->query.to_ms - export->query.from_ms;
  return export->query.from_ms + (left_ms < export->width_ms ? left_ms : export->width_ms);
}

/* Reads the next piece; cuts it until it is small enough. */
static bool read_piece(struct export *export, struct db *db, struct piece *piece, struct err *err) {
  const struct history_sink sink = {.sample = collect, .damaged = count_damage, .arg = piece};
  for (;;) {
    struct history_query query = export->query;
    query.to_ms = piece_end(export);
    piece->count = 0;
    piece->damaged = 0;
    piece->most = export->width_ms > MINUTE_MS ? MANY_SAMPLES : SIZE_MAX;
    if (!history_read(db, &query, &sink, err))
      return false;
    if (piece->count <= piece->most)
      return true;
    export->width_ms = export->width_ms / 8 > MINUTE_MS ? export->width_ms / 8 : MINUTE_MS;
  }
}

void export_init(struct export *export, enum export_format format,
                 const struct history_query *query) {
  *export = (struct export){.format = format, .query = *query, .width_ms = FIRST_WIDTH_MS};
}

bool export_is_done(const struct export *export) {
  return export->begun && export->query.from_ms >= export->query.to_ms;
}

bool export_more(struct export *export, struct db *db, struct buf *out, struct err *err) {
  enum { ENOUGH_BYTES = 64 * 1024 };
  struct piece piece = {.samples = NULL};
  bool ok = true;
  if (!export->begun && export->format == EXPORT_CSV)
    write_csv_names(out);
  export->begun = true;
  while (ok && !export_is_done(export) && out->length < ENOUGH_BYTES) {
    ok = read_piece(export, db, &piece, err);
    if (!ok)
      break;
    write_piece(&piece, export->format, out);
    export->damaged += piece.damaged;
    export->query.from_ms = piece_end(export);
    if (piece.count < FEW_SAMPLES && export->width_ms < LONGEST_WIDTH_MS)
      export->width_ms *= 2;
  }
  free(piece.samples);
  return ok;
}
