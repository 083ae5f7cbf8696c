/* SPDX-License-Identifier: GPL-3.0-or-later
 * One scan to spectra: energies, exposures, flags, temperatures and refusals, on scans made here.
 */
#include "calib/reduction.h"

#include "calib/energy.h"
#include "calib/exposure.h"
#include "calib/temperature.h"

#include "base/array.h"
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

enum { POINTS = 41, LABELS = 6 };

struct scene { /* one scan, all that is needed to reduce it, and what came out */
    struct ixs_raw raw;
    struct ixs_experiment experiment;
    struct ixs_calib_analyzer rows[2];
    struct ixs_calib_component components[2];
    struct ixs_calib calib;
    struct ixs_reduction how;
    struct ixs_spectra spectra;
    struct ixs_notes notes;
    struct ixs_err err;
    char labels[LABELS][49];
    double values[POINTS * LABELS];
    struct ixs_raw_position positions[5];
    struct ixs_raw_value metadata[5];
};

static double *cell(struct scene *scene, int point, const char *label)
{
    long column = ixs_raw_label(&scene->raw, label);
    assert_true(column >= 0);
    return &scene->values[point * LABELS + column];
}

static void set_raw(struct scene *scene)
{
    static const char *const labels[LABELS] = {"E", "A1", "A2", "Seconds", "I0", "T"};
    struct ixs_raw *raw = &scene->raw;
    for (int i = 0; i < LABELS; i++)
        ixs_copy(scene->labels[i], sizeof scene->labels[i], labels[i]);
    *raw = (struct ixs_raw){.npoints = POINTS,
                            .nlabels = LABELS,
                            .labels = scene->labels,
                            .values = scene->values,
                            .positions = scene->positions,
                            .npositions = 5,
                            .metadata = scene->metadata,
                            .nmetadata = 5};
    raw->keys = (struct ixs_raw_keys){.scan = 60,
                                      .order = 1,
                                      .lambda = 0.52262,
                                      .e_origin = 2.5,
                                      .npoints = POINTS,
                                      .command = "ascan E -10 10 40 30",
                                      .origin = "/data/2015/CdOsO",
                                      .ended = "COMPLETE"};
    for (int i = 0; i < 9; i++)
        raw->keys.ub[i] = i % 4 == 0 ? 2 * IXS_PI / 10.17 : 0.0;
    for (int i = 0; i < 6; i++)
        raw->keys.lattice[i] = i < 3 ? 10.17 : 90.0;
    for (int i = 0; i < POINTS; i++) {
        double energy = -10.0 + 0.5 * i;
        *cell(scene, i, "E") = energy;
        *cell(scene, i, "A1") = round(2.0 + 400.0 * exp(-2.77 * energy * energy / 2.25));
        *cell(scene, i, "A2") = 1 + i % 3;
        *cell(scene, i, "Seconds") = 30.0;
        *cell(scene, i, "I0") = 3.3e6;
        *cell(scene, i, "T") = 298.0 + 0.01 * i;
    }
}

static void set_places(struct scene *scene)
{
    static const struct ixs_raw_position positions[5] = {{"tth", "", 20.0},
                                                         {"th", "", 10.0},
                                                         {"chi", "", 0.0},
                                                         {"phi", "", 0.0},
                                                         {"mask", "", 15.0}};
    static const struct ixs_raw_value metadata[5] = {{"T_head", 297.0, "297"},
                                                     {"main", NAN, ""},
                                                     {"A1_H", NAN, ""},
                                                     {"A1_K", 0.0, "0"},
                                                     {"A1_L", 0.0, "0"}};
    memcpy(scene->positions, positions, sizeof positions);
    memcpy(scene->metadata, metadata, sizeof metadata);
}

static void add_analyzer(struct ixs_instrument *instrument, const char *name, double position)
{
    struct ixs_analyzer *analyzer = &instrument->analyzers[instrument->nanalyzers++];
    *analyzer = (struct ixs_analyzer){.position = position,
                                      .open = NAN,
                                      .fwhm = NAN,
                                      .eta = NAN,
                                      .zero = NAN,
                                      .efficiency = NAN,
                                      .dark_rate = NAN,
                                      .dead_time = NAN};
    ixs_copy(analyzer->name, sizeof analyzer->name, name);
}

