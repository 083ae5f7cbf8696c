/* SPDX-License-Identifier: GPL-3.0-or-later
 * The calibration of a real resolution run: plexiglas at HERIX, February 2018. The numbers to meet
 * are those of the collection's own description (spectra/README.md), found by another program.
 */
#include "calib/standard/parts.h"
#include "models/numerics/level.h"
#include "tests/near.h"
#include "tests/shipped.h"
#include "tests/spec_text.h"

#include <math.h>
#include <string.h>

enum { ARRAY = 9, ANA6 = 5 };

struct run { /* the whole run, calibrated once for all tests */
    struct spec_read read;
    struct ixs_raw *raws; /* borrowed insides */
    struct ixs_experiment experiment;
    struct ixs_calib calib;
    bool made;
};

static const char *const spectrum = "../shared/spectra/herix/plexiglas_1.spec";

static struct run run;

static int make_run(void **state)
{
    (void)state;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_notes notes = {0};
    if (access(path_of(spectrum), R_OK) != 0) {
        printf("# skipped: no file %s\n", path_of(spectrum));
        return 0;
    }
    run.read = read_spec(path_of(spectrum), NULL);
    bool ok = run.read.ok && IXS_NEW(run.raws, run.read.count, &err) &&
              ixs_experiment_read(&run.experiment, NULL, path_of("configs/herix.xml"), NULL, &err);
    for (size_t s = 0; ok && s < run.read.count; s++)
        run.raws[s] = run.read.scans[s].raw;
    struct ixs_standard_task task = {.nscans = run.read.count,
                                     .scans = run.raws,
                                     .experiment = &run.experiment,
                                     .threads = 2,
                                     .notes = &notes};
    ok = ok && ixs_standard_calibrate(&run.calib, &task, &err);
    ixs_notes_dispose(&notes);
    if (!ok)
        printf("# %s\n", err.text);
    run.made = ok;
    return ok ? 0 : -1;
}

static int free_run(void **state)
{
    (void)state;
    free_spec(&run.read);
    free(run.raws);
    ixs_experiment_dispose(&run.experiment);
    ixs_calib_dispose(&run.calib);
    return 0;
}

static const struct ixs_calib *made(void)
{
    if (!run.made)
        skip();
    return &run.calib;
}

static struct ixs_response response_of(const struct ixs_calib *calib, size_t a)
{
    size_t count;
    const struct ixs_calib_component *first =
        ixs_calib_response_of(calib, calib->analyzers[a].analyzer, &count);
    struct ixs_response response = {.nparts = count};
    assert_non_null(first);
    for (size_t k = 0; k < count; k++)
        response.parts[k] = (struct ixs_response_part){first[k].weight, first[k].center,
                                                       first[k].fwhm, first[k].eta};
    return response;
}

/* The middle of a response between its half maxima. */
static double middle_of(const struct ixs_response *response)
{
    double most = 0, lo = NAN, hi = NAN;
    for (double energy = -3; energy < 3; energy += 1e-3)
        most = fmax(most, ixs_response_value(response, energy));
    for (double energy = -3; energy < 3; energy += 1e-3)
        if (ixs_response_value(response, energy) > most / 2) {
            lo = isnan(lo) ? energy : lo;
            hi = energy;
        }
    return 0.5 * (lo + hi);
}

/* Each analyzer's response comes from its own long scan, and is as wide as it is said to be. */
static void test_widths(void **state)
{
    (void)state;
    static const char *const scans[ARRAY] = {"18", "16", "14", "12", "20", "8", "6", "4", "2"};
    static const double fwhm[ARRAY] = {1.62, 1.64, 1.56, 1.54, 1.79, 1.52, 1.60, 1.67, 1.60};
    const struct ixs_calib *calib = made();
    assert_int_equal(calib->nanalyzers, ARRAY);
    for (size_t a = 0; a < ARRAY; a++) {
        const struct ixs_calib_analyzer *row = &calib->analyzers[a];
        assert_string_equal(row->quality, "good");
        assert_string_equal(row->scan, scans[a]);
        assert_near(row->fwhm, fwhm[a], 0.05);
        assert_true(row->fwhm_err > 0.03 && row->fwhm_err < 0.1); /* repeats differ by this */
    }
}

