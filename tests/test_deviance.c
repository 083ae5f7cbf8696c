/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Poisson deviance: definition, no cancellation, its own mean and variance, p values.
 */
#include "models/fit/deviance.h"

#include "base/array.h"

#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <setjmp.h>
#include <cmocka.h>

static void test_points(void **state)
{
    (void)state;
    assert_near(ixs_deviance_point(0.0, 3.5), 7.0, 1e-15); /* zero counts are data */
    assert_near(ixs_deviance_point(5.0, 5.0), 0.0, 0.0);
    assert_near(ixs_deviance_point(2.0, 3.0), 2.0 * (1.0 + 2.0 * log(2.0 / 3.0)), 1e-15);
    assert_near(ixs_deviance_residual(2.0, 3.0), -sqrt(ixs_deviance_point(2.0, 3.0)), 1e-15);
    assert_near(ixs_deviance_residual(4.0, 3.0), sqrt(ixs_deviance_point(4.0, 3.0)), 1e-15);
    assert_true(ixs_deviance_point(1.0, 0.0) > 20.0 && isfinite(ixs_deviance_point(1.0, 0.0)));
}

/* Close to mu = N it is (mu - N)^2/N (1 - 2t/3 + t^2/2), t = (mu - N)/N. */
static void test_no_cancellation(void **state)
{
    (void)state;
    for (double t = 1e-9; t < 3e-3; t *= 1.7) {
        double n = 1e6, mu = n * (1.0 + t), series = n * t * t * (1.0 - t * (2.0 / 3.0 - 0.5 * t));
        double exact_t = (mu - n) / n;
        series *= exact_t * exact_t / (t * t);
        assert_near(ixs_deviance_point(n, mu) / series, 1.0, 2e-7);
    }
}

static void test_sum(void **state)
{
    (void)state;
    const double counts[] = {0, 3, 7, 1}, mu[] = {0.5, 2.5, 9.0, 1.0};
    double sum = 0.0;
    for (int i = 0; i < 4; i++)
        sum += pow(ixs_deviance_residual(counts[i], mu[i]), 2.0);
    assert_near(ixs_deviance(4, counts, mu), sum, 1e-14);
}

/* Sums over the Poisson distribution by logarithms, for any mu; central ones, in two passes. */
static struct ixs_deviance_moments moments(double mu)
{
    struct ixs_deviance_moments out = {0};
    for (int pass = 0; pass < 2; pass++)
        for (double k = 0.0; k < mu + 20.0 * sqrt(mu) + 40.0; k += 1.0) {
            double chance = exp(k * log(mu) - mu - lgamma(k + 1.0));
            double d = 2.0 * (mu - k + (k > 0.0 ? k * log(k / mu) : 0.0)), far = d - out.mean;
            if (pass == 0) {
                out.mean += chance * d;
                continue;
            }
            out.variance += chance * far * far;
            out.third += chance * far * far * far;
            out.slope += chance * far * (k - mu) / mu;
            out.square += chance * far * (k - mu) * (k - mu) / mu;
        }
    return out;
}

static void test_moments(void **state)
{
    (void)state;
    static const double mus[] = {0.01, 0.3, 1.0, 5.0, 20.0, 59.0, 61.0, 300.0, 3000.0};
    struct ixs_deviance_table *table = malloc(sizeof *table);
    assert_non_null(table);
    ixs_deviance_table_make(table);
    for (size_t k = 0; k < IXS_COUNT(mus); k++)
        for (int from_table = 0; from_table < 2; from_table++) {
            struct ixs_deviance_moments truth = moments(mus[k]),
                                        m = from_table ? ixs_deviance_look_up(table, mus[k])
                                                       : ixs_deviance_moments(mus[k]);
            assert_near(m.mean, truth.mean, 1e-4 * truth.mean);
            assert_near(m.variance, truth.variance, 5e-4 * truth.variance);
            assert_near(m.third, truth.third, 2e-3 * truth.third);
            assert_near(m.slope, truth.slope, 1e-3 * fabs(truth.slope) + 2e-6);
            assert_near(m.square, truth.square, 5e-4 * truth.square);
        }
    free(table);
}

