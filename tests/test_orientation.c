/* SPDX-License-Identifier: GPL-3.0-or-later
 * UB from reflections, header and experiment: the tables that the six-circle code of SPring-8
 * printed at 10-ID (tellurium) and for the array of BL43LXU (a diamond), real headers, and what
 * the experiment may state of a sample.
 */
#include "calib/instrument/arm.h"
#include "calib/experiment/experiment.h"
#include "calib/instrument/orientation.h"
#include "models/crystal/lattice.h"

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
#include <unistd.h>

static const double tellurium[6] = {4.456, 4.456, 5.921, 90, 90, 120};
static const struct ixs_reflection or_tellurium[2] = {
    {{1, 0, 3}, {45.445, 104.251, 8.584, -61.879, -0.401, 0.401, true}},
    {{1, 0, 4}, {58.831, 78.838, 6.927, -35.046, -0.401, 0.401, true}},
};

/* sixcircle_last_UB of 10-ID. */
static void test_tellurium(void **state)
{
    (void)state;
    const double stated[9] = {0.297694, -0.138429, 1.020635,  -1.439782, -1.370799,
                              0.074620, 0.699568,  -0.867604, -0.280744};
    double ub[9];
    assert_true(ixs_orientation_ub(tellurium, or_tellurium, ub));
    for (int i = 0; i < 9; i++)
        assert_near(ub[i], stated[i], 6e-7);
    assert_near(ixs_orientation_apart(ub, stated), 0.0, 1e-4);
}

/* Output hkl_pos of the array viewer for a diamond, Si(9 9 9), slits of 40 mm: Q, the opening
 * sqrt(dQ_H^2 + dQ_V^2) and the length of q from (1 1 -1). */
static const struct {
    const char *name;
    double hkl[3], dq[3], q; /* r.l.u., r.l.u., 1/nm */
} diamond[] = {
    {"a03", {0.875, 0.964, -0.844}, {0.016, 0.017, 0.022}, 3.63},
    {"a04", {0.916, 0.993, -0.879}, {0.016, 0.017, 0.022}, 2.63},
    {"a05", {0.958, 1.022, -0.915}, {0.016, 0.017, 0.022}, 1.74},
    {"a06", {1.000, 1.050, -0.950}, {0.016, 0.017, 0.022}, 1.26},
    {"a07", {1.043, 1.078, -0.985}, {0.017, 0.017, 0.022}, 1.61},
    {"a08", {1.086, 1.105, -1.020}, {0.017, 0.017, 0.022}, 2.45},
    {"a09", {1.130, 1.132, -1.054}, {0.017, 0.017, 0.022}, 3.44},
    {"a14", {0.860, 0.927, -0.891}, {0.016, 0.018, 0.022}, 3.42},
    {"a15", {0.901, 0.956, -0.927}, {0.016, 0.017, 0.022}, 2.33},
    {"a16", {0.943, 0.985, -0.962}, {0.016, 0.017, 0.022}, 1.25},
    {"a17", {0.986, 1.013, -0.997}, {0.016, 0.017, 0.022}, 0.35},
    {"a18", {1.028, 1.041, -1.032}, {0.017, 0.017, 0.022}, 1.05},
    {"a19", {1.072, 1.068, -1.067}, {0.017, 0.017, 0.022}, 2.13},
    {"a20", {1.115, 1.094, -1.101}, {0.017, 0.017, 0.021}, 3.22},
    {"a25", {0.846, 0.889, -0.938}, {0.016, 0.018, 0.022}, 3.56},
    {"a26", {0.888, 0.918, -0.974}, {0.016, 0.018, 0.022}, 2.53},
    {"a27", {0.929, 0.947, -1.009}, {0.016, 0.017, 0.022}, 1.59},
    {"a28", {0.972, 0.975, -1.044}, {0.016, 0.017, 0.022}, 1.04},
    {"a29", {1.014, 1.003, -1.079}, {0.016, 0.017, 0.021}, 1.44},
    {"a30", {1.058, 1.030, -1.114}, {0.017, 0.017, 0.021}, 2.34},
    {"a31", {1.101, 1.057, -1.148}, {0.017, 0.017, 0.021}, 3.36},
    {"a35", {0.833, 0.851, -0.985}, {0.016, 0.018, 0.022}, 4.01},
    {"a36", {0.874, 0.880, -1.020}, {0.016, 0.018, 0.022}, 3.13},
    {"a37", {0.916, 0.909, -1.056}, {0.016, 0.018, 0.022}, 2.43},
    {"a38", {0.958, 0.937, -1.091}, {0.016, 0.017, 0.021}, 2.11},
    {"a39", {1.001, 0.965, -1.126}, {0.016, 0.017, 0.021}, 2.33},
    {"a40", {1.044, 0.992, -1.161}, {0.017, 0.017, 0.021}, 2.98},
    {"a41", {1.088, 1.019, -1.195}, {0.017, 0.017, 0.021}, 3.83},
};