static void set_instrument(struct ixs_instrument *instrument)
{
    ixs_instrument_default(instrument);
    ixs_copy(instrument->name, sizeof instrument->name, "TEST");
    ixs_copy(instrument->energy, sizeof instrument->energy, "e");
    ixs_copy(instrument->monitor, sizeof instrument->monitor, "I0");
    ixs_copy(instrument->time, sizeof instrument->time, "Seconds");
    ixs_copy(instrument->two_theta, sizeof instrument->two_theta, "tth");
    ixs_copy(instrument->theta, sizeof instrument->theta, "th");
    ixs_copy(instrument->chi, sizeof instrument->chi, "chi");
    ixs_copy(instrument->phi, sizeof instrument->phi, "phi");
    ixs_copy(instrument->main_metadata, sizeof instrument->main_metadata, "main");
    instrument->pitch = 0.95;
    instrument->main = 1.0;
    instrument->reference = 1e5;
    instrument->narrowest = 0.9;
    instrument->temperature = (struct ixs_thermometry){
        .sources = {{IXS_PLACE_COLUMN, "T"}, {IXS_PLACE_METADATA, "T_head"}},
        .nsources = 2,
        .sentinels = {500.0, 1.45},
        .nsentinels = 2,
        .least = 1.0,
        .most = 2000.0,
        .agree = 2.0,
        .error = 0.5};
    add_analyzer(instrument, "A1", 1.0);
    add_analyzer(instrument, "A2", 3.0);
    add_analyzer(instrument, "A9", 9.0); /* no column in the scan */
}

static void set_calib(struct scene *scene)
{
    scene->rows[0] = (struct ixs_calib_analyzer){.analyzer = "A1",
                                                 .zero = 3.25,
                                                 .zero_err = 0.07,
                                                 .efficiency = 1.25,
                                                 .dark_rate = 0.01,
                                                 .dead_time = 0.0,
                                                 .quality = "good"};
    scene->rows[1] = (struct ixs_calib_analyzer){.analyzer = "A2",
                                                 .zero = NAN,
                                                 .zero_err = NAN,
                                                 .efficiency = NAN,
                                                 .dark_rate = NAN,
                                                 .quality = "uncalibrated"};
    scene->components[0] = (struct ixs_calib_component){.analyzer = "A1", .component = 1};
    scene->components[1] = (struct ixs_calib_component){.analyzer = "A2", .component = 1};
    scene->calib = (struct ixs_calib){.keys = {.beamtimes = "/data/2015/CdOsO"},
                                      .analyzers = scene->rows,
                                      .nanalyzers = 2,
                                      .components = scene->components,
                                      .ncomponents = 2};
}

static struct scene *make_scene(void)
{
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    set_raw(scene);
    set_places(scene);
    set_calib(scene);
    set_instrument(&scene->experiment.instrument);
    scene->experiment.temperature = scene->experiment.temperature_error = NAN;
    scene->experiment.wavelength = NAN;
    for (int i = 0; i < 9; i++)
        scene->experiment.ub[i] = NAN;
    for (int i = 0; i < 6; i++)
        scene->experiment.lattice[i] = NAN;
    scene->how.experiment = &scene->experiment;
    return scene;
}

static bool reduce(struct scene *scene)
{
    scene->err = IXS_ERR_NONE;
    return ixs_reduction_add(&scene->spectra, &scene->raw, "scan.fits", &scene->how, &scene->notes,
                             &scene->err);
}

static void must_reduce(struct scene *scene)
{
    if (!reduce(scene))
        fail_msg("%s: %s", scene->err.where, scene->err.text);
}

static bool noted(const struct scene *scene, const char *text)
{
    for (size_t i = 0; i < scene->notes.count; i++)
        if (strstr(scene->notes.lines[i], text))
            return true;
    return false;
}

static void free_scene(struct scene *scene)
{
    ixs_spectra_dispose(&scene->spectra);
    ixs_notes_dispose(&scene->notes);
    free(scene->experiment.zeros);
    free(scene);
}

