/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a block-arrow minimum goes when the data change, and whether its blocks agree.
 */
#include "models/together/arrow_inside.h"

#include "models/numerics/cholesky.h"

#include <math.h>
#include <string.h>

static const double nothing = 1e-9; /* of its curvature: what a block has left to say */

/* Own parameters of one block with the common ones held; what is left goes to the common ones. */
static void respond_alone(struct ixs_arrow *space, const struct ixs_arrow_part *part,
                          const double *gradient, double *own)
{
    for (size_t k = 0; k < part->n; k++)
        own[k] = part->held[k] ? 0 : -gradient[k];
    ixs_cholesky_solve(part->n, part->factor, own);
    for (size_t j = 0; j < part->m; j++)
        space->spare[ixs_arrow_use(part, j)] -=
            gradient[part->n + j] + ixs_arrow_couple(part, j, own);
}

void ixs_arrow_respond(struct ixs_arrow *space, const double *const *gradients, double *common,
                       double *const *own)
{
    size_t m = space->ncommon;
    for (size_t i = 0; i < m; i++)
        space->spare[i] = gradients == NULL ? -space->gradient[i] : 0;
    for (size_t b = 0; b < space->nblocks; b++) {
        const struct ixs_arrow_part *part = &space->parts[b];
        const double *gradient = gradients == NULL ? part->gradient : gradients[b];
        memset(own[b], 0, part->n * sizeof *own[b]);
        if (gradient != NULL)
            respond_alone(space, part, gradient, own[b]);
    }
    for (size_t i = 0; i < m; i++) {
        common[i] = 0;
        for (size_t j = 0; j < m; j++)
            common[i] += space->inverse[i * m + j] * space->spare[j];
    }
    for (size_t b = 0; b < space->nblocks; b++) {
        const struct ixs_arrow_part *part = &space->parts[b];
        for (size_t j = 0; j < part->m; j++)
            for (size_t k = 0; k < part->n; k++)
                own[b][k] -= part->solved[j * part->n + k] * common[ixs_arrow_use(part, j)];
    }
}

/* The common system of one block alone: what is left of it [m][m] and of its gradient [m]. */
static void reduce_alone(const struct ixs_arrow_part *part, double *left, double *slope)
{
    size_t n = part->n, m = part->m;
    for (size_t i = 0; i < m; i++) {
        const double *row = part->curvature + (n + i) * part->all;
        for (size_t j = 0; j < m; j++)
            left[i * m + j] = row[n + j] - ixs_arrow_couple(part, i, part->solved + j * n);
        slope[i] = part->gradient[n + i] + ixs_arrow_couple(part, i, part->solved + m * n);
    }
}

void ixs_arrow_alone(const struct ixs_arrow *space, size_t block, double *left, double *slope)
{
    reduce_alone(&space->parts[block], left, slope);
}

/* Row i of a Cholesky factor in which rows that say nothing are 0; slope goes along. */
static void factor_row(size_t m, double *left, double *slope, size_t i)
{
    double *row = left + i * m;
    for (size_t j = 0; j < i; j++) {
        const double *other = left + j * m;
        for (size_t k = 0; k < j; k++)
            row[j] -= row[k] * other[k];
        row[j] = other[j] > 0 ? row[j] / other[j] : 0;
        row[i] -= row[j] * row[j];
        slope[i] -= row[j] * slope[j];
    }
}

static double tension_of(struct ixs_arrow *space, const struct ixs_arrow_part *part, long *dof)
{
    double score = 0, *left = space->total, *slope = space->slope;
    reduce_alone(part, left, slope);
    for (size_t i = 0; i < part->m; i++) {
        double least = nothing * part->curvature[(part->n + i) * (part->all + 1)];
        double *pivot = &left[i * (part->m + 1)];
        factor_row(part->m, left, slope, i);
        bool says = *pivot > least && !space->held[ixs_arrow_use(part, i)];
        *pivot = says ? sqrt(*pivot) : 0;
        slope[i] = says ? slope[i] / *pivot : 0;
        score += slope[i] * slope[i];
        *dof += says ? 1 : 0;
    }
    return score;
}

double ixs_arrow_tension(struct ixs_arrow *space, long *dof)
{
    double score = 0;
    *dof = 0;
    for (size_t i = 0; i < space->ncommon; i++) { /* a prior is one more voice */
        double weight = space->curvature[i * (space->ncommon + 1)];
        bool known = weight > 0 && !space->held[i];
        score += known ? space->gradient[i] * space->gradient[i] / weight : 0;
        *dof += (known ? 1 : 0) - (space->held[i] ? 0 : 1);
    }
    for (size_t b = 0; b < space->nblocks; b++)
        score += tension_of(space, &space->parts[b], dof);
    return score;
}
