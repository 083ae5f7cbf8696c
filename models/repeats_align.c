/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where each scan stands on the energy axis: the maximum of the joint likelihood of all analyzers'
 * counts, whatever their spectra are. Of analyzer a in scan s point i has
 *   mu = exposure exp(lambda_as) f_a(energy - delta_s - eta_as) + dark,
 * and delta, eta, lambda and the coefficients of f are found together: Fisher scoring, with the
 * coefficients, then lambda, then eta taken out of the information by Schur complements, so that
 * the errors of delta hold what is not known of them. lambda has a prior of a twentieth, for rates
 * are normalised already; eta, what an analyzer drifts by itself, one of its own.
 */
#include "models/repeats_inside.h"

#include "base/array.h"
#include "models/cholesky.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REACH = IXS_FREEFORM_REACH, MOST_STEPS = 15, MOST_WIDENINGS = 5 };
static const double scale_prior = 0.05;
static const double longest_step = 0.3;  /* of the narrowest feature */
static const double far_apart = 2.0;     /* standard errors of chi squared */
static const double close_enough = 0.02; /* of the error */

struct system { /* of `size` = 2 nscans unknowns: delta, lambda; owns its arrays */
    size_t nscans, size;
    double *matrix; /* [size][size] of one analyzer */
    double *score;  /* [size] */
    double *cross;  /* [size][heights] */
    double *solved; /* [heights] */
    double *lambda; /* [nscans][nscans] its block of lambda, Cholesky */
    double *column; /* [nscans] */
    double *shifts; /* [nscans][nscans] of its shifts, lambda taken out */
    double *tells;  /* [nscans] their score */
    double *owned;  /* [nscans][nscans] of its own shifts, Cholesky */
    double *owns;   /* [nscans] their score */
    double *unit;   /* [nscans] */
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
           IXS_NEW(out->shifts, nscans * nscans, err) && IXS_NEW(out->tells, nscans, err) &&
           IXS_NEW(out->owned, nscans * nscans, err) && IXS_NEW(out->owns, nscans, err) &&
           IXS_NEW(out->unit, nscans, err) && IXS_NEW(out->total, nscans * nscans, err) &&
           IXS_NEW(out->sum, nscans, err);
}

static void dispose(struct system *system)
{
    double *owned[] = {system->matrix, system->score,  system->cross,  system->solved,
                       system->lambda, system->column, system->shifts, system->tells,
                       system->owned,  system->owns,   system->unit,   system->total,
                       system->sum};
    for (size_t i = 0; i < IXS_COUNT(owned); i++)
        free(owned[i]);
}

/* ---- one analyzer ---------------------------------------------------------------------------- */