/* ---- what comes out ----------------------------------------------------------------------------
 */

static void test_plain(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    must_reduce(scene);
    const struct ixs_spectra *out = &scene->spectra;
    assert_int_equal(out->nspectra, 2);
    assert_int_equal(out->npoints, 2 * POINTS);
    const struct ixs_spectrum *first = &out->spectra[0];
    assert_string_equal(first->analyzer, "A1");
    assert_string_equal(first->scans, "60");
    assert_string_equal(first->quality, "good");
    assert_string_equal(out->spectra[1].quality, "no-signal");
    assert_string_equal(first->response, "none");
    assert_near(first->zero, 0.0, 0.0);
    assert_true(isnan(first->zero_err) && isnan(first->q_width) && isnan(first->hkl_cov[5]));
    const struct ixs_point *point = &out->points[20];
    assert_int_equal(point->point, 21);
    assert_int_equal(point->scan, 60);
    assert_near(point->energy, 0.0, 1e-12);
    assert_near(point->exposure, 33.0, 1e-12); /* 30 s at 1.1e5/s referred to 1e5/s */
    assert_near(point->counts, 402.0, 0.0);
    assert_near(point->intensity, 402.0 / 33.0, 1e-12);
    assert_near(point->error, sqrt(402.0) / 33.0, 1e-12);
    assert_near(point->dark, 0.0, 0.0);
    assert_near(out->keys.reference, 1e5, 0.0);
    assert_string_equal(out->keys.temp_from, "column T");
    free_scene(scene);
}

static void test_momentum(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    must_reduce(scene);
    const struct ixs_spectrum *spectra = scene->spectra.spectra;
    double length = 4 * IXS_PI * sin(10 * IXS_DEGREE) / 0.52262;
    assert_near(spectra[0].two_theta, 20.0, 0.0);
    assert_near(spectra[1].two_theta, 20.0 + 2 * 0.95, 1e-12);
    assert_near(spectra[0].q, length, 1e-12);
    assert_near(spectra[0].h, length * 10.17 / (2 * IXS_PI), 1e-9); /* symmetric, along x */
    assert_near(spectra[0].k, 0.0, 1e-12);
    assert_near(spectra[0].g_h, round(spectra[0].h), 0.0);
    assert_near(spectra[0].q_reduced, fabs(spectra[0].q_h) * 2 * IXS_PI / 10.17, 1e-12);
    free_scene(scene);

    scene = make_scene();
    scene->metadata[1].value = 3.0; /* the scan itself tells that A2 is at the arm's angle */
    must_reduce(scene);
    assert_near(scene->spectra.spectra[1].two_theta, 20.0, 0.0);
    assert_near(scene->spectra.spectra[0].two_theta, 20.0 - 2 * 0.95, 1e-12);
    free_scene(scene);

    scene = make_scene();
    scene->experiment.no_crystal = true;
    must_reduce(scene);
    assert_near(scene->spectra.spectra[0].q, length, 1e-12);
    assert_true(isnan(scene->spectra.spectra[0].h) && isnan(scene->spectra.keys.lattice[0]));
    assert_false(noted(scene, "UB"));
    free_scene(scene);
}

static void test_missing_geometry(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    for (int i = 0; i < 9; i++)
        scene->raw.keys.ub[i] = 1.0;
    must_reduce(scene);
    assert_true(isnan(scene->spectra.spectra[0].h));
    assert_true(noted(scene, "singular"));
    free_scene(scene);

    scene = make_scene();
    ixs_copy(scene->positions[2].motor, sizeof scene->positions[2].motor, "other");
    must_reduce(scene);
    assert_true(isnan(scene->spectra.spectra[0].h));
    assert_true(isfinite(scene->spectra.spectra[0].q));
    assert_true(noted(scene, "motor chi"));
    free_scene(scene);

    scene = make_scene();
    scene->raw.keys.lattice[0] = 11.0;
    must_reduce(scene);
    assert_true(noted(scene, "UB and lattice disagree"));
    free_scene(scene);
}

