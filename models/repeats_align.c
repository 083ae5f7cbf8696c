/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where each scan stands on the energy axis: the maximum of the joint likelihood of all analyzers'
 * counts, whatever their spectra are. Of analyzer a in scan s point i has
 *   mu = exposure exp(lambda_as) f_a(energy - delta_s) + dark,
 * and delta, lambda and the heights of f are found together: Fisher scoring, with the heights and
 * then lambda taken out of the information by Schur complements, so that the errors of delta hold
 * what is not known of them. lambda has a prior of a twentieth: rates are normalised already.
 */
#include "models/repeats_inside.h"

#include "base/array.h"
#include "models/cholesky.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REACH = IXS_FREEFORM_REACH, MOST_STEPS = 15 };
static const double scale_prior = 0.05;
static const double longest_step = 0.3;   /* of the narrowest feature */
static const double close_enough = 0.02;  /* of the error */
static const double steps_per_fwhm = 4.0; /* of the search */

struct system { /* of `size` = 2 nscans unknowns: delta, lambda; owns its arrays */
    size_t nscans, size;
    double *matrix; /* [size][size] of one analyzer */
    double *score;  /* [size] */
    double *cross;  /* [size][heights] */
    double *solved; /* [heights] */
    double *lambda; /* [nscans][nscans] its block of lambda, Cholesky */
    double *column; /* [nscans] */
    double *total;  /* [nscans][nscans] information of delta, all analyzers; then Cholesky */
    double *sum;    /* [nscans] its score; then the step */
};

static bool make(struct system *out, size_t nscans, size_t heights, struct ixs_err *err)
{
    size_t size = 2 * nscans;
    *out = (struct system){.nscans = nscans, .size = size};
    return IXS_NEW(out->matrix, size * size, err) && IXS_NEW(out->score, size, err) &&
           IXS_NEW(out->cross, size * heights, err) && IXS_NEW(out->solved, heights, err) &&
           IXS_NEW(out->lambda, nscans * nscans, err) && IXS_NEW(out->column, nscans, err) &&
           IXS_NEW(out->total, nscans * nscans, err) && IXS_NEW(out->sum, nscans, err);
}

static void dispose(struct system *system)
{
    free(system->matrix);
    free(system->score);
    free(system->cross);
    free(system->solved);
    free(system->lambda);
    free(system->column);
    free(system->total);
    free(system->sum);
}

static double prior_of(const struct ixs_repeats *repeats, size_t scan)
{
    double error = repeats->prior[scan];
    return fmax(isnan(error) ? repeats->most_shift : error, 1e-6);
}

/* ---- one analyzer ---------------------------------------------------------------------------- */

static void add_point(struct system *system, const struct ixs_repeats_space *space, size_t i)
{
    const struct ixs_repeats_series *series = space->series;
    size_t first, s = series->scan[i], n = space->form.n, d[2] = {s, system->nscans + s};
    double value[REACH], w = space->weight[i] / (space->mu[i] * space->dispersion);
    double by[2] = {-space->slope[i], space->mu[i] - series->dark[i]};
    ixs_freeform_gradient(&space->form, space->energy[i], &first, value);
    for (int p = 0; p < 2; p++) {
        double *cross = system->cross + d[p] * n + first;
        system->score[d[p]] += by[p] * w * (series->counts[i] - space->mu[i]);
        for (int q = 0; q < 2; q++)
            system->matrix[d[p] * system->size + d[q]] += by[p] * by[q] * w;
        for (size_t j = 0; j < REACH; j++)
            cross[j] += by[p] * w * space->exposure[i] * value[j];
    }
}

/* Information and score of one analyzer, its heights taken out. */
static void gather(struct system *system, const struct ixs_repeats_space *space)
{
    size_t n = space->form.n, size = system->size;
    memset(system->matrix, 0, size * size * sizeof *system->matrix);
    memset(system->score, 0, size * sizeof *system->score);
    memset(system->cross, 0, size * n * sizeof *system->cross);
    for (size_t i = 0; i < space->series->n; i++)
        if (space->weight[i] > 0.0)
            add_point(system, space, i);
    for (size_t p = 0; p < size; p++) {
        memcpy(system->solved, system->cross + p * n, n * sizeof *system->solved);
        ixs_freeform_solve(&space->form, system->solved);
        for (size_t q = 0; q < size; q++)
            for (size_t k = 0; k < n; k++)
                system->matrix[q * size + p] -=
                    space->dispersion * system->cross[q * n + k] * system->solved[k];
    }
}

