/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reference scans to traces: the usable points of each analyzer in each scan, with their exposure,
 * made and flagged as ixs-reduce does it, with efficiency 1.
 */
#include "calib/standard/parts.h"

#include "calib/instrument/acceptance.h"
#include "calib/instrument/arm.h"
#include "calib/energy/energy.h"
#include "calib/instrument/attenuator.h"
#include "calib/instrument/exposure.h"
#include "calib/instrument/quality.h"
#include "calib/experiment/temperature.h"

#include "base/array.h"
#include "base/median.h"
#include "base/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct axis { /* columns of one scan, and what holds for the whole of it */
    const struct ixs_raw *raw;
    size_t scan;
    struct ixs_axis energy;
    long time, monitor;   /* column; -1: none */
    double origin, scale; /* meV; of the energies, beside the instrument's */
    double reference;     /* monitor count/s */
    double wavelength;    /* Angstrom */
    double kelvin, clock; /* of the sample; s since 1970 */
    const char *sample;
};

static double cell(const struct ixs_raw *raw, size_t point, long column)
{
    return raw->values[point * raw->nlabels + (size_t)column];
}

/* NULL, or why a scan cannot serve as a reference. */
static const char *complaint(const struct ixs_instrument *instrument, const struct axis *axis)
{
    double lo, hi, width = isfinite(instrument->fwhm) ? instrument->fwhm : 0;
    if (strcmp(axis->raw->keys.ended, "WRITING") == 0)
        return "it is still being written";
    if (axis->time < 0)
        return "it has no column of the counting time";
    ixs_axis_range(&axis->energy, axis->raw, &lo, &hi);
    if (!(hi - lo > 4 * width))
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

/* Fills *out; false with the reason in `why` if the scan cannot serve. */
static bool axis_of(struct axis *out, const struct ixs_standard_task *task, size_t scan,
                    struct ixs_err *why)
{
    const struct ixs_instrument *instrument = &task->experiment->instrument;
    const struct ixs_raw *raw = &task->scans[scan];
    bool monitored = instrument->monitor[0] != '\0';
    *out = (struct axis){
        .raw = raw,
        .scan = scan,
        .time = ixs_raw_label(raw, instrument->time),
        .monitor = monitored ? ixs_raw_label(raw, instrument->monitor) : -1,
        .origin = ixs_energy_origin(instrument, &raw->keys),
        .scale = task->scale > 0 ? task->scale : 1,
    };
    if (!ixs_axis_open(&out->energy, raw, NULL, instrument, why))
        return false;
    const char *found = complaint(instrument, out);
    return found == NULL || ixs_fail(why, IXS_INPUT, "%s", found);
}

/* The rate that exposures refer to: stated, or the median of all scans, so that areas of different
 * scans can be compared. */
static bool reference_rate(const struct ixs_standard_task *task, size_t naxes,
                           const struct axis *axes, double *rate, struct ixs_err *err)
{
    double *rates = NULL;
    size_t n = 0;
    bool ok = IXS_NEW(rates, naxes, err);
    for (size_t s = 0; ok && s < naxes; s++) {
        if (axes[s].monitor < 0)
            continue;
        ok = ixs_exposure_median_rate(axes[s].raw, axes[s].monitor, axes[s].time,
                                      &task->experiment->instrument.monitoring, &rates[n], err);
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
    const struct ixs_instrument *instrument = &experiment->instrument;
    struct ixs_chain chain = {.reference = axis->reference, .efficiency = 1, .factor = 1};
    struct ixs_point point = {.energy_raw = cell(axis->raw, i, axis->energy.column)};
    double time = cell(axis->raw, i, axis->time);
    double monitor = axis->monitor < 0 ? time * axis->reference : cell(axis->raw, i, axis->monitor);
    const struct ixs_counted counted = {cell(axis->raw, i, column), time, monitor,
                                        ixs_attenuator_transmission(instrument, axis->raw, i)};
    if (axis->monitor >= 0)
        chain.monitoring = instrument->monitoring;
    chain.dead_time = analyzer->dead_time > 0 ? analyzer->dead_time : 0;
    point.energy =
        ixs_axis_energy(&axis->energy, axis->raw->values + i * axis->raw->nlabels) + axis->origin;
    point.energy *= axis->scale;
    ixs_exposure_point(&point, &counted, &chain);
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
        if (ixs_flags_bar(points[i].flags))
            continue;
        trace->row[trace->npoints] = i;
        trace->energy[trace->npoints] = points[i].energy;
        trace->counts[trace->npoints] = points[i].counts;
        trace->exposure[trace->npoints++] = points[i].exposure;
    }
    free(points);
    return true;
}

static bool trace_of(struct ixs_traces *out, struct axis *axis, size_t a,
                     const struct ixs_experiment *experiment, const struct ixs_known_line *line,
                     struct ixs_err *err)
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
    trace->known = line != NULL;
    trace->energy_known = line != NULL ? line->energy : 0.0;
    trace->energy_error = line != NULL ? line->error : 0.0;
    ixs_axis_choose(&axis->energy, axis->raw, analyzer);
    trace->two_theta = ixs_arm_scattering(instrument, analyzer, axis->raw);
    trace->opening = analyzer->mask[0] ? ixs_raw_motor(axis->raw, analyzer->mask) : NAN;
    trace->gap[0] = ixs_acceptance_gap(&instrument->array.slit_x, analyzer->slit_x, axis->raw);
    trace->gap[1] = ixs_acceptance_gap(&instrument->array.slit_z, analyzer->slit_z, axis->raw);
    trace->q = 4 * IXS_PI / axis->wavelength * sin(0.5 * trace->two_theta * IXS_DEGREE);
    trace->kelvin = axis->kelvin;
    trace->time = axis->clock;
    ixs_copy(trace->sample, sizeof trace->sample, axis->sample);
    return IXS_NEW(trace->energy, n, err) && IXS_NEW(trace->counts, n, err) &&
           IXS_NEW(trace->exposure, n, err) && IXS_NEW(trace->row, n, err) &&
           take_points(trace, axis, column, experiment, err);
}

