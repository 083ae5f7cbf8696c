/* SPDX-License-Identifier: GPL-3.0-or-later
 * Laue classes, paths, elastic constants, linewidth laws: counts and formulas of books, planted
 * truth.
 */
#include "models/crystal/elastic_constants.h"
#include "models/crystal/lattice.h"
#include "models/crystal/laue.h"
#include "models/branch/paths.h"
#include "models/branch/width_law.h"

#include "base/array.h"

#include "tests/near.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static const double cubic[6] = {5, 5, 5, 90, 90, 90};

/* Orders of the Laue classes (International Tables A, table 3.2.1.4). */
static void test_orders(void **state)
{
    (void)state;
    const struct {
        const char *group;
        size_t order;
    } cases[] = {{"1", 2},    {"m", 4},   {"mm2", 8}, {"-4", 8},   {"-42m", 16}, {"3", 6},
                 {"312", 12}, {"32", 12}, {"-6", 12}, {"6mm", 24}, {"23", 24},   {"-43m", 48}};
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        struct ixs_laue laue;
        assert_non_null(ixs_laue_class(cases[i].group));
        ixs_laue_make(&laue, ixs_laue_class(cases[i].group));
        assert_int_equal(laue.n, cases[i].order);
    }
    assert_null(ixs_laue_class("m-3n"));
}

static void test_lattices(void **state)
{
    (void)state;
    const struct {
        double lattice[6];
        const char *name;
    } cases[] = {{{5, 5, 5, 90, 90, 90}, "m-3m"},   {{5, 5, 7, 90, 90, 90}, "4/mmm"},
                 {{5, 5, 7, 90, 90, 120}, "6/mmm"}, {{5, 6, 7, 90, 90, 90}, "mmm"},
                 {{5, 6, 7, 90, 100, 90}, "2/m"},   {{5, 6, 7, 80, 100, 95}, "-1"}};
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        double b[9];
        struct ixs_laue laue;
        assert_true(ixs_lattice_b(cases[i].lattice, b));
        ixs_laue_of_lattice(&laue, b);
        assert_string_equal(laue.name, cases[i].name);
    }
}

/* All images of a q fold to one, lengths and angle to Q stay. */
static void test_fold(void **state)
{
    (void)state;
    double b[9];
    const double hexagonal[6] = {4, 4, 6, 90, 90, 120};
    const char *const names[] = {"6/mmm", "-3m1", "-31m", "-3"};
    assert_true(ixs_lattice_b(hexagonal, b));
    for (size_t k = 0; k < IXS_COUNT(names); k++) {
        struct ixs_laue laue;
        double first[3] = {0.11, 0.23, 0.31}, g[3] = {2, 1, 0};
        ixs_laue_make(&laue, names[k]);
        assert_true(ixs_laue_fits(&laue, b));
        ixs_laue_fold(&laue, first, g);
        for (size_t i = 0; i < laue.n; i++) {
            const int *m = laue.operations[i];
            double image[3], its[3];
            for (int r = 0; r < 3; r++) {
                image[r] = m[3 * r] * first[0] + m[3 * r + 1] * first[1] + m[3 * r + 2] * first[2];
                its[r] = m[3 * r] * g[0] + m[3 * r + 1] * g[1] + m[3 * r + 2] * g[2];
            }
            ixs_laue_fold(&laue, image, its);
            for (int r = 0; r < 3; r++) {
                assert_near(image[r], first[r], 1e-12);
                assert_near(its[r], g[r], 1e-12);
            }
        }
    }
}

static struct ixs_path_place place_of(double h, double k, double l, double g)
{
    return (struct ixs_path_place){.q = {h, k, l}, .g = {g, g, g}};
}

