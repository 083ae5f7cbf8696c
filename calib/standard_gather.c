/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reference scans to traces: the usable points of each analyzer in each scan, with their exposure,
 * made and flagged as ixs-reduce does it, with efficiency 1.
 */
#include "calib/standard_parts.h"

#include "calib/arm.h"
#include "calib/energy.h"
#include "calib/exposure.h"
#include "calib/quality.h"
#include "calib/temperature.h"

#include "base/array.h"
#include "base/median.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct axis { /* columns of one scan, and what holds for the whole of it */
    const struct ixs_raw *raw;
    size_t scan;
    long energy, time, monitor; /* column; -1: none */
    double scale, origin;       /* meV per recorded unit; meV */
    double reference;           /* monitor count/s */
    double wavelength;          /* Angstrom */
    double kelvin, clock;       /* of the sample; s since 1970 */
    const char *sample;
};

static double cell(const struct ixs_raw *raw, size_t point, long column)
{
    return raw->values[point * raw->nlabels + (size_t)column];
}

static void span(const struct ixs_raw *raw, long column, double *lo, double *hi)
{
    *lo = INFINITY;
    *hi = -INFINITY;
    for (size_t i = 0; i < raw->npoints; i++) {
        double value = cell(raw, i, column);
        if (isfinite(value)) {
            *lo = fmin(*lo, value);
            *hi = fmax(*hi, value);
        }
    }
}

/* NULL, or why a scan cannot serve as a reference. */
static const char *complaint(const struct ixs_instrument *instrument, const struct ixs_raw *raw)
{
    double lo, hi, width = isfinite(instrument->fwhm) ? instrument->fwhm : 0;
    long energy = ixs_raw_label(raw, instrument->energy);
    if (strcmp(raw->keys.ended, "WRITING") == 0)
        return "it is still being written";
    if (energy < 0)
        return "it has no column of the energy axis";
    if (ixs_raw_label(raw, instrument->time) < 0)
        return "it has no column of the counting time";
    span(raw, energy, &lo, &hi);
    if (!((hi - lo) * fabs(instrument->energy_scale) > 4 * width))
        return "it does not scan the energy over a line's width";
    return NULL;
}

/* What the experiment states of the sample goes over what the scan does. */
static void find_sample(struct axis *axis, const struct ixs_experiment *experiment)
{
    const struct ixs_reference *stated = ixs_experiment_reference(experiment, axis->raw->keys.scan);
    const double lambda[] = {experiment->wavelength, axis->raw->keys.lambda,
                             experiment->instrument.wavelength};
    struct ixs_temperature found;
    ixs_temperature_find(&found, axis->raw, experiment, NULL, NULL);
    axis->kelvin = stated != NULL && stated->temperature > 0 ? stated->temperature : found.kelvin;
    axis->sample = stated != NULL ? stated->name : axis->raw->identity.object;
    axis->clock = ixs_standard_clock(axis->raw->identity.date);
    axis->wavelength = NAN;
    for (size_t i = 0; i < IXS_COUNT(lambda) && !(axis->wavelength > 0); i++)
        axis->wavelength = lambda[i];
}

static struct axis axis_of(const struct ixs_standard_task *task, size_t scan)
{
    const struct ixs_instrument *instrument = &task->experiment->instrument;
    const struct ixs_raw *raw = &task->scans[scan];
    bool monitored = instrument->monitor[0] != '\0';
    return (struct axis){
        .raw = raw,
        .scan = scan,
        .energy = ixs_raw_label(raw, instrument->energy),
        .time = ixs_raw_label(raw, instrument->time),
        .monitor = monitored ? ixs_raw_label(raw, instrument->monitor) : -1,
        .scale = instrument->energy_scale,
        .origin = ixs_energy_origin(instrument, &raw->keys),
    };
}

/* The rate that exposures refer to: stated, or the median of all scans, so that areas of different
 * scans can be compared. */
static bool reference_rate(const struct ixs_standard_task *task, const bool *usable, double *rate,
                           struct ixs_err *err)
{
    double *rates = NULL;
    size_t n = 0;
    bool ok = IXS_NEW(rates, task->nscans, err);
    for (size_t s = 0; ok && s < task->nscans; s++) {
        struct axis axis = axis_of(task, s);
        if (!usable[s] || axis.monitor < 0)
            continue;
        ok = ixs_exposure_median_rate(axis.raw, axis.monitor, axis.time, &rates[n], err);
        n += ok && isfinite(rates[n]);
    }
    *rate = task->experiment->instrument.reference;
    if (ok && !(*rate > 0))
        *rate = ixs_median(n, rates);
    free(rates);
    return ok;
}

/* Point i with its flags, as ixs-reduce makes them. Without a monitor the beam is taken as steady.
 */
