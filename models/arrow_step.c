/* SPDX-License-Identifier: GPL-3.0-or-later
 * The linear algebra of the block-arrow minimiser: elimination block by block, the step, the
 * covariance.
 */
#include "models/arrow_inside.h"

#include "base/parallel.h"
#include "models/cholesky.h"

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

/* Factor of the own parameters and H_aa^-1 [H_as, -g_a], resting rows empty. */
static bool eliminate(void *context, size_t b, size_t worker, struct ixs_err *err)
{
    struct ixs_arrow *space = context;
    const struct ixs_arrow_block *block = &space->problem->blocks[b];
    struct ixs_arrow_part *part = &space->parts[b];
    size_t n = part->n, all = part->all;
    (void)worker;
    (void)err;
    for (size_t k = 0; k < n; k++)
        part->held[k] = rests(block->p[k], block->lower[k], block->upper[k], part->gradient[k],
                              part->curvature[k * all + k]);
    damp(part, space->lambda);
    part->singular = ixs_cholesky(n, part->factor, 0) < n;
    for (size_t j = 0; j <= space->ncommon && !part->singular; j++) {
        double *x = part->solved + j * n;
        right_side(part, j < space->ncommon, j, x);
        ixs_cholesky_solve(n, part->factor, x);
    }
    return true;
}

/* Gradient of common parameter j over all blocks. */
static double common_gradient(const struct ixs_arrow *space, size_t j)
{
    double sum = space->gradient[j];
    for (size_t b = 0; b < space->nblocks; b++)
        sum += space->parts[b].gradient[space->parts[b].n + j];
    return sum;
}

static double common_curvature(const struct ixs_arrow *space, size_t i, size_t j)
{
    double sum = space->curvature[i * space->ncommon + j];
    for (size_t b = 0; b < space->nblocks; b++) {
        const struct ixs_arrow_part *part = &space->parts[b];
        sum += part->curvature[(part->n + i) * part->all + part->n + j];
    }
    return sum;
}

/* H_sa H_aa^-1 column, over all blocks: column j of the common ones, or the gradient's (ncommon).
 */
static double eliminated(const struct ixs_arrow *space, size_t i, size_t j)
{
    double sum = 0;
    for (size_t b = 0; b < space->nblocks; b++) {
        const struct ixs_arrow_part *part = &space->parts[b];
        const double *x = part->solved + j * part->n;
        for (size_t k = 0; k < part->n; k++)
            if (!part->held[k])
                sum += part->curvature[(part->n + i) * part->all + k] * x[k];
    }
    return sum;
}

/* Entry of the common system; of those held a unit. */
static double condensed(const struct ixs_arrow *space, size_t i, size_t j)
{
    if (space->held[i] || space->held[j])
        return i == j ? 1 : 0;
    double damping = i == j ? 1 + dust + space->lambda : 1;
    return common_curvature(space, i, j) * damping - eliminated(space, i, j);
}

/* The common system, factored; the step's right side. False if singular. */
static bool condense(struct ixs_arrow *space)
{
    const struct ixs_arrow_problem *problem = space->problem;
    size_t m = space->ncommon;
    for (size_t i = 0; i < m; i++)
        space->held[i] = rests(problem->common[i], problem->lower[i], problem->upper[i],
                               common_gradient(space, i), common_curvature(space, i, i));
    for (size_t i = 0; i < m; i++) {
        space->step[i] = space->held[i] ? 0 : -common_gradient(space, i) - eliminated(space, i, m);
        for (size_t j = 0; j <= i; j++)
            space->schur[i * m + j] = condensed(space, i, j);
    }
    return ixs_cholesky(m, space->schur, 0) == m;
}

static double clamp(double value, double lower, double upper)
{
    return fmin(fmax(value, lower), upper);
}

/* What a step of these parameters promises, by half the gradient and half the curvature; turns p
 * into the trial within bounds. */
static double promise_of(struct ixs_arrow *space)
{
    const struct ixs_arrow_problem *problem = space->problem;
    size_t m = space->ncommon;
    double gain = 0;
    for (size_t i = 0; i < m; i++) {
        space->trial[i] =
            clamp(problem->common[i] + space->step[i], problem->lower[i], problem->upper[i]);
        space->step[i] = space->trial[i] - problem->common[i];
        gain -= 2 * space->gradient[i] * space->step[i];
        for (size_t j = 0; j < i; j++)
            gain -= 2 * space->curvature[i * m + j] * space->step[i] * space->step[j];
        gain -= space->curvature[i * m + i] * space->step[i] * space->step[i];
    }
    for (size_t b = 0; b < space->nblocks; b++) {
        const struct ixs_arrow_part *part = &space->parts[b];
        for (size_t k = 0; k < part->all; k++) {
            double at = k < part->n ? part->step[k] : space->step[k - part->n];
            const double *row = part->curvature + k * part->all;
            gain -= 2 * part->gradient[k] * at + row[k] * at * at;
            for (size_t l = 0; l < k; l++)
                gain -= 2 * row[l] * at * (l < part->n ? part->step[l] : space->step[l - part->n]);
        }
    }
    return gain;
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
    for (size_t b = 0; b < space->nblocks; b++) {
        struct ixs_arrow_part *part = &space->parts[b];
        const struct ixs_arrow_block *block = &problem->blocks[b];
        for (size_t k = 0; k < part->n; k++) {
            double step = part->solved[m * part->n + k];
            for (size_t j = 0; j < m; j++)
                step -= part->solved[j * part->n + k] * space->step[j];
            part->trial[k] = clamp(block->p[k] + step, block->lower[k], block->upper[k]);
            part->step[k] = part->trial[k] - block->p[k];
        }
    }
    *promise = promise_of(space);
    return true;
}

/* Column c of the inverse: a unit vector through the elimination. */
static void column_of(const struct ixs_arrow *space, const struct ixs_arrow_part *part, size_t c,
                      double *out)
{
    size_t n = part->n, m = space->ncommon;
    double *own = out, *common = out + n;
    memset(out, 0, part->all * sizeof *out);
    if (c < n ? part->held[c] : space->held[c - n])
        return;
    out[c] = 1;
    if (c < n) {
        ixs_cholesky_solve(n, part->factor, own);
        for (size_t j = 0; j < m; j++) {
            common[j] = 0;
            for (size_t k = 0; k < n && !space->held[j]; k++)
                common[j] -= part->held[k] ? 0 : part->curvature[(n + j) * part->all + k] * own[k];
        }
    }
    ixs_cholesky_solve(m, space->schur, common);
    for (size_t k = 0; k < n; k++)
        for (size_t j = 0; j < m; j++)
            own[k] -= part->solved[j * n + k] * common[j];
}

void ixs_arrow_covariance(const struct ixs_arrow *space, size_t block, double *covariance)
{
    const struct ixs_arrow_part *part = &space->parts[block];
    for (size_t c = 0; c < part->all; c++)
        column_of(space, part, c, covariance + c * part->all);
}
