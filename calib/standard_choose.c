/* SPDX-License-Identifier: GPL-3.0-or-later
 * How many pseudo-Voigts the data demand.
 *
 * K is chosen by QAICc = deviance/c + 2 k n/(n - k - 1) (Burnham & Anderson, Model Selection, 2002,
 * 2.5), where c is the least deviance per degree of freedom that any K reaches, at least 1. Before,
 * points are weighted for the jitter of the energy axis (standard_jitter.c), which no part is to
 * buy off.
 */
#include "calib/standard_shape.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct candidate { /* the best fit with one number of parts */
    bool found;
    double deviance;
    long dof;
    double *p;
};

struct work { /* owns its arrays */
    struct ixs_shape_data data;
    struct ixs_solve *solve;
    double *jacobian;
    size_t most;                                     /* parts */
    double jitter;                                   /* meV */
    double *share;                                   /* [npoints] 1/inflation by the jitter */
    double *counts, *p, *lower, *upper, *covariance; /* counts: as the fit sees them */
    struct ixs_jitter_point *points;
    enum ixs_solve_state *states;
    struct candidate best[IXS_SHAPE_MOST];
};

static size_t most_parameters(const struct ixs_shape_task *task)
{
    return 4 * IXS_SHAPE_MOST + 4 * task->ntraces;
}

