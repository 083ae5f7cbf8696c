/* SPDX-License-Identifier: GPL-3.0-or-later
 * The simulator's diffractometer against a real header and against rotation matrices.
 */
#include "calib/forward/forward.h"

#include "base/array.h"
#include "base/units.h"
#include "tests/near.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* CdOsO, scan 61: #G1, #G3, #G4, #P0 and #V4 to #V12 of the real header. */
static struct ixs_forward_crystal cdoso(void)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_forward_crystal x = {
        .a = 10.17,
        .b = 10.17,
        .c = 10.17,
        .alpha = 90,
        .beta = 90,
        .gamma = 90,
        .centring = "F",
        .or0 = {4, 4, 4, {20.5083, 10.254025, 22.810235, 7.1925}},
        .or1 = {4, 0, 0, {11.8004, 5.36352, -31.7722, 11.1805}},
        .wavelength = 0.52262,
    };
    assert_true(ixs_forward_orient(&x, &err));
    return x;
}

static const struct ixs_forward_setting scan61 = {28.5129, 14.2565, 23.027375, 6.7175};

static void test_real_header(void **state)
{
    static const double ub[9] = {0.5160223705, 0.1664624779, 0.2961542703,
                                 0.0961414849, 0.4450012989, -0.4176444111,
                                 -0.325843403, 0.3949180708, 0.3457773695};
    static const double analyzers[9][3] = {
        {4.7901, 4.96368, 4.65979},  {4.96899, 5.10412, 4.89008}, {5.14697, 5.24035, 5.1236},
        {5.32398, 5.37231, 5.36026}, {5.49999, 5.49998, 5.60002}, {5.67494, 5.62333, 5.84279},
        {5.84879, 5.74231, 6.08852}, {6.02148, 5.85689, 6.33714}, {6.19297, 5.96705, 6.58857}};
    const struct ixs_forward_crystal x = cdoso();
    double hkl[3], angles[4];
    (void)state;
    for (int i = 0; i < 9; i++)
        assert_near(x.ub[i / 3][i % 3], ub[i], 1e-9);
    for (int n = 0; n < 9; n++) {
        ixs_forward_hkl(&x, scan61.tth + 0.953 * (n - 4), 0.0, &scan61, hkl);
        for (int i = 0; i < 3; i++)
            assert_near(hkl[i], analyzers[n][i], 6e-6);
    }
    ixs_forward_azimuth(&x, &scan61, angles);
    assert_near(angles[0], 58.09429775, 1e-7);
    assert_near(angles[1], -34.13488814, 1e-7);
    assert_near(angles[3], -153.6829489, 1e-7);
}

/* The long way: Q in the laboratory from the two beams, turned back through the circles. */
static void turn(int axis, double degrees, double v[3])
{
    const double c = cos(degrees * IXS_DEGREE), s = sin(degrees * IXS_DEGREE);
    const int i = (axis + 1) % 3, j = (axis + 2) % 3;
    const double a = v[i], b = v[j];
    v[i] = c * a - s * b;
    v[j] = s * a + c * b;
}

static void check_round_trip(const struct ixs_forward_crystal *x, const double wanted[3])
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_forward_setting at;
    assert_true(ixs_forward_aim(x, wanted, &at, &err));
    const double k = 2.0 * IXS_PI / x->wavelength, t = at.tth * IXS_DEGREE;
    double q[3] = {k * sin(t), k * (cos(t) - 1.0), 0}; /* beam along y, x to the side of +tth */
    turn(2, at.th, q);
    turn(1, -at.chi, q);
    turn(2, at.phi, q);
    for (int i = 0; i < 3; i++) {
        double back = 0;
        for (int j = 0; j < 3; j++)
            back += x->ub[i][j] * wanted[j];
        assert_near(q[i], back, 5e-4); /* the motors' steps: 5e-4 deg at 7 1/Angstrom */
    }
    double hkl[3];
    ixs_forward_hkl(x, at.tth, 0.0, &at, hkl);
    for (int i = 0; i < 3; i++) {
        double seen = 0;
        for (int j = 0; j < 3; j++)
            seen += x->ub[i][j] * hkl[j];
        assert_near(seen, q[i], 1e-12);
    }
}

static void test_round_trip(void **state)
{
    const struct ixs_forward_crystal x = cdoso();
    struct ixs_forward_crystal oblique = x;
    struct ixs_err err = IXS_ERR_NONE;
    (void)state;
    check_round_trip(&x, (const double[3]){5.5, 5.5, 5.6});
    check_round_trip(&x, (const double[3]){-3, 7.1, 0.25});
    oblique.a = 4.1;
    oblique.c = 7.3;
    oblique.alpha = 82;
    oblique.gamma = 117;
    assert_true(ixs_forward_orient(&oblique, &err));
    check_round_trip(&oblique, (const double[3]){1.2, -2.1, 3.3});
    check_round_trip(&oblique, (const double[3]){0, 0, -4});
}

static void test_impossible_crystals(void **state)
{
    struct ixs_forward_crystal x = cdoso();
    struct ixs_forward_setting at;
    struct ixs_err err = IXS_ERR_NONE;
    (void)state;
    assert_false(ixs_forward_aim(&x, (const double[3]){30, 30, 30}, &at, &err));
    assert_int_equal(err.code, IXS_USAGE);
    ixs_err_clear(&err);
    x.or1.h = x.or1.k = x.or1.l = 8;
    assert_false(ixs_forward_orient(&x, &err));
    ixs_err_clear(&err);
    x.alpha = 170;
    assert_false(ixs_forward_orient(&x, &err));
    assert_int_equal(err.code, IXS_USAGE);
}

static void test_nearest(void **state)
{
    static const struct {
        const char *centring;
        double hkl[3], g[3];
    } cases[] = {
        {"P", {5.49, 5.4, 5.3}, {5, 5, 5}}, {"F", {5.1, 5.9, 6.1}, {6, 6, 6}},
        {"F", {5.3, 5.3, 5.3}, {5, 5, 5}},  {"I", {4.9, 0.1, 0.2}, {5, 0, 1}},
        {"C", {1.1, 0.2, 0.1}, {1, 1, 0}},  {"F", {6.0, 6.0, 6.9}, {6, 6, 6}},
        {"A", {0.9, 1.1, 0.15}, {1, 1, 1}},
    };
    struct ixs_forward_crystal x = cdoso();
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        double g[3], square = 0;
        memcpy(x.centring, cases[i].centring, 2);
        const double distance = ixs_forward_nearest(&x, cases[i].hkl, g);
        for (int j = 0; j < 3; j++) {
            square += pow(cases[i].hkl[j] - cases[i].g[j], 2);
            assert_near(g[j], cases[i].g[j], 0);
        }
        assert_near(distance, 2 * IXS_PI / 10.17 * sqrt(square), 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real_header),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_impossible_crystals),
        cmocka_unit_test(test_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
