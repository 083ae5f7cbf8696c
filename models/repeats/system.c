/* SPDX-License-Identifier: GPL-3.0-or-later
 * Information and score of the shifts (models/repeats/align.c): of one analyzer, with the
 * coefficients of its spectrum, its scales and its own shifts taken out in turn, and of all.
 */
#include "models/repeats/inside.h"

#include "base/array.h"
#include "models/numerics/cholesky.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REACH = IXS_FREEFORM_REACH };
static const double scale_prior = 0.05;

bool ixs_repeats_system_make(struct ixs_repeats_system *out, size_t nscans, size_t heights,
                             struct ixs_err *err)
{
    size_t size = 2 * nscans;
    *out = (struct ixs_repeats_system){.nscans = nscans, .size = size};
    return IXS_NEW(out->matrix, size * size, err) && IXS_NEW(out->score, size, err) &&
           IXS_NEW(out->cross, size * heights, err) && IXS_NEW(out->solved, heights, err) &&
           IXS_NEW(out->lambda, nscans * nscans, err) && IXS_NEW(out->column, nscans, err) &&
           IXS_NEW(out->shifts, nscans * nscans, err) && IXS_NEW(out->tells, nscans, err) &&
           IXS_NEW(out->owned, nscans * nscans, err) && IXS_NEW(out->owns, nscans, err) &&
           IXS_NEW(out->unit, nscans, err) && IXS_NEW(out->total, nscans * nscans, err) &&
           IXS_NEW(out->sum, nscans, err);
}

void ixs_repeats_system_dispose(struct ixs_repeats_system *system)
{
    double *owned[] = {system->matrix, system->score,  system->cross,  system->solved,
                       system->lambda, system->column, system->shifts, system->tells,
                       system->owned,  system->owns,   system->unit,   system->total,
                       system->sum};
    for (size_t i = 0; i < IXS_COUNT(owned); i++)
        free(owned[i]);
}

static void add_point(struct ixs_repeats_system *system, const struct ixs_repeats_space *space,
                      size_t i)
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
static void gather(struct ixs_repeats_system *system, const struct ixs_repeats_space *space)
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
static void tell_scale(const struct ixs_repeats_system *system,
                       const struct ixs_repeats_space *space)
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
static void take_lambda(struct ixs_repeats_system *system, const struct ixs_repeats_space *space)
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
static void reduce(struct ixs_repeats_system *system)
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
static void free_translation(struct ixs_repeats_system *system)
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
static void take_own(struct ixs_repeats_system *system, const struct ixs_repeats_space *space)
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
static void add_series(struct ixs_repeats_system *system)
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

void ixs_repeats_reduce(struct ixs_repeats_system *system, const struct ixs_repeats_space *space)
{
    gather(system, space);
    tell_scale(system, space);
    take_lambda(system, space);
    reduce(system);
    free_translation(system);
    take_own(system, space);
}

void ixs_repeats_move_own(struct ixs_repeats_system *system, struct ixs_repeats_space *space,
                          const double *step, double most, double *moved)
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

void ixs_repeats_move_scales(struct ixs_repeats_system *system, struct ixs_repeats_space *space,
                             const double *step)
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

void ixs_repeats_gather(struct ixs_repeats_system *system, const struct ixs_repeats *repeats,
                        const struct ixs_repeats_space *spaces)
{
    size_t n = system->nscans;
    memset(system->total, 0, n * n * sizeof *system->total);
    memset(system->sum, 0, n * sizeof *system->sum);
    for (size_t a = 0; a < repeats->nseries; a++) {
        ixs_repeats_reduce(system, &spaces[a]);
        add_series(system);
    }
}