static void test_diamond(void **state)
{
    (void)state;
    const double lattice[6] = {3.521, 3.521, 3.521, 90, 90, 90};
    const struct ixs_reflection found[2] = {
        {{1, 1, -1}, {19.6982, 5.0474, -43.4040, 10.9968, -1.5760, 0.0, true}},
        {{2, 2, 0}, {32.5187, 5.0708, -4.3760, 10.3160, -1.5760, -1.4, true}},
    };
    const struct ixs_angles arm = {19.6929, 5.0, -41.1918, 11.8609, -1.5756, 0.0, true};
    struct ixs_instrument instrument;
    struct ixs_crystal crystal;
    double ub[9];
    read_shipped(&instrument, "bl43lxu");
    assert_true(ixs_orientation_ub(lattice, found, ub) && ixs_crystal_set(&crystal, ub, "F"));
    for (size_t i = 0; i < IXS_COUNT(diamond); i++) {
        const struct ixs_analyzer *analyzer = ixs_instrument_find(&instrument, diamond[i].name);
        assert_non_null(analyzer);
        struct ixs_aim aim =
            ixs_arm_place(&instrument, analyzer, (struct ixs_aim){arm.two_theta, arm.gamma}, 0.0);
        struct ixs_angles own = arm;
        struct ixs_momentum momentum;
        own.two_theta = aim.two_theta;
        own.gamma = aim.gamma;
        ixs_geometry_momentum(&own, 0.6968, &crystal, &momentum);
        double away[3] = {momentum.hkl[0] - 1, momentum.hkl[1] - 1, momentum.hkl[2] + 1};
        ixs_matrix_apply(ub, away, away);
        for (int k = 0; k < 3; k++)
            assert_near(momentum.hkl[k], diamond[i].hkl[k], 6e-4);
        double q = sqrt(away[0] * away[0] + away[1] * away[1] + away[2] * away[2]);
        assert_near(10 * q, diamond[i].q, 6e-3);
    }
}

static void test_parallel(void **state)
{
    (void)state;
    struct ixs_reflection same[2] = {or_tellurium[0], or_tellurium[0]};
    double ub[9] = {0};
    assert_false(ixs_orientation_ub(tellurium, same, ub));
    same[1].hkl[0] = 2;
    same[1].hkl[2] = 6; /* another order in the same direction */
    same[1].at = or_tellurium[1].at;
    assert_false(ixs_orientation_ub(tellurium, same, ub));
    same[1] = or_tellurium[1];
    same[0].at.chi = NAN;
    assert_false(ixs_orientation_ub(tellurium, same, ub));
    assert_false(ixs_orientation_ub((const double[6]){5, 5, 5, 30, 30, 90}, or_tellurium, ub));
}

static void test_lattice_of(void **state)
{
    (void)state;
    const double triclinic[6] = {8.501, 12.503, 13.3952, 100.511, 98.554, 91.111};
    double b[9], lattice[6] = {0}, ub[9], back[9];
    assert_true(ixs_lattice_b(triclinic, b) && ixs_lattice_of(b, lattice));
    for (int i = 0; i < 6; i++)
        assert_near(lattice[i], triclinic[i], 1e-10);
    assert_true(ixs_orientation_ub(triclinic, or_tellurium, ub) && ixs_lattice_of(ub, lattice));
    for (int i = 0; i < 6; i++)
        assert_near(lattice[i], triclinic[i], 1e-10);
    assert_true(ixs_orientation_strain(ub, triclinic, back));
    for (int i = 0; i < 9; i++)
        assert_near(back[i], ub[i], 1e-12);
    assert_false(ixs_lattice_of((const double[9]){0}, lattice));
}

