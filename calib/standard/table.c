/* SPDX-License-Identifier: GPL-3.0-or-later
 * What was found of the analyzers, as the tables of CALIB.
 */
#include "calib/standard/parts.h"

#include "base/array.h"
#include "models/response/table.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char *const removals[] = {"none", "joint", "prior"};
const char *const ixs_standard_forms[IXS_STANDARD_FORMS] = {"sum", "single", "table"};

static bool of(const struct ixs_trace *trace, size_t analyzer)
{
    return trace->analyzer == analyzer && trace->shaping;
}

/* Scan numbers "17,18", each once; cut with ".." where there is no room. */
static void list_scans(const struct ixs_standard *standard, size_t a, char *room, size_t size)
{
    size_t used = 0;
    room[0] = '\0';
    for (size_t t = 0; t < standard->traces.count; t++) {
        const struct ixs_trace *trace = &standard->traces.list[t];
        char number[24];
        if (!of(trace, a))
            continue;
        snprintf(number, sizeof number, "%s%lld", used > 0 ? "," : "",
                 (long long)standard->task->scans[trace->scan].keys.scan);
        if (used + strlen(number) + 2 >= size) {
            snprintf(room + used, size - used, "..");
            return;
        }
        used += (size_t)snprintf(room + used, size - used, "%s", number);
    }
}

static double highest(const struct ixs_standard *standard, size_t a)
{
    double most = NAN;
    for (size_t t = 0; t < standard->traces.count; t++) {
        const struct ixs_trace *trace = &standard->traces.list[t];
        for (size_t i = 0; of(trace, a) && i < trace->npoints; i++)
            most = fmax(most, trace->counts[i]);
    }
    return most;
}

static double or_zero(double value)
{
    return isfinite(value) ? value : 0;
}

/* Of the scans that the response came from; NaN if they differ. */
static double common_of(const struct ixs_standard *standard, size_t a, size_t offset)
{
    double common = NAN;
    bool found = false;
    for (size_t t = 0; t < standard->traces.count; t++) {
        const struct ixs_trace *trace = &standard->traces.list[t];
        if (!of(trace, a))
            continue;
        double value;
        memcpy(&value, (const char *)trace + offset, sizeof value);
        common = found && value != common ? NAN : value;
        found = true;
    }
    return common;
}

struct ixs_calib_analyzer ixs_standard_row(const struct ixs_analyzer *analyzer)
{
    struct ixs_calib_analyzer row = {
        .zero = NAN,
        .zero_err = NAN,
        .own_err = NAN,
        .efficiency = 1,
        .efficiency_err = NAN,
        .dark_rate = or_zero(analyzer->dark_rate),
        .dead_time = or_zero(analyzer->dead_time),
        .fwhm = NAN,
        .fwhm_err = NAN,
        .tail10 = NAN,
        .e_lo = NAN,
        .e_hi = NAN,
        .peak = NAN,
        .deviance = NAN,
        .known_lo = NAN,
        .known_hi = NAN,
        .inelastic = NAN,
        .inelastic_err = NAN,
        .opening = NAN,
        .slit_x = NAN,
        .slit_z = NAN,
    };
    ixs_copy(row.analyzer, sizeof row.analyzer, analyzer->name);
    return row;
}

/* Elastic light of a trace, the efficiency of its analyzer taken off. */
static double elastic_of(const struct ixs_standard *standard, const struct ixs_trace *trace)
{
    const struct ixs_standard_result *result = &standard->results[trace->analyzer];
    bool told = isfinite(result->efficiency_err) && result->efficiency > 0;
    return result->calibrated && trace->lit ? trace->core.area / (told ? result->efficiency : 1)
                                            : NAN;
}

/* What the sample scatters inelastically changes little with the angle, its line much. */
static double left_in(const struct ixs_standard *standard, const struct ixs_trace *trace)
{
    double own = elastic_of(standard, trace), most = own;
    for (size_t t = 0; t < standard->traces.count; t++)
        most = fmax(most, elastic_of(standard, &standard->traces.list[t]));
    return own > 0 ? fmin(ixs_shape_left_over * most / own, 1) : ixs_shape_left_over;
}

/* What of the sample's inelastic part was taken off in the brightest scan; how far R is known. */
static void take_sample(const struct ixs_standard *standard, size_t a,
                        struct ixs_calib_analyzer *row)
{
    const struct ixs_trace *best = NULL;
    bool removed = standard->removal != IXS_REMOVAL_NONE;
    for (size_t t = 0; t < standard->traces.count; t++) {
        const struct ixs_trace *trace = &standard->traces.list[t];
        if (of(trace, a) && (best == NULL || trace->peak > best->peak))
            best = trace;
    }
    if (best == NULL)
        return;
    if (best->inelastic != NULL) {
        row->inelastic = best->share;
        row->inelastic_err = best->share_err;
    }
    bool taken = removed && best->inelastic != NULL;
    ixs_shape_known(&standard->results[a].shape, taken ? 0 : left_in(standard, best), best->kelvin,
                    &row->known_lo, &row->known_hi);
}