/* Where the lines stand beside that of Ana6. The numbers to meet are places of peaks; ZERO is that
 * of the centroid within +-10 meV, which asymmetric tails pull up to 0.1 meV away from the peak. */
static void test_zeros(void **state)
{
    (void)state;
    static const double place[ARRAY] = {-0.31, -0.57, -0.65, -0.83, -0.47, 0, -0.01, -0.12, 1.49};
    const struct ixs_calib *calib = made();
    struct ixs_response of_six = response_of(calib, ANA6);
    double six = calib->analyzers[ANA6].zero, peak_six = six + middle_of(&of_six);
    for (size_t a = 0; a < ARRAY; a++) {
        struct ixs_response response = response_of(calib, a);
        double zero = calib->analyzers[a].zero;
        assert_near(zero + middle_of(&response) - peak_six, place[a], 0.05);
        assert_near(zero - six, place[a], 0.1);
    }
    assert_true(calib->keys.origin_scatter > 0.005 && calib->keys.origin_scatter < 0.03);
}

/* No part is narrower than the energy step, and what deviance counting leaves over is small. */
static void test_parts(void **state)
{
    (void)state;
    const struct ixs_calib *calib = made();
    for (size_t k = 0; k < calib->ncomponents; k++)
        assert_true(calib->components[k].fwhm > 0.27);
    for (size_t a = 0; a < ARRAY; a++) {
        const struct ixs_calib_analyzer *row = &calib->analyzers[a];
        printf("# %s: FWHM %.3f +- %.3f, ZERO %.3f, deviance %.0f on %lld degrees of freedom\n",
               row->analyzer, row->fwhm, row->fwhm_err, row->zero, row->deviance,
               (long long)row->dof);
        assert_true(row->deviance < 1.9 * (double)row->dof);
    }
    assert_true(calib->keys.jitter > 0.003 && calib->keys.jitter < 0.025);
}

/* Areas of one analyzer at two settings scatter by 6 %, and the errors hold it. */
/* Each scan's origin foretold from the 29 others: far better than the rms of all, and as well as
 * the law of the drift says. */
static void test_foretold(void **state)
{
    (void)state;
    enum { MOST = 30 };
    const struct ixs_calib *calib = made();
    const struct ixs_level level = {calib->keys.walk * calib->keys.walk / 3600,
                                    calib->keys.scatter * calib->keys.scatter};
    double pulls = 0, misses = 0, all = 0;
    assert_int_equal(calib->ndrift, MOST);
    for (size_t s = 0; s < MOST; s++) {
        double time[MOST], value[MOST], error[MOST], mean, variance;
        size_t n = 0;
        for (size_t k = 0; k < MOST; k++) {
            if (k == s)
                continue;
            time[n] = calib->drift[k].time;
            value[n] = calib->drift[k].origin + calib->drift[k].e_origin;
            error[n++] = calib->drift[k].origin_err;
        }
        const struct ixs_level_series others = {n, time, value, error};
        ixs_level_at(&level, &others, calib->drift[s].time, &mean, &variance);
        double own = calib->drift[s].origin + calib->drift[s].e_origin, miss = own - mean;
        variance += level.scatter + calib->drift[s].origin_err * calib->drift[s].origin_err;
        pulls += miss * miss / variance;
        misses += miss * miss;
        all += own * own;
    }
    assert_near(sqrt(pulls / MOST), 1.0, 0.25);
    assert_true(sqrt(misses / MOST) < 0.05 && sqrt(all / MOST) > 0.2);
}

static void test_efficiencies(void **state)
{
    (void)state;
    const struct ixs_calib *calib = made();
    double sum = 0;
    assert_near(calib->keys.efficiency_scatter, 0.06, 0.015);
    for (size_t a = 0; a < ARRAY; a++) {
        const struct ixs_calib_analyzer *row = &calib->analyzers[a];
        sum += row->efficiency;
        assert_true(row->efficiency_err > 0.05 * row->efficiency);
    }
    assert_near(sum, ARRAY, 1e-9);
}

