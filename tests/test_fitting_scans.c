/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two scans side by side under one spectrum, drifted from each other: with a zero of each the model
 * describes them, and PARAMETERS and CURVES tell; with one zero it does not.
 */
#include "calib/fitting/together.h"
#include "tests/fit_sample.h"
#include "tests/near.h"
#include "tests/text_file.h"

#include "base/array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCANS = 2 };
static const double zeros[SCANS] = {-0.1, 0.5};

struct scene {
    struct ixs_point points[SCANS * POINTS];
    struct ixs_spectrum spectrum;
    struct ixs_calib_analyzer analyzer;
    struct ixs_calib_component components[2];
    struct ixs_merged merged[SCANS];
};

static void fill(struct scene *scene)
{
    const struct ixs_model_form form = {0};
    scene->spectrum = (struct ixs_spectrum){.spectrum = 1,
                                            .analyzer = "A",
                                            .scans = "58,59",
                                            .statist = "POISSON",
                                            .quality = "good",
                                            .temperature = 300.0,
                                            .zero_err = 0.3,
                                            .q_width = NAN,
                                            .npoints = SCANS * POINTS};
    strcpy(scene->analyzer.analyzer, "A");
    for (size_t s = 0; s < SCANS; s++) {
        const double truth[6] = {zeros[s], 60.0, 0.5, 9.0, 1.0, 40.0};
        struct spectrum expected;
        expect_form(&expected, 300.0, &form, 1, truth);
        make_noisy(&expected, 7 + s);
        for (size_t i = 0; i < POINTS; i++) /* in turn: point by point */
            scene->points[SCANS * i + s] = (struct ixs_point){.spectrum = 1,
                                                              .scan = 58 + (int64_t)s,
                                                              .energy = expected.energy[i],
                                                              .counts = expected.counts[i],
                                                              .exposure = expected.exposure[i]};
        scene->merged[s] =
            (struct ixs_merged){.spectrum = 1, .zero_err = 0.3, .shift_err = 0.3, .own_shift = NAN};
        snprintf(scene->merged[s].scans, sizeof scene->merged[s].scans, "%zu", 58 + s);
    }
    for (size_t c = 0; c < response.nparts; c++)
        scene->components[c] = (struct ixs_calib_component){.analyzer = "A",
                                                            .component = (int64_t)c + 1,
                                                            .weight = response.parts[c].weight,
                                                            .center = response.parts[c].center,
                                                            .fwhm = response.parts[c].fwhm,
                                                            .eta = response.parts[c].eta};
}

static void read_model(struct ixs_fitting *rules, const struct ixs_calib *calib, const char *per)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_provenance provenance = {0};
    char path[] = "/tmp/ixs_scans_XXXXXX";
    text_file_name(path);
    text_file_write(
        path, "<model><modes>1</modes><components><zero unit='meV' per='%s'/></components></model>",
        per);
    *rules = IXS_FITTING;
    rules->curves = true;
    if (!ixs_fitting_model(rules, path, NULL, &provenance, &err) ||
        !ixs_fitting_settle(rules, calib, &err))
        fail_msg("%s", err.text);
    unlink(path);
    ixs_provenance_dispose(&provenance);
}

static void fit(struct scene *scene, const char *per, struct ixs_fit *out)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fitting rules;
    struct ixs_fitting_together together = {0};
    const struct ixs_calib calib = {.analyzers = &scene->analyzer,
                                    .nanalyzers = 1,
                                    .components = scene->components,
                                    .ncomponents = response.nparts};
    struct ixs_fitting_input *input = calloc(1, sizeof *input);
    assert_non_null(input);
    input->source = "a.fits";
    input->spectra = (struct ixs_spectra){.spectra = &scene->spectrum,
                                          .nspectra = 1,
                                          .points = scene->points,
                                          .npoints = IXS_COUNT(scene->points),
                                          .merged = scene->merged,
                                          .nmerged = SCANS};
    read_model(&rules, &calib, per);
    if (!ixs_fitting_all(&together, 1, input, &calib, &rules, &err) ||
        !ixs_fitting_record_all(out, &together, 1, input, &calib, &rules, &err))
        fail_msg("%s", err.text);
    input->spectra = (struct ixs_spectra){.nspectra = 1}; /* was the scene's */
    ixs_fitting_inputs_free(1, input);
    ixs_fitting_together_dispose(&together);
    ixs_fitting_dispose(&rules);
}

static void test_zeros(void **state)
{
    (void)state;
    static struct scene scene;
    struct ixs_fit one = {0}, each = {0};
    fill(&scene);
    fit(&scene, "spectrum", &one);
    fit(&scene, "scan", &each);
    if (one.spectra == NULL || each.spectra == NULL || each.modes == NULL ||
        each.parameters == NULL) {
        fail_msg("%s", "nothing was recorded");
        return;
    }
    assert_true(one.spectra[0].deviance > each.spectra[0].deviance + 30.0);
    assert_int_equal(each.nsets, 1);
    assert_string_equal(each.spectra[0].status, "good");
    assert_int_equal(each.spectra[0].dof, SCANS * POINTS - 7); /* priors say next to nothing */
    assert_near(each.modes[0].omega0, 9.0, 3.5 * each.modes[0].omega0_err);
    size_t found = 0;
    for (size_t k = 0; k < each.nparameters; k++) {
        const struct ixs_fit_parameter *row = &each.parameters[k];
        if (strncmp(row->name, "scan", 4) != 0)
            continue;
        assert_string_equal(row->component, "zero");
        assert_near(row->value, zeros[row->name[5] - '8'], 3.5 * row->err);
        assert_true(row->err < 0.1);
        found++;
    }
    assert_int_equal(found, SCANS);
    double sum = 0.0;
    for (size_t i = 0; i < each.ncurves; i++)
        sum += each.curves[i].residual * each.curves[i].residual;
    assert_near(sum, each.spectra[0].deviance, 1e-6 * sum);
    ixs_fit_dispose(&one);
    ixs_fit_dispose(&each);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_zeros)};
    return cmocka_run_group_tests_name("fitting_scans", tests, NULL, NULL);
}
