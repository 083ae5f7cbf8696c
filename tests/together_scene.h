/* SPDX-License-Identifier: GPL-3.0-or-later
 * Four zones at three temperatures: two modes whose energy and width belong to a temperature and
 * are the same in all zones; strengths, elastic line, background and zero are each spectrum's own.
 */
#ifndef IXS_TESTS_TOGETHER_SCENE_H
#define IXS_TESTS_TOGETHER_SCENE_H

#include "models/together/together.h"
#include "tests/fit_sample.h"

enum {
    ZONES = 4,
    KELVINS = 3,
    SPECTRA = ZONES * KELVINS,
    MODES = 2,
    OWN = 5, /* zero, elastic, background, two strengths */
    USES = 2 * MODES,
    SHARED = USES * KELVINS,
    LOCAL = OWN + USES,
};

/* Where each own and each shared source goes in a model of two modes. */
static const struct ixs_together_term scene_terms[LOCAL] = {
    {0, 0, 1.0}, {1, 1, 1.0}, {2, 2, 1.0}, {5, 3, 1.0}, {8, 4, 1.0},
    {3, 5, 1.0}, {4, 6, 1.0}, {6, 7, 1.0}, {7, 8, 1.0},
};
static const double scene_kelvin[KELVINS] = {100.0, 300.0, 600.0};
static const double scene_zero_err = 0.1;

struct scene {
    double truth_own[SPECTRA][OWN], truth_shared[SHARED];
    struct spectrum data[SPECTRA];
    struct ixs_transforms transforms;
    struct ixs_together_piece pieces[SPECTRA];
    struct ixs_together_source own[SPECTRA][OWN], shared[SHARED];
    size_t uses[SPECTRA][USES];
    struct ixs_fit_answer answers[SPECTRA];
    struct ixs_together_spectrum spectra[SPECTRA];
    struct ixs_together together;
};

static inline struct ixs_together_source scene_source(double value)
{
    return (struct ixs_together_source){
        .value = value, .lower = NAN, .upper = NAN, .mean = NAN, .sigma = NAN};
}

static inline void scene_truth(struct scene *scene)
{
    for (size_t t = 0; t < KELVINS; t++) { /* softer and broader when it is hot */
        double *shared = scene->truth_shared + USES * t, warm = scene_kelvin[t] / 300.0;
        shared[0] = 8.0 - 0.2 * warm;
        shared[1] = 0.3 + 0.4 * warm;
        shared[2] = 14.0 - 0.4 * warm;
        shared[3] = 0.5 + 0.6 * warm;
    }
    for (size_t b = 0; b < SPECTRA; b++) {
        double zone = (double)(b % ZONES),
               own[OWN] = {0.0, 30.0 + 5.0 * zone, 0.02, 1.5 + 1.2 * zone, 6.0 - 1.3 * zone};
        for (size_t k = 0; k < OWN; k++)
            scene->truth_own[b][k] = own[k];
    }
}

/* brightness: of all areas; expected counts, to be drawn from. */
static inline void scene_expect(struct scene *scene, double brightness, uint64_t seed)
{
    const struct ixs_model_form form = {0};
    for (size_t b = 0; b < SPECTRA; b++) {
        double parameters[LOCAL];
        for (size_t k = 1; k < OWN; k++)
            scene->truth_own[b][k] *= brightness;
        if (seed > 0) { /* the zero is off by what is said of it */
            double u = ((double)(draw(&seed) >> 11) + 0.5) / 9007199254740992.0;
            double v = ((double)(draw(&seed) >> 11) + 0.5) / 9007199254740992.0;
            scene->truth_own[b][0] = scene_zero_err * sqrt(-2.0 * log(u)) * cos(6.283185307 * v);
        }
        for (size_t k = 0; k < LOCAL; k++)
            parameters[scene_terms[k].parameter] =
                k < OWN ? scene->truth_own[b][k]
                        : scene->truth_shared[USES * (b / ZONES) + k - OWN];
        expect_form(&scene->data[b], scene_kelvin[b / ZONES], &form, MODES, parameters);
    }
}

/* Starts a fifth off. */
static inline void scene_make(struct scene *scene, size_t threads)
{
    ixs_transforms_make(&scene->transforms, &response);
    for (size_t k = 0; k < SHARED; k++)
        scene->shared[k] = scene_source(scene->truth_shared[k] * (k % 2 ? 1.2 : 1.04));
    for (size_t b = 0; b < SPECTRA; b++) {
        struct ixs_together_piece *piece = &scene->pieces[b];
        *piece = (struct ixs_together_piece){
            .task = task_of(&scene->data[b], POINTS), .nterms = LOCAL, .terms = scene_terms};
        piece->task.transforms = &scene->transforms;
        piece->task.kelvin = scene_kelvin[b / ZONES];
        piece->task.nmodes = MODES;
        piece->task.quick = true;
        for (size_t k = 0; k < OWN; k++)
            scene->own[b][k] = scene_source(k == 0 ? 0.0 : 1.2 * scene->truth_own[b][k]);
        scene->own[b][0].mean = 0.0;
        scene->own[b][0].sigma = scene_zero_err;
        for (size_t k = 0; k < USES; k++)
            scene->uses[b][k] = USES * (b / ZONES) + k;
        scene->spectra[b] = (struct ixs_together_spectrum){.npieces = 1,
                                                           .pieces = piece,
                                                           .nown = OWN,
                                                           .own = scene->own[b],
                                                           .nuses = USES,
                                                           .uses = scene->uses[b],
                                                           .answer = &scene->answers[b]};
    }
    scene->together =
        (struct ixs_together){SPECTRA, SHARED, scene->spectra, scene->shared, threads, false};
}

#endif
