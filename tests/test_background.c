/* SPDX-License-Identifier: GPL-3.0-or-later
 * An empty cell brought to spectra: which belongs to which, by what scale, and what is refused.
 */
#include "calib/background/background.h"

#include "base/array.h"
#include "tests/near.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { POINTS = 11 };

/* Spectra of analyzers A and B at rising Q, energies from `first` in steps of 1 meV. */
static void make(struct ixs_spectra *out, double q, double first, double counts, double exposure)
{
    static const char *const names[] = {"A", "B"};
    struct ixs_err err = IXS_ERR_NONE;
    *out = (struct ixs_spectra){.nspectra = 2, .npoints = (size_t)2 * POINTS};
    assert_true(IXS_NEW(out->spectra, out->nspectra, &err));
    assert_true(IXS_NEW(out->points, out->npoints, &err));
    out->keys.reference = 1000.0;
    out->keys.lambda = 0.5;
    ixs_copy(out->keys.monitor, sizeof out->keys.monitor, "ic1");
    for (size_t a = 0; a < 2; a++) {
        struct ixs_spectrum *row = &out->spectra[a];
        *row = (struct ixs_spectrum){.spectrum = (int64_t)a + 1,
                                     .temperature = 300.0,
                                     .q = q + 0.5 * (double)a,
                                     .q_width = 0.1,
                                     .efficiency = 1.0,
                                     .form_factor = 1.0,
                                     .absorption = 1.0,
                                     .zero_err = 0.05,
                                     .npoints = POINTS};
        ixs_copy(row->analyzer, sizeof row->analyzer, names[a]);
        ixs_copy(row->statist, sizeof row->statist, "POISSON");
        ixs_copy(row->quality, sizeof row->quality, "good");
        for (size_t i = 0; i < POINTS; i++)
            out->points[a * POINTS + i] =
                (struct ixs_point){.spectrum = row->spectrum,
                                   .scan = 7,
                                   .point = (int64_t)i + 1,
                                   .energy = first + (double)i,
                                   .counts = counts + (double)i,
                                   .exposure = exposure,
                                   .dark = 0.5,
                                   .intensity = (counts + (double)i - 0.5) / exposure,
                                   .error = sqrt(counts + (double)i) / exposure,
                                   .subtracted = NAN,
                                   .subtracted_err = NAN};
    }
}

struct scene {
    struct ixs_spectra sample, cell;
    struct ixs_background_rules rules;
    struct ixs_notes notes;
    struct ixs_err err;
    size_t without;
};

static void begin(struct scene *scene)
{
    *scene = (struct scene){.rules = IXS_BACKGROUND_RULES};
    scene->rules.transmission = 0.8;
    scene->rules.error = 0.02;
    make(&scene->sample, 2.0, -5.0, 100.0, 10.0);
    make(&scene->cell, 2.0, -5.0, 20.0, 10.0);
}

static bool join(struct scene *scene)
{
    const struct ixs_background_input cell = {"cell.fits", &scene->cell};
    const struct ixs_background_job job = {&scene->sample, "sample.fits", 1,
                                           &cell,          &scene->rules, &scene->notes};
    return ixs_background_join(&job, &scene->without, &scene->err);
}

static void end(struct scene *scene)
{
    ixs_spectra_dispose(&scene->sample);
    ixs_spectra_dispose(&scene->cell);
    ixs_notes_dispose(&scene->notes);
}

static void test_counts_are_carried(void **state)
{
    (void)state;
    struct scene scene;
    size_t n = 0;
    begin(&scene);
    assert_true(join(&scene));
    assert_int_equal(scene.without, 0);
    assert_int_equal(scene.notes.count, 0);
    const struct ixs_background *rows = ixs_spectra_background(&scene.sample, 2, &n);
    assert_int_equal(n, POINTS);
    for (size_t i = 0; i < n; i++) {
        assert_near(rows[i].energy, -5.0 + (double)i, 1e-12);
        assert_near(rows[i].counts, 20.0 + (double)i, 1e-12);
        assert_near(rows[i].exposure, 10.0, 1e-12);
        assert_near(rows[i].dark, 0.5, 1e-12);
        assert_near(rows[i].scale, 0.8, 1e-12);
        assert_near(rows[i].scale_err, 0.02, 1e-12);
        assert_near(rows[i].zero_err, 0.05, 1e-12);
        assert_int_equal(rows[i].scan, 7);
        assert_int_equal(rows[i].point, i + 1);
    }
    end(&scene);
}

/* At the same energies the difference is that of the two points, errors by hand. */
static void test_subtracted(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene);
    assert_true(join(&scene));
    for (size_t i = 0; i < scene.sample.npoints; i++) {
        const struct ixs_point *point = &scene.sample.points[i];
        double of_cell = 20.0 + (double)(i % POINTS), rate = (of_cell - 0.5) / 10.0;
        assert_near(point->subtracted, point->intensity - 0.8 * rate, 1e-12);
        assert_near(
            point->subtracted_err,
            sqrt(point->error * point->error + 0.64 * of_cell / 100.0 + 0.0004 * rate * rate),
            1e-12);
        assert_near(point->intensity, (100.0 + (double)(i % POINTS) - 0.5) / 10.0, 1e-12);
    }
    end(&scene);
}