static void test_paths(void **state)
{
    (void)state;
    struct ixs_paths_rules rules = {
        .kind = IXS_PATHS_DIRECTIONS, .angle = 5, .width = 0, .centring = "F"};
    struct ixs_path_place places[16];
    struct ixs_path paths[8];
    size_t found = 0;
    assert_true(ixs_lattice_b(cubic, rules.b));
    for (int i = 0; i < 5; i++) { /* along (1 1 1), both ways; (1 1 0); the same in another zone */
        double s = 0.05 * (i + 1);
        places[i] = place_of(i % 2 ? s : -s, i % 2 ? s : -s, (i % 2 ? s : -s) * 1.02, 4);
        places[5 + i] = place_of(s, s, 0.01 * s, 4);
        places[10 + i] = place_of(s, s, 0, 6);
    }
    places[15] = place_of(0.3, -0.1, 0.2, 4);
    found = ixs_paths_find(&rules, 16, places, 8, paths);
    assert_int_equal(found, 3);
    assert_int_equal(places[15].path, 0);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(places[i].path, places[0].path);
        assert_int_equal(places[5 + i].path, places[5].path);
        assert_int_equal(places[10 + i].path, places[10].path);
    }
    /* face-centred: (1 1 1) is a reflection, (1 1 0) is not: half of |(2 2 0)| */
    const double star = 2 * 3.14159265358979 / 5;
    assert_near(paths[places[0].path - 1].edge, star * sqrt(3) / 2, 1e-9);
    assert_near(paths[places[5].path - 1].edge, star * sqrt(8) / 2, 1e-9);
    assert_near(places[14].position, 0.25 * sqrt(2) * star, 1e-9);
    rules.any_zone = true;
    found = ixs_paths_find(&rules, 16, places, 8, paths);
    assert_int_equal(found, 2);
    assert_int_equal(places[5].path, places[10].path);
}

/* rho v^2 of pure waves in a cubic crystal (Kittel, Introduction to Solid State Physics, ch. 3). */
static void test_cubic_waves(void **state)
{
    (void)state;
    const double c[3] = {165.7, 63.9, 79.6}; /* C11, C12, C44 of silicon, GPa */
    const struct {
        double direction[3], modulus[3]; /* rising */
    } cases[] = {{{1, 0, 0}, {79.6, 79.6, 165.7}},
                 {{1, 1, 0}, {(165.7 - 63.9) / 2, 79.6, (165.7 + 63.9 + 2 * 79.6) / 2}},
                 {{1, 1, 1},
                  {(165.7 - 63.9 + 79.6) / 3, (165.7 - 63.9 + 79.6) / 3,
                   (165.7 + 2 * 63.9 + 4 * 79.6) / 3}}};
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        double modulus[3], vectors[9];
        ixs_elastic_waves("m-3m", c, cases[i].direction, modulus, vectors);
        for (int k = 0; k < 3; k++)
            assert_near(modulus[k], cases[i].modulus[k], 1e-9);
    }
}

/* In a hexagonal crystal nothing depends on the direction about c, also in our axes; in a trigonal
 * one threefold. */
static void test_other_waves(void **state)
{
    (void)state;
    const double hexagonal[5] = {162, 92, 69, 181, 47}, trigonal[6] = {87, 7, 12, -18, 107, 58};
    double first[3], modulus[3], vectors[9];
    for (int i = 0; i < 6; i++) {
        double angle = 0.3 + 3.14159265358979 / 3 * i;
        const double direction[3] = {cos(angle), sin(angle), 0.8},
                     turned[3] = {cos(angle + 0.4), sin(angle + 0.4), 0.8};
        ixs_elastic_waves("6/mmm", hexagonal, direction, first, vectors);
        ixs_elastic_waves("6/mmm", hexagonal, turned, modulus, vectors);
        for (int k = 0; k < 3; k++)
            assert_near(modulus[k], first[k], 1e-9);
    }
    for (int i = 0; i < 3; i++) {
        double angle = 0.3 + 2 * 3.14159265358979 / 3 * i;
        const double direction[3] = {cos(angle), sin(angle), 0.8};
        ixs_elastic_waves("-3m1", trigonal, direction, i == 0 ? first : modulus, vectors);
        for (int k = 0; i > 0 && k < 3; k++)
            assert_near(modulus[k], first[k], 1e-9);
    }
}

static struct ixs_elastic_wave wave_of(long family, const double direction[3],
                                       const double along[3], double modulus, double err)
{
    struct ixs_elastic_wave wave = {.modulus = modulus, .err = err, .family = family};
    memcpy(wave.direction, direction, sizeof wave.direction);
    memcpy(wave.along, along, sizeof wave.along);
    return wave;
}

/* [100] L and T, [110] L and the transverse wave that Q sees: C11, C12, C44 with pulls of width 1.
 */
