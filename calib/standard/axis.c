/* SPDX-License-Identifier: GPL-3.0-or-later
 * Jitter of the energy axis that all analyzers share: the monochromator stands s beside its reading
 * at a point, which moves the counts of every lit analyzer by s dmu/dE. What the others show,
 *   s_-a = Sum_b g_b (N_b - mu_b)/mu_b / P,   P = 1/jitter^2 + Sum_b g_b^2/mu_b,   b other than a,
 * g = dmu/dE, is taken off the energies of analyzer a; the rms 1/sqrt(P) that is left goes into the
 * weights of its points. So no analyzer's own counts decide where its points stand.
 */
#include "calib/standard/parts.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

struct evidence { /* of one row of one scan */
    double weight, pull;
};

struct axis {              /* owns its arrays */
    size_t *first;         /* [nscans] of its rows in `rows` */
    struct evidence *rows; /* [all rows of all scans] */
    struct evidence *own;  /* room for one trace */
};

/* What one point of a trace tells of s. A width of its own, and the excess of deviance where the
 * response came from other scans, keep what a sample or the array does to all lines from being read
 * as jitter. */
static struct evidence look(const struct ixs_trace *trace, const struct ixs_response *response,
                            size_t i)
{
    const struct ixs_trace_fit *fit = &trace->loose;
    double at = (trace->energy[i] - fit->zero) / fit->stretch, value, slope;
    ixs_response_curve(response, 1, &at, &value, &slope);
    double more = trace->inelastic != NULL ? trace->inelastic[i] : 0, x = trace->exposure[i];
    double mu = x * (fit->area * value / fit->stretch + fit->background) + more;
    double gain = x * fit->area * slope / (fit->stretch * fit->stretch);
    double excess = trace->shaping ? 1 : trace->excess;
    if (!(mu > 1) || !isfinite(gain) || !(excess >= 1))
        return (struct evidence){0, 0};
    double left = trace->counts[i] - mu + (trace->shift != NULL ? trace->shift[i] * gain : 0);
    return (struct evidence){gain * gain / mu / excess, gain * left / mu / excess};
}

/* Those points of a trace that tell something. */
static bool in_core(const struct ixs_trace *trace, const struct ixs_shape *shape, size_t i)
{
    return fabs(trace->energy[i] - trace->loose.zero) <= IXS_CORE_REACH * shape->fwhm;
}

static bool tells(const struct ixs_standard *standard, const struct ixs_trace *trace)
{
    return trace->lit && !trace->known && standard->results[trace->analyzer].calibrated;
}

static void look_at(const struct ixs_standard *standard, const struct ixs_trace *trace,
                    struct evidence *own)
{
    const struct ixs_shape *shape = &standard->results[trace->analyzer].shape;
    for (size_t i = 0; i < trace->npoints; i++)
        own[i] = tells(standard, trace) && in_core(trace, shape, i)
                     ? look(trace, &shape->response, i)
                     : (struct evidence){0, 0};
}

static bool axis_make(struct axis *axis, const struct ixs_standard *standard, struct ixs_err *err)
{
    size_t most = 0, rows = 0;
    if (!IXS_NEW(axis->first, standard->task->nscans, err))
        return false;
    for (size_t s = 0; s < standard->task->nscans; s++) {
        size_t n = standard->task->scans[s].npoints;
        axis->first[s] = rows;
        rows += n;
        most = n > most ? n : most;
    }
    return IXS_NEW(axis->rows, rows, err) && IXS_NEW(axis->own, most, err);
}

static bool trace_room(struct ixs_trace *trace, struct ixs_err *err)
{
    return (trace->shift != NULL || IXS_NEW(trace->shift, trace->npoints, err)) &&
           (trace->left != NULL || IXS_NEW(trace->left, trace->npoints, err));
}

/* Moves the points of a trace to where the others say that they stand. */
static void move(const struct axis *axis, struct ixs_trace *trace, double jitter)
{
    for (size_t i = 0; i < trace->npoints; i++) {
        const struct evidence *all = &axis->rows[axis->first[trace->scan] + trace->row[i]];
        double weight = fmax(all->weight - axis->own[i].weight, 0) + 1 / (jitter * jitter);
        double shift = (all->pull - axis->own[i].pull) / weight;
        trace->energy[i] += shift - trace->shift[i];
        trace->shift[i] = shift;
        trace->left[i] = 1 / (jitter * sqrt(weight));
    }
}

bool ixs_standard_axis(struct ixs_standard *standard, struct ixs_err *err)
{
    struct axis axis = {0};
    struct ixs_traces *traces = &standard->traces;
    if (!(standard->jitter > 0))
        return true;
    bool ok = axis_make(&axis, standard, err);
    for (size_t t = 0; ok && t < traces->count; t++) {
        const struct ixs_trace *trace = &traces->list[t];
        look_at(standard, trace, axis.own);
        for (size_t i = 0; i < trace->npoints; i++) {
            struct evidence *row = &axis.rows[axis.first[trace->scan] + trace->row[i]];
            row->weight += axis.own[i].weight;
            row->pull += axis.own[i].pull;
        }
    }
    for (size_t t = 0; ok && t < traces->count; t++) {
        struct ixs_trace *trace = &traces->list[t];
        if (!tells(standard, trace))
            continue;
        ok = trace_room(trace, err);
        if (!ok)
            break;
        look_at(standard, trace, axis.own);
        move(&axis, trace, standard->jitter);
    }
    free(axis.first);
    free(axis.rows);
    free(axis.own);
    return ok;
}

double ixs_trace_left(const struct ixs_trace *trace, size_t i)
{
    return trace->left != NULL ? trace->left[i] : 1;
}
