/* SPDX-License-Identifier: GPL-3.0-or-later
 * Branches: laws that are planted come back, crossing branches stay apart, errors mean it.
 */
#include "models/branch/branches.h"

#include "tests/near.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#define PI 3.14159265358979323846

enum { MOST = 200, DRAWS = 400 };

static size_t find(size_t n, const struct ixs_branch_mode *modes, double tolerance, double edge,
                   struct ixs_branch *laws, long *chosen)
{
    const struct ixs_branches_rules rules = {.tolerance = tolerance, .law = {.edge = edge}};
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_branches branches = {.most = 8, .laws = laws};
    branches.chosen = chosen;
    assert_true(ixs_branches_find(n, modes, &rules, &branches, &err));
    return branches.found;
}

static struct ixs_branch_mode mode_of(size_t spectrum, double q, double omega, double err)
{
    return (struct ixs_branch_mode){.spectrum = spectrum,
                                    .q = q,
                                    .omega = omega,
                                    .err = err,
                                    .width = NAN,
                                    .width_err = NAN,
                                    .strength = NAN,
                                    .strength_err = NAN};
}

static struct ixs_regress_point point_of(double q, double omega, double err)
{
    return (struct ixs_regress_point){q, omega, err, err, false};
}

static void test_exact_line(void **state)
{
    (void)state;
    struct ixs_branch_mode modes[5];
    struct ixs_branch laws[8];
    long chosen[5];
    for (size_t i = 0; i < 5; i++)
        modes[i] = mode_of(i, 0.1 * (double)(i + 1), 2.0 * (double)(i + 1), 0.1);
    assert_int_equal(find(5, modes, 0.3, NAN, laws, chosen), 1);
    assert_int_equal(laws[0].law, IXS_BRANCH_LINEAR);
    assert_near(laws[0].p[0], 20, 1e-9);
    assert_int_equal(laws[0].dof, 4);
    /* var = 1 / Sum (q/err)^2, by hand: Sum q^2 = 0.55 */
    assert_near(laws[0].cov[0], 0.01 / 0.55, 1e-9);
}

/* 12 sin(pi q/2.2) as a sine with a free edge, as a series, and by force constants: all the same.
 */
static void test_exact_sine(void **state)
{
    (void)state;
    struct ixs_regress_point points[9];
    struct ixs_branch sine, series, karman;
    double err = NAN;
    for (size_t i = 0; i < 9; i++) {
        double q = 0.1 * (double)(i + 1);
        points[i] = point_of(q, 12 * sin(3.14159265358979 * q / 2.2), 0.05);
    }
    assert_true(ixs_branch_fit(9, points, IXS_BRANCH_SINE, 2, NAN, &sine));
    assert_near(sine.p[1], 1.1, 1e-5);
    assert_near(sine.p[0] * 2 * 1.1 / 3.14159265358979, 12, 1e-4);
    assert_true(sine.chi2 < 1e-6);
    assert_true(ixs_branch_fit(9, points, IXS_BRANCH_SERIES, 2, 1.1, &series));
    assert_near(series.p[0], 12, 1e-8);
    assert_near(series.p[1], 0, 1e-8);
    assert_true(ixs_branch_fit(9, points, IXS_BRANCH_KARMAN, 2, 1.1, &karman));
    assert_near(karman.p[0], 72, 1e-6);
    assert_near(karman.p[1], 0, 1e-6);
    double slope = 12 * 3.14159265358979 / 2.2;
    assert_near(ixs_branch_slope(&sine, 0, &err), slope, 1e-4);
    assert_near(ixs_branch_slope(&series, 0, NULL), slope, 1e-5);
    assert_near(ixs_branch_slope(&karman, 0, NULL), slope, 1e-5);
    assert_near(ixs_branch_slope(&karman, 1.1, NULL), 0, 1e-6);
    assert_near(ixs_branch_slope(&karman, 0.5, NULL), slope * cos(3.14159265358979 * 0.5 / 2.2),
                1e-5);
}

/* Slopes by parameters, through the error of energy and velocity: two of Phi, by hand. */
static void test_errors(void **state)
{
    (void)state;
    const double z = 0.9, pi = 3.14159265358979;
    struct ixs_branch law = {
        .law = IXS_BRANCH_KARMAN, .nterms = 2, .edge = z, .p = {60, 8}, .cov = {4, -0.5, -0.5, 1}};
    double velocity = pi / z * sqrt((60 + 4 * 8) / 2.0), err = NAN;
    assert_near(ixs_branch_slope(&law, 0, &err), velocity, 1e-5);
    double by[2] = {pi * pi / (z * z) / (4 * velocity), 4 * pi * pi / (z * z) / (4 * velocity)};
    double variance = 4 * by[0] * by[0] - by[0] * by[1] + by[1] * by[1];
    assert_near(err, sqrt(variance), 1e-5);
    double top = sqrt(2 * 60.0);
    assert_near(ixs_branch_energy_error(&law, z), 2 * 2 / (2 * top), 1e-9);
}

