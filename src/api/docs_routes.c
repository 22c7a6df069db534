/* /openapi.json, built in, and /docs: the page to try it out, whose files the
 * dashboard's build puts into its folder docs/. */
#include <stdint.h>
#include <stdio.h>

#include "api/answer.h"
#include "api/api_state.h"
#include "api/static_files.h"
#include "base/embed.h"

extern const struct embedded_file api_contract[];

static void get_openapi(struct request *request) {
  char etag[ANSWER_ETAG_SIZE];
  const struct embedded_file *file = &api_contract[0];
  answer_etag(etag, request->api, 0, 0);
  if (answer_unchanged(request->exchange, etag))
    return;
  struct http_response *response =
      http_response_create_static(200, "application/json", file->data, file->length);
  answer_headers(response, "no-cache");
  http_response_header(response, "ETag", etag);
  http_exchange_send(request->exchange, response);
  http_response_release(response);
}

static const char no_docs[] =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Bitaxe Monitor</title>"
    "<h1>The interactive page is not built</h1>"
    "<p>Run <code>./start</code>, or <code>npm ci &amp;&amp; npm run build</code> in the folder "
    "<code>dashboard</code>, and start the monitor again."
    "<p>The description itself is here: <a href=\"/openapi.json\">/openapi.json</a></html>\n";

static void get_docs(struct request *request) {
  if (static_files_answer(request->api->files, request->exchange, "/docs/index.html"))
    return;
  answer_page(request->exchange, no_docs, sizeof no_docs - 1);
}

const struct route docs_routes[] = {
    {ROUTE_LIVE, "GET", "/openapi.json", .answer = get_openapi},
    {ROUTE_LIVE, "GET", "/docs", .answer = get_docs},
    {0},
};
