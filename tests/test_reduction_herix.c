/* SPDX-License-Identifier: GPL-3.0-or-later
 * The reduction of two real HERIX beamtimes: HKL of all analyzers against the header's own, which
 * analyzers are good, temperatures. Skipped where the files are not.
 */
#include "calib/reduction/reduction.h"

#include "calib/instrument/geometry.h"
#include "tests/near.h"
#include "tests/spec_text.h"

#include <math.h>

struct beamtime {
    struct spec_read read;
    struct ixs_experiment experiment;
    struct ixs_notes notes;
};

static void open_beamtime(struct beamtime *out, const char *data, const char *config)
{
    const char *root = getenv("IXS_ROOT");
    char path[4200];
    *out = (struct beamtime){.notes = {0}};
    snprintf(path, sizeof path, "%s/../shared/spectra/herix/%s", root ? root : ".", data);
    if (access(path, R_OK) != 0) {
        printf("# skipped: no file %s\n", path);
        skip();
    }
    out->read = read_spec(path, NULL);
    assert_true(out->read.ok);
    struct ixs_err err = IXS_ERR_NONE;
    snprintf(path, sizeof path, "%s/configs/%s", root ? root : ".", config);
    if (!ixs_experiment_read(&out->experiment, path, NULL, NULL, &err))
        fail_msg("%s: %s", err.where, err.text);
}

static void close_beamtime(struct beamtime *beamtime)
{
    free_spec(&beamtime->read);
    ixs_experiment_dispose(&beamtime->experiment);
    ixs_notes_dispose(&beamtime->notes);
}

static bool reduce(struct beamtime *beamtime, const struct ixs_raw *raw, struct ixs_spectra *out)
{
    struct ixs_err err = IXS_ERR_NONE;
    const struct ixs_reduction how = {.experiment = &beamtime->experiment};
    bool ok = ixs_reduction_add(out, raw, "scan", &how, &beamtime->notes, &err);
    if (!ok)
        assert_int_equal(err.code, IXS_INPUT);
    return ok;
}

static size_t count_notes(const struct ixs_notes *notes, const char *text)
{
    size_t count = 0;
    for (size_t i = 0; i < notes->count; i++)
        count += strstr(notes->lines[i], text) != NULL;
    return count;
}

/* #Q, and Analyzer<n>_H, K, L, from #P0, #G3 and #G4 of every scan, whatever it scans. Returns the
 * number of analyzers compared. */
static size_t compare_hkl(const struct ixs_raw *raw, const struct ixs_instrument *instrument,
                          double pitch)
{
    static const char axes[] = "HKL";
    const struct ixs_angles arm = {.two_theta = ixs_raw_motor(raw, instrument->two_theta),
                                   .theta = ixs_raw_motor(raw, instrument->theta),
                                   .chi = ixs_raw_motor(raw, instrument->chi),
                                   .phi = ixs_raw_motor(raw, instrument->phi)};
    double middle = ixs_raw_metadata(raw, instrument->main_metadata);
    struct ixs_crystal crystal;
    struct ixs_momentum momentum;
    assert_true(ixs_crystal_set(&crystal, raw->keys.ub, "P"));
    ixs_geometry_momentum(&arm, raw->keys.lambda, &crystal, &momentum);
    for (int i = 0; i < 3; i++)
        assert_near(momentum.hkl[i], raw->keys.q[i], 1e-5);
    for (int n = 1; n <= 9; n++) {
        struct ixs_angles angles = arm;
        angles.two_theta += (n - (isnan(middle) ? 5.0 : middle)) * pitch;
        ixs_geometry_momentum(&angles, raw->keys.lambda, &crystal, &momentum);
        for (int i = 0; i < 3; i++) {
            char name[32];
            snprintf(name, sizeof name, "Analyzer%d_%c", n, axes[i]);
            assert_near(momentum.hkl[i], ixs_raw_metadata(raw, name), 1e-5);
        }
    }
    return 9;
}

static void test_hkl(void **state)
{
    (void)state;
    const struct {
        const char *data, *config;
        size_t analyzers;
    } files[] = {{"CdOsO", "CdOsO.xml", 74 * 9}, {"plexiglas_1.spec", "plexiglas.xml", 30 * 9}};
    for (int f = 0; f < 2; f++) {
        struct beamtime beamtime;
        size_t compared = 0;
        open_beamtime(&beamtime, files[f].data, files[f].config);
        const struct ixs_instrument *instrument = &beamtime.experiment.instrument;
        for (size_t i = 0; i < beamtime.read.count; i++)
            compared += compare_hkl(&beamtime.read.scans[i].raw, instrument, instrument->pitch);
        assert_int_equal(compared, files[f].analyzers);
        close_beamtime(&beamtime);
    }
}

