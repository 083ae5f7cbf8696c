/* SPDX-License-Identifier: GPL-3.0-or-later
 * Angles, UB and the reciprocal lattice: limits, symmetries, other people's numbers, brute force.
 */
#include "calib/instrument/geometry.h"
#include "models/crystal/lattice.h"

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

static double length(const double v[3])
{
    return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

/* Uniform in [-1, 1), the same numbers in every run. */
static double draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(int64_t)*state / 9223372036854775808.0;
}

/* ---- the lattice ----------------------------------------------------------------------------- */

static void test_b_cubic(void **state)
{
    (void)state;
    double b[9];
    assert_true(ixs_lattice_b((const double[6]){10.17, 10.17, 10.17, 90, 90, 90}, b));
    for (int i = 0; i < 9; i++)
        assert_near(b[i], i % 4 == 0 ? 2 * IXS_PI / 10.17 : 0.0, 1e-15);
}

/* SPEC's own reciprocal lattice of a triclinic cell (#G1 of plexiglas_1.spec). */
static void test_b_triclinic(void **state)
{
    (void)state;
    const double lattice[6] = {8.501, 12.503, 13.3952, 100.511, 98.554, 91.111};
    const double stated[6] = {0.7482827152, 0.5116968287, 0.4828966745,
                              79.19727272,  81.0886237,   87.25736592};
    double b[9], edge[3][3];
    assert_true(ixs_lattice_b(lattice, b));
    for (int i = 0; i < 3; i++) {
        ixs_matrix_apply(b, (const double[3]){i == 0, i == 1, i == 2}, edge[i]);
        assert_near(length(edge[i]), stated[i], 1e-9);
    }
    for (int i = 0; i < 3; i++) {
        const double *u = edge[(i + 1) % 3], *v = edge[(i + 2) % 3];
        double cosine = (u[0] * v[0] + u[1] * v[1] + u[2] * v[2]) / length(u) / length(v);
        assert_near(acos(cosine) / IXS_DEGREE, stated[3 + i], 1e-6);
    }
}

static void test_b_impossible(void **state)
{
    (void)state;
    double b[9];
    assert_false(ixs_lattice_b((const double[6]){5, 5, 5, 30, 30, 90}, b));
    assert_false(ixs_lattice_b((const double[6]){0, 5, 5, 90, 90, 90}, b));
    assert_false(ixs_lattice_b((const double[6]){5, 5, NAN, 90, 90, 90}, b));
    assert_false(ixs_lattice_b((const double[6]){5, 5, 5, 90, NAN, 90}, b));
    assert_false(ixs_lattice_b((const double[6]){5, 5, 5, 90, 90, 180}, b));
}

/* UB of tellurium by the six-circle code in use at SPring-8 and NSLS-II, from two reflections. */
static void test_mismatch(void **state)
{
    (void)state;
    const double ub[9] = {0.297694, -0.138429, 1.020635,  -1.439782, -1.370799,
                          0.074620, 0.699568,  -0.867604, -0.280744};
    double b[9], other[9];
    assert_true(ixs_lattice_b((const double[6]){4.456, 4.456, 5.921, 90, 90, 120}, b));
    assert_true(ixs_lattice_b((const double[6]){4.456, 4.456, 6.0, 90, 90, 120}, other));
    assert_near(ixs_lattice_mismatch(ub, b), 0.0, 2e-6);
    assert_true(ixs_lattice_mismatch(ub, other) > 5e-3);
    assert_near(ixs_lattice_mismatch(b, b), 0.0, 0.0);
}

static void test_invert(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int trial = 0; trial < 200; trial++) {
        double m[9], inverse[9], v[3], w[3];
        for (int i = 0; i < 9; i++)
            m[i] = draw(&seed);
        for (int i = 0; i < 3; i++)
            v[i] = draw(&seed);
        assert_true(ixs_matrix_invert(m, inverse));
        ixs_matrix_apply(m, v, w);
        ixs_matrix_apply(inverse, w, w);
        for (int i = 0; i < 3; i++)
            assert_near(w[i], v[i], 1e-9);
    }
    double out[9];
    assert_false(ixs_matrix_invert((const double[9]){1, 2, 3, 2, 4, 6, 0, 0, 1}, out));
    assert_false(ixs_matrix_invert((const double[9]){0}, out));
    assert_false(ixs_matrix_invert((const double[9]){1, 0, 0, 0, NAN, 0, 0, 0, 1}, out));
}

