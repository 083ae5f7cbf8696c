/* SPDX-License-Identifier: GPL-3.0-or-later
 * The calibration against lines that are known: origins, what must not enter, what is said of what
 * is missing. That errors have the right size: test_standard_pulls.c.
 */
#include "calib/standard/parts.h"
#include "tests/standard_scene.h"
#include "tests/same_product.h"

/* The origin moves between scans, and the file tells of the resets: ZERO is on the axis recorded +
 * E_ORIGIN at the mean of the drifts, each scan's own zero ZERO + ORIGIN, and ZERO_ERR says how far
 * the origin moves. */
static void test_origins(void **state)
{
    (void)state;
    static const double e_origin[] = {0, 2.1545, 0.4788, -1.5}, drift[] = {0, 0.2, 0.35, 0.65};
    struct scene scene;
    set_scene(&scene);
    scene.nscans = 4;
    scene.scans[3] = scene.scans[1];
    for (size_t s = 0; s < 4; s++) {
        scene.scans[s].e_origin = e_origin[s];
        scene.scans[s].drift = drift[s];
    }
    run_scene(&scene, 1);
    assert_int_equal(scene.calib.ndrift, 4);
    for (size_t s = 0; s < 4; s++) {
        const struct ixs_calib_drift *row = &scene.calib.drift[s];
        assert_int_equal(row->scan, s + 1);
        assert_near(row->time, 3600.0 * (double)s, 0);
        assert_near(row->e_origin, e_origin[s], 0);
        for (size_t a = 0; a < ARRAY; a++)
            assert_near(scene.calib.analyzers[a].zero + row->origin,
                        scene.zero[a] + drift[s] - e_origin[s], 0.01);
    }
    for (size_t a = 0; a < ARRAY; a++) {
        assert_near(scene.calib.analyzers[a].zero, scene.zero[a] + 0.3, 0.01);
        assert_near(scene.calib.analyzers[a].zero_err, 0.273, 0.01); /* rms of the drifts */
    }
    clear_scene(&scene);
}

/* Two more scans away from the brightest angle. */
static void add_settings(struct scene *scene)
{
    scene->nscans = 5;
    scene->scans[3] = scene->scans[4] = scene->scans[0];
    scene->scans[3].main = 0;
    scene->scans[4].main = 4;
}

/* Away from the brightest angle the sample adds wings: the response does not take them up, and the
 * zeros do not move. */
static void test_wings(void **state)
{
    (void)state;
    struct scene scene;
    set_scene(&scene);
    run_scene(&scene, 2);
    double tail = scene.calib.analyzers[0].tail10;
    add_settings(&scene);
    scene.scans[3].wings = scene.scans[4].wings = 0.25;
    run_scene(&scene, 2);
    for (size_t a = 0; a < ARRAY; a++) {
        const struct ixs_calib_analyzer *row = &scene.calib.analyzers[a];
        char scan[24];
        snprintf(scan, sizeof scan, "%zu", a + 1);
        assert_string_equal(row->scan, scan);
        assert_near(row->fwhm, line_width(scene.lines[a]), 0.03);
        assert_near(row->zero, scene.zero[a], 0.02);
    }
    assert_near(scene.calib.analyzers[0].tail10, tail, 1e-9);
    clear_scene(&scene);
}

/* Widths that do not repeat: 6 % in two of the four scans that each analyzer is compared in. */
static void test_width_scatter(void **state)
{
    (void)state;
    struct scene scene;
    set_scene(&scene);
    add_settings(&scene);
    scene.scans[3].stretch = scene.scans[4].stretch = 1.06;
    run_scene(&scene, 12);
    double scatter = scene.calib.keys.width_scatter;
    assert_near(scatter, log(1.06) / sqrt(2), 0.01);
    for (size_t a = 0; a < ARRAY; a++) {
        const struct ixs_calib_analyzer *row = &scene.calib.analyzers[a];
        assert_true(row->fwhm_err >= scatter * row->fwhm);
        assert_near(row->fwhm_err, scatter * row->fwhm, 0.015);
    }
    clear_scene(&scene);
}