/* What ixs-reduce writes, with the pitch of the instrument file and with the beamtime's own. */
static void test_spectra_agree_with_header(void **state)
{
    (void)state;
    for (int own = 0; own < 2; own++) {
        struct beamtime beamtime;
        size_t reduced = 0, with_points = 0;
        open_beamtime(&beamtime, "CdOsO", "CdOsO.xml");
        if (!own)
            beamtime.experiment.instrument.pitch = 0.95;
        for (size_t i = 0; i < beamtime.read.count; i++) {
            struct ixs_spectra out = {0};
            const struct ixs_raw *raw = &beamtime.read.scans[i].raw;
            with_points += raw->npoints > 0 && strcmp(raw->labels[0], "HerixE") == 0;
            if (reduce(&beamtime, raw, &out)) {
                assert_int_equal(out.nspectra, 9);
                assert_int_equal(out.npoints, 9 * raw->npoints);
                reduced++;
            }
            ixs_spectra_dispose(&out);
        }
        assert_true(reduced > 25);
        assert_int_equal(reduced, with_points);
        assert_int_equal(count_notes(&beamtime.notes, "differs from the header's"),
                         own ? 0 : reduced);
        assert_int_equal(count_notes(&beamtime.notes, "0.9530 deg apart"), own ? 0 : reduced);
        close_beamtime(&beamtime);
    }
}

/* Scans 58-69 of CdOsO: Ana3 to Ana8 are good, Ana1 and Ana9 see nothing, Ana2 is dark and then
 * full of bursts (65-69). */
static void test_qualities(void **state)
{
    (void)state;
    struct beamtime beamtime;
    size_t seen = 0;
    open_beamtime(&beamtime, "CdOsO", "CdOsO.xml");
    for (size_t i = 0; i < beamtime.read.count; i++) {
        const struct ixs_raw *raw = &beamtime.read.scans[i].raw;
        struct ixs_spectra out = {0};
        if (raw->keys.scan < 58 || raw->keys.scan > 69)
            continue;
        assert_true(reduce(&beamtime, raw, &out));
        for (int n = 1; n <= 9; n++) {
            const char *expected = n >= 3 && n <= 8                 ? "good"
                                   : n == 2 && raw->keys.scan >= 65 ? "bursts"
                                                                    : "no-signal";
            assert_string_equal(out.spectra[n - 1].quality, expected);
            assert_near(out.spectra[n - 1].temperature, 298.51, 0.03);
        }
        ixs_spectra_dispose(&out);
        seen++;
    }
    assert_int_equal(seen, 12);
    close_beamtime(&beamtime);
}

static size_t count_flagged(const struct ixs_spectra *spectra)
{
    size_t count = 0;
    for (size_t i = 0; i < spectra->npoints; i++)
        count += spectra->points[i].flags != 0;
    return count;
}

/* The sharpest and strongest lines there are, up to 77312 counts at a point: none is a burst. */
static void test_resolution_run(void **state)
{
    (void)state;
    struct beamtime beamtime;
    size_t good = 0;
    open_beamtime(&beamtime, "plexiglas_1.spec", "plexiglas.xml");
    for (size_t i = 0; i < beamtime.read.count; i++) {
        struct ixs_spectra out = {0};
        assert_true(reduce(&beamtime, &beamtime.read.scans[i].raw, &out));
        assert_int_equal(count_flagged(&out), 0);
        for (size_t k = 0; k < out.nspectra; k++) {
            good += strcmp(out.spectra[k].quality, "good") == 0;
            assert_true(isnan(out.spectra[k].temperature)); /* 1.45 and 500 K are sentinels */
            assert_true(isnan(out.spectra[k].h));           /* a glass */
        }
        int64_t scan = beamtime.read.scans[i].raw.keys.scan;
        if (scan >= 9 && scan <= 20) /* Ana5 behind 15 mm, open from scan 19 on */
            assert_string_equal(out.spectra[4].quality, scan < 19 ? "masked" : "good");
        ixs_spectra_dispose(&out);
    }
    assert_true(good > 150);
    close_beamtime(&beamtime);
}

/* The second scan 1 says 197.9 K in its header while the column says 298.3 K. */
static void test_disagreeing_thermometers(void **state)
{
    (void)state;
    struct beamtime beamtime;
    open_beamtime(&beamtime, "CdOsO", "CdOsO.xml");
    for (size_t i = 0; i < beamtime.read.count; i++) {
        const struct ixs_raw *raw = &beamtime.read.scans[i].raw;
        struct ixs_spectra out = {0};
        if (raw->keys.scan != 1 || raw->keys.order != 2)
            continue;
        assert_true(reduce(&beamtime, raw, &out));
        assert_near(out.spectra[0].temperature, 298.28, 0.01);
        assert_string_equal(out.keys.temp_from, "column T_sample_LS340");
        assert_int_equal(count_notes(&beamtime.notes, "but 197.86 K by metadata T_Sample"), 1);
        ixs_spectra_dispose(&out);
    }
    close_beamtime(&beamtime);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hkl),
        cmocka_unit_test(test_spectra_agree_with_header),
        cmocka_unit_test(test_qualities),
        cmocka_unit_test(test_resolution_run),
        cmocka_unit_test(test_disagreeing_thermometers),
    };
    return cmocka_run_group_tests_name("reduction_herix", tests, NULL, NULL);
}
