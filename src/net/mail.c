#include "net/mail.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { SMTP_OK = 250, SMTP_REFUSED_FROM = 400, SMTP_SIGN_IN_REFUSED = 535 };

static size_t on_read(char *target, size_t size, size_t count, void *arg) {
  struct mail_upload *upload = arg;
  size_t room = size * count, left = upload->length - upload->sent;
  size_t length = left < room ? left : room;
  memcpy(target, upload->letter + upload->sent, length);
  upload->sent += length;
  return length;
}

/* libcurl starts over when a kept connection turns out to be gone. */
static int on_seek(void *arg, curl_off_t offset, int origin) {
  struct mail_upload *upload = arg;
  if (origin != SEEK_SET || offset < 0 || (size_t)offset > upload->length)
    return CURL_SEEKFUNC_FAIL;
  upload->sent = (size_t)offset;
  return CURL_SEEKFUNC_OK;
}

void mail_apply(CURL *easy, const struct mail_options *mail, const void *letter, size_t length,
                struct mail_upload *upload) {
  upload->letter = mem_alloc(length + 1);
  memcpy(upload->letter, letter, length);
  upload->length = length;
  for (size_t i = 0; mail->to[i] != NULL; i++) {
    struct curl_slist *longer = curl_slist_append(upload->recipients, mail->to[i]);
    if (longer == NULL)
      mem_fatal("out of memory");
    upload->recipients = longer;
  }
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, mail->from);
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, upload->recipients);
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)length);
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
  curl_easy_setopt(easy, CURLOPT_READDATA, upload);
  curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
  curl_easy_setopt(easy, CURLOPT_SEEKDATA, upload);
  curl_easy_setopt(easy, CURLOPT_USE_SSL,
                   mail->security == MAIL_STARTTLS ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, mail->any_certificate ? 0L : 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, mail->any_certificate ? 0L : 2L);
  if (mail->user != NULL && mail->user[0] != '\0') {
    curl_easy_setopt(easy, CURLOPT_USERNAME, mail->user);
    curl_easy_setopt(easy, CURLOPT_PASSWORD, mail->password == NULL ? "" : mail->password);
  }
}

void mail_finish(struct mail_upload *upload) {
  curl_slist_free_all(upload->recipients);
  free(upload->letter);
  *upload = (struct mail_upload){0};
}

int mail_status(CURL *easy, CURLcode code) {
  long said = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &said);
  if (code == CURLE_OK)
    return SMTP_OK;
  if (code == CURLE_LOGIN_DENIED)
    return said >= SMTP_REFUSED_FROM ? (int)said : SMTP_SIGN_IN_REFUSED;
  return said >= SMTP_REFUSED_FROM ? (int)said : 0;
}