/* One trace for each line that is known in the scan, or one if it is a reference scan. */
static bool traces_of(struct ixs_traces *out, struct axis *axis, size_t a,
                      const struct ixs_experiment *experiment, struct ixs_err *err)
{
    size_t at = 0;
    int64_t scan = axis->raw->keys.scan;
    const char *name = experiment->instrument.analyzers[a].name;
    const struct ixs_known_line *line = ixs_experiment_line(experiment, scan, name, &at);
    bool ok = trace_of(out, axis, a, experiment, line, err);
    while (ok && line != NULL && (line = ixs_experiment_line(experiment, scan, name, &at)) != NULL)
        ok = trace_of(out, axis, a, experiment, line, err);
    return ok;
}

/* The axes of the scans that can serve, one after the other; the others are told. */
static bool find_axes(const struct ixs_standard_task *task, size_t *naxes, struct axis *axes,
                      struct ixs_err *err)
{
    struct ixs_err why = IXS_ERR_NONE;
    for (size_t s = 0; s < task->nscans; s++) {
        struct ixs_err found = IXS_ERR_NONE;
        const struct ixs_raw *raw = &task->scans[s];
        if (axis_of(&axes[*naxes], task, s, &found)) {
            if (*naxes == 0) /* the others would say the same */
                ixs_axis_tell(&axes[0].energy, raw, raw->keys.source, task->notes);
            ++*naxes;
            continue;
        }
        why = found;
        ixs_note(task->notes, NULL, 0, "scan %lld of %s is passed over: %s",
                 (long long)raw->keys.scan, raw->keys.source, found.text);
    }
    return *naxes > 0 ||
           ixs_fail(
               err, IXS_INPUT,
               "found no reference scan among %zu (%s), expected a scan of %s, the energy axis "
               "of instrument %s",
               task->nscans, why.text, task->experiment->instrument.energy,
               task->experiment->instrument.name);
}

bool ixs_traces_gather(struct ixs_traces *out, const struct ixs_standard_task *task,
                       struct ixs_err *err)
{
    struct axis *axes = NULL;
    size_t naxes = 0;
    double reference = NAN;
    bool ok = IXS_NEW(axes, task->nscans, err) && find_axes(task, &naxes, axes, err) &&
              reference_rate(task, naxes, axes, &reference, err);
    for (size_t s = 0; ok && s < naxes; s++) {
        axes[s].reference = axes[s].monitor < 0 ? 1 : reference;
        find_sample(&axes[s], task->experiment);
        for (size_t a = 0; ok && a < task->experiment->instrument.nanalyzers; a++)
            ok = traces_of(out, &axes[s], a, task->experiment, err);
    }
    free(axes);
    return ok;
}

void ixs_traces_dispose(struct ixs_traces *traces)
{
    for (size_t t = 0; t < traces->count; t++) {
        free(traces->list[t].energy);
        free(traces->list[t].counts);
        free(traces->list[t].exposure);
        free(traces->list[t].row);
        free(traces->list[t].inelastic);
        free(traces->list[t].shift);
        free(traces->list[t].left);
    }
    free(traces->list);
    *traces = (struct ixs_traces){0};
}