static void test_centring(void **state)
{
    (void)state;
    const struct {
        const char *centring;
        int one_in; /* share of all points that remain */
    } shares[] = {{"", 1}, {"P", 1}, {"A", 2}, {"B", 2}, {"C", 2}, {"I", 2}, {"F", 4}, {"R", 3}};
    for (size_t s = 0; s < IXS_COUNT(shares); s++) {
        int allowed = 0, all = 0;
        long hkl[3];
        assert_true(ixs_centring_known(shares[s].centring));
        for (hkl[0] = -6; hkl[0] < 6; hkl[0]++)
            for (hkl[1] = -6; hkl[1] < 6; hkl[1]++)
                for (hkl[2] = -6; hkl[2] < 6; hkl[2]++, all++)
                    allowed += ixs_centring_allows(shares[s].centring, hkl);
        assert_int_equal(allowed * shares[s].one_in, all);
    }
    assert_true(ixs_centring_allows("F", (const long[3]){-3, 5, 7}));
    assert_false(ixs_centring_allows("F", (const long[3]){1, 1, 2}));
    assert_true(ixs_centring_allows("R", (const long[3]){1, 0, 1}));
    assert_false(ixs_centring_allows("R", (const long[3]){0, 1, 1}));
    assert_false(ixs_centring_known("H"));
    assert_false(ixs_centring_known("PP"));
}

static double brute_force(const double ub[9], const char *centring, const double hkl[3])
{
    double best = INFINITY;
    long p[3];
    for (p[0] = -12; p[0] <= 12; p[0]++)
        for (p[1] = -12; p[1] <= 12; p[1]++)
            for (p[2] = -12; p[2] <= 12; p[2]++) {
                double away[3] = {hkl[0] - (double)p[0], hkl[1] - (double)p[1],
                                  hkl[2] - (double)p[2]};
                ixs_matrix_apply(ub, away, away);
                if (ixs_centring_allows(centring, p) && length(away) < best)
                    best = length(away);
            }
    return best;
}

/* Cells far from rectangular, where rounding hkl misses the nearest point. */
static void test_nearest(void **state)
{
    (void)state;
    static const char *const centrings[] = {"P", "A", "B", "C", "I", "F", "R"};
    uint64_t seed = 7;
    int rounding_fails = 0;
    for (int trial = 0; trial < 140; trial++) {
        const char *centring = centrings[trial % 7];
        double lattice[6], b[9], hkl[3], g[3], away[3], rounded[3];
        for (int i = 0; i < 3; i++) {
            lattice[i] = 5.0 + 3.0 * draw(&seed);
            hkl[i] = 2.0 * draw(&seed);
        }
        lattice[3] = 90 + 50 * draw(&seed);
        lattice[4] = 90 + 30 * draw(&seed);
        lattice[5] = 90 + 30 * draw(&seed);
        if (!ixs_lattice_b(lattice, b))
            continue;
        assert_true(ixs_lattice_nearest(b, centring, hkl, g));
        const long point[3] = {lround(g[0]), lround(g[1]), lround(g[2])};
        assert_true(ixs_centring_allows(centring, point));
        for (int i = 0; i < 3; i++) {
            away[i] = hkl[i] - g[i];
            rounded[i] = hkl[i] - round(hkl[i]);
        }
        ixs_matrix_apply(b, away, away);
        ixs_matrix_apply(b, rounded, rounded);
        assert_near(length(away), brute_force(b, centring, hkl), 1e-5);
        rounding_fails += centring[0] == 'P' && length(rounded) > length(away) + 1e-6;
    }
    assert_true(rounding_fails > 0);
}

/* A reciprocal cell so skew that the nearest point is four steps from the rounded hkl. */
static void test_nearest_in_a_skew_cell(void **state)
{
    (void)state;
    const double ub[9] = {1, 0, 7.4, 0, 1, 0.3, 0, 0, 0.5}, hkl[3] = {0, 0, 0.45};
    double g[3];
    assert_true(ixs_lattice_nearest(ub, "P", hkl, g));
    assert_near(g[0], -4.0, 0.0);
    assert_near(g[1], 0.0, 0.0);
    assert_near(g[2], 1.0, 0.0);
    const double away[3] = {3.33 - 3.4, 0.135 - 0.3, 0.225 - 0.5};
    assert_near(brute_force(ub, "P", hkl), length(away), 1e-12);
}

