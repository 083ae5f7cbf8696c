/* SPDX-License-Identifier: GPL-3.0-or-later
 * Block-arrow Levenberg-Marquardt for the Poisson deviance. With own parameters a of each block and
 * common ones s, half the curvature is H = [H_aa H_as; H_sa H_ss] and a step solves
 *   (H_ss - Sum H_sa H_aa^-1 H_as) ds = -g_s + Sum H_sa H_aa^-1 g_a,   da = -H_aa^-1 (g_a + H_as
 * ds) with diagonals times 1 + lambda; lambda follows Nielsen (IMM-REP-1999-05, Technical
 * University of Denmark, 1999). A parameter at a bound that the gradient presses on rests.
 */
#include "models/together/arrow_inside.h"

#include "base/array.h"
#include "base/parallel.h"
#include "models/fit/deviance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double least_mu = 1e-4; /* in weights */

static bool part_make(struct ixs_arrow_part *part, const struct ixs_arrow_block *block,
                      const struct ixs_arrow_problem *problem, struct ixs_err *err)
{
    size_t m = part->m = block->uses != NULL ? block->nuses : problem->ncommon;
    size_t n = part->n = block->nown, all = part->all = n + m;
    size_t d = problem->whole != NULL ? 0 : block->ndata;
    part->uses = block->uses;
    return IXS_NEW(part->mu, d, err) && IXS_NEW(part->weighted, d, err) &&
           IXS_NEW(part->jacobian, all * d, err) && IXS_NEW(part->curvature, all * all, err) &&
           IXS_NEW(part->gradient, all, err) && IXS_NEW(part->factor, n * n, err) &&
           IXS_NEW(part->ahead, problem->whole != NULL ? all * (all + 1) : 0, err) &&
           IXS_NEW(part->solved, (m + 1) * n, err) && IXS_NEW(part->step, n, err) &&
           IXS_NEW(part->trial, n, err) && IXS_NEW(part->spare, n * (n + 1), err) &&
           IXS_NEW(part->held, n, err) && IXS_NEW(part->states, n, err);
}

bool ixs_arrow_new(struct ixs_arrow **out, const struct ixs_arrow_problem *problem,
                   struct ixs_err *err)
{
    size_t m = problem->ncommon;
    struct ixs_arrow *space;
    if (!IXS_NEW(space, 1, err))
        return false;
    *out = space;
    space->nblocks = problem->nblocks;
    space->ncommon = m;
    bool ok = IXS_NEW(space->parts, problem->nblocks, err) &&
              IXS_NEW(space->curvature, m * m, err) && IXS_NEW(space->gradient, m, err) &&
              IXS_NEW(space->total, m * m, err) && IXS_NEW(space->slope, m, err) &&
              IXS_NEW(space->schur, m * m, err) && IXS_NEW(space->inverse, m * m, err) &&
              IXS_NEW(space->step, m, err) && IXS_NEW(space->trial, m, err) &&
              IXS_NEW(space->spare, m, err) && IXS_NEW(space->held, m, err) &&
              IXS_NEW(space->states, m, err);
    for (size_t b = 0; ok && b < problem->nblocks; b++)
        ok = part_make(&space->parts[b], &problem->blocks[b], problem, err);
    return ok;
}

void ixs_arrow_free(struct ixs_arrow *space)
{
    if (space == NULL)
        return;
    for (size_t b = 0; space->parts != NULL && b < space->nblocks; b++) {
        struct ixs_arrow_part *part = &space->parts[b];
        void *owned[] = {part->mu,    part->weighted, part->jacobian, part->curvature, part->factor,
                         part->ahead, part->solved,   part->gradient, part->step,      part->trial,
                         part->spare, part->held,     part->states};
        for (size_t k = 0; k < IXS_COUNT(owned); k++)
            free(owned[k]);
    }
    void *owned[] = {space->parts, space->curvature, space->gradient, space->total,
                     space->slope, space->schur,     space->inverse,  space->step,
                     space->trial, space->spare,     space->held,     space->states};
    for (size_t k = 0; k < IXS_COUNT(owned); k++)
        free(owned[k]);
    free(space);
}

