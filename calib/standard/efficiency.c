/* SPDX-License-Identifier: GPL-3.0-or-later
 * Relative efficiencies, from different analyzers that see the reference sample at the same
 * scattering angle, and the scatter of the widths between repeats:
 *   ln(area_as) = ln(efficiency_a) + g(two theta_as) + scatter
 * with g free at each angle. Repeats at one angle are averaged first: the scatter is between
 * settings (6 % rms in plexiglas against 0.3 % of counting). EFFICIENCY_ERR is that of a setting
 * yet to come.
 */
#include "calib/standard/parts.h"

#include "base/array.h"
#include "models/response/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double same_angle = 0.1; /* pitches */

/* The number of the angle among those met so far. */
static size_t level_of(double two_theta, double tolerance, size_t *nangles, double *angles)
{
    for (size_t l = 0; l < *nangles; l++)
        if (fabs(angles[l] - two_theta) <= tolerance)
            return l;
    angles[*nangles] = two_theta;
    return (*nangles)++;
}

/* Adds a trace to the datum of its analyzer and angle: value and err hold sums until `average`. */
static void add(size_t *n, struct ixs_twoway_datum *data, size_t row, size_t column,
                const struct ixs_trace_fit *fit)
{
    size_t d = 0;
    double weight = fit->area * fit->area / (fit->area_err * fit->area_err);
    while (d < *n && (data[d].row != row || data[d].column != column))
        d++;
    if (d == *n)
        data[(*n)++] = (struct ixs_twoway_datum){.row = row, .column = column};
    data[d].value += weight * log(fit->area);
    data[d].err += weight;
}

static void average(size_t n, struct ixs_twoway_datum *data)
{
    for (size_t d = 0; d < n; d++) {
        data[d].value /= data[d].err;
        data[d].err = 1 / sqrt(data[d].err);
    }
}

static bool gather(const struct ixs_standard *standard, size_t *n, struct ixs_twoway_datum **data,
                   struct ixs_err *err)
{
    const struct ixs_instrument *instrument = &standard->task->experiment->instrument;
    double *angles = NULL;
    size_t nangles = 0;
    bool ok =
        IXS_NEW(*data, standard->traces.count, err) && IXS_NEW(angles, standard->traces.count, err);
    for (size_t t = 0; ok && t < standard->traces.count; t++) {
        const struct ixs_trace *trace = &standard->traces.list[t];
        if (!trace->lit || !(trace->core.area > 0) || !isfinite(trace->two_theta))
            continue;
        size_t level = level_of(trace->two_theta, same_angle * ixs_instrument_pitch(instrument),
                                &nangles, angles);
        add(n, *data, trace->analyzer, level, &trace->core);
    }
    if (ok)
        average(*n, *data);
    free(angles);
    return ok;
}

/* The part of the table that links the most analyzers. */
static size_t largest_part(const struct ixs_twoway *table, size_t *members)
{
    size_t best = 0;
    *members = 0;
    for (size_t part = 0; part < table->nparts; part++) {
        size_t count = 0;
        for (size_t a = 0; a < table->nrows; a++)
            count += table->part[a] == part;
        if (count > *members) {
            *members = count;
            best = part;
        }
    }
    return best;
}

static void fill(struct ixs_standard *standard, const struct ixs_twoway *table)
{
    size_t members, part = largest_part(table, &members);
    double sum = 0, scatter = isfinite(table->scatter) ? table->scatter : 0;
    for (size_t a = 0; a < table->nrows; a++)
        if (table->part[a] == part)
            sum += exp(table->row[a]);
    for (size_t a = 0; a < table->nrows && members > 1; a++) {
        struct ixs_standard_result *result = &standard->results[a];
        if (table->part[a] != part)
            continue;
        result->efficiency = exp(table->row[a]) * (double)members / sum;
        result->efficiency_err =
            result->efficiency * hypot(hypot(table->row_err[a], result->shape.share_err), scatter);
    }
}