static void test_nearest_follows_the_lattice(void **state)
{
    (void)state;
    double b[9], here[3], there[3];
    const double hkl[3] = {5.5, 5.46, 5.8}, moved[3] = {8.5, 4.46, 4.8};
    assert_true(ixs_lattice_b((const double[6]){10.17, 10.17, 10.17, 90, 90, 90}, b));
    assert_true(ixs_lattice_nearest(b, "F", hkl, here));
    assert_true(ixs_lattice_nearest(b, "F", moved, there));
    assert_near(there[0] - here[0], 3.0, 0.0);
    assert_near(there[1] - here[1], -1.0, 0.0);
    assert_near(there[2] - here[2], -1.0, 0.0);
    /* a tie is the point of smaller |G|, also where angles are given to six digits only */
    assert_true(ixs_lattice_nearest(b, "F", (const double[3]){0.5, 0.5, 0.5000001}, here));
    assert_near(here[0] + here[1] + here[2], 0.0, 0.0);
    assert_false(ixs_lattice_nearest(b, "F", (const double[3]){NAN, 0, 0}, here));
    assert_false(ixs_lattice_nearest(b, "F", (const double[3]){1e9, 0, 0}, here));
}

/* ---- angles ---------------------------------------------------------------------------------- */

static void test_q(void **state)
{
    (void)state;
    assert_near(ixs_geometry_q(0.0, 0.5), 0.0, 0.0);
    assert_near(ixs_geometry_q(180.0, 0.5), 4.0 * IXS_PI / 0.5, 1e-12);
    assert_near(ixs_geometry_q(-4.7, 0.52262), ixs_geometry_q(4.7, 0.52262), 0.0);
    assert_near(ixs_geometry_q(4.7, 0.52262), 0.985933, 5e-7); /* plexiglas_1.spec, #V1 */
}

static void test_q_phi(void **state)
{
    (void)state;
    uint64_t seed = 3;
    double q[3], turned[3];
    for (int trial = 0; trial < 100; trial++) {
        struct ixs_angles angles = {.two_theta = 90 * draw(&seed),
                                    .theta = 90 * draw(&seed),
                                    .chi = 90 * draw(&seed),
                                    .phi = 180 * draw(&seed)};
        ixs_geometry_q_phi(&angles, 0.7, q);
        assert_near(length(q), ixs_geometry_q(angles.two_theta, 0.7), 1e-12);
        angles.phi += 90.0;
        ixs_geometry_q_phi(&angles, 0.7, turned);
        assert_near(turned[0], -q[1], 1e-12);
        assert_near(turned[1], q[0], 1e-12);
        assert_near(turned[2], q[2], 1e-12);
    }
    ixs_geometry_q_phi(
        &(struct ixs_angles){.two_theta = 60.0, .theta = 30.0, .chi = 0.0, .phi = 0.0}, 2 * IXS_PI,
        q);
    assert_near(q[0], 1.0, 1e-15); /* symmetric setting, chi = 0: along x */
    ixs_geometry_q_phi(
        &(struct ixs_angles){.two_theta = 60.0, .theta = 30.0, .chi = 90.0, .phi = 25.0},
        2 * IXS_PI, q);
    assert_near(q[2], 1.0, 1e-15); /* chi = 90: along the phi axis, whatever phi */
    ixs_geometry_q_phi(
        &(struct ixs_angles){.two_theta = 60.0, .theta = 120.0, .chi = 0.0, .phi = 0.0}, 2 * IXS_PI,
        q);
    assert_near(q[1], 1.0, 1e-15); /* omega = 90: along y */
}

