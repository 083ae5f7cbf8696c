/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every scan of three real beamtimes, whatever it scans: its #Q from its own angles, UB and
 * wavelength, and its #G3 from the two reflections of its #G1; and the array of a fourth. Skipped
 * where the files are not.
 */
#include "calib/instrument/arm.h"
#include "calib/experiment/experiment.h"
#include "calib/instrument/orientation.h"

#include "base/array.h"
#include "base/units.h"
#include "tests/near.h"
#include "tests/spec_text.h"

#include <math.h>

static const struct {
    const char *data, *config;
    size_t scans;
} files[] = {
    {"herix/CdOsO", "herix.xml", 74},
    {"herix/plexiglas_1.spec", "herix.xml", 30},
    {"id28/CaC6_scans4_84_87.spec", "id28.xml", 3},
};

static void open_file(size_t f, struct spec_read *read, struct ixs_instrument *instrument)
{
    const char *root = getenv("IXS_ROOT");
    char path[4200];
    struct ixs_err err = IXS_ERR_NONE;
    snprintf(path, sizeof path, "%s/../shared/spectra/%s", root ? root : ".", files[f].data);
    if (access(path, R_OK) != 0) {
        printf("# skipped: no file %s\n", path);
        skip();
    }
    *read = read_spec(path, NULL);
    assert_true(read->ok);
    assert_int_equal(read->count, files[f].scans);
    snprintf(path, sizeof path, "%s/configs/%s", root ? root : ".", files[f].config);
    if (!ixs_instrument_read(instrument, path, NULL, &err))
        fail_msg("%s: %s", err.where, err.text);
}

static struct ixs_angles angles_of(const struct ixs_instrument *instrument,
                                   const struct ixs_raw *raw)
{
    struct ixs_aim arm = ixs_arm_aim(instrument, raw);
    return (struct ixs_angles){.two_theta = arm.two_theta,
                               .theta = ixs_raw_motor(raw, instrument->theta),
                               .chi = ixs_raw_motor(raw, instrument->chi),
                               .phi = ixs_raw_motor(raw, instrument->phi),
                               .mu = ixs_arm_mu(instrument, raw),
                               .gamma = arm.gamma,
                               .sixcircle = ixs_instrument_sixcircle(instrument)};
}

static void test_q(void **state)
{
    (void)state;
    for (size_t f = 0; f < IXS_COUNT(files); f++) {
        struct spec_read read;
        struct ixs_instrument instrument;
        open_file(f, &read, &instrument);
        for (size_t i = 0; i < read.count; i++) {
            const struct ixs_raw *raw = &read.scans[i].raw;
            struct ixs_angles angles = angles_of(&instrument, raw);
            struct ixs_crystal crystal;
            struct ixs_momentum momentum;
            assert_true(ixs_crystal_set(&crystal, raw->keys.ub, "P"));
            ixs_geometry_momentum(&angles, raw->keys.lambda, &crystal, &momentum);
            for (int k = 0; k < 3; k++)
                assert_near(momentum.hkl[k], raw->keys.q[k], 1e-5);
        }
        free_spec(&read);
    }
}

static void test_ub(void **state)
{
    (void)state;
    for (size_t f = 0; f < IXS_COUNT(files); f++) {
        struct spec_read read;
        struct ixs_instrument instrument;
        open_file(f, &read, &instrument);
        for (size_t i = 0; i < read.count; i++) {
            const struct ixs_raw *raw = &read.scans[i].raw;
            struct ixs_orientation found;
            double ub[9];
            assert_true(ixs_orientation_header(&found, raw, false));
            assert_true(ixs_orientation_ub(found.lattice, found.reflections, ub));
            assert_true(ixs_orientation_apart(ub, raw->keys.ub) < 1e-4);
            for (int k = 0; k < 9; k++)
                assert_near(ub[k], raw->keys.ub[k], 2e-5);
        }
        free_spec(&read);
    }
}

/* HKL of the twelve analyzers of BL35XU, as the beamline printed them for lead telluride (6.46
 * Angstrom) to three digits: their distances from each other and from the origin are those of our
 * array around the arm. */
static void test_bl35xu(void **state)
{
    (void)state;
    const char *root = getenv("IXS_ROOT");
    const double unit = 2 * IXS_PI / 6.46, k = 2 * IXS_PI / 0.57012;
    char path[4200], line[512];
    double hkl[12][3] = {{0}}, q[12][3];
    int found = 0, n;
    snprintf(path, sizeof path, "%s/../shared/spectra/bl35xu/gpi.PbTe_sq_GL711_p0p55_RT",
             root ? root : ".");
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        printf("# skipped: no file %s\n", path);
        skip();
    }
    double v[3];
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "tf_%d=\"A_{%*d} (%lf, %lf, %lf", &n, &v[0], &v[1], &v[2]) == 4 &&
            n >= 1 && n <= 12) {
            memcpy(hkl[n - 1], v, sizeof v);
            found++;
        }
    fclose(file);
    assert_int_equal(found, 12);

    struct ixs_instrument instrument;
    struct ixs_err err = IXS_ERR_NONE;
    snprintf(path, sizeof path, "%s/configs/bl35xu.xml", root ? root : ".");
    assert_true(ixs_instrument_read(&instrument, path, NULL, &err));
    const double center[3] = {7.548, 1.316, 1.402}; /* main_title of the file */
    double length = unit * hypot(hypot(center[0], center[1]), center[2]);
    const struct ixs_aim arm = {2 * asin(length / (2 * k)) / IXS_DEGREE, 0.0};
    for (int a = 0; a < 12; a++) {
        char name[25];
        snprintf(name, sizeof name, "a%02d", a + 1);
        const struct ixs_analyzer *analyzer = ixs_instrument_find(&instrument, name);
        assert_non_null(analyzer);
        struct ixs_aim aim = ixs_arm_place(&instrument, analyzer, arm, instrument.main);
        struct ixs_angles at = {.two_theta = aim.two_theta, .gamma = aim.gamma};
        ixs_geometry_q_phi(&at, 0.57012, q[a]);
    }
    for (int a = 0; a < 12; a++)
        for (int b = 0; b <= a; b++) {
            double theirs = 0, ours = 0;
            for (int i = 0; i < 3; i++) {
                theirs += pow(unit * (hkl[a][i] - (a == b ? 0 : hkl[b][i])), 2);
                ours += pow(q[a][i] - (a == b ? 0 : q[b][i]), 2);
            }
            assert_near(sqrt(ours), sqrt(theirs), 2e-3);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_q),
        cmocka_unit_test(test_ub),
        cmocka_unit_test(test_bl35xu),
    };
    return cmocka_run_group_tests_name("headers", tests, NULL, NULL);
}
