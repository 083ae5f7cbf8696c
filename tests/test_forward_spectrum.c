/* SPDX-License-Identifier: GPL-3.0-or-later
 * The simulator's line shapes against sum rules, closed forms and another program's quadrature.
 */
#include "calib/forward/forward.h"

#include "base/array.h"
#include "base/units.h"
#include "tests/near.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct ixs_forward_response three = {
    3, {{0.62, 0.05, 1.40, 0.15}, {0.30, -0.10, 2.10, 0.80}, {0.08, 0.30, 6.0, 1.0}}};

/* mpmath 1.2, quad to 13 digits on 130 intervals, 4000 meV to each side. */
static void test_blurred_against_mpmath(void **state)
{
    static const struct {
        double energy, omega0, fwhm, kelvin, truth;
    } cases[] = {
        {10, 10, 0.02, 300, 1.545553156417},    {10.7, 10, 0.02, 300, 0.8993279946545},
        {-9.3, 10, 0.02, 300, 0.6129302249724}, {4.5, 5, 0.3, 300, 1.857964251677},
        {0, 5, 0.3, 300, 0.1014311382618},      {12, 10, 3, 300, 0.2137274990546},
        {-3, 10, 3, 20, 0.002477252348469},     {0.5, 4, 20, 300, 2.861846033774},
        {3, 4, 20, 5, 0.04115730945069},        {17.3, 15, 2, 5, 0.06143679644643},
    };
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        const struct ixs_forward_mode mode = {"", cases[i].omega0, cases[i].fwhm, 1.0};
        assert_near(ixs_forward_blurred(&mode, cases[i].kelvin, &three, cases[i].energy),
                    cases[i].truth, 1e-11 * cases[i].truth + 1e-12);
    }
}

struct moment {
    struct ixs_forward_mode mode;
    double kelvin;
};

static double first_moment(double x, const void *context)
{
    const struct moment *m = context;
    return x * ixs_forward_dho(&m->mode, m->kelvin, x);
}

/* chi''(E)/E = S (1 - exp(-E/kT))/E, an even function */
static double susceptibility(double x, const void *context)
{
    const struct moment *m = context;
    return ixs_forward_dho(&m->mode, m->kelvin, x) * -expm1(-x / (IXS_BOLTZMANN * m->kelvin)) / x;
}

/* A spike as narrow as the narrowest pole at each place where there may be one. */
static double integral(ixs_forward_function *f, const struct moment *m, double lo, double hi)
{
    const double half = 0.5 * m->mode.fwhm, o = m->mode.omega0;
    const double real = o > half ? sqrt(o * o - half * half) : 0.0;
    const double slow = o > half ? half : o * o / (half + sqrt(half * half - o * o));
    const struct ixs_forward_spike spikes[3] = {
        {0.0, IXS_BOLTZMANN * m->kelvin}, {real, slow}, {-real, slow}};
    return ixs_forward_integral(f, m, 3, spikes, lo, hi);
}

/* Exactly int E S = A O and int chi''/E = 2A/O; beyond X the first lacks 2 G A O/(pi X). */
static void test_sum_rules(void **state)
{
    static const double fwhms[] = {0.02, 0.5, 3, 20, 30}, kelvins[] = {5, 300};
    const double reach = 1e7, a = 1.7, o = 7.3;
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(fwhms); i++)
        for (size_t j = 0; j < IXS_COUNT(kelvins); j++) {
            const struct moment m = {{"", o, fwhms[i], a}, kelvins[j]};
            const double tail = 2.0 * fwhms[i] * a * o / (IXS_PI * reach);
            assert_near(integral(first_moment, &m, -reach, reach) + tail, a * o, 1e-9 * a * o);
            assert_near(2.0 * integral(susceptibility, &m, 0.0, reach), 2.0 * a / o, 1e-9);
        }
}

/* FIELD.md 4.2: the integral of S is A coth(O/2kT) only for a narrow line. */
static void test_areas(void **state)
{
    static const struct {
        double fwhm, kelvin, truth, digits;
    } cases[] = {
        {0.2, 300, 7.12970, 5e-6},  {3, 300, 7.1291, 5e-5},   {8, 300, 7.1281, 5e-5},
        {0.2, 900, 21.26390, 5e-6}, {8, 900, 21.26372, 5e-6}, {0.2, 10, 0.9927, 5e-5},
        {3, 10, 0.9009, 5e-5},      {8, 10, 0.7871, 5e-5},
    };
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        const struct ixs_forward_mode mode = {"", 7.3, cases[i].fwhm, 1.0};
        assert_near(ixs_forward_area(&mode, cases[i].kelvin), cases[i].truth, 2 * cases[i].digits);
    }
}

