/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fits of a response with one pseudo-Voigt after the other added.
 */
#include "calib/standard/climb.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t most_parameters(const struct ixs_shape_task *task)
{
    return 4 * IXS_SHAPE_MOST + 4 * task->ntraces;
}

void ixs_climb_weigh(struct ixs_climb *climb, double jitter)
{
    climb->jitter = jitter;
    for (size_t i = 0; i < climb->data.npoints; i++) {
        climb->share[i] = jitter > 0 ? 1 / ixs_jitter_inflation(&climb->points[i], jitter) : 1;
        climb->counts[i] = climb->share[i] * climb->points[i].counts;
    }
    climb->data.share = climb->share;
    for (size_t k = 0; k < IXS_SHAPE_MOST; k++)
        climb->best[k].found = false;
}

static double span_of(const struct ixs_trace *trace)
{
    double lo = INFINITY, hi = -INFINITY;
    for (size_t i = 0; i < trace->npoints; i++) {
        lo = fmin(lo, trace->energy[i]);
        hi = fmax(hi, trace->energy[i]);
    }
    return hi - lo;
}

bool ixs_climb_make(struct ixs_climb *climb, const struct ixs_shape_task *task, struct ixs_err *err)
{
    size_t most = most_parameters(task), n = 0, at = 0;
    for (size_t s = 0; s < task->ntraces; s++)
        n += task->traces[s]->npoints;
    const struct ixs_trace *first = task->traces[0];
    climb->data = (struct ixs_shape_data){
        .ntraces = task->ntraces, .npoints = n, .traces = task->traces, .floor = task->floor};
    climb->data.wings = task->wings;
    climb->data.place = first->shape.zero;
    climb->data.range = span_of(first);
    climb->most = task->most > 0 ? task->most : IXS_SHAPE_MOST;
    bool ok = ixs_solve_new(&climb->solve, most, n, err) && IXS_NEW(climb->counts, n, err) &&
              IXS_NEW(climb->p, most, err) && IXS_NEW(climb->lower, most, err) &&
              IXS_NEW(climb->upper, most, err) && IXS_NEW(climb->covariance, most * most, err) &&
              IXS_NEW(climb->states, most, err) && IXS_NEW(climb->share, n, err) &&
              IXS_NEW(climb->points, n, err) && IXS_NEW(climb->jacobian, most * n, err);
    for (size_t k = 0; ok && k < IXS_SHAPE_MOST; k++)
        ok = IXS_NEW(climb->best[k].p, most, err);
    for (size_t s = 0; ok && s < task->ntraces; s++)
        for (size_t i = 0; i < task->traces[s]->npoints; i++)
            climb->points[at++] = (struct ixs_jitter_point){
                .counts = task->traces[s]->counts[i], .left = ixs_trace_left(task->traces[s], i)};
    if (ok)
        ixs_climb_weigh(climb, 0);
    return ok;
}

void ixs_climb_dispose(struct ixs_climb *climb)
{
    for (size_t k = 0; k < IXS_SHAPE_MOST; k++)
        free(climb->best[k].p);
    free(climb->share);
    free(climb->points);
    free(climb->jacobian);
    free(climb->counts);
    free(climb->p);
    free(climb->lower);
    free(climb->upper);
    free(climb->covariance);
    free(climb->states);
    ixs_solve_free(climb->solve);
}

struct ixs_solve_problem ixs_climb_problem(struct ixs_climb *climb)
{
    return (struct ixs_solve_problem){
        .nparameters = ixs_shape_count(&climb->data),
        .ndata = climb->data.npoints,
        .counts = climb->counts,
        .model = ixs_shape_model,
        .context = &climb->data,
        .lower = climb->lower,
        .upper = climb->upper,
    };
}

void ixs_climb_attempt(struct ixs_climb *climb)
{
    struct ixs_climb_best *best = &climb->best[climb->data.nparts - 1];
    struct ixs_solve_problem problem = ixs_climb_problem(climb);
    struct ixs_solve_result result;
    ixs_solve_run(climb->solve, &problem, &IXS_SOLVE_RULES, climb->p, &result);
    if (!result.converged || (best->found && result.deviance >= best->deviance))
        return;
    ixs_solve_covariance(climb->solve, &problem, climb->p, climb->covariance, climb->states);
    if (!ixs_shape_admissible(&climb->data, climb->p, climb->states))
        return;
    best->found = true;
    best->deviance = result.deviance;
    best->dof = result.dof;
    memcpy(best->p, climb->p, problem.nparameters * sizeof *climb->p);
}

