/* SPDX-License-Identifier: GPL-3.0-or-later
 * The linear algebra of the block-arrow minimiser: elimination block by block, the step, the
 * covariance. A block meets only the common parameters that it uses, so all of it goes with the
 * number of blocks.
 */
#include "models/together/arrow_inside.h"

#include "base/parallel.h"
#include "models/numerics/cholesky.h"

#include <math.h>
#include <string.h>

static const double dust = 1e-12; /* of its own, added to each curvature: nothing is singular */

static bool rests(double p, double lower, double upper, double gradient, double curvature)
{
    return !(lower < upper) || !(curvature > 0) || (p <= lower && gradient >= 0) ||
           (p >= upper && gradient <= 0);
}

/* The own parameters' curvature, damped, into part->factor; of those held a unit. */
static void damp(struct ixs_arrow_part *part, double lambda)
{
    size_t n = part->n;
    for (size_t k = 0; k < n; k++) {
        for (size_t l = 0; l < k; l++)
            part->factor[k * n + l] =
                part->held[k] || part->held[l] ? 0 : part->curvature[k * part->all + l];
        part->factor[k * n + k] =
            (part->held[k] ? 1 : part->curvature[k * part->all + k]) * (1 + dust + lambda);
    }
}

/* Column j of H_as, or -g_a. */
static void right_side(const struct ixs_arrow_part *part, bool common, size_t j, double *x)
{
    for (size_t k = 0; k < part->n; k++) {
        double value = common ? part->curvature[k * part->all + part->n + j] : -part->gradient[k];
        x[k] = part->held[k] ? 0 : value;
    }
}

void ixs_arrow_eliminate(struct ixs_arrow_part *part, double lambda)
{
    damp(part, lambda);
    part->singular = ixs_cholesky(part->n, part->factor, 0) < part->n;
    for (size_t j = 0; j <= part->m && !part->singular; j++) {
        double *x = part->solved + j * part->n;
        right_side(part, j < part->m, j, x);
        ixs_cholesky_solve(part->n, part->factor, x);
    }
}

/* Factor of the own parameters and H_aa^-1 [H_as, -g_a], resting rows empty. */
static bool eliminate(void *context, size_t b, size_t worker, struct ixs_err *err)
{
    struct ixs_arrow *space = context;
    const struct ixs_arrow_block *block = &space->problem->blocks[b];
    struct ixs_arrow_part *part = &space->parts[b];
    (void)worker;
    (void)err;
    for (size_t k = 0; k < part->n; k++)
        part->held[k] = rests(block->p[k], block->lower[k], block->upper[k], part->gradient[k],
                              part->curvature[k * (part->all + 1)]);
    ixs_arrow_eliminate(part, space->lambda);
    return true;
}

void ixs_arrow_sum(struct ixs_arrow *space)
{
    size_t m = space->ncommon;
    memcpy(space->slope, space->gradient, m * sizeof *space->slope);
    memcpy(space->total, space->curvature, m * m * sizeof *space->total);
    for (size_t b = 0; b < space->nblocks; b++) {
        const struct ixs_arrow_part *part = &space->parts[b];
        for (size_t i = 0; i < part->m; i++) {
            const double *row = part->curvature + (part->n + i) * part->all + part->n;
            size_t at = ixs_arrow_use(part, i);
            space->slope[at] += part->gradient[part->n + i];
            for (size_t j = 0; j < part->m; j++)
                space->total[at * m + ixs_arrow_use(part, j)] += row[j];
        }
    }
}

/* Takes H_sa H_aa^-1 [H_as, -g_a] of a block off the common system. */
static void take_off(struct ixs_arrow *space, const struct ixs_arrow_part *part)
{
    for (size_t i = 0; i < part->m; i++) {
        size_t at = ixs_arrow_use(part, i);
        if (space->held[at])
            continue;
        double *row = space->schur + at * space->ncommon;
        for (size_t j = 0; j < part->m; j++)
            if (!space->held[ixs_arrow_use(part, j)])
                row[ixs_arrow_use(part, j)] -=
                    ixs_arrow_couple(part, i, part->solved + j * part->n);
        space->step[at] -= ixs_arrow_couple(part, i, part->solved + part->m * part->n);
    }
}

void ixs_arrow_reduce(struct ixs_arrow *space)
{
    size_t m = space->ncommon;
    for (size_t i = 0; i < m; i++) {
        space->step[i] = space->held[i] ? 0 : -space->slope[i];
        for (size_t j = 0; j < m; j++) {
            bool out = space->held[i] || space->held[j];
            double h = space->total[i * m + j] * (i == j ? 1 + dust + space->lambda : 1);
            space->schur[i * m + j] = out ? (i == j ? 1 : 0) : h;
        }
    }
    for (size_t b = 0; b < space->nblocks; b++)
        take_off(space, &space->parts[b]);
}