static void test_exact_curve(void **state)
{
    (void)state;
    struct ixs_branch_mode modes[9];
    struct ixs_branch laws[8];
    long chosen[9];
    for (size_t i = 0; i < 9; i++) {
        double q = 0.1 * (double)(i + 1);
        modes[i] = mode_of(i, q, 23 - 2.5 * q * q, 0.05);
    }
    assert_int_equal(find(9, modes, 0.4, NAN, laws, chosen), 1);
    assert_int_equal(laws[0].law, IXS_BRANCH_CURVED);
    assert_near(laws[0].p[0], 23, 1e-9);
    assert_near(laws[0].p[1], -2.5, 1e-9);
    assert_near(ixs_branch_energy(&laws[0], 1), 20.5, 1e-9);
}

static void test_too_few(void **state)
{
    (void)state;
    const struct ixs_branch_mode modes[2] = {mode_of(0, 0.1, 2, 0.1), mode_of(1, 0.2, 4, 0.1)};
    struct ixs_branch laws[8];
    long chosen[2];
    assert_int_equal(find(2, modes, 0.3, NAN, laws, chosen), 0);
    assert_int_equal(chosen[0], 0);
    assert_int_equal(find(0, modes, 0.3, NAN, laws, chosen), 0);
}

/* How many pairs of modes are wrongly together or apart. */
static size_t wrong_pairs(size_t n, const long *planted, const long *chosen)
{
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            wrong += (planted[i] == planted[k]) != (chosen[i] == chosen[k]);
    return wrong;
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
            modes[n++] = mode_of(s, q, levels[b] + gsl_ran_gaussian(rng, 0.08), 0.08);
        }
    }
    size_t found = find(n, modes, 0.3, NAN, laws, chosen);
    gsl_rng_free(rng);
    assert_int_equal(found, 3);
    assert_true(wrong_pairs(n, planted, chosen) <= n * n / 25); /* only where branches cross */
}

/* Slopes scatter about the truth by their own errors. */
static void test_pulls(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double sum = 0, squares = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
        struct ixs_regress_point points[8];
        struct ixs_branch fit;
        for (size_t i = 0; i < 8; i++) {
            double q = 0.05 * (double)(i + 1), err = 0.05 + 0.02 * (double)i;
            points[i] = point_of(q, 20 * q + gsl_ran_gaussian(rng, err), err);
        }
        assert_true(ixs_branch_fit(8, points, IXS_BRANCH_LINEAR, 1, NAN, &fit));
        double pull = (fit.p[0] - 20) / sqrt(fit.cov[0]);
        sum += pull;
        squares += pull * pull;
    }
    gsl_rng_free(rng);
    assert_true(fabs(sum / DRAWS) < 3 / sqrt(DRAWS));
    assert_near(squares / DRAWS, 1, 3 * sqrt(2.0 / DRAWS));
}

/* With a scatter far beyond the errors the slope still scatters by its error. */
static void test_scatter(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double squares = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
        struct ixs_regress_point points[20];
        struct ixs_branch fit;
        for (size_t i = 0; i < 20; i++) {
            double q = 0.02 * (double)(i + 1);
            points[i] = point_of(q, 20 * q + gsl_ran_gaussian(rng, 0.4), 0.01);
        }
        assert_true(ixs_branch_fit(20, points, IXS_BRANCH_LINEAR, 1, NAN, &fit));
        squares += pow(fit.p[0] - 20, 2) / fit.cov[0];
        assert_near(fit.scatter, 0.4, 0.3);
    }
    gsl_rng_free(rng);
    assert_near(squares / DRAWS, 1, 3 * sqrt(2.0 / DRAWS) + 0.1);
}

/* ---- crossing: an acoustic branch runs through a flat optic one, sharp and strong through broad
 * and weak; modes are missing, and near the crossing often only one of the two is found. */

struct planted {
    size_t n;
    struct ixs_branch_mode modes[MOST];
    long branch[MOST]; /* 0 acoustic, 1 optic */
};

/* Force constants between neighbouring planes, and `second` as large ones to the next. */
static double acoustic(double q, double second)
{
    return sqrt(128 * (1 - cos(PI * q)) + second * 128 * (1 - cos(2 * PI * q)));
}

