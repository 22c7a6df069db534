/* cmocka's assert_float_equal rounds to float; this one does not. */
#ifndef TESTS_SIM_SIM_NEAR_H
#define TESTS_SIM_SIM_NEAR_H

#include <math.h>

/* Fails unless the values differ by at most `tolerance`. */
#define assert_near(value, expected, tolerance)                                                    \
  sim_near_check((value), (expected), (tolerance), __FILE__, __LINE__)

static inline void sim_near_check(double value, double expected, double tolerance, const char *file,
                                  int line) {
  if (fabs(value - expected) <= tolerance)
    return;
  print_error("%.9g is not within %g of %.9g\n", value, tolerance, expected);
  _fail(file, line);
}

#endif
