#include "store/secret_box.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

enum {
  NONCE = crypto_secretbox_NONCEBYTES,
  MAC = crypto_secretbox_MACBYTES,
  VARIANT = sodium_base64_VARIANT_ORIGINAL,
};

struct secret_box {
  unsigned char key[crypto_secretbox_KEYBYTES];
};

/* Written whole under another name first: a power cut leaves no half key. */
static bool make_key(struct secret_box *box, const char *path, struct err *err) {
  struct buf fresh;
  bool ok = false;
  crypto_secretbox_keygen(box->key);
  buf_init(&fresh);
  buf_printf(&fresh, "%s.new", path);
  unlink(fresh.data);
  int fd = open(fresh.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    file_explain("cannot make", fresh.data, errno, err);
  } else {
    ok = write(fd, box->key, sizeof box->key) == (ssize_t)sizeof box->key;
    if (!ok)
      file_explain("cannot write", fresh.data, errno, err);
    close(fd);
    ok = ok && file_sync(fresh.data, err) && file_rename(fresh.data, path, err);
  }
  buf_finish(&fresh);
  return ok;
}

static bool read_key(struct secret_box *box, int fd, const char *path, struct err *err) {
  struct stat facts;
  unsigned char more;
  if (fstat(fd, &facts) != 0)
    return file_explain("read", path, errno, err);
  if ((facts.st_mode & 077) != 0)
    return err_set(err, ERR_FORBIDDEN,
                   "other users may read the key file '%s': close it to them with chmod 600", path);
  if (read(fd, box->key, sizeof box->key) != (ssize_t)sizeof box->key || read(fd, &more, 1) != 0)
    return err_set(err, ERR_CORRUPT,
                   "'%s' is not a key of this program: put the right one back, or remove it and "
                   "enter the passwords of your channels again",
                   path);
  return true;
}

bool secret_box_open(struct secret_box **out, const char *path, struct err *err) {
  if (sodium_init() < 0)
    return err_set(err, ERR_IO, "libsodium cannot start: the system gives no random numbers");
  struct secret_box *box = mem_alloc(sizeof *box);
  bool ok = true;
  if (path == NULL) {
    crypto_secretbox_keygen(box->key);
  } else {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
      ok = read_key(box, fd, path, err);
      close(fd);
    } else {
      ok = errno == ENOENT ? make_key(box, path, err) : file_explain("read", path, errno, err);
    }
  }
  if (!ok) {
    secret_box_close(box);
    return false;
  }
  *out = box;
  return true;
}

void secret_box_close(struct secret_box *box) {
  if (box == NULL)
    return;
  sodium_memzero(box->key, sizeof box->key);
  free(box);
}

void secret_box_seal(const struct secret_box *box, const char *plain, struct buf *out) {
  size_t length = strlen(plain), sealed = NONCE + MAC + length;
  size_t text = sodium_base64_ENCODED_LEN(sealed, VARIANT);
  unsigned char *bytes = mem_alloc(sealed);
  randombytes_buf(bytes, NONCE);
  crypto_secretbox_easy(bytes + NONCE, (const unsigned char *)plain, length, bytes, box->key);
  buf_reserve(out, text);
  sodium_bin2base64(out->data + out->length, text, bytes, sealed, VARIANT);
  out->length += text - 1;
  free(bytes);
}

bool secret_box_unseal(const struct secret_box *box, const char *sealed, struct buf *out,
                       struct err *err) {
  size_t length = 0, text = strlen(sealed);
  unsigned char *bytes = mem_alloc(text + 1);
  bool ok = sodium_base642bin(bytes, text, sealed, text, NULL, &length, NULL, VARIANT) == 0 &&
            length >= NONCE + MAC;
  if (ok) {
    size_t plain = length - NONCE - MAC;
    buf_reserve(out, plain + 1);
    ok = crypto_secretbox_open_easy((unsigned char *)out->data + out->length, bytes + NONCE,
                                    length - NONCE, bytes, box->key) == 0;
    out->length += ok ? plain : 0;
    out->data[out->length] = '\0';
  }
  free(bytes);
  if (!ok)
    err_set(err, ERR_CORRUPT,
            "its password cannot be read: it was kept under another key file. Enter it again");
  return ok;
}
