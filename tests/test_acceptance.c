/* SPDX-License-Identifier: GPL-3.0-or-later
 * What analyzers accept: the numbers of BL43LXU's own viewer, limits, and random directions.
 */
#include "calib/instrument/acceptance.h"
#include "calib/instrument/orientation.h"

#include "base/array.h"
#include "base/units.h"
#include "tests/near.h"
#include "tests/shipped.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double wave = 0.570109; /* Angstrom, Si(11 11 11) at 22.5 C */
static const double identity[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1}; /* hkl is Q in 1/Angstrom */

struct view { /* one analyzer of an instrument, and what it accepts */
    struct ixs_instrument instrument;
    struct ixs_raw raw;
    struct ixs_crystal crystal;
    struct ixs_angles arm;
    double wavelength;
    struct ixs_opening opening;
    struct ixs_angles at;
    struct ixs_acceptance acceptance;
};

static void begin(struct view *view, const char *name, const double ub[9])
{
    *view = (struct view){.wavelength = wave};
    read_shipped(&view->instrument, name);
    assert_true(ixs_crystal_set(&view->crystal, ub, "P"));
}

static bool look_through(struct view *view, const char *name)
{
    const struct ixs_analyzer *analyzer = ixs_instrument_find(&view->instrument, name);
    double middle = view->instrument.main;
    assert_non_null(analyzer);
    struct ixs_aim aim =
        ixs_arm_place(&view->instrument, analyzer,
                      (struct ixs_aim){view->arm.two_theta, view->arm.gamma}, middle);
    view->at = view->arm;
    view->at.two_theta = aim.two_theta;
    view->at.gamma = aim.gamma;
    if (!ixs_acceptance_opening(&view->opening, &view->instrument, analyzer, &view->raw, middle))
        return false;
    ixs_acceptance_find(&view->acceptance, &view->opening, &view->at, view->wavelength,
                        &view->crystal);
    return true;
}

static double length_of(const double cov[6])
{
    return sqrt(cov[0] + cov[3] + cov[5]);
}

/* Half widths of a uniform distribution of the same variance, squared and added, are what the
 * viewer prints: dq = sqrt(dQ_H^2 + dQ_V^2), component by component. */
static const struct {
    const char *name;
    double dq[3];
} diamond[] = {
    {"a03", {0.016, 0.017, 0.022}}, {"a06", {0.016, 0.017, 0.022}}, {"a07", {0.017, 0.017, 0.022}},
    {"a14", {0.016, 0.018, 0.022}}, {"a15", {0.016, 0.017, 0.022}}, {"a20", {0.017, 0.017, 0.021}},
    {"a25", {0.016, 0.018, 0.022}}, {"a29", {0.016, 0.017, 0.021}}, {"a31", {0.017, 0.017, 0.021}},
    {"a35", {0.016, 0.018, 0.022}}, {"a38", {0.016, 0.017, 0.021}}, {"a41", {0.017, 0.017, 0.021}},
};

static void test_viewer(void **state)
{
    (void)state;
    const double lattice[6] = {3.521, 3.521, 3.521, 90, 90, 90};
    const struct ixs_reflection found[2] = {
        {{1, 1, -1}, {19.6982, 5.0474, -43.4040, 10.9968, -1.5760, 0.0, true}},
        {{2, 2, 0}, {32.5187, 5.0708, -4.3760, 10.3160, -1.5760, -1.4, true}},
    };
    struct view view;
    double ub[9];
    assert_true(ixs_orientation_ub(lattice, found, ub));
    begin(&view, "bl43lxu", ub);
    view.arm = (struct ixs_angles){19.6929, 5.0, -41.1918, 11.8609, -1.5756, 0.0, true};
    view.wavelength = 0.6968;
    view.instrument.array.slit_x.gap = view.instrument.array.slit_z.gap = 40.0;
    for (size_t i = 0; i < IXS_COUNT(diamond); i++) {
        assert_true(look_through(&view, diamond[i].name));
        const double *cov = view.acceptance.cov;
        const double widths[3] = {sqrt(12 * cov[0]), sqrt(12 * cov[3]), sqrt(12 * cov[5])};
        for (int k = 0; k < 3; k++)
            assert_near(widths[k], diamond[i].dq[k], 6e-4);
    }
}

/* 60 mm at 8965 mm: 6.69 mrad, 0.74 1/nm; open: 9.4 x 8.9 mrad, 1.03 x 0.98 1/nm. */
static void test_constants(void **state)
{
    (void)state;
    const struct {
        double gap, x, z; /* mm, 1/nm */
    } cases[] = {{60, 0.737, 0.978}, {1000, 1.034, 0.978}};
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        struct view view;
        begin(&view, "bl43lxu", identity);
        view.instrument.array.slit_x.gap = cases[i].gap;
        view.instrument.array.slit_z.gap = 1000;
        assert_true(look_through(&view, "a06"));
        /* at two theta = gamma = 0 x and z of the frame are those of the laboratory */
        assert_near(10 * sqrt(12 * view.acceptance.cov[0]), cases[i].x, 1.5e-3);
        assert_near(10 * sqrt(12 * view.acceptance.cov[5]), cases[i].z, 1.5e-3);
        double milliradian = (view.opening.x[1] - view.opening.x[0]) / 9.8;
        assert_near(milliradian, i == 0 ? 6.69 : 9.39, 5e-3);
    }
}

static double draw(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) / 9007199254740992.0;
}

/* Directions drawn at random, Q by the formula of fourc where gamma is 0 and else by that of the
 * six circles written out. */