/* The header says where A2 would be with a pitch of 0.953 deg. */
static void test_header_check(void **state)
{
    (void)state;
    for (int wrong = 0; wrong < 2; wrong++) {
        struct scene *scene = make_scene();
        struct ixs_analyzer *second = &scene->experiment.instrument.analyzers[1];
        double half = (20.0 + 2 * (wrong ? 0.953 : 0.95)) / 2 * IXS_DEGREE;
        double length = 4 * IXS_PI * sin(half) / 0.52262 * 10.17 / (2 * IXS_PI);
        double omega = 10 * IXS_DEGREE - half;
        ixs_copy(second->header_h, sizeof second->header_h, "A1_H");
        ixs_copy(second->header_k, sizeof second->header_k, "A1_K");
        ixs_copy(second->header_l, sizeof second->header_l, "A1_L");
        scene->metadata[2].value = length * cos(omega);
        scene->metadata[3].value = length * sin(omega);
        must_reduce(scene);
        assert_int_equal(noted(scene, "HKL of A2 differs"), wrong);
        assert_int_equal(noted(scene, "0.9530 deg apart"), wrong);
        free_scene(scene);
    }
}

/* ---- zeros and calibrations --------------------------------------------------------------------
 */

static void test_own_calibration(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    scene->how.calib = &scene->calib;
    must_reduce(scene);
    const struct ixs_spectrum *first = &scene->spectra.spectra[0];
    assert_near(first->zero, 3.25 - 2.5, 1e-12); /* 3.25 on the axis recorded + E_ORIGIN */
    assert_near(first->zero_err, 0.07, 0.0);
    assert_string_equal(first->response, "good");
    const struct ixs_point *point = &scene->spectra.points[20];
    assert_near(point->energy_raw, 0.0, 0.0);
    assert_near(point->energy, -0.75, 1e-12);
    assert_near(point->exposure, 33.0 * 1.25, 1e-12);
    assert_near(point->dark, 0.3, 1e-12);
    assert_near(point->intensity, (402 - 0.3) / (33.0 * 1.25), 1e-12);
    assert_string_equal(scene->spectra.spectra[1].response, "none");
    free_scene(scene);
}

static void test_lent_calibration(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    ixs_copy(scene->calib.keys.beamtimes, sizeof scene->calib.keys.beamtimes, "/data/2018/plexi");
    scene->how.calib = &scene->calib;
    must_reduce(scene);
    const struct ixs_spectrum *first = &scene->spectra.spectra[0];
    assert_near(first->zero, 0.0, 0.0);
    assert_true(isnan(first->zero_err));
    assert_string_equal(first->response, "lent");
    assert_near(scene->spectra.points[20].exposure, 33.0, 1e-12);
    free_scene(scene);

    scene = make_scene();
    scene->how.calib = &scene->calib;
    ixs_copy(scene->rows[0].quality, sizeof scene->rows[0].quality, "nominal");
    must_reduce(scene);
    assert_string_equal(scene->spectra.spectra[0].response, "nominal");
    assert_true(isnan(scene->spectra.spectra[0].zero_err));
    free_scene(scene);

    scene = make_scene();
    scene->how.calib = &scene->calib;
    scene->rows[0].zero = NAN;
    must_reduce(scene);
    assert_string_equal(scene->spectra.spectra[0].response, "good");
    assert_near(scene->spectra.spectra[0].zero, 0.0, 0.0);
    assert_true(isnan(scene->spectra.spectra[0].zero_err));
    free_scene(scene);
}

static void test_stated_zero(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    scene->how.calib = &scene->calib;
    scene->experiment.instrument.energy_scale = -2.0;
    assert_true(ixs_experiment_state_zero(&scene->experiment, 1.5, 0.03, &scene->err));
    must_reduce(scene);
    assert_near(scene->spectra.spectra[0].zero, 1.5, 0.0);
    assert_near(scene->spectra.spectra[0].zero_err, 0.03, 0.0);
    assert_string_equal(scene->spectra.spectra[0].response, "good");
    assert_near(scene->spectra.points[0].energy, 20.0 - 1.5, 1e-12);
    free_scene(scene);
}

