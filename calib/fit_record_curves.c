/* SPDX-License-Identifier: GPL-3.0-or-later
 * CURVES of FIT: the data of each point and the parts of the model there, for runs of points that
 * share a zero, at which the lines are expanded once.
 */
#include "calib/fit_record.h"

#include "base/array.h"
#include "models/deviance.h"

#include <math.h>
#include <string.h>

enum { RUN = 4 * IXS_RESPONSE_ROW };

struct columns { /* of a run */
    double energy[RUN], total[RUN], elastic[RUN], background[RUN], quasielastic[RUN], table[RUN];
    double modes[IXS_FIT_MOST_MODES][RUN];
};

/* Without counts: of the stated error. */
static double residual_of(const struct ixs_fit_curve *row)
{
    if (row->exposure > 0 && row->counts >= 0)
        return ixs_deviance_residual(row->counts, row->exposure * row->total + row->dark);
    return isnan(row->counts) && row->error > 0 ? (row->intensity - row->total) / row->error : NAN;
}

static struct ixs_fit_curve data_of(const struct ixs_point *point, int64_t spectrum, size_t i)
{
    return (struct ixs_fit_curve){.spectrum = spectrum,
                                  .point = (int64_t)i + 1,
                                  .energy = point->energy,
                                  .counts = point->counts,
                                  .exposure = point->exposure,
                                  .dark = point->dark,
                                  .intensity = point->intensity,
                                  .error = point->error,
                                  .flags = point->flags,
                                  .total = NAN,
                                  .elastic = NAN,
                                  .background = NAN,
                                  .modes = NAN,
                                  .quasielastic = NAN,
                                  .table = NAN,
                                  .cell = NAN,
                                  .mode1 = NAN,
                                  .mode2 = NAN,
                                  .mode3 = NAN,
                                  .mode4 = NAN,
                                  .mode5 = NAN,
                                  .mode6 = NAN,
                                  .residual = NAN};
}

/* Point i of a run. */
static void take(struct ixs_fit_curve *row, const struct columns *columns, size_t i,
                 const struct ixs_model *model, const struct ixs_fit_answer *answer)
{
    double *slots[] = {&row->mode1, &row->mode2, &row->mode3,
                       &row->mode4, &row->mode5, &row->mode6};
    row->total = columns->total[i];
    row->elastic = columns->elastic[i];
    row->background = columns->background[i];
    if (answer->form.quasielastic)
        row->quasielastic = columns->quasielastic[i];
    if (answer->form.tabulated)
        row->table = columns->table[i];
    if (answer->form.ncell > 0) {
        row->cell = ixs_fit_cell_rate(model, answer, row->energy, NULL);
        row->total += row->cell;
    }
    row->modes = 0;
    for (size_t k = 0; k < answer->nmodes; k++)
        row->modes += *slots[k] = columns->modes[k][i];
    row->residual = residual_of(row);
}

/* n <= RUN rows that share the zero of `parameters`. */
static void fill_run(size_t n, struct ixs_fit_curve *rows, struct columns *columns,
                     const struct ixs_model *model, const struct ixs_fit_answer *answer,
                     const double *parameters)
{
    struct ixs_model_curves parts = {.total = columns->total,
                                     .elastic = columns->elastic,
                                     .background = columns->background,
                                     .quasielastic = columns->quasielastic,
                                     .table = columns->table};
    for (size_t k = 0; k < answer->nmodes; k++)
        parts.modes[k] = columns->modes[k];
    for (size_t i = 0; i < n; i++)
        columns->energy[i] = rows[i].energy;
    ixs_model_components(model, parameters, n, columns->energy, &parts);
    for (size_t i = 0; i < n; i++)
        take(&rows[i], columns, i, model, answer);
}