/* slope is the derivative of the mean, and square - 2 - slope that of the slope, times mu. */
static void test_slopes(void **state)
{
    (void)state;
    for (double mu = 0.05; mu < 30.0; mu *= 1.9) {
        double h = 1e-4 * mu;
        struct ixs_deviance_moments low = ixs_deviance_moments(mu - h),
                                    high = ixs_deviance_moments(mu + h),
                                    at = ixs_deviance_moments(mu);
        assert_near(at.slope, 0.5 * (high.mean - low.mean) / h, 1e-6);
        assert_near(at.square - 2.0 - at.slope, mu * 0.5 * (high.slope - low.slope) / h, 1e-5);
    }
}

static double poisson(uint64_t *state, double mean)
{
    double limit = exp(-mean), product = 1.0, count = -1.0;
    do {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        product *= ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
        count += 1.0;
    } while (product > limit);
    return count;
}

/* At 0.3 to 3 counts a point p values of the true mu must still be uniform. */
static void test_p_values(void **state)
{
    (void)state;
    enum { POINTS = 60, DRAWS = 4000 };
    uint64_t seed = 7;
    double mu[POINTS], counts[POINTS];
    int low = 0, half = 0;
    for (int i = 0; i < POINTS; i++)
        mu[i] = 0.3 * pow(10.0, i / (POINTS - 1.0));
    const struct ixs_deviance_moments sum = ixs_deviance_sum(NULL, POINTS, mu, NULL, NULL);
    for (int d = 0; d < DRAWS; d++) {
        for (int i = 0; i < POINTS; i++)
            counts[i] = poisson(&seed, mu[i]);
        double p = ixs_deviance_chance(POINTS, &sum, NULL, ixs_deviance(POINTS, counts, mu));
        low += p < 0.05;
        half += p < 0.5;
    }
    assert_near((double)low / DRAWS, 0.05, 0.015);
    assert_near((double)half / DRAWS, 0.5, 0.03);
    const struct ixs_deviance_fitted all = {.leverage = 3.0};
    assert_true(isnan(ixs_deviance_chance(3, &sum, &all, 1.0)));
}

/* Fitted with a flat line at 0.5 counts a point: D and what is expected of it move together, which
 * takes a part of the variance away. */
static void test_p_values_after_fit(void **state)
{
    (void)state;
    enum { POINTS = 100, DRAWS = 2000 };
    uint64_t seed = 9;
    double mu[POINTS], counts[POINTS];
    int low = 0, half = 0;
    for (int d = 0; d < DRAWS; d++) {
        double mean = 0.0;
        for (int i = 0; i < POINTS; i++)
            mean += (counts[i] = poisson(&seed, 0.5)) / POINTS;
        for (int i = 0; i < POINTS; i++)
            mu[i] = mean;
        struct ixs_deviance_moments point = ixs_deviance_moments(mean);
        const struct ixs_deviance_fitted fitted = {.leverage = 1.0,
                                                   .square = point.square,
                                                   .bend = point.square - 2.0 - point.slope,
                                                   .slope =
                                                       POINTS * mean * point.slope * point.slope};
        double deviance = ixs_deviance(POINTS, counts, mu);
        struct ixs_deviance_moments sum = ixs_deviance_sum(NULL, POINTS, mu, NULL, NULL);
        double p = ixs_deviance_chance(POINTS, &sum, &fitted, deviance);
        low += p < 0.05;
        half += p < 0.5;
    }
    assert_near((double)low / DRAWS, 0.05, 0.015);
    assert_near((double)half / DRAWS, 0.5, 0.04);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points),
        cmocka_unit_test(test_no_cancellation),
        cmocka_unit_test(test_sum),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_slopes),
        cmocka_unit_test(test_p_values),
        cmocka_unit_test(test_p_values_after_fit),
    };
    return cmocka_run_group_tests_name("deviance", tests, NULL, NULL);
}
