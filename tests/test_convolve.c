/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pole form of the convolution against quadrature, and its derivatives against differences:
 * from 5 to 900 K, from delta lines to far overdamped, through critical damping and where an
 * overdamped pole meets one of the Bose factor's.
 */
#include "models/line/convolve.h"

#include "base/array.h"
#include "base/units.h"
#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static const struct ixs_response response = {
    .nparts = 2, .parts = {{0.7, -0.05, 1.5, 0.3}, {0.3, 0.2, 2.2, 0.6}}};
static const double kelvins[] = {5.0, 10.0, 30.0, 100.0, 300.0, 900.0, (double)NAN};
static const double energies[] = {3.0, 10.0, 25.0};
static const double ratios[] = {0.01,     0.1, 0.3,      0.6,  1.0,   1.9, 1.99, 1.9999,
                                1.999999, 2.0, 2.000001, 2.01, 2.001, 2.5, 3.0,  4.0};
enum { KELVINS = 7, ENERGIES = 3, RATIOS = 16 };

static double highest(const struct ixs_dho *mode, const struct ixs_bose *bose)
{
    double most = 0.0;
    for (double e = -30.0; e <= 40.0; e += 0.5)
        most = fmax(most, ixs_dho_convolved(mode, bose, &response, e, NULL));
    return most;
}

static double quadrature(const struct ixs_dho *mode, double kelvin, double e)
{
    struct ixs_err err = IXS_ERR_NONE;
    double value;
    const struct ixs_convolve what = {.kind = IXS_LINE_DHO,
                                      .shape = {mode->omega0, mode->fwhm},
                                      .kelvin = kelvin,
                                      .response = &response};
    if (!ixs_convolve(&what, e, 1e-11, &value, &err))
        fail_msg("%s", err.text);
    return mode->strength * value;
}

static void test_values(void **state)
{
    (void)state;
    double worst = 0.0;
    for (size_t t = 0; t < KELVINS; t++)
        for (size_t o = 0; o < ENERGIES; o++)
            for (size_t r = 0; r < RATIOS; r++) {
                struct ixs_dho mode = {energies[o], ratios[r] * energies[o], 1.0};
                struct ixs_bose bose;
                ixs_bose_make(&bose, kelvins[t], 320.0); /* 8 x 40 meV, as for a spectrum */
                double scale = highest(&mode, &bose);
                for (double e = -30.0; e <= 40.0; e += 6.9) {
                    double value = ixs_dho_convolved(&mode, &bose, &response, e, NULL);
                    double miss = fabs(value - quadrature(&mode, kelvins[t], e)) / scale;
                    worst = fmax(worst, miss);
                }
            }
    print_message("# largest difference from quadrature: %.1e of the peak\n", worst);
    assert_near(worst, 0.0, 1e-9);
}

/* An overdamped pole at -i nu: G = nu + O^2/nu for the faster pole (or the slower). */
static void test_meeting_poles(void **state)
{
    (void)state;
    static const double offsets[] = {-1e-3, -1e-6, 0.0, 1e-10, 1e-7, 1e-4, 1e-2};
    struct ixs_bose bose;
    ixs_bose_make(&bose, 20.0, 320.0);
    for (size_t j = 0; j < 3; j++)
        for (size_t k = 0; k < IXS_COUNT(offsets); k++) {
            double o = 0.9 * bose.nu[j], nu = bose.nu[j] * (1.0 + offsets[k]);
            struct ixs_dho mode = {o, nu + o * o / nu, 1.0};
            for (double e = -7.0; e < 12.0; e += 3.1) {
                double value = ixs_dho_convolved(&mode, &bose, &response, e, NULL);
                assert_near(value / quadrature(&mode, 20.0, e), 1.0, 1e-8);
            }
        }
}

/* Fourth-order difference of the pole form with respect to energy, omega0, fwhm or strength. */
static double difference(const struct ixs_dho *mode, const struct ixs_bose *bose, double e, int k)
{
    static const double weights[4] = {1.0 / 12.0, -2.0 / 3.0, 2.0 / 3.0, -1.0 / 12.0};
    static const double steps[4] = {-2.0, -1.0, 1.0, 2.0};
    double h = 2e-3, sum = 0.0;
    for (int s = 0; s < 4; s++) {
        struct ixs_dho moved = *mode;
        double at = e + (k == 0 ? steps[s] * h : 0.0);
        moved.omega0 += k == 1 ? steps[s] * h : 0.0;
        moved.fwhm += k == 2 ? steps[s] * h : 0.0;
        moved.strength += k == 3 ? steps[s] * h : 0.0;
        sum += weights[s] * ixs_dho_convolved(&moved, bose, &response, at, NULL);
    }
    return sum / h;
}

static void test_slopes(void **state)
{
    (void)state;
    double worst[4] = {0.0};
    for (size_t t = 0; t < KELVINS; t++)
        for (size_t o = 0; o < ENERGIES; o++)
            for (size_t r = 0; r < RATIOS; r++) {
                struct ixs_dho mode = {energies[o], ratios[r] * energies[o], 1.0};
                struct ixs_bose bose;
                ixs_bose_make(&bose, kelvins[t], 320.0);
                double scale = highest(&mode, &bose), slopes[4];
                for (double e = -30.0; e <= 40.0; e += 6.9)
                    for (int k = 0; k < 4; k++) {
                        ixs_dho_convolved(&mode, &bose, &response, e, slopes);
                        double miss = slopes[k] - difference(&mode, &bose, e, k);
                        worst[k] = fmax(worst[k], fabs(miss) / scale);
                    }
            }
    print_message("# largest difference of slopes: %.1e %.1e %.1e %.1e of the peak per meV\n",
                  worst[0], worst[1], worst[2], worst[3]);
    for (int k = 0; k < 4; k++)
        assert_near(worst[k], 0.0, 1e-7);
}

/* At width 0 the slope is one-sided. */
static void test_slope_at_zero_width(void **state)
{
    (void)state;
    struct ixs_bose bose;
    ixs_bose_make(&bose, 300.0, 320.0);
    for (double e = -12.0; e < 13.0; e += 2.3) {
        struct ixs_dho none = {8.0, 0.0, 1.0}, one = none, two = none;
        const double h = 1e-3;
        double slopes[4], f0 = ixs_dho_convolved(&none, &bose, &response, e, slopes);
        one.fwhm = h;
        two.fwhm = 2.0 * h;
        double f1 = ixs_dho_convolved(&one, &bose, &response, e, NULL);
        double f2 = ixs_dho_convolved(&two, &bose, &response, e, NULL);
        assert_near(slopes[2], (4.0 * f1 - 3.0 * f0 - f2) / (2.0 * h), 2e-6);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_meeting_poles),
        cmocka_unit_test(test_slopes),
        cmocka_unit_test(test_slope_at_zero_width),
    };
    return cmocka_run_group_tests_name("convolve", tests, NULL, NULL);
}