/* Repeats at the same angle enter together, the faint quick ones beside them do not. */
static void test_repeats(void **state)
{
    (void)state;
    struct scene scene;
    set_scene(&scene);
    scene.nscans = 5;
    scene.scans[3] = scene.scans[4] = scene.scans[0];
    scene.scans[3].time = 0.7;
    run_scene(&scene, 3);
    assert_string_equal(scene.calib.analyzers[0].scan, "1,5");
    assert_string_equal(scene.calib.analyzers[1].scan, "2");
    size_t rows = 0;
    for (size_t i = 0; i < scene.calib.nresponse; i++)
        rows +=
            strcmp(scene.calib.response[i].analyzer, "A1") == 0 && scene.calib.response[i].scan > 0;
    assert_int_equal(rows, 2 * scene.raws[0].npoints);
    clear_scene(&scene);
}

static void test_unlit(void **state)
{
    (void)state;
    struct scene scene;
    set_scene(&scene);
    scene.dim[1] = 1e-4;
    run_scene(&scene, 5);
    const struct ixs_calib_analyzer *row = &scene.calib.analyzers[1];
    assert_string_equal(row->quality, "uncalibrated");
    assert_non_null(strstr(row->reason, "no scan lights it"));
    assert_true(isnan(row->zero) && isnan(row->fwhm) && isnan(row->efficiency_err));
    assert_near(row->efficiency, 1, 0);
    size_t count;
    assert_null(ixs_calib_response_of(&scene.calib, "A2", &count));
    assert_string_equal(scene.calib.analyzers[0].quality, "good");
    clear_scene(&scene);
}

/* A scan with the small mask neither enters nor spoils; with no other the analyzer is uncalibrated.
 */
static void test_masked(void **state)
{
    (void)state;
    struct scene scene;
    set_scene(&scene);
    scene.nscans = 4;
    scene.scans[3] = scene.scans[2];
    scene.scans[2].opening = 15;
    run_scene(&scene, 6);
    assert_string_equal(scene.calib.analyzers[2].scan, "4");
    assert_near(scene.calib.analyzers[2].efficiency, scene.efficiency[2],
                4 * scene.calib.analyzers[2].efficiency_err);
    for (size_t s = 0; s < 4; s++)
        scene.scans[s].opening = 15;
    scene.experiment.instrument.analyzers[2].open = 90;
    run_scene(&scene, 6);
    assert_string_equal(scene.calib.analyzers[2].quality, "uncalibrated");
    assert_non_null(strstr(scene.calib.analyzers[2].reason, "A3 Diam 15"));
    clear_scene(&scene);
}

/* A scan behind other slits tells zeros and areas, and has no share in the response; CALIB says
 * which slits that had. */
static void test_slits(void **state)
{
    (void)state;
    struct scene scene;
    set_scene(&scene);
    scene.nscans = 4;
    scene.scans[3] = scene.scans[2];
    for (size_t s = 0; s < 4; s++)
        scene.scans[s].gap = s == 3 ? 40 : 60;
    scene.scans[3].time = 5;
    run_scene(&scene, 6);
    const struct ixs_calib_analyzer *row = &scene.calib.analyzers[2];
    assert_string_equal(row->scan, "3");
    assert_near(row->slit_x, 60, 0);
    assert_true(isnan(row->slit_z));
    for (size_t i = 0; i < scene.calib.nsettings; i++)
        assert_near(scene.calib.settings[i].slit_x, scene.calib.settings[i].scan == 4 ? 40 : 60, 0);
    scene.scans[3].gap = 60;
    run_scene(&scene, 6);
    assert_string_equal(scene.calib.analyzers[2].scan, "3,4");
    clear_scene(&scene);
}

/* A sample that loses 2 % of its light an hour and one whose line widens by 1 %: told, with the
 * right numbers; and not told where nothing changes. */
