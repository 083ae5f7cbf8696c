/* SPDX-License-Identifier: GPL-3.0-or-later
 * The line shapes beside the damped oscillator: areas and moments known otherwise, their pole sums
 * against quadrature, also where poles meet; a table convolved.
 */
#include "models/line/convolve.h"
#include "models/line/curve.h"

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

/* R x S by poles, and its slopes with respect to the shape. */
static double by_poles(enum ixs_line_kind kind, const double shape[2], const struct ixs_bose *bose,
                       double energy, double by[2])
{
    struct ixs_line line;
    double complex slope;
    double sum = 0.0;
    ixs_line_expand(&line, kind, shape, bose);
    by[0] = by[1] = 0.0;
    for (size_t t = 0; t < line.nterms; t++) {
        const struct ixs_line_term *term = &line.terms[t];
        double complex w = ixs_response_cauchy(&response, energy - term->place, &slope);
        sum += creal(term->weight * w);
        for (int s = 0; s < 2; s++)
            by[s] += creal(term->weight_by[s] * w - term->weight * term->place_by[s] * slope);
    }
    for (size_t j = 0; j < bose->npoles; j++) {
        double w = creal(ixs_response_cauchy(&response, ixs_complex(energy, bose->nu[j]), &slope));
        sum += line.bose[j] * w;
        for (int s = 0; s < 2; s++)
            by[s] += line.bose_by[s][j] * w;
    }
    return sum;
}

static double by_quadrature(enum ixs_line_kind kind, const double shape[2], double kelvin,
                            double energy)
{
    struct ixs_err err = IXS_ERR_NONE;
    double value = 0.0;
    const struct ixs_convolve what = {
        .kind = kind, .shape = {shape[0], shape[1]}, .kelvin = kelvin, .response = &response};
    if (!ixs_convolve(&what, energy, 1e-10, &value, &err))
        fail_msg("%s", err.text);
    return value;
}

static const enum ixs_line_kind kinds[] = {IXS_LINE_PAIR, IXS_LINE_QUASIELASTIC,
                                           IXS_LINE_INTERACTION};

static double highest(enum ixs_line_kind kind, const double shape[2], const struct ixs_bose *bose)
{
    double most = 0.0, by[2];
    for (double e = -30.0; e <= 30.0; e += 0.5)
        most = fmax(most, fabs(by_poles(kind, shape, bose, e, by)));
    return most;
}

static void test_values(void **state)
{
    (void)state;
    static const double kelvins[] = {5.0, 50.0, 300.0, 900.0, (double)NAN};
    static const double shapes[][2] = {
        {6.0, 0.3}, {6.0, 3.0}, {6.0, 12.0}, {6.0, 12.01}, {2.0, 7.0}};
    double worst = 0.0;
    for (size_t n = 0; n < IXS_COUNT(kinds); n++)
        for (size_t t = 0; t < IXS_COUNT(kelvins); t++)
            for (size_t k = 0; k < IXS_COUNT(shapes); k++) {
                struct ixs_bose bose;
                double by[2];
                ixs_bose_make(&bose, kelvins[t], 320.0);
                double scale = highest(kinds[n], shapes[k], &bose);
                for (double e = -20.0; e < 21.0; e += 5.3) {
                    double miss = by_poles(kinds[n], shapes[k], &bose, e, by) -
                                  by_quadrature(kinds[n], shapes[k], kelvins[t], e);
                    worst = fmax(worst, fabs(miss) / scale);
                }
            }
    print_message("# largest difference from quadrature: %.1e of the peak\n", worst);
    assert_near(worst, 0.0, 1e-7);
}

/* A quasi-elastic line whose pole meets one of the Bose factor's. */
static void test_meeting(void **state)
{
    (void)state;
    static const double offsets[] = {-1e-2, -1e-6, 0.0, 1e-9, 1e-4};
    struct ixs_bose bose;
    ixs_bose_make(&bose, 20.0, 320.0);
    for (size_t k = 0; k < IXS_COUNT(offsets); k++) {
        const double shape[2] = {2.0 * bose.nu[1] * (1.0 + offsets[k]), 0.0};
        double by[2];
        for (double e = -7.0; e < 12.0; e += 3.1)
            assert_near(by_poles(IXS_LINE_QUASIELASTIC, shape, &bose, e, by),
                        by_quadrature(IXS_LINE_QUASIELASTIC, shape, 20.0, e),
                        1e-7 * highest(IXS_LINE_QUASIELASTIC, shape, &bose));
    }
}

static void test_slopes(void **state)
{
    (void)state;
    static const double kelvins[] = {20.0, 300.0, (double)NAN};
    static const double shapes[][2] = {{6.0, 0.3}, {6.0, 12.0}, {2.0, 7.0}};
    for (size_t n = 0; n < IXS_COUNT(kinds); n++)
        for (size_t t = 0; t < IXS_COUNT(kelvins); t++)
            for (size_t k = 0; k < IXS_COUNT(shapes); k++) {
                struct ixs_bose bose;
                ixs_bose_make(&bose, kelvins[t], 320.0);
                double scale = highest(kinds[n], shapes[k], &bose), by[2], none[2];
                for (double e = -20.0; e < 21.0; e += 5.3) {
                    by_poles(kinds[n], shapes[k], &bose, e, by);
                    for (int s = 0; s < (kinds[n] == IXS_LINE_QUASIELASTIC ? 1 : 2); s++) {
                        double up[2] = {shapes[k][0], shapes[k][1]}, h = 1e-4;
                        double down[2] = {up[0], up[1]};
                        up[s] += h;
                        down[s] -= h;
                        double slope = (by_poles(kinds[n], up, &bose, e, none) -
                                        by_poles(kinds[n], down, &bose, e, none)) /
                                       (2.0 * h);
                        assert_near(by[s], slope, 3e-6 * scale);
                    }
                }
            }
}

