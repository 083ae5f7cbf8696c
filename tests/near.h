/* SPDX-License-Identifier: GPL-3.0-or-later
 * Comparison of doubles for the unit tests: cmocka's own goes through float.
 */
#ifndef IXS_TESTS_NEAR_H
#define IXS_TESTS_NEAR_H

#include <stdlib.h>

/* Fails, saying both numbers, unless |value - truth| <= tolerance (a NaN fails). */
#define assert_near(value, truth, tolerance)                                                       \
    do {                                                                                           \
        const double near_value = (value), near_truth = (truth), near_most = (tolerance);          \
        if (!(near_value - near_truth <= near_most && near_truth - near_value <= near_most))       \
            fail_msg("%s is %.17g, expected %.17g +- %g", #value, near_value, near_truth,          \
                     near_most);                                                                   \
    } while (0)

/* Draws of a statistical claim: IXS_DRAWS of the environment, or as many as a test has time for. */
static inline int draws_or(int usual)
{
    const char *text = getenv("IXS_DRAWS");
    return text != NULL ? (int)strtol(text, NULL, 10) : usual;
}

#endif