static void test_random(void **state)
{
    (void)state;
    enum { draws = 200000 };
    for (int round = 0; round < 2; round++) {
        struct view view;
        begin(&view, "bl43lxu", identity);
        view.arm = (struct ixs_angles){.two_theta = 35, .gamma = 4, .mu = -0.3, .sixcircle = true};
        view.instrument.array.slit_x.gap = 70;
        view.instrument.array.slit_z.gap = 30;
        if (round)
            ixs_copy(view.instrument.array.shape, sizeof view.instrument.array.shape, "round");
        assert_true(look_through(&view, "a41"));
        double mean[3] = {0}, square[6] = {0}, low = INFINITY, high = 0;
        uint64_t seed = 11;
        int kept = 0;
        for (int n = 0; n < draws; n++) {
            double dx = 92 * (draw(&seed) - 0.5), dz = 92 * (draw(&seed) - 0.5);
            double x = 360 + dx, z = -360 + dz, r = 9800;
            if (fabs(x - 3 * 109.98 * r / 8965) > 35 * r / 8965 ||
                fabs(z + 3 * 108.26 * r / 8835) > 15 * r / 8835 ||
                (round ? hypot(dx, dz) > 87.0 / 2 : fabs(dz) > 87.0 / 2))
                continue;
            double tth = 35 * IXS_DEGREE + atan2(x, r), m = -0.3 * IXS_DEGREE;
            double gam = 4 * IXS_DEGREE + atan2(z, hypot(x, r)), k = 2 * IXS_PI / wave;
            const double q[3] = {k * sin(tth) * cos(gam), k * (cos(m) - cos(tth) * cos(gam)),
                                 k * (sin(m) - sin(gam))};
            double length = sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2]);
            low = fmin(low, length);
            high = fmax(high, length);
            kept++;
            for (int i = 0, c = 0; i < 3; i++) {
                mean[i] += q[i];
                for (int j = i; j < 3; j++)
                    square[c++] += q[i] * q[j];
            }
        }
        double trace = 0;
        for (int i = 0; i < 3; i++)
            trace += view.acceptance.cov[(const int[]){0, 3, 5}[i]];
        for (int i = 0, c = 0; i < 3; i++)
            for (int j = i; j < 3; j++, c++) {
                double cov = square[c] / kept - mean[i] / kept * (mean[j] / kept);
                assert_near(view.acceptance.cov[c], cov, 0.01 * trace);
            }
        assert_near(view.acceptance.q_width, high - low, 0.01 * (high - low));
    }
}

static void test_round(void **state)
{
    (void)state;
    struct view view;
    begin(&view, "bl35xu", identity);
    view.instrument.array.slit_x.gap = view.instrument.array.slit_z.gap = 1000;
    assert_true(look_through(&view, "a02"));
    double width = 95.0 / 9820 * 2 * IXS_PI / wave;
    assert_near(length_of(view.acceptance.cov), width / 4 * sqrt(2), 1e-3 * width);
    /* |Q| is least in the direct beam, where it is seen through the opening */
    view.arm.two_theta = 0.35;
    view.arm.gamma = 0;
    assert_true(look_through(&view, "a02"));
    assert_near(view.acceptance.q_width, width / 2, 2e-3 * width);
    view.arm.two_theta = 60.35;
    assert_true(look_through(&view, "a02"));
    assert_near(view.acceptance.q_width, width * cos(30 * IXS_DEGREE), 2e-3 * width);
}

static void test_unknown(void **state)
{
    (void)state;
    struct ixs_raw_position positions[] = {{"gap", "", 20}, {"own", "", 10}, {"mask", "", 50}};
    struct view view;
    begin(&view, "bl43lxu", identity);
    assert_false(look_through(&view, "a06")); /* nobody tells the gaps */
    view.instrument.array.slit_z.gap = 40;
    assert_false(look_through(&view, "a06"));
    view.instrument.array.slit_x.gap = 40;
    assert_true(look_through(&view, "a06"));
    assert_near(view.opening.x[1] - view.opening.x[0], 40 * 9800 / 8965.0, 1e-9);

    view.raw = (struct ixs_raw){.positions = positions, .npositions = IXS_COUNT(positions)};
    struct ixs_analyzer *a06 = // NOLINTNEXTLINE(performance-no-int-to-ptr): it is ours
        (struct ixs_analyzer *)(uintptr_t)ixs_instrument_find(&view.instrument, "a06");
    ixs_copy(view.instrument.array.slit_x.motor, 49, "gap");
    assert_true(look_through(&view, "a06"));
    assert_near(view.opening.x[1] - view.opening.x[0], 20 * 9800 / 8965.0, 1e-9);
    ixs_copy(a06->slit_x, sizeof a06->slit_x, "own");
    assert_true(look_through(&view, "a06"));
    assert_near(view.opening.x[1] - view.opening.x[0], 10 * 9800 / 8965.0, 1e-9);
    ixs_copy(view.instrument.array.shape, sizeof view.instrument.array.shape, "round");
    ixs_copy(a06->mask, sizeof a06->mask, "mask");
    assert_true(look_through(&view, "a06"));
    assert_near(view.opening.across, 50.0, 0.0);
    view.instrument.array.radius = NAN;
    assert_false(look_through(&view, "a06"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_viewer),  cmocka_unit_test(test_constants),
        cmocka_unit_test(test_random),  cmocka_unit_test(test_round),
        cmocka_unit_test(test_unknown),
    };
    return cmocka_run_group_tests_name("acceptance", tests, NULL, NULL);
}
