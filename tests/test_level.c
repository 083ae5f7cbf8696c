/* SPDX-License-Identifier: GPL-3.0-or-later
 * A level that wanders: a bridge by hand, and pulls of what is foretold.
 */
#include "models/numerics/level.h"

#include "base/array.h"
#include "tests/near.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

/* Two observations, then the level between and beyond them: by hand. */
static void test_bridge(void **state)
{
    (void)state;
    const double time[] = {0.0, 10.0}, value[] = {1.0, 3.0}, error[] = {0.0, 0.0};
    const struct ixs_level_series series = {2, time, value, error};
    const struct ixs_level level = {0.04, 0.0};
    double mean, variance;
    ixs_level_at(&level, &series, 2.5, &mean, &variance);
    assert_near(mean, 1.5, 1e-12);
    assert_near(variance, 0.04 * 2.5 * 7.5 / 10.0, 1e-12);
    ixs_level_at(&level, &series, 15.0, &mean, &variance);
    assert_near(mean, 3.0, 1e-12);
    assert_near(variance, 0.2, 1e-12);
    ixs_level_at(&level, &series, -5.0, &mean, &variance);
    assert_near(mean, 1.0, 1e-12);
    assert_near(variance, 0.2, 1e-12);
    const struct ixs_level_series none = {0, NULL, NULL, NULL};
    ixs_level_at(&level, &none, 1.0, &mean, &variance);
    assert_true(isinf(variance));
    /* a level that stays: the weighted mean */
    const double errors[] = {0.1, 0.2};
    const struct ixs_level_series weighted = {2, time, value, errors};
    ixs_level_at(&(struct ixs_level){0.0, 0.0}, &weighted, 5.0, &mean, &variance);
    assert_near(mean, (1.0 / 0.01 + 3.0 / 0.04) / (1.0 / 0.01 + 1.0 / 0.04), 1e-12);
    assert_near(variance, 1.0 / 125.0, 1e-12);
}

enum { COUNT = 40, RUNS = 200 };

static void draw(const gsl_rng *random, double walk, double scatter, double *time, double *value,
                 double *error, double *truth)
{
    double level = gsl_ran_gaussian(random, 1.0), now = 0.0;
    for (size_t i = 0; i < COUNT; i++) {
        double step = gsl_ran_exponential(random, 1.0);
        now += step;
        level += gsl_ran_gaussian(random, sqrt(walk * step));
        time[i] = now;
        truth[i] = level;
        error[i] = 0.02 + 0.02 * gsl_rng_uniform(random);
        value[i] = level + gsl_ran_gaussian(random, hypot(sqrt(scatter), error[i]));
    }
}

/* One observation in ten is kept aside, and foretold. */
static void test_pulls(void **state)
{
    (void)state;
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    double sum = 0.0, count = 0.0, walks = 0.0, scatters = 0.0;
    for (int run = 0; run < RUNS; run++) {
        double time[COUNT], value[COUNT], error[COUNT], truth[COUNT];
        double kept[3][COUNT];
        size_t n = 0;
        draw(random, 0.01, 0.0009, time, value, error, truth);
        for (size_t i = 0; i < COUNT; i++)
            if (i % 10 != 5) {
                kept[0][n] = time[i];
                kept[1][n] = value[i];
                kept[2][n++] = error[i];
            }
        const struct ixs_level_series series = {n, kept[0], kept[1], kept[2]};
        struct ixs_level level;
        assert_true(ixs_level_fit(&level, 1, &series));
        walks += level.walk / RUNS;
        scatters += level.scatter / RUNS;
        for (size_t i = 5; i < COUNT; i += 10) {
            double mean, variance;
            ixs_level_at(&level, &series, time[i], &mean, &variance);
            sum += (mean - truth[i]) * (mean - truth[i]) / variance;
            count += 1.0;
        }
    }
    gsl_rng_free(random);
    assert_near(sqrt(sum / count), 1.0, 0.1);
    assert_near(walks, 0.01, 0.002);
    assert_near(scatters, 0.0009, 0.0003);
}

static void test_too_few(void **state)
{
    (void)state;
    const double time[] = {0.0, 10.0, 10.0}, value[] = {1.0, 3.0, 2.0}, error[] = {0.1, 0.1, 0.1};
    const struct ixs_level_series two = {2, time, value, error};
    struct ixs_level level;
    assert_false(ixs_level_fit(&level, 1, &two));
    assert_false(ixs_level_fit(&level, 0, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bridge),
        cmocka_unit_test(test_pulls),
        cmocka_unit_test(test_too_few),
    };
    return cmocka_run_group_tests_name("level", tests, NULL, NULL);
}