/* What one scan of one analyzer tells by itself, beside what all tell. */
static void tell_own(const struct system *system, const struct ixs_repeats_space *space)
{
    for (size_t s = 0; s < system->nscans; s++) {
        struct ixs_repeats_agreement *out = &space->series->agreement[s];
        size_t l = system->nscans + s;
        double shift = system->matrix[s * system->size + s];
        double scale = system->matrix[l * system->size + l];
        bool told = shift > 1.0 / (space->all->most_shift * space->all->most_shift);
        out->own_shift = told ? system->score[s] / shift : (double)NAN;
        out->own_shift_err = told ? 1.0 / sqrt(shift) : (double)NAN;
        told = scale > 1.0;
        out->scale = told ? exp(space->scale[s] + system->score[l] / scale) : (double)NAN;
        out->scale_err = told ? out->scale / sqrt(scale) : (double)NAN;
    }
}

/* The block of lambda with its prior, factorized. */
static void take_lambda(struct system *system, const struct ixs_repeats_space *space)
{
    size_t n = system->nscans;
    double prior = 1.0 / (scale_prior * scale_prior);
    for (size_t s = 0; s < n; s++) {
        for (size_t t = 0; t < n; t++)
            system->lambda[s * n + t] = system->matrix[(n + s) * system->size + n + t];
        system->lambda[s * n + s] += prior;
        system->score[n + s] -= prior * space->scale[s];
    }
    (void)ixs_cholesky(n, system->lambda, 0.0); /* the prior makes it positive definite */
}

/* Adds this analyzer's information of delta, lambda taken out. */
static void add_series(struct system *system)
{
    size_t n = system->nscans;
    for (size_t s = 0; s < n; s++) {
        const double *row = system->matrix + s * system->size;
        memcpy(system->column, row + n, n * sizeof *system->column);
        ixs_cholesky_solve(n, system->lambda, system->column);
        system->sum[s] += system->score[s];
        for (size_t t = 0; t < n; t++)
            system->total[s * n + t] += row[t];
        for (size_t k = 0; k < n; k++) {
            system->sum[s] -= system->column[k] * system->score[n + k];
            for (size_t t = 0; t < n; t++)
                system->total[s * n + t] -=
                    system->column[k] * system->matrix[(n + k) * system->size + t];
        }
    }
}

/* Scales follow the step of delta. */
static void move_scales(struct system *system, struct ixs_repeats_space *space, const double *step)
{
    size_t n = system->nscans;
    for (size_t k = 0; k < n; k++) {
        system->column[k] = system->score[n + k];
        for (size_t t = 0; t < n; t++)
            system->column[k] -= system->matrix[(n + k) * system->size + t] * step[t];
    }
    ixs_cholesky_solve(n, system->lambda, system->column);
    for (size_t k = 0; k < n; k++)
        space->scale[k] += fmax(-1.0, fmin(1.0, system->column[k]));
}

/* ---- all of them ----------------------------------------------------------------------------- */

static double narrowest(const struct ixs_repeats *repeats)
{
    double fwhm = INFINITY;
    for (size_t a = 0; a < repeats->nseries; a++)
        fwhm = fmin(fwhm, repeats->series[a].fwhm);
    return fwhm;
}

/* The error of a shift also holds that the energies jitter, alike for all analyzers. */
static void take_errors(struct ixs_repeats *repeats, struct system *system)
{
    size_t n = system->nscans;
    for (size_t s = 0; s < n; s++) {
        memset(system->column, 0, n * sizeof *system->column);
        system->column[s] = 1.0;
        ixs_cholesky_solve(n, system->total, system->column);
        repeats->shift_err[s] = sqrt(fmax(0.0, system->column[s]));
    }
}

/* Counts cannot tell a shift common to all scans, but the spline's prior, taken as quadratic, would
 * seem to: it is made free. */
static void free_translation(struct system *system)
{
    size_t n = system->nscans;
    double whole = 0.0, score = 0.0;
    for (size_t s = 0; s < n; s++) {
        system->column[s] = 0.0;
        for (size_t t = 0; t < n; t++)
            system->column[s] += system->total[s * n + t];
        whole += system->column[s];
        score += system->sum[s];
    }
    for (size_t s = 0; whole > 0.0 && s < n; s++) {
        system->sum[s] -= system->column[s] * score / whole;
        for (size_t t = 0; t < n; t++)
            system->total[s * n + t] -= system->column[s] * system->column[t] / whole;
    }
}