static void tell_unknown(const struct ixs_standard *standard)
{
    const struct ixs_instrument *instrument = &standard->task->experiment->instrument;
    char names[600] = "";
    for (size_t a = 0; a < instrument->nanalyzers; a++) {
        size_t used = strlen(names);
        if (standard->results[a].calibrated && !isfinite(standard->results[a].efficiency_err))
            snprintf(names + used, sizeof names - used, "%s%s", used > 0 ? " " : "",
                     instrument->analyzers[a].name);
    }
    if (names[0] != '\0')
        ixs_note(
            standard->task->notes, NULL, 0,
            "efficiency of %s is not known, taken as 1: it takes scans in which others see the "
            "same scattering angle",
            names);
}

bool ixs_standard_efficiencies(struct ixs_standard *standard, struct ixs_err *err)
{
    const struct ixs_instrument *instrument = &standard->task->experiment->instrument;
    struct ixs_twoway table = {0};
    struct ixs_twoway_datum *data = NULL;
    size_t n = 0;
    for (size_t a = 0; a < instrument->nanalyzers; a++) {
        standard->results[a].efficiency = 1;
        standard->results[a].efficiency_err = NAN;
    }
    bool ok =
        gather(standard, &n, &data, err) && ixs_twoway_fit(&table, n, data, IXS_TWOWAY_ROWS, err);
    if (ok)
        fill(standard, &table);
    standard->keys.efficiency_scatter = ok && n > 0 ? table.scatter : NAN;
    if (ok)
        tell_unknown(standard);
    free(data);
    ixs_twoway_dispose(&table);
    return ok;
}

/* The brightest trace of an analyzer made its response: all others tell how widths repeat. */
static const struct ixs_trace *first_of(const struct ixs_standard *standard, size_t analyzer)
{
    const struct ixs_trace *best = NULL;
    for (size_t t = 0; t < standard->traces.count; t++) {
        const struct ixs_trace *trace = &standard->traces.list[t];
        if (trace->analyzer == analyzer && trace->shaping &&
            (best == NULL || trace->peak > best->peak))
            best = trace;
    }
    return best;
}

/* A response that comes out stretched by a factor 1 + scatter, about its centroid, next time. */
static void widen_errors(struct ixs_shape *shape, double scatter)
{
    double by[IXS_SHAPE_VALUES] = {0};
    size_t n = ixs_response_count(&shape->response);
    if (shape->response.table.n > 0)
        ixs_response_table_stretch(&shape->response.table, scatter, by);
    for (size_t k = 0; k < shape->response.nparts; k++) {
        by[4 * k + 1] = shape->response.parts[k].center * scatter;
        by[4 * k + 2] = shape->response.parts[k].fwhm * scatter;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            shape->covariance[i][j] += by[i] * by[j];
    shape->fwhm_err = hypot(shape->fwhm_err, scatter * shape->fwhm);
}

bool ixs_standard_widths(struct ixs_standard *standard, struct ixs_err *err)
{
    double *value = NULL, *error = NULL;
    size_t n = 0;
    bool ok =
        IXS_NEW(value, standard->traces.count, err) && IXS_NEW(error, standard->traces.count, err);
    for (size_t t = 0; ok && t < standard->traces.count; t++) {
        const struct ixs_trace *trace = &standard->traces.list[t];
        if (!trace->lit || !(trace->core.stretch_err > 0) ||
            trace == first_of(standard, trace->analyzer))
            continue;
        value[n] = log(trace->core.stretch);
        error[n++] = trace->core.stretch_err / trace->core.stretch;
    }
    double scatter = ok ? ixs_twoway_scatter(n, value, error, 0) : NAN;
    standard->keys.width_scatter = scatter;
    for (size_t a = 0; ok && a < standard->task->experiment->instrument.nanalyzers; a++) {
        if (isfinite(scatter))
            widen_errors(&standard->results[a].shape, scatter);
    }
    free(value);
    free(error);
    return ok;
}
