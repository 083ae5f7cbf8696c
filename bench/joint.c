/* SPDX-License-Identifier: GPL-3.0-or-later
 * From counts through joint fits to laws: spectra simulated by bench/plain.h, fitted together as
 * model files say, their modes gathered as ixs-dispersion does it; pulls of what the laws tell,
 * with what the fits say of modes that vary together and without. joint DRAWS [SEED [THREADS]] Ends
 * with 1 if a bound is missed.
 */
#include "bench/chance.h"
#include "bench/plain.h"
#include "bench/pull.h"

#include "base/array.h"
#include "base/units.h"
#include "calib/branching/branching.h"
#include "calib/fitting/together.h"
#include "calib/thermal/thermal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { POINTS = 111, MOST = 24, ANALYZERS = 8, ZONES = 3, KELVINS = 8 };

static const struct ixs_response response = {
    .nparts = 2, .parts = {{0.85, -0.05, 1.46, 0.2}, {0.15, 0.2833333333333333, 2.4, 0.7}}};
static const double first = -20.0, step = 0.5, exposure = 100.0;
static const double velocity = 5.0, width_power = 1.5; /* of zones */
static const double kelvin_ref = 25.0, energy_power = -0.02, heat_power = 1.0;
static const double wide = 0.2, narrow = 0.02; /* meV, errors of zeros */

struct scene {           /* spectra of one product, and the truth of each */
    bool thermal, apart; /* zeros: each spectrum has its own */
    const char *model;
    size_t n;
    struct ixs_spectrum spectra[MOST];
    struct ixs_point points[MOST * POINTS];
    double mode[MOST][2], lines[MOST][POINTS];
    struct ixs_calib_analyzer analyzers[ANALYZERS];
    struct ixs_calib_component components[ANALYZERS * 2];
    struct ixs_calib calib;
};

static const char by_zones[] =
    "<model><modes>1</modes><ties><share parameter='dho1.omega0 dho1.fwhm' over='zones'/></ties>"
    "</model>";
static const char by_scans[] =
    "<model><modes>1</modes><ties><share parameter='dho1.omega0 dho1.fwhm' over='zones'/>"
    "<share parameter='zero.zero' over='analyzers'/></ties></model>";
static const char by_kelvin[] =
    "<model><modes>1</modes><ties><share parameter='zero.zero' over='temperatures'/></ties>"
    "</model>";

/* An acoustic branch in three zones, or one mode at several temperatures. */
static void place(struct scene *scene, size_t i)
{
    struct ixs_spectrum *row = &scene->spectra[i];
    size_t analyzer = scene->thermal ? 0 : i % ANALYZERS, scan = scene->thermal ? i : i / ANALYZERS;
    double kelvin = scene->thermal ? 6.0 * (double)(i + 1) : 20.0; /* no line to tell the zero */
    double q = scene->thermal ? 0.3 : 0.12 + 0.06 * (double)analyzer;
    *row = (struct ixs_spectrum){.spectrum = (int64_t)i + 1,
                                 .statist = "POISSON",
                                 .quality = "good",
                                 .temperature = kelvin,
                                 .zero_err = hypot(wide, narrow),
                                 .scale_err = NAN,
                                 .q_width = NAN,
                                 .q = 3.0 + (scene->thermal ? 0.0 : (double)scan) + q,
                                 .q_reduced = q,
                                 .q_h = q,
                                 .g_h = (double)scan,
                                 .h = scene->thermal ? q : (double)scan + q,
                                 .q_angle = NAN,
                                 .npoints = POINTS};
    row->g_h = scene->thermal ? 0.0 : row->g_h;
    snprintf(row->analyzer, sizeof row->analyzer, "A%zu", analyzer);
    snprintf(row->scans, sizeof row->scans, "%zu", scan + 1);
    scene->mode[i][0] = scene->thermal ? 10.0 * pow(kelvin / kelvin_ref, energy_power)
                                       : IXS_MEV_A_PER_KM_S * velocity * q;
    scene->mode[i][1] = scene->thermal ? 1.5 * pow(kelvin / kelvin_ref, heat_power)
                                       : 1.5 * pow(q / 0.3, width_power);
}

