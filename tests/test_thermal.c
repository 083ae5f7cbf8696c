/* SPDX-License-Identifier: GPL-3.0-or-later
 * Laws against temperature and the conductivity that follows, against closed forms.
 */
#include "models/thermal/kappa.h"
#include "models/thermal/thermal.h"

#include "tests/near.h"

#include "base/units.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { N = 6 };
static const double kelvins[N] = {50, 100, 200, 300, 400, 500};

/* Widths and energies with errors of one part in a thousand. */
static struct ixs_thermal_point point(double kelvin, double omega, double width)
{
    struct ixs_thermal_point out = {.kelvin = kelvin,
                                    .omega0 = omega,
                                    .omega0_err = 1e-3 * omega,
                                    .fwhm = width,
                                    .fwhm_err = 1e-3 * width,
                                    .fwhm_lo = 0.999 * width,
                                    .fwhm_hi = 1.001 * width,
                                    .correlation = NAN,
                                    .relaxation = omega * omega / width,
                                    .relaxation_lo = 0.997 * omega * omega / width,
                                    .relaxation_hi = 1.003 * omega * omega / width};
    ixs_thermal_tell(&out);
    return out;
}

static double occupation(double energy, double kelvin)
{
    return 1.0 / (exp(energy / (IXS_BOLTZMANN * kelvin)) - 1.0);
}

static void test_terms_return(void **state)
{
    (void)state;
    const double w = 8.0;
    struct ixs_thermal_point points[N];
    struct ixs_thermal_fit fit;
    for (int i = 0; i < N; i++) {
        double t = kelvins[i], third = occupation(w / 3, t);
        double three = 1 + 2 * occupation(w / 2, t), four = 1 + 3 * third + 3 * third * third;
        points[i] = point(t, i == 0 ? w : 9.0 - 0.1 * three, 0.3 + 0.2 * three + 0.004 * four);
    }
    assert_true(ixs_thermal_fit(N, points, IXS_THERMAL_THREE_REST, IXS_THERMAL_ALL, &fit));
    assert_near(fit.omega_ref, w, 0);
    points[0] = point(kelvins[0], ixs_thermal_omega(&fit, NULL, kelvins[0]), points[0].fwhm);
    points[0].omega0 = w; /* w is its energy; the law need not pass through it */
    points[0].omega0_err = 100;
    assert_true(ixs_thermal_fit(N, points, IXS_THERMAL_THREE_REST, IXS_THERMAL_ALL, &fit));
    assert_int_equal(fit.nparameters, 5);
    assert_near(fit.p[0], 9.0, 1e-4);
    assert_near(fit.p[1], -0.1, 1e-5);
    assert_near(fit.p[2], 0.3, 1e-4);
    assert_near(fit.p[3], 0.2, 1e-4);
    assert_near(fit.p[4], 0.004, 1e-5);
    assert_true(fit.chi2 < 1e-4);
    assert_int_equal(fit.dof, 2 * N - 5);
}

static void fill_powers(struct ixs_thermal_point *points, double omega_power, double width_power)
{
    for (int i = 0; i < N; i++)
        points[i] = point(kelvins[i], 5.0 * pow(kelvins[i] / 300, omega_power),
                          8.0 * pow(kelvins[i] / 300, width_power));
}

