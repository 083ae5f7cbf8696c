/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a block-arrow minimum means: which parameters the data tell, covariances, the response to a
 * change of the data, whether blocks agree. With X = H_aa^-1 H_as of a block and S what is left of
 * the common curvature, the covariance is
 *   common S^-1,   own with common -X S^-1,   own H_aa^-1 + X S^-1 X^T
 */
#include "models/arrow_inside.h"

#include "models/cholesky.h"

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

/* Row k of [own; common] of a block in terms of its common parameters: -X, or a unit row. */
static double through(const struct ixs_arrow_part *part, size_t k, size_t j)
{
    if (k < part->n)
        return part->held[k] ? 0 : -part->solved[j * part->n + k];
    return k - part->n == j ? 1 : 0;
}

void ixs_arrow_covariance(const struct ixs_arrow *space, size_t block, double *covariance)
{
    const struct ixs_arrow_part *part = &space->parts[block];
    size_t n = part->n, m = part->m, all = part->all;
    for (size_t l = 0; l < all; l++) {
        double *column = covariance + l * all; /* symmetric: a row as well */
        memset(column, 0, all * sizeof *column);
        if (l < n && !part->held[l]) {
            column[l] = 1;
            ixs_cholesky_solve(n, part->factor, column);
        }
        for (size_t k = 0; k < n; k++)
            column[k] = part->held[k] ? 0 : column[k];
        for (size_t i = 0; i < m; i++) {
            double sum = 0;
            for (size_t j = 0; j < m; j++)
                sum += space->inverse[ixs_arrow_use(part, i) * space->ncommon +
                                      ixs_arrow_use(part, j)] *
                       through(part, l, j);
            for (size_t k = 0; k < all; k++)
                column[k] += through(part, k, i) * sum;
        }
    }
    for (size_t k = 0; k < all; k++)
        for (size_t l = 0; l < all; l++)
            if ((k < n ? part->states[k] : space->states[ixs_arrow_use(part, k - n)]) ==
                    IXS_SOLVE_UNDETERMINED ||
                (l < n ? part->states[l] : space->states[ixs_arrow_use(part, l - n)]) ==
                    IXS_SOLVE_UNDETERMINED)
                covariance[k * all + l] = (double)NAN;
}

void ixs_arrow_respond(struct ixs_arrow *space, const double *const *gradients, double *common,
                       double *const *own)
{
    size_t m = space->ncommon;
    memset(space->spare, 0, m * sizeof *space->spare);
    for (size_t b = 0; b < space->nblocks; b++) {
        struct ixs_arrow_part *part = &space->parts[b];
        const double *g = gradients != NULL ? gradients[b] : part->gradient;
        for (size_t k = 0; k < part->n; k++)
            own[b][k] = g == NULL || part->held[k] ? 0 : -g[k];
        if (g == NULL)
            continue;
        ixs_cholesky_solve(part->n, part->factor, own[b]);
        for (size_t j = 0; j < part->m; j++) {
            const double *row = part->curvature + (part->n + j) * part->all;
            double sum = -g[part->n + j];
            for (size_t k = 0; k < part->n; k++)
                sum -= part->held[k] ? 0 : row[k] * own[b][k];
            space->spare[ixs_arrow_use(part, j)] += sum;
        }
    }
    for (size_t i = 0; i < m; i++) {
        common[i] = 0;
        for (size_t j = 0; j < m; j++)
            common[i] += space->inverse[i * m + j] *
                         (space->spare[j] - (gradients == NULL ? space->gradient[j] : 0));
    }
    for (size_t b = 0; b < space->nblocks; b++) {
        const struct ixs_arrow_part *part = &space->parts[b];
        for (size_t k = 0; k < part->n; k++)
            for (size_t j = 0; j < part->m && !part->held[k]; j++)
                own[b][k] -= part->solved[j * part->n + k] * common[ixs_arrow_use(part, j)];
    }
}

/* The common system of one block alone: what is left of it [m][m] and of its gradient [m]. */
static void reduce_alone(const struct ixs_arrow_part *part, double *left, double *slope)
{
    size_t n = part->n, m = part->m;
    for (size_t i = 0; i < m; i++) {
        const double *row = part->curvature + (n + i) * part->all;
        for (size_t j = 0; j <= m; j++) {
            double sum = j < m ? row[n + j] : part->gradient[n + i];
            for (size_t k = 0; k < n; k++)
                sum -= part->held[k] ? 0 : (j < m ? 1 : -1) * row[k] * part->solved[j * n + k];
            *(j < m ? &left[i * m + j] : &slope[i]) = sum;
        }
    }
}

double ixs_arrow_tension(struct ixs_arrow *space, long *dof)
{
    double score = 0, *left = space->total, *slope = space->slope;
    *dof = 0;
    for (size_t i = 0; i < space->ncommon; i++) { /* a prior is one more voice */
        double weight = space->curvature[i * (space->ncommon + 1)];
        bool known = weight > 0 && !space->held[i];
        score += known ? space->gradient[i] * space->gradient[i] / weight : 0;
        *dof += (known ? 1 : 0) - (space->held[i] ? 0 : 1);
    }
    for (size_t b = 0; b < space->nblocks; b++) {
        const struct ixs_arrow_part *part = &space->parts[b];
        size_t n = part->n, m = part->m;
        reduce_alone(part, left, slope);
        for (size_t i = 0; i < m; i++) { /* Cholesky; rows that say nothing are left out */
            double *row = left + i * m,
                   least = singular * part->curvature[(n + i) * (part->all + 1)];
            for (size_t j = 0; j < i; j++) {
                for (size_t k = 0; k < j; k++)
                    row[j] -= row[k] * left[j * m + k];
                row[j] = left[j * (m + 1)] > 0 ? row[j] / left[j * (m + 1)] : 0;
                row[i] -= row[j] * row[j];
                slope[i] -= row[j] * slope[j];
            }
            bool says = row[i] > least && !space->held[ixs_arrow_use(part, i)];
            row[i] = says ? sqrt(row[i]) : 0;
            slope[i] = says ? slope[i] / row[i] : 0;
            score += slope[i] * slope[i];
            *dof += says;
        }
    }
    return score;
}
