/* SPDX-License-Identifier: GPL-3.0-or-later
 * The response as a smooth positive table (models/response/table.h), fitted to the traces that the
 * sum of pseudo-Voigts was fitted to, from where that ended:
 *   deviance + stiffness Sum_j (c_{j-1} - 2 c_j + c_{j+1})^2    least,
 * c the coefficients of ln R (P-splines: Eilers & Marx, Stat. Sci. 11, 89, 1996). The stiffness is
 * the one with which four fifths of the points best predict the rest, each fifth in turn. The
 * sample's inelastic counts are those that were found with the sum.
 *
 * Parameters: coefficients (area and zero of the first trace in them), a background for each trace,
 * area and zero of each further trace beside the first.
 */
#include "calib/standard/smooth.h"

#include "calib/standard/shape.h"

#include "base/array.h"
#include "models/together/arrow.h"
#include "models/fit/deviance.h"
#include "models/response/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = IXS_RESPONSE_NODES, FOLDS = 5, NONE = FOLDS, STIFFNESSES = 13 };

static const double stiffest = 1e5, softer = 0.31622776601683794; /* one after the other */
static const double spread = 2;                                   /* scale of the table, in FWHM */

struct smooth { /* owns its arrays */
    size_t ntraces, npoints, nown;
    struct ixs_trace **traces; /* borrowed */
    struct ixs_response_table table;
    double stiffness;
    double *share;  /* [npoints] 1/inflation by the jitter; 0: left out */
    double *counts; /* [npoints] as the fit sees them */
    size_t fold;    /* left out; NONE: none */
    double *weight; /* [npoints] shares of all */
    double *p, *lower, *upper;
    double *starts; /* [FOLDS][nown] */
};

double ixs_smooth_bend(size_t n, const double *coefficient, size_t j)
{
    return coefficient[(j + n - 1) % n] - 2 * coefficient[j] + coefficient[(j + 1) % n];
}

static size_t ratio_at(const struct smooth *smooth, size_t trace)
{
    return NODES + smooth->ntraces + 2 * (trace - 1);
}

/* ---- model and prior ------------------------------------------------------------------------- */

struct point {
    size_t trace, index;
    double energy, exposure, ratio, inelastic;
};

static double evaluate(const struct smooth *smooth, const struct point *point, const double *p,
                       double *jacobian)
{
    double slope, by[NODES], share = smooth->share[point->index];
    size_t n = smooth->npoints, i = point->index, s = point->trace;
    double value = ixs_response_table_value(&smooth->table, point->energy, &slope,
                                            jacobian != NULL ? by : NULL);
    double x = point->exposure * share, ground = p[NODES + s];
    for (size_t j = 0; jacobian != NULL && j < NODES; j++)
        jacobian[j * n + i] = x * point->ratio * by[j];
    if (jacobian != NULL) {
        jacobian[(NODES + s) * n + i] = x;
        if (s > 0) {
            jacobian[ratio_at(smooth, s) * n + i] = x * value;
            jacobian[(ratio_at(smooth, s) + 1) * n + i] = -x * point->ratio * slope;
        }
    }
    return x * (point->ratio * value + ground) + share * point->inelastic;
}

static void model(void *context, size_t block, const double *own, const double *common, double *mu,
                  double *jacobian)
{
    struct smooth *smooth = context;
    size_t i = 0;
    (void)block;
    (void)common;
    memcpy(smooth->table.coefficient, own, sizeof smooth->table.coefficient);
    if (jacobian != NULL)
        memset(jacobian, 0, smooth->nown * smooth->npoints * sizeof *jacobian);
    for (size_t s = 0; s < smooth->ntraces; s++) {
        const struct ixs_trace *trace = smooth->traces[s];
        const double *beside = s > 0 ? own + ratio_at(smooth, s) : (const double[]){1, 0};
        for (size_t j = 0; j < trace->npoints; j++, i++) {
            struct point point = {.trace = s,
                                  .index = i,
                                  .energy = trace->energy[j] - beside[1],
                                  .exposure = trace->exposure[j],
                                  .ratio = beside[0]};
            point.inelastic = trace->inelastic != NULL ? trace->inelastic[j] : 0;
            mu[i] = evaluate(smooth, &point, own, jacobian);
        }
    }
}