static void test_beamtimes(void **state)
{
    (void)state;
    assert_true(ixs_energy_same_beamtime("/a/b/x", "/a/b/x"));
    assert_true(ixs_energy_same_beamtime("/a/y,/a/b/x", "/a/b/x"));
    assert_true(ixs_energy_same_beamtime("/a/b/x", "x"));
    assert_true(ixs_energy_same_beamtime("y, x", "/a/b/x"));
    assert_true(ixs_energy_same_beamtime("/my data/x", "/my data/x"));
    assert_false(ixs_energy_same_beamtime("/a/c/x", "/a/b/x"));
    assert_false(ixs_energy_same_beamtime("xx", "x"));
    assert_false(ixs_energy_same_beamtime("x", "xx"));
    assert_false(ixs_energy_same_beamtime("", "x"));
    assert_false(ixs_energy_same_beamtime("x", ""));
    assert_false(ixs_energy_same_beamtime("", ""));
}

/* ---- exposures and flags -----------------------------------------------------------------------
 */

static void test_exposure(void **state)
{
    (void)state;
    const struct ixs_chain chain = {
        .reference = 1e5, .efficiency = 0.5, .dead_time = 1e-3, .dark_rate = 0.1};
    struct ixs_point point = {.flags = 0};
    ixs_exposure_point(&point, 1000.0, 10.0, 2e6, &chain);
    assert_int_equal(point.flags, 0);
    assert_near(point.exposure, 20.0 * 0.9 * 0.5, 1e-12); /* blind for 1 of 10 s */
    assert_near(point.dark, 1.0, 1e-15);
    assert_near(point.intensity * point.exposure, 999.0, 1e-9);
    ixs_exposure_point(&point, 0.0, 10.0, 2e6, &chain);
    assert_near(point.error * point.exposure, 1.0, 1e-12);

    const struct {
        double counts, time, monitor;
        int64_t flags;
    } cases[] = {
        {5, 10, NAN, IXS_FLAG_MONITOR},
        {5, 10, 0, IXS_FLAG_MONITOR},
        {5, 10, -1, IXS_FLAG_MONITOR},
        {5, 10, INFINITY, IXS_FLAG_MONITOR},
        {-1, 10, 2e6, IXS_FLAG_COUNTS},
        {1.5, 10, 2e6, IXS_FLAG_COUNTS},
        {NAN, 10, 2e6, IXS_FLAG_COUNTS},
        {20000, 10, 2e6, IXS_FLAG_COUNTS}, /* more than the dead time can let through */
        {5, 0, 2e6, IXS_FLAG_TIME},
        {5, NAN, NAN, IXS_FLAG_TIME | IXS_FLAG_MONITOR},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        point.flags = 0;
        ixs_exposure_point(&point, cases[i].counts, cases[i].time, cases[i].monitor, &chain);
        assert_int_equal(point.flags, cases[i].flags);
        assert_int_equal(isnan(point.exposure),
                         (point.flags & IXS_FLAG_MONITOR) != 0 || cases[i].counts == 20000);
    }
}

static void test_flags(void **state)
{
    (void)state;
    struct ixs_exclusion exclusion = {
        .scan = 60, .analyzer = "A2", .from = 3, .to = 4, .unit = "point", .reason = "beam dump"};
    struct scene *scene = make_scene();
    scene->experiment.exclusions = &exclusion;
    scene->experiment.nexclusions = 1;
    *cell(scene, 5, "I0") = NAN;
    *cell(scene, 6, "A1") = -3.0;
    *cell(scene, 7, "E") = NAN;
    *cell(scene, 8, "Seconds") = 0.0;
    must_reduce(scene);
    const struct ixs_point *a1 = scene->spectra.points, *a2 = a1 + POINTS;
    assert_int_equal(scene->spectra.npoints, 2 * POINTS); /* no row is lost */
    assert_int_equal(a1[5].flags, IXS_FLAG_MONITOR);
    assert_near(a1[5].counts, 2.0, 0.0);
    assert_int_equal(a1[6].flags, IXS_FLAG_COUNTS);
    assert_int_equal(a2[6].flags, 0);
    assert_int_equal(a1[7].flags, IXS_FLAG_ENERGY);
    assert_int_equal(a1[8].flags, IXS_FLAG_TIME);
    assert_int_equal(a1[2].flags, 0);
    assert_int_equal(a2[1].flags, 0);
    assert_int_equal(a2[2].flags, IXS_FLAG_EXCLUDED);
    assert_int_equal(a2[3].flags, IXS_FLAG_EXCLUDED);
    assert_int_equal(a2[4].flags, 0);
    assert_true(noted(scene, "excluded of A2: beam dump"));
    assert_true(noted(scene, "flagged monitor"));
    assert_string_equal(scene->spectra.spectra[0].quality, "good");
    free_scene(scene);
}

