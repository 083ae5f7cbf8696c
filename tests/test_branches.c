/* SPDX-License-Identifier: GPL-3.0-or-later
 * Branches: laws that are planted come back, crossing branches stay apart, errors mean it.
 */
#include "models/branches.h"

#include "tests/near.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { MOST = 200 };

static void test_exact_line(void **state)
{
    (void)state;
    struct ixs_branch_mode modes[5];
    struct ixs_branch laws[4];
    long chosen[5];
    for (size_t i = 0; i < 5; i++)
        modes[i] = (struct ixs_branch_mode){i, 0.1 * (double)(i + 1), 2.0 * (double)(i + 1), 0.1};
    assert_int_equal(ixs_branches_find(5, modes, 0.3, 4, laws, chosen), 1);
    assert_int_equal(laws[0].law, IXS_BRANCH_LINEAR);
    assert_near(laws[0].p[0], 20, 1e-9);
    assert_int_equal(laws[0].dof, 4);
    /* var = 1 / Sum (q/err)^2, by hand: Sum q^2 = 0.55 */
    assert_near(laws[0].cov[0], 0.01 / 0.55, 1e-9);
}

static void test_exact_sine(void **state)
{
    (void)state;
    struct ixs_branch_mode modes[9];
    struct ixs_branch fit;
    long chosen[9];
    for (size_t i = 0; i < 9; i++) {
        double q = 0.1 * (double)(i + 1);
        chosen[i] = 1;
        modes[i] = (struct ixs_branch_mode){i, q, 12 * sin(3.14159265358979 * q / 2.2), 0.05};
    }
    assert_true(ixs_branch_fit(9, modes, chosen, 1, IXS_BRANCH_SINE, &fit));
    assert_near(fit.p[1], 1.1, 1e-5);
    assert_near(fit.p[0] * 2 * 1.1 / 3.14159265358979, 12, 1e-4);
    assert_true(fit.chi2 < 1e-6);
}

static void test_exact_curve(void **state)
{
    (void)state;
    struct ixs_branch_mode modes[9];
    struct ixs_branch laws[4];
    long chosen[9];
    for (size_t i = 0; i < 9; i++) {
        double q = 0.1 * (double)(i + 1);
        modes[i] = (struct ixs_branch_mode){i, q, 23 - 2.5 * q * q, 0.05};
    }
    assert_int_equal(ixs_branches_find(9, modes, 0.4, 4, laws, chosen), 1);
    assert_int_equal(laws[0].law, IXS_BRANCH_CURVED);
    assert_near(laws[0].p[0], 23, 1e-9);
    assert_near(laws[0].p[1], -2.5, 1e-9);
    assert_near(ixs_branch_energy(&laws[0], 1), 20.5, 1e-9);
}

static void test_too_few(void **state)
{
    (void)state;
    const struct ixs_branch_mode modes[2] = {{0, 0.1, 2, 0.1}, {1, 0.2, 4, 0.1}};
    struct ixs_branch laws[4];
    long chosen[2];
    assert_int_equal(ixs_branches_find(2, modes, 0.3, 4, laws, chosen), 0);
    assert_int_equal(chosen[0], 0);
    assert_int_equal(ixs_branches_find(0, modes, 0.3, 4, laws, chosen), 0);
}

/* Two acoustic branches and an optic one, each seen by most spectra. */
static void test_three_branches(void **state)
{
    (void)state;
    struct ixs_branch_mode modes[MOST];
    struct ixs_branch laws[8];
    long chosen[MOST], planted[MOST];
    size_t n = 0;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t s = 0; s < 15; s++) {
        const double q = 0.05 + 0.03 * (double)s, levels[] = {19 * q, 33 * q, 12.0};
        for (long b = 0; b < 3; b++) {
            if ((s + (size_t)b) % 5 == 0)
                continue;
            planted[n] = b;
            modes[n++] =
                (struct ixs_branch_mode){s, q, levels[b] + gsl_ran_gaussian(rng, 0.08), 0.08};
        }
    }
    size_t found = ixs_branches_find(n, modes, 0.3, 8, laws, chosen);
    gsl_rng_free(rng);
    assert_int_equal(found, 3);
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            wrong += (planted[i] == planted[k]) != (chosen[i] == chosen[k]);
    assert_true(wrong <= n * n / 25); /* only where branches cross */
}

/* Slopes scatter about the truth by their own errors. */
static void test_pulls(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double sum = 0, squares = 0;
    enum { DRAWS = 400 };
    for (int draw = 0; draw < DRAWS; draw++) {
        struct ixs_branch_mode modes[8];
        struct ixs_branch fit;
        long chosen[8];
        for (size_t i = 0; i < 8; i++) {
            double q = 0.05 * (double)(i + 1), err = 0.05 + 0.02 * (double)i;
            chosen[i] = 7;
            modes[i] = (struct ixs_branch_mode){i, q, 20 * q + gsl_ran_gaussian(rng, err), err};
        }
        assert_true(ixs_branch_fit(8, modes, chosen, 7, IXS_BRANCH_LINEAR, &fit));
        double pull = (fit.p[0] - 20) / sqrt(fit.cov[0]);
        sum += pull;
        squares += pull * pull;
    }
    gsl_rng_free(rng);
    assert_true(fabs(sum / DRAWS) < 3 / sqrt(DRAWS));
    /* a scatter is found in half of the draws that have none: errors are a little large */
    assert_true(squares / DRAWS < 1 + 3 * sqrt(2.0 / DRAWS) && squares / DRAWS > 0.6);
}

/* With a scatter far beyond the errors the slope still scatters by its error. */
static void test_scatter(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double squares = 0;
    enum { DRAWS = 400 };
    for (int draw = 0; draw < DRAWS; draw++) {
        struct ixs_branch_mode modes[20];
        struct ixs_branch fit;
        long chosen[20] = {0};
        for (size_t i = 0; i < 20; i++) {
            double q = 0.02 * (double)(i + 1);
            modes[i] = (struct ixs_branch_mode){i, q, 20 * q + gsl_ran_gaussian(rng, 0.4), 0.01};
        }
        assert_true(ixs_branch_fit(20, modes, chosen, 0, IXS_BRANCH_LINEAR, &fit));
        squares += pow(fit.p[0] - 20, 2) / fit.cov[0];
        assert_near(fit.scatter, 0.4, 0.3);
    }
    gsl_rng_free(rng);
    assert_near(squares / DRAWS, 1, 3 * sqrt(2.0 / DRAWS) + 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_line),     cmocka_unit_test(test_exact_sine),
        cmocka_unit_test(test_exact_curve),    cmocka_unit_test(test_too_few),
        cmocka_unit_test(test_three_branches), cmocka_unit_test(test_pulls),
        cmocka_unit_test(test_scatter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