/* One step; returns the largest move over its error. */
static double step_all(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                       struct system *system)
{
    size_t n = system->nscans;
    double most = longest_step * narrowest(repeats), moved = 0.0;
    memset(system->total, 0, n * n * sizeof *system->total);
    memset(system->sum, 0, n * sizeof *system->sum);
    for (size_t a = 0; a < repeats->nseries; a++) {
        gather(system, &spaces[a]);
        tell_own(system, &spaces[a]);
        take_lambda(system, &spaces[a]);
        add_series(system);
    }
    free_translation(system);
    for (size_t s = 0; s < n; s++) {
        double weight = pow(prior_of(repeats, s), -2.0);
        system->total[s * n + s] += weight;
        system->sum[s] -= weight * repeats->shift[s];
    }
    bool still = repeats->most_shift == 0.0;
    if (still || ixs_cholesky(n, system->total, 0.0) < n)
        memset(system->sum, 0, n * sizeof *system->sum);
    else {
        ixs_cholesky_solve(n, system->total, system->sum);
        take_errors(repeats, system);
    }
    for (size_t s = 0; s < n; s++) {
        system->sum[s] = fmax(-most, fmin(most, system->sum[s]));
        repeats->shift[s] += system->sum[s];
        if (!still)
            moved = fmax(moved, fabs(system->sum[s]) / repeats->shift_err[s]);
    }
    return moved;
}

static void step_scales(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                        struct system *system)
{
    for (size_t a = 0; a < repeats->nseries; a++) {
        gather(system, &spaces[a]);
        take_lambda(system, &spaces[a]);
        move_scales(system, &spaces[a], system->sum);
    }
}

/* ---- a search, where little is known beforehand ---------------------------------------------- */

/* Minus the logarithm of the likelihood of a scan at a shift, its scale free. */
static double unlikely(const struct ixs_repeats_space *space, size_t scan, double shift)
{
    const struct ixs_repeats_series *series = space->series;
    double sum = 0.0, counts = 0.0, total = 0.0;
    for (size_t i = 0; i < series->n; i++) {
        struct ixs_freeform_rate at;
        if (series->scan[i] != scan || series->mark[i] != IXS_REPEATS_GOOD)
            continue;
        ixs_freeform_at(&space->form, series->energy[i] - shift, &at);
        double mu = fmax(series->exposure[i] * at.rate + series->dark[i], 1e-9);
        sum -= series->counts[i] * log(mu);
        counts += series->counts[i];
        total += mu;
    }
    return counts > 0.0 ? sum - counts * log(counts / total) : 0.0;
}

/* The scans come one by one; each is put where those before it have it likeliest. */
static void search(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces)
{
    double step = narrowest(repeats) / steps_per_fwhm;
    for (size_t s = 1; s < repeats->nscans; s++) {
        double best = INFINITY, reach = fmin(3.0 * prior_of(repeats, s), repeats->most_shift);
        if (reach < 2.0 * step)
            continue;
        for (size_t a = 0; a < repeats->nseries; a++)
            ixs_repeats_fit_first(&spaces[a], s);
        for (double shift = -reach; shift <= reach; shift += step) {
            double sum = 0.5 * pow(shift / prior_of(repeats, s), 2.0);
            double place = repeats->shift[0] + shift;
            for (size_t a = 0; a < repeats->nseries; a++)
                sum += unlikely(&spaces[a], s, place);
            if (sum < best) {
                best = sum;
                repeats->shift[s] = place;
            }
        }
    }
}

bool ixs_repeats_align(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces, bool anew,
                       struct ixs_err *err)
{
    struct system system;
    size_t heights = 0;
    double moved = INFINITY;
    for (size_t a = 0; a < repeats->nseries; a++)
        heights = spaces[a].form.n > heights ? spaces[a].form.n : heights;
    bool ok = make(&system, repeats->nscans, heights, err);
    if (ok && anew)
        search(repeats, spaces);
    for (int count = 0; ok && count < MOST_STEPS && moved > close_enough; count++) {
        for (size_t a = 0; a < repeats->nseries; a++)
            ixs_repeats_fit(&spaces[a]);
        moved = step_all(repeats, spaces, &system);
        step_scales(repeats, spaces, &system);
        if (repeats->most_shift == 0.0 && count < 4)
            moved = INFINITY;
    }
    dispose(&system);
    return ok;
}
