/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which traces are lit, and which of them shape the response of their analyzer.
 *
 * The response comes from the scattering angle at which the analyzer is brightest. What a reference
 * sample scatters inelastically changes with the angle while its elastic line changes more: beside
 * the structure-factor peak of plexiglas the wings at 2-8 meV stand 30-100 % higher over the line
 * (docs/calibration.md), so one shape for all angles is not the response of the analyzer.
 * Of several temperatures the lowest counts, and of several samples the one with the best scan.
 * Short scans at that angle are left out of the shape too, for they add few counts and the jitter
 * of the energy axis, which long counting averages; like all lit scans they tell zeros, areas and
 * how well widths repeat.
 */
#include "calib/standard/parts.h"

#include "base/array.h"
#include "base/median.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_PEAK = 300 };               /* counts: a peak known to 6 % */
static const double over_ground = 10;    /* times the median point */
static const double of_brightest = 0.02; /* less is a shadowed analyzer's glimmer */
static const double same_angle = 0.25;   /* pitches */
static const double same_opening = 0.95;
static const double least_share = 0.25; /* of the counts of the best scan, see above */
static const double as_cold = 1.1;      /* warmer scans have more inelastic light */

static double middle(double a, double b, double c)
{
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* Looks at medians of three neighbours, so that a burst in one point is no peak. */
static void find_peak(struct ixs_trace *trace)
{
    double best = -1;
    for (size_t i = 1; i + 1 < trace->npoints; i++) {
        const double *n = trace->counts + i, *x = trace->exposure + i;
        double rate = middle(n[-1] / x[-1], n[0] / x[0], n[1] / x[1]);
        if (rate > best) {
            best = rate;
            trace->apex = trace->energy[i];
            trace->peak = middle(n[-1], n[0], n[1]);
        }
    }
    trace->brightness = best;
}

/* Needs room[npoints]. */
static void measure(struct ixs_trace *trace, const struct ixs_instrument *instrument, double *room)
{
    double lo = INFINITY, hi = -INFINITY,
           margin = isfinite(instrument->fwhm) ? instrument->fwhm : 0;
    find_peak(trace);
    for (size_t i = 0; i < trace->npoints; i++) {
        room[i] = trace->counts[i];
        lo = fmin(lo, trace->energy[i]);
        hi = fmax(hi, trace->energy[i]);
    }
    trace->ground = ixs_median(trace->npoints, room);
    trace->at_end = !(trace->apex - lo > margin && hi - trace->apex > margin);
    trace->lit = !trace->known && trace->peak >= LEAST_PEAK &&
                 trace->peak > over_ground * trace->ground && !trace->at_end;
    for (size_t i = 1; i < trace->npoints; i++)
        room[i - 1] = fabs(trace->energy[i] - trace->energy[i - 1]);
    trace->step = trace->npoints > 1 ? ixs_median(trace->npoints - 1, room) : NAN;
}

void ixs_trace_excuse(const struct ixs_trace *trace, size_t size, char *room)
{
    const char *what = "no scan lights it:";
    if (trace->peak < LEAST_PEAK)
        snprintf(room, size, "%s %.0f counts at most, %d are needed", what, trace->peak,
                 LEAST_PEAK);
    else if (trace->peak <= over_ground * trace->ground)
        snprintf(room, size, "%s %.0f counts at most, not %g times the median of %.0f", what,
                 trace->peak, over_ground, trace->ground);
    else
        snprintf(room, size, "%s its peak of %.0f counts is at an end", what, trace->peak);
}

static void judge_mask(const struct ixs_traces *traces, struct ixs_trace *trace,
                       const struct ixs_analyzer *analyzer)
{
    double widest = analyzer->open;
    if (!isfinite(widest)) {
        widest = -INFINITY;
        for (size_t t = 0; t < traces->count; t++)
            if (traces->list[t].analyzer == trace->analyzer && isfinite(traces->list[t].opening))
                widest = fmax(widest, same_opening * traces->list[t].opening);
    }
    trace->masked = trace->opening < widest;
}

/* The brightest of the lit traces of an analyzer, by its rate or by its counts. */
static const struct ixs_trace *brightest(const struct ixs_traces *traces, size_t analyzer,
                                         bool by_counts, double most_kelvin)
{
    const struct ixs_trace *best = NULL;
    for (size_t t = 0; t < traces->count; t++) {
        const struct ixs_trace *trace = &traces->list[t];
        if (trace->analyzer != analyzer || !trace->lit || trace->masked ||
            trace->kelvin > most_kelvin)
            continue;
        if (best == NULL ||
            (by_counts ? trace->peak > best->peak : trace->brightness > best->brightness))
            best = trace;
    }
    return best;
}

/* The coldest of the lit traces of an analyzer, K; NaN if no temperature is known. */
static double coldest(const struct ixs_traces *traces, size_t analyzer)
{
    double kelvin = NAN;
    for (size_t t = 0; t < traces->count; t++) {
        const struct ixs_trace *trace = &traces->list[t];
        if (trace->analyzer == analyzer && trace->lit && !trace->masked)
            kelvin = fmin(kelvin, trace->kelvin);
    }
    return kelvin;
}

/* The response depends on the part of the analyzer that is lit. */
bool ixs_trace_same_slits(const struct ixs_trace *a, const struct ixs_trace *b)
{
    bool same = true;
    for (int k = 0; k < 2; k++)
        same = same && !(fmin(a->gap[k], b->gap[k]) < same_opening * fmax(a->gap[k], b->gap[k]));
    return same;
}

static void judge_analyzer(struct ixs_traces *traces, const struct ixs_instrument *instrument,
                           size_t a)
{
    double cold = coldest(traces, a);
    const struct ixs_trace *bright = brightest(traces, a, false, INFINITY);
    const struct ixs_trace *best = brightest(traces, a, true, as_cold * cold);
    double least = bright != NULL ? of_brightest * bright->brightness : 0;
    double angle = best != NULL ? best->two_theta : NAN, peak = best != NULL ? best->peak : 0;
    for (size_t t = 0; t < traces->count; t++) {
        struct ixs_trace *trace = &traces->list[t];
        if (trace->analyzer != a)
            continue;
        trace->lit = trace->lit && !trace->masked && trace->brightness >= least;
        trace->shaping =
            trace->lit && trace->peak >= least_share * peak && !(trace->kelvin > as_cold * cold) &&
            (best == NULL ||
             (strcmp(trace->sample, best->sample) == 0 && ixs_trace_same_slits(trace, best))) &&
            !(fabs(trace->two_theta - angle) > same_angle * ixs_instrument_pitch(instrument));
    }
}

bool ixs_traces_judge(struct ixs_traces *traces, const struct ixs_instrument *instrument,
                      struct ixs_err *err)
{
    size_t most = 0;
    double *room = NULL;
    for (size_t t = 0; t < traces->count; t++)
        most = traces->list[t].npoints > most ? traces->list[t].npoints : most;
    if (!IXS_NEW(room, most, err))
        return false;
    for (size_t t = 0; t < traces->count; t++) {
        struct ixs_trace *trace = &traces->list[t];
        measure(trace, instrument, room);
        judge_mask(traces, trace, &instrument->analyzers[trace->analyzer]);
    }
    for (size_t a = 0; a < instrument->nanalyzers; a++)
        judge_analyzer(traces, instrument, a);
    free(room);
    return true;
}
