/* SPDX-License-Identifier: GPL-3.0-or-later
 * For tests of the calibration: reference scans of a small array, made from known lines by formulas
 * of their own, with Poisson counts.
 */
#ifndef IXS_TESTS_STANDARD_SCENE_H
#define IXS_TESTS_STANDARD_SCENE_H

#include "calib/standard/standard.h"

#include "base/array.h"
#include "base/units.h"
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

enum {
    ARRAY = 3,
    MOST_SCANS = 8,
    MOST_POINTS = 256,
    NPARTS = 2,
    ENERGY = 0,
    SECONDS,
    MONITOR,
    FIRST,
    NLABELS = 6
};

struct line_part {
    double weight, center, fwhm, eta;
};

struct scene_scan {
    double main, from, to, step, time; /* analyzer at 4.7 deg; meV; s */
    double e_origin, drift;            /* meV */
    double opening;                    /* of the mask of A3 */
    double gap;                        /* mm, of the slits in x; 0: no motor */
    double wings;                      /* share of a 9 meV wide line from the sample */
    double jitter;                     /* meV, rms, of the energy axis */
    double faded;                      /* share of its light that the sample has lost */
    double stretch;                    /* of the line, beside that of the other scans; 0: 1 */
    double shifts[MOST_POINTS];        /* meV, what the jitter was at each point */
};

struct scene {
    struct ixs_experiment experiment;
    struct line_part lines[ARRAY][NPARTS]; /* centroid within +-10 meV at 0 */
    double zero[ARRAY], efficiency[ARRAY], dim[ARRAY];
    double rate; /* meV count/s of the line at 4.7 deg */
    struct scene_scan scans[MOST_SCANS];
    size_t nscans;
    struct ixs_raw raws[MOST_SCANS];
    struct ixs_notes notes;
    struct ixs_calib calib;
    struct ixs_err err;
};

static inline double line_at(const struct line_part *parts, double energy)
{
    double sum = 0;
    for (int k = 0; k < NPARTS; k++) {
        double x = energy - parts[k].center, w = parts[k].fwhm;
        double lorentzian = w / (2 * IXS_PI) / (x * x + w * w / 4);
        double gaussian = sqrt(4 * log(2) / IXS_PI) / w * exp(-4 * log(2) * x * x / (w * w));
        sum += parts[k].weight * (parts[k].eta * lorentzian + (1 - parts[k].eta) * gaussian);
    }
    return sum;
}

static inline void line_center(struct line_part *parts)
{
    for (int round = 0; round < 30; round++) {
        double sum = 0, area = 0;
        for (int i = 0; i < 20000; i++) {
            double energy = -10 + (i + 0.5) * 1e-3, value = line_at(parts, energy);
            sum += energy * value;
            area += value;
        }
        for (int k = 0; k < NPARTS; k++)
            parts[k].center -= sum / area;
    }
}

/* Full width at half maximum, by small steps. */
static inline double line_width(const struct line_part *parts)
{
    double most = 0, lo = NAN, hi = NAN;
    for (double energy = -3; energy < 3; energy += 1e-4)
        most = fmax(most, line_at(parts, energy));
    for (double energy = -3; energy < 3; energy += 1e-4)
        if (line_at(parts, energy) > most / 2) {
            lo = isnan(lo) ? energy : lo;
            hi = energy;
        }
    return hi - lo;
}

static inline void set_instrument(struct ixs_instrument *instrument)
{
    ixs_instrument_default(instrument);
    ixs_copy(instrument->energy, sizeof instrument->energy, "HerixE");
    ixs_copy(instrument->time, sizeof instrument->time, "Seconds");
    ixs_copy(instrument->monitor, sizeof instrument->monitor, "I0");
    ixs_copy(instrument->two_theta, sizeof instrument->two_theta, "tth");
    ixs_copy(instrument->main_metadata, sizeof instrument->main_metadata, "Main");
    instrument->energy_scale = 1;
    instrument->pitch = 0.95;
    instrument->fwhm = 1.5;
    instrument->eta = 0.5;
    instrument->reference = 1e5;
    instrument->nanalyzers = ARRAY;
    for (int a = 0; a < ARRAY; a++) {
        char name[25];
        snprintf(name, sizeof name, "A%d", a + 1);
        instrument->analyzers[a] = ixs_instrument_analyzer(name);
        instrument->analyzers[a].position = a + 1;
    }
    ixs_copy(instrument->array.slit_x.motor, sizeof instrument->array.slit_x.motor, "SlitH");
    ixs_copy(instrument->analyzers[2].mask, sizeof instrument->analyzers[2].mask, "A3 Diam");
}

/* Three analyzers, three scans of 30 min, each analyzer once at the brightest angle. */
static inline void set_scene(struct scene *scene)
{
    static const struct line_part lines[ARRAY][NPARTS] = {
        {{0.65, -0.10, 1.30, 0.30}, {0.35, 0.35, 2.2, 0.90}},
        {{0.70, 0.15, 1.45, 0.20}, {0.30, -0.30, 2.6, 1.00}},
        {{0.60, 0.00, 1.60, 0.40}, {0.40, 0.20, 2.0, 0.80}},
    };
    static const double zero[ARRAY] = {-0.31, 0.05, 1.49}, efficiency[ARRAY] = {1.1, 0.8, 1.1};
    *scene = (struct scene){.rate = 5500, .nscans = 3};
    set_instrument(&scene->experiment.instrument);
    memcpy(scene->lines, lines, sizeof lines);
    memcpy(scene->zero, zero, sizeof zero);
    memcpy(scene->efficiency, efficiency, sizeof efficiency);
    for (int a = 0; a < ARRAY; a++) {
        line_center(scene->lines[a]);
        scene->dim[a] = 1;
    }
    for (size_t s = 0; s < 3; s++)
        scene->scans[s] = (struct scene_scan){
            .main = (double)s + 1, .from = -25, .to = 25, .step = 0.25, .time = 10, .opening = 100};
}