static double prior(void *context, long block, const double *p, double *gradient, double *curvature)
{
    const struct smooth *smooth = context;
    static const double row[3] = {1, -2, 1};
    double sum = 0;
    for (size_t j = 0; block == 0 && j < NODES; j++) {
        double bend = ixs_smooth_bend(NODES, p, j);
        sum += smooth->stiffness * bend * bend;
        for (size_t a = 0; gradient != NULL && a < 3; a++) {
            size_t at = (j + NODES - 1 + a) % NODES;
            gradient[at] += smooth->stiffness * bend * row[a];
            for (size_t b = 0; b < 3; b++)
                curvature[at * smooth->nown + (j + NODES - 1 + b) % NODES] +=
                    smooth->stiffness * row[a] * row[b];
        }
    }
    return sum;
}

/* ---- the data -------------------------------------------------------------------------------- */

static void leave_out(struct smooth *smooth, size_t fold)
{
    size_t i = 0;
    smooth->fold = fold;
    for (size_t s = 0; s < smooth->ntraces; s++)
        for (size_t j = 0; j < smooth->traces[s]->npoints; j++, i++) {
            smooth->share[i] = (j + s) % FOLDS == fold ? 0 : smooth->weight[i];
            smooth->counts[i] = smooth->share[i] * smooth->traces[s]->counts[j];
        }
}

/* Weights for the jitter of the axis, from the sum. */
static void weigh(struct smooth *smooth, const struct ixs_shape *shape)
{
    size_t i = 0;
    for (size_t s = 0; s < smooth->ntraces; s++) {
        const struct ixs_trace *trace = smooth->traces[s];
        for (size_t j = 0; j < trace->npoints; j++, i++) {
            double at = trace->energy[j] - trace->shape.zero, value, slope;
            ixs_response_curve(&shape->response, 1, &at, &value, &slope);
            struct ixs_jitter_point point = {.mu = fmax(ixs_shape_expected(shape, trace, j), 1e-4),
                                             .slope =
                                                 trace->exposure[j] * trace->shape.area * slope,
                                             .left = ixs_trace_left(trace, j)};
            smooth->weight[i] = 1 / ixs_jitter_inflation(&point, shape->jitter);
        }
    }
}

static void start(struct smooth *smooth, const struct ixs_shape *shape)
{
    const struct ixs_trace_fit *first = &smooth->traces[0]->shape;
    double logs[NODES];
    smooth->table = (struct ixs_response_table){
        .n = NODES, .center = first->zero, .scale = spread * shape->fwhm};
    for (size_t j = 0; j < NODES; j++) {
        double at = ixs_response_table_node(&smooth->table, j) - first->zero;
        logs[j] = log(first->area * ixs_response_value(&shape->response, at));
    }
    ixs_response_table_set(&smooth->table, logs);
    memcpy(smooth->p, smooth->table.coefficient, sizeof smooth->table.coefficient);
    for (size_t k = 0; k < smooth->nown; k++) {
        smooth->lower[k] = -INFINITY;
        smooth->upper[k] = INFINITY;
    }
    for (size_t s = 0; s < smooth->ntraces; s++) {
        const struct ixs_trace_fit *fit = &smooth->traces[s]->shape;
        smooth->p[NODES + s] = fit->background;
        smooth->lower[NODES + s] = 0;
        if (s == 0)
            continue;
        smooth->p[ratio_at(smooth, s)] = fit->area / first->area;
        smooth->p[ratio_at(smooth, s) + 1] = fit->zero - first->zero;
        smooth->lower[ratio_at(smooth, s)] = 0;
    }
    for (size_t f = 0; f < FOLDS; f++)
        memcpy(smooth->starts + f * smooth->nown, smooth->p, smooth->nown * sizeof *smooth->p);
}

