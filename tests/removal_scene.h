/* SPDX-License-Identifier: GPL-3.0-or-later
 * For tests of the joint fit: a reference sample with vibrations at three temperatures and four
 * momenta before an array of two analyzers, made by summing on a fine grid, with Poisson counts. R
 * is of no family that the program fits.
 */
#ifndef IXS_TESTS_REMOVAL_SCENE_H
#define IXS_TESTS_REMOVAL_SCENE_H

#include "calib/standard/standard.h"

#include "base/array.h"
#include "tests/near.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REMOVAL_ARRAY = 2, REMOVAL_SCANS = 12, REMOVAL_POINTS = 201, REMOVAL_LABELS = 5 };
enum { FINE_HALF = 9000, FINE_N = 2 * FINE_HALF + 1 }; /* +-90 meV */
static const double fine_step = 0.01;
static const double boltzmann = 0.08617333262; /* meV/K */

struct removal_scene {
    struct ixs_experiment experiment;
    struct ixs_reference references[3];
    struct ixs_raw raws[REMOVAL_SCANS];
    struct ixs_notes notes;
    struct ixs_calib calib;
    struct ixs_err err;
    double counts;                     /* at the peak */
    enum ixs_standard_form form;       /* of the responses fitted */
    bool family;                       /* R is a sum of pseudo-Voigts, as the program fits */
    double inelastic, waller;          /* b; 2W = waller Q^2 Int S_T */
    double *response[REMOVAL_ARRAY];   /* [FINE_N] */
    double *blurred[REMOVAL_ARRAY][3]; /* [FINE_N] R x S_T */
    double area[3];                    /* Int S_T */
};

static const double removal_kelvin[3] = {20, 120, 300};
static const double removal_q[4] = {0.7, 1.0, 1.3, 1.6};        /* 1/Angstrom */
static const double removal_elastic[4] = {0.5, 1.0, 0.45, 0.3}; /* a glass: no law of Q */
static const double removal_zero[REMOVAL_ARRAY] = {-0.31, 0.4};

static inline double fine_energy(int i)
{
    return (i - FINE_HALF) * fine_step;
}

static inline double removal_voigt(double x, double w, double eta)
{
    double gauss = sqrt(4 * log(2) / M_PI) / w * exp(-4 * log(2) * x * x / (w * w));
    return (1 - eta) * gauss + eta * w / (2 * M_PI) / (x * x + w * w / 4);
}

/* Asymmetric, with steep flanks and heavy tails. */
static inline double removal_line(const struct removal_scene *scene, int a, double x)
{
    if (scene->family)
        return 0.72 * removal_voigt(x + 0.1, 1.3 + 0.15 * a, 0.2) +
               0.28 * removal_voigt(x - 0.3, 2.2, 0.9);
    double w = 1.25 + 0.15 * a, y = x - 0.35, z = x + 0.3 * a;
    return exp(-4 * log(2) * x * x / (w * w)) + 0.2 * pow(1 + y * y / 1.4, -1.6) +
           0.008 / (1 + z * z / 14);
}

static inline double removal_density(double energy) /* g/E^2 */
{
    double x = energy / 4, y = energy / 12;
    return (1 + 2 * x * x * exp(-x * x)) / pow(1 + y * y, 2);
}

static inline double removal_spectrum(double kelvin, double energy)
{
    double kt = boltzmann * kelvin;
    double bose = fabs(energy) < 1e-9 ? kt : energy / -expm1(-energy / kt);
    return removal_density(energy) * bose;
}

static inline void removal_response(struct removal_scene *scene, int a)
{
    double *r = scene->response[a], sum = 0, shift = 0;
    for (int round = 0; round < 20; round++) { /* its centroid within +-10 meV to 0 */
        double moment = 0, inside = 0;
        sum = 0;
        for (int i = 0; i < FINE_N; i++) {
            double e = fine_energy(i);
            r[i] = removal_line(scene, a, e + shift);
            sum += r[i] * fine_step;
            moment += fabs(e) <= 10 ? r[i] * e : 0;
            inside += fabs(e) <= 10 ? r[i] : 0;
        }
        shift += moment / inside;
    }
    sum = scene->family ? 1 : sum + 2 * 0.008 * 14 / 90; /* and the tails beyond the grid */
    for (int i = 0; i < FINE_N; i++)
        r[i] /= sum;
}

/* Every fifth energy of the spectrum is enough: it is smooth over 1 meV. */
static inline void removal_blur(struct removal_scene *scene, int a, int t)
{
    double *out = scene->blurred[a][t];
    memset(out, 0, FINE_N * sizeof *out);
    for (int k = -6000; k <= 6000; k += 5) {
        double s = removal_spectrum(removal_kelvin[t], k * fine_step) * 5 * fine_step;
        for (int i = FINE_HALF - 3000; i <= FINE_HALF + 3000; i++)
            out[i] += s * scene->response[a][i - k];
    }
}

