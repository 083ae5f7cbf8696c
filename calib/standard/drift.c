/* SPDX-License-Identifier: GPL-3.0-or-later
 * How zeros wander. What all analyzers share (the monochromator's thermometer) is one series in
 * time, the origins of the scans; what is left of each analyzer is a series of its own. Both are
 * levels that wander (models/numerics/level.h), all analyzers with one law.
 */
#include "calib/standard/parts.h"

#include "models/numerics/level.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double hour = 3600.0; /* s */

static bool tells(const struct ixs_trace *trace)
{
    return trace->lit || (trace->known && trace->found);
}

static double residual(const struct ixs_standard *standard, const struct ixs_trace *trace)
{
    return trace->core.zero - trace->energy_known - standard->results[trace->analyzer].zero -
           (isfinite(standard->origin[trace->scan]) ? standard->origin[trace->scan] : 0.0);
}

static void fill_line(const struct ixs_standard *standard, const struct ixs_trace *trace,
                      struct ixs_calib_line *row)
{
    *row = (struct ixs_calib_line){
        .scan = standard->task->scans[trace->scan].keys.scan,
        .time = trace->time - standard->start,
        .known = trace->energy_known,
        .known_err = trace->energy_error,
        .found = trace->core.zero,
        .found_err = trace->core.zero_err,
        .residual = residual(standard, trace),
    };
    ixs_copy(row->analyzer, sizeof row->analyzer,
             standard->task->experiment->instrument.analyzers[trace->analyzer].name);
}

static bool fill_lines(struct ixs_standard *standard, struct ixs_err *err)
{
    if (!IXS_NEW(standard->lines, standard->traces.count, err))
        return false;
    for (size_t t = 0; t < standard->traces.count; t++)
        if (tells(&standard->traces.list[t]) && standard->traces.list[t].core.zero_err > 0.0)
            fill_line(standard, &standard->traces.list[t], &standard->lines[standard->nlines++]);
    return true;
}

/* ---- series ---------------------------------------------------------------------------------- */

static int by_time(const void *a, const void *b)
{
    double one = ((const struct ixs_standard_datum *)a)->time,
           other = ((const struct ixs_standard_datum *)b)->time;
    return (one > other) - (one < other);
}

/* Lays n data out as a series in `room`; those without a time are left out. */
static struct ixs_level_series lay_out(size_t n, struct ixs_standard_datum *data, double *room)
{
    size_t count = 0;
    qsort(data, n, sizeof *data, by_time);
    for (size_t i = 0; i < n; i++)
        if (isfinite(data[i].time) && isfinite(data[i].value) && isfinite(data[i].error))
            data[count++] = data[i];
    for (size_t i = 0; i < count; i++) {
        room[i] = data[i].time;
        room[count + i] = data[i].value;
        room[2 * count + i] = data[i].error;
    }
    return (struct ixs_level_series){count, room, room + count, room + 2 * count};
}

static void keep(const struct ixs_level *level, bool told, double *walk, double *scatter)
{
    *walk = told ? sqrt(level->walk * hour) : (double)NAN;
    *scatter = told ? sqrt(level->scatter) : (double)NAN;
}

static void fit_common(struct ixs_standard *standard, struct ixs_standard_datum *data, double *room)
{
    struct ixs_level level;
    for (size_t s = 0; s < standard->ndrift; s++)
        data[s] = (struct ixs_standard_datum){
            standard->drift[s].time, standard->drift[s].origin + standard->drift[s].e_origin,
            standard->drift[s].origin_err};
    const struct ixs_level_series series = lay_out(standard->ndrift, data, room);
    bool told = ixs_level_fit(&level, 1, &series);
    keep(&level, told, &standard->keys.walk, &standard->keys.scatter);
}

/* The elastic residuals of each analyzer. */
static void fit_own(struct ixs_standard *standard, struct ixs_standard_datum *data, double *room,
                    struct ixs_level_series *series)
{
    const struct ixs_instrument *instrument = &standard->task->experiment->instrument;
    struct ixs_level level;
    for (size_t a = 0; a < instrument->nanalyzers; a++) {
        size_t n = 0;
        for (size_t k = 0; k < standard->nlines; k++) {
            const struct ixs_calib_line *line = &standard->lines[k];
            if (line->known == 0.0 && strcmp(line->analyzer, instrument->analyzers[a].name) == 0)
                data[n++] =
                    (struct ixs_standard_datum){line->time, line->residual, line->found_err};
        }
        series[a] = lay_out(n, data, room);
        room += 3 * n;
    }
    bool told = ixs_level_fit(&level, instrument->nanalyzers, series);
    keep(&level, told, &standard->keys.own_walk, &standard->keys.own_scatter);
}

bool ixs_standard_drift(struct ixs_standard *standard, struct ixs_err *err)
{
    free(standard->lines);
    standard->lines = NULL;
    standard->nlines = 0;
    struct ixs_level_series *series = NULL;
    struct ixs_standard_datum *data = NULL;
    double *room = NULL;
    size_t most = standard->traces.count + standard->task->nscans;
    bool ok = fill_lines(standard, err) && IXS_NEW(data, most, err) &&
              IXS_NEW(room, 3 * most, err) &&
              IXS_NEW(series, standard->task->experiment->instrument.nanalyzers, err);
    standard->keys.epoch = standard->start;
    if (ok) {
        fit_common(standard, data, room);
        fit_own(standard, data, room, series);
    }
    free(series);
    free(data);
    free(room);
    return ok;
}

bool ixs_standard_room(struct ixs_standard_room *out, const struct ixs_standard *standard,
                       struct ixs_err *err)
{
    return IXS_NEW(out->data, standard->task->nscans, err) &&
           IXS_NEW(out->values, 3 * standard->task->nscans, err);
}

void ixs_standard_room_dispose(struct ixs_standard_room *room)
{
    free(room->data);
    free(room->values);
    *room = (struct ixs_standard_room){0};
}

/* ---- a scan that is to be told --------------------------------------------------------------- */

static double square(double x)
{
    return isfinite(x) ? x * x : 0.0;
}

/* Variance of a scan's origin where nothing else is known: that of the others. */
static double usual_variance(const struct ixs_standard *standard)
{
    double sum = 0.0, n = 0.0;
    for (size_t s = 0; s < standard->ndrift; s++, n += 1.0)
        sum += square(standard->drift[s].origin + standard->drift[s].e_origin);
    return n > 1.0 ? sum / (n - 1.0) : 0.0;
}

void ixs_standard_foretell(const struct ixs_standard *standard, size_t scan,
                           struct ixs_standard_room *room, double *value, double *variance)
{
    const struct ixs_calib_keys *keys = &standard->keys;
    const struct ixs_level level = {square(keys->walk) / hour, square(keys->scatter)};
    size_t n = standard->ndrift;
    double time = ixs_standard_clock(standard->task->scans[scan].identity.date) - standard->start;
    *value = standard->origin[scan]; /* its own elastic line */
    *variance = square(standard->origin_err[scan]);
    if (isfinite(*value))
        return;
    *value = 0.0;
    *variance = usual_variance(standard);
    if (!isfinite(keys->walk) || !isfinite(time))
        return;
    for (size_t s = 0; s < n; s++)
        room->data[s] = (struct ixs_standard_datum){
            standard->drift[s].time, standard->drift[s].origin + standard->drift[s].e_origin,
            standard->drift[s].origin_err};
    const struct ixs_level_series series = lay_out(n, room->data, room->values);
    ixs_level_at(&level, &series, time, value, variance);
    *variance += level.scatter;
}
