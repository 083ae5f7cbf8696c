/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lines of known energy in scans of samples: where they stand, found with the responses that the
 * reference scans gave. A line is looked for about the place where zero and scale as they are put
 * it, and taken only if it stands five errors above its background.
 */
#include "calib/standard/parts.h"

#include <inttypes.h>
#include <math.h>

static const double reach = 1.0, sure = 3.0; /* FWHM and errors of the drift, to either side */
static const double scale_reach = 0.04;      /* of its energy, to either side */
static const double least_area = 5.0;        /* errors */
static const double least_stretch = 0.7, most_stretch = 1.4; /* else it is no line alone */

static double middle(double a, double b, double c)
{
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* The highest median of three neighbours within the window; false if there are no points. */
static bool find_apex(struct ixs_trace *trace, double at, double half)
{
    double best = -1.0;
    for (size_t i = 1; i + 1 < trace->npoints; i++) {
        const double *n = trace->counts + i, *x = trace->exposure + i;
        double rate = middle(n[-1] / x[-1], n[0] / x[0], n[1] / x[1]);
        if (fabs(trace->energy[i] - at) > half || !(rate > best))
            continue;
        best = rate;
        trace->apex = trace->energy[i];
    }
    trace->brightness = best;
    return best > 0.0;
}

/* A line of the response's width, well above its background. */
static bool stands(const struct ixs_trace_fit *core, double fwhm)
{
    return core->zero_err > 0.0 && core->zero_err < 0.3 * fwhm &&
           core->area > least_area * core->area_err &&
           !(core->stretch + core->stretch_err < least_stretch) &&
           !(core->stretch - core->stretch_err > most_stretch);
}

static bool find_line(struct ixs_standard *standard, struct ixs_trace *trace,
                      struct ixs_standard_room *room, struct ixs_err *err)
{
    const struct ixs_standard_result *result = &standard->results[trace->analyzer];
    double drift, variance;
    if (!result->calibrated || !isfinite(result->zero) || trace->masked)
        return true;
    ixs_standard_foretell(standard, trace->scan, room, &drift, &variance);
    double fwhm = result->shape.fwhm, at = result->zero + drift + trace->energy_known;
    double half = reach * fwhm + sure * sqrt(variance) + scale_reach * fabs(trace->energy_known);
    if (!find_apex(trace, at, half) || fabs(trace->apex - at) > half - 1.5 * trace->step)
        return true; /* at the end of the window stands the flank of something else */
    if (!ixs_core_fit(trace, &result->shape.response, err))
        return false;
    trace->found = stands(&trace->core, fwhm) && fabs(trace->core.zero - at) < half;
    return true;
}

/* How many analyzers show a line, told scan by scan. */
static void tell(const struct ixs_standard *standard)
{
    for (size_t s = 0; s < standard->task->nscans; s++) {
        size_t known = 0, found = 0;
        for (size_t t = 0; t < standard->traces.count; t++) {
            const struct ixs_trace *trace = &standard->traces.list[t];
            known += trace->scan == s && trace->known;
            found += trace->scan == s && trace->found;
        }
        if (known > 0 && found == 0)
            ixs_note(standard->task->notes, NULL, 0,
                     "scan %" PRId64 " of %s: found no line where <elastic> or <line> has one, "
                     "expected it in one of %zu analyzers",
                     standard->task->scans[s].keys.scan, standard->task->scans[s].keys.source,
                     known);
    }
}

bool ixs_standard_lines(struct ixs_standard *standard, struct ixs_err *err)
{
    struct ixs_standard_room room = {0};
    bool ok = ixs_standard_room(&room, standard, err);
    for (size_t t = 0; ok && t < standard->traces.count; t++)
        if (standard->traces.list[t].known)
            ok = find_line(standard, &standard->traces.list[t], &room, err);
    if (ok)
        tell(standard);
    ixs_standard_room_dispose(&room);
    return ok;
}