/* A table that did not converge is the sum that it began with. */
static const char *form_of(const struct ixs_standard *standard, const struct ixs_shape *shape)
{
    if (shape->response.table.n > 0)
        return ixs_standard_forms[IXS_STANDARD_TABLE];
    return ixs_standard_forms[standard->task->form == IXS_STANDARD_SINGLE ? IXS_STANDARD_SINGLE
                                                                          : IXS_STANDARD_SUM];
}

static void describe(const struct ixs_standard *standard, size_t a, struct ixs_calib_analyzer *row)
{
    const struct ixs_standard_result *result = &standard->results[a];
    const struct ixs_shape *shape = &result->shape;
    ixs_copy(row->quality, sizeof row->quality, result->calibrated ? "good" : "uncalibrated");
    ixs_copy(row->reason, sizeof row->reason, result->reason);
    if (!result->calibrated)
        return;
    row->zero = result->zero;
    row->zero_err = result->zero_err;
    row->own_err = result->own_err;
    row->efficiency = result->efficiency;
    row->efficiency_err = result->efficiency_err;
    row->fwhm = shape->fwhm;
    row->fwhm_err = shape->fwhm_err;
    row->e_lo = shape->lowest;
    row->e_hi = shape->highest;
    row->tail10 = ixs_response_tail10(&shape->response, row->e_lo, row->e_hi);
    row->peak = highest(standard, a);
    row->deviance = shape->deviance;
    row->dof = shape->dof;
    row->ncomponents = (int64_t)shape->response.nparts;
    row->opening = common_of(standard, a, offsetof(struct ixs_trace, opening));
    row->slit_x = common_of(standard, a, offsetof(struct ixs_trace, gap[0]));
    row->slit_z = common_of(standard, a, offsetof(struct ixs_trace, gap[1]));
    take_sample(standard, a, row);
    ixs_copy(row->form, sizeof row->form, form_of(standard, shape));
    list_scans(standard, a, row->scan, sizeof row->scan);
}

struct ixs_calib_component ixs_standard_component(const char *analyzer, size_t k,
                                                  const struct ixs_response_part *part,
                                                  const double variance[4])
{
    struct ixs_calib_component row = {.component = (int64_t)k + 1,
                                      .weight = part->weight,
                                      .weight_err = sqrt(variance[0]),
                                      .center = part->center,
                                      .center_err = sqrt(variance[1]),
                                      .fwhm = part->fwhm,
                                      .fwhm_err = sqrt(variance[2]),
                                      .eta = part->eta,
                                      .eta_err = sqrt(variance[3])};
    ixs_copy(row.analyzer, sizeof row.analyzer, analyzer);
    return row;
}

static void add_components(struct ixs_calib *out, const char *analyzer,
                           const struct ixs_shape *shape)
{
    for (size_t k = 0; k < shape->response.nparts; k++) {
        double variance[4];
        for (size_t j = 0; j < 4; j++)
            variance[j] = shape->covariance[4 * k + j][4 * k + j];
        out->components[out->ncomponents++] =
            ixs_standard_component(analyzer, k, &shape->response.parts[k], variance);
    }
}

/* Nodes of a table; *shape's covariance becomes that of ln R at the nodes. */
static void add_nodes(struct ixs_calib *out, const char *analyzer, struct ixs_shape *shape)
{
    const struct ixs_response_table *table = &shape->response.table;
    double logs[IXS_RESPONSE_NODES];
    ixs_response_table_logs(table, logs);
    ixs_spline_covariance(table->n, &shape->covariance[0][0], ixs_spline_values);
    for (size_t j = 0; j < table->n; j++) {
        struct ixs_calib_node *row = &out->nodes[out->nnodes++];
        *row = (struct ixs_calib_node){.node = (int64_t)j + 1,
                                       .energy = ixs_response_table_node(table, j),
                                       .response = exp(logs[j]),
                                       .response_err = exp(logs[j]) * sqrt(shape->covariance[j][j]),
                                       .center = table->center,
                                       .scale = table->scale};
        ixs_copy(row->analyzer, sizeof row->analyzer, analyzer);
    }
}

static void add_covariance(struct ixs_calib *out, const char *analyzer,
                           const struct ixs_shape *shape)
{
    for (size_t i = 0; i < ixs_response_count(&shape->response); i++)
        for (size_t j = 0; j <= i; j++) {
            struct ixs_calib_covariance *row = &out->covariances[out->ncovariances++];
            row->row = (int64_t)i + 1;
            row->column = (int64_t)j + 1;
            row->covariance = shape->covariance[i][j];
            ixs_copy(row->analyzer, sizeof row->analyzer, analyzer);
        }
}