static void test_cubic_constants(void **state)
{
    (void)state;
    enum { SETS = 200 };
    const double truth[3] = {165.7, 63.9, 79.6}, x[3] = {1, 0, 0}, xy[3] = {1, 1, 0};
    const double y[3] = {0.1, 1, 0}, across[3] = {1, -1, 0.1};
    double sum[3] = {0}, squares[3] = {0};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int set = 0; set < SETS; set++) {
        struct ixs_elastic_constants constants;
        struct ixs_elastic_wave waves[4] = {
            wave_of(1, x, x, truth[0] + gsl_ran_gaussian(rng, 4), 4),
            wave_of(1, x, y, truth[2] + gsl_ran_gaussian(rng, 2), 2),
            wave_of(2, xy, xy, 194.4 + gsl_ran_gaussian(rng, 5), 5),
            wave_of(2, xy, across, 50.9 + gsl_ran_gaussian(rng, 2), 2)};
        assert_true(ixs_elastic_fit("m-3m", 4, waves, NULL, &constants));
        assert_int_equal(constants.n, 3);
        for (size_t k = 0; k < 3; k++) {
            double pull = (constants.value[k] - truth[k]) / sqrt(constants.cov[4 * k]);
            assert_true(constants.known[k]);
            sum[k] += pull;
            squares[k] += pull * pull;
        }
        char name[40];
        ixs_elastic_name(&constants, &waves[3], sizeof name, name);
        assert_string_equal(name, "(C11-C12)/2");
        ixs_elastic_name(&constants, &waves[2], sizeof name, name);
        assert_string_equal(name, "(C11+C12+2C44)/2");
        ixs_elastic_name(&constants, &waves[1], sizeof name, name);
        assert_string_equal(name, "C44");
    }
    gsl_rng_free(rng);
    for (size_t k = 0; k < 3; k++) {
        print_message("# pulls: mean %.2f, rms %.2f\n", sum[k] / SETS, sqrt(squares[k] / SETS));
        assert_true(fabs(sum[k] / SETS) < 3 / sqrt(SETS));
        assert_near(squares[k] / SETS, 1, 3.5 * sqrt(2.0 / SETS));
    }
}

/* What the directions do not tell is not known: [001] of an orthorhombic crystal gives C33 alone.
 */
static void test_unknown_constants(void **state)
{
    (void)state;
    const double z[3] = {0, 0, 1}, x[3] = {1, 0, 0};
    struct ixs_elastic_constants constants;
    struct ixs_elastic_wave waves[2] = {wave_of(1, z, z, 120, 3), wave_of(1, z, x, 40, 2)};
    assert_true(ixs_elastic_fit("mmm", 2, waves, NULL, &constants));
    for (size_t k = 0; k < constants.n; k++) {
        bool c33 = strcmp(constants.names[k], "C33") == 0,
             c55 = strcmp(constants.names[k], "C55") == 0;
        assert_int_equal(constants.known[k], c33 || c55);
        if (c33)
            assert_near(constants.value[k], 120, 1e-6);
        if (c55)
            assert_near(constants.value[k], 40, 1e-6);
    }
    assert_near(waves[0].character, 1, 1e-9);
    assert_near(waves[1].character, 0, 1e-9);
}

/* FWHM = 1.5 (q/0.4)^2 with narrow ones as limits: pulls of width 1. */
static void test_widths(void **state)
{
    (void)state;
    enum { SETS = 400, N = 14 };
    double sum = 0, squares = 0;
    size_t limits = 0;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int set = 0; set < SETS; set++) {
        struct ixs_regress_point points[N];
        struct ixs_width_law law;
        size_t nlimits = 0;
        for (size_t i = 0; i < N; i++) {
            double q = 0.08 + 0.05 * (double)i, err = 0.15;
            double seen = 1.5 * pow(q / 0.4, 2) + gsl_ran_gaussian(rng, err);
            struct ixs_width width = {q,
                                      fmax(0, seen),
                                      fmax(0, seen - err),
                                      seen + err,
                                      err,
                                      fmax(seen + 1.2815515655446 * err, 0.2816 * err),
                                      seen < 1.645 * err};
            nlimits += width.limit ? 1 : 0;
            assert_true(ixs_width_point(&width, &points[i]));
        }
        assert_true(ixs_width_law_fit(N, points, NULL, nlimits, &law));
        double pull = (law.power - 2) / sqrt(law.cov[3]);
        sum += pull;
        squares += pull * pull;
        limits += nlimits;
    }
    gsl_rng_free(rng);
    print_message("# %zu limits of %d: pulls of the exponent: mean %.2f, rms %.2f\n", limits,
                  SETS * N, sum / SETS, sqrt(squares / SETS));
    assert_true(limits > SETS);
    assert_true(fabs(sum / SETS) < 3.5 / sqrt(SETS));
    assert_near(squares / SETS, 1, 3 * sqrt(2.0 / SETS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_lattices),
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_cubic_waves),
        cmocka_unit_test(test_other_waves),
        cmocka_unit_test(test_cubic_constants),
        cmocka_unit_test(test_unknown_constants),
        cmocka_unit_test(test_widths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