/* Lines of real headers: angles (#P0), UB (#G3), HKL (#Q) and the HKL of two analyzers (#V). */
static const struct {
    struct ixs_angles angles;
    double ub[9], q[3], pitch;
    int main, first, second;
    double first_hkl[3], second_hkl[3];
} headers[] = {
    {{.two_theta = 10.2149, .theta = 5.1075, .chi = 24, .phi = 6.9005},
     {0.4681008928, 0.07903700036, 0.395566443, -0.3477456583, 0.3861585645, 0.3343540405,
      -0.2044324227, -0.4758916051, 0.3370054434},
     {1.69982, -0.445659, 2.9853},
     0.953,
     5,
     1,
     9,
     {1.01879, -0.235688, 1.90498},
     {2.43279, -0.706524, 4.01955}},
    {{.two_theta = 28.1623, .theta = 14.081, .chi = 22.589, .phi = 7.671},
     {0.5160223705, 0.1664624779, 0.2961542703, 0.0961414849, 0.4450012989, -0.4176444111,
      -0.325843403, 0.3949180708, 0.3457773695},
     {5.50001, 5.49996, 5.40005},
     0.953,
     5,
     1,
     9,
     {4.77671, 4.95006, 4.47807},
     {6.20757, 5.98108, 6.37137}},
    {{.two_theta = 4.7, .theta = 0, .chi = 0, .phi = -2.4485},
     {-0.004939649538, -0.507184685, -0.02770302398, 0.5237497896, 0.06080650172, 0.3923949361,
      -0.5344050707, 0.02999848569, 0.2800856205},
     {-0.0361205, -1.94438, 0.139334},
     0.950,
     9,
     1,
     9,
     {-0.00948975, 1.20762, -0.147448},
     {-0.0361205, -1.94438, 0.139334}},
};

static void assert_hkl(const struct ixs_angles *angles, double step, const double ub[9],
                       const double stated[3])
{
    struct ixs_angles own = *angles;
    struct ixs_crystal crystal;
    struct ixs_momentum momentum;
    own.two_theta += step;
    assert_true(ixs_crystal_set(&crystal, ub, "F"));
    ixs_geometry_momentum(&own, 0.52262, &crystal, &momentum);
    for (int i = 0; i < 3; i++)
        assert_near(momentum.hkl[i], stated[i], 1e-5);
    double q[3];
    ixs_matrix_apply(ub, momentum.hkl, q);
    assert_near(length(q), momentum.q, 1e-9);
}

static void test_headers(void **state)
{
    (void)state;
    for (size_t i = 0; i < IXS_COUNT(headers); i++) {
        double first = (headers[i].first - headers[i].main) * headers[i].pitch;
        double second = (headers[i].second - headers[i].main) * headers[i].pitch;
        assert_hkl(&headers[i].angles, 0.0, headers[i].ub, headers[i].q);
        assert_hkl(&headers[i].angles, first, headers[i].ub, headers[i].first_hkl);
        assert_hkl(&headers[i].angles, second, headers[i].ub, headers[i].second_hkl);
    }
}

static void test_momentum(void **state)
{
    (void)state;
    struct ixs_crystal crystal;
    struct ixs_momentum momentum;
    assert_true(ixs_crystal_set(&crystal, headers[1].ub, "F"));
    ixs_geometry_momentum(&headers[1].angles, 0.52262, &crystal, &momentum);
    for (int i = 0; i < 3; i++)
        assert_near(momentum.hkl[i] - momentum.lattice[i], momentum.reduced[i], 1e-15);
    double away[3];
    ixs_matrix_apply(crystal.ub, momentum.reduced, away);
    assert_near(momentum.reduced_length, length(away), 1e-15);
    ixs_geometry_momentum(&headers[1].angles, 0.52262, NULL, &momentum);
    assert_near(momentum.q, ixs_geometry_q(28.1623, 0.52262), 0.0);
    assert_true(isnan(momentum.hkl[0]) && isnan(momentum.lattice[2]));
    assert_true(isnan(momentum.reduced[1]) && isnan(momentum.reduced_length));
    assert_false(ixs_crystal_set(&crystal, (const double[9]){0}, "P"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_b_cubic),
        cmocka_unit_test(test_b_triclinic),
        cmocka_unit_test(test_b_impossible),
        cmocka_unit_test(test_mismatch),
        cmocka_unit_test(test_invert),
        cmocka_unit_test(test_centring),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_nearest_in_a_skew_cell),
        cmocka_unit_test(test_nearest_follows_the_lattice),
        cmocka_unit_test(test_q),
        cmocka_unit_test(test_q_phi),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_momentum),
    };
    return cmocka_run_group_tests_name("geometry", tests, NULL, NULL);
}
