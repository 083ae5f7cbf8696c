/* SPDX-License-Identifier: GPL-3.0-or-later
 * Resolution functions: area, widths known in closed form, a beamline's published numbers, the
 * Cauchy transform against its integral.
 */
#include "models/response/response.h"

#include "base/array.h"
#include "base/units.h"
#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

static const struct ixs_response skew = {.nparts = 2,
                                         .parts = {{0.7, -0.05, 1.5, 0.3}, {0.3, 0.2, 2.2, 0.6}}};

/* ID28 analyzer 1 at Si(999): mu = 0.605, wG = 2.624, wL = 3.738 meV (FIELD.md 3.2). */
static const struct ixs_response id28 = {
    .nparts = 2, .parts = {{0.605, 0.0, 3.738, 1.0}, {0.395, 0.0, 2.624, 0.0}}};

static void test_single_widths(void **state)
{
    (void)state;
    for (double eta = 0.0; eta <= 1.0; eta += 0.25) {
        struct ixs_response one = {.nparts = 1, .parts = {{1.0, 0.4, 1.6, eta}}};
        assert_near(ixs_response_fwhm(&one), 1.6, 1e-9);
        assert_near(ixs_response_centroid(&one, 10.0), 0.4, 1e-10);
        assert_near(ixs_response_area(&one, -INFINITY, INFINITY), 1.0, 1e-14);
        assert_near(ixs_response_area(&one, 0.4, INFINITY), 0.5, 1e-14);
    }
}

static void test_id28(void **state)
{
    (void)state;
    assert_near(ixs_response_fwhm(&id28), 2.953, 1e-3);
    assert_near(ixs_response_tail10(&id28, -1e9, 1e9), 0.071, 5e-4);
    assert_near(ixs_response_tail10(&id28, -10.0, 10.0), 0.0, 1e-15);
}

static void test_area_and_centroid_are_integrals(void **state)
{
    (void)state;
    double area = 0.0, inside = 0.0, moment = 0.0, h = 0.01;
    double mean = ixs_response_centroid(&skew, 10.0);
    for (int k = -1000; k < 1000; k++) {
        double x = h * (k + 0.5);
        area += h * ixs_response_value(&skew, x);
        inside += h * ixs_response_value(&skew, mean + x);
        moment += h * ixs_response_value(&skew, mean + x) * x;
    }
    assert_near(ixs_response_area(&skew, -10.0, 10.0), area, 1e-7);
    assert_near(moment / inside, 0.0, 1e-8);
}

static void test_centre(void **state)
{
    (void)state;
    struct ixs_response moved = skew;
    for (size_t k = 0; k < moved.nparts; k++)
        moved.parts[k].center += 1.37;
    double width = ixs_response_fwhm(&moved), before = ixs_response_centroid(&moved, 10.0);
    assert_near(before - ixs_response_centroid(&skew, 10.0), 1.37, 1e-10);
    ixs_response_centre(&moved);
    assert_near(ixs_response_centroid(&moved, 10.0), 0.0, 1e-10);
    assert_near(ixs_response_fwhm(&moved), width, 1e-9);
}

static void test_part_slopes(void **state)
{
    (void)state;
    const double h = 1e-5;
    for (double x = -4.0; x <= 4.0; x += 0.37) {
        struct ixs_response_part part = {1.0, 0.2, 1.5, 0.35}, up, down;
        double slopes[3], *member[3];
        ixs_response_part_value(&part, x, &slopes[0], &slopes[1], &slopes[2]);
        for (int k = 0; k < 3; k++) {
            up = down = part;
            member[0] = &up.center, member[1] = &up.fwhm, member[2] = &up.eta;
            *member[k] += h;
            member[0] = &down.center, member[1] = &down.fwhm, member[2] = &down.eta;
            *member[k] -= h;
            double difference = (ixs_response_part_value(&up, x, NULL, NULL, NULL) -
                                 ixs_response_part_value(&down, x, NULL, NULL, NULL)) /
                                (2.0 * h);
            assert_near(slopes[k], difference, 1e-9);
        }
    }
}

