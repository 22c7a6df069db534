/* What makes a call of the HTTP client a letter: SMTP (RFC 5321) through libcurl on
 * the same loop, with the same outcomes. The last line that the server said is the
 * answer's body, its code the status: 250 is delivered. */
#ifndef NET_MAIL_H
#define NET_MAIL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

enum mail_security {
  MAIL_STARTTLS, /* plain first, then TLS or nothing */
  MAIL_TLS,      /* from the first byte */
  MAIL_PLAIN,
};

/* Texts are borrowed for the call that takes it. */
struct mail_options {
  const char *from;      /* plain address */
  const char *const *to; /* plain addresses, NULL-terminated */
  const char *user;      /* NULL or "": without signing in */
  const char *password;
  enum mail_security security;
  bool any_certificate; /* do not check whose certificate it is */
};

/* The letter on its way; owned by the call. */
struct mail_upload {
  struct curl_slist *recipients;
  char *letter;
  size_t length, sent;
};

/* Sets what differs from HTTP. The upload is zero before and lives as long as the transfer. */
void mail_apply(CURL *easy, const struct mail_options *mail, const void *letter, size_t length,
                struct mail_upload *upload);
void mail_finish(struct mail_upload *upload);

/* The server's answer to what ended the transfer: 250 when it took the letter, its code when it
 * refused; 0 when it did not come to that. */
int mail_status(CURL *easy, CURLcode code);

#endif
