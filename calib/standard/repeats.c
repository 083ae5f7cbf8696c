/* SPDX-License-Identifier: GPL-3.0-or-later
 * What repeats of a setting tell: how areas and widths change with time, which is what radiation
 * does to a reference sample (Ishikawa & Baron, J. Synchrotron Rad. 28, 804, 2021), and the table
 * of all settings.
 *
 * Values y of one analyzer at one angle, of one sample, share their level: with t the time,
 *   slope = Sum (t - <t>)(y - <y>)/Sum (t - <t>)^2        over all such groups together,
 * its error from what the values scatter about that.
 */
#include "calib/standard/parts.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double longest_beamtime = 30;  /* days */
static const double same_angle = 0.1;       /* pitches */
static const double noted = 3;              /* errors */
static const double harm[2] = {0.02, 0.01}; /* relative, over the run: below nobody minds */

/* Seconds since 1970 of "Wed Feb 07 10:46:47 2018" or "2018-02-07T10:46:47"; NaN if it is neither.
 */
double ixs_standard_clock(const char *date)
{
    static const char *const forms[] = {"%a %b %d %H:%M:%S %Y", "%Y-%m-%dT%H:%M:%S",
                                        "%Y-%m-%d %H:%M:%S"};
    for (size_t i = 0; i < IXS_COUNT(forms); i++) {
        struct tm when = {0};
        if (strptime(date, forms[i], &when) != NULL)
            return (double)timegm(&when);
    }
    return NAN;
}

struct repeat {
    size_t group;
    double time, value[2]; /* h; logarithms of area and width */
};

static bool same_setting(const struct ixs_trace *a, const struct ixs_trace *b, double pitch)
{
    return a->analyzer == b->analyzer && strcmp(a->sample, b->sample) == 0 &&
           !(fabs(a->two_theta - b->two_theta) > same_angle * pitch) &&
           !(fabs(a->kelvin - b->kelvin) > 1);
}

static bool tells(const struct ixs_trace *trace)
{
    return trace->lit && trace->loose.area > 0 && trace->core.stretch > 0 && isfinite(trace->time);
}

static size_t gather(const struct ixs_standard *standard, struct repeat *repeats)
{
    const struct ixs_traces *traces = &standard->traces;
    double pitch = standard->task->experiment->instrument.pitch;
    size_t n = 0;
    for (size_t t = 0; t < traces->count; t++) {
        const struct ixs_trace *trace = &traces->list[t];
        size_t first = 0;
        if (!tells(trace))
            continue;
        while (!tells(&traces->list[first]) || !same_setting(trace, &traces->list[first], pitch))
            first++;
        repeats[n++] = (struct repeat){
            first, trace->time / 3600, {log(trace->loose.area), log(trace->core.stretch)}};
    }
    return n;
}

/* Takes the mean of each group off; returns the number of groups. */
static size_t level(size_t n, struct repeat *repeats)
{
    size_t ngroups = 0;
    for (size_t i = 0; i < n; i++) {
        double count = 0, sum[3] = {0};
        if (repeats[i].group == SIZE_MAX)
            continue;
        size_t group = repeats[i].group;
        for (size_t k = i; k < n; k++)
            if (repeats[k].group == group) {
                count++;
                sum[0] += repeats[k].time;
                sum[1] += repeats[k].value[0];
                sum[2] += repeats[k].value[1];
            }
        for (size_t k = i; k < n; k++)
            if (repeats[k].group == group) {
                repeats[k].time -= sum[0] / count;
                repeats[k].value[0] -= sum[1] / count;
                repeats[k].value[1] -= sum[2] / count;
                repeats[k].group = SIZE_MAX;
            }
        ngroups++;
    }
    return ngroups;
}

static void slope_of(size_t n, size_t ngroups, const struct repeat *repeats, size_t which,
                     double *slope, double *error)
{
    double tt = 0, ty = 0, rest = 0;
    *slope = *error = NAN;
    for (size_t i = 0; i < n; i++) {
        tt += repeats[i].time * repeats[i].time;
        ty += repeats[i].time * repeats[i].value[which];
    }
    if (n < ngroups + 2 || !(tt > 0))
        return;
    *slope = ty / tt;
    for (size_t i = 0; i < n; i++) {
        double left = repeats[i].value[which] - *slope * repeats[i].time;
        rest += left * left;
    }
    *error = sqrt(rest / (double)(n - ngroups - 1) / tt);
}