/* A cubic crystal that grows: the same directions, hkl in proportion. */
static void test_strain(void **state)
{
    (void)state;
    const double before[6] = {5, 5, 5, 90, 90, 90}, after[6] = {5.05, 5.05, 5.05, 90, 90, 90};
    double ub[9], grown[9];
    assert_true(ixs_orientation_ub(before, or_tellurium, ub));
    assert_true(ixs_orientation_strain(ub, after, grown));
    for (int i = 0; i < 9; i++)
        assert_near(grown[i], ub[i] / 1.01, 1e-12);
}

/* ---- headers --------------------------------------------------------------------------------- */

static void put_line(struct ixs_raw *raw, const char *line)
{
    ixs_copy(raw->header[raw->nheader++].text, sizeof raw->header->text, line);
}

/* #G1 of CaC6: 32 numbers over two rows of HEADER. */
static void test_spec_header(void **state)
{
    (void)state;
    struct ixs_raw_header rows[4] = {{""}};
    struct ixs_raw raw = {.header = rows};
    struct ixs_orientation out;
    double ub[9];
    assert_false(ixs_orientation_header(&out, &raw, false));
    put_line(&raw, "#G1 3.9281 3.9281 8.46 90 90 90 1.599548206 1.599548206 0.7426932987 90 90 90 "
                   "2 0 0 3 0 1 16.69 11.7");
    put_line(&raw, "\\2 -6.14775 -0.03 0 0 31.534 13.256 -0.332375 0 0 0 0.5701 0.6968");
    put_line(&raw, "#G3 1.587640069 0.05597317869");
    const double stated[9] = {1.587640069,   0.05597317869, 0.08664221333,
                              0.09333541479, 1.126289281,   -0.5255816553,
                              -0.1710028518, 1.13441347,    0.5175426421};
    assert_true(ixs_orientation_header(&out, &raw, false));
    assert_near(out.reflections[0].at.theta, 11.72, 0.0);
    assert_true(ixs_orientation_ub(out.lattice, out.reflections, ub));
    for (int i = 0; i < 9; i++)
        assert_near(ub[i], stated[i], 1e-9);
    assert_true(isnan(ixs_orientation_wavelength(&raw)));
    rows[0].text[30] = '\0'; // cppcheck-suppress unreadVariable; raw has it
    raw.nheader = 1;
    assert_false(ixs_orientation_header(&out, &raw, false));
}

/* 10-ID writes lattice, reciprocal lattice and hkl with six angles of each reflection. */
static void test_nsls_header(void **state)
{
    (void)state;
    struct ixs_raw_header rows[4] = {{""}};
    struct ixs_raw raw = {.header = rows};
    struct ixs_orientation out;
    double ub[9], b[9];
    put_line(&raw, "#G0 1.35769 0 0 0 -0.401 0.401 0 0");
    put_line(&raw, "#G1 4.456 4.456 5.921 90 90 120 1.62818 1.62818 1.06117 90 90 60 1 0 3 45.445 "
                   "104.251 8.584 -61.879 -0.401 0.401 1 0 4 58.831 78.838 6.927 -35.046 -0.401 "
                   "0.401");
    assert_true(ixs_orientation_header(&out, &raw, true));
    assert_near(ixs_orientation_wavelength(&raw), 1.35769, 0.0);
    assert_true(ixs_orientation_ub(tellurium, or_tellurium, b));
    assert_true(ixs_orientation_ub(out.lattice, out.reflections, ub));
    for (int i = 0; i < 9; i++)
        assert_near(ub[i], b[i], 0.0);
}

/* ---- the experiment -------------------------------------------------------------------------- */

static const char before[] = "<experiment>\n<sample>\n", after[] = "</sample>\n</experiment>\n";

static bool read_sample(struct ixs_experiment *out, const char *inside, struct ixs_err *err)
{
    return read_between(out, before, inside, after, err);
}

#define CELL(a)                                                                                    \
    "<a unit='Angstrom'>" a "</a><b unit='Angstrom'>5</b><c unit='Angstrom'>6</c>"                 \
    "<alpha unit='deg'>90</alpha><beta unit='deg'>90</beta><gamma unit='deg'>90</gamma>"
