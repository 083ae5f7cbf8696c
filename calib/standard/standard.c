/* SPDX-License-Identifier: GPL-3.0-or-later
 * The calibration from reference scans, step by step: gather the light, fit each analyzer's
 * response, find where and how large its line is in every scan, then zeros, efficiencies and the
 * scatter of the widths from all analyzers together. How, and why so: docs/calibration.md.
 */
#include "calib/standard/parts.h"

#include "base/array.h"
#include "base/median.h"
#include "base/parallel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { axis_rounds = 2 };

static const double least_steps = 2; /* a feature narrower than two steps is not sampled */

/* Puts the traces that shape the response into chosen[], the one with the most counts first. */
static size_t choose(struct ixs_standard *standard, size_t a, struct ixs_trace **chosen)
{
    size_t n = 0;
    for (size_t t = 0; t < standard->traces.count; t++) {
        struct ixs_trace *trace = &standard->traces.list[t];
        if (trace->analyzer != a || !trace->shaping)
            continue;
        chosen[n++] = trace;
        if (trace->peak > chosen[0]->peak) {
            chosen[n - 1] = chosen[0];
            chosen[0] = trace;
        }
    }
    return n;
}

static void forget(struct ixs_standard *standard, size_t a)
{
    for (size_t t = 0; t < standard->traces.count; t++)
        if (standard->traces.list[t].analyzer == a)
            standard->traces.list[t].lit = standard->traces.list[t].shaping = false;
}

static bool fit_cores(struct ixs_standard *standard, size_t a, struct ixs_err *err)
{
    const struct ixs_response *response = &standard->results[a].shape.response;
    bool ok = true;
    for (size_t t = 0; ok && t < standard->traces.count; t++)
        if (standard->traces.list[t].analyzer == a && standard->traces.list[t].lit)
            ok = ixs_core_fit(&standard->traces.list[t], response, err);
    return ok;
}

/* Why an analyzer has no response. */
static void excuse(const struct ixs_standard *standard, size_t a)
{
    const struct ixs_analyzer *analyzer = &standard->task->experiment->instrument.analyzers[a];
    char *reason = standard->results[a].reason;
    size_t room = sizeof standard->results[a].reason;
    double opening = NAN;
    const struct ixs_trace *best = NULL;
    bool lit = false;
    for (size_t t = 0; t < standard->traces.count; t++) {
        const struct ixs_trace *trace = &standard->traces.list[t];
        if (trace->analyzer != a || trace->known)
            continue;
        lit = lit || trace->shaping;
        if (trace->masked)
            opening = trace->opening;
        if (best == NULL || trace->peak > best->peak)
            best = trace;
    }
    if (best == NULL)
        snprintf(reason, room, "no reference scan has a column %s", analyzer->name);
    else if (lit)
        snprintf(reason, room, "no sum of lines fits its response");
    else if (isfinite(opening))
        snprintf(reason, room, "lit by no scan with its mask open (%s %g in the others)",
                 analyzer->mask, opening);
    else
        ixs_trace_excuse(best, room, reason);
}

double ixs_standard_floor(const struct ixs_standard *standard, size_t n,
                          struct ixs_trace *const *traces)
{
    double floor = 0;
    for (size_t s = 0; s < n; s++)
        floor = fmax(floor, least_steps * traces[s]->step);
    return fmax(floor, standard->task->experiment->instrument.narrowest);
}

/* The traces that a response is fitted to; the caller frees them. */
static bool shape_task(struct ixs_standard *standard, size_t a, struct ixs_shape_task *out,
                       struct ixs_err *err)
{
    *out = (struct ixs_shape_task){.jitter = standard->jitter};
    out->most = standard->task->form == IXS_STANDARD_SINGLE ? 1 : IXS_SHAPE_MOST;
    if (!IXS_NEW(out->traces, standard->traces.count, err))
        return false;
    out->ntraces = choose(standard, a, out->traces);
    out->floor = ixs_standard_floor(standard, out->ntraces, out->traces);
    return true;
}