/* Errors of a straight line in ln T by hand, and the crossing in closed form. */
static void test_powers(void **state)
{
    (void)state;
    struct ixs_thermal_point points[N];
    struct ixs_thermal_fit fit;
    double mean = 0, square = 0, kelvin, error;
    for (int i = 0; i < N; i++)
        mean += log(kelvins[i]) / N;
    for (int i = 0; i < N; i++)
        square += pow(log(kelvins[i]) - mean, 2);
    fill_powers(points, -0.1, 1.2);
    for (int i = 0; i < N; i++)
        points[i].told = IXS_THERMAL_BOTH; /* each by itself, whatever the damping */
    assert_true(ixs_thermal_fit(N, points, IXS_THERMAL_POWER, IXS_THERMAL_POWER, &fit));
    assert_near(fit.p[1], -0.1, 1e-6);
    assert_near(fit.p[3], 1.2, 1e-6);
    assert_near(sqrt(fit.cov[1 * 4 + 1]), 1e-3 / sqrt(square), 1e-8);
    assert_near(sqrt(fit.cov[3 * 4 + 3]), 1e-3 / sqrt(square), 1e-8);
    assert_true(ixs_thermal_crossing(&fit, 2, 25, 750, &kelvin, &error));
    assert_near(kelvin, 300 * pow(10.0 / 8.0, 1 / 1.3), 1e-3);
    /* d ln T = d ln(FWHM/OMEGA0)/1.3 */
    double x = log(kelvin) - mean, by_hand = 1e-3 * sqrt(2.0 * (1.0 / N + x * x / square)) / 1.3;
    assert_near(error / kelvin, by_hand, 1e-3 * by_hand);
    assert_false(ixs_thermal_crossing(&fit, 2, 25, 300, &kelvin, &error));
    assert_true(isnan(kelvin) && isnan(error));
}

/* Where only OMEGA0^2/FWHM is told the widths follow from the energies of the others. */
static void test_relaxations(void **state)
{
    (void)state;
    struct ixs_thermal_point points[N];
    struct ixs_thermal_fit fit;
    fill_powers(points, 0.0, 1.0);
    for (int i = 3; i < N; i++) {
        points[i].omega0_err = NAN;
        points[i].omega0 = points[i].fwhm = 1e3; /* anything */
        ixs_thermal_tell(&points[i]);
        assert_int_equal(points[i].told, IXS_THERMAL_RELAXATION);
    }
    assert_true(ixs_thermal_fit(N, points, IXS_THERMAL_CONSTANT, IXS_THERMAL_POWER, &fit));
    assert_near(ixs_thermal_width(&fit, NULL, 500), 8.0 * 500 / 300, 1e-4);
    assert_int_equal(fit.ndata, 3 * 2 + 3);
}

/* A width pressed against 0 whose interval ends at `hi`: chi squared is 1 higher there than at 0,
 * and 2.706 higher where q tilde's limit is. */
static void test_limit(void **state)
{
    (void)state;
    struct ixs_thermal_point points[2] = {point(100, 5, 1), point(200, 5, 1)};
    struct ixs_thermal_fit fit;
    const double sigma = 0.5, end = 0.3;
    points[0].unresolved = true;
    points[0].fwhm = 0;
    points[0].fwhm_err = sigma;
    points[0].fwhm_lo = 0;
    points[0].fwhm_hi = end;
    ixs_thermal_tell(&points[0]);
    assert_int_equal(points[0].told, IXS_THERMAL_LIMIT);
    points[1].fwhm_err = sigma;
    points[1].fwhm_lo = 1 - sigma;
    points[1].fwhm_hi = 1 + sigma;
    assert_true(ixs_thermal_fit(2, points, IXS_THERMAL_CONSTANT, IXS_THERMAL_CONSTANT, &fit));
    double below =
        (sigma * sigma - end * end) / (2 * end); /* (end + below)^2 - below^2 = sigma^2 */
    assert_near(fit.p[1], 0.5 * (1 - below), 1e-6);
    assert_near(sqrt(fit.cov[3]), sigma / sqrt(2), 1e-6);
}