static void add_point(struct system *system, const struct ixs_repeats_space *space, size_t i)
{
    const struct ixs_repeats_series *series = space->series;
    size_t first, s = series->scan[i], n = space->form.n;
    const size_t d[2] = {s, system->nscans + s};
    double value[REACH], w = space->weight[i] / (space->mu[i] * space->dispersion);
    const double by[2] = {-space->slope[i], space->mu[i] - series->dark[i]};
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

/* What one scan of one analyzer tells of its scale, beside what all tell. */
static void tell_scale(const struct system *system, const struct ixs_repeats_space *space)
{
    for (size_t s = 0; s < system->nscans; s++) {
        struct ixs_repeats_agreement *out = &space->series->agreement[s];
        size_t l = system->nscans + s;
        double scale = system->matrix[l * system->size + l];
        bool told = scale > 1.0;
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

/* Takes lambda out of the information of this analyzer's shifts. */
static void reduce(struct system *system)
{
    size_t n = system->nscans;
    for (size_t s = 0; s < n; s++) {
        const double *row = system->matrix + s * system->size;
        memcpy(system->column, row + n, n * sizeof *system->column);
        ixs_cholesky_solve(n, system->lambda, system->column);
        system->tells[s] = system->score[s];
        memcpy(system->shifts + s * n, row, n * sizeof *row);
        for (size_t k = 0; k < n; k++) {
            system->tells[s] -= system->column[k] * system->score[n + k];
            for (size_t t = 0; t < n; t++)
                system->shifts[s * n + t] -=
                    system->column[k] * system->matrix[(n + k) * system->size + t];
        }
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
            system->column[s] += system->shifts[s * n + t];
        whole += system->column[s];
        score += system->tells[s];
    }
    for (size_t s = 0; whole > 0.0 && s < n; s++) {
        system->tells[s] -= system->column[s] * score / whole;
        for (size_t t = 0; t < n; t++)
            system->shifts[s * n + t] -= system->column[s] * system->column[t] / whole;
    }
}

/* Information of this analyzer's own shifts with their prior, factorized, and their score. */
static void take_own(struct system *system, const struct ixs_repeats_space *space)
{
    size_t n = system->nscans;
    double prior = pow(fmax(space->all->own, 1e-9), -2.0);
    memcpy(system->owned, system->shifts, n * n * sizeof *system->owned);
    for (size_t s = 0; s < n; s++) {
        system->owned[s * n + s] += prior;
        system->owns[s] = system->tells[s] - prior * space->own[s];
    }
    (void)ixs_cholesky(n, system->owned, 0.0); /* the prior makes it positive definite */
}

/* Adds this analyzer's information of delta, its own shifts taken out. */
static void add_series(struct system *system)
{
    size_t n = system->nscans;
    for (size_t s = 0; s < n; s++) {
        memcpy(system->column, system->shifts + s * n, n * sizeof *system->column);
        ixs_cholesky_solve(n, system->owned, system->column);
        system->sum[s] += system->tells[s];
        for (size_t t = 0; t < n; t++)
            system->total[s * n + t] += system->shifts[s * n + t];
        for (size_t k = 0; k < n; k++) {
            system->sum[s] -= system->column[k] * system->owns[k];
            for (size_t t = 0; t < n; t++)
                system->total[s * n + t] -= system->column[k] * system->shifts[k * n + t];
        }
    }
}

static void gather_reduced(struct system *system, const struct ixs_repeats_space *space)
{
    gather(system, space);
    tell_scale(system, space);
    take_lambda(system, space);
    reduce(system);
    free_translation(system);
    take_own(system, space);
}

/* Own shifts follow the step of delta; *moved: the largest over its error. */
static void move_own(struct system *system, struct ixs_repeats_space *space, const double *step,
                     double most, double *moved)
{
    size_t n = system->nscans;
    for (size_t k = 0; k < n; k++) {
        system->column[k] = system->owns[k];
        for (size_t t = 0; t < n; t++)
            system->column[k] -= system->shifts[k * n + t] * step[t];
    }
    ixs_cholesky_solve(n, system->owned, system->column);
    for (size_t k = 0; k < n; k++) {
        struct ixs_repeats_agreement *out = &space->series->agreement[k];
        double *unit = system->unit;
        memset(unit, 0, n * sizeof *unit);
        unit[k] = 1.0;
        ixs_cholesky_solve(n, system->owned, unit);
        system->column[k] = fmax(-most, fmin(most, system->column[k]));
        space->own[k] += system->column[k];
        out->own_shift = space->own[k];
        out->own_shift_err = sqrt(unit[k]);
        *moved = fmax(*moved, fabs(system->column[k]) / out->own_shift_err);
        system->unit[k] = 0.0;
    }
    memcpy(system->unit, system->column, n * sizeof *system->unit); /* the step, for the scales */
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

/* Errors of the shifts against their mean by prior, which is what all scans have in common: with
 * covariance C and weights w, the variance of delta_s - w delta. */
static void take_errors(struct ixs_repeats *repeats, struct system *system)
{
    size_t n = system->nscans;
    double sum = 0.0, mean = 0.0;
    for (size_t s = 0; s < n; s++)
        sum += system->unit[s] = pow(ixs_repeats_prior(repeats, s), -2.0);
    for (size_t s = 0; s < n; s++)
        system->column[s] = system->unit[s] /= sum;
    ixs_cholesky_solve(n, system->total, system->column);
    for (size_t s = 0; s < n; s++)
        mean += system->unit[s] * system->column[s];
    for (size_t s = 0; s < n; s++) {
        memset(system->unit, 0, n * sizeof *system->unit);
        system->unit[s] = 1.0;
        ixs_cholesky_solve(n, system->total, system->unit);
        double variance = system->unit[s] - 2.0 * system->column[s] + mean;
        repeats->shift_err[s] = sqrt(fmax(0.0, variance));
    }
}

/* One step; returns the largest move over its error. */
static double step_all(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                       struct system *system)
{
    size_t n = system->nscans;
    double most = longest_step * ixs_repeats_narrowest(repeats), moved = 0.0;
    memset(system->total, 0, n * n * sizeof *system->total);
    memset(system->sum, 0, n * sizeof *system->sum);
    for (size_t a = 0; a < repeats->nseries; a++) {
        gather_reduced(system, &spaces[a]);
        add_series(system);
    }
    for (size_t s = 0; s < n; s++) {
        double weight = pow(ixs_repeats_prior(repeats, s), -2.0);
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
            moved = fmax(moved, fabs(system->sum[s]) / fmax(repeats->shift_err[s], 1e-6));
    }
    return moved;
}

/* What each analyzer has of its own follows; returns the largest move over its error. */
static double step_own(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                       struct system *system)
{
    double most = longest_step * ixs_repeats_narrowest(repeats), moved = 0.0;
    for (size_t a = 0; a < repeats->nseries; a++) {
        gather_reduced(system, &spaces[a]);
        memset(system->unit, 0, system->nscans * sizeof *system->unit);
        if (repeats->most_shift > 0.0 && repeats->own > 0.0)
            move_own(system, &spaces[a], system->sum, most, &moved);
        for (size_t s = 0; s < system->nscans; s++)
            system->unit[s] += system->sum[s];
        move_scales(system, &spaces[a], system->unit);
    }
    return moved;
}

/* ---- the maximum ------------------------------------------------------------------------------
 */

/* How far what the counts say is from what the priors say, as chi squared with a degree of freedom
 * for each scan but one: delta balances both, P (delta_counts - delta) = delta/prior^2. */
static double tension(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                      struct system *system)
{
    size_t n = system->nscans;
    double whole = 0.0, sum = 0.0;
    memset(system->total, 0, n * n * sizeof *system->total);
    memset(system->sum, 0, n * sizeof *system->sum);
    for (size_t a = 0; a < repeats->nseries; a++) {
        gather_reduced(system, &spaces[a]);
        add_series(system);
    }
    for (size_t s = 0; s < n; s++)
        whole += system->total[s * n + s];
    for (size_t s = 0; s < n; s++) {
        double weight = pow(ixs_repeats_prior(repeats, s), -2.0);
        system->unit[s] = system->column[s] = weight * repeats->shift[s];
        system->total[s * n + s] += 1e-3 * weight;
        for (size_t t = 0; t < n; t++) /* of a shift of all, counts say nothing */
            system->total[s * n + t] += whole / (double)n;
    }
    if (ixs_cholesky(n, system->total, 0.0) < n)
        return 0.0;
    ixs_cholesky_solve(n, system->total, system->column);
    for (size_t s = 0; s < n; s++)
        sum += system->unit[s] * (repeats->shift[s] + system->column[s]);
    return sum;
}

static bool climb(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces,
                  struct system *system, struct ixs_err *err)
{
    double moved = INFINITY;
    for (int count = 0; count < MOST_STEPS && moved > close_enough; count++) {
        if (!ixs_repeats_each(repeats, spaces, ixs_repeats_fit, err))
            return false;
        moved = step_all(repeats, spaces, system);
        moved = fmax(moved, step_own(repeats, spaces, system));
        if (repeats->most_shift == 0.0 && count < 4)
            moved = INFINITY;
    }
    return true;
}

/* Priors that the counts do not bear are widened until they do. */
bool ixs_repeats_align(struct ixs_repeats *repeats, struct ixs_repeats_space *spaces, bool anew,
                       struct ixs_err *err)
{
    struct system system;
    size_t heights = 0;
    double free = (double)repeats->nscans - 1.0, most = free + far_apart * sqrt(2.0 * free);
    for (size_t a = 0; a < repeats->nseries; a++)
        heights = spaces[a].form.n > heights ? spaces[a].form.n : heights;
    bool ok = make(&system, repeats->nscans, heights, err);
    if (ok && anew)
        ixs_repeats_search(repeats, spaces);
    for (int count = 0; ok && count < MOST_WIDENINGS; count++) {
        ok = climb(repeats, spaces, &system, err);
        double apart = ok && repeats->most_shift > 0.0 ? tension(repeats, spaces, &system) : 0.0;
        if (!(apart > most))
            break;
        repeats->drift *= sqrt(apart / free);
    }
    dispose(&system);
    return ok;
}
