/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every scan of three real beamtimes, whatever it scans: its #Q from its own angles, UB and
 * wavelength, and its #G3 from the two reflections of its #G1. Skipped where the files are not.
 */
#include "calib/arm.h"
#include "calib/experiment.h"
#include "calib/orientation.h"

#include "base/array.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_q),
        cmocka_unit_test(test_ub),
    };
    return cmocka_run_group_tests_name("headers", tests, NULL, NULL);
}
