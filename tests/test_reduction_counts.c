/* SPDX-License-Identifier: GPL-3.0-or-later
 * One scan to spectra: exposures, flags, qualities and temperatures, on scans made here.
 */
#include "tests/reduction_scene.h"

#include "base/array.h"

#include "calib/instrument/exposure.h"
#include "calib/experiment/temperature.h"

/* ---- exposures and flags --------------------------------------------------------------------- */

static void test_exposure(void **state)
{
    (void)state;
    const struct ixs_chain chain = {
        .reference = 1e5, .efficiency = 0.5, .dead_time = 1e-3, .dark_rate = 0.1, .factor = 1};
    struct ixs_point point = {.flags = 0};
    ixs_exposure_point(&point, &(struct ixs_counted){1000.0, 10.0, 2e6, 1.0}, &chain);
    assert_int_equal(point.flags, 0);
    assert_near(point.exposure, 20.0 * 0.9 * 0.5, 1e-12); /* blind for 1 of 10 s */
    assert_near(point.dark, 1.0, 1e-15);
    assert_near(point.intensity * point.exposure, 999.0, 1e-9);
    ixs_exposure_point(&point, &(struct ixs_counted){0.0, 10.0, 2e6, 1.0}, &chain);
    assert_near(point.error * point.exposure, 1.0, 1e-12);

    const struct {
        struct ixs_counted counted;
        int64_t flags;
    } cases[] = {
        {{5, 10, NAN, 1}, IXS_FLAG_MONITOR},
        {{5, 10, 0, 1}, IXS_FLAG_MONITOR},
        {{5, 10, -1, 1}, IXS_FLAG_MONITOR},
        {{5, 10, INFINITY, 1}, IXS_FLAG_MONITOR},
        {{-1, 10, 2e6, 1}, IXS_FLAG_COUNTS},
        {{1.5, 10, 2e6, 1}, IXS_FLAG_COUNTS},
        {{NAN, 10, 2e6, 1}, IXS_FLAG_COUNTS},
        {{20000, 10, 2e6, 1}, IXS_FLAG_COUNTS}, /* more than the dead time can let through */
        {{5, 0, 2e6, 1}, IXS_FLAG_TIME},
        {{5, 10, 2e6, NAN}, IXS_FLAG_ATTENUATOR},
        {{5, NAN, NAN, 1}, IXS_FLAG_TIME | IXS_FLAG_MONITOR},
    };
    for (size_t i = 0; i < IXS_COUNT(cases); i++) {
        point.flags = 0;
        ixs_exposure_point(&point, &cases[i].counted, &chain);
        assert_int_equal(point.flags, cases[i].flags);
        assert_int_equal(isnan(point.exposure),
                         (point.flags & (IXS_FLAG_MONITOR | IXS_FLAG_ATTENUATOR)) != 0 ||
                             cases[i].counted.counts == 20000);
    }
}

/* A monitor of 1e5 count/s recorded over 10 s, blind for 1 us after each count, with 500 dark. */
static void test_monitor(void **state)
{
    (void)state;
    struct ixs_chain chain = {.reference = 1e5, .efficiency = 1, .factor = 1};
    struct ixs_point point = {.flags = 0};
    const struct ixs_counted counted = {50, 10, 1e6, 0.01};
    chain.monitoring = (struct ixs_monitoring){1e-6, 50, 4};
    ixs_exposure_point(&point, &counted, &chain);
    double true_counts = 1e6 / 0.9 - 500;
    assert_near(point.exposure, true_counts / 1e5 * 0.01, 1e-12);
    assert_near(point.exposure_err / point.exposure, 2e3 / (0.9 * 0.9) / true_counts, 1e-12);
    chain.monitoring = (struct ixs_monitoring){0, 0, 1};
    ixs_exposure_point(&point, &counted, &chain);
    assert_near(point.exposure_err / point.exposure, 1e-3, 1e-15);
    assert_near(ixs_exposure_monitor(&chain.monitoring, 7, NAN), 7, 0.0);
    chain.monitoring.dark_rate = 2e5; /* more dark than there is: nothing is left */
    ixs_exposure_point(&point, &counted, &chain);
    assert_int_equal(point.flags, IXS_FLAG_MONITOR);
}

/* A monitor of 100 single photons at points of 50 counts: its noise is half of counting's variance.
 */
static void test_noisy_monitor_is_told(void **state)
{
    (void)state;
    for (int noisy = 0; noisy < 2; noisy++) {
        struct scene *scene = make_scene();
        scene->experiment.instrument.monitoring.noise = noisy ? 1.0 : 0.0;
        for (int i = 0; i < POINTS; i++) {
            *cell(scene, i, "I0") = 100;
            *cell(scene, i, "A1") = 50;
        }
        must_reduce(scene);
        assert_int_equal(noted(scene, "the monitor's own noise adds 22 %"), noisy);
        free_scene(scene);
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
    assert_true(noted(scene, "excluded points of A2: beam dump"));
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

/* ---- temperature ----------------------------------------------------------------------------- */

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

    scene->experiment.temperature = 0.0; /* no sample is at 0 K: no detailed balance from that */
    found = find_temperature(scene);
    assert_true(isnan(found.kelvin));
    assert_true(
        noted(scene, "found a stated temperature of 0 K, expected 1 to 2000 K: taken as none"));
    free_scene(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exposure),
        cmocka_unit_test(test_monitor),
        cmocka_unit_test(test_noisy_monitor_is_told),
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_no_monitor_at_all),
        cmocka_unit_test(test_median_reference),
        cmocka_unit_test(test_masked_and_uncalibrated),
        cmocka_unit_test(test_temperature),
    };
    return cmocka_run_group_tests_name("reduction_counts", tests, NULL, NULL);
}
