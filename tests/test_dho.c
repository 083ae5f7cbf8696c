/* SPDX-License-Identifier: GPL-3.0-or-later
 * The damped oscillator: sum rules, the relations of FIELD.md 4.2, limits.
 */
#include "models/line/dho.h"

#include "base/units.h"
#include "tests/near.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

struct asked {
    struct ixs_dho mode;
    double kelvin;
};

static double value(double e, void *context)
{
    const struct asked *asked = context;
    return ixs_dho_value(&asked->mode, asked->kelvin, e);
}

static double first_moment(double e, void *context)
{
    return e * value(e, context);
}

static double susceptibility(double e, void *context)
{
    const struct asked *asked = context;
    return ixs_dho_chi(&asked->mode, e) / e;
}

/* Over all energies, the half lines cut at the line's own scale. Tails that fall like 1/E^2 are
 * left to the substitution of QAGIU. */
static double integral(double (*function)(double, void *), struct asked *asked)
{
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(4000);
    gsl_function f = {function, asked};
    double cuts[] = {1e-9, 0.5 * asked->mode.omega0, asked->mode.omega0, 2.0 * asked->mode.omega0,
                     10.0 * asked->mode.omega0 + 3.0 * asked->mode.fwhm};
    double sum = 0.0, part, error;
    for (int side = -1; side <= 1; side += 2) {
        for (int k = 0; k < 4; k++) {
            double a = side * cuts[k], b = side * cuts[k + 1];
            gsl_integration_qag(&f, fmin(a, b), fmax(a, b), 0.0, 1e-10, 4000, 3, space, &part,
                                &error);
            sum += part;
        }
        if (side > 0)
            gsl_integration_qagiu(&f, cuts[4], 0.0, 1e-9, 4000, space, &part, &error);
        else
            gsl_integration_qagil(&f, -cuts[4], 1e-14, 1e-9, 4000, space, &part, &error);
        sum += part;
    }
    gsl_integration_workspace_free(space);
    return sum;
}

static void test_sum_rules(void **state)
{
    (void)state;
    static const double kelvins[] = {10.0, 300.0, 900.0}, ratios[] = {0.05, 0.5, 1.9, 2.0, 4.0};
    for (size_t t = 0; t < 3; t++)
        for (size_t r = 0; r < 5; r++) {
            struct asked asked = {{7.3, 7.3 * ratios[r], 1.7}, kelvins[t]};
            assert_near(integral(first_moment, &asked), 1.7 * 7.3, 1e-6 * 1.7 * 7.3);
            assert_near(integral(susceptibility, &asked), 2.0 * 1.7 / 7.3, 1e-7);
            assert_near(integral(value, &asked), ixs_dho_area(&asked.mode, kelvins[t]), 1e-6);
        }
}

/* Int S for A = 1, O = 7.3 (FIELD.md 4.2). */
static void test_area_table(void **state)
{
    (void)state;
    static const struct {
        double kelvin, area[3];
    } table[] = {{300.0, {7.12970, 7.1291, 7.1281}},
                 {900.0, {21.26390, 21.26383, 21.26372}},
                 {10.0, {0.9927, 0.9009, 0.7871}}};
    static const double widths[] = {0.2, 3.0, 8.0};
    for (size_t t = 0; t < 3; t++)
        for (size_t w = 0; w < 3; w++) {
            struct ixs_dho mode = {7.3, widths[w], 1.0};
            assert_near(ixs_dho_area(&mode, table[t].kelvin), table[t].area[w], 1e-4);
        }
    struct ixs_dho cold = {7.3, 3.0, 1.0}; /* T -> 0 in closed form */
    double w = ixs_dho_damped(&cold);
    double limit = 7.3 / (IXS_PI * w) * (IXS_PI / 2.0 + atan((7.3 * 7.3 - 4.5) / (3.0 * w)));
    assert_near(ixs_dho_area(&cold, 0.05), limit, 1e-4);
    struct ixs_dho sharp = {7.3, 0.0, 1.0};
    assert_near(ixs_dho_area(&sharp, 300.0), 1.0 / tanh(7.3 / (2.0 * IXS_BOLTZMANN * 300.0)), 1e-9);
    assert_near(ixs_dho_area(&sharp, (double)NAN), 1.0, 0.0);
}

