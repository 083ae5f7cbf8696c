/* SPDX-License-Identifier: GPL-3.0-or-later
 * Six circles and flat arrays: tellurium at NSLS-II 10-ID by the six-circle code of SPring-8 (its
 * configuration file sixcircle_last_UB), and the array of BL43LXU from its constants.
 */
#include "calib/instrument/arm.h"
#include "calib/instrument/geometry.h"

#include "base/units.h"
#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double wavelength = 1.35769; /* Angstrom */
static const double ub[9] = {0.297694, -0.138429, 1.020635,  -1.439782, -1.370799,
                             0.074620, 0.699568,  -0.867604, -0.280744};
static const struct ixs_angles or0 = {45.445, 104.251, 8.584, -61.879, -0.401, 0.401, true};
static const struct ixs_angles or1 = {58.831, 78.838, 6.927, -35.046, -0.401, 0.401, true};

static void assert_momentum(const struct ixs_angles *angles, const double hkl[3], double q)
{
    struct ixs_crystal crystal;
    struct ixs_momentum momentum;
    assert_true(ixs_crystal_set(&crystal, ub, "P"));
    ixs_geometry_momentum(angles, wavelength, &crystal, &momentum);
    for (int i = 0; i < 3; i++)
        assert_near(momentum.hkl[i], hkl[i], 3e-6); /* UB has six digits */
    if (isfinite(q))
        assert_near(momentum.q, q, 5e-7);
}

static void test_reflections(void **state)
{
    (void)state;
    assert_momentum(&or0, (const double[3]){0.999992, 0, 2.999975}, 3.575682);
    assert_momentum(&or1, (const double[3]){1.002861, 0, 3.998263}, 4.546189);
    struct ixs_angles moved = or0;
    moved.two_theta += 0.70155;
    moved.gamma -= 0.70155;
    assert_momentum(&moved, (const double[3]){1.036573, -0.043766, 3.042544}, NAN);
}

/* sin(theta_D) of the six-circle code, by its own formula. */
static void test_scattering(void **state)
{
    (void)state;
    for (double tth = -100; tth <= 100; tth += 12.5)
        for (double mu = -2; mu <= 2; mu += 0.8)
            for (double gamma = -5; gamma <= 20; gamma += 2.5) {
                struct ixs_angles at = {.two_theta = tth, .mu = mu, .gamma = gamma};
                double m = mu * IXS_DEGREE, g = gamma * IXS_DEGREE, k_in[3], k_out[3];
                double square =
                    2 - 2 * sin(m) * sin(g) - 2 * cos(m) * cos(g) * cos(tth * IXS_DEGREE);
                double found = sin(ixs_geometry_scattering(&at) / 2 * IXS_DEGREE);
                assert_near(found, sqrt(fmax(square, 0.0)) / 2, 1e-8);
                ixs_geometry_incoming(&at, k_in);
                ixs_geometry_outgoing(&at, k_out);
                double cosine = k_in[0] * k_out[0] + k_in[1] * k_out[1] + k_in[2] * k_out[2];
                assert_near(cosine, cos(ixs_geometry_scattering(&at) * IXS_DEGREE), 1e-14);
            }
    struct ixs_angles tiny = {.two_theta = 1e-7, .gamma = 1e-7};
    assert_near(ixs_geometry_scattering(&tiny) / (sqrt(2) * 1e-7), 1.0, 1e-12);
}

/* With mu = gamma = 0 the frames of fourc and six circles differ by half a turn about x. */
static void test_frames(void **state)
{
    (void)state;
    struct ixs_angles at = {.two_theta = 33, .theta = 21, .chi = -14, .phi = 77};
    double fourc[3], six[3];
    ixs_geometry_q_phi(&at, 0.7, fourc);
    at.sixcircle = true;
    ixs_geometry_q_phi(&at, 0.7, six);
    assert_near(six[0], fourc[0], 1e-14);
    assert_near(six[1], -fourc[1], 1e-14);
    assert_near(six[2], -fourc[2], 1e-14);
}

/* ---- arrays ---------------------------------------------------------------------------------- */

#define BL43LXU                                                                                    \
    "<instrument><circles><two_theta>tth</two_theta><mu>mu</mu><gamma>gam</gamma></circles>\n"     \
    "<array><radius unit='mm'>9800</radius><pitch_x unit='mm'>120</pitch_x>\n"                     \
    "<pitch_z unit='mm'>120</pitch_z></array><main row='0'>0</main>\n"                             \
    "<analyzers><row row='0' from='-5' to='5' prefix='a' first='1' digits='2'/>\n"                 \
    "<row row='1' from='-5' to='5' prefix='a' first='12' digits='2'/>\n"                           \
    "<row row='2' from='-5' to='5' prefix='a' first='23' digits='2'/>\n"                           \
    "<row row='3' from='-4' to='4' prefix='a' first='34' digits='2'/>\n"

static bool read_instrument(struct ixs_instrument *out, const char *xml, struct ixs_err *err)
{
    char name[] = "/tmp/ixs_sixcircle_XXXXXX";
    int handle = mkstemp(name);
    assert_true(handle >= 0);
    FILE *file = fdopen(handle, "w");
    assert_non_null(file);
    fputs(xml, file);
    fclose(file);
    *err = (struct ixs_err){0};
    bool ok = ixs_instrument_read(out, name, NULL, err);
    remove(name);
    return ok;
}

