/* SPDX-License-Identifier: GPL-3.0-or-later
 * Elastic line and background of a fit at any energy, with all their errors: area x R(E - zero),
 * by the covariance of the parameters, the interval of the area, and each direction in which the
 * response may move, in which the parameters follow it.
 */
#include "calib/elastic/parts.h"

#include "base/array.h"

#include <math.h>
#include <stdlib.h>

enum { P = IXS_MODEL_MOST_PARAMETERS };

static bool make_shifts(struct ixs_elastic_fit *fit, struct ixs_err *err)
{
    const struct ixs_uncertain *uncertain = &fit->seen->response->uncertain;
    const struct ixs_fit_task *task = fit->seen->task;
    size_t p = fit->answer->nparameters, n = uncertain->n;
    double *gradients = NULL, counts = 0.0;
    bool ok = IXS_NEW(fit->shifts, n, err) && IXS_NEW(gradients, n * p, err);
    for (size_t i = 0; i < task->points.n; i++)
        counts += fmax(task->points.counts[i], 0.0);
    if (ok && n > 0)
        ixs_uncertain_gradients(fit->seen->uncertain, uncertain, task, fit->answer, gradients);
    for (size_t l = 0; ok && l < n; l++) {
        struct ixs_elastic_shift *shift = &fit->shifts[fit->nshifts++];
        for (size_t k = 0; k < p; k++)
            for (size_t m = 0; m < p; m++)
                shift->by[k] += fit->carry.covariance[k * p + m] * gradients[l * p + m];
        shift->step = uncertain->ends[l].step;
        shift->low = ixs_transform_choose(&uncertain->ends[l].low, counts);
        shift->high = ixs_transform_choose(&uncertain->ends[l].high, counts);
    }
    free(gradients);
    return ok;
}

/* How far the area that is taken off may be from the truth. */
static double area_error(const struct ixs_elastic_fit *fit)
{
    const struct ixs_elastic *elastic = &fit->elastic;
    double area = fit->answer->elastic;
    double far = fmax(area - elastic->lo, elastic->hi - area);
    if (elastic->status == IXS_ELASTIC_INSEPARABLE)
        far = fmax(far, fmax(area, elastic->central - area));
    return fmax(far, 0.0);
}

bool ixs_elastic_fit_make(struct ixs_elastic_fit *out, const struct ixs_fitting_seen *seen,
                          const struct ixs_fit_answer *answer, const struct ixs_elastic *elastic,
                          struct ixs_err *err)
{
    const struct ixs_fit_task *task = seen->task;
    struct ixs_model_form form = answer->form;
    double span = ixs_model_span(&task->points);
    *out = (struct ixs_elastic_fit){.seen = seen, .answer = answer, .elastic = *elastic};
    if (task->cell != NULL)
        span = fmax(span, ixs_model_span(&task->cell->points));
    if (!IXS_NEW(out->bose, 1, err) || !IXS_NEW(out->share, task->points.n, err))
        return false;
    form.table = task->form.table;
    ixs_bose_make(out->bose, task->kelvin, span + 4.0 * fabs(answer->zero));
    ixs_model_make(&out->model, &task->points,
                   ixs_transform_of_order(task->transforms, answer->order), out->bose,
                   fabs(answer->zero), &form, answer->nmodes);
    if (form.ncell > 0)
        ixs_cell_model_make(&out->cell, &out->model, task->cell, out->share);
    out->area_err = area_error(out);
    return ixs_carry_make(&out->carry, task, &out->model, form.ncell > 0 ? &out->cell : NULL,
                          answer, err) &&
           make_shifts(out, err);
}

void ixs_elastic_fit_dispose(struct ixs_elastic_fit *fit)
{
    ixs_carry_dispose(&fit->carry);
    free(fit->bose);
    free(fit->share);
    free(fit->shifts);
    *fit = (struct ixs_elastic_fit){0};
}

void ixs_elastic_point(const struct ixs_elastic_fit *fit, double energy,
                       struct ixs_elastic_point *out)
{
    double total, at = energy - fit->answer->zero;
    const struct ixs_model_curves curves = {
        .total = &total, .elastic = &out->elastic, .background = &out->background};
    ixs_model_components(&fit->model, fit->answer->parameters, 1, &energy, &curves);
    ixs_response_curve(&fit->seen->response->response, 1, &at, &out->response, &out->slope);
    out->inelastic = total - out->elastic - out->background;
    if (fit->cell.nparameters > 0)
        out->background += ixs_cell_rate(&fit->cell, fit->answer->parameters, energy, NULL);
}

/* What moves the elastic line, but the parameters, when the response does. */
static double response_change(const struct ixs_elastic_shift *shift, double area, double at)
{
    return area * (ixs_transform_value(shift->high, at) - ixs_transform_value(shift->low, at)) /
           shift->step;
}

void ixs_elastic_background_slopes(const struct ixs_elastic_fit *fit, double energy, double factor,
                                   double *by)
{
    double slopes[P] = {0};
    for (int k = 0; k <= fit->answer->form.background_degree; k++)
        slopes[IXS_MODEL_BACKGROUND + k] = pow(energy, k);
    if (fit->cell.nparameters > 0)
        ixs_cell_rate(&fit->cell, fit->answer->parameters, energy, slopes);
    for (size_t k = 0; k < fit->carry.p; k++)
        by[k] += factor * slopes[k];
}

double ixs_elastic_more(const struct ixs_elastic_fit *fit)
{
    const struct ixs_carry *carry = &fit->carry;
    double known = carry->covariance[IXS_MODEL_ELASTIC * carry->p + IXS_MODEL_ELASTIC];
    return sqrt(fmax(0.0, fit->area_err * fit->area_err - known));
}

double ixs_elastic_error(const struct ixs_elastic_fit *fit, double energy,
                         const struct ixs_elastic_point *point, bool background, size_t i, double a,
                         const double *by_more)
{
    const struct ixs_fit_answer *answer = fit->answer;
    const struct ixs_carry *carry = &fit->carry;
    double by[P] = {0}, area = answer->parameters[IXS_MODEL_ELASTIC];
    double sign = a > 0.0 ? -1.0 : 1.0; /* of data less the line */
    by[IXS_MODEL_ELASTIC] = sign * point->response;
    by[IXS_MODEL_ZERO] = -sign * area * point->slope;
    if (background)
        ixs_elastic_background_slopes(fit, energy, sign, by);
    for (size_t k = 0; by_more != NULL && k < carry->p; k++)
        by[k] += by_more[k];
    double sum = pow(ixs_carry_point(carry, i, a, by), 2.0);
    for (size_t l = 0; l < fit->nshifts; l++) {
        double change = sign * response_change(&fit->shifts[l], area, energy - answer->zero);
        for (size_t k = 0; k < carry->p; k++)
            change += by[k] * fit->shifts[l].by[k];
        sum += change * change;
    }
    double more = ixs_elastic_more(fit) * point->response;
    return sqrt(sum + more * more);
}
