/* The dashboard's files: types, codings, caching, places inside the page. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "api/static_files.h"
#include "api/twin.h"

struct site {
  struct temp_dir dir;
  struct engine *twin;
};

static void put(const struct site *site, const char *name, const char *text) {
  char *path = temp_dir_file(&site->dir, name);
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
  free(path);
}

static void make_folder(const struct site *site, const char *name) {
  char *path = temp_dir_file(&site->dir, name);
  assert_int_equal(mkdir(path, 0755), 0);
  free(path);
}

static int setup(void **state) {
  static struct site site;
  temp_dir_create(&site.dir);
  make_folder(&site, "assets");
  make_folder(&site, "docs");
  put(&site, "index.html", "<html>page</html>");
  put(&site, "assets/app-1a2b.js", "plain script");
  put(&site, "assets/app-1a2b.js.br", "brotli");
  put(&site, "assets/app-1a2b.js.gz", "gzip");
  put(&site, "docs/index.html", "<html>docs</html>");
  put(&site, "docs/init.js", "start");
  put(&site, ".secret", "hidden");
  site.twin = twin_create(site.dir.path);
  *state = &site;
  return 0;
}

static int teardown(void **state) {
  struct site *site = *state;
  twin_destroy(site->twin);
  temp_dir_destroy(&site->dir);
  return 0;
}

static void coding_follows_what_the_browser_accepts(void **state) {
  (void)state;
  assert_true(static_files_accepts("gzip, deflate, br", "br"));
  assert_true(static_files_accepts("br;q=0.5", "br"));
  assert_false(static_files_accepts("gzip, br;q=0", "br"));
  assert_false(static_files_accepts("brotli", "br"));
  assert_false(static_files_accepts("", "br"));
  assert_false(static_files_accepts(",,,", "br"));
  assert_false(static_files_accepts(NULL, "br"));
}

static void compressed_copy_is_preferred_when_accepted(void **state) {
  struct site *site = *state;
  const char *path = "/assets/app-1a2b.js";
  char value[256];
  struct reply reply = twin_ask(site->twin, "GET", path, "Accept-Encoding: gzip, br\r\n", "");
  assert_string_equal(reply.body, "brotli");
  assert_string_equal(reply_header(&reply, "Content-Encoding", value), "br");
  assert_string_equal(reply_header(&reply, "Content-Type", value),
                      "text/javascript; charset=utf-8");
  reply_finish(&reply);
  reply = twin_ask(site->twin, "GET", path, "Accept-Encoding: gzip\r\n", "");
  assert_string_equal(reply.body, "gzip");
  reply_finish(&reply);
  reply = twin_get(site->twin, path);
  assert_string_equal(reply.body, "plain script");
  reply_finish(&reply);
}

static void hashed_names_are_kept_for_ever_and_the_page_is_asked_again(void **state) {
  struct site *site = *state;
  char value[256], headers[300];
  struct reply reply = twin_get(site->twin, "/assets/app-1a2b.js");
  assert_non_null(strstr(reply_header(&reply, "Cache-Control", value), "immutable"));
  reply_finish(&reply);

  reply = twin_get(site->twin, "/");
  assert_string_equal(reply_header(&reply, "Cache-Control", value), "no-cache");
  assert_non_null(
      strstr(reply_header(&reply, "Content-Security-Policy", value), "default-src 'self'"));
  assert_null(strstr(value, "unsafe-inline"));
  snprintf(headers, sizeof headers, "If-None-Match: %s\r\n", reply_header(&reply, "ETag", value));
  reply_finish(&reply);
  reply = twin_ask(site->twin, "GET", "/", headers, "");
  assert_int_equal(reply.status, 304);
  reply_finish(&reply);
}

static void places_inside_the_page_give_the_page(void **state) {
  struct site *site = *state;
  struct reply reply = twin_ask(site->twin, "GET", "/miners/3", "Accept: text/html\r\n", "");
  assert_string_equal(reply.body, "<html>page</html>");
  reply_finish(&reply);
  reply = twin_get(site->twin, "/assets/missing.js");
  assert_int_equal(reply.status, 404);
  reply_finish(&reply);
}

static void docs_are_read_at_their_first_request(void **state) {
  struct site *site = *state;
  struct listener *first = twin_listen(site->twin, "/docs/init.js");
  struct listener *second = twin_listen(site->twin, "/docs");
  assert_true(listener_hears(first, "\r\n\r\nstart"));
  assert_true(listener_hears(second, "<html>docs</html>"));
  listener_close(first);
  listener_close(second);

  struct reply reply = twin_get(site->twin, "/docs/");
  assert_string_equal(reply.body, "<html>docs</html>");
  reply_finish(&reply);
  reply = twin_get(site->twin, "/docs/missing.js");
  assert_int_equal(reply.status, 404);
  reply_finish(&reply);
}

/* Half a page would be worse than none, and a monitor that can open nothing more worst. */
static void without_descriptors_a_plain_page_stands_in(void **state) {
  struct site *site = *state;
  struct rlimit before, few;
  twin_destroy(site->twin);
  assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
  few = before;
  few.rlim_cur = 64;
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
  for (int i = 0; i < 64; i++) {
    char name[32];
    snprintf(name, sizeof name, "assets/part-%d.js", i);
    put(site, name, "part");
  }

  site->twin = twin_create(site->dir.path);

  struct reply part = twin_get(site->twin, "/assets/part-1.js");
  struct reply page = twin_get(site->twin, "/");
  assert_int_equal(part.status, 404);
  assert_int_equal(page.status, 200);
  assert_null(strstr(page.body, "<html>page</html>"));
  assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
  reply_finish(&part);
  reply_finish(&page);
}

static void files_outside_the_folder_are_not_served(void **state) {
  struct site *site = *state;
  const char *paths[] = {"/.secret",           "/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd",
                         "/assets/../.secret", "//etc/passwd",   "/assets/app-1a2b.js.br"};
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
    struct reply reply = twin_get(site->twin, paths[i]);
    if (reply.status == 200)
      fail_msg("%s is served", paths[i]);
    reply_finish(&reply);
  }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(coding_follows_what_the_browser_accepts),
      TEST(compressed_copy_is_preferred_when_accepted),
      TEST(hashed_names_are_kept_for_ever_and_the_page_is_asked_again),
      TEST(places_inside_the_page_give_the_page),
      TEST(docs_are_read_at_their_first_request),
      TEST(without_descriptors_a_plain_page_stands_in),
      TEST(files_outside_the_folder_are_not_served),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