static void test_damage(void **state)
{
    (void)state;
    struct scene scene;
    for (int what = 0; what < 3; what++) {
        set_scene(&scene);
        scene.nscans = 8;
        scene.rate = 20000;
        for (size_t s = 0; s < 8; s++) { /* one an hour */
            scene.scans[s] = scene.scans[1];
            scene.scans[s].faded = what == 1 ? 0.02 * (double)s : 0;
            scene.scans[s].stretch = what == 2 ? 1 + 0.01 * (double)s : 1;
        }
        run_scene(&scene, 11);
        const struct ixs_calib_keys *keys = &scene.calib.keys;
        assert_true(noted(&scene.notes, "areas change by") == (what == 1));
        assert_true(noted(&scene.notes, "widths change by") == (what == 2));
        assert_near(keys->fading, what == 1 ? -0.0215 : 0, 4 * keys->fading_err + 2e-4);
        assert_near(keys->widening, what == 2 ? 0.00966 : 0, 4 * keys->widening_err + 2e-4);
        clear_scene(&scene);
    }
}

/* One scan: no angle is seen twice, so no efficiency is known; no repeat, so no scatter is. */
static void test_single(void **state)
{
    (void)state;
    struct scene scene;
    set_scene(&scene);
    scene.nscans = 1;
    run_scene(&scene, 7);
    for (size_t a = 0; a < ARRAY; a++) {
        assert_near(scene.calib.analyzers[a].efficiency, 1, 0);
        assert_true(isnan(scene.calib.analyzers[a].efficiency_err));
        assert_near(scene.calib.analyzers[a].zero, scene.zero[a], 0.02);
    }
    assert_true(noted(&scene.notes, "efficiency of A1 A2"));
    assert_true(isnan(scene.calib.keys.origin_scatter));
    clear_scene(&scene);
}

static void test_threads(void **state)
{
    (void)state;
    struct scene scene;
    set_scene(&scene);
    run_scene(&scene, 8);
    struct ixs_calib one = scene.calib;
    scene.calib = (struct ixs_calib){0};
    assert_true(calibrate_scene(&scene, 3));
    assert_same_product(&ixs_kind_calib, &one, &scene.calib);
    ixs_calib_dispose(&one);
    clear_scene(&scene);
}

/* What the product says of a response holds for its parts. */
static void test_consistency(void **state)
{
    (void)state;
    struct scene scene;
    set_scene(&scene);
    run_scene(&scene, 9);
    for (size_t a = 0; a < ARRAY; a++) {
        const struct ixs_calib_analyzer *row = &scene.calib.analyzers[a];
        size_t count;
        const struct ixs_calib_component *first =
            ixs_calib_response_of(&scene.calib, row->analyzer, &count);
        struct ixs_response response = {.nparts = count};
        for (size_t k = 0; k < count; k++)
            response.parts[k] = (struct ixs_response_part){first[k].weight, first[k].center,
                                                           first[k].fwhm, first[k].eta};
        assert_null(ixs_response_complaint(&response));
        assert_near(ixs_response_centroid(&response, 10), 0, 1e-6);
        assert_near(ixs_response_fwhm(&response), row->fwhm, 1e-9);
        assert_near(row->tail10, ixs_response_tail10(&response, row->e_lo, row->e_hi), 1e-12);
        for (size_t i = 0; i < scene.calib.ncovariances; i++) {
            const struct ixs_calib_covariance *entry = &scene.calib.covariances[i];
            if (strcmp(entry->analyzer, row->analyzer) == 0 && entry->row == 3 &&
                entry->column == 3)
                assert_near(sqrt(entry->covariance), first[0].fwhm_err, 1e-12);
        }
    }
    double deviance = 0;
    for (size_t i = 0; i < scene.calib.nresponse; i++) {
        const struct ixs_calib_response *row = &scene.calib.response[i];
        if (strcmp(row->analyzer, "A1") != 0 || row->scan == 0)
            continue;
        double n = row->counts, mu = row->expected;
        deviance += 2 * (mu - n + (n > 0 ? n * log(n / mu) : 0));
    }
    assert_near(deviance, scene.calib.analyzers[0].deviance, 1e-6 * deviance);
    clear_scene(&scene);
}