static void test_no_monitor_at_all(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    scene->experiment.instrument.reference = NAN;
    for (int i = 0; i < POINTS; i++)
        *cell(scene, i, "I0") = i % 2 ? NAN : 0.0;
    must_reduce(scene);
    for (size_t i = 0; i < scene->spectra.npoints; i++)
        assert_int_equal(scene->spectra.points[i].flags, IXS_FLAG_MONITOR);
    assert_string_equal(scene->spectra.spectra[0].quality, "no-signal");
    assert_true(isnan(scene->spectra.keys.reference));
    free_scene(scene);
}

/* Without a fixed reference: the median rate, so that a burst of beam does not move it. */
static void test_median_reference(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    scene->experiment.instrument.reference = NAN;
    *cell(scene, 3, "I0") = 3.3e8;
    *cell(scene, 4, "I0") = NAN;
    must_reduce(scene);
    assert_near(scene->spectra.keys.reference, 1.1e5, 1e-6);
    assert_near(scene->spectra.points[0].exposure, 30.0, 1e-9);
    scene->raw.keys.scan = 61;
    for (int i = 0; i < POINTS; i++)
        *cell(scene, i, "I0") = 6.6e6;
    must_reduce(scene); /* beside the first, on its scale */
    assert_near(scene->spectra.keys.reference, 1.1e5, 1e-6);
    assert_int_equal(scene->spectra.nspectra, 4);
    assert_int_equal(scene->spectra.spectra[2].spectrum, 3);
    assert_string_equal(scene->spectra.spectra[2].scans, "61");
    assert_near(scene->spectra.points[2 * POINTS].exposure, 60.0, 1e-9);
    assert_int_equal(scene->spectra.points[2 * POINTS].spectrum, 3);
    free_scene(scene);
}

static void test_masked_and_uncalibrated(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    struct ixs_analyzer *first = &scene->experiment.instrument.analyzers[0];
    ixs_copy(first->mask, sizeof first->mask, "mask");
    first->open = 90.0;
    must_reduce(scene);
    assert_string_equal(scene->spectra.spectra[0].quality, "masked");
    assert_true(noted(scene, "masked: A1"));
    free_scene(scene);

    scene = make_scene();
    scene->how.calib = &scene->calib;
    ixs_copy(scene->rows[0].quality, sizeof scene->rows[0].quality, "uncalibrated");
    must_reduce(scene);
    assert_string_equal(scene->spectra.spectra[0].quality, "uncalibrated");
    assert_string_equal(scene->spectra.spectra[0].response, "none");
    free_scene(scene);
}

/* ---- temperature -------------------------------------------------------------------------------
 */

static struct ixs_temperature find_temperature(struct scene *scene)
{
    struct ixs_temperature out;
    ixs_temperature_find(&out, &scene->raw, &scene->experiment, "scan.fits", &scene->notes);
    return out;
}

static void test_temperature(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    struct ixs_temperature found = find_temperature(scene);
    assert_near(found.kelvin, 298.2, 1e-9);
    double spread = 0.01 * sqrt((41.0 * 41.0 - 1.0) / 12.0);
    assert_near(found.error, hypot(spread, 0.5), 1e-9);
    assert_int_equal(scene->notes.count, 0);

    scene->metadata[0].value = 197.9; /* second scan 1 of CdOsO */
    found = find_temperature(scene);
    assert_near(found.kelvin, 298.2, 1e-9);
    assert_true(noted(scene, "298.20 K by column T, but 197.90 K by metadata T_head"));

    for (int i = 0; i < POINTS; i++)
        *cell(scene, i, "T") = 500.0;
    found = find_temperature(scene);
    assert_near(found.kelvin, 197.9, 0.0);
    assert_string_equal(found.from, "metadata T_head");
    assert_true(noted(scene, "column T reads 500 K: taken as none"));

    scene->metadata[0].value = 1.45;
    found = find_temperature(scene);
    assert_true(isnan(found.kelvin) && isnan(found.error));
    assert_string_equal(found.from, "");

    scene->experiment.temperature = 20.0;
    found = find_temperature(scene);
    assert_near(found.kelvin, 20.0, 0.0);
    assert_string_equal(found.from, "experiment");
    free_scene(scene);
}

