/* SPDX-License-Identifier: GPL-3.0-or-later
 * w(z) against libm's erfc, GSL's Dawson integral, published values, its own integral.
 */
#include "models/line/faddeeva.h"

#include "base/array.h"
#include "base/units.h"
#include "tests/near.h"

#include <gsl/gsl_sf_dawson.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static const double sqrt_pi = 1.7724538509055160273;

static void test_real_axis(void **state)
{
    (void)state;
    for (double x = -12.0; x <= 12.0; x += 0.173) {
        double complex w = ixs_faddeeva(ixs_complex(x, 0.0));
        assert_near(creal(w), exp(-x * x), 1e-13);
        assert_near(cimag(w), 2.0 / sqrt_pi * gsl_sf_dawson(x), 1e-13);
    }
}

static void test_imaginary_axis(void **state)
{
    (void)state;
    for (double y = 0.0; y < 26.0; y += 0.219) {
        double complex w = ixs_faddeeva(ixs_complex(0.0, y));
        double truth = exp(y * y) * erfc(y);
        assert_near(creal(w) / truth, 1.0, 2e-13); /* exp(y^2) itself loses y^2 in precision */
        assert_near(cimag(w), 0.0, 1e-15);
    }
}

/* Abramowitz & Stegun, Handbook of Mathematical Functions, table 7.9. */
static void test_published(void **state)
{
    (void)state;
    static const struct {
        double x, y, re, im;
    } table[] = {
        {0.0, 1.0, 0.427584, 0.0},      {1.0, 1.0, 0.304744, 0.208219},
        {0.5, 0.5, 0.533157, 0.230488}, {2.0, 1.0, 0.140240, 0.222213},
        {1.0, 2.0, 0.218492, 0.092998},
    };
    for (size_t k = 0; k < IXS_COUNT(table); k++) {
        double complex w = ixs_faddeeva(ixs_complex(table[k].x, table[k].y));
        assert_near(creal(w), table[k].re, 1e-6);
        assert_near(cimag(w), table[k].im, 1e-6);
    }
}

/* (i/pi) Int exp(-t^2)/(z - t) dt by the trapezoid rule, whose error is exp(-2 pi y/h). */
static double complex by_integral(double complex z)
{
    const double h = 0.05;
    double complex sum = 0.0;
    for (int k = -140; k <= 140; k++)
        sum += exp(-(h * k) * (h * k)) / (z - h * k);
    return ixs_complex(0.0, h / IXS_PI) * sum;
}

static void test_integral(void **state)
{
    (void)state;
    static const double heights[] = {0.3,  0.7,  2.0,  5.0,  7.99,  8.0,   8.01,
                                     15.9, 16.1, 39.9, 40.1, 199.0, 201.0, 1e4};
    for (size_t k = 0; k < IXS_COUNT(heights); k++)
        for (double x = -40.0; x <= 40.0; x += 1.7) {
            double complex z = ixs_complex(x, heights[k]), truth = by_integral(z);
            assert_near(cabs(ixs_faddeeva(z) / truth - 1.0), 0.0, 1e-12);
        }
}

static void test_mirror(void **state)
{
    (void)state;
    for (double x = 0.1; x < 30.0; x *= 1.4)
        for (double y = 0.0; y < 30.0; y += 2.9) {
            double complex right = ixs_faddeeva(ixs_complex(x, y)),
                           left = ixs_faddeeva(ixs_complex(-x, y));
            assert_near(cabs(right - conj(left)), 0.0, 1e-15);
        }
}

static void test_rows(void **state)
{
    (void)state;
    double x[13], re[13], im[13], d_re[13], d_im[13], h = 1e-4;
    for (int i = 0; i < 13; i++)
        x[i] = -3.0 + 0.61 * i;
    for (double y = 0.1; y < 60.0; y *= 2.3) {
        ixs_faddeeva_row_slope(13, x, y, re, im, d_re, d_im);
        for (int i = 0; i < 13; i++) {
            double complex z = ixs_complex(x[i], y), w = ixs_faddeeva(z);
            double complex slope = (ixs_faddeeva(z + h) - ixs_faddeeva(z - h)) / (2.0 * h);
            assert_near(re[i], creal(w), 0.0);
            assert_near(im[i], cimag(w), 0.0);
            assert_near(cabs(ixs_complex(d_re[i], d_im[i]) - slope), 0.0, 1e-7);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real_axis), cmocka_unit_test(test_imaginary_axis),
        cmocka_unit_test(test_published), cmocka_unit_test(test_integral),
        cmocka_unit_test(test_mirror),    cmocka_unit_test(test_rows),
    };
    return cmocka_run_group_tests_name("faddeeva", tests, NULL, NULL);
}