static bool make(struct scene *scene, bool thermal, const char *model, struct ixs_err *err)
{
    const double grid[2] = {first, step};
    bool ok = true;
    memset(scene, 0, sizeof *scene);
    scene->thermal = thermal;
    scene->apart = model == by_zones;
    scene->model = model;
    scene->n = thermal ? KELVINS : ANALYZERS * ZONES;
    for (size_t i = 0; ok && i < scene->n; i++) {
        place(scene, i);
        ok = plain_convolve(scene->lines[i], &response, scene->mode[i],
                            scene->spectra[i].temperature, POINTS, grid, err);
    }
    for (size_t a = 0; a < ANALYZERS; a++) {
        struct ixs_calib_analyzer *row = &scene->analyzers[a];
        row->own_err = thermal ? wide : narrow;
        snprintf(row->analyzer, sizeof row->analyzer, "A%zu", a);
        ixs_copy(row->quality, sizeof row->quality, "good");
        for (size_t c = 0; c < response.nparts; c++) {
            struct ixs_calib_component *part = &scene->components[2 * a + c];
            *part = (struct ixs_calib_component){.component = (int64_t)c + 1,
                                                 .weight = response.parts[c].weight,
                                                 .center = response.parts[c].center,
                                                 .fwhm = response.parts[c].fwhm,
                                                 .eta = response.parts[c].eta};
            ixs_copy(part->analyzer, sizeof part->analyzer, row->analyzer);
        }
    }
    scene->calib = (struct ixs_calib){.analyzers = scene->analyzers,
                                      .nanalyzers = ANALYZERS,
                                      .components = scene->components,
                                      .ncomponents = ANALYZERS * response.nparts};
    return ok;
}

/* Zeros are off by what all spectra of a scan, or of an analyzer, have in common, and by what each
 * has by itself. */
static void draw(struct scene *scene, uint64_t *state)
{
    double common[ZONES];
    for (size_t s = 0; s < ZONES; s++)
        common[s] = wide * ixs_chance_normal(state);
    for (size_t i = 0; i < scene->n; i++) {
        double zero = common[scene->thermal ? 0 : i / ANALYZERS];
        zero = (scene->apart ? wide * ixs_chance_normal(state) : zero) +
               narrow * ixs_chance_normal(state);
        for (size_t k = 0; k < POINTS; k++) {
            double energy = first + step * (double)k;
            double rate =
                0.05 * plain_response(&response, energy) + 0.02 + 4.0 * scene->lines[i][k];
            struct ixs_point *row = &scene->points[i * POINTS + k];
            *row = (struct ixs_point){.spectrum = (int64_t)i + 1,
                                      .scan = 1,
                                      .energy = energy + zero,
                                      .exposure = exposure * chance_between(state, 0.9, 1.1)};
            row->counts = chance_poisson(state, row->exposure * rate);
        }
    }
}

static bool read_model(struct ixs_fitting *rules, const struct scene *scene, struct ixs_err *err)
{
    struct ixs_provenance provenance = {0};
    char path[] = "/tmp/ixs_joint_XXXXXX";
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, scene->model, strlen(scene->model)) < 0)
        return ixs_fail(err, IXS_OUTPUT, "%s: cannot be written", path);
    close(fd);
    bool ok = ixs_fitting_model(rules, path, NULL, &provenance, err) &&
              ixs_fitting_settle(rules, &scene->calib, err);
    unlink(path);
    ixs_provenance_dispose(&provenance);
    return ok;
}

static bool fit(struct scene *scene, struct ixs_fitting *rules, struct ixs_fit *out,
                struct ixs_err *err)
{
    struct ixs_fitting_together together = {0};
    struct ixs_fitting_input *input = NULL;
    if (!IXS_NEW(input, 1, err))
        return false;
    input->source = "joint.fits";
    input->spectra = (struct ixs_spectra){.spectra = scene->spectra,
                                          .nspectra = scene->n,
                                          .points = scene->points,
                                          .npoints = scene->n * POINTS};
    bool ok = ixs_fitting_all(&together, 1, input, &scene->calib, rules, err) &&
              ixs_fitting_record_all(out, &together, 1, input, &scene->calib, rules, err);
    input->spectra = (struct ixs_spectra){.nspectra = scene->n}; /* were the scene's */
    ixs_fitting_inputs_free(1, input);
    ixs_fitting_together_dispose(&together);
    return ok;
}

enum { MOST_FIGURES = 4, WAYS = 2 };

struct figures { /* what the laws tell, with its error; NaN: nothing */
    double value[MOST_FIGURES], error[MOST_FIGURES];
};

