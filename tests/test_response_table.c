/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tabulated responses: a Lorentzian in closed form, a sum of pseudo-Voigts put into a table and
 * read back, slopes and integrals against differences and plain sums, and the convolution of a mode
 * with it by two ways.
 */
#include "models/response/table.h"

#include "base/units.h"
#include "models/line/transform.h"
#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

static const struct ixs_response skew = {.nparts = 2,
                                         .parts = {{0.7, -0.05, 1.5, 0.3}, {0.3, 0.2, 2.2, 0.6}}};

/* The sum as a table with so many nodes. */
static struct ixs_response tabulate(const struct ixs_response *sum, size_t n)
{
    struct ixs_response out = {.table = {.n = n, .scale = 3.2}};
    double logs[IXS_RESPONSE_NODES];
    for (size_t j = 0; j < n; j++)
        logs[j] = log(ixs_response_value(sum, ixs_response_table_node(&out.table, j)));
    ixs_response_table_set(&out.table, logs);
    return out;
}

static void test_spline(void **state)
{
    (void)state;
    double x[7] = {0.3, -1, 2, 5, 0.1, -3, 1}, before[7];
    for (size_t j = 0; j < 7; j++)
        before[j] = x[j];
    ixs_spline_coefficients(7, x);
    for (size_t j = 0; j < 7; j++)
        assert_near((x[(j + 6) % 7] + 4 * x[j] + x[(j + 1) % 7]) / 6, before[j], 1e-13);
    ixs_spline_values(7, x);
    for (size_t j = 0; j < 7; j++)
        assert_near(x[j], before[j], 1e-13);
}

/* All coefficients ln(L/pi): the Lorentzian of half width L. */
static void test_lorentzian(void **state)
{
    (void)state;
    struct ixs_response_part truth = {1, 0.3, 3.0, 1};
    struct ixs_response one = {.table = {.n = 12, .center = 0.3, .scale = 1.5}};
    for (size_t j = 0; j < 12; j++)
        one.table.coefficient[j] = log(1.5 / IXS_PI);
    assert_null(ixs_response_complaint(&one));
    for (double e = -40; e < 40; e += 0.71)
        assert_near(ixs_response_value(&one, e),
                    ixs_response_part_value(&truth, e, NULL, NULL, NULL), 1e-14);
    assert_true(isnan(ixs_response_value(&one, NAN)));
    assert_near(ixs_response_value(&one, INFINITY), 0, 0);
    assert_near(ixs_response_fwhm(&one), 3.0, 1e-9);
    assert_near(ixs_response_centroid(&one, 10.0), 0.3, 1e-9);
    assert_near(ixs_response_area(&one, 0.3, 1.8), 0.25, 1e-9);
    assert_near(ixs_response_area(&one, -INFINITY, INFINITY), 1.0, 1e-12);
}

static void test_sum(void **state)
{
    (void)state;
    struct ixs_response table = tabulate(&skew, IXS_RESPONSE_NODES);
    double peak = ixs_response_value(&skew, 0.0), logs[IXS_RESPONSE_NODES];
    ixs_response_table_logs(&table.table, logs);
    for (size_t j = 0; j < IXS_RESPONSE_NODES; j++)
        assert_near(exp(logs[j]),
                    ixs_response_value(&skew, ixs_response_table_node(&table.table, j)), 1e-12);
    for (double e = -60; e < 60; e += 0.13)
        assert_near(ixs_response_value(&table, e), ixs_response_value(&skew, e), 2e-4 * peak);
    assert_near(ixs_response_area(&table, -10, 10), ixs_response_area(&skew, -10, 10), 1e-3);
    assert_near(ixs_response_fwhm(&table), ixs_response_fwhm(&skew), 2e-3);
    assert_near(ixs_response_centroid(&table, 10), ixs_response_centroid(&skew, 10), 1e-3);
}

