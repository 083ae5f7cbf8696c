/* SPDX-License-Identifier: GPL-3.0-or-later
 * A spectrum that takes a phonon for its elastic line is fitted again with the zero that the other
 * analyzers have; its background is then still one of the energies of the data.
 */
#include "calib/fitting/fitting.h"
#include "tests/fit_sample.h"
#include "tests/near.h"

#include "base/array.h"

#include <stdlib.h>

enum { ANALYZERS = 5, ASTRAY = 4 };

static const double kelvin = 30.0;

/* zero, elastic, level, slope, then one mode. */
static const double truth[ANALYZERS][7] = {
    {7.0, 60.0, 1.0, 0.02, 9.0, 1.0, 12.0},  {7.3, 60.0, 1.0, 0.02, 9.0, 1.0, 12.0},
    {6.8, 60.0, 1.0, 0.02, 9.0, 1.0, 12.0},  {7.1, 60.0, 1.0, 0.02, 9.0, 1.0, 12.0},
    {7.0, 0.01, 1.0, 0.02, 18.0, 0.0, 12.0}, /* all that is seen is a line at 25 meV */
};

struct scene {
    struct ixs_spectrum spectra[ANALYZERS];
    struct ixs_point points[ANALYZERS * POINTS];
    struct ixs_calib_analyzer analyzers[ANALYZERS];
    struct ixs_calib_component components[ANALYZERS * 2];
};

static void fill_spectrum(struct scene *scene, size_t a)
{
    const struct ixs_model_form form = {.background_degree = 1};
    struct spectrum expected;
    struct ixs_spectrum *row = &scene->spectra[a];
    expect_form(&expected, kelvin, &form, 1, truth[a]);
    *row = (struct ixs_spectrum){.spectrum = (int64_t)a + 1,
                                 .scans = "7",
                                 .statist = "POISSON",
                                 .quality = "good",
                                 .temperature = kelvin,
                                 .zero_err = NAN,
                                 .q_width = NAN,
                                 .npoints = POINTS};
    row->analyzer[0] = scene->analyzers[a].analyzer[0] = (char)('A' + (int)a);
    for (size_t i = 0; i < POINTS; i++)
        scene->points[a * POINTS + i] =
            (struct ixs_point){.spectrum = row->spectrum,
                               .energy = expected.energy[i],
                               .counts = floor(expected.counts[i] + 0.5),
                               .exposure = expected.exposure[i]};
    for (size_t c = 0; c < response.nparts; c++) {
        struct ixs_calib_component *part = &scene->components[a * response.nparts + c];
        *part = (struct ixs_calib_component){.component = (int64_t)c + 1,
                                             .weight = response.parts[c].weight,
                                             .center = response.parts[c].center,
                                             .fwhm = response.parts[c].fwhm,
                                             .eta = response.parts[c].eta};
        part->analyzer[0] = row->analyzer[0];
    }
}

static void test_guided(void **state)
{
    (void)state;
    static struct scene scene;
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_answer *answers = NULL;
    struct ixs_fitting rules = IXS_FITTING;
    for (size_t a = 0; a < ANALYZERS; a++)
        fill_spectrum(&scene, a);
    const struct ixs_spectra spectra = {.spectra = scene.spectra,
                                        .nspectra = ANALYZERS,
                                        .points = scene.points,
                                        .npoints = IXS_COUNT(scene.points)};
    const struct ixs_calib calib = {.analyzers = scene.analyzers,
                                    .nanalyzers = ANALYZERS,
                                    .components = scene.components,
                                    .ncomponents = IXS_COUNT(scene.components)};
    rules.form.background_degree = 1;
    if (!ixs_fitting_answers(&answers, &spectra, &calib, &rules, &err))
        fail_msg("%s", err.text);
    const struct ixs_fit_answer *answer = &answers[ASTRAY];
    assert_string_equal(answer->reason, "zero guided by the other analyzers");
    assert_int_equal(answer->nmodes, 1);
    assert_near(answer->lines[0].omega0 + answer->zero, 25.0, 0.1);
    assert_near(answer->zero, 7.0, 2.0);
    assert_true(answer->lower[IXS_MODEL_ZERO] < answer->zero);
    for (size_t k = IXS_MODEL_BACKGROUND; k < IXS_MODEL_BACKGROUND + 2; k++)
        assert_near(answer->parameters[k], truth[ASTRAY][k], 0.5 * answer->errors[k]);
    free(answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_guided)};
    return cmocka_run_group_tests_name("fitting_zero", tests, NULL, NULL);
}
