/* SPDX-License-Identifier: GPL-3.0-or-later
 * Repeated scans of which everything is known: an elastic line and two modes through a response of
 * pseudo-Voigts, drift, Poisson counts, planted spikes. No formula of models/repeats/ is used.
 */
#ifndef IXS_TESTS_REPEATS_SCENE_H
#define IXS_TESTS_REPEATS_SCENE_H

#include "models/repeats/repeats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SCENE_SERIES = 5, SCENE_SCANS = 6, SCENE_POINTS = 91 };
enum { SCENE_MOST = SCENE_SCANS * SCENE_POINTS };

struct scene { /* what is planted */
    size_t nscans, nseries;
    double counts;   /* at the elastic top of the strongest analyzer */
    double drift;    /* meV, rms between scans, alike for all analyzers */
    double prior;    /* meV, what is said of it; NaN: nothing */
    double own;      /* meV, rms of what each analyzer drifts by itself */
    double jitter;   /* meV, rms of each point, alike for all analyzers */
    double spikes;   /* of the points, share */
    double from, to; /* height of a spike in standard errors of the count expected there */
    uint64_t seed;
};

struct scene_points { /* of one analyzer */
    double energy[SCENE_MOST], counts[SCENE_MOST], exposure[SCENE_MOST], dark[SCENE_MOST];
    double noise[SCENE_MOST], foretold[SCENE_MOST];
    double height[SCENE_MOST]; /* of a spike, in standard errors; 0: none */
    size_t scan[SCENE_MOST], row[SCENE_MOST];
    uint8_t mark[SCENE_MOST];
    struct ixs_repeats_agreement agreement[SCENE_SCANS];
};

struct scene_room {
    struct scene_points points[SCENE_SERIES];
    struct ixs_repeats_series series[SCENE_SERIES];
    double prior[SCENE_SCANS], shift[SCENE_SCANS], shift_err[SCENE_SCANS], truth[SCENE_SCANS];
    struct ixs_repeats repeats;
};

static inline double scene_uniform(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    uint64_t mixed = (*seed ^ (*seed >> 29)) * 0xbf58476d1ce4e5b9u;
    return ((double)((mixed ^ (mixed >> 32)) >> 11) + 0.5) / 9007199254740992.0;
}

static inline double scene_normal(uint64_t *seed)
{
    double radius = sqrt(-2.0 * log(scene_uniform(seed)));
    return radius * cos(6.283185307179586 * scene_uniform(seed));
}

/* Poisson by counting exponential waits; a normal of the same variance above 700. */
static inline double scene_poisson(uint64_t *seed, double mean)
{
    double count = -1.0, wait = 0.0;
    if (mean > 700.0)
        return fmax(0.0, round(mean + sqrt(mean) * scene_normal(seed)));
    for (; wait < mean; wait -= log(scene_uniform(seed)))
        count += 1.0;
    return fmax(count, 0.0);
}

/* Pseudo-Voigt of unit height. */
static inline double scene_line(double energy, double fwhm, double eta)
{
    double x = 2.0 * energy / fwhm;
    return eta / (1.0 + x * x) + (1.0 - eta) * exp(-0.6931471805599453 * x * x);
}

/* Analyzer a at an energy: elastic line, a mode with its anti-Stokes partner, one higher up. */
static inline double scene_rate(size_t a, double energy)
{
    double mode = 4.0 + 2.0 * (double)a, width = 1.5 + 0.05 * (double)a;
    return 0.02 + scene_line(energy, width, 0.3) +
           0.35 * scene_line(energy - mode, width + 0.2, 0.35) +
           0.28 * scene_line(energy + mode, width + 0.2, 0.35) +
           0.15 * scene_line(energy - 17.0, width + 1.0, 0.4);
}

static inline void scene_point(struct scene_points *points, size_t i, const struct scene *scene,
                               size_t a, double shift, uint64_t *seed)
{
    double strength = scene->counts * pow(0.5, (double)a);
    double mean = strength * points->exposure[i] * scene_rate(a, points->energy[i] - shift);
    points->counts[i] = scene_poisson(seed, mean + 0.01);
    points->height[i] = 0.0;
    if (scene_uniform(seed) < scene->spikes) {
        points->height[i] = scene->from + (scene->to - scene->from) * scene_uniform(seed);
        double at = points->energy[i] - shift, step = 1e-3;
        double slope = (scene_rate(a, at + step) - scene_rate(a, at - step)) / (2.0 * step);
        double unseen = scene->jitter * strength * points->exposure[i] * slope;
        points->counts[i] += ceil(points->height[i] * sqrt(fmax(mean, 1.0) + unseen * unseen));
    }
}

