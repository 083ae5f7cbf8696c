/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many pseudo-Voigts the data demand.
 *
 * K is chosen by QAICc = deviance/c + 2 k n/(n - k - 1) (Burnham & Anderson, Model Selection, 2002,
 * 2.5), where c is the least deviance per degree of freedom that any K reaches, at least 1. Before,
 * points are weighted for the jitter of the energy axis (standard_jitter.c), which no part is to
 * buy off.
 */
#include "calib/standard/climb.h"

#include "base/array.h"

#include <math.h>

/* Fits with the weights of the jitter that is given, or else of the one found, which takes rounds
 * of fits and weights until it settles. */
static void settle(struct ixs_climb *climb, double given)
{
    ixs_climb_all(climb);
    double jitter = ixs_climb_jitter(climb);
    for (size_t round = 0; round < 4 && !isfinite(given); round++) {
        double before = jitter;
        ixs_climb_again(climb, jitter);
        jitter = ixs_climb_jitter(climb);
        if (fabs(jitter - before) <= 0.05 * jitter)
            break;
    }
    ixs_climb_weigh(climb, isfinite(given) ? given : jitter);
    ixs_climb_all(climb);
}

/* The number of parts, 0 if no fit was found. */
static size_t choose(const struct ixs_climb *climb)
{
    size_t chosen = 0;
    double least = INFINITY, excess = INFINITY, n = (double)climb->data.npoints;
    for (size_t k = 0; k < IXS_SHAPE_MOST; k++)
        if (climb->best[k].found && climb->best[k].dof > 0)
            excess = fmin(excess, climb->best[k].deviance / (double)climb->best[k].dof);
    for (size_t k = 0; k < IXS_SHAPE_MOST; k++) {
        const struct ixs_climb_best *candidate = &climb->best[k];
        double free = n - (double)candidate->dof;
        double score = candidate->deviance / fmax(excess, 1) + 2 * free * n / (n - free - 1);
        if (candidate->found && candidate->dof > 1 && score < least) {
            least = score;
            chosen = k + 1;
        }
    }
    return chosen;
}

static void measure_range(struct ixs_shape *out, const struct ixs_shape_task *task)
{
    out->lowest = INFINITY;
    out->highest = -INFINITY;
    for (size_t s = 0; s < task->ntraces; s++) {
        const struct ixs_trace *trace = task->traces[s];
        for (size_t i = 0; i < trace->npoints; i++) {
            out->lowest = fmin(out->lowest, trace->energy[i] - trace->shape.zero);
            out->highest = fmax(out->highest, trace->energy[i] - trace->shape.zero);
        }
    }
}

/* Counts of the wings, which the first trace has not. */
static bool take_wings(const struct ixs_climb *climb, const double *p, struct ixs_err *err)
{
    for (size_t s = 1; s < climb->data.ntraces; s++) {
        struct ixs_trace *trace = climb->data.traces[s];
        double shift = trace->shape.zero - climb->data.traces[0]->shape.zero + climb->data.place;
        double part = ixs_shape_wing(&climb->data, p, s), slope;
        if (trace->inelastic == NULL && !IXS_NEW(trace->inelastic, trace->npoints, err))
            return false;
        for (size_t i = 0; i < trace->npoints; i++)
            trace->inelastic[i] =
                trace->exposure[i] * part *
                ixs_curve_value(climb->data.wings, trace->energy[i] - shift, &slope);
        trace->share = part / trace->shape.area;
        trace->share_err = NAN;
    }
    return true;
}

static bool finish(struct ixs_climb *climb, const struct ixs_shape_task *task, size_t nparts,
                   struct ixs_shape *out, struct ixs_err *err)
{
    struct ixs_climb_best *best = &climb->best[nparts - 1];
    climb->data.nparts = nparts;
    ixs_shape_bounds(&climb->data, climb->lower, climb->upper);
    struct ixs_solve_problem problem = ixs_climb_problem(climb);
    ixs_solve_covariance(climb->solve, &problem, best->p, climb->covariance, climb->states);
    ixs_shape_response(&climb->data, best->p, &out->response);
    out->fwhm = ixs_response_fwhm(&out->response);
    out->jitter = climb->jitter;
    out->dof = best->dof;
    out->excess = fmax(1, best->deviance / (double)best->dof);
    for (size_t s = 0; s < task->ntraces; s++) {
        ixs_shape_trace(&climb->data, best->p, s, &task->traces[s]->shape);
        task->traces[s]->shaping = true;
    }
    if (task->wings != NULL && !take_wings(climb, best->p, err))
        return false;
    out->deviance = 0;
    for (size_t s = 0; s < task->ntraces; s++)
        out->deviance += ixs_shape_deviance(out, task->traces[s]);
    measure_range(out, task);
    return ixs_shape_errors(out, &climb->data, best->p, climb->covariance, err);
}

/* Without its part of least weight. */
static void drop_part(struct ixs_response *response)
{
    size_t least = 0, last = --response->nparts;
    for (size_t k = 1; k <= last; k++)
        if (response->parts[k].weight < response->parts[least].weight)
            least = k;
    double rest = 1 - response->parts[least].weight;
    response->parts[least] = response->parts[last];
    for (size_t k = 0; k < last; k++)
        response->parts[k].weight /= rest;
}

/* From the parts of a shape, or as many less as it takes to find a fit; returns their number. */
static size_t descend(struct ixs_climb *climb, struct ixs_shape shape)
{
    for (;; drop_part(&shape.response)) {
        size_t nparts = climb->data.nparts = shape.response.nparts;
        ixs_shape_bounds(&climb->data, climb->lower, climb->upper);
        ixs_shape_from(&climb->data, &shape, climb->p);
        ixs_climb_attempt(climb);
        if (climb->best[nparts - 1].found || nparts == 1)
            return nparts;
    }
}

/* More parts than the first trace demands where all together demand them. */
static void widen(struct ixs_climb *climb, const struct ixs_shape *shape, double jitter)
{
    descend(climb, *shape);
    ixs_climb_jitter(climb); /* looks at each point; the jitter is known */
    ixs_climb_weigh(climb, jitter);
    ixs_climb_from(climb, descend(climb, *shape));
}

/* from: a shape to begin with, or NULL. */
static bool fit(struct ixs_shape *out, const struct ixs_shape_task *task,
                const struct ixs_shape *from, struct ixs_err *err)
{
    struct ixs_climb climb = {0};
    size_t nparts = 0;
    bool ok = ixs_climb_make(&climb, task, err);
    if (ok && from != NULL)
        widen(&climb, from, task->jitter);
    else if (ok)
        settle(&climb, task->jitter);
    if (ok)
        nparts = choose(&climb);
    ok = ok && nparts > 0 && finish(&climb, task, nparts, out, err);
    ixs_climb_dispose(&climb);
    return ok;
}

bool ixs_shape_fit(struct ixs_shape *out, const struct ixs_shape_task *task, struct ixs_err *err)
{
    *out = (struct ixs_shape){0};
    return fit(out, task, NULL, err);
}

bool ixs_shape_join(struct ixs_shape *shape, const struct ixs_shape_task *task, struct ixs_err *err)
{
    return fit(shape, task, shape, err);
}
