/* /api/v1/glossary: the words of mining, explained for someone who has never mined.
 * The same texts as /help TERM in the chat. */
#include <stdio.h>
#include <string.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "base/json_write.h"
#include "base/str.h"
#include "model/text.h"

#define PREFIX "glossary."

enum { KEY_MAX = 96 };

static void write_term(struct json_write *json, const char *language, const char *key) {
  char meaning[KEY_MAX];
  snprintf(meaning, sizeof meaning, "%s.meaning", key);
  json_write_object(json, NULL);
  json_write_text(json, "term", key + strlen(PREFIX));
  json_write_text(json, "title", text_get(language, key));
  json_write_text(json, "meaning", text_get(language, meaning));
  json_write_object_end(json);
}

static void get_glossary(struct request *request) {
  const char *language = http_exchange_query(request->exchange, "language");
  const struct text_language *english = &text_languages[0];
  char etag[ANSWER_ETAG_SIZE];
  struct buf body;
  struct json_write json;
  if (language == NULL || !text_has_language(language))
    language = english->code;
  buf_init(&body);
  json_write_init(&json, &body);
  json_write_object(&json, NULL);
  json_write_text(&json, "language", language);
  json_write_array(&json, "items");
  for (size_t i = 0; i < english->count; i++) {
    const char *key = english->entries[i].key;
    if (str_starts_with(key, PREFIX) && strchr(key + strlen(PREFIX), '.') == NULL)
      write_term(&json, language, key);
  }
  json_write_array_end(&json);
  json_write_object_end(&json);
  answer_content_etag(etag, &body);
  if (!answer_unchanged(request->exchange, etag))
    answer_json(request->exchange, 200, &body, etag);
  buf_finish(&body);
}

const struct route glossary_routes[] = {
    {ROUTE_LIVE, "GET", "/api/v1/glossary", .answer = get_glossary},
    {0},
};