static struct ixs_point point_of(const struct axis *axis, long column, size_t i,
                                 const struct ixs_analyzer *analyzer,
                                 const struct ixs_experiment *experiment)
{
    const struct ixs_raw_keys *keys = &axis->raw->keys;
    struct ixs_chain chain = {axis->reference, 1, 0, 0};
    struct ixs_point point = {.energy_raw = cell(axis->raw, i, axis->energy)};
    double time = cell(axis->raw, i, axis->time);
    double monitor = axis->monitor < 0 ? time * axis->reference : cell(axis->raw, i, axis->monitor);
    chain.dead_time = analyzer->dead_time > 0 ? analyzer->dead_time : 0;
    point.energy = axis->scale * point.energy_raw + axis->origin;
    ixs_exposure_point(&point, cell(axis->raw, i, column), time, monitor, &chain);
    if (!isfinite(point.energy))
        point.flags |= IXS_FLAG_ENERGY;
    if (ixs_experiment_excludes(experiment, keys->scan, keys->order, analyzer->name, (int64_t)i + 1,
                                point.energy_raw) != NULL)
        point.flags |= IXS_FLAG_EXCLUDED;
    return point;
}

static bool take_points(struct ixs_trace *trace, const struct axis *axis, long column,
                        const struct ixs_experiment *experiment, struct ixs_err *err)
{
    const struct ixs_analyzer *analyzer = &experiment->instrument.analyzers[trace->analyzer];
    struct ixs_point *points = NULL;
    size_t n = axis->raw->npoints;
    if (!IXS_NEW(points, n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        points[i] = point_of(axis, column, i, analyzer, experiment);
    if (isfinite(experiment->instrument.narrowest))
        ixs_quality_bursts(n, points, experiment->instrument.narrowest);
    for (size_t i = 0; i < n; i++) {
        if (points[i].flags != 0)
            continue;
        trace->row[trace->npoints] = i;
        trace->energy[trace->npoints] = points[i].energy;
        trace->counts[trace->npoints] = points[i].counts;
        trace->exposure[trace->npoints++] = points[i].exposure;
    }
    free(points);
    return true;
}

static bool trace_of(struct ixs_traces *out, const struct axis *axis, size_t a,
                     const struct ixs_experiment *experiment, struct ixs_err *err)
{
    const struct ixs_instrument *instrument = &experiment->instrument;
    const struct ixs_analyzer *analyzer = &instrument->analyzers[a];
    long column = ixs_raw_label(axis->raw, analyzer->name);
    if (column < 0 || axis->raw->npoints == 0)
        return true;
    if (!IXS_MORE(out->list, &out->capacity, out->count, err))
        return false;
    struct ixs_trace *trace = &out->list[out->count++];
    size_t n = axis->raw->npoints;
    trace->analyzer = a;
    trace->scan = axis->scan;
    trace->two_theta = ixs_arm_scattering(instrument, analyzer, axis->raw);
    trace->opening = analyzer->mask[0] ? ixs_raw_motor(axis->raw, analyzer->mask) : NAN;
    trace->q = 4 * IXS_PI / axis->wavelength * sin(0.5 * trace->two_theta * IXS_DEGREE);
    trace->kelvin = axis->kelvin;
    trace->time = axis->clock;
    ixs_copy(trace->sample, sizeof trace->sample, axis->sample);
    return IXS_NEW(trace->energy, n, err) && IXS_NEW(trace->counts, n, err) &&
           IXS_NEW(trace->exposure, n, err) && IXS_NEW(trace->row, n, err) &&
           take_points(trace, axis, column, experiment, err);
}

static bool check_scans(const struct ixs_standard_task *task, bool *usable, struct ixs_err *err)
{
    size_t n = 0;
    const char *why = "";
    for (size_t s = 0; s < task->nscans; s++) {
        const char *found = complaint(&task->experiment->instrument, &task->scans[s]);
        usable[s] = found == NULL;
        n += usable[s];
        if (found == NULL)
            continue;
        why = found;
        ixs_note(task->notes, NULL, 0, "scan %lld of %s is passed over: %s",
                 (long long)task->scans[s].keys.scan, task->scans[s].keys.source, found);
    }
    if (n == 0)
        return ixs_fail(err, IXS_INPUT,
                        "found no reference scan among %zu (%s), expected a scan "
                        "of %s",
                        task->nscans, why, task->experiment->instrument.energy);
    return true;
}

bool ixs_traces_gather(struct ixs_traces *out, const struct ixs_standard_task *task,
                       struct ixs_err *err)
{
    bool *usable = NULL;
    double reference = NAN;
    bool ok = IXS_NEW(usable, task->nscans, err) && check_scans(task, usable, err) &&
              reference_rate(task, usable, &reference, err);
    for (size_t s = 0; ok && s < task->nscans; s++) {
        struct axis axis = axis_of(task, s);
        axis.reference = axis.monitor < 0 ? 1 : reference;
        find_sample(&axis, task->experiment);
        for (size_t a = 0; ok && usable[s] && a < task->experiment->instrument.nanalyzers; a++)
            ok = trace_of(out, &axis, a, task->experiment, err);
    }
    free(usable);
    return ok;
}

void ixs_traces_dispose(struct ixs_traces *traces)
{
    for (size_t t = 0; t < traces->count; t++) {
        free(traces->list[t].energy);
        free(traces->list[t].counts);
        free(traces->list[t].exposure);
        free(traces->list[t].row);
    }
    free(traces->list);
    *traces = (struct ixs_traces){0};
}