/* Fits the response of one analyzer with the jitter that all have in common (NaN: with its own). */
static bool fit_shape(struct ixs_standard *standard, size_t a, struct ixs_err *err)
{
    struct ixs_standard_result *result = &standard->results[a];
    struct ixs_shape_task task;
    if (!shape_task(standard, a, &task, err))
        return false;
    result->calibrated = task.ntraces > 0 && ixs_shape_fit(&result->shape, &task, err);
    free(task.traces);
    return err->code == IXS_OK;
}

/* These run for one analyzer each: they touch its own traces and its own result only. */
static bool look(void *context, size_t a, size_t worker, struct ixs_err *err)
{
    (void)worker;
    return fit_shape(context, a, err);
}

static bool calibrate(void *context, size_t a, size_t worker, struct ixs_err *err)
{
    struct ixs_standard *standard = context;
    struct ixs_standard_result *result = &standard->results[a];
    (void)worker;
    if (!fit_shape(standard, a, err))
        return false;
    if (result->calibrated)
        return fit_cores(standard, a, err);
    excuse(standard, a);
    forget(standard, a);
    return true;
}

/* Without one response there is nothing to write: most likely these are no reference scans. */
static bool any_calibrated(const struct ixs_standard *standard, struct ixs_err *err)
{
    const struct ixs_instrument *instrument = &standard->task->experiment->instrument;
    size_t best = 0;
    double most = -1;
    for (size_t a = 0; a < instrument->nanalyzers; a++)
        if (standard->results[a].calibrated)
            return true;
    for (size_t t = 0; t < standard->traces.count; t++)
        if (standard->traces.list[t].peak > most) {
            most = standard->traces.list[t].peak;
            best = standard->traces.list[t].analyzer;
        }
    return ixs_fail(err, IXS_INPUT,
                    "found no response of any analyzer in %zu scans (%s: %s), expected scans of a "
                    "sample that scatters elastically",
                    standard->task->nscans, instrument->analyzers[best].name,
                    standard->results[best].reason);
}

/* All analyzers look at the same axis: their median jitter is surer than that of each, which a few
 * points on the flanks of one line tell. */
static bool share_jitter(struct ixs_standard *standard, struct ixs_err *err)
{
    size_t n = 0, nanalyzers = standard->task->experiment->instrument.nanalyzers;
    double *found = NULL;
    if (!IXS_NEW(found, nanalyzers, err))
        return false;
    for (size_t a = 0; a < nanalyzers; a++)
        if (standard->results[a].calibrated)
            found[n++] = standard->results[a].shape.jitter;
    standard->jitter = ixs_median(n, found);
    free(found);
    return true;
}

/* An energy scan that lights nothing is perhaps no reference scan: not to be passed over silently.
 */
static bool tell_dark(const struct ixs_standard *standard, struct ixs_err *err)
{
    const struct ixs_traces *traces = &standard->traces;
    bool *seen = NULL, *lit = NULL, *known = NULL;
    size_t nscans = standard->task->nscans;
    bool ok =
        IXS_NEW(seen, nscans, err) && IXS_NEW(lit, nscans, err) && IXS_NEW(known, nscans, err);
    for (size_t t = 0; ok && t < traces->count; t++) {
        seen[traces->list[t].scan] = true;
        lit[traces->list[t].scan] = lit[traces->list[t].scan] || traces->list[t].lit;
        known[traces->list[t].scan] = known[traces->list[t].scan] || traces->list[t].known;
    }
    for (size_t s = 0; ok && s < nscans; s++)
        if (seen[s] && !lit[s] && !known[s])
            ixs_note(standard->task->notes, NULL, 0,
                     "scan %lld of %s tells nothing: it lights no analyzer, as a reference sample "
                     "would",
                     (long long)standard->task->scans[s].keys.scan,
                     standard->task->scans[s].keys.source);
    free(seen);
    free(lit);
    free(known);
    return ok;
}

static bool fit_cores_again(void *context, size_t a, size_t worker, struct ixs_err *err)
{
    const struct ixs_standard *standard = context;
    (void)worker;
    return !standard->results[a].calibrated || fit_cores(context, a, err);
}

static bool remove_inelastic(struct ixs_standard *standard, struct ixs_err *err)
{
    return ixs_standard_remove(standard, err) &&
           (standard->removal == IXS_REMOVAL_NONE ||
            ixs_parallel(standard->task->experiment->instrument.nanalyzers, standard->task->threads,
                         fit_cores_again, standard, err));
}

