/* SPDX-License-Identifier: GPL-3.0-or-later
 * CURVES of FIT: the data of each point and the parts of the model there, many points
 * that share a zero at once.
 */
#include "calib/fitting/record.h"

#include "base/array.h"
#include "models/fit/deviance.h"

#include <math.h>
#include <string.h>

enum { MOST = 4 * IXS_RESPONSE_ROW };

struct columns { /* points that share a zero, gathered */
    size_t n;
    struct ixs_fit_curve *rows[MOST];
    double energy[MOST], total[MOST], elastic[MOST], background[MOST];
    double quasielastic[MOST], table[MOST], modes[IXS_FIT_MOST_MODES][MOST];
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

static void take(const struct columns *columns, size_t i, const struct ixs_model *model,
                 const struct ixs_fit_answer *answer)
{
    struct ixs_fit_curve *row = columns->rows[i];
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

/* Fills the rows gathered and forgets them. */
static void fill_rows(struct columns *columns, const struct ixs_model *model,
                      const struct ixs_fit_answer *answer, double zero)
{
    double parameters[IXS_MODEL_MOST_PARAMETERS];
    struct ixs_model_curves parts = {.total = columns->total,
                                     .elastic = columns->elastic,
                                     .background = columns->background,
                                     .quasielastic = columns->quasielastic,
                                     .table = columns->table};
    for (size_t k = 0; k < answer->nmodes; k++)
        parts.modes[k] = columns->modes[k];
    memcpy(parameters, answer->parameters, sizeof parameters);
    parameters[IXS_MODEL_ZERO] = zero;
    ixs_model_components(model, parameters, columns->n, columns->energy, &parts);
    for (size_t i = 0; i < columns->n; i++)
        take(columns, i, model, answer);
    columns->n = 0;
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

/* Which of the zeros is that of a scan; their number: that of the spectrum. */
static size_t zero_of(const struct ixs_fitting_zeros *zeros, int64_t scan)
{
    size_t i = 0;
    while (i < zeros->n && zeros->list[i].scan != scan)
        i++;
    return i;
}

static void fill_all(size_t n, const struct ixs_point *points, struct ixs_fit_curve *rows,
                     const struct ixs_model *model, const struct ixs_fit_drawn *drawn)
{
    const struct ixs_fitting_zeros *zeros = drawn->zeros;
    struct columns columns = {.n = 0};
    for (size_t which = 0; which <= zeros->n; which++) {
        double zero = which < zeros->n ? zeros->list[which].value : drawn->answer->zero;
        for (size_t i = 0; i < n; i++) {
            if (zero_of(zeros, points[i].scan) != which)
                continue;
            columns.rows[columns.n] = &rows[i];
            columns.energy[columns.n++] = points[i].energy;
            if (columns.n == MOST)
                fill_rows(&columns, model, drawn->answer, zero);
        }
        if (columns.n > 0)
            fill_rows(&columns, model, drawn->answer, zero);
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
        fill_all(n, points, rows, &model, drawn);
    ixs_curve_dispose(&curve);
    return ok;
}