static inline void scene_scan(struct scene_room *room, const struct scene *scene, size_t s,
                              uint64_t *seed)
{
    double shift = scene->drift * scene_normal(seed), offset = 0.1 * scene_uniform(seed);
    double own[SCENE_SERIES];
    for (size_t a = 0; a < scene->nseries; a++)
        own[a] = scene->own * scene_normal(seed);
    room->truth[s] = shift;
    room->prior[s] = scene->prior;
    for (size_t k = 0; k < SCENE_POINTS; k++) {
        double exposure = 0.98 + 0.04 * scene_uniform(seed);
        double unseen = scene->jitter * scene_normal(seed);
        for (size_t a = 0; a < scene->nseries; a++) {
            struct scene_points *points = &room->points[a];
            size_t i = s * SCENE_POINTS + k;
            points->energy[i] = -15.0 + offset + 0.5 * (double)k + 0.015 * (double)(k % 2);
            points->exposure[i] = exposure;
            points->dark[i] = 0.01;
            points->noise[i] = 0.0;
            points->scan[i] = s;
            points->row[i] = i;
            scene_point(points, i, scene, a, shift + own[a] + unseen, seed);
        }
    }
}

static inline void scene_make(struct scene_room *room, const struct scene *scene)
{
    uint64_t seed = scene->seed;
    for (size_t s = 0; s < scene->nscans; s++)
        scene_scan(room, scene, s, &seed);
    for (size_t a = 0; a < scene->nseries; a++) {
        struct scene_points *points = &room->points[a];
        room->series[a] = (struct ixs_repeats_series){
            .n = scene->nscans * SCENE_POINTS,
            .energy = points->energy,
            .counts = points->counts,
            .exposure = points->exposure,
            .dark = points->dark,
            .noise = points->noise,
            .scan = points->scan,
            .row = points->row,
            .fwhm = 0.9,
            .mark = points->mark,
            .foretold = points->foretold,
            .agreement = points->agreement,
        };
    }
    room->repeats = IXS_REPEATS;
    room->repeats.threads = 1;
    room->repeats.nscans = scene->nscans;
    room->repeats.nseries = scene->nseries;
    room->repeats.nrows = scene->nscans * SCENE_POINTS;
    room->repeats.series = room->series;
    room->repeats.prior = room->prior;
    room->repeats.shift = room->shift;
    room->repeats.shift_err = room->shift_err;
    room->repeats.own = scene->own;
    room->repeats.jitter = scene->jitter;
}

struct scene_score { /* summed over draws */
    size_t good, lost, six, six_found, ten, ten_found;
    double pull, pull_squared; /* of differences of neighbouring scans' shifts */
    double bias;               /* meV */
    size_t npulls, odd_scans, scans;
};

static inline void scene_count(struct scene_score *score, const struct scene_points *points,
                               size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool found = points->mark[i] != IXS_REPEATS_GOOD;
        double height = points->height[i];
        if (fabs(points->energy[i] - 7.5) > 21.5) /* at the ends there may be no other point */
            continue;
        score->good += height == 0.0;
        score->lost += height == 0.0 && found;
        score->six += height >= 6.0 && height < 10.0;
        score->six_found += height >= 6.0 && height < 10.0 && found;
        score->ten += height >= 10.0;
        score->ten_found += height >= 10.0 && found;
    }
}

/* Joins one draw and adds what came out; false: no memory. */
static inline bool scene_judge(struct scene_score *score, struct scene_room *room,
                               const struct scene *scene)
{
    struct ixs_err err = IXS_ERR_NONE;
    scene_make(room, scene);
    if (!ixs_repeats_join(&room->repeats, &err))
        return false;
    for (size_t a = 0; a < scene->nseries; a++) {
        scene_count(score, &room->points[a], scene->nscans * SCENE_POINTS);
        for (size_t s = 0; s < scene->nscans; s++) {
            score->scans++;
            score->odd_scans += room->points[a].agreement[s].p_value < 0.01;
        }
    }
    for (size_t s = 0; s < scene->nscans; s++) {
        double common = 0.0; /* what is common to all scans stays open */
        for (size_t t = 0; t < scene->nscans; t++)
            common += (room->shift[t] - room->truth[t]) / (double)scene->nscans;
        double off = room->shift[s] - room->truth[s] - common;
        double pull = off / room->shift_err[s];
        score->bias += off;
        score->pull += pull;
        score->pull_squared += pull * pull;
        score->npulls++;
    }
    return true;
}

#endif