#define REFLECTION(h)                                                                              \
    "<reflection h='" h "' k='0' l='3' two_theta='45.4' theta='2" h "' chi='8' phi='1' mu='-0.4' " \
    "gamma='0.4' unit='deg'/>\n"

static void test_lattices(void **state)
{
    (void)state;
    struct ixs_experiment experiment = {0};
    struct ixs_err err;
    double lattice[6], beyond;
    assert_true(read_sample(
        &experiment,
        "<lattices><lattice temperature='300' unit='K'>" CELL(
            "5.2") "</lattice>\n<lattice temperature='100' unit='K'>" CELL("5.0") "</"
                                                                                  "lattice>\n<"
                                                                                  "lattice "
                                                                                  "temperature="
                                                                                  "'400' "
                                                                                  "unit='K'"
                                                                                  ">" CELL(
                                                                                      "5."
                                                                                      "3") "</"
                                                                                           "lattice"
                                                                                           "></"
                                                                                           "lattice"
                                                                                           "s>",
        &err));
    assert_int_equal(experiment.nlattices, 3);
    const double table[][3] = {{100, 5.0, 0}, {150, 5.05, 0}, {300, 5.2, 0},  {350, 5.25, 0},
                               {400, 5.3, 0}, {20, 5.0, 80},  {500, 5.3, 100}};
    for (size_t i = 0; i < IXS_COUNT(table); i++) {
        assert_true(ixs_experiment_lattice(&experiment, table[i][0], lattice, &beyond));
        assert_near(lattice[0], table[i][1], 1e-12);
        assert_near(lattice[2], 6.0, 1e-12);
        assert_near(beyond, table[i][2], 1e-12);
    }
    assert_false(ixs_experiment_lattice(&experiment, NAN, lattice, &beyond));
    ixs_experiment_dispose(&experiment);
}

static void test_stated_reflections(void **state)
{
    (void)state;
    struct ixs_experiment experiment = {0};
    struct ixs_err err;
    assert_true(read_sample(&experiment,
                            "<lattice>" CELL("4") "</lattice><orientation>" REFLECTION("1")
                                REFLECTION("2") "</orientation>",
                            &err));
    assert_true(experiment.oriented);
    assert_near(experiment.reflections[1].hkl[0], 2.0, 0.0);
    assert_near(experiment.reflections[1].at.two_theta, 45.4, 0.0);
    assert_near(experiment.reflections[0].at.mu, -0.4, 0.0);
    ixs_experiment_dispose(&experiment);
}

static void test_refusals(void **state)
{
    (void)state;
#define UB(z)                                                                                      \
    "<ub xx='1' xy='0' xz='0' yx='0' yy='1' yz='0' zx='0' zy='0' zz='" z "' unit='1/Angstrom'/>\n"
    static const struct refusal cases[] = {
        {"\n" UB("0"), ":4", "found a singular UB"},
        {"<lattice>" CELL("5") "</lattice>\n" UB("1") "<orientation>" REFLECTION("1")
             REFLECTION("2") "</orientation>",
         ":5", "found <orientation> beside <ub>"},
        {"<orientation>" REFLECTION("1") REFLECTION("1") "</orientation>", ":3",
         "two reflections in one direction"},
        {"<orientation>" REFLECTION("1") "</orientation>", ":3", "reflection"},
        {"<lattices>\n<lattice temperature='300' unit='K'>" CELL(
             "5") "</lattice>\n"
                  "<lattice temperature='300' unit='K'>" CELL("6") "</lattice></lattices>",
         ":3", "two lattices at one temperature"},
        {"<lattices>\n<lattice temperature='300' unit='C'>" CELL("5") "</lattice></lattices>", ":4",
         "found 'C'"},
        {"<amorphous>true</amorphous><orientation>" REFLECTION("1")
             REFLECTION("2") "</orientation>",
         ":2", "found <amorphous> beside"},
    };
    assert_refused(IXS_COUNT(cases), cases, before, after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tellurium),
        cmocka_unit_test(test_diamond),
        cmocka_unit_test(test_parallel),
        cmocka_unit_test(test_lattice_of),
        cmocka_unit_test(test_strain),
        cmocka_unit_test(test_spec_header),
        cmocka_unit_test(test_nsls_header),
        cmocka_unit_test(test_lattices),
        cmocka_unit_test(test_stated_reflections),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests_name("orientation", tests, NULL, NULL);
}
