/* SPDX-License-Identifier: GPL-3.0-or-later
 * One scan to spectra: geometry, zeros, calibrations and refusals, on scans made here.
 */
#include "tests/reduction_scene.h"

#include "calib/energy/energy.h"

/* ---- what comes out -------------------------------------------------------------------------- */

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

/* ---- zeros and calibrations ------------------------------------------------------------------ */

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

/* A reference scan has its own origin: the recorded energy where an analyzer of zero 0 has its
 * zero. A second scan of the same number, after another reset, is not that scan. */
static void test_reference_scan(void **state)
{
    (void)state;
    struct ixs_calib_drift drift[2] = {{.scan = 60, .e_origin = 1.0, .origin = 9.0},
                                       {.scan = 60, .e_origin = 2.5, .origin = -2.3}};
    drift[1].origin_err = 0.03;
    for (int own = 0; own < 2; own++) {
        struct scene *scene = make_scene();
        scene->how.calib = &scene->calib;
        scene->calib.drift = drift;
        scene->calib.ndrift = own ? 2 : 1;
        scene->calib.keys.origin_scatter = 0.04;
        must_reduce(scene);
        const struct ixs_spectrum *first = &scene->spectra.spectra[0];
        assert_near(first->zero, own ? 3.25 - 2.3 : 3.25 - 2.5, 1e-12);
        assert_near(first->zero_err, own ? 0.05 : 0.07, 1e-12);
        free_scene(scene);
    }
}

/* Resets of another axis do not move this one. */
static void test_other_axis(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    scene->how.calib = &scene->calib;
    ixs_copy(scene->raw.keys.e_axis, sizeof scene->raw.keys.e_axis, "tth");
    must_reduce(scene);
    assert_near(scene->spectra.spectra[0].zero, 3.25, 0.0);
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

/* ---- refusals -------------------------------------------------------------------------------- */

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

/* Slits or a mask other than those behind which the response was measured are told, once. */
static void test_openings(void **state)
{
    (void)state;
    struct scene *scene = make_scene();
    struct ixs_instrument *instrument = &scene->experiment.instrument;
    ixs_copy(instrument->analyzers[0].mask, sizeof instrument->analyzers[0].mask, "mask");
    ixs_copy(instrument->array.slit_x.motor, sizeof instrument->array.slit_x.motor, "th");
    instrument->array.slit_z.gap = 40;
    scene->how.calib = &scene->calib;
    scene->rows[0].opening = 15;
    for (int a = 0; a < 2; a++) {
        scene->rows[a].slit_x = 10;
        scene->rows[a].slit_z = 40;
    }
    must_reduce(scene);
    assert_false(noted(scene, "is measured with"));
    scene->rows[0].opening = 100;
    scene->rows[0].slit_x = 60;
    scene->rows[1].slit_x = 60;
    scene->rows[1].slit_z = NAN;
    must_reduce(scene);
    assert_true(noted(scene, "scan 60: A1 is measured with mask 15, its response with 100"));
    assert_true(noted(scene, "A1 is measured with a slit in x of 10 mm, its response with 60; so "
                             "are 1 more analyzers"));
    assert_false(noted(scene, "slit in z"));
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
        cmocka_unit_test(test_reference_scan),
        cmocka_unit_test(test_other_axis),
        cmocka_unit_test(test_lent_calibration),
        cmocka_unit_test(test_stated_zero),
        cmocka_unit_test(test_beamtimes),
        cmocka_unit_test(test_openings),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_unfinished_and_short),
        cmocka_unit_test(test_incomplete_instrument),
    };
    return cmocka_run_group_tests_name("reduction", tests, NULL, NULL);
}
