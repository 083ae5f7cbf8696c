/* SPDX-License-Identifier: GPL-3.0-or-later
 * The solver on problems whose answers are known: straight lines, bounds, priors, parameters that
 * the data do not tell, exact distributions of estimates.
 */
#include "models/fit/solve.h"

#include "models/fit/deviance.h"
#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

enum { N = 40, P = 3 };

static const double counts[N] = {3, 5,  2, 4,  6,  1,  3,  4, 4,  7,  5,  3, 8,  6,
                                 7, 9,  5, 8,  10, 7,  9,  6, 8,  11, 9,  7, 12, 10,
                                 9, 13, 8, 11, 14, 10, 12, 9, 13, 15, 11, 14};

/* a + b i, and a third parameter that does nothing. */
static void line(void *context, const double *p, double *mu, double *jacobian)
{
    (void)context;
    for (size_t i = 0; i < N; i++) {
        mu[i] = p[0] + p[1] * (double)i;
        if (jacobian) {
            jacobian[i] = 1.0;
            jacobian[N + i] = (double)i;
            jacobian[2 * N + i] = 0.0;
        }
    }
}

/* a exp(-b i) with a = p0, b = p1 */
static void decay(void *context, const double *p, double *mu, double *jacobian)
{
    (void)context;
    for (size_t i = 0; i < N; i++) {
        double e = exp(-p[1] * (double)i);
        mu[i] = p[0] * e;
        if (jacobian) {
            jacobian[i] = e;
            jacobian[N + i] = -p[0] * (double)i * e;
            jacobian[2 * N + i] = 0.0;
        }
    }
}

static struct ixs_solve *workspace(void)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_solve *space = NULL;
    assert_true(ixs_solve_new(&space, P, N, &err));
    return space;
}

static struct ixs_solve_problem problem_of(ixs_solve_model *model)
{
    return (struct ixs_solve_problem){
        .nparameters = 2, .ndata = N, .counts = counts, .model = model};
}

static double deviance_of(ixs_solve_model *model, const double *p)
{
    double mu[N];
    model(NULL, p, mu, NULL);
    return ixs_deviance(N, counts, mu);
}

static void test_minimum(void **state)
{
    (void)state;
    ixs_solve_model *models[] = {line, decay};
    const double starts[2][2] = {{1.0, 1.0}, {30.0, 0.2}};
    struct ixs_solve *space = workspace();
    for (int m = 0; m < 2; m++) {
        struct ixs_solve_problem problem = problem_of(models[m]);
        struct ixs_solve_result result;
        double p[P] = {starts[m][0], starts[m][1]};
        ixs_solve_run(space, &problem, &IXS_SOLVE_RULES, p, &result);
        assert_true(result.converged);
        assert_int_equal(result.dof, N - 2);
        assert_near(result.deviance, deviance_of(models[m], p), 1e-12);
        assert_near(result.objective, result.deviance, 0.0);
        for (int k = 0; k < 2; k++) /* lower than all around it */
            for (int sign = -1; sign <= 1; sign += 2) {
                double q[P] = {p[0], p[1]};
                q[k] *= 1.0 + sign * 1e-3;
                assert_true(deviance_of(models[m], q) > result.deviance);
            }
        double sum = 0.0, expected = 0.0; /* a model with a free scale conserves the counts */
        for (int i = 0; i < N; i++) {
            sum += counts[i];
            expected += ixs_solve_expected(space)[i];
        }
        assert_near(expected, sum, 1e-3);
    }
    ixs_solve_free(space);
}

static void test_covariance(void **state)
{
    (void)state;
    struct ixs_solve *space = workspace();
    struct ixs_solve_problem problem = problem_of(line);
    struct ixs_solve_result result;
    enum ixs_solve_state states[2];
    double p[P] = {1.0, 1.0}, c[4], h00 = 0.0, h01 = 0.0, h11 = 0.0;
    ixs_solve_run(space, &problem, &IXS_SOLVE_RULES, p, &result);
    ixs_solve_covariance(space, &problem, p, c, states);
    for (int i = 0; i < N; i++) {
        double mu = p[0] + p[1] * i;
        h00 += 1.0 / mu;
        h01 += i / mu;
        h11 += i * (double)i / mu;
    }
    double det = h00 * h11 - h01 * h01;
    assert_near(c[0], h11 / det, 1e-9 * c[0]);
    assert_near(c[1], -h01 / det, 1e-9 * c[0]);
    assert_near(c[3], h00 / det, 1e-9 * c[3]);
    assert_int_equal(states[0], IXS_SOLVE_FREE);
    ixs_solve_free(space);
}

static void test_bounds(void **state)
{
    (void)state;
    struct ixs_solve *space = workspace();
    struct ixs_solve_problem problem = problem_of(line);
    struct ixs_solve_result result;
    enum ixs_solve_state states[2];
    const double lower[2] = {4.0, -INFINITY}, upper[2] = {INFINITY, 0.2};
    double p[P] = {100.0, 0.1}, c[4], sum = 0.0, x = 0.0;
    problem.lower = lower;
    ixs_solve_run(space, &problem, &IXS_SOLVE_RULES, p, &result);
    ixs_solve_covariance(space, &problem, p, c, states);
    assert_true(result.converged);
    assert_near(p[0], 4.0, 0.0);
    assert_int_equal(states[0], IXS_SOLVE_LOWER);
    assert_int_equal(states[1], IXS_SOLVE_FREE);
    assert_near(c[0], 0.0, 0.0);
    for (int i = 0; i < N; i++) { /* the other is at its own minimum: d deviance/db = 0 */
        double mu = 4.0 + p[1] * i;
        sum += i * (1.0 - counts[i] / mu);
        x += i * (double)i / mu;
    }
    assert_near(sum / sqrt(x), 0.0, 1e-3);
    problem.lower = NULL;
    problem.upper = upper;
    p[0] = 1.0, p[1] = 0.0;
    ixs_solve_run(space, &problem, &IXS_SOLVE_RULES, p, &result);
    ixs_solve_covariance(space, &problem, p, c, states);
    assert_near(p[1], 0.2, 0.0);
    assert_int_equal(states[1], IXS_SOLVE_UPPER);
    ixs_solve_free(space);
}