/* ---- refusals ----------------------------------------------------------------------------------
 */

static void assert_refused(struct scene *scene, const char *said)
{
    assert_false(reduce(scene));
    assert_int_equal(scene->err.code, IXS_INPUT);
    assert_string_equal(scene->err.where, "scan.fits");
    if (strstr(scene->err.text, said) == NULL)
        fail_msg("'%s', expected '%s'", scene->err.text, said);
    assert_int_equal(scene->spectra.nspectra, 0);
    free_scene(scene);
}

static void test_refusals(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    ixs_copy(scene->raw.keys.ended, sizeof scene->raw.keys.ended, "WRITING");
    assert_refused(scene, "still being written");

    scene = make_scene();
    scene->raw.npoints = 0;
    assert_refused(scene, "without points");

    scene = make_scene();
    ixs_copy(scene->labels[0], sizeof scene->labels[0], "phi");
    ixs_copy(scene->raw.keys.command, sizeof scene->raw.keys.command, "ascan phi 1 2 50 1");
    assert_refused(scene, "ascan phi 1 2 50 1), expected a scan of e");

    scene = make_scene(); /* the energy is there, but stands still */
    ixs_copy(scene->labels[0], sizeof scene->labels[0], "phi");
    ixs_copy(scene->labels[5], sizeof scene->labels[5], "E");
    for (int i = 0; i < POINTS; i++)
        *cell(scene, i, "E") = 5.0 + 0.01 * i;
    assert_refused(scene, "expected a scan of e");

    scene = make_scene();
    ixs_copy(scene->labels[4], sizeof scene->labels[4], "I1");
    assert_refused(scene, "found no column I0");

    scene = make_scene();
    ixs_copy(scene->labels[1], sizeof scene->labels[1], "B1");
    ixs_copy(scene->labels[2], sizeof scene->labels[2], "B2");
    assert_refused(scene, "expected a column A1");
}

static void test_unfinished_and_short(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    ixs_copy(scene->raw.keys.ended, sizeof scene->raw.keys.ended, "WRITING");
    scene->how.unfinished = true;
    scene->raw.npoints = 1;
    must_reduce(scene);
    assert_int_equal(scene->spectra.npoints, 2);
    assert_int_equal(scene->spectra.spectra[0].npoints, 1);
    free_scene(scene);

    scene = make_scene();
    ixs_copy(scene->raw.keys.ended, sizeof scene->raw.keys.ended, "ABORTED");
    scene->raw.npoints = 7;
    must_reduce(scene);
    assert_int_equal(scene->spectra.npoints, 14);
    free_scene(scene);
}

static void test_incomplete_instrument(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    scene->experiment.instrument.pitch = NAN;
    assert_false(reduce(scene));
    assert_int_equal(scene->err.code, IXS_USAGE);
    assert_non_null(strstr(scene->err.text, "no pitch"));
    free_scene(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_momentum),
        cmocka_unit_test(test_missing_geometry),
        cmocka_unit_test(test_header_check),
        cmocka_unit_test(test_own_calibration),
        cmocka_unit_test(test_lent_calibration),
        cmocka_unit_test(test_stated_zero),
        cmocka_unit_test(test_beamtimes),
        cmocka_unit_test(test_exposure),
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_no_monitor_at_all),
        cmocka_unit_test(test_median_reference),
        cmocka_unit_test(test_masked_and_uncalibrated),
        cmocka_unit_test(test_temperature),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_unfinished_and_short),
        cmocka_unit_test(test_incomplete_instrument),
    };
    return cmocka_run_group_tests_name("reduction", tests, NULL, NULL);
}