/* |energy| stays below, the zero taken off. */
static double widest_energy(size_t n, const struct ixs_point *points,
                            const struct ixs_fit_drawn *drawn)
{
    double widest = 1.0, zero = fabs(drawn->answer->zero);
    for (size_t i = 0; i < drawn->zeros->n; i++)
        zero = fmax(zero, fabs(drawn->zeros->list[i].value));
    for (size_t i = 0; i < n; i++)
        widest = fmax(widest, fabs(points[i].energy) + zero);
    return widest;
}

/* The model of an answer, to be had at all points of its spectrum, up to the `widest` energy.
 * curve: room for the table's. */
static bool make_model(struct ixs_model *model, struct ixs_curve *curve,
                       const struct ixs_fit_drawn *drawn,
                       const struct ixs_fitting_response *response, double widest,
                       struct ixs_err *err)
{
    const struct ixs_spectrum *spectrum = &drawn->spectra->spectra[drawn->index];
    const struct ixs_fit_answer *answer = drawn->answer;
    const struct ixs_model_points none = {0};
    const struct ixs_fitting_place place = {spectrum->q, spectrum->temperature};
    const struct ixs_transform *transform =
        ixs_transform_of_order(&response->transforms, answer->order);
    struct ixs_model_form form = answer->form;
    struct ixs_bose bose;
    form.table = curve;
    ixs_bose_make(&bose, spectrum->temperature, ixs_model_span_within(widest));
    ixs_model_make(model, &none, transform, &bose, widest, &form, answer->nmodes);
    return !form.tabulated ||
           ixs_fitting_table_curve(curve, drawn->table, &place, transform, -widest, widest, err);
}

/* The zero of a scan beside others, or of them all. */
static double zero_of(const struct ixs_fit_drawn *drawn, int64_t scan)
{
    const struct ixs_fitting_zeros *zeros = drawn->zeros;
    for (size_t i = 0; i < zeros->n; i++)
        if (zeros->list[i].scan == scan)
            return zeros->list[i].value;
    return drawn->answer->zero;
}

static void fill_rows(size_t n, const struct ixs_point *points, struct ixs_fit_curve *rows,
                      const struct ixs_model *model, const struct ixs_fit_drawn *drawn)
{
    double parameters[IXS_MODEL_MOST_PARAMETERS];
    struct columns columns;
    memcpy(parameters, drawn->answer->parameters, sizeof parameters);
    for (size_t first = 0, next; first < n; first = next) {
        double zero = zero_of(drawn, points[first].scan);
        for (next = first + 1; next < n && next - first < RUN; next++)
            if (zero_of(drawn, points[next].scan) != zero)
                break;
        parameters[IXS_MODEL_ZERO] = zero;
        fill_run(next - first, rows + first, &columns, model, drawn->answer, parameters);
    }
}

bool ixs_fit_record_curves(struct ixs_fit *fit, size_t *room, const struct ixs_fit_drawn *drawn,
                           struct ixs_err *err)
{
    const struct ixs_spectrum *spectrum = &drawn->spectra->spectra[drawn->index];
    const struct ixs_fitting_response *response =
        ixs_fitting_responses_of(drawn->responses, spectrum->analyzer);
    struct ixs_curve curve = {0};
    struct ixs_model model;
    size_t n = 0;
    const struct ixs_point *points = ixs_spectra_points(drawn->spectra, spectrum->spectrum, &n);
    if (!ixs_grow(&fit->curves, room, fit->ncurves + n, sizeof *fit->curves, err))
        return false;
    struct ixs_fit_curve *rows = fit->curves + fit->ncurves;
    for (size_t i = 0; i < n; i++)
        rows[i] = data_of(&points[i], drawn->number, i);
    fit->ncurves += n;
    if (n == 0 || response == NULL || drawn->answer->nparameters == 0)
        return true; /* nothing was fitted */
    bool ok = make_model(&model, &curve, drawn, response, widest_energy(n, points, drawn), err);
    if (ok)
        fill_rows(n, points, rows, &model, drawn);
    ixs_curve_dispose(&curve);
    return ok;
}