/* Elastic light of the sample against the scattering angle. */
static inline double brightness(double two_theta)
{
    return exp(-(two_theta - 4.7) * (two_theta - 4.7) / 8);
}

static inline double expected_rate(const struct scene *scene, const struct scene_scan *scan, int a,
                                   double energy)
{
    double two_theta = 4.7 + (a + 1 - scan->main) * 0.95;
    double masked = a == 2 && scan->opening < 50 ? 0.03 : 1;
    double at = energy + scan->e_origin - scan->drift - scene->zero[a];
    double wing = 9 / (2 * IXS_PI) / (at * at + 81.0 / 4);
    double stretch = scan->stretch > 0 ? scan->stretch : 1;
    double line = line_at(scene->lines[a], at / stretch) / stretch;
    line = (1 - scan->wings) * line + scan->wings * wing;
    return scene->efficiency[a] * scene->dim[a] * masked *
           ((1 - scan->faded) * scene->rate * brightness(two_theta) * line + 0.5);
}

static inline void measure_scan(struct scene *scene, size_t s, gsl_rng *random)
{
    struct scene_scan *scan = &scene->scans[s];
    struct ixs_raw *raw = &scene->raws[s];
    for (size_t i = 0; i < raw->npoints; i++) {
        double *row = raw->values + i * NLABELS, energy = scan->from + (double)i * scan->step;
        double shift = scan->jitter > 0 ? gsl_ran_gaussian(random, scan->jitter) : 0;
        if (i < MOST_POINTS)
            scan->shifts[i] = shift;
        row[ENERGY] = energy;
        row[SECONDS] = scan->time;
        row[MONITOR] = floor(1e5 * scan->time * (1 - 0.002 * (double)(i % 7)));
        for (int a = 0; a < ARRAY; a++) {
            double exposure = row[MONITOR] / 1e5;
            double mean = exposure * expected_rate(scene, scan, a, energy + shift);
            row[FIRST + a] = gsl_ran_poisson(random, mean);
        }
    }
}

static inline void make_scan(struct scene *scene, size_t s, gsl_rng *random)
{
    static const char *const labels[NLABELS] = {"HerixE", "Seconds", "I0", "A1", "A2", "A3"};
    const struct scene_scan *scan = &scene->scans[s];
    struct ixs_raw *raw = &scene->raws[s];
    *raw = (struct ixs_raw){.nlabels = NLABELS, .npositions = 2, .nmetadata = 1};
    raw->npoints = (size_t)((scan->to - scan->from) / scan->step + 1.5);
    assert_true(IXS_NEW(raw->labels, NLABELS, &scene->err) &&
                IXS_NEW(raw->values, raw->npoints * NLABELS, &scene->err) &&
                IXS_NEW(raw->positions, 3, &scene->err) && IXS_NEW(raw->metadata, 1, &scene->err));
    for (int i = 0; i < NLABELS; i++)
        ixs_copy(raw->labels[i], sizeof raw->labels[i], labels[i]);
    raw->positions[0] = (struct ixs_raw_position){"tth", "", 4.7};
    raw->positions[1] = (struct ixs_raw_position){"A3 Diam", "", scan->opening};
    if (scan->gap > 0)
        raw->positions[raw->npositions++] = (struct ixs_raw_position){"SlitH", "", scan->gap};
    raw->metadata[0] = (struct ixs_raw_value){"Main", scan->main, ""};
    raw->keys.scan = (int64_t)s + 1;
    raw->keys.order = 1;
    raw->keys.e_origin = scan->e_origin;
    ixs_copy(raw->keys.e_axis, sizeof raw->keys.e_axis, "herixE");
    ixs_copy(raw->keys.ended, sizeof raw->keys.ended, "COMPLETE");
    ixs_copy(raw->keys.origin, sizeof raw->keys.origin, "/data/plexi");
    snprintf(raw->identity.date, sizeof raw->identity.date, "Wed Feb 07 1%zu:00:00 2018", s);
    measure_scan(scene, s, random);
}

static inline void clear_scene(struct scene *scene)
{
    for (size_t s = 0; s < MOST_SCANS; s++)
        ixs_raw_dispose(&scene->raws[s]);
    ixs_calib_dispose(&scene->calib);
    ixs_notes_dispose(&scene->notes);
    scene->err = IXS_ERR_NONE;
}

static inline void make_scans(struct scene *scene, unsigned long seed)
{
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(random, seed);
    clear_scene(scene);
    for (size_t s = 0; s < scene->nscans; s++)
        make_scan(scene, s, random);
    gsl_rng_free(random);
}

static inline bool calibrate_scene(struct scene *scene, size_t threads)
{
    struct ixs_standard_task task = {.nscans = scene->nscans,
                                     .scans = scene->raws,
                                     .experiment = &scene->experiment,
                                     .threads = threads,
                                     .notes = &scene->notes};
    ixs_calib_dispose(&scene->calib);
    return ixs_standard_calibrate(&scene->calib, &task, &scene->err);
}

static inline void run_scene(struct scene *scene, unsigned long seed)
{
    make_scans(scene, seed);
    if (!calibrate_scene(scene, 1))
        fail_msg("%s", scene->err.text);
}

static inline bool noted(const struct ixs_notes *notes, const char *words)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strstr(notes->lines[i], words) != NULL)
            return true;
    return false;
}

#endif
