/* SPDX-License-Identifier: GPL-3.0-or-later
 * Responses from all scans that light an analyzer. What a sample scatters inelastically beside its
 * line changes with the angle, so that one shape alone does not fit: each scan at another angle
 * than the brightest has a part x of R x S more, or less, S as a glass has it, N ~ Poisson(exposure
 * {A R(E - zero) + x (R x S)(E - zero) + background}), and R holds what the brightest scan has of
 * it, of which these scans tell nothing.
 */
#include "calib/standard/parts.h"

#include "base/array.h"
#include "base/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE = 321 };

static const double table_step = 0.25; /* meV, up to +-40 */
static const double room = 10;         /* meV beyond the energies measured */
static const double as_long = 0.6;     /* of the range of the first */
static const double as_bright = 0.1;   /* of its peak */

static double range_of(const struct ixs_trace *trace)
{
    return trace->step * (double)trace->npoints;
}

static bool joins(const struct ixs_trace *trace, const struct ixs_trace *first)
{
    return trace != first && trace->analyzer == first->analyzer && trace->lit && !trace->masked &&
           ixs_trace_same_slits(trace, first) && strcmp(trace->sample, first->sample) == 0 &&
           !(fabs(trace->kelvin - first->kelvin) > 1) &&
           range_of(trace) > as_long * range_of(first) && trace->peak > as_bright * first->peak &&
           trace->core.area > 0;
}

/* The brightest that shape the response first, then all others; how many. */
static size_t gather(const struct ixs_traces *traces, size_t a, struct ixs_trace **list)
{
    struct ixs_trace *first = NULL;
    size_t n = 0;
    for (size_t t = 0; t < traces->count; t++) {
        struct ixs_trace *trace = &traces->list[t];
        if (trace->analyzer == a && trace->shaping && (first == NULL || trace->peak > first->peak))
            first = trace;
    }
    if (first == NULL)
        return 0;
    list[n++] = first;
    for (size_t t = 0; t < traces->count; t++)
        if (joins(&traces->list[t], first))
            list[n++] = &traces->list[t];
    return n;
}

bool ixs_shape_wings(struct ixs_curve *out, const struct ixs_shape *shape, double kelvin,
                     struct ixs_err *err)
{
    double energy[TABLE], value[TABLE], sum = 0;
    struct ixs_transforms *transforms = NULL;
    if (!IXS_NEW(transforms, 1, err))
        return false;
    for (size_t i = 0; i < TABLE; i++) {
        energy[i] = table_step * ((double)i - (TABLE - 1) / 2.0);
        value[i] = ixs_shape_glass(kelvin, energy[i]);
        sum += table_step * value[i];
    }
    for (size_t i = 0; i < TABLE; i++)
        value[i] /= sum;
    ixs_transforms_make(transforms, &shape->response);
    const struct ixs_curve_table table = {TABLE, energy, value};
    bool ok = ixs_curve_make(out, &table, ixs_transform_choose(transforms, 1e6),
                             shape->lowest - room, shape->highest + room, err);
    free(transforms);
    return ok;
}

static bool join(void *context, size_t a, size_t worker, struct ixs_err *err)
{
    struct ixs_standard *standard = context;
    struct ixs_shape *shape = &standard->results[a].shape;
    struct ixs_curve wings = {0};
    struct ixs_shape_task task = {.jitter = standard->jitter, .wings = &wings};
    (void)worker;
    if (!standard->results[a].calibrated)
        return true;
    task.most = standard->task->form == IXS_STANDARD_SINGLE ? 1 : IXS_SHAPE_MOST;
    bool ok = IXS_NEW(task.traces, standard->traces.count, err);
    if (ok)
        task.ntraces = gather(&standard->traces, a, task.traces);
    if (ok && task.ntraces > 1) {
        task.floor = ixs_standard_floor(standard, task.ntraces, task.traces);
        ok = ixs_shape_wings(&wings, shape, task.traces[0]->kelvin, err) &&
             (ixs_shape_join(shape, &task, err) || err->code == IXS_OK);
    }
    for (size_t s = 0; ok && s < task.ntraces; s++)
        ok = ixs_core_fit(task.traces[s], &shape->response, err);
    ixs_curve_dispose(&wings);
    free(task.traces);
    return ok;
}

bool ixs_standard_join(struct ixs_standard *standard, struct ixs_err *err)
{
    const struct ixs_standard_task *task = standard->task;
    return !task->all_scans || ixs_parallel(task->experiment->instrument.nanalyzers, task->threads,
                                            join, standard, err);
}