/* Peak of chi'' for O = 10 (FIELD.md 4.2), found by search. */
static void test_chi_peaks(void **state)
{
    (void)state;
    static const double table[][2] = {
        {1.0, 9.9875}, {5.0, 9.688}, {10.0, 8.761}, {20.0, 5.774}, {30.0, 3.675}};
    for (size_t k = 0; k < 5; k++) {
        struct ixs_dho mode = {10.0, table[k][0], 1.0};
        double best = 0.0, height = 0.0;
        for (double e = 0.01; e < 15.0; e += 0.0005)
            if (ixs_dho_chi(&mode, e) > height) {
                height = ixs_dho_chi(&mode, e);
                best = e;
            }
        assert_near(best, table[k][1], 1e-3);
    }
}

static void test_balance(void **state)
{
    (void)state;
    struct ixs_dho mode = {8.0, 3.0, 2.0};
    double kt = IXS_BOLTZMANN * 120.0;
    for (double e = 0.3; e < 60.0; e *= 1.6) {
        double up = ixs_dho_value(&mode, 120.0, e), down = ixs_dho_value(&mode, 120.0, -e);
        assert_near(down / up, exp(-e / kt), 1e-12);
        assert_near(up * (1.0 - exp(-e / kt)), ixs_dho_chi(&mode, e), 1e-14);
    }
    assert_near(ixs_dho_value(&mode, 120.0, 0.0), 2.0 * kt * 2.0 * 3.0 / (IXS_PI * 512.0), 1e-12);
}

static void test_damped(void **state)
{
    (void)state;
    assert_near(ixs_dho_damped(&(struct ixs_dho){5.0, 6.0, 1.0}), 4.0, 1e-14);
    assert_near(ixs_dho_damped(&(struct ixs_dho){5.0, 10.0, 1.0}), 0.0, 0.0);
    assert_near(ixs_dho_damped(&(struct ixs_dho){5.0, 11.0, 1.0}), 0.0, 0.0);
}

/* FWHM 0 is A {(n + 1) R(E - O) + n R(E + O)}. */
static void test_delta_lines(void **state)
{
    (void)state;
    const struct ixs_response response = {.nparts = 2,
                                          .parts = {{0.7, -0.05, 1.5, 0.3}, {0.3, 0.2, 2.2, 0.6}}};
    struct ixs_dho mode = {6.0, 0.0, 3.0};
    struct ixs_bose bose, none;
    ixs_bose_make(&bose, 150.0, 300.0);
    ixs_bose_make(&none, (double)NAN, 300.0);
    double n = ixs_bose_factor(150.0, 6.0) - 1.0;
    for (double e = -15.0; e <= 15.0; e += 0.7) {
        double right = ixs_response_value(&response, e - 6.0);
        double left = ixs_response_value(&response, e + 6.0);
        assert_near(ixs_dho_convolved(&mode, &bose, &response, e, NULL),
                    3.0 * ((n + 1.0) * right + n * left), 1e-12);
        assert_near(ixs_dho_convolved(&mode, &none, &response, e, NULL), 1.5 * (right + left),
                    1e-12);
    }
}

/* Through a very sharp response the convolution is S itself, detailed balance included. */
static void test_sharp_response(void **state)
{
    (void)state;
    const struct ixs_response sharp = {.nparts = 1, .parts = {{1.0, 0.0, 1e-4, 0.0}}};
    static const double widths[] = {1.0, 6.0, 15.9, 16.0, 30.0};
    struct ixs_bose bose;
    ixs_bose_make(&bose, 120.0, 500.0);
    for (size_t k = 0; k < 5; k++)
        for (double e = 0.4; e < 30.0; e *= 1.5) {
            struct ixs_dho mode = {8.0, widths[k], 2.0};
            double up = ixs_dho_convolved(&mode, &bose, &sharp, e, NULL);
            double down = ixs_dho_convolved(&mode, &bose, &sharp, -e, NULL);
            assert_near(up / ixs_dho_value(&mode, 120.0, e), 1.0, 1e-6);
            assert_near(down / up, exp(-e / bose.kt), 1e-6);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sum_rules),      cmocka_unit_test(test_area_table),
        cmocka_unit_test(test_chi_peaks),      cmocka_unit_test(test_balance),
        cmocka_unit_test(test_damped),         cmocka_unit_test(test_delta_lines),
        cmocka_unit_test(test_sharp_response),
    };
    return cmocka_run_group_tests_name("dho", tests, NULL, NULL);
}
