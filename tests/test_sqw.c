/* SPDX-License-Identifier: GPL-3.0-or-later
 * What ixs-elastic leaves of spectra with known truth: S(Q,E), moments and their errors, behind
 * responses that are not exactly those of the CALIB; points lost under the elastic line.
 */
#include "calib/elastic/elastic.h"
#include "bench/pull.h"
#include "models/line/dho.h"
#include "tests/fit_sample.h"
#include "tests/near.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

enum { SPECTRA = 150 };

static const double kelvin = 200.0, level = 0.02, area = 6.0, response_err = 0.25;
static const struct ixs_dho mode = {7.0, 1.5, 3.0};

struct scene {
    struct ixs_spectrum spectra[SPECTRA];
    struct ixs_point points[SPECTRA * POINTS];
    struct ixs_calib_analyzer analyzer;
    struct ixs_calib_component components[2];
    struct ixs_calib_covariance covariance;
};

static double uniform(uint64_t *state)
{
    return ((double)(draw(state) >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(uint64_t *state)
{
    double u = uniform(state);
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * uniform(state));
}

/* The response of the CALIB, its second part moved. */
static struct ixs_response moved(double by)
{
    struct ixs_response out = response;
    out.parts[1].center += by;
    return out;
}

static double inelastic_at(const struct ixs_response *through, const struct ixs_bose *bose,
                           double e)
{
    return ixs_dho_convolved(&mode, bose, through, e, NULL);
}

static void fill_spectrum(struct scene *scene, size_t s, double elastic, double counting)
{
    struct spectrum room;
    struct ixs_bose bose;
    struct ixs_spectrum *row = &scene->spectra[s];
    uint64_t state = 1000 + s;
    double by = response_err * normal(&state), zero = 0.1 * normal(&state);
    const struct ixs_response through = moved(by);
    ixs_bose_make(&bose, kelvin, 200.0);
    *row = (struct ixs_spectrum){.spectrum = (int64_t)s + 1,
                                 .analyzer = "A",
                                 .scans = "7",
                                 .statist = "POISSON",
                                 .quality = "good",
                                 .temperature = kelvin,
                                 .temperature_err = 0.5,
                                 .q = 2.0,
                                 .q_width = NAN,
                                 .zero_err = 0.1,
                                 .npoints = POINTS};
    for (size_t i = 0; i < POINTS; i++) {
        double e = -20.0 + 0.5 * (double)i;
        room.counts[i] = counting * (elastic * ixs_response_value(&through, e) +
                                     inelastic_at(&through, &bose, e) + level);
    }
    make_noisy(&room, state);
    for (size_t i = 0; i < POINTS; i++)
        scene->points[s * POINTS + i] =
            (struct ixs_point){.spectrum = row->spectrum,
                               .analyzer = "A",
                               .energy = -20.0 + 0.5 * (double)i + zero,
                               .counts = room.counts[i],
                               .exposure = counting,
                               .intensity = room.counts[i] / counting,
                               .error = sqrt(fmax(room.counts[i], 1.0)) / counting};
}

static struct ixs_calib make_calib(struct scene *scene)
{
    memset(&scene->analyzer, 0, sizeof scene->analyzer);
    scene->analyzer.analyzer[0] = 'A';
    for (size_t c = 0; c < 2; c++)
        scene->components[c] = (struct ixs_calib_component){.analyzer = "A",
                                                            .component = (int64_t)c + 1,
                                                            .weight = response.parts[c].weight,
                                                            .center = response.parts[c].center,
                                                            .fwhm = response.parts[c].fwhm,
                                                            .eta = response.parts[c].eta};
    scene->covariance = (struct ixs_calib_covariance){
        .analyzer = "A", .row = 6, .column = 6, .covariance = response_err * response_err};
    return (struct ixs_calib){.analyzers = &scene->analyzer,
                              .nanalyzers = 1,
                              .components = scene->components,
                              .ncomponents = 2,
                              .covariances = &scene->covariance,
                              .ncovariances = 1};
}

/* All of them through the fit; the caller frees sqw and moments. */
static struct ixs_spectra view(struct scene *scene, double elastic, double counting, double mass)
{
    struct ixs_err err = IXS_ERR_NONE;
    struct ixs_fit_answer *answers = NULL;
    struct ixs_elastic_views views;
    struct ixs_fitting rules = IXS_FITTING;
    for (size_t s = 0; s < SPECTRA; s++)
        fill_spectrum(scene, s, elastic, counting);
    struct ixs_calib calib = make_calib(scene);
    struct ixs_spectra spectra = {.spectra = scene->spectra,
                                  .nspectra = SPECTRA,
                                  .points = scene->points,
                                  .npoints = IXS_COUNT(scene->points)};
    rules.nmodes = 1;
    rules.look = (struct ixs_fitting_look){ixs_elastic_look, &views};
    if (!ixs_elastic_begin(&views, &spectra, mass, &err) ||
        !ixs_fitting_answers(&answers, &spectra, &calib, &rules, &err))
        fail_msg("%s", err.text);
    ixs_elastic_end(&views);
    free(answers);
    return spectra;
}

static void dispose(struct ixs_spectra *spectra)
{
    free(spectra->sqw);
    free(spectra->moments);
}

/* Mean 0 and width 1, within so many standard errors of `n` independent ones. */
static void check(const char *what, const struct pull_sums *pulls, double n, double slack)
{
    double mean = pull_mean(pulls), width = pull_width(pulls);
    if (!(fabs(mean) < slack / sqrt(n)) || !(fabs(width - 1.0) < slack / sqrt(2.0 * n)))
        fail_msg("pulls of %s: mean %.3f, width %.3f (%.0f)", what, mean, width, pulls->n);
}

/* What the response of each spectrum would show without noise is not known behind the fixed one, so
 * truth is of the very response that the spectrum was made with. */
static double truth_at(size_t s, double energy)
{
    struct ixs_bose bose;
    uint64_t state = 1000 + s;
    const struct ixs_response through = moved(response_err * normal(&state));
    ixs_bose_make(&bose, kelvin, 200.0);
    return inelastic_at(&through, &bose, energy - 0.1 * normal(&state));
}

static void test_points(void **state)
{
    (void)state;
    static struct scene scene;
    struct ixs_spectra spectra = view(&scene, area, 100.0, (double)NAN);
    struct pull_sums near = {0}, far = {0}, chi = {0}, inelastic = {0};
    for (size_t i = 0; i < spectra.nsqw; i++) {
        const struct ixs_sqw *row = &spectra.sqw[i];
        size_t s = (size_t)row->spectrum - 1;
        const struct ixs_point *point = &scene.points[s * POINTS + (size_t)row->point - 1];
        double truth = truth_at(s, point->energy);
        assert_true(isnan(row->s) == ((point->flags & IXS_FLAG_ELASTIC) != 0));
        if (isnan(row->s))
            continue;
        pull_add(fabs(row->energy) < 4.0 ? &near : &far, (row->s - truth) / row->s_err);
        pull_add(&inelastic, (point->inelastic - truth - level) / point->inelastic_err);
        if (fabs(row->energy) > 1.0)
            pull_add(&chi, (row->chi - truth * -expm1(-row->energy / (8.617333262e-2 * kelvin))) /
                               row->chi_err);
    }
    check("S near the elastic line", &near, 0.5 * (double)near.n, 4.0);
    check("S beyond", &far, 0.5 * (double)far.n, 4.0);
    check("INELASTIC", &inelastic, 0.5 * (double)inelastic.n, 4.0);
    check("chi''", &chi, 0.1 * (double)chi.n, 4.0);
    dispose(&spectra);
}

/* Under a strong line points are lost, elsewhere they are not; the tails are no signal on average.
 */
static void test_lost(void **state)
{
    (void)state;
    static struct scene scene;
    struct ixs_spectra spectra = view(&scene, 60.0, 100.0, (double)NAN);
    size_t lost = 0, lost_far = 0, centre = 0;
    struct pull_sums tails = {0}, elastic = {0};
    for (size_t i = 0; i < spectra.npoints; i++) {
        const struct ixs_point *point = &scene.points[i];
        bool flagged = (point->flags & IXS_FLAG_ELASTIC) != 0;
        assert_true(flagged == isnan(point->inelastic));
        assert_false(ixs_flags_bar(point->flags));
        lost += flagged;
        lost_far += flagged && fabs(point->energy) > 7.5;
        centre += !flagged && fabs(point->energy) < 0.7;
        if (!flagged && fabs(point->energy) < 4.5) {
            double truth = truth_at((size_t)point->spectrum - 1, point->energy) + level;
            pull_add(&tails, (point->inelastic - truth) / point->inelastic_err);
        }
    }
    assert_true(lost > 5 * SPECTRA && lost_far == 0 && centre == 0);
    for (size_t s = 0; s < SPECTRA; s++)
        pull_add(&elastic, (scene.spectra[s].elastic - 60.0) / scene.spectra[s].elastic_err);
    check("INELASTIC beside a strong line", &tails, 0.3 * (double)tails.n, 3.5);
    check("ELASTIC of a strong line", &elastic, SPECTRA, 3.5);
    for (size_t s = 0; s < SPECTRA; s++)
        assert_string_equal(scene.spectra[s].elastic_status, "good");
    dispose(&spectra);
}

/* Int E^k (R x S) dE over the points' range by a fine sum. */
static double range_truth(size_t s, double lo, double hi, int power)
{
    enum { CELLS = 600 };
    double sum = 0.0, step = (hi - lo) / CELLS;
    for (int i = 0; i < CELLS; i++) {
        double e = lo + step * (i + 0.5);
        sum += pow(e, power) * truth_at(s, e) * step;
    }
    return sum;
}

static void test_moments(void **state)
{
    (void)state;
    static struct scene scene;
    const double mass = 40.0, recoil = 2.090086 * 4.0 / mass; /* meV: FIELD.md 4.1 */
    struct ixs_spectra spectra = view(&scene, area, 100.0, mass);
    struct pull_sums zeroth = {0}, first = {0}, whole = {0}, area0 = {0}, fit0 = {0}, fit1 = {0},
                     elastic = {0}, balance = {0}, structure = {0};
    double all = ixs_dho_area(&mode, kelvin);
    assert_int_equal(spectra.nmoments, SPECTRA);
    for (size_t s = 0; s < SPECTRA; s++) {
        const struct ixs_sqw_moments *row = &spectra.moments[s];
        const struct ixs_spectrum *spectrum = &scene.spectra[s];
        const struct ixs_point *points = &scene.points[s * POINTS];
        double lo = points[0].energy, hi = points[POINTS - 1].energy;
        double truth = range_truth(s, lo, hi, 0), shift = points[0].energy - row->e_lo;
        double moment = range_truth(s, lo, hi, 1) - shift * truth;
        pull_add(&zeroth, (row->zeroth_range - truth) / row->zeroth_range_err);
        pull_add(&first, (row->first_range - moment) / row->first_range_err);
        pull_add(&area0, (row->zeroth - all) / row->zeroth_err);
        pull_add(&whole, (row->first - mode.omega0 * mode.strength) / row->first_err);
        pull_add(&fit0, row->zeroth_pull);
        pull_add(&fit1, row->first_pull);
        pull_add(&elastic, (spectrum->elastic - area) / spectrum->elastic_err);
        pull_add(&balance, row->balance_pull);
        pull_add(&structure,
                 (row->structure - (all + area) * recoil / (mode.omega0 * mode.strength)) /
                     row->structure_err);
        assert_near(row->recoil, recoil, 1e-5 * recoil);
        assert_near(row->scale, row->first / recoil, 1e-5 * row->scale);
        assert_near(row->truncated, 0.03, 0.02);
    }
    check("M0_RANGE", &zeroth, SPECTRA, 3.5);
    check("M1_RANGE", &first, SPECTRA, 3.5);
    check("M0", &area0, SPECTRA, 3.5);
    check("M1", &whole, SPECTRA, 3.5);
    check("M0, points less fit", &fit0, SPECTRA, 3.5);
    check("M1, points less fit", &fit1, SPECTRA, 3.5);
    check("ELASTIC", &elastic, SPECTRA, 3.5);
    check("BALANCE", &balance, SPECTRA, 3.5);
    check("S_Q", &structure, SPECTRA, 3.5);
    dispose(&spectra);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_points), cmocka_unit_test(test_lost),
                                       cmocka_unit_test(test_moments)};
    return cmocka_run_group_tests_name("sqw", tests, NULL, NULL);
}