static void test_slopes(void **state)
{
    (void)state;
    struct ixs_response table = tabulate(&skew, 30);
    double by[IXS_RESPONSE_VALUES], area_by[IXS_RESPONSE_VALUES], moment_by[IXS_RESPONSE_VALUES];
    const double h = 1e-5;
    ixs_response_table_integral(&table.table, -10, 8, 0, area_by);
    ixs_response_table_integral(&table.table, -10, 8, 1, moment_by);
    for (double e = -11; e < 11; e += 0.37) {
        double value, slope, up = ixs_response_value(&table, e + h);
        ixs_response_curve(&table, 1, &e, &value, &slope);
        assert_near(slope, (up - ixs_response_value(&table, e - h)) / (2 * h), 1e-8);
        assert_near(ixs_response_by(&table, e, by), value, 0);
        for (size_t j = 0; j < 30; j += 4) {
            struct ixs_response plus = table, minus = table;
            plus.table.coefficient[j] += h;
            minus.table.coefficient[j] -= h;
            assert_near(by[j],
                        (ixs_response_value(&plus, e) - ixs_response_value(&minus, e)) / (2 * h),
                        1e-9);
            assert_near(area_by[j],
                        (ixs_response_area(&plus, -10, 8) - ixs_response_area(&minus, -10, 8)) /
                            (2 * h),
                        1e-9);
            assert_near(moment_by[j],
                        (ixs_response_table_integral(&plus.table, -10, 8, 1, NULL) -
                         ixs_response_table_integral(&minus.table, -10, 8, 1, NULL)) /
                            (2 * h),
                        1e-8);
        }
    }
}

/* Integrals against plain sums over the energy. */
static void test_integrals(void **state)
{
    (void)state;
    struct ixs_response table = tabulate(&skew, 40);
    double area = 0, moment = 0, h = 0.002;
    for (int i = 0; i < 9000; i++) {
        double e = -10 + h * (i + 0.5), value = ixs_response_value(&table, e);
        area += h * value;
        moment += h * e * value;
    }
    assert_near(ixs_response_table_integral(&table.table, -10, 8, 0, NULL), area, 1e-6);
    assert_near(ixs_response_table_integral(&table.table, -10, 8, 1, NULL), moment, 1e-6);
}

/* Moved: still of unit area, its centroid at 0, and changed in first order as the slopes say. */
static void test_move(void **state)
{
    (void)state;
    struct ixs_response table = tabulate(&skew, 40), moved;
    double by[IXS_RESPONSE_VALUES] = {0};
    assert_true(ixs_response_move(&table, &table, by, 1)); /* brought to unit area */
    by[18] = 0.2;
    assert_true(ixs_response_move(&moved, &table, by, 0.5));
    assert_near(ixs_response_area(&moved, -INFINITY, INFINITY), 1, 1e-9);
    assert_near(ixs_response_centroid(&moved, 10), 0, 1e-9);
    assert_true(fabs(ixs_response_value(&moved, -0.5) - ixs_response_value(&table, -0.5)) > 1e-3);
    by[3] = NAN;
    assert_false(ixs_response_move(&moved, &table, by, 0.5));
}

/* The rational form that the fits go through converges to it. */
static void test_transform(void **state)
{
    (void)state;
    static struct ixs_transforms all;
    struct ixs_response table = tabulate(&skew, IXS_RESPONSE_NODES);
    double none[IXS_RESPONSE_VALUES] = {0}, peak = ixs_response_value(&table, 0);
    assert_true(ixs_response_move(&table, &table, none, 0));
    ixs_transforms_make(&all, &table);
    const struct ixs_transform *best = &all.list[all.n - 1];
    for (double e = -25; e < 25; e += 0.31)
        assert_near(ixs_transform_value(best, e), ixs_response_value(&table, e), 1e-5 * peak);
    assert_true(best->error < 0.01 / sqrt(1e5)); /* of a fit to 1e5 counts nothing is lost */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spline),    cmocka_unit_test(test_lorentzian),
        cmocka_unit_test(test_sum),       cmocka_unit_test(test_slopes),
        cmocka_unit_test(test_move),      cmocka_unit_test(test_integrals),
        cmocka_unit_test(test_transform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