static void add_resolution(struct ixs_calib *out, const char *analyzer,
                           const struct ixs_shape *shape)
{
    struct ixs_shape outside = *shape;
    if (shape->response.table.n > 0)
        add_nodes(out, analyzer, &outside);
    else
        add_components(out, analyzer, shape);
    add_covariance(out, analyzer, &outside);
}

static bool make_room(struct ixs_calib *out, const struct ixs_standard *standard,
                      struct ixs_err *err)
{
    size_t points = 0, n = standard->task->experiment->instrument.nanalyzers;
    for (size_t t = 0; t < standard->traces.count; t++)
        points += standard->traces.list[t].shaping ? standard->traces.list[t].npoints : 0;
    points += n * ixs_standard_curve_rows();
    return IXS_NEW(out->analyzers, n, err) && IXS_NEW(out->components, n * IXS_SHAPE_MOST, err) &&
           IXS_NEW(out->nodes, n * IXS_RESPONSE_NODES, err) &&
           IXS_NEW(out->covariances, n * IXS_SHAPE_VALUES * (IXS_SHAPE_VALUES + 1) / 2, err) &&
           IXS_NEW(out->response, points, err);
}

/* The #F of all scans, each once. */
static void list_beamtimes(const struct ixs_standard_task *task, char *room, size_t size)
{
    room[0] = '\0';
    for (size_t s = 0; s < task->nscans; s++) {
        const char *origin = task->scans[s].keys.origin;
        size_t used = strlen(room), comma = used > 0;
        if (origin[0] == '\0' || strstr(room, origin) != NULL ||
            used + comma + strlen(origin) >= size)
            continue;
        if (comma)
            room[used] = ',';
        ixs_copy(room + used + comma, size - used - comma, origin);
    }
}

/* Date and sample are those of the first scan that lights an analyzer. */
static void identify(struct ixs_calib *out, const struct ixs_standard *standard)
{
    const struct ixs_standard_task *task = standard->task;
    size_t at = task->nscans;
    for (size_t t = 0; t < standard->traces.count; t++)
        if (standard->traces.list[t].lit && standard->traces.list[t].scan < at)
            at = standard->traces.list[t].scan;
    const struct ixs_raw *first = &task->scans[at < task->nscans ? at : 0];
    out->identity = first->identity;
    out->identity.version = 1;
    ixs_copy(out->identity.kind, sizeof out->identity.kind, "CALIB");
    if (task->experiment->instrument.name[0] != '\0')
        ixs_copy(out->identity.instrument, sizeof out->identity.instrument,
                 task->experiment->instrument.name);
    list_beamtimes(task, out->keys.beamtimes, sizeof out->keys.beamtimes);
}

static void add_response(struct ixs_calib *out, const struct ixs_standard *standard, size_t a)
{
    const struct ixs_shape *shape = &standard->results[a].shape;
    const char *name = standard->task->experiment->instrument.analyzers[a].name;
    ixs_standard_curve(out, name, shape, fmax(-shape->lowest, shape->highest));
    for (size_t t = 0; t < standard->traces.count; t++) {
        const struct ixs_trace *trace = &standard->traces.list[t];
        if (of(trace, a))
            ixs_standard_measured(out, name, standard->task->scans[trace->scan].keys.scan, shape,
                                  trace);
    }
}

bool ixs_standard_tables(struct ixs_calib *out, struct ixs_standard *standard, struct ixs_err *err)
{
    const struct ixs_instrument *instrument = &standard->task->experiment->instrument;
    if (!make_room(out, standard, err))
        return false;
    out->keys = standard->keys;
    out->keys.jitter = standard->jitter;
    identify(out, standard);
    for (size_t a = 0; a < instrument->nanalyzers; a++) {
        struct ixs_calib_analyzer *row = &out->analyzers[out->nanalyzers++];
        *row = ixs_standard_row(&instrument->analyzers[a]);
        describe(standard, a, row);
        if (!standard->results[a].calibrated)
            continue;
        add_response(out, standard, a);
        add_resolution(out, row->analyzer, &standard->results[a].shape);
    }
    ixs_copy(out->keys.center, sizeof out->keys.center, "centroid within +-10 meV");
    ixs_copy(out->keys.removal, sizeof out->keys.removal, removals[standard->removal]);
    out->drift = standard->drift;
    out->ndrift = standard->ndrift;
    standard->drift = NULL;
    out->density = standard->density;
    out->ndensity = standard->ndensity;
    standard->density = NULL;
    out->lines = standard->lines;
    out->nlines = standard->nlines;
    standard->lines = NULL;
    return ixs_standard_settings(out, standard, err);
}
