/* SPDX-License-Identifier: GPL-3.0-or-later
 * Slopes from neighbouring analyzers: an acoustic mode before four of them, each spectrum the mean
 * over the momenta that its slit lets through, is fitted as wide as it is.
 */
#include "calib/fitting/fitting.h"
#include "tests/fit_sample.h"
#include "tests/near.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

enum { ANALYZERS = 4, SIZE = 161, ACROSS = 101 };

static const double velocity = 5, width = 0.3, kelvin = 300;    /* km/s, meV, K */
static const double pitch = 0.135, gap = 0.0737, nearest = 0.2; /* 1/Angstrom */

struct beam { /* borrowed insides of the products */
    struct ixs_spectrum spectra[ANALYZERS];
    struct ixs_point points[ANALYZERS * SIZE];
    struct ixs_calib_analyzer rows[ANALYZERS];
    struct ixs_calib_component components[2 * ANALYZERS];
    struct ixs_spectra product;
    struct ixs_calib calib;
};

/* Counts expected at one momentum: the mode at hbar v q. */
static void expect_at(double q, const double *energy, double *counts)
{
    struct ixs_model_form form = {0};
    static struct ixs_transforms transforms;
    struct ixs_model model;
    struct ixs_bose bose;
    double exposure[SIZE], parameters[6] = {0, 4, 0.3, 6.582 * velocity * q, width, 10};
    for (size_t i = 0; i < SIZE; i++)
        exposure[i] = 1000;
    struct ixs_model_points points = {SIZE, energy, NULL, exposure, NULL};
    if (transforms.n == 0)
        ixs_transforms_make(&transforms, &response);
    ixs_bose_make(&bose, kelvin, ixs_model_span(&points));
    ixs_model_make(&model, &points, ixs_transform_choose(&transforms, INFINITY), &bose, 1, &form,
                   1);
    ixs_model_evaluate(&model, parameters, counts, NULL);
}

static void set_analyzer(struct beam *beam, size_t a)
{
    double energy[SIZE], counts[SIZE], sum[SIZE] = {0}, q = nearest + pitch * (double)a;
    char name[25];
    snprintf(name, sizeof name, "A%zu", a + 1);
    beam->spectra[a] = (struct ixs_spectrum){.spectrum = (int64_t)a + 1,
                                             .temperature = kelvin,
                                             .zero_err = 0.01,
                                             .q = q,
                                             .q_width = gap,
                                             .npoints = SIZE,
                                             .scans = "7",
                                             .statist = "POISSON",
                                             .quality = "good",
                                             .response = "good"};
    beam->rows[a] = (struct ixs_calib_analyzer){.fwhm = 1.5, .quality = "good", .ncomponents = 2};
    ixs_copy(beam->spectra[a].analyzer, sizeof name, name);
    ixs_copy(beam->rows[a].analyzer, sizeof name, name);
    for (size_t k = 0; k < 2; k++) {
        const struct ixs_response_part *part = &response.parts[k];
        struct ixs_calib_component *row = &beam->components[2 * a + k];
        *row = (struct ixs_calib_component){.component = (int64_t)k + 1,
                                            .weight = part->weight,
                                            .center = part->center,
                                            .fwhm = part->fwhm,
                                            .eta = part->eta};
        ixs_copy(row->analyzer, sizeof name, name);
    }
    for (size_t i = 0; i < SIZE; i++)
        energy[i] = -40 + 0.5 * (double)i;
    for (int j = 0; j < ACROSS; j++) {
        expect_at(q + gap * ((j + 0.5) / ACROSS - 0.5), energy, counts);
        for (size_t i = 0; i < SIZE; i++)
            sum[i] += counts[i] / ACROSS;
    }
    for (size_t i = 0; i < SIZE; i++) {
        struct ixs_point *point = &beam->points[a * SIZE + i];
        *point = (struct ixs_point){.spectrum = (int64_t)a + 1,
                                    .scan = 7,
                                    .point = (int64_t)i + 1,
                                    .energy = energy[i],
                                    .counts = sum[i],
                                    .exposure = 1000,
                                    .intensity = sum[i] / 1000,
                                    .error = 0.1};
        ixs_copy(point->analyzer, sizeof name, name);
    }
}

static void set_beam(struct beam *beam)
{
    memset(beam, 0, sizeof *beam);
    for (size_t a = 0; a < ANALYZERS; a++)
        set_analyzer(beam, a);
    beam->product = (struct ixs_spectra){.spectra = beam->spectra,
                                         .nspectra = ANALYZERS,
                                         .points = beam->points,
                                         .npoints = (size_t)ANALYZERS * SIZE};
    beam->calib = (struct ixs_calib){.analyzers = beam->rows,
                                     .nanalyzers = ANALYZERS,
                                     .components = beam->components,
                                     .ncomponents = (size_t)2 * ANALYZERS};
}

static struct ixs_fit_answer *fit(const struct beam *beam, bool neighbours, double given)
{
    struct ixs_fitting rules = IXS_FITTING;
    struct ixs_fit_answer *answers = NULL;
    struct ixs_err err = IXS_ERR_NONE;
    rules.nmodes = 1;
    ixs_fitting_accept(&rules, neighbours, given, false);
    if (!ixs_fitting_answers(&answers, &beam->product, &beam->calib, &rules, &err))
        fail_msg("%s", err.text);
    return answers;
}

static void test_neighbours(void **state)
{
    (void)state;
    static struct beam beam;
    set_beam(&beam);
    struct ixs_fit_answer *without = fit(&beam, false, 0), *given = fit(&beam, false, velocity),
                          *with = fit(&beam, true, 0);
    for (size_t a = 0; a < ANALYZERS; a++) {
        double truth = 6.582 * velocity * beam.spectra[a].q;
        printf("# %.1f meV: width off by %.3f without slopes, %.3f with that given, %.3f with the "
               "neighbours'\n",
               truth, without[a].lines[0].fwhm - width, given[a].lines[0].fwhm - width,
               with[a].lines[0].fwhm - width);
        assert_near(without[a].lines[0].fwhm - width, 0.7, 0.15);
        assert_near(given[a].lines[0].fwhm, width, 0.01);
        assert_near(with[a].lines[0].fwhm, width, 0.02);
        assert_near(with[a].lines[0].omega0, truth, 0.02);
    }
    free(without);
    free(given);
    free(with);
}

/* Analyzers of another scan, or without a width in Q, are no neighbours: nothing is spread. */
static void test_alone(void **state)
{
    (void)state;
    static struct beam beam;
    set_beam(&beam);
    for (size_t a = 0; a < ANALYZERS; a++)
        snprintf(beam.spectra[a].scans, sizeof beam.spectra[a].scans, "%zu", a + 7);
    struct ixs_fit_answer *without = fit(&beam, false, 0), *with = fit(&beam, true, 0);
    for (size_t a = 0; a < ANALYZERS; a++)
        assert_near(with[a].lines[0].fwhm, without[a].lines[0].fwhm, 0);
    free(with);
    set_beam(&beam);
    for (size_t a = 0; a < ANALYZERS; a++)
        beam.spectra[a].q_width = NAN;
    with = fit(&beam, true, 0);
    for (size_t a = 0; a < ANALYZERS; a++)
        assert_near(with[a].lines[0].fwhm, without[a].lines[0].fwhm, 0);
    free(without);
    free(with);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