static bool gather(struct figures *out, const struct scene *scene, const struct ixs_fit *fit,
                   bool related, struct ixs_err *err)
{
    struct ixs_dispersion dispersion = {0};
    struct ixs_thermal_modes modes = {0};
    struct ixs_branching rules = IXS_BRANCHING;
    const struct ixs_thermal_rules thermal = {
        .same_q = 0.02, .energy_law = "power", .width_law = "power"};
    ixs_copy(rules.law, sizeof rules.law, "linear");
    bool ok = ixs_thermal_add(&modes, fit, err) && ixs_branching_add(&dispersion, fit, err);
    if (!related)
        ixs_kinship_dispose(&modes.kinship);
    ok = ok && ixs_branching_find(&dispersion, &modes.kinship, &rules, err) &&
         ixs_thermal_gather(&dispersion, &modes, &thermal, rules.warm, err);
    for (size_t k = 0; k < MOST_FIGURES; k++)
        out->value[k] = out->error[k] = NAN;
    if (ok && scene->thermal && dispersion.nlaws >= 2) {
        const struct ixs_thermal_law_row *energy = &dispersion.laws[0],
                                         *width = &dispersion.laws[1];
        *out = (struct figures){{energy->p[0] * pow(kelvin_ref / energy->t_ref, energy->p[1]),
                                 energy->exponent, width->exponent, NAN},
                                {energy->p_err[0], energy->exponent_err, width->exponent_err, NAN}};
    } else if (ok && dispersion.nbranches == 1) {
        const struct ixs_dispersion_branch *row = &dispersion.branches[0];
        *out = (struct figures){{row->velocity, row->fwhm_power, NAN, NAN},
                                {row->velocity_err, row->fwhm_power_err, NAN, NAN}};
    }
    ixs_thermal_modes_dispose(&modes);
    ixs_dispersion_dispose(&dispersion);
    return ok;
}

static bool tell(const char *name, const struct pull_sums tallies[WAYS])
{
    double n = tallies[1].n, mean = pull_mean(&tallies[1]), width = pull_rms(&tallies[1]);
    bool good = fabs(mean) < 3.5 / sqrt(n) + 0.05 && fabs(width - 1.0) < 3.5 / sqrt(2.0 * n) + 0.03;
    printf("  %-30s %5.0f pulls  mean %6.3f +- %.3f  width %.3f +- %.3f  %s  (each mode by itself: "
           "%.3f)\n",
           name, n, mean, 1.0 / sqrt(n), width, 1.0 / sqrt(2.0 * n), good ? "ok" : "MISSED",
           pull_rms(&tallies[0]));
    return good;
}

struct job {
    const char *name, *model;
    bool thermal;
    const char *figures[MOST_FIGURES];
    double truth[MOST_FIGURES];
};

static bool run(const struct job *job, size_t draws, uint64_t seed, size_t threads, bool *good,
                struct ixs_err *err)
{
    static struct scene scene;
    struct pull_sums tallies[MOST_FIGURES][WAYS] = {0};
    struct ixs_fitting rules = IXS_FITTING;
    rules.threads = threads;
    bool ok = make(&scene, job->thermal, job->model, err) && read_model(&rules, &scene, err);
    for (size_t d = 0; ok && d < draws; d++) {
        uint64_t state = ixs_chance_state(seed, d);
        struct ixs_fit found = {0};
        struct figures figures;
        draw(&scene, &state);
        ok = fit(&scene, &rules, &found, err);
        for (size_t way = 0; ok && way < WAYS; way++) {
            ok = gather(&figures, &scene, &found, way == 1, err);
            for (size_t k = 0; k < MOST_FIGURES && job->figures[k] != NULL; k++) {
                double pull = (figures.value[k] - job->truth[k]) / figures.error[k];
                if (!isfinite(pull))
                    continue;
                pull_add(&tallies[k][way], pull);
            }
        }
        ixs_fit_dispose(&found);
    }
    printf("%s, %zu draws:\n", job->name, draws);
    for (size_t k = 0; ok && k < MOST_FIGURES && job->figures[k] != NULL; k++)
        *good = tell(job->figures[k], tallies[k]) && *good;
    ixs_fitting_dispose(&rules);
    return ok;
}

int main(int argc, char **argv)
{
    static const struct job jobs[] = {
        {"eight q in three zones, which share energy and width",
         by_zones,
         false,
         {"sound velocity", "power of q of the width"},
         {velocity, width_power}},
        {"the same, analyzers sharing the zero of each scan",
         by_scans,
         false,
         {"sound velocity", "power of q of the width"},
         {velocity, width_power}},
        {"one mode at eight temperatures, which share the zero",
         by_kelvin,
         true,
         {"energy at 25 K", "power of T of the energy", "power of T of the width"},
         {10.0, energy_power, heat_power}},
    };
    struct ixs_err err = IXS_ERR_NONE;
    long numbers[3] = {200, 1, 1};
    bool good = true, ok = true;
    for (int i = 0; i < 3 && i + 1 < argc; i++)
        numbers[i] = strtol(argv[i + 1], NULL, 10);
    if (numbers[0] < 1) {
        fputs("usage: joint DRAWS [SEED [THREADS]]\n", stderr);
        return 2;
    }
    for (size_t j = 0; ok && j < IXS_COUNT(jobs); j++)
        ok = run(&jobs[j], (size_t)numbers[0], (uint64_t)numbers[1], (size_t)numbers[2], &good,
                 &err);
    if (!ok)
        fprintf(stderr, "%s\n", err.text);
    return ok && good ? 0 : 1;
}
