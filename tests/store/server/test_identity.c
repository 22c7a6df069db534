#include "store/store_fixture.h"

#include "store/server/identity.h"

static void a_database_gets_its_name_once(void **state) {
  struct db *db = store_fixture_db(state);
  struct err err;
  char before[IDENTITY_SIZE], first[IDENTITY_SIZE], second[IDENTITY_SIZE], after[IDENTITY_SIZE];

  assert_true(identity_find(db, before, &err));
  assert_true(identity_ensure(db, "0123456789abcdef0123456789abcdef", first, &err));
  assert_true(identity_ensure(db, "another", second, &err));
  assert_true(identity_find(db, after, &err));

  assert_string_equal(before, "");
  assert_string_equal(first, "0123456789abcdef0123456789abcdef");
  assert_string_equal(second, first);
  assert_string_equal(after, first);
}

int main(void) {
  const struct CMUnitTest claims[] = {cmocka_unit_test(a_database_gets_its_name_once)};
  return store_fixture_run("identity", claims, sizeof claims / sizeof claims[0]);
}