static bool smooth_make(struct smooth *smooth, const struct ixs_shape_task *task,
                        const struct ixs_shape *shape, struct ixs_err *err)
{
    size_t n = 0, m = smooth->nown = NODES + 3 * task->ntraces - 2;
    smooth->ntraces = task->ntraces;
    smooth->traces = task->traces;
    for (size_t s = 0; s < task->ntraces; s++)
        n += task->traces[s]->npoints;
    smooth->npoints = n;
    if (!IXS_NEW(smooth->share, n, err) || !IXS_NEW(smooth->counts, n, err) ||
        !IXS_NEW(smooth->weight, n, err) || !IXS_NEW(smooth->p, m, err) ||
        !IXS_NEW(smooth->lower, m, err) || !IXS_NEW(smooth->upper, m, err) ||
        !IXS_NEW(smooth->starts, FOLDS * m, err))
        return false;
    weigh(smooth, shape);
    start(smooth, shape);
    return true;
}

static void smooth_dispose(struct smooth *smooth)
{
    void *owned[] = {smooth->share, smooth->counts, smooth->weight, smooth->p,
                     smooth->lower, smooth->upper,  smooth->starts};
    for (size_t k = 0; k < IXS_COUNT(owned); k++)
        free(owned[k]);
}

/* ---- fits ------------------------------------------------------------------------------------ */

struct outcome { /* of one fit; owns the space */
    struct ixs_arrow *space;
    struct ixs_arrow_result result;
};

static bool run(struct smooth *smooth, struct outcome *out, struct ixs_err *err)
{
    struct ixs_arrow_block block = {.nown = smooth->nown,
                                    .ndata = smooth->npoints,
                                    .counts = smooth->counts,
                                    .p = smooth->p,
                                    .lower = smooth->lower,
                                    .upper = smooth->upper};
    double none = 0; /* nothing is in common */
    struct ixs_arrow_problem problem = {.nblocks = 1,
                                        .blocks = &block,
                                        .common = &none,
                                        .lower = &none,
                                        .upper = &none,
                                        .model = model,
                                        .prior = prior,
                                        .context = smooth,
                                        .threads = 1,
                                        .most_iterations = 60,
                                        .tolerance = 1e-3};
    *out = (struct outcome){0};
    bool ok = ixs_arrow_new(&out->space, &problem, err) &&
              ixs_arrow_run(out->space, &problem, &out->result, err);
    if (!ok && err->code == IXS_BUG) /* singular: no fit */
        ixs_err_clear(err);
    return err->code == IXS_OK;
}

/* What the points left out are off by. */
static double predict(struct smooth *smooth, double *mu)
{
    size_t i = 0;
    double sum = 0;
    memcpy(smooth->share, smooth->weight, smooth->npoints * sizeof *smooth->share);
    model(smooth, 0, smooth->p, NULL, mu, NULL);
    for (size_t s = 0; s < smooth->ntraces; s++)
        for (size_t j = 0; j < smooth->traces[s]->npoints; j++, i++)
            if ((j + s) % FOLDS == smooth->fold)
                sum += ixs_deviance_point(smooth->weight[i] * smooth->traces[s]->counts[j], mu[i]);
    return sum;
}

static bool score(struct smooth *smooth, double *mu, double *out, struct ixs_err *err)
{
    bool ok = true;
    *out = 0;
    for (size_t f = 0; ok && f < FOLDS; f++) {
        double *from = smooth->starts + f * smooth->nown;
        struct outcome outcome;
        memcpy(smooth->p, from, smooth->nown * sizeof *from);
        leave_out(smooth, f);
        ok = run(smooth, &outcome, err);
        *out += outcome.result.converged ? predict(smooth, mu) : INFINITY;
        if (outcome.result.converged)
            memcpy(from, smooth->p, smooth->nown * sizeof *from);
        ixs_arrow_free(outcome.space);
    }
    return ok;
}

