/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Poisson deviance: definition, no cancellation, its own mean and variance, p values.
 */
#include "models/deviance.h"

#include "base/array.h"

#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

/* Sum over the Poisson distribution by logarithms, for any mu. */
static void moments(double mu, double *mean, double *variance)
{
    double first = 0.0, second = 0.0;
    for (double k = 0.0; k < mu + 20.0 * sqrt(mu) + 40.0; k += 1.0) {
        double chance = exp(k * log(mu) - mu - lgamma(k + 1.0));
        double d = 2.0 * (mu - k + (k > 0.0 ? k * log(k / mu) : 0.0));
        first += chance * d;
        second += chance * d * d;
    }
    *mean = first;
    *variance = second - first * first;
}

static void test_moments(void **state)
{
    (void)state;
    static const double mus[] = {0.01, 0.3, 1.0, 5.0, 20.0, 59.0, 61.0, 300.0, 3000.0};
    for (size_t k = 0; k < IXS_COUNT(mus); k++) {
        double mean, variance, true_mean, true_variance;
        ixs_deviance_moments(mus[k], &mean, &variance);
        moments(mus[k], &true_mean, &true_variance);
        assert_near(mean, true_mean, 2e-6 * true_mean);
        assert_near(variance, true_variance, 5e-4 * true_variance);
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
    for (int d = 0; d < DRAWS; d++) {
        for (int i = 0; i < POINTS; i++)
            counts[i] = poisson(&seed, mu[i]);
        double p = ixs_deviance_p_value(NULL, POINTS, mu, 0, ixs_deviance(POINTS, counts, mu));
        low += p < 0.05;
        half += p < 0.5;
    }
    assert_near((double)low / DRAWS, 0.05, 0.015);
    assert_near((double)half / DRAWS, 0.5, 0.03);
    assert_true(isnan(ixs_deviance_p_value(NULL, 3, mu, 3, 1.0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points),   cmocka_unit_test(test_no_cancellation),
        cmocka_unit_test(test_sum),      cmocka_unit_test(test_moments),
        cmocka_unit_test(test_p_values),
    };
    return cmocka_run_group_tests_name("deviance", tests, NULL, NULL);
}
