/* SPDX-License-Identifier: GPL-3.0-or-later
 * The energy zeros of all analyzers from all traces at once:
 *   zero_as = ZERO_a + drift_s + scatter        on the axis recorded + E_ORIGIN,
 * with the drifts of all scans free and their mean 0. ZERO_ERR is that of a scan yet to come: it
 * holds the errors of the fit and of the response's centroid, the scatter, and the drift of the
 * origin between scans.
 */
#include "calib/standard/parts.h"

#include "base/array.h"
#include "calib/energy/energy.h"

#include <math.h>
#include <stdlib.h>

static bool gather(const struct ixs_standard *standard, size_t *n, struct ixs_twoway_datum **data,
                   struct ixs_err *err)
{
    if (!IXS_NEW(*data, standard->traces.count, err))
        return false;
    for (size_t t = 0; t < standard->traces.count; t++) {
        const struct ixs_trace *trace = &standard->traces.list[t];
        bool elastic = trace->known && trace->found && trace->energy_known == 0;
        if (!(trace->lit || elastic) || !isfinite(trace->core.zero) || !(trace->core.zero_err > 0))
            continue;
        (*data)[(*n)++] = (struct ixs_twoway_datum){trace->analyzer, trace->scan, trace->core.zero,
                                                    trace->core.zero_err};
    }
    return true;
}

/* Variance of the true drifts: that of the fitted ones less their errors. */
static double drift_variance(const struct ixs_twoway *table)
{
    double sum = 0, errors = 0, n = 0;
    for (size_t s = 0; s < table->ncolumns; s++) {
        if (!isfinite(table->column[s]))
            continue;
        sum += table->column[s] * table->column[s];
        errors += table->column_err[s] * table->column_err[s];
        n++;
    }
    return n > 1 ? fmax(0, (sum - errors) / (n - 1)) : 0;
}

static bool fill_drift(struct ixs_standard *standard, const struct ixs_twoway *table,
                       struct ixs_err *err)
{
    const struct ixs_instrument *instrument = &standard->task->experiment->instrument;
    double first = INFINITY, scale = standard->task->scale > 0 ? standard->task->scale : 1;
    if (!IXS_NEW(standard->drift, table->ncolumns, err) ||
        !IXS_NEW(standard->origin, standard->task->nscans, err) ||
        !IXS_NEW(standard->origin_err, standard->task->nscans, err))
        return false;
    for (size_t s = 0; s < standard->task->nscans; s++)
        standard->origin[s] = standard->origin_err[s] = NAN;
    for (size_t s = 0; s < table->ncolumns; s++) {
        const struct ixs_raw *raw = &standard->task->scans[s];
        if (!isfinite(table->column[s]))
            continue;
        struct ixs_calib_drift *row = &standard->drift[standard->ndrift++];
        row->scan = raw->keys.scan;
        row->time = ixs_standard_clock(raw->identity.date);
        row->e_origin = scale * ixs_energy_origin(instrument, &raw->keys);
        row->origin = table->column[s] - row->e_origin;
        standard->origin[s] = table->column[s];
        standard->origin_err[s] = table->column_err[s];
        row->origin_err = table->column_err[s];
        first = fmin(first, row->time);
    }
    standard->start = first;
    for (size_t s = 0; s < standard->ndrift; s++)
        standard->drift[s].time -= first;
    return true;
}

void ixs_standard_forget_drift(struct ixs_standard *standard)
{
    free(standard->drift);
    free(standard->origin);
    free(standard->origin_err);
    standard->drift = NULL;
    standard->origin = standard->origin_err = NULL;
    standard->ndrift = 0;
}

bool ixs_standard_zeros(struct ixs_standard *standard, struct ixs_err *err)
{
    struct ixs_twoway table = {0};
    struct ixs_twoway_datum *data = NULL;
    size_t n = 0;
    ixs_standard_forget_drift(standard);
    bool ok = gather(standard, &n, &data, err) &&
              ixs_twoway_fit(&table, n, data, IXS_TWOWAY_COLUMNS, err) &&
              fill_drift(standard, &table, err);
    double scatter = isfinite(table.scatter) ? table.scatter : 0;
    double beyond = ok ? scatter * scatter + drift_variance(&table) : 0;
    for (size_t a = 0; ok && a < standard->task->experiment->instrument.nanalyzers; a++) {
        bool told = a < table.nrows;
        struct ixs_standard_result *result = &standard->results[a];
        result->zero = told ? table.row[a] : NAN;
        result->own_err = told ? hypot(table.row_err[a], result->shape.center_err) : NAN;
        result->zero_err = hypot(result->own_err, sqrt(beyond));
    }
    standard->keys.origin_scatter = n > 0 ? table.scatter : NAN;
    free(data);
    ixs_twoway_dispose(&table);
    return ok;
}