static void plant(struct planted *out, gsl_rng *rng, double second)
{
    out->n = 0;
    for (size_t s = 0; s < 24; s++) {
        double q = 0.06 + 0.038 * (double)s, levels[2] = {acoustic(q, second), 10 - 1.5 * q * q};
        bool merged = fabs(levels[0] - levels[1]) < 0.5;
        for (long b = 0; b < 2; b++) {
            double width = b == 0 ? 0.5 + q : 2.0,
                   strength = b == 0 ? 4 / levels[0] : 0.8 / levels[1];
            double err = b == 0 ? 0.08 : 0.2;
            if (gsl_rng_uniform(rng) < 0.15 || (merged && gsl_rng_uniform(rng) < 0.5))
                continue;
            struct ixs_branch_mode mode =
                mode_of(s, q, levels[b] + gsl_ran_gaussian(rng, err), err);
            mode.width = width * exp(gsl_ran_gaussian(rng, 0.15));
            mode.width_err = 0.15 * width;
            mode.strength = strength * exp(gsl_ran_gaussian(rng, 0.1));
            mode.strength_err = 0.1 * strength;
            out->branch[out->n] = b;
            out->modes[out->n++] = mode;
        }
    }
}

/* Modes whose branch is not that of most of theirs. */
static size_t misplaced(const struct planted *planted, const long *chosen, long first)
{
    size_t wrong = 0;
    for (size_t i = 0; i < planted->n; i++)
        if (chosen[i] != (planted->branch[i] == 0 ? first : 3 - first))
            wrong++;
    return wrong;
}

static void cross(double second)
{
    const int sets = draws_or(200);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    size_t two = 0, modes = 0, wrong = 0, crossed = 0;
    double sum = 0, squares = 0;
    for (int set = 0; set < sets; set++) {
        struct planted planted;
        struct ixs_branch laws[8];
        long chosen[MOST];
        double err = 0;
        plant(&planted, rng, second);
        if (find(planted.n, planted.modes, 0.5, 1.0, laws, chosen) != 2)
            continue;
        two++;
        long first = ixs_branch_is_acoustic(laws[0].law) ? 1 : 2;
        modes += planted.n;
        wrong += misplaced(&planted, chosen, first);
        if (isfinite(ixs_branches_cross(&laws[0], &laws[1], 0.1, 0.9)))
            crossed++;
        double slope = ixs_branch_slope(&laws[first - 1], 0, &err);
        double pull = (slope - PI * sqrt(64 * (1 + 4 * second))) / err;
        sum += pull;
        squares += pull * pull;
    }
    gsl_rng_free(rng);
    print_message(
        "# %d sets: two branches in %zu, %zu of %zu modes misplaced, pull %.2f rms %.2f\n", sets,
        two, wrong, modes, sum / sets, sqrt(squares / sets));
    assert_int_equal(two, (size_t)sets);
    assert_int_equal(crossed, (size_t)sets);
    assert_true((double)wrong < 0.02 * (double)modes);
    assert_true(fabs(sum / sets) < 3 / sqrt(sets));
    assert_near(squares / sets, 1, 3 * sqrt(2.0 / sets));
}

static void test_crossing(void **state)
{
    (void)state;
    cross(0);
}

/* A branch that bends over before the edge is still one branch. */
static void test_second_neighbours(void **state)
{
    (void)state;
    cross(0.3);
}

/* Lower limits pull a law up where it is below them, and no farther. */
static void test_limits(void **state)
{
    (void)state;
    struct ixs_regress_point points[7];
    struct ixs_branch without, low, high;
    for (size_t i = 0; i < 6; i++)
        points[i] = point_of(0.1 * (double)(i + 1), 2.0 * (double)(i + 1), 0.3);
    assert_true(ixs_branch_fit(6, points, IXS_BRANCH_LINEAR, 1, NAN, &without));
    points[6] = (struct ixs_regress_point){0.6, 4, 0.3, 0.3, true};
    assert_true(ixs_branch_fit(7, points, IXS_BRANCH_LINEAR, 1, NAN, &low));
    assert_near(low.p[0], without.p[0], 1e-6);
    assert_int_equal(low.nlimits, 1);
    assert_int_equal(low.nmodes, 6);
    points[6].y = 12.6;
    assert_true(ixs_branch_fit(7, points, IXS_BRANCH_LINEAR, 1, NAN, &high));
    assert_true(high.p[0] > without.p[0] + 0.1 * sqrt(without.cov[0]));
    assert_true(high.p[0] < 21);
    /* the deviance rises by 1 from far above to the limit itself */
    assert_near(ixs_regress_rise(&points[6], points[6].y, 0), 1, 1e-3);
    assert_near(ixs_regress_rise(&points[6], points[6].y + 3, 0), 0, 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_line), cmocka_unit_test(test_exact_sine),
        cmocka_unit_test(test_errors),     cmocka_unit_test(test_exact_curve),
        cmocka_unit_test(test_too_few),    cmocka_unit_test(test_three_branches),
        cmocka_unit_test(test_pulls),      cmocka_unit_test(test_scatter),
        cmocka_unit_test(test_crossing),   cmocka_unit_test(test_second_neighbours),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