/* All 30 scans tell of the origin, which the resets move and which drifts beside by 0.8 meV. */
static void test_drift(void **state)
{
    (void)state;
    const struct ixs_calib *calib = made();
    assert_int_equal(calib->ndrift, 30);
    for (size_t s = 1; s < calib->ndrift; s++) {
        const struct ixs_calib_drift *before = &calib->drift[s - 1], *row = &calib->drift[s];
        assert_true(row->time > before->time && row->time < 35000);
        assert_near(row->origin + row->e_origin, before->origin + before->e_origin, 0.15);
    }
    for (size_t a = 0; a < ARRAY; a++)
        assert_true(calib->analyzers[a].zero_err > 0.2); /* the drift is in it */
}

/* One scan for the whole array: where the line is weak, what the sample scatters inelastically is a
 * larger part, and the response is known less far out. */
static void test_one_scan(void **state)
{
    (void)state;
    const struct ixs_calib *whole = made();
    struct ixs_calib calib = {0};
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_notes notes = {0};
    size_t eighteen = 0;
    while (run.raws[eighteen].keys.scan != 18)
        eighteen++;
    struct ixs_standard_task task = {.nscans = 1,
                                     .scans = &run.raws[eighteen],
                                     .experiment = &run.experiment,
                                     .threads = 1,
                                     .notes = &notes};
    assert_true(ixs_standard_calibrate(&calib, &task, &err));
    for (size_t a = 0; a < ARRAY; a++)
        assert_true((a == 4) == (strcmp(calib.analyzers[a].quality, "good") != 0)); /* masked */
    assert_near(calib.analyzers[0].known_hi, whole->analyzers[0].known_hi, 0.5); /* at its peak */
    assert_true(calib.analyzers[8].known_hi < 0.5 * whole->analyzers[8].known_hi);
    ixs_calib_dispose(&calib);
    ixs_notes_dispose(&notes);
}

/* From all long scans that light an analyzer: as wide, what is left over near that of counting, and
 * what the sample scatters beside the brightest scan changes with the angle as it should. */
static void test_all_scans(void **state)
{
    (void)state;
    const struct ixs_calib *alone = made();
    struct ixs_calib calib = {0};
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_notes notes = {0};
    struct ixs_standard_task task = {.all_scans = true,
                                     .nscans = run.read.count,
                                     .scans = run.raws,
                                     .experiment = &run.experiment,
                                     .threads = 2,
                                     .notes = &notes};
    assert_true(ixs_standard_calibrate(&calib, &task, &err));
    for (size_t a = 0; a < ARRAY; a++) {
        const struct ixs_calib_analyzer *row = &calib.analyzers[a];
        assert_true(strchr(row->scan, ',') != NULL);
        assert_near(row->fwhm, alone->analyzers[a].fwhm, 0.05);
        assert_true(isnan(row->inelastic)); /* nothing is claimed to be taken off */
        printf("# %s: FWHM %.3f from scans %s, deviance %.0f on %lld\n", row->analyzer, row->fwhm,
               row->scan, row->deviance, (long long)row->dof);
        assert_true(row->deviance < 3 * (double)row->dof);
    }
    for (size_t i = 0; i < calib.nsettings; i++) /* far from the peak of the structure factor */
        if (isfinite(calib.settings[i].inelastic))
            assert_true(calib.settings[i].inelastic > -0.06 && calib.settings[i].inelastic < 0.4);
    assert_string_equal(calib.keys.removal, "none");
    ixs_calib_dispose(&calib);
    ixs_notes_dispose(&notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths),   cmocka_unit_test(test_zeros),
        cmocka_unit_test(test_parts),    cmocka_unit_test(test_efficiencies),
        cmocka_unit_test(test_foretold), cmocka_unit_test(test_all_scans),
        cmocka_unit_test(test_one_scan), cmocka_unit_test(test_drift),
    };
    return cmocka_run_group_tests(tests, make_run, free_run);
}