static void test_curve(void **state)
{
    (void)state;
    const double h = 1e-5;
    double x[9], value[9], slope[9];
    for (int i = 0; i < 9; i++)
        x[i] = -2.0 + 0.5 * i;
    ixs_response_curve(&skew, 9, x, value, slope);
    for (int i = 0; i < 9; i++) {
        double up = ixs_response_value(&skew, x[i] + h), down = ixs_response_value(&skew, x[i] - h);
        assert_near(value[i], ixs_response_value(&skew, x[i]), 1e-15);
        assert_near(slope[i], (up - down) / (2.0 * h), 1e-9);
    }
}

/* R(x) = Re W(x + i0): the Lorentzian's exactly, the Gaussian's to the accuracy of w. */
static void test_real_axis(void **state)
{
    (void)state;
    for (double x = -30.0; x <= 30.0; x += 0.61)
        assert_near(creal(ixs_response_cauchy(&skew, x, NULL)), ixs_response_value(&skew, x),
                    1e-13);
}

/* (i/pi) Int R(t)/(zeta - t) dt, t = tan(u)'s substitution for the tails. */
static double complex by_integral(const struct ixs_response *response, double complex zeta)
{
    enum { CELLS = 400000 };
    double complex sum = 0.0;
    for (int k = 0; k < CELLS; k++) {
        double u = IXS_PI * ((k + 0.5) / CELLS - 0.5), t = tan(u);
        sum += ixs_response_value(response, t) * (1.0 + t * t) / (zeta - t);
    }
    return ixs_complex(0.0, 1.0 / CELLS) * sum;
}

static void test_cauchy(void **state)
{
    (void)state;
    const double h = 1e-4;
    const double complex places[] = {ixs_complex(0.3, 0.2), ixs_complex(-3.0, 1.0),
                                     ixs_complex(12.0, 0.5), ixs_complex(1.0, 9.0),
                                     ixs_complex(-5.0, 40.0)};
    for (size_t k = 0; k < IXS_COUNT(places); k++) {
        double complex zeta = places[k], slope, w = ixs_response_cauchy(&skew, zeta, &slope);
        double complex up = ixs_response_cauchy(&skew, zeta + h, NULL);
        double complex down = ixs_response_cauchy(&skew, zeta - h, NULL);
        assert_near(cabs(w / by_integral(&skew, zeta) - 1.0), 0.0, 1e-9);
        assert_near(cabs(slope - (up - down) / (2.0 * h)), 0.0, 1e-7);
    }
}

static void test_complaints(void **state)
{
    (void)state;
    assert_null(ixs_response_complaint(&skew));
    struct ixs_response empty = {0}, heavy = skew, flat = skew, odd = skew, lost = skew;
    heavy.parts[0].weight = 0.9;
    flat.parts[1].fwhm = 0.0;
    odd.parts[1].eta = 1.1;
    lost.parts[0].center = (double)NAN;
    assert_non_null(ixs_response_complaint(&empty));
    assert_non_null(strstr(ixs_response_complaint(&heavy), "add up to 1"));
    assert_non_null(strstr(ixs_response_complaint(&flat), "width"));
    assert_non_null(strstr(ixs_response_complaint(&odd), "eta"));
    assert_non_null(strstr(ixs_response_complaint(&lost), "not a number"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_single_widths),
        cmocka_unit_test(test_id28),
        cmocka_unit_test(test_area_and_centroid_are_integrals),
        cmocka_unit_test(test_centre),
        cmocka_unit_test(test_part_slopes),
        cmocka_unit_test(test_curve),
        cmocka_unit_test(test_real_axis),
        cmocka_unit_test(test_cauchy),
        cmocka_unit_test(test_complaints),
    };
    return cmocka_run_group_tests_name("response", tests, NULL, NULL);
}