static inline double removal_read(const double *table, double energy)
{
    double place = energy / fine_step + FINE_HALF, whole = floor(place);
    int i = (int)whole;
    return table[i] + (place - whole) * (table[i + 1] - table[i]);
}

static inline void removal_instrument(struct ixs_instrument *instrument)
{
    ixs_instrument_default(instrument);
    ixs_copy(instrument->energy, sizeof instrument->energy, "E");
    ixs_copy(instrument->time, sizeof instrument->time, "Seconds");
    ixs_copy(instrument->monitor, sizeof instrument->monitor, "I0");
    ixs_copy(instrument->two_theta, sizeof instrument->two_theta, "tth");
    instrument->energy_scale = 1;
    instrument->main = 0;
    instrument->pitch = 0.1;
    instrument->wavelength = 0.5226;
    instrument->fwhm = 1.5;
    instrument->eta = 0.5;
    instrument->reference = 1e5;
    instrument->nanalyzers = REMOVAL_ARRAY;
    for (int a = 0; a < REMOVAL_ARRAY; a++) {
        instrument->analyzers[a] = ixs_instrument_analyzer(a == 0 ? "A1" : "A2");
        instrument->analyzers[a].position = a;
    }
}

static inline double removal_two_theta(double q)
{
    return 2 * asin(q * 0.5226 / (4 * M_PI)) * 180 / M_PI;
}

static inline double removal_q_of(int a, double tth)
{
    return 4 * M_PI / 0.5226 * sin((tth + 0.1 * a) * M_PI / 360);
}

/* count/s: elastic line, vibrations, background. */
static inline double removal_rate(const struct removal_scene *scene, int a, int s, double energy)
{
    int t = s / 4;
    double q = removal_q_of(a, removal_two_theta(removal_q[s % 4])), e = energy - removal_zero[a];
    double waller = exp(-scene->waller * q * q * scene->area[t]);
    return waller * (removal_elastic[s % 4] * removal_read(scene->response[a], e) +
                     scene->inelastic * q * q * removal_read(scene->blurred[a][t], e)) +
           2e-5 * removal_elastic[s % 4];
}

/* Inelastic over elastic area. */
static inline double removal_share(const struct removal_scene *scene, int a, int s)
{
    double q = removal_q_of(a, removal_two_theta(removal_q[s % 4]));
    return scene->inelastic * q * q * scene->area[s / 4] / removal_elastic[s % 4];
}

static inline void removal_measure(struct removal_scene *scene, int s, gsl_rng *random)
{
    static const char *const labels[REMOVAL_LABELS] = {"E", "Seconds", "I0", "A1", "A2"};
    struct ixs_raw *raw = &scene->raws[s];
    *raw = (struct ixs_raw){.nlabels = REMOVAL_LABELS, .npositions = 1, .npoints = REMOVAL_POINTS};
    assert_true(IXS_NEW(raw->labels, REMOVAL_LABELS, &scene->err) &&
                IXS_NEW(raw->values, raw->npoints * REMOVAL_LABELS, &scene->err) &&
                IXS_NEW(raw->positions, 1, &scene->err));
    for (int i = 0; i < REMOVAL_LABELS; i++)
        ixs_copy(raw->labels[i], sizeof raw->labels[i], labels[i]);
    raw->positions[0] = (struct ixs_raw_position){"tth", "", removal_two_theta(removal_q[s % 4])};
    raw->keys.scan = s + 1;
    raw->keys.order = 1;
    ixs_copy(raw->keys.ended, sizeof raw->keys.ended, "COMPLETE");
    snprintf(raw->identity.date, sizeof raw->identity.date, "2026-02-07T%02d:00:00", s);
    double time = scene->counts / (0.5 * removal_elastic[s % 4]);
    for (size_t i = 0; i < raw->npoints; i++) {
        double *row = raw->values + i * REMOVAL_LABELS, energy = -25 + 0.25 * (double)i;
        row[0] = energy;
        row[1] = time;
        row[2] = 1e5 * time;
        for (int a = 0; a < REMOVAL_ARRAY; a++)
            row[3 + a] = gsl_ran_poisson(random, time * removal_rate(scene, a, s, energy));
    }
}

static inline void removal_dispose(struct removal_scene *scene)
{
    for (int s = 0; s < REMOVAL_SCANS; s++)
        ixs_raw_dispose(&scene->raws[s]);
    ixs_calib_dispose(&scene->calib);
    ixs_notes_dispose(&scene->notes);
}

static inline void removal_free(struct removal_scene *scene)
{
    removal_dispose(scene);
    for (int a = 0; a < REMOVAL_ARRAY; a++) {
        free(scene->response[a]);
        for (int t = 0; t < 3; t++)
            free(scene->blurred[a][t]);
    }
}