/* The common system, factored; the step's right side. False if singular. */
static bool condense(struct ixs_arrow *space)
{
    const struct ixs_arrow_problem *problem = space->problem;
    size_t m = space->ncommon;
    ixs_arrow_sum(space);
    for (size_t i = 0; i < m; i++)
        space->held[i] = rests(problem->common[i], problem->lower[i], problem->upper[i],
                               space->slope[i], space->total[i * (m + 1)]);
    ixs_arrow_reduce(space);
    return ixs_cholesky(m, space->schur, 0) == m;
}

bool ixs_arrow_condense(struct ixs_arrow *space, bool *regular, struct ixs_err *err)
{
    bool singular = false;
    if (!ixs_parallel(space->nblocks, space->problem->threads, eliminate, space, err))
        return false;
    for (size_t b = 0; b < space->nblocks; b++)
        singular = singular || space->parts[b].singular;
    *regular = !singular && condense(space);
    return true;
}

static double clamp(double value, double lower, double upper)
{
    return fmin(fmax(value, lower), upper);
}

/* What a step promises by half the gradient and half the curvature: blocks have their share of the
 * common parameters in theirs. */
static double promise_of(const struct ixs_arrow *space)
{
    size_t m = space->ncommon;
    double gain = 0;
    for (size_t i = 0; i < m; i++) {
        gain -= 2 * space->gradient[i] * space->step[i];
        for (size_t j = 0; j < m; j++)
            gain -= space->curvature[i * m + j] * space->step[i] * space->step[j];
    }
    for (size_t b = 0; b < space->nblocks; b++) {
        const struct ixs_arrow_part *part = &space->parts[b];
        for (size_t k = 0; k < part->all; k++) {
            const double *row = part->curvature + k * part->all;
            double sum = 2 * part->gradient[k];
            for (size_t l = 0; l < part->n; l++)
                sum += row[l] * part->step[l];
            for (size_t j = 0; j < part->m; j++)
                sum += row[part->n + j] * space->step[ixs_arrow_use(part, j)];
            gain -=
                sum * (k < part->n ? part->step[k] : space->step[ixs_arrow_use(part, k - part->n)]);
        }
    }
    return gain;
}

/* The own step with those held given: the others once more. */
static void solve_again(struct ixs_arrow_part *part, const double *common, double lambda)
{
    size_t n = part->n;
    double *x = part->spare;
    for (size_t k = 0; k < n; k++) {
        const double *row = part->curvature + k * part->all;
        x[k] = -part->gradient[k];
        for (size_t j = 0; j < part->m; j++)
            x[k] -= row[n + j] * common[ixs_arrow_use(part, j)];
        for (size_t l = 0; l < n; l++)
            x[k] -= part->held[l] ? row[l] * part->step[l] : 0;
        x[k] = part->held[k] ? 0 : x[k];
    }
    damp(part, lambda);
    if (ixs_cholesky(n, part->factor, 0) < n)
        return;
    ixs_cholesky_solve(n, part->factor, x);
    for (size_t k = 0; k < n; k++)
        part->step[k] = part->held[k] ? part->step[k] : x[k];
}

/* Own parameters follow the common ones; those that would go over a bound stop there, and the
 * others take that into account. */
static void follow(struct ixs_arrow_part *part, const struct ixs_arrow_block *block,
                   const double *common, double lambda)
{
    size_t n = part->n, before = 0, now = 0;
    for (size_t k = 0; k < n; k++) {
        part->step[k] = part->solved[part->m * n + k];
        for (size_t j = 0; j < part->m; j++)
            part->step[k] -= part->solved[j * n + k] * common[ixs_arrow_use(part, j)];
        before += part->held[k];
    }
    for (;; before = now) {
        now = 0;
        for (size_t k = 0; k < n; k++) {
            double to = block->p[k] + part->step[k];
            double inside = clamp(to, block->lower[k], block->upper[k]);
            part->held[k] = part->held[k] || to != inside;
            part->trial[k] = inside;
            part->step[k] = inside - block->p[k];
            now += part->held[k];
        }
        if (now == before)
            return;
        solve_again(part, common, lambda);
    }
}

bool ixs_arrow_step(struct ixs_arrow *space, double *promise, struct ixs_err *err)
{
    const struct ixs_arrow_problem *problem = space->problem;
    size_t m = space->ncommon;
    bool regular;
    *promise = (double)NAN;
    if (!ixs_arrow_condense(space, &regular, err))
        return false;
    if (!regular)
        return true;
    ixs_cholesky_solve(m, space->schur, space->step);
    for (size_t i = 0; i < m; i++) {
        space->trial[i] =
            clamp(problem->common[i] + space->step[i], problem->lower[i], problem->upper[i]);
        space->step[i] = space->trial[i] - problem->common[i];
    }
    for (size_t b = 0; b < space->nblocks; b++)
        follow(&space->parts[b], &problem->blocks[b], space->step, space->lambda);
    *promise = promise_of(space);
    return true;
}