/* The beamline's rule: a(11 z + 6 + x), less 1 in the last row, z the row, x the step sideways. */
static void test_names(void **state)
{
    (void)state;
    struct ixs_instrument instrument;
    struct ixs_err err;
    assert_true(read_instrument(&instrument, BL43LXU "</analyzers></instrument>", &err));
    assert_int_equal(instrument.nanalyzers, 42);
    for (int z = 0; z < 4; z++)
        for (int x = -3; x <= 3; x++) { /* the 28 in use: a03..a09, a14..a20, a25..a31, a35..a41 */
            char name[25];
            snprintf(name, sizeof name, "a%02d", 11 * z + 6 + x - (z == 3));
            const struct ixs_analyzer *analyzer = ixs_instrument_find(&instrument, name);
            assert_non_null(analyzer);
            assert_near(analyzer->position, x, 0.0);
            assert_near(analyzer->row, z, 0.0);
        }
    assert_true(ixs_instrument_sixcircle(&instrument));
}

static void test_places(void **state)
{
    (void)state;
    struct ixs_instrument instrument;
    struct ixs_err err;
    assert_true(read_instrument(&instrument, BL43LXU "</analyzers></instrument>", &err));
    const struct ixs_aim arm = {30.0, 0.5};
    assert_near(ixs_instrument_pitch(&instrument), 0.70155, 1e-5);
    struct ixs_aim a06 =
        ixs_arm_place(&instrument, ixs_instrument_find(&instrument, "a06"), arm, 0);
    struct ixs_aim a07 =
        ixs_arm_place(&instrument, ixs_instrument_find(&instrument, "a07"), arm, 0);
    struct ixs_aim a41 =
        ixs_arm_place(&instrument, ixs_instrument_find(&instrument, "a41"), arm, 0);
    assert_near(a06.two_theta, 30.0, 0.0);
    assert_near(a06.gamma, 0.5, 0.0);
    assert_near(a07.two_theta, 30.0 + 0.70155, 1e-5);
    assert_near(a41.two_theta, 30.0 + atan2(360, 9800) / IXS_DEGREE, 1e-12);
    assert_near(a41.gamma, 0.5 - atan2(360, hypot(9800, 360)) / IXS_DEGREE, 1e-12);
    /* neighbours are 1.35 1/nm apart at Si(11 11 11) */
    double q = 2 * ixs_geometry_q(0.70155, 0.570109) / 2 * 10;
    assert_near(q, 1.35, 0.005);
}

static void assert_refused(const char *xml, const char *line, const char *expected)
{
    struct ixs_instrument instrument;
    struct ixs_err err;
    assert_false(read_instrument(&instrument, xml, &err));
    if (strstr(err.where, line) == NULL || strstr(err.text, expected) == NULL)
        fail_msg("'%s: %s', expected '%s' and '%s'", err.where, err.text, line, expected);
}

static void test_refusals(void **state)
{
    (void)state;
    assert_refused(BL43LXU "<row row='4' from='0' to='1' prefix='a' first='41' digits='2'/>\n"
                           "</analyzers></instrument>",
                   ":8", "found analyzer a41 in two rows");
    assert_refused("<instrument><analyzers>\n<row row='0' from='3' to='1' prefix='a' first='1'/>"
                   "</analyzers></instrument>",
                   ":2", "found a row from 3 to 1");
    assert_refused("<instrument><analyzers>\n<row row='0' from='1' to='99' prefix='a' first='1'/>"
                   "</analyzers></instrument>",
                   ":2", "found a row from 1 to 99");
    assert_refused(BL43LXU
                   "<analyzer name='a03'/>\n<analyzer name='A03'/></analyzers></instrument>",
                   ":9", "found analyzer A03 a second time");
    assert_refused(BL43LXU "<analyzer name='b03'/></analyzers></instrument>", ":8",
                   "found analyzer b03 without a position");
}

static void test_complaints(void **state)
{
    (void)state;
    struct ixs_instrument instrument;
    struct ixs_err err;
    assert_true(read_instrument(&instrument, BL43LXU "</analyzers></instrument>", &err));
    snprintf(instrument.energy, sizeof instrument.energy, "E");
    snprintf(instrument.monitor, sizeof instrument.monitor, "M");
    snprintf(instrument.time, sizeof instrument.time, "T");
    assert_null(ixs_instrument_complaint(&instrument));
    instrument.array.pitch_z = NAN;
    assert_non_null(strstr(ixs_instrument_complaint(&instrument), "no pitch of the rows"));
    instrument.array.pitch_z = 120;
    instrument.pitch = 0.7;
    assert_non_null(strstr(ixs_instrument_complaint(&instrument), "two pitches"));
    instrument.pitch = instrument.array.pitch_x = NAN;
    assert_non_null(strstr(ixs_instrument_complaint(&instrument), "no pitch of the analyzers"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reflections), cmocka_unit_test(test_scattering),
        cmocka_unit_test(test_frames),      cmocka_unit_test(test_names),
        cmocka_unit_test(test_places),      cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_complaints),
    };
    return cmocka_run_group_tests_name("sixcircle", tests, NULL, NULL);
}