static void test_detailed_balance(void **state)
{
    static const double energies[] = {0.01, 1, 4.3, 9.9, 25, 80};
    const struct ixs_forward_mode modes[] = {{"", 10, 0.02, 1}, {"", 4, 20, 1}};
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(energies); i++)
        for (size_t m = 0; m < IXS_COUNT(modes); m++) {
            const double up = ixs_forward_dho(&modes[m], 77, energies[i]),
                         down = ixs_forward_dho(&modes[m], 77, -energies[i]);
            assert_near(down / up, exp(-energies[i] / (8.617333262e-2 * 77)), 1e-9);
        }
}

static void test_narrow_response_leaves_the_mode(void **state)
{
    const struct ixs_forward_response sharp = {1, {{1, 0, 1e-3, 0}}};
    const struct ixs_forward_mode mode = {"", 10, 0.8, 1};
    (void)state;
    for (double energy = -12; energy < 14; energy += 0.37)
        assert_near(ixs_forward_blurred(&mode, 300, &sharp, energy),
                    ixs_forward_dho(&mode, 300, energy), 2e-6);
}

/* At kT far above all energies S is kT (1 + E/2kT) times two Lorentzians with asymmetry (FIELD.md
 * 4.2), and a Lorentzian response only shifts their poles. */
static double hot_closed_form(double o, double g, double half, double w)
{
    const double z = 0.5 * g, wq = sqrt(o * o - z * z), b = z / wq, y = z + half;
    return ((y + b * (w + wq)) / (y * y + (w + wq) * (w + wq)) +
            (y - b * (w - wq)) / (y * y + (w - wq) * (w - wq))) /
           (2.0 * IXS_PI);
}

static void test_hot_lorentzian_closed_form(void **state)
{
    const double kelvin = 1e13, heat = 8.617333262145179e-2 * kelvin;
    const struct ixs_forward_response lorentz = {1, {{1, 0, 1.6, 1}}};
    (void)state;
    for (double g = 0.02; g < 15; g *= 3)
        for (double energy = -13; energy < 13; energy += 1.3) {
            const struct ixs_forward_mode mode = {"", 8, g, 1};
            const double classical = hot_closed_form(8, g, 0.8, energy) * 2.0 / 8.0;
            assert_near(ixs_forward_blurred(&mode, kelvin, &lorentz, energy) / heat, classical,
                        1e-8);
        }
}

/* Lorentzian in Lorentzian: widths add; and what went up comes down. */
static void test_hopping(void **state)
{
    const struct ixs_forward_response lorentz = {1, {{1, 0, 1.6, 1}}},
                                      sharp = {1, {{1, 0, 1e-3, 0}}};
    const struct ixs_forward_hopping line = {2.5, 0.9}, none = {2.5, 0};
    (void)state;
    for (double energy = -7; energy < 8; energy += 1.3) {
        const double half = 0.5 * (0.9 + 1.6);
        assert_near(ixs_forward_hopped(&line, 1e9, &lorentz, energy),
                    2.5 * half / IXS_PI / (energy * energy + half * half), 1e-7);
        assert_near(ixs_forward_hopped(&none, 300, &lorentz, energy),
                    2.5 * ixs_forward_response_at(&lorentz, energy), 1e-12);
        const double up = ixs_forward_hopped(&line, 77, &sharp, energy),
                     down = ixs_forward_hopped(&line, 77, &sharp, -energy);
        assert_near(down / up, exp(-energy / (8.617333262e-2 * 77)), 1e-4);
    }
}

static double response_value(double x, const void *context)
{
    return ixs_forward_response_at(context, x);
}

static double response_moment(double x, const void *context)
{
    return x * ixs_forward_response_at(context, x);
}

static void test_response(void **state)
{
    struct ixs_forward_response r = three;
    const struct ixs_forward_spike spike = {0, 0.5};
    (void)state;
    for (size_t i = 0; i < r.ncomponents; i++)
        r.components[i].weight *= 3.0;
    ixs_forward_response_center(&r);
    assert_near(ixs_forward_integral(response_value, &r, 1, &spike, -1e7, 1e7), 1.0, 1e-6);
    assert_near(ixs_forward_integral(response_moment, &r, 1, &spike, -10, 10), 0.0, 1e-11);
    for (double eta = 0; eta <= 1; eta += 0.25) {
        const struct ixs_forward_response one = {1, {{1, 0.2, 1.5, eta}}};
        assert_near(ixs_forward_response_fwhm(&one), 1.5, 1e-6);
    }
    const struct ixs_forward_response lorentz = {1, {{1, 0, 1.0, 1}}};
    const double inner = 2.0 / IXS_PI * atan(20.0), all = 2.0 / IXS_PI * atan(50.0);
    assert_near(ixs_forward_response_tail(&lorentz, -25, 25), (all - inner) / all, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blurred_against_mpmath),
        cmocka_unit_test(test_sum_rules),
        cmocka_unit_test(test_areas),
        cmocka_unit_test(test_detailed_balance),
        cmocka_unit_test(test_narrow_response_leaves_the_mode),
        cmocka_unit_test(test_hot_lorentzian_closed_form),
        cmocka_unit_test(test_hopping),
        cmocka_unit_test(test_response),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