/* ---- evaluation ------------------------------------------------------------------------------ */

static void differentiate(struct ixs_arrow_part *part, const struct ixs_arrow_block *block)
{
    size_t d = block->ndata, all = part->all;
    for (size_t k = 0; k < all; k++) {
        const double *column = part->jacobian + k * d;
        double sum = 0;
        for (size_t i = 0; i < d; i++) {
            part->weighted[i] = column[i] / fmax(part->mu[i], least_mu);
            sum += column[i] - part->weighted[i] * block->counts[i];
        }
        part->gradient[k] = sum;
        for (size_t l = 0; l <= k; l++) {
            const double *other = part->jacobian + l * d;
            double h[4] = {0};
            size_t i = 0;
            for (; i + 4 <= d; i += 4)
                for (size_t j = 0; j < 4; j++)
                    h[j] += part->weighted[i + j] * other[i + j];
            for (; i < d; i++)
                h[0] += part->weighted[i] * other[i];
            part->curvature[k * all + l] = part->curvature[l * all + k] =
                (h[0] + h[1]) + (h[2] + h[3]);
        }
    }
}

/* The prior of a block has its own size of matrix: it is added in. */
static void add_prior(struct ixs_arrow_part *part, const struct ixs_arrow_problem *problem,
                      size_t b, const double *p)
{
    size_t n = part->n;
    memset(part->factor, 0, n * n * sizeof *part->factor);
    problem->prior(problem->context, (long)b, p, part->gradient, part->factor);
    for (size_t k = 0; k < n; k++)
        for (size_t l = 0; l < n; l++)
            part->curvature[k * part->all + l] += part->factor[k * n + l];
}

/* A whole block: its derivatives at a trial are kept until that is accepted. */
static void evaluate_whole(struct ixs_arrow *space, size_t b, size_t worker)
{
    const struct ixs_arrow_problem *problem = space->problem;
    struct ixs_arrow_part *part = &space->parts[b];
    size_t all = part->all;
    if (space->trying)
        part->cost = problem->whole(problem->context, b, worker, part->trial, space->at,
                                    part->ahead + all * all, part->ahead);
    else
        part->cost = problem->whole(problem->context, b, worker, problem->blocks[b].p, space->at,
                                    part->gradient, part->curvature);
}

static bool evaluate(void *context, size_t b, size_t worker, struct ixs_err *err)
{
    struct ixs_arrow *space = context;
    const struct ixs_arrow_problem *problem = space->problem;
    const struct ixs_arrow_block *block = &problem->blocks[b];
    struct ixs_arrow_part *part = &space->parts[b];
    const double *p = space->trying ? part->trial : block->p;
    (void)err;
    if (problem->whole != NULL)
        return evaluate_whole(space, b, worker), true;
    problem->model(problem->context, b, p, space->at, part->mu,
                   space->trying ? NULL : part->jacobian);
    part->deviance = ixs_deviance(block->ndata, block->counts, part->mu);
    part->cost = part->deviance;
    if (problem->prior != NULL)
        part->cost += problem->prior(problem->context, (long)b, p, NULL, NULL);
    if (space->trying)
        return true;
    differentiate(part, block);
    if (problem->prior != NULL)
        add_prior(part, problem, b, p);
    return true;
}

/* What the common parameters cost by themselves at p. */
static double weigh_common(struct ixs_arrow *space)
{
    const struct ixs_arrow_problem *problem = space->problem;
    size_t m = space->ncommon;
    memset(space->gradient, 0, m * sizeof *space->gradient);
    memset(space->curvature, 0, m * m * sizeof *space->curvature);
    return problem->prior == NULL
               ? 0
               : problem->prior(problem->context, IXS_ARROW_SHARED, problem->common,
                                space->gradient, space->curvature);
}

