/* SPDX-License-Identifier: GPL-3.0-or-later
 * The kernels of each version against plain sums, and what a rational transform leaves out against
 * what it says of that.
 */
#include "models/fit/deviance.h"
#include "models/line/kernels.h"

#include "base/array.h"
#include "base/units.h"
#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

/* As in a beamline's array, with a spike and wide wings, and a far asymmetric one. */
static const struct ixs_response responses[] = {
    {.nparts = 2, .parts = {{0.7, -0.05, 1.5, 0.3}, {0.3, 0.2, 2.2, 0.6}}},
    {.nparts = 3, .parts = {{0.6, 0.0, 0.96, 0.2}, {0.3, 0.1, 2.5, 0.7}, {0.1, -0.5, 8.0, 1.0}}},
    {.nparts = 2, .parts = {{0.8, -0.3, 1.2, 0.5}, {0.2, 1.2, 3.0, 0.0}}},
};

enum { VERSIONS = 2, POINTS = 131, P = 7 };

static size_t versions(const struct ixs_kernels *list[VERSIONS])
{
    list[0] = ixs_kernels_plain();
    list[1] = ixs_kernels_v3();
    if (!list[1])
        print_message("# this processor cannot run the x86-64-v3 kernels: not tested\n");
    return list[1] ? 2 : 1;
}

/* W of the pseudo-Voigts themselves, by the Faddeeva function. */
static void test_transform(void **state)
{
    (void)state;
    const struct ixs_kernels *list[VERSIONS];
    static struct ixs_transforms transforms;
    for (size_t r = 0; r < IXS_COUNT(responses); r++) {
        ixs_transforms_make(&transforms, &responses[r]);
        const struct ixs_transform *best = ixs_transform_choose(&transforms, INFINITY);
        assert_near(best->error, 0.0, 1e-9);
        for (size_t v = 0; v < versions(list); v++)
            for (double height = 0.0; height < 200.0; height = 3.0 * height + 0.4) {
                double x[IXS_RESPONSE_ROW];
                struct ixs_response_row row;
                for (size_t i = 0; i < IXS_RESPONSE_ROW; i++)
                    x[i] = -40.0 + 1.27 * (double)i;
                list[v]->transform(best, IXS_RESPONSE_ROW, x, 1.5, height, &row);
                for (size_t i = 0; i < IXS_RESPONSE_ROW; i++) {
                    double complex slope,
                        w = ixs_response_cauchy(&responses[r], ixs_complex(x[i] - 1.5, height),
                                                &slope);
                    assert_near(row.re[i], creal(w), 1e-10);
                    assert_near(row.im[i], cimag(w), 1e-10);
                    assert_near(row.slope_re[i], creal(slope), 1e-8);
                    assert_near(row.slope_im[i], cimag(slope), 1e-8);
                }
            }
    }
}

/* Its area is exactly 1, and it is not farther from R than it says. */
static void test_error(void **state)
{
    (void)state;
    static struct ixs_transforms transforms;
    for (size_t r = 0; r < IXS_COUNT(responses); r++) {
        ixs_transforms_make(&transforms, &responses[r]);
        assert_near(transforms.fwhm, ixs_response_fwhm(&responses[r]), 1e-12);
        for (size_t k = 0; k < transforms.n; k++) {
            const struct ixs_transform *transform = &transforms.list[k];
            double miss = 0.0, peak = 0.0, h = 0.01;
            for (double t = -400.0; t < 400.0; t += h)
                peak = fmax(peak, ixs_response_value(&responses[r], t));
            for (double t = -400.0; t < 400.0; t += h) {
                double value = ixs_transform_value(transform, t);
                double true_value = ixs_response_value(&responses[r], t);
                miss +=
                    h * (value - true_value) * (value - true_value) / (true_value + 1e-3 * peak);
            }
            /* far away W is that of all the area in one place */
            double complex far = ixs_transform_cauchy(transform, ixs_complex(0.0, 1e9), NULL);
            assert_near(creal(far) * 1e9 * IXS_PI, 1.0, 1e-7);
            if (transform->error > 1e-8)
                assert_near(sqrt(miss) / transform->error, 1.0, 0.05);
            if (k > 0)
                assert_true(transform->error < transforms.list[k - 1].error);
        }
    }
}