/* Between the cell's points its rate, which is a straight line here, goes straight; beyond them
 * there is none. */
static void test_other_energies(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene);
    ixs_spectra_dispose(&scene.cell);
    make(&scene.cell, 2.0, -4.75, 20.0, 10.0);
    assert_true(join(&scene));
    const struct ixs_point *point = &scene.sample.points[5]; /* 0 meV */
    assert_near(point->subtracted, point->intensity - 0.8 * (24.75 - 0.5) / 10.0, 1e-12);
    scene.sample.points[0].energy = -9.0;
    ixs_background_subtract(1, scene.sample.points, POINTS, scene.sample.backgrounds);
    assert_true(isnan(scene.sample.points[0].subtracted));
    end(&scene);
}

/* A shorter reference makes exposures longer; factors that only one of the two has come out of
 * both. */
static void test_measures(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene);
    scene.cell.keys.reference = 500.0;
    scene.cell.spectra[0].form_factor = 0.25;
    scene.sample.spectra[0].form_factor = 0.5;
    scene.sample.spectra[0].absorption = 0.4;
    scene.cell.spectra[0].efficiency = 0.8;
    assert_true(join(&scene));
    const struct ixs_background *row = &scene.sample.backgrounds[0];
    assert_near(row->exposure, 10.0 * 0.5 / (0.8 * 0.25), 1e-12);
    assert_near(row->scale, 0.8 / (0.5 * 0.4), 1e-12);
    assert_near(row->scale_err, 0.02 / (0.5 * 0.4), 1e-12);
    assert_int_equal(scene.notes.count, 1); /* another efficiency */
    end(&scene);
}

static void test_momentum(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene);
    scene.cell.spectra[1].q += 0.06; /* half of Q_WIDTH is 0.05 */
    assert_true(join(&scene));
    assert_int_equal(scene.without, 1);
    assert_int_equal(scene.sample.nbackgrounds, POINTS);
    end(&scene);
    begin(&scene);
    scene.cell.spectra[1].q += 0.06;
    scene.rules.momentum = 0.1;
    assert_true(join(&scene));
    assert_int_equal(scene.without, 0);
    end(&scene);
}

static void test_differences_are_told(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene);
    scene.cell.spectra[0].temperature = 310.0;
    scene.cell.spectra[1].q_width = 0.05;
    assert_true(join(&scene));
    assert_int_equal(scene.notes.count, 2);
    assert_non_null(strstr(scene.notes.lines[0], "310 K"));
    assert_non_null(strstr(scene.notes.lines[1], "slits"));
    end(&scene);
}

static void test_refusals(void **state)
{
    (void)state;
    struct scene scene;
    begin(&scene);
    ixs_copy(scene.cell.spectra[0].statist, sizeof scene.cell.spectra[0].statist, "GAUSSIAN");
    assert_false(join(&scene));
    assert_int_equal(scene.err.code, IXS_INPUT);
    end(&scene);
    begin(&scene);
    ixs_copy(scene.cell.keys.monitor, sizeof scene.cell.keys.monitor, "ic2");
    assert_false(join(&scene));
    assert_int_equal(scene.err.code, IXS_INPUT);
    end(&scene);
    begin(&scene);
    assert_true(join(&scene));
    assert_false(join(&scene)); /* a second time */
    assert_int_equal(scene.err.code, IXS_INPUT);
    end(&scene);
    begin(&scene);
    scene.rules.transmission = NAN;
    assert_false(join(&scene));
    assert_int_equal(scene.err.code, IXS_USAGE);
    end(&scene);
}

/* Of a slab 1 mm thick with 2 mm absorption length, scattering angle 60 degrees. */
static void test_slab(void **state)
{
    (void)state;
    struct ixs_background_rules rules = IXS_BACKGROUND_RULES;
    double wavelength = 0.5, q = 4.0 * 3.14159265358979 / wavelength * 0.5, error = NAN;
    assert_true(isnan(ixs_background_share(&rules, q, wavelength, &error)));
    rules.thickness = 1.0;
    rules.length = 2.0;
    double in = exp(-0.5), out = exp(-1.0);
    assert_near(ixs_background_share(&rules, q, wavelength, &error), 0.5 * (in + out), 1e-9);
    assert_near(error, 0.5 * (in - out), 1e-9);
    rules.walls = IXS_WALLS_BEFORE;
    assert_near(ixs_background_share(&rules, q, wavelength, &error), out, 1e-9);
    rules.walls = IXS_WALLS_BEHIND;
    assert_near(ixs_background_share(&rules, q, wavelength, &error), in, 1e-9);
    assert_near(error, 0.0, 1e-12);
    rules.turns = true;
    assert_true(isnan(ixs_background_share(&rules, q, wavelength, &error)));
    rules.transmission = 0.7;
    assert_near(ixs_background_share(&rules, q, wavelength, &error), 0.7, 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_are_carried), cmocka_unit_test(test_subtracted),
        cmocka_unit_test(test_other_energies),     cmocka_unit_test(test_measures),
        cmocka_unit_test(test_momentum),           cmocka_unit_test(test_differences_are_told),
        cmocka_unit_test(test_refusals),           cmocka_unit_test(test_slab),
    };
    return cmocka_run_group_tests_name("background", tests, NULL, NULL);
}