/* From the first to the last scan, s. */
static double span(const struct ixs_standard *standard)
{
    double first = INFINITY, last = -INFINITY;
    for (size_t t = 0; t < standard->traces.count; t++) {
        first = fmin(first, standard->traces.list[t].time);
        last = fmax(last, standard->traces.list[t].time);
    }
    return last - first;
}

/* Two beamtimes by mistake are read as one whose zeros drift. */
static void tell_span(const struct ixs_standard *standard)
{
    double days = span(standard) / 86400;
    if (days > longest_beamtime)
        ixs_note(
            standard->task->notes, NULL, 0,
            "reference scans span %.0f days: zeros and their drift are taken as of one beamtime",
            days);
}

static void tell(const struct ixs_standard *standard, const char *what, double slope, double error,
                 double least)
{
    double hours = span(standard) / 3600;
    int digits = error > 0 ? (int)fmax(0, ceil(-log10(100 * error))) : 2;
    if (fabs(slope) > noted * error && fabs(slope) * hours > least)
        ixs_note(standard->task->notes, NULL, 0,
                 "%s change by %.*f +- %.*f %% an hour at unchanged settings: is the reference "
                 "sample damaged by the beam, or the beam's position drifting?",
                 what, digits, 100 * slope, digits, 100 * error);
}

bool ixs_standard_repeats(struct ixs_standard *standard, struct ixs_err *err)
{
    struct ixs_calib_keys *keys = &standard->keys;
    struct repeat *repeats = NULL;
    if (!IXS_NEW(repeats, standard->traces.count, err))
        return false;
    size_t n = gather(standard, repeats), ngroups = level(n, repeats);
    slope_of(n, ngroups, repeats, 0, &keys->fading, &keys->fading_err);
    slope_of(n, ngroups, repeats, 1, &keys->widening, &keys->widening_err);
    tell(standard, "areas", keys->fading, keys->fading_err, harm[0]);
    tell(standard, "widths", keys->widening, keys->widening_err, harm[1]);
    tell_span(standard);
    free(repeats);
    return true;
}

static struct ixs_calib_setting row_of(const struct ixs_standard *standard,
                                       const struct ixs_trace *trace, double first)
{
    const struct ixs_trace_fit *core = &trace->core;
    struct ixs_calib_setting row = {
        .scan = standard->task->scans[trace->scan].keys.scan,
        .temperature = trace->kelvin,
        .two_theta = trace->two_theta,
        .q = trace->q,
        .opening = trace->opening,
        .slit_x = trace->gap[0],
        .slit_z = trace->gap[1],
        .time = trace->time - first,
        .shaping = trace->shaping,
        .zero = core->zero,
        .zero_err = core->zero_err,
        .area = core->area,
        .area_err = core->area_err,
        .stretch = core->stretch,
        .stretch_err = core->stretch_err,
        .inelastic = trace->inelastic != NULL ? trace->share : NAN,
        .inelastic_err = trace->inelastic != NULL ? trace->share_err : NAN,
        .background = trace->shaping ? trace->shape.background : core->background,
        .deviance = trace->shaping
                        ? ixs_shape_deviance(&standard->results[trace->analyzer].shape, trace)
                        : NAN,
        .npoints = (int64_t)trace->npoints,
    };
    const char *name = standard->task->experiment->instrument.analyzers[trace->analyzer].name;
    ixs_copy(row.analyzer, sizeof row.analyzer, name);
    ixs_copy(row.sample, sizeof row.sample, trace->sample);
    return row;
}

bool ixs_standard_settings(struct ixs_calib *out, const struct ixs_standard *standard,
                           struct ixs_err *err)
{
    const struct ixs_traces *traces = &standard->traces;
    double first = INFINITY;
    if (!IXS_NEW(out->settings, traces->count, err))
        return false;
    for (size_t t = 0; t < traces->count; t++)
        first = fmin(first, traces->list[t].time);
    for (size_t t = 0; t < traces->count; t++)
        if (traces->list[t].lit)
            out->settings[out->nsettings++] = row_of(standard, &traces->list[t], first);
    return true;
}