static void test_fixed(void **state)
{
    (void)state;
    struct ixs_solve *space = workspace();
    struct ixs_solve_problem problem = problem_of(line);
    struct ixs_solve_result result;
    enum ixs_solve_state states[2];
    const double lower[2] = {2.0, 0.0}, upper[2] = {2.0, 10.0};
    double p[P] = {7.0, 1.0}, c[4];
    problem.lower = lower;
    problem.upper = upper;
    ixs_solve_run(space, &problem, &IXS_SOLVE_RULES, p, &result);
    ixs_solve_covariance(space, &problem, p, c, states);
    assert_near(p[0], 2.0, 0.0);
    assert_int_equal(states[0], IXS_SOLVE_FIXED);
    assert_int_equal(result.dof, N - 1);
    ixs_solve_free(space);
}

static void test_prior(void **state)
{
    (void)state;
    struct ixs_solve *space = workspace();
    struct ixs_solve_problem problem = problem_of(line);
    struct ixs_solve_result result;
    const double mean[2] = {1.0, 0.0}, strong[2] = {1e-4, (double)NAN};
    double p[P] = {3.0, 0.3};
    problem.prior_mean = mean;
    problem.prior_sigma = strong;
    ixs_solve_run(space, &problem, &IXS_SOLVE_RULES, p, &result);
    assert_near(p[0], 1.0, 1e-4);
    assert_int_equal(result.dof, N - 1); /* a prior is a datum */
    assert_near(result.objective - result.deviance, pow((p[0] - 1.0) / 1e-4, 2.0), 1e-6);
    ixs_solve_free(space);
}

/* Twice the same column: each of the two is undetermined, the third parameter is not. */
static void twins(void *context, const double *p, double *mu, double *jacobian)
{
    (void)context;
    for (size_t i = 0; i < N; i++) {
        mu[i] = p[0] + p[2] + p[1] * (double)i;
        if (jacobian) {
            jacobian[i] = jacobian[2 * N + i] = 1.0;
            jacobian[N + i] = (double)i;
        }
    }
}

static void test_undetermined(void **state)
{
    (void)state;
    struct ixs_solve *space = workspace();
    struct ixs_solve_problem problem = problem_of(line);
    struct ixs_solve_result result;
    enum ixs_solve_state states[P];
    double p[P] = {1.0, 1.0, 5.0}, c[P * P];
    problem.nparameters = 3;
    ixs_solve_run(space, &problem, &IXS_SOLVE_RULES, p, &result);
    ixs_solve_covariance(space, &problem, p, c, states);
    assert_int_equal(states[2], IXS_SOLVE_UNDETERMINED);
    assert_int_equal(states[0], IXS_SOLVE_FREE);
    assert_true(isnan(c[2 * P + 2]) && c[0] > 0.0);
    problem.model = twins;
    ixs_solve_run(space, &problem, &IXS_SOLVE_RULES, p, &result);
    ixs_solve_covariance(space, &problem, p, c, states);
    assert_int_equal(states[0], IXS_SOLVE_UNDETERMINED);
    assert_int_equal(states[2], IXS_SOLVE_UNDETERMINED);
    assert_int_equal(states[1], IXS_SOLVE_FREE);
    assert_true(isnan(c[0]) && c[P + 1] > 0.0);
    ixs_solve_free(space);
}

/* One parameter t with mu = t^power and one point: the estimate is N^(1/power). The median of a
 * Poisson count is mu - 1/6 (Cornish & Fisher, between whole numbers), and a median follows any
 * change of variable, so that of the estimate is t - t/(6 power mu), whatever the power. */
static void power_law(void *context, const double *p, double *mu, double *jacobian)
{
    double power = *(const double *)context;
    mu[0] = pow(p[0], power);
    if (jacobian)
        jacobian[0] = power * mu[0] / p[0];
}

static void test_median_bias(void **state)
{
    (void)state;
    struct ixs_solve *space = workspace();
    static const double powers[] = {0.5, 1.0, 2.0, -1.0};
    for (size_t k = 0; k < 4; k++) {
        double power = powers[k], mu = 400.0, t = pow(mu, 1.0 / power), p[1] = {t}, bias[1];
        double variance = pow(t / (power * mu), 2.0) * mu;
        const bool wanted[1] = {true};
        struct ixs_solve_problem problem = {
            .nparameters = 1, .ndata = 1, .counts = &mu, .model = power_law, .context = &power};
        ixs_solve_median_bias(space, &problem, p, &variance, wanted, bias);
        assert_near(bias[0], -t / (6.0 * power * mu), 1e-5 * t / mu);
    }
    ixs_solve_free(space);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_minimum),     cmocka_unit_test(test_covariance),
        cmocka_unit_test(test_bounds),      cmocka_unit_test(test_fixed),
        cmocka_unit_test(test_prior),       cmocka_unit_test(test_undetermined),
        cmocka_unit_test(test_median_bias),
    };
    return cmocka_run_group_tests_name("solve", tests, NULL, NULL);
}