static bool choose_stiffness(struct smooth *smooth, struct ixs_err *err)
{
    double least = INFINITY, best = stiffest, *mu = NULL;
    bool ok = IXS_NEW(mu, smooth->npoints, err);
    smooth->stiffness = stiffest;
    for (int k = 0; ok && k < STIFFNESSES; k++, smooth->stiffness *= softer) {
        double value;
        ok = score(smooth, mu, &value, err);
        if (value < least) {
            least = value;
            best = smooth->stiffness;
        }
    }
    smooth->stiffness = best;
    free(mu);
    return ok;
}

/* ---- the result ------------------------------------------------------------------------------ */

/* Parameters that the data tell: all less what the prior decides. */
static double freedom(const struct smooth *smooth, const double *covariance)
{
    size_t n = smooth->nown;
    double count = 0, held = 0;
    for (size_t k = 0; k < n; k++)
        count += covariance[k * n + k] > 0;
    for (size_t j = 0; j < NODES; j++)
        for (size_t a = 0; a < 9; a++) {
            static const double row[3] = {1, -2, 1};
            size_t k = (j + NODES - 1 + a / 3) % NODES, l = (j + NODES - 1 + a % 3) % NODES;
            held += row[a / 3] * row[a % 3] * covariance[k * n + l];
        }
    return count - smooth->stiffness * held;
}

static void take_traces(const struct smooth *smooth, double zero, double area)
{
    const double *p = smooth->p;
    for (size_t s = 0; s < smooth->ntraces; s++) {
        const double *beside = s > 0 ? p + ratio_at(smooth, s) : (const double[]){1, 0};
        smooth->traces[s]->shape = (struct ixs_trace_fit){.zero = zero + beside[1],
                                                          .area = area * beside[0],
                                                          .background = p[NODES + s],
                                                          .stretch = 1};
    }
}

static bool finish(struct smooth *smooth, const struct outcome *outcome, struct ixs_shape *shape,
                   struct ixs_err *err)
{
    double *covariance = NULL, place = smooth->table.center;
    struct ixs_response response = {.table = smooth->table};
    size_t n = smooth->nown;
    if (!IXS_NEW(covariance, n * n, err))
        return false;
    memcpy(response.table.coefficient, smooth->p, sizeof response.table.coefficient);
    double area = ixs_response_area(&response, -INFINITY, INFINITY);
    for (size_t j = 0; j < NODES; j++)
        response.table.coefficient[j] -= log(area);
    response.table.center = 0;
    ixs_response_centre(&response);
    ixs_arrow_covariance(outcome->space, 0, covariance);
    shape->dof = lround((double)smooth->npoints - freedom(smooth, covariance));
    shape->excess =
        shape->dof > 0 ? fmax(1, ixs_arrow_deviance(outcome->space, 0) / (double)shape->dof) : 1;
    shape->response = response;
    shape->fwhm = ixs_response_fwhm(&response);
    take_traces(smooth, place - response.table.center, area);
    shape->deviance = 0;
    for (size_t s = 0; s < smooth->ntraces; s++)
        shape->deviance += ixs_shape_deviance(shape, smooth->traces[s]);
    bool ok = ixs_smooth_errors(shape, smooth->traces[0], n, covariance, err);
    free(covariance);
    return ok;
}

bool ixs_shape_smooth(struct ixs_shape *shape, const struct ixs_shape_task *task,
                      struct ixs_err *err)
{
    struct smooth smooth = {0};
    struct outcome outcome = {0};
    bool ok = smooth_make(&smooth, task, shape, err) && choose_stiffness(&smooth, err);
    if (ok) {
        leave_out(&smooth, NONE);
        memcpy(smooth.p, smooth.starts, smooth.nown * sizeof *smooth.p);
        ok = run(&smooth, &outcome, err) && outcome.result.converged &&
             finish(&smooth, &outcome, shape, err);
    }
    ixs_arrow_free(outcome.space);
    smooth_dispose(&smooth);
    return ok;
}