/* Long intervals upwards pull less from above than from below. */
static void test_asymmetric(void **state)
{
    (void)state;
    struct ixs_thermal_point points[3];
    struct ixs_thermal_fit even, skew;
    for (int i = 0; i < 3; i++) {
        points[i] = point(100 * (i + 1), 50, i == 0 ? 1.0 : 2.0);
        points[i].fwhm_lo = points[i].fwhm - 0.3;
        points[i].fwhm_hi = points[i].fwhm + 0.3;
    }
    assert_true(ixs_thermal_fit(3, points, IXS_THERMAL_CONSTANT, IXS_THERMAL_CONSTANT, &even));
    points[0].fwhm_hi = points[0].fwhm + 0.9;
    assert_true(ixs_thermal_fit(3, points, IXS_THERMAL_CONSTANT, IXS_THERMAL_CONSTANT, &skew));
    assert_near(even.p[1], 5.0 / 3.0, 1e-6);
    assert_true(skew.p[1] > even.p[1] + 0.1 && skew.p[1] < 2);
}

static void test_choice(void **state)
{
    (void)state;
    struct ixs_thermal_point points[N];
    struct ixs_thermal_fit fit;
    for (int i = 0; i < N; i++)
        points[i] = point(kelvins[i], 8, 0.2 * (1 + 2 * occupation(4, kelvins[i])));
    assert_true(ixs_thermal_choose(N, points, IXS_THERMAL_CHOOSE, IXS_THERMAL_CHOOSE, &fit));
    assert_int_equal(fit.width_law, IXS_THERMAL_THREE);
    assert_int_equal(fit.omega_law, IXS_THERMAL_CONSTANT);
    fill_powers(points, -0.05, 0.5);
    assert_true(ixs_thermal_choose(N, points, IXS_THERMAL_CHOOSE, IXS_THERMAL_CHOOSE, &fit));
    assert_int_equal(fit.width_law, IXS_THERMAL_POWER);
    assert_false(ixs_thermal_fit(1, points, IXS_THERMAL_POWER, IXS_THERMAL_POWER, &fit));
}

static void test_outlier(void **state)
{
    (void)state;
    struct ixs_thermal_point points[N];
    struct ixs_thermal_fit fit;
    fill_powers(points, 0.0, 1.0);
    points[2] = point(kelvins[2], 6.0, 1.0);
    assert_true(ixs_thermal_carry(N, points, IXS_THERMAL_POWER, &fit));
    assert_true(ixs_thermal_trim(N, points, IXS_THERMAL_POWER, &fit));
    assert_int_equal(points[2].told, IXS_THERMAL_OUTLIER);
    assert_near(fit.p[3], 1.0, 1e-6);
    fill_powers(points, 0.0, 1.0);
    assert_true(ixs_thermal_carry(N, points, IXS_THERMAL_POWER, &fit));
    assert_false(ixs_thermal_trim(N, points, IXS_THERMAL_POWER, &fit));
}

/* The straight line by hand: two points have no freedom, three one. */
static void test_power_alone(void **state)
{
    (void)state;
    const double kelvin[3] = {100, 200, 400}, value[3] = {1, 2, 8};
    const double lo[3] = {0.9, 1.8, 7.2}, hi[3] = {1 / 0.9, 2 / 0.9, 8 / 0.9};
    const double s = -log(0.9), l = log(2.0);
    struct ixs_thermal_power power;
    assert_true(ixs_thermal_power(3, kelvin, value, lo, hi, &power));
    assert_near(power.exponent, 1.5, 1e-12);
    assert_near(power.exponent_err, s / (l * sqrt(2)), 1e-12);
    assert_near(power.value, pow(16.0, 1.0 / 3), 1e-12);
    /* residuals l/6, -l/3, l/6 */
    assert_near(power.chi2, l * l / 6 / (s * s), 1e-9);
    assert_false(ixs_thermal_power(1, kelvin, value, lo, hi, &power));
}

/* ---- conductivity ---------------------------------------------------------------------------- */

static const struct ixs_thermal_fit plain = {.omega_law = IXS_THERMAL_CONSTANT,
                                             .width_law = IXS_THERMAL_POWER,
                                             .kelvin_ref = 300,
                                             .omega_ref = 2,
                                             .nparameters = 3,
                                             .p = {2, 0.5, 1},
                                             .cov = {0, 0, 0, 0, 0.0025, 0, 0, 0, 0.01}};