/* Takes the points as a fit that allows for this jitter sees them. */
static void weigh(struct work *work, double jitter)
{
    work->jitter = jitter;
    for (size_t i = 0; i < work->data.npoints; i++) {
        work->share[i] = jitter > 0 ? 1 / ixs_jitter_inflation(&work->points[i], jitter) : 1;
        work->counts[i] = work->share[i] * work->points[i].counts;
    }
    work->data.share = work->share;
    for (size_t k = 0; k < IXS_SHAPE_MOST; k++)
        work->best[k].found = false;
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

static bool work_make(struct work *work, const struct ixs_shape_task *task, struct ixs_err *err)
{
    size_t most = most_parameters(task), n = 0, at = 0;
    for (size_t s = 0; s < task->ntraces; s++)
        n += task->traces[s]->npoints;
    const struct ixs_trace *first = task->traces[0];
    work->data = (struct ixs_shape_data){
        .ntraces = task->ntraces, .npoints = n, .traces = task->traces, .floor = task->floor};
    work->data.wings = task->wings;
    work->data.place = first->shape.zero;
    work->data.range = span_of(first);
    work->most = task->most > 0 ? task->most : IXS_SHAPE_MOST;
    bool ok = ixs_solve_new(&work->solve, most, n, err) && IXS_NEW(work->counts, n, err) &&
              IXS_NEW(work->p, most, err) && IXS_NEW(work->lower, most, err) &&
              IXS_NEW(work->upper, most, err) && IXS_NEW(work->covariance, most * most, err) &&
              IXS_NEW(work->states, most, err) && IXS_NEW(work->share, n, err) &&
              IXS_NEW(work->points, n, err) && IXS_NEW(work->jacobian, most * n, err);
    for (size_t k = 0; ok && k < IXS_SHAPE_MOST; k++)
        ok = IXS_NEW(work->best[k].p, most, err);
    for (size_t s = 0; ok && s < task->ntraces; s++)
        for (size_t i = 0; i < task->traces[s]->npoints; i++)
            work->points[at++] = (struct ixs_jitter_point){
                .counts = task->traces[s]->counts[i], .left = ixs_trace_left(task->traces[s], i)};
    if (ok)
        weigh(work, 0);
    return ok;
}

static void work_dispose(struct work *work)
{
    for (size_t k = 0; k < IXS_SHAPE_MOST; k++)
        free(work->best[k].p);
    free(work->share);
    free(work->points);
    free(work->jacobian);
    free(work->counts);
    free(work->p);
    free(work->lower);
    free(work->upper);
    free(work->covariance);
    free(work->states);
    ixs_solve_free(work->solve);
}

static struct ixs_solve_problem problem_of(struct work *work)
{
    return (struct ixs_solve_problem){
        .nparameters = ixs_shape_count(&work->data),
        .ndata = work->data.npoints,
        .counts = work->counts,
        .model = ixs_shape_model,
        .context = &work->data,
        .lower = work->lower,
        .upper = work->upper,
    };
}

/* Runs the start in work->p; keeps it if it is the best of its kind. */
static void attempt(struct work *work)
{
    struct candidate *best = &work->best[work->data.nparts - 1];
    struct ixs_solve_problem problem = problem_of(work);
    struct ixs_solve_result result;
    ixs_solve_run(work->solve, &problem, &IXS_SOLVE_RULES, work->p, &result);
    if (!result.converged || (best->found && result.deviance >= best->deviance))
        return;
    ixs_solve_covariance(work->solve, &problem, work->p, work->covariance, work->states);
    if (!ixs_shape_admissible(&work->data, work->p, work->states))
        return;
    best->found = true;
    best->deviance = result.deviance;
    best->dof = result.dof;
    memcpy(best->p, work->p, problem.nparameters * sizeof *work->p);
}

static double width_of(const struct work *work, const double *p)
{
    struct ixs_response response;
    ixs_shape_response(&work->data, p, &response);
    return ixs_response_fwhm(&response);
}

/* Whether part k + 1 was worth having: one more that gains less is never chosen. */
static bool gained(const struct work *work, size_t k)
{
    const struct candidate *before = &work->best[k - 1], *after = &work->best[k];
    double excess = fmax(1, before->deviance / (double)before->dof);
    return after->found && before->deviance - after->deviance > 4 * excess;
}

/* On from the best with so many parts. */
static void climb_from(struct work *work, size_t nparts)
{
    bool on = work->best[nparts - 1].found;
    for (size_t k = nparts; on && k < work->most; k++) {
        const double *before = work->best[k - 1].p;
        work->data.nparts = k;
        double width = width_of(work, before);
        work->data.nparts = k + 1;
        ixs_shape_bounds(&work->data, work->lower, work->upper);
        for (size_t place = 0; place < ixs_shape_places(); place++) {
            ixs_shape_more(&work->data, before, width, place, work->p);
            attempt(work);
        }
        on = gained(work, k);
    }
}

/* All numbers of parts in turn, each from the best with one part less. */
static void climb(struct work *work)
{
    work->data.nparts = 1;
    ixs_shape_bounds(&work->data, work->lower, work->upper);
    ixs_shape_start(&work->data, work->p);
    attempt(work);
    climb_from(work, 1);
}

/* The same from where the last climb ended, with other weights. */
static void climb_on(struct work *work, double jitter)
{
    bool found[IXS_SHAPE_MOST];
    for (size_t k = 0; k < IXS_SHAPE_MOST; k++)
        found[k] = work->best[k].found;
    weigh(work, jitter);
    for (size_t k = 0; k < IXS_SHAPE_MOST; k++) {
        if (!found[k])
            continue;
        work->data.nparts = k + 1;
        ixs_shape_bounds(&work->data, work->lower, work->upper);
        memcpy(work->p, work->best[k].p, ixs_shape_count(&work->data) * sizeof *work->p);
        attempt(work);
    }
}

/* Leverage of the fit on a point: its expected variance in units of the counts'. */
static double leverage_of(const struct work *work, size_t i, double mu)
{
    size_t m = ixs_shape_count(&work->data), n = work->data.npoints;
    double sum = 0;
    for (size_t j = 0; j < m; j++)
        for (size_t k = 0; k < m; k++)
            sum +=
                work->jacobian[j * n + i] * work->covariance[j * m + k] * work->jacobian[k * n + i];
    return fmin(fmax(sum / mu, 0), 1);
}

/* The jitter that the residuals of the richest fit show. */
static double find_jitter(struct work *work)
{
    size_t n = work->data.npoints, nparts = IXS_SHAPE_MOST;
    double *mu = work->counts; /* made anew by weigh() */
    while (nparts > 0 && !work->best[nparts - 1].found)
        nparts--;
    if (nparts == 0)
        return 0;
    work->data.nparts = nparts;
    ixs_shape_bounds(&work->data, work->lower, work->upper);
    struct ixs_solve_problem problem = problem_of(work);
    ixs_solve_covariance(work->solve, &problem, work->best[nparts - 1].p, work->covariance,
                         work->states);
    ixs_shape_model(&work->data, work->best[nparts - 1].p, mu, work->jacobian);
    for (size_t i = 0; i < n; i++) {
        struct ixs_jitter_point *point = &work->points[i];
        point->mu = fmax(mu[i] / work->share[i], 1e-4);
        point->leverage = leverage_of(work, i, mu[i]);
        point->slope = 0;
        for (size_t k = 0; k < nparts; k++)
            point->slope -= work->jacobian[(4 * k + 1) * n + i] / work->share[i];
    }
    return ixs_jitter_find(n, work->points, 0.5 * work->data.traces[0]->step);
}

/* Fits with the weights of the jitter that is given, or else of the one found, which takes rounds
 * of fits and weights until it settles. */
static void settle(struct work *work, double given)
{
    climb(work);
    double jitter = find_jitter(work);
    for (size_t round = 0; round < 4 && !isfinite(given); round++) {
        double before = jitter;
        climb_on(work, jitter);
        jitter = find_jitter(work);
        if (fabs(jitter - before) <= 0.05 * jitter)
            break;
    }
    weigh(work, isfinite(given) ? given : jitter);
    climb(work);
}

/* The number of parts, 0 if no fit was found. */
static size_t choose(const struct work *work)
{
    size_t chosen = 0;
    double least = INFINITY, excess = INFINITY, n = (double)work->data.npoints;
    for (size_t k = 0; k < IXS_SHAPE_MOST; k++)
        if (work->best[k].found && work->best[k].dof > 0)
            excess = fmin(excess, work->best[k].deviance / (double)work->best[k].dof);
    for (size_t k = 0; k < IXS_SHAPE_MOST; k++) {
        const struct candidate *candidate = &work->best[k];
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
static bool take_wings(const struct work *work, const double *p, struct ixs_err *err)
{
    for (size_t s = 1; s < work->data.ntraces; s++) {
        struct ixs_trace *trace = work->data.traces[s];
        double shift = trace->shape.zero - work->data.traces[0]->shape.zero + work->data.place;
        double part = ixs_shape_wing(&work->data, p, s), slope;
        if (trace->inelastic == NULL && !IXS_NEW(trace->inelastic, trace->npoints, err))
            return false;
        for (size_t i = 0; i < trace->npoints; i++)
            trace->inelastic[i] =
                trace->exposure[i] * part *
                ixs_curve_value(work->data.wings, trace->energy[i] - shift, &slope);
        trace->share = part / trace->shape.area;
        trace->share_err = NAN;
    }
    return true;
}

static bool finish(struct work *work, const struct ixs_shape_task *task, size_t nparts,
                   struct ixs_shape *out, struct ixs_err *err)
{
    struct candidate *best = &work->best[nparts - 1];
    work->data.nparts = nparts;
    ixs_shape_bounds(&work->data, work->lower, work->upper);
    struct ixs_solve_problem problem = problem_of(work);
    ixs_solve_covariance(work->solve, &problem, best->p, work->covariance, work->states);
    ixs_shape_response(&work->data, best->p, &out->response);
    out->fwhm = ixs_response_fwhm(&out->response);
    out->jitter = work->jitter;
    out->dof = best->dof;
    out->excess = fmax(1, best->deviance / (double)best->dof);
    for (size_t s = 0; s < task->ntraces; s++) {
        ixs_shape_trace(&work->data, best->p, s, &task->traces[s]->shape);
        task->traces[s]->shaping = true;
    }
    if (task->wings != NULL && !take_wings(work, best->p, err))
        return false;
    out->deviance = 0;
    for (size_t s = 0; s < task->ntraces; s++)
        out->deviance += ixs_shape_deviance(out, task->traces[s]);
    measure_range(out, task);
    return ixs_shape_errors(out, &work->data, best->p, work->covariance, err);
}

bool ixs_shape_fit(struct ixs_shape *out, const struct ixs_shape_task *task, struct ixs_err *err)
{
    struct work work = {0};
    size_t nparts = 0;
    *out = (struct ixs_shape){0};
    bool ok = work_make(&work, task, err);
    if (ok) {
        settle(&work, task->jitter);
        nparts = choose(&work);
    }
    ok = ok && nparts > 0 && finish(&work, task, nparts, out, err);
    work_dispose(&work);
    return ok;
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
static size_t descend(struct work *work, struct ixs_shape shape)
{
    for (;; drop_part(&shape.response)) {
        size_t nparts = work->data.nparts = shape.response.nparts;
        ixs_shape_bounds(&work->data, work->lower, work->upper);
        ixs_shape_from(&work->data, &shape, work->p);
        attempt(work);
        if (work->best[nparts - 1].found || nparts == 1)
            return nparts;
    }
}

/* More parts than the first trace demands where all together demand them. */
static void widen(struct work *work, const struct ixs_shape *shape, double jitter)
{
    descend(work, *shape);
    find_jitter(work); /* looks at each point; the jitter is known */
    weigh(work, jitter);
    climb_from(work, descend(work, *shape));
}

bool ixs_shape_join(struct ixs_shape *shape, const struct ixs_shape_task *task, struct ixs_err *err)
{
    struct work work = {0};
    size_t nparts = 0;
    bool ok = work_make(&work, task, err);
    if (ok) {
        widen(&work, shape, task->jitter);
        nparts = choose(&work);
    }
    ok = ok && nparts > 0 && finish(&work, task, nparts, shape, err);
    work_dispose(&work);
    return ok;
}