static double width_of(const struct ixs_climb *climb, const double *p)
{
    struct ixs_response response;
    ixs_shape_response(&climb->data, p, &response);
    return ixs_response_fwhm(&response);
}

/* Whether part k + 1 was worth having: one more that gains less is never chosen. */
static bool gained(const struct ixs_climb *climb, size_t k)
{
    const struct ixs_climb_best *before = &climb->best[k - 1], *after = &climb->best[k];
    double excess = fmax(1, before->deviance / (double)before->dof);
    return after->found && before->deviance - after->deviance > 4 * excess;
}

void ixs_climb_from(struct ixs_climb *climb, size_t nparts)
{
    bool on = climb->best[nparts - 1].found;
    for (size_t k = nparts; on && k < climb->most; k++) {
        const double *before = climb->best[k - 1].p;
        climb->data.nparts = k;
        double width = width_of(climb, before);
        climb->data.nparts = k + 1;
        ixs_shape_bounds(&climb->data, climb->lower, climb->upper);
        for (size_t place = 0; place < ixs_shape_places(); place++) {
            ixs_shape_more(&climb->data, before, width, place, climb->p);
            ixs_climb_attempt(climb);
        }
        on = gained(climb, k);
    }
}

void ixs_climb_all(struct ixs_climb *climb)
{
    climb->data.nparts = 1;
    ixs_shape_bounds(&climb->data, climb->lower, climb->upper);
    ixs_shape_start(&climb->data, climb->p);
    ixs_climb_attempt(climb);
    ixs_climb_from(climb, 1);
}

void ixs_climb_again(struct ixs_climb *climb, double jitter)
{
    bool found[IXS_SHAPE_MOST];
    for (size_t k = 0; k < IXS_SHAPE_MOST; k++)
        found[k] = climb->best[k].found;
    ixs_climb_weigh(climb, jitter);
    for (size_t k = 0; k < IXS_SHAPE_MOST; k++) {
        if (!found[k])
            continue;
        climb->data.nparts = k + 1;
        ixs_shape_bounds(&climb->data, climb->lower, climb->upper);
        memcpy(climb->p, climb->best[k].p, ixs_shape_count(&climb->data) * sizeof *climb->p);
        ixs_climb_attempt(climb);
    }
}

/* Leverage of the fit on a point: its expected variance in units of the counts'. */
static double leverage_of(const struct ixs_climb *climb, size_t i, double mu)
{
    size_t m = ixs_shape_count(&climb->data), n = climb->data.npoints;
    double sum = 0;
    for (size_t j = 0; j < m; j++)
        for (size_t k = 0; k < m; k++)
            sum += climb->jacobian[j * n + i] * climb->covariance[j * m + k] *
                   climb->jacobian[k * n + i];
    return fmin(fmax(sum / mu, 0), 1);
}

double ixs_climb_jitter(struct ixs_climb *climb)
{
    size_t n = climb->data.npoints, nparts = IXS_SHAPE_MOST;
    double *mu = climb->counts; /* made anew by ixs_climb_weigh() */
    while (nparts > 0 && !climb->best[nparts - 1].found)
        nparts--;
    if (nparts == 0)
        return 0;
    climb->data.nparts = nparts;
    ixs_shape_bounds(&climb->data, climb->lower, climb->upper);
    struct ixs_solve_problem problem = ixs_climb_problem(climb);
    ixs_solve_covariance(climb->solve, &problem, climb->best[nparts - 1].p, climb->covariance,
                         climb->states);
    ixs_shape_model(&climb->data, climb->best[nparts - 1].p, mu, climb->jacobian);
    for (size_t i = 0; i < n; i++) {
        struct ixs_jitter_point *point = &climb->points[i];
        point->mu = fmax(mu[i] / climb->share[i], 1e-4);
        point->leverage = leverage_of(climb, i, mu[i]);
        point->slope = 0;
        for (size_t k = 0; k < nparts; k++)
            point->slope -= climb->jacobian[(4 * k + 1) * n + i] / climb->share[i];
    }
    return ixs_jitter_find(n, climb->points, 0.5 * climb->data.traces[0]->step);
}