static void test_choose(void **state)
{
    (void)state;
    static struct ixs_transforms transforms;
    ixs_transforms_make(&transforms, &responses[1]);
    size_t last = 0;
    for (double counts = 1.0; counts < 1e9; counts *= 10.0) {
        const struct ixs_transform *chosen = ixs_transform_choose(&transforms, counts);
        assert_true(chosen->error * sqrt(counts) <= 0.04);
        assert_true(chosen->order >= last);
        last = chosen->order;
    }
}

static void test_deviance(void **state)
{
    (void)state;
    const struct ixs_kernels *list[VERSIONS];
    double counts[POINTS], mu[POINTS];
    for (size_t v = 0; v < versions(list); v++)
        for (size_t n = 0; n < POINTS; n++) {
            mu[n] = pow(10.0, -13.0 + 0.2 * (double)n); /* to 1e13, below what is told from 0 too */
            counts[n] = n % 3 == 0 ? 0.0 : floor(mu[n] * (0.8 + 0.01 * (double)(n % 40)));
            double expected = ixs_deviance(n, counts, mu);
            assert_near(list[v]->deviance(n, counts, mu), expected, 1e-12 * expected + 1e-11);
        }
}

static void test_normal(void **state)
{
    (void)state;
    const struct ixs_kernels *list[VERSIONS];
    static double jacobian[(P + 1) * POINTS + 16], mu[POINTS], counts[POINTS], inverse[POINTS];
    static double spare[(P + 6) * (POINTS + 16)], curvature[P * P], gradient[P];
    assert_int_equal(ixs_kernels_spare(P, POINTS), IXS_COUNT(spare));
    assert_int_equal(ixs_kernels_room(P, POINTS), IXS_COUNT(jacobian));
    for (size_t i = 0; i < POINTS; i++) {
        mu[i] = i == 5 ? 1e-9 : 3.0 + 2.0 * sin(0.3 * (double)i);
        counts[i] = floor(mu[i] + (double)(i % 3));
        inverse[i] = 0.1 + (double)(i % 5);
    }
    for (size_t v = 0; v < versions(list); v++)
        for (int gaussian = 0; gaussian < 2; gaussian++)
            for (size_t n = 1; n < POINTS; n += 13)
                for (size_t p = 1; p <= P; p++) {
                    for (size_t k = 0; k < p; k++)
                        for (size_t i = 0; i < n; i++)
                            jacobian[k * n + i] = cos(0.1 * (double)((k + 1) * i)) + 0.2;
                    list[v]->normal(p, n, jacobian, mu, counts, gaussian ? inverse : NULL, spare,
                                    curvature, gradient);
                    for (size_t k = 0; k < p; k++) {
                        double slope = 0.0;
                        for (size_t l = 0; l < p; l++) {
                            double sum = 0.0;
                            for (size_t i = 0; i < n; i++)
                                sum += jacobian[k * n + i] * jacobian[l * n + i] *
                                       (gaussian ? inverse[i] : 1.0 / fmax(mu[i], 1e-4));
                            assert_near(curvature[k * p + l], sum, 1e-12 * fabs(sum) + 1e-11);
                        }
                        for (size_t i = 0; i < n; i++) {
                            double m = fmax(mu[i], 1e-4);
                            slope +=
                                jacobian[k * n + i] *
                                (gaussian ? inverse[i] * (mu[i] - counts[i]) : 1.0 - counts[i] / m);
                        }
                        assert_near(gradient[k], slope, 1e-12 * fabs(slope) + 1e-11);
                    }
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transform), cmocka_unit_test(test_error),
        cmocka_unit_test(test_choose),    cmocka_unit_test(test_deviance),
        cmocka_unit_test(test_normal),
    };
    return cmocka_run_group_tests_name("kernels", tests, NULL, NULL);
}
