/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a block-arrow minimum means: which parameters the data tell, covariances. With X = H_aa^-1
 * H_as of a block and S what is left of the common curvature, the covariance is common S^-1,   own
 * with common -X S^-1,   own H_aa^-1 + X S^-1 X^T
 */
#include "models/together/arrow_inside.h"

#include "models/numerics/cholesky.h"

#include <math.h>
#include <string.h>

static const double singular = 1e-9;  /* pivot of a curvature scaled to unit diagonal */
static const double dependent = 1e-3; /* share in a combination that the data do not tell */

static double correlation(const double *curvature, size_t n, size_t k, size_t l)
{
    return curvature[k * n + l] / sqrt(curvature[k * (n + 1)] * curvature[l * (n + 1)]);
}

static enum ixs_solve_state state_of(double p, double lower, double upper, double gradient,
                                     double curvature, bool loose)
{
    if (!(lower < upper))
        return IXS_SOLVE_FIXED;
    if (!(curvature > 0))
        return IXS_SOLVE_UNDETERMINED;
    if (p <= lower && gradient >= 0 && !loose)
        return IXS_SOLVE_LOWER;
    return p >= upper && gradient <= 0 ? IXS_SOLVE_UPPER : IXS_SOLVE_FREE;
}

/* Factors a curvature scaled to unit diagonal, or marks those that it does not tell apart and
 * returns false. */
static bool tell_apart(size_t n, double *factor, double *spare, enum ixs_solve_state *states,
                       const bool *held)
{
    size_t bad = ixs_cholesky(n, factor, singular);
    if (bad == n)
        return true;
    ixs_cholesky_depends(n, bad, factor, spare);
    states[bad] = IXS_SOLVE_UNDETERMINED;
    for (size_t k = 0; k < bad; k++)
        if (!held[k] && fabs(spare[k]) > dependent)
            states[k] = IXS_SOLVE_UNDETERMINED;
    return false;
}

static void settle_part(struct ixs_arrow_part *part, const struct ixs_arrow_block *block,
                        bool loose)
{
    size_t n = part->n, all = part->all;
    for (size_t k = 0; k < n; k++)
        part->states[k] =
            state_of(block->p[k], block->lower[k], block->upper[k], part->gradient[k],
                     part->curvature[k * (all + 1)], loose && block->loose && block->loose[k]);
    do {
        for (size_t k = 0; k < n; k++)
            part->held[k] = part->states[k] != IXS_SOLVE_FREE;
        for (size_t k = 0; k < n; k++)
            for (size_t l = 0; l <= k; l++)
                part->spare[k * n + l] = part->held[k] || part->held[l]
                                             ? (k == l ? 1 : 0)
                                             : correlation(part->curvature, all, k, l);
    } while (!tell_apart(n, part->spare, part->spare + n * n, part->states, part->held));
    ixs_arrow_eliminate(part, 0);
}

/* Own parameters that move with a common one that the data do not tell are not told either. */
static bool spread(const struct ixs_arrow *space, struct ixs_arrow_part *part)
{
    bool any = false;
    for (size_t j = 0; j < part->m; j++) {
        size_t at = ixs_arrow_use(part, j);
        double scale = sqrt(part->curvature[(part->n + j) * (part->all + 1)]);
        for (size_t k = 0; k < part->n && space->states[at] == IXS_SOLVE_UNDETERMINED; k++) {
            double share =
                part->solved[j * part->n + k] * sqrt(part->curvature[k * (part->all + 1)]) / scale;
            if (part->states[k] != IXS_SOLVE_FREE || !(fabs(share) > dependent))
                continue;
            part->states[k] = IXS_SOLVE_UNDETERMINED;
            any = true;
        }
    }
    return any;
}

/* Factors the common system of those that can be told; false: some more cannot. */
static bool settle_common(struct ixs_arrow *space)
{
    size_t m = space->ncommon;
    for (size_t i = 0; i < m; i++)
        space->held[i] = space->states[i] != IXS_SOLVE_FREE;
    ixs_arrow_reduce(space);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j <= i; j++)
            space->inverse[i * m + j] =
                space->held[i] || space->held[j]
                    ? space->schur[i * m + j]
                    : space->schur[i * m + j] /
                          sqrt(space->total[i * (m + 1)] * space->total[j * (m + 1)]);
    return tell_apart(m, space->inverse, space->spare, space->states, space->held);
}