static inline void removal_make(struct removal_scene *scene, bool family)
{
    *scene = (struct removal_scene){.family = family, .counts = 3e4, .err = IXS_ERR_NONE};
    removal_instrument(&scene->experiment.instrument);
    scene->experiment.temperature = scene->experiment.wavelength = NAN;
    scene->experiment.references = scene->references;
    scene->experiment.nreferences = 3;
    for (int t = 0; t < 3; t++) {
        scene->references[t] = (struct ixs_reference){
            "glass", 4 * t + 1, 4 * t + 4, removal_kelvin[t], NAN, NAN, NULL};
        for (int k = -60000; k <= 60000; k++)
            scene->area[t] += removal_spectrum(removal_kelvin[t], k * 1e-3) * 1e-3;
    }
    scene->inelastic = 0.06 / scene->area[2]; /* of the elastic area at 300 K, 1/Angstrom */
    scene->waller = 0.12 / scene->area[2];
    for (int a = 0; a < REMOVAL_ARRAY; a++) {
        assert_true(IXS_NEW(scene->response[a], FINE_N, &scene->err));
        removal_response(scene, a);
        for (int t = 0; t < 3; t++) {
            assert_true(IXS_NEW(scene->blurred[a][t], FINE_N, &scene->err));
            removal_blur(scene, a, t);
        }
    }
}

static inline void removal_scans(struct removal_scene *scene, unsigned long seed)
{
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(random, seed);
    removal_dispose(scene);
    for (int s = 0; s < REMOVAL_SCANS; s++)
        removal_measure(scene, s, random);
    gsl_rng_free(random);
}

static inline void removal_calibrate(struct removal_scene *scene, bool inelastic)
{
    struct ixs_standard_task task = {.form = scene->form,
                                     .nscans = REMOVAL_SCANS,
                                     .scans = scene->raws,
                                     .experiment = &scene->experiment,
                                     .inelastic = inelastic,
                                     .threads = 1,
                                     .notes = &scene->notes};
    ixs_calib_dispose(&scene->calib);
    if (!ixs_standard_calibrate(&scene->calib, &task, &scene->err))
        fail_msg("%s", scene->err.text);
}

/* The point of the response's grid nearest to an energy. */
static inline const struct ixs_calib_response *removal_nearest(const struct removal_scene *scene,
                                                               int a, double energy)
{
    const struct ixs_calib_response *best = NULL;
    for (size_t i = 0; i < scene->calib.nresponse; i++) {
        const struct ixs_calib_response *row = &scene->calib.response[i];
        if (row->analyzer[1] == '1' + a && row->scan == 0 &&
            (best == NULL || fabs(row->energy - energy) < fabs(best->energy - energy)))
            best = row;
    }
    return best;
}

/* Largest differences from the truth: of the peak within +-3 meV; of R where it is over 3e-4 of its
 * peak. */
struct removal_misfit {
    double core, tail;
};

static inline struct removal_misfit removal_compare(const struct removal_scene *scene, int a)
{
    struct removal_misfit misfit = {0};
    double peak = 0;
    for (int i = 0; i < FINE_N; i++)
        peak = fmax(peak, scene->response[a][i]);
    for (size_t i = 0; i < scene->calib.nresponse; i++) {
        const struct ixs_calib_response *row = &scene->calib.response[i];
        if (row->analyzer[1] != '1' + a || row->scan != 0)
            continue;
        double truth = removal_read(scene->response[a], row->energy);
        double off = fabs(row->response - truth);
        if (fabs(row->energy) <= 3)
            misfit.core = fmax(misfit.core, off / peak);
        if (truth > 3e-4 * peak && fabs(row->energy) < 25)
            misfit.tail = fmax(misfit.tail, off / truth);
    }
    return misfit;
}

/* R at some energies, over so many draws: pulls of mean 0 and width 1. */
static inline void removal_pulls(struct removal_scene *scene, int draws)
{
    static const double at[] = {-12, -6, -3, -1.5, 0, 1.5, 3, 6, 12};
    enum { NPULLS = IXS_COUNT(at) };
    double sum[NPULLS] = {0}, squares[NPULLS] = {0}, all = 0, n = REMOVAL_ARRAY * draws;
    for (int draw = 0; draw < draws; draw++) {
        removal_scans(scene, 100 + (unsigned long)draw);
        removal_calibrate(scene, true);
        for (int a = 0; a < REMOVAL_ARRAY; a++)
            for (size_t k = 0; k < NPULLS; k++) {
                const struct ixs_calib_response *row = removal_nearest(scene, a, at[k]);
                double truth = removal_read(scene->response[a], row->energy);
                double pull = (row->response - truth) / row->response_err;
                sum[k] += pull;
                squares[k] += pull * pull;
                all += pull * pull;
            }
    }
    for (size_t k = 0; k < NPULLS; k++)
        printf("# R at %5.1f meV: %.0f pulls of mean %5.2f and rms %.2f\n", at[k], n, sum[k] / n,
               sqrt(squares[k] / n));
    double width = sqrt(all / n / NPULLS);
    printf("# all: rms %.2f\n", width);
    assert_true(width > 0.7 && width < 1.4);
}

#endif