/* Objective at the trial (of models mu alone) or at p, with all derivatives. */
static bool evaluate_all(struct ixs_arrow *space, bool trying, double *objective,
                         struct ixs_err *err)
{
    const struct ixs_arrow_problem *problem = space->problem;
    space->trying = trying;
    space->at = trying ? space->trial : problem->common;
    *objective = 0;
    if (problem->prepare != NULL)
        problem->prepare(problem->context, space->at);
    if (!ixs_parallel(space->nblocks, problem->threads, evaluate, space, err))
        return false;
    for (size_t b = 0; b < space->nblocks; b++)
        *objective += space->parts[b].cost;
    if (!trying)
        *objective += weigh_common(space);
    else if (problem->prior != NULL)
        *objective += problem->prior(problem->context, IXS_ARROW_SHARED, space->at, NULL, NULL);
    return true;
}

static void take_ahead(struct ixs_arrow_part *part)
{
    size_t square = part->all * part->all;
    memcpy(part->curvature, part->ahead, square * sizeof *part->ahead);
    memcpy(part->gradient, part->ahead + square, part->all * sizeof *part->ahead);
}

/* Goes to the trial, whose objective is known; with all derivatives. */
static bool accept(struct ixs_arrow *space, double now, double *objective, struct ixs_err *err)
{
    const struct ixs_arrow_problem *problem = space->problem;
    memcpy(problem->common, space->trial, space->ncommon * sizeof *space->trial);
    for (size_t b = 0; b < space->nblocks; b++)
        memcpy(problem->blocks[b].p, space->parts[b].trial,
               space->parts[b].n * sizeof *space->parts[b].trial);
    if (problem->whole == NULL)
        return evaluate_all(space, false, objective, err);
    for (size_t b = 0; b < space->nblocks; b++)
        take_ahead(&space->parts[b]);
    weigh_common(space);
    *objective = now;
    return true;
}

static bool iterate(struct ixs_arrow *space, struct ixs_arrow_result *result, struct ixs_err *err)
{
    const struct ixs_arrow_problem *problem = space->problem;
    double growth = 2, promise, now = 0;
    while (result->iterations++ < problem->most_iterations && space->lambda < 1e12) {
        if (!ixs_arrow_step(space, &promise, err))
            return false;
        bool little = promise >= 0 && promise < problem->tolerance;
        result->left = fmax(promise, 0);
        if (little && space->lambda < 0.1) {
            result->converged = true;
            return true;
        }
        if (promise > 0 && !evaluate_all(space, true, &now, err))
            return false;
        double gain = promise > 0 ? result->objective - now : -1;
        if (gain >= 0) {
            double ratio = 2 * gain / promise - 1;
            if (!accept(space, now, &result->objective, err))
                return false;
            space->lambda *= fmax(1.0 / 3, 1 - ratio * ratio * ratio);
            growth = 2;
        } else if (little) {
            result->converged = true; /* round-off is all that is left */
            return true;
        } else {
            space->lambda *= growth;
            growth *= 2;
        }
    }
    return true;
}

bool ixs_arrow_run(struct ixs_arrow *space, const struct ixs_arrow_problem *problem,
                   struct ixs_arrow_result *result, struct ixs_err *err)
{
    *result = (struct ixs_arrow_result){0};
    space->problem = problem;
    space->loose = false;
    space->lambda = 1e-3;
    if (!evaluate_all(space, false, &result->objective, err) || !iterate(space, result, err))
        return false;
    if (problem->brief)
        return true;
    if (!evaluate_all(space, false, &result->objective, err))
        return false;
    bool regular;
    space->lambda = 0;
    if (!ixs_arrow_condense(space, &regular, err))
        return false;
    if (!regular && problem->whole == NULL)
        return ixs_fail(err, IXS_BUG, "a joint fit is singular at its minimum");
    if (regular)
        ixs_arrow_invert(space);
    return true;
}

double ixs_arrow_deviance(const struct ixs_arrow *space, size_t block)
{
    return space->parts[block].deviance;
}

double ixs_arrow_cost(const struct ixs_arrow *space, size_t block)
{
    return space->parts[block].cost;
}

const double *ixs_arrow_expected(const struct ixs_arrow *space, size_t block)
{
    return space->parts[block].mu;
}