static void test_other_scans(void **state)
{
    (void)state;
    struct scene scene;
    set_scene(&scene);
    make_scans(&scene, 10);
    ixs_copy(scene.raws[0].labels[ENERGY], 49, "phi");
    ixs_copy(scene.raws[1].keys.ended, 13, "WRITING");
    assert_true(calibrate_scene(&scene, 1));
    assert_true(noted(&scene.notes, "expected the energy axis there"));
    assert_true(noted(&scene.notes, "still being written"));
    assert_string_equal(scene.calib.analyzers[2].scan, "3");
    for (size_t i = 0; i < scene.raws[2].npoints; i++)
        scene.raws[2].values[i * NLABELS + ENERGY] = 0.03 * (double)(i % 2);
    assert_false(calibrate_scene(&scene, 1));
    assert_int_equal(scene.err.code, IXS_INPUT);
    assert_non_null(strstr(scene.err.text, "expected a scan of HerixE"));
    clear_scene(&scene);
}

/* Missing values, a dead monitor, excluded points, a burst: left out, the rest goes on. */
static void test_bad_points(void **state)
{
    (void)state;
    struct scene scene;
    struct ixs_exclusion exclusion = {.scan = 1, .from = 40, .to = 44, .unit = "point"};
    set_scene(&scene);
    scene.experiment.instrument.narrowest = 0.9;
    scene.experiment.exclusions = &exclusion;
    scene.experiment.nexclusions = 1;
    make_scans(&scene, 11);
    double *values = scene.raws[0].values;
    values[10 * NLABELS + MONITOR] = NAN;
    values[11 * NLABELS + SECONDS] = 0;
    values[12 * NLABELS + ENERGY] = NAN;
    values[13 * NLABELS + FIRST] = -1;
    values[20 * NLABELS + FIRST] = 5e5;
    assert_true(calibrate_scene(&scene, 1));
    size_t rows = 0;
    for (size_t i = 0; i < scene.calib.nresponse; i++)
        rows +=
            strcmp(scene.calib.response[i].analyzer, "A1") == 0 && scene.calib.response[i].scan > 0;
    assert_int_equal(rows, scene.raws[0].npoints - 10);
    assert_near(scene.calib.analyzers[0].fwhm, line_width(scene.lines[0]), 0.03);
    clear_scene(&scene);
}

static void test_nominal(void **state)
{
    (void)state;
    struct scene scene;
    set_scene(&scene);
    scene.experiment.instrument.analyzers[1].fwhm = 1.8;
    scene.experiment.instrument.analyzers[1].zero = 0.4;
    assert_true(ixs_standard_nominal(&scene.calib, &scene.experiment.instrument, &scene.err));
    assert_int_equal(scene.calib.nanalyzers, ARRAY);
    assert_int_equal(scene.calib.ncomponents, ARRAY);
    assert_string_equal(scene.calib.analyzers[0].quality, "nominal");
    assert_near(scene.calib.analyzers[0].fwhm, 1.5, 0);
    assert_near(scene.calib.analyzers[1].fwhm, 1.8, 0);
    assert_near(scene.calib.components[1].fwhm, 1.8, 0);
    assert_near(scene.calib.components[1].eta, 0.5, 0);
    assert_true(isnan(scene.calib.analyzers[0].zero) && isnan(scene.calib.analyzers[0].fwhm_err));
    assert_near(scene.calib.analyzers[1].zero, 0.4, 0);
    scene.experiment.instrument.fwhm = NAN;
    ixs_calib_dispose(&scene.calib);
    assert_true(ixs_standard_nominal(&scene.calib, &scene.experiment.instrument, &scene.err));
    assert_string_equal(scene.calib.analyzers[0].quality, "uncalibrated");
    assert_string_equal(scene.calib.analyzers[1].quality, "nominal");
    clear_scene(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_origins),       cmocka_unit_test(test_wings),
        cmocka_unit_test(test_width_scatter), cmocka_unit_test(test_repeats),
        cmocka_unit_test(test_unlit),         cmocka_unit_test(test_masked),
        cmocka_unit_test(test_slits),         cmocka_unit_test(test_damage),
        cmocka_unit_test(test_single),        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_consistency),   cmocka_unit_test(test_other_scans),
        cmocka_unit_test(test_bad_points),    cmocka_unit_test(test_nominal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
