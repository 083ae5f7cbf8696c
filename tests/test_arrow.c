/* SPDX-License-Identifier: GPL-3.0-or-later
 * The block-arrow minimiser against the dense one on the same problem: three blocks of exponential
 * decays, own heights and backgrounds, a common rate and a common exponent with a prior.
 */
#include "models/together/arrow.h"
#include "models/fit/solve.h"

#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

enum { BLOCKS = 3, POINTS = 30, OWN = 2, COMMON = 2, ALL = BLOCKS * OWN + COMMON };

static double curve(double height, double ground, double rate, double power, double x, double *by)
{
    double fall = exp(-rate * pow(x, power));
    by[0] = fall;
    by[1] = 1;
    by[2] = -height * pow(x, power) * fall;
    by[3] = by[2] * rate * log(x);
    return height * fall + ground;
}

static double x_of(size_t i)
{
    return 0.1 * (double)(i + 1);
}

static void blocks(void *context, size_t block, const double *own, const double *common, double *mu,
                   double *jacobian)
{
    (void)context;
    (void)block;
    for (size_t i = 0; i < POINTS; i++) {
        double by[4];
        mu[i] = curve(own[0], own[1], common[0], common[1], x_of(i), by);
        for (size_t k = 0; jacobian != NULL && k < 4; k++)
            jacobian[k * POINTS + i] = by[k];
    }
}

static double prior(void *context, long block, const double *p, double *gradient, double *curvature)
{
    (void)context;
    double miss = block == IXS_ARROW_SHARED ? (p[1] - 1.1) / 0.1 : 0;
    if (block == IXS_ARROW_SHARED && gradient != NULL) {
        gradient[1] += miss / 0.1;
        curvature[3] += 1 / (0.1 * 0.1);
    }
    return miss * miss;
}

static void dense(void *context, const double *p, double *mu, double *jacobian)
{
    size_t n = BLOCKS * POINTS;
    (void)context;
    if (jacobian != NULL)
        memset(jacobian, 0, ALL * n * sizeof *jacobian);
    for (size_t b = 0; b < BLOCKS; b++)
        for (size_t i = 0; i < POINTS; i++) {
            double by[4];
            size_t at = b * POINTS + i;
            mu[at] = curve(p[OWN * b], p[OWN * b + 1], p[6], p[7], x_of(i), by);
            for (size_t k = 0; jacobian != NULL && k < 4; k++)
                jacobian[(k < OWN ? OWN * b + k : 4 + k) * n + at] = by[k];
        }
}

static void test_dense(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    static const double truth[BLOCKS][OWN] = {{200, 5}, {90, 2}, {400, 0}};
    double counts[BLOCKS * POINTS], own[BLOCKS][OWN], common[COMMON] = {0.7, 1.2}, by[4];
    double p[ALL] = {150, 3, 100, 3, 300, 3, 0.7, 1.2}, lower[ALL] = {0}, upper[ALL], room[ALL];
    double none[ALL], sigma[ALL], covariance[ALL * ALL], block_covariance[16];
    for (size_t k = 0; k < ALL; k++) {
        upper[k] = INFINITY;
        none[k] = 1.1;
        sigma[k] = k == 7 ? 0.1 : NAN;
    }
    struct ixs_arrow_block list[BLOCKS];
    for (size_t b = 0; b < BLOCKS; b++) {
        for (size_t i = 0; i < POINTS; i++) /* rough, so that a background comes to its bound */
            counts[b * POINTS + i] =
                floor(curve(truth[b][0], truth[b][1], 0.9, 1, x_of(i), by) * (i % 3 ? 0.97 : 1.05));
        memcpy(own[b], p + OWN * b, sizeof own[b]);
        list[b] = (struct ixs_arrow_block){.nown = OWN,
                                           .ndata = POINTS,
                                           .counts = counts + b * POINTS,
                                           .p = own[b],
                                           .lower = lower,
                                           .upper = upper};
    }
    struct ixs_arrow_problem problem = {.nblocks = BLOCKS,
                                        .ncommon = COMMON,
                                        .blocks = list,
                                        .common = common,
                                        .lower = lower,
                                        .upper = upper,
                                        .model = blocks,
                                        .prior = prior,
                                        .threads = 2,
                                        .most_iterations = 100,
                                        .tolerance = 1e-9};
    struct ixs_arrow *arrow = NULL;
    struct ixs_arrow_result result;
    assert_true(ixs_arrow_new(&arrow, &problem, &err));
    assert_true(ixs_arrow_run(arrow, &problem, &result, &err));
    assert_true(result.converged);

    struct ixs_solve *solve = NULL;
    struct ixs_solve_result whole;
    enum ixs_solve_state states[ALL];
    struct ixs_solve_problem same = {.nparameters = ALL,
                                     .ndata = BLOCKS * POINTS,
                                     .counts = counts,
                                     .model = dense,
                                     .lower = lower,
                                     .upper = upper,
                                     .prior_mean = none,
                                     .prior_sigma = sigma};
    assert_true(ixs_solve_new(&solve, ALL, BLOCKS * POINTS, &err));
    ixs_solve_run(solve, &same, &IXS_SOLVE_RULES, p, &whole);
    memcpy(room, p, sizeof p);
    ixs_solve_covariance(solve, &same, room, covariance, states);
    assert_near(result.objective, whole.objective, 1e-6);
    for (size_t b = 0; b < BLOCKS; b++) {
        static const size_t common_at[COMMON] = {6, 7};
        ixs_arrow_covariance(arrow, b, block_covariance);
        for (size_t i = 0; i < 4; i++)
            for (size_t j = 0; j < 4; j++) {
                size_t at = i < OWN ? OWN * b + i : common_at[i - OWN];
                size_t to = j < OWN ? OWN * b + j : common_at[j - OWN];
                double scale = sqrt(covariance[at * ALL + at] * covariance[to * ALL + to]);
                assert_near(block_covariance[i * 4 + j], covariance[at * ALL + to], 1e-3 * scale);
            }
        for (size_t k = 0; k < OWN; k++)
            assert_near(own[b][k], p[OWN * b + k],
                        1e-3 * sqrt(fmax(covariance[(OWN * b + k) * (ALL + 1)], 1)));
    }
    assert_near(common[0], p[6], 1e-5);
    ixs_arrow_free(arrow);
    ixs_solve_free(solve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_dense)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