/* Responses with what the analyzers tell each other of the axis, which the better responses tell
 * better. */
static bool share_axis(struct ixs_standard *standard, struct ixs_err *err)
{
    const struct ixs_standard_task *task = standard->task;
    bool ok = true;
    for (int round = 0; ok && round < axis_rounds && standard->jitter > 0; round++)
        ok = ixs_standard_axis(standard, err) &&
             ixs_parallel(task->experiment->instrument.nanalyzers, task->threads, calibrate,
                          standard, err);
    return ok;
}

static bool smooth_one(void *context, size_t a, size_t worker, struct ixs_err *err)
{
    struct ixs_standard *standard = context;
    struct ixs_shape_task task;
    (void)worker;
    if (!standard->results[a].calibrated)
        return true;
    if (!shape_task(standard, a, &task, err))
        return false;
    bool done = ixs_shape_smooth(&standard->results[a].shape, &task, err);
    free(task.traces);
    return err->code == IXS_OK && (!done || fit_cores(standard, a, err));
}

/* Tables in place of the sums, where that is asked for. */
static bool smooth(struct ixs_standard *standard, struct ixs_err *err)
{
    const struct ixs_standard_task *task = standard->task;
    return task->form != IXS_STANDARD_TABLE ||
           ixs_parallel(task->experiment->instrument.nanalyzers, task->threads, smooth_one,
                        standard, err);
}

static void dispose(struct ixs_standard *standard)
{
    ixs_traces_dispose(&standard->traces);
    free(standard->results);
    free(standard->density);
    free(standard->lines);
    ixs_standard_forget_drift(standard);
}

/* Zeros from the reference scans, then from all scans with an elastic line. */
static bool find_zeros(struct ixs_standard *standard, struct ixs_err *err)
{
    return ixs_standard_zeros(standard, err) && ixs_standard_drift(standard, err) &&
           ixs_standard_lines(standard, err) && ixs_standard_zeros(standard, err) &&
           ixs_standard_drift(standard, err) && ixs_standard_scale(standard, err);
}

/* All of it with the energies as they are, times task->scale. */
static bool calibrate_once(struct ixs_calib *out, const struct ixs_standard_task *task,
                           struct ixs_err *err)
{
    const struct ixs_instrument *instrument = &task->experiment->instrument;
    struct ixs_standard standard = {.task = task, .jitter = NAN};
    standard.keys.prior = standard.keys.prior_err = NAN;
    *out = (struct ixs_calib){0};
    bool ok = IXS_NEW(standard.results, instrument->nanalyzers, err) &&
              ixs_traces_gather(&standard.traces, task, err) &&
              ixs_traces_judge(&standard.traces, instrument, err) && tell_dark(&standard, err) &&
              ixs_parallel(instrument->nanalyzers, task->threads, look, &standard, err) &&
              share_jitter(&standard, err) &&
              ixs_parallel(instrument->nanalyzers, task->threads, calibrate, &standard, err) &&
              any_calibrated(&standard, err) && share_axis(&standard, err) &&
              ixs_standard_join(&standard, err) && remove_inelastic(&standard, err) &&
              smooth(&standard, err) && find_zeros(&standard, err) &&
              ixs_standard_efficiencies(&standard, err) && ixs_standard_widths(&standard, err) &&
              ixs_standard_repeats(&standard, err) && ixs_standard_tables(out, &standard, err);
    dispose(&standard);
    return ok;
}

/* Where a known line tells the scale, widths and zeros are found again on that scale. */
bool ixs_standard_calibrate(struct ixs_calib *out, const struct ixs_standard_task *task,
                            struct ixs_err *err)
{
    struct ixs_standard_task again = *task;
    struct ixs_notes silence = {0};
    if (!calibrate_once(out, task, err) || !isfinite(out->keys.scale))
        return err->code == IXS_OK;
    again.scale = out->keys.scale;
    again.notes = &silence;
    ixs_calib_dispose(out);
    bool ok = calibrate_once(out, &again, err);
    out->keys.scale *= again.scale;
    out->keys.scale_err *= again.scale;
    ixs_notes_dispose(&silence);
    return ok;
}