static void test_share(void **state)
{
    (void)state;
    struct ixs_kappa_mode mode = {
        .fit = &plain, .q = 0.5, .velocity = 3, .velocity_err = 0.3, .velocity_kelvin = 300};
    ixs_kappa_shells(1, &mode, 1.0);
    /* (1/3) k v^2 tau q^3/(6 pi^2), SI */
    double tau = 1.054571817e-34 / (0.5 * 1.602176634e-22), v = 3e3;
    double kappa = 1.380649e-23 * v * v * tau / 3 * 1e30 / (6 * IXS_PI * IXS_PI);
    double heat = ixs_kappa_heat(2, 300);
    assert_near(heat, 1 - pow(2 / (IXS_BOLTZMANN * 300), 2) / 12, 1e-5);
    assert_near(ixs_kappa_heat(1e-9, 300), 1, 1e-12);
    assert_near(ixs_kappa_share(&mode, NULL, 300), kappa * heat, 1e-8);
    assert_near(ixs_kappa_share_of(&mode, 300, 0.25), 2 * kappa * heat, 1e-8);
    /* 10 % of the width, twice 10 % of the velocity */
    assert_near(ixs_kappa_share_error(&mode, 300), kappa * heat * sqrt(0.01 + 0.04), 1e-5);
}

static void test_shells(void **state)
{
    (void)state;
    struct ixs_kappa_mode modes[4] = {{.branch = 1, .q = 0.6},
                                      {.branch = 1, .q = 0.2},
                                      {.branch = 2, .q = 0.3},
                                      {.branch = 1, .q = 0.6}};
    ixs_kappa_shells(4, modes, 0.8);
    assert_near(modes[1].q_lo, 0, 0);
    assert_near(modes[1].q_hi, 0.4, 1e-12);
    assert_near(modes[0].q_lo, 0.4, 1e-12);
    assert_near(modes[0].q_hi, 0.6, 1e-12);
    assert_near(modes[3].q_lo, 0.6, 1e-12);
    assert_near(modes[3].q_hi, 0.8, 1e-12);
    assert_near(modes[2].q_hi, 0.8, 1e-12);
}

/* A velocity errs at all temperatures alike: it does not touch the exponent. */
static void test_exponent(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_kappa kappa;
    const double hot[4] = {300, 600, 1200, 2400};
    struct ixs_kappa_mode mode = {
        .fit = &plain, .q = 0.5, .velocity = 3, .velocity_err = 2, .velocity_kelvin = 300};
    double exponent, error;
    ixs_kappa_shells(1, &mode, 1.0);
    assert_true(ixs_kappa_sum(1, &mode, 4, hot, NULL, &kappa, &err));
    ixs_kappa_exponent(&kappa, hot, &exponent, &error);
    assert_near(exponent, -1, 1e-3); /* less what the heat capacity still rises by */
    assert_near(error, 0.1, 1e-4);
    ixs_kappa_dispose(&kappa);
    assert_true(ixs_kappa_sum(1, &mode, 1, hot, NULL, &kappa, &err));
    ixs_kappa_exponent(&kappa, hot, &exponent, &error);
    assert_true(isnan(exponent) && isnan(error));
    ixs_kappa_dispose(&kappa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms_return), cmocka_unit_test(test_powers),
        cmocka_unit_test(test_relaxations),  cmocka_unit_test(test_limit),
        cmocka_unit_test(test_asymmetric),   cmocka_unit_test(test_choice),
        cmocka_unit_test(test_outlier),      cmocka_unit_test(test_power_alone),
        cmocka_unit_test(test_share),        cmocka_unit_test(test_shells),
        cmocka_unit_test(test_exponent),
    };
    return cmocka_run_group_tests_name("thermal", tests, NULL, NULL);
}