bool ixs_arrow_settle(struct ixs_arrow *space, bool loose, struct ixs_err *err)
{
    const struct ixs_arrow_problem *problem = space->problem;
    size_t m = space->ncommon;
    space->lambda = 0;
    for (size_t b = 0; b < space->nblocks; b++)
        settle_part(&space->parts[b], &problem->blocks[b], loose);
    ixs_arrow_sum(space);
    for (size_t i = 0; i < m; i++)
        space->states[i] =
            state_of(problem->common[i], problem->lower[i], problem->upper[i], space->slope[i],
                     space->total[i * (m + 1)], loose && problem->loose && problem->loose[i]);
    while (!settle_common(space)) {
    }
    if (ixs_cholesky(m, space->schur, 0) < m)
        return ixs_fail(err, IXS_BUG, "a fit of many spectra is singular at its minimum");
    ixs_arrow_invert(space);
    for (size_t b = 0; b < space->nblocks; b++)
        if (spread(space, &space->parts[b])) {
            struct ixs_arrow_part *part = &space->parts[b];
            for (size_t k = 0; k < part->n; k++)
                part->held[k] = part->states[k] != IXS_SOLVE_FREE;
            ixs_arrow_eliminate(part, 0);
        }
    return true;
}

void ixs_arrow_invert(struct ixs_arrow *space)
{
    size_t m = space->ncommon;
    for (size_t j = 0; j < m; j++) {
        for (size_t i = 0; i < m; i++)
            space->spare[i] = i == j && !space->held[j] ? 1 : 0;
        ixs_cholesky_solve(m, space->schur, space->spare);
        for (size_t i = 0; i < m; i++)
            space->inverse[i * m + j] = space->held[i] ? 0 : space->spare[i];
    }
}

const enum ixs_solve_state *ixs_arrow_own_states(const struct ixs_arrow *space, size_t block)
{
    return space->parts[block].states;
}

const enum ixs_solve_state *ixs_arrow_common_states(const struct ixs_arrow *space)
{
    return space->states;
}

double ixs_arrow_common_covariance(const struct ixs_arrow *space, size_t i, size_t j)
{
    bool unknown =
        space->states[i] == IXS_SOLVE_UNDETERMINED || space->states[j] == IXS_SOLVE_UNDETERMINED;
    return unknown ? (double)NAN : space->inverse[i * space->ncommon + j];
}

/* Covariance of common parameters i and j of a block. */
static double common_of(const struct ixs_arrow *space, const struct ixs_arrow_part *part, size_t i,
                        size_t j)
{
    return space->inverse[ixs_arrow_use(part, i) * space->ncommon + ixs_arrow_use(part, j)];
}

/* Own parameters' part of column l: what they have by themselves and through the common ones,
 * whose part of the column is known. */
static void follow(const struct ixs_arrow_part *part, size_t l, double *column)
{
    size_t n = part->n;
    for (size_t k = 0; k < n; k++)
        column[k] = k == l && !part->held[k] ? 1 : 0;
    if (l < n)
        ixs_cholesky_solve(n, part->factor, column);
    for (size_t k = 0; k < n; k++) {
        for (size_t j = 0; j < part->m; j++)
            column[k] -= part->solved[j * n + k] * column[n + j];
        column[k] = part->held[k] ? 0 : column[k];
    }
}

static bool is_unknown(const struct ixs_arrow *space, const struct ixs_arrow_part *part, size_t k)
{
    return (k < part->n ? part->states[k] : space->states[ixs_arrow_use(part, k - part->n)]) ==
           IXS_SOLVE_UNDETERMINED;
}

void ixs_arrow_covariance(const struct ixs_arrow *space, size_t block, double *covariance)
{
    const struct ixs_arrow_part *part = &space->parts[block];
    size_t n = part->n, m = part->m, all = part->all;
    for (size_t j = 0; j < m; j++) /* columns are rows: it is symmetric */
        for (size_t i = 0; i < m; i++)
            covariance[(n + j) * all + n + i] = common_of(space, part, i, j);
    for (size_t j = 0; j < m; j++)
        follow(part, n + j, covariance + (n + j) * all);
    for (size_t k = 0; k < n; k++) {
        for (size_t j = 0; j < m; j++)
            covariance[k * all + n + j] = covariance[(n + j) * all + k];
        follow(part, k, covariance + k * all);
    }
    for (size_t k = 0; k < all; k++)
        for (size_t l = 0; l < all; l++)
            if (is_unknown(space, part, k) || is_unknown(space, part, l))
                covariance[k * all + l] = (double)NAN;
}