/* The triplet without detailed balance: area a0 + 2 as = 1 and <w^2> = zs^2 + ws^2 -
 * a0 [(z0 - zs)^2 + ws^2] (Bafile, Guarini & Barocchi, 2006), here 22.844, the integral cut at W
 * where the rest falls off as W^-1. */
static void test_triplet(void **state)
{
    (void)state;
    const double a0 = 0.4, z0 = 0.5, zs = 1.2, ws = 6.0;
    const double quasi[2] = {2.0 * z0, 0.0}, mode[2] = {sqrt(ws * ws + zs * zs), 2.0 * zs};
    double area = 0.0, second = 0.0, far = 0.0, step = 0.01;
    for (int half = 0; half < 2; half++) {
        double reach = half == 0 ? 2000.0 : 4000.0;
        area = second = 0.0;
        for (double e = 0.5 * step; e < reach; e += step) {
            double s = a0 * ixs_line_value(IXS_LINE_QUASIELASTIC, quasi, NAN, e) +
                       (1.0 - a0) * ixs_line_value(IXS_LINE_DHO, mode, NAN, e) +
                       a0 * z0 * ixs_line_value(IXS_LINE_INTERACTION, mode, NAN, e);
            area += 2.0 * s * step;
            second += 2.0 * e * e * s * step;
        }
        far = half == 0 ? second : far;
    }
    assert_near(area, 1.0, 1e-6);
    assert_near(second + (second - far), 22.844, 2e-3);
}

static void test_quasielastic_limits(void **state)
{
    (void)state;
    const double shape[2] = {1.0, 0.0};
    /* detailed balance, and the classical line at high temperature */
    double up = ixs_line_value(IXS_LINE_QUASIELASTIC, shape, 100.0, 3.0);
    double down = ixs_line_value(IXS_LINE_QUASIELASTIC, shape, 100.0, -3.0);
    assert_near(down / up, exp(-3.0 / (IXS_BOLTZMANN * 100.0)), 1e-12);
    assert_near(ixs_line_value(IXS_LINE_QUASIELASTIC, shape, 1e7, 3.0), 0.5 / IXS_PI / (9.0 + 0.25),
                1e-5);
}

/* A triangle of base 2 w and height 1/w is R's second difference of its second integral; here by
 * quadrature of the same, and a narrow one is R itself. */
static void test_table(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_transforms transforms;
    struct ixs_curve curve = {0};
    const double width = 1e-3;
    const double energy[3] = {4.0 - width, 4.0, 4.0 + width}, value[3] = {0.0, 1.0 / width, 0.0};
    ixs_transforms_make(&transforms, &response);
    const struct ixs_transform *best = ixs_transform_choose(&transforms, INFINITY);
    assert_true(ixs_curve_make(&curve, &(struct ixs_curve_table){3, energy, value}, best, -20.0,
                               30.0, &err));
    for (double e = -15.0; e < 25.0; e += 0.37) {
        double slope, after;
        double here = ixs_curve_value(&curve, e, &slope);
        assert_near(here, ixs_response_value(&response, e - 4.0), 1e-6);
        double next = ixs_curve_value(&curve, e + 1e-6, &after);
        assert_near((next - here) / 1e-6, slope, 1e-4);
    }
    ixs_curve_dispose(&curve);
    const double falling[2] = {1.0, 1.0}, any[2] = {1.0, 1.0};
    assert_false(
        ixs_curve_make(&curve, &(struct ixs_curve_table){2, falling, any}, best, 0.0, 1.0, &err));
    assert_string_equal(err.text, "found 1 meV after 1 meV, expected rising energies");
}

/* A table that samples a damped oscillator finely gives what the oscillator gives. */
static void test_table_of_a_mode(void **state)
{
    (void)state;
    enum { N = 4001 };
    static double energy[N], value[N];
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_transforms transforms;
    struct ixs_curve curve = {0};
    struct ixs_bose bose;
    const double shape[2] = {8.0, 2.0};
    for (int i = 0; i < N; i++) {
        energy[i] = -100.0 + 0.05 * i;
        value[i] = ixs_line_value(IXS_LINE_DHO, shape, 300.0, energy[i]);
    }
    ixs_bose_make(&bose, 300.0, 320.0);
    ixs_transforms_make(&transforms, &response);
    assert_true(ixs_curve_make(&curve, &(struct ixs_curve_table){N, energy, value},
                               ixs_transform_choose(&transforms, INFINITY), -15.0, 20.0, &err));
    for (double e = -14.0; e < 19.0; e += 1.7) {
        double slope, by[2];
        assert_near(ixs_curve_value(&curve, e, &slope), by_poles(IXS_LINE_DHO, shape, &bose, e, by),
                    2e-4);
    }
    ixs_curve_dispose(&curve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_meeting),
        cmocka_unit_test(test_slopes),
        cmocka_unit_test(test_triplet),
        cmocka_unit_test(test_quasielastic_limits),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_table_of_a_mode),
    };
    return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
