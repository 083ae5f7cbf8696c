/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is left of a spectrum beside its elastic line, point by point: INELASTIC, and S(Q,E) and
 * chi''(E) = S (1 - exp(-E/kT)).
 *
 * A point is lost under the elastic line where the error of what is taken off (the elastic line's
 * own counting noise and the error of its curve) exceeds what the fit expects to be left, and half
 * of the whole point's error. The fit decides, not the point itself: else points that happened to
 * be high would be kept and those that happened to be low left out.
 */
#include "calib/elastic/parts.h"

#include "base/array.h"
#include "base/units.h"

#include <math.h>

static double modes_at(const struct ixs_fit_answer *answer, double kelvin, double energy)
{
    double sum = 0.0;
    for (size_t k = 0; k < answer->nmodes; k++) {
        const double *mode = answer->parameters + answer->first_mode + IXS_MODEL_PER_MODE * k;
        sum += mode[2] * ixs_line_value(answer->form.pair ? IXS_LINE_PAIR : IXS_LINE_DHO, mode,
                                        kelvin, energy);
    }
    return sum;
}

/* S of the fit without the response; NaN with a calculated spectrum, whose table is another's. */
static double model_at(const struct ixs_fit_answer *answer, double kelvin, double energy)
{
    const double *line = answer->parameters + ixs_model_first_quasielastic(&answer->form);
    double sum = modes_at(answer, kelvin, energy);
    if (answer->form.quasielastic)
        sum += line[0] * ixs_line_value(IXS_LINE_QUASIELASTIC, line + 1, kelvin, energy);
    if (answer->form.interaction && answer->nmodes > 0)
        sum += 0.5 * line[0] * line[1] *
               ixs_line_value(IXS_LINE_INTERACTION, answer->parameters + answer->first_mode, kelvin,
                              energy);
    return answer->form.tabulated ? NAN : sum;
}

/* Error of one point's rate as the fit expects it. */
static double expected_error(const struct ixs_elastic_fit *fit, size_t i)
{
    double exposure = fit->seen->task->points.exposure[i];
    double least = fit->seen->task->sigma ? 0.0 : 1.0; /* a count */
    return sqrt(fmax(fit->carry.variance[i], least)) / exposure;
}

static bool is_lost(const struct ixs_elastic_fit *fit, const struct ixs_elastic_point *at, size_t i,
                    double curve_err)
{
    double left = fmax(0.0, at->inelastic) + fmax(0.0, at->background);
    double all = expected_error(fit, i), share = at->elastic / fmax(at->elastic + left, 1e-300);
    double error = hypot(all * sqrt(fmax(share, 0.0)), curve_err);
    return error > left && error > 0.5 * all;
}

static void put_chi(const struct ixs_elastic_fit *fit, const struct ixs_spectrum *spectrum,
                    const struct ixs_elastic_point *at, size_t i, struct ixs_sqw *row)
{
    double kt = IXS_BOLTZMANN * spectrum->temperature, x = row->energy / kt, factor = -expm1(-x);
    double energy = fit->seen->task->points.energy[i], by[IXS_MODEL_MOST_PARAMETERS] = {0};
    row->chi_fit = row->s_fit * factor;
    row->chi_model = model_at(fit->answer, spectrum->temperature, row->energy) * factor;
    row->chi = row->s * factor;
    if (!(fabs(factor) > 0.0)) {
        row->chi_err = isnan(row->chi) ? NAN : 0.0;
        return;
    }
    /* of S + S_FIT d ln(factor)/d zero: the whole times |factor| */
    by[IXS_MODEL_ZERO] = -row->s_fit * exp(-x) / (kt * factor);
    double error =
        ixs_elastic_error(fit, energy, at, true, i, 1.0 / fit->seen->task->points.exposure[i], by);
    double kelvin_err = spectrum->temperature_err > 0.0 ? spectrum->temperature_err : 0.0;
    double by_kelvin = row->s_fit * x * exp(-x) / spectrum->temperature * kelvin_err;
    row->chi_err = isnan(row->chi) ? NAN : hypot(fabs(factor) * error, by_kelvin);
}

static void put_row(const struct ixs_elastic_fit *fit, const struct ixs_spectrum *spectrum,
                    const struct ixs_point *point, const struct ixs_elastic_point *at, size_t i,
                    bool lost, struct ixs_sqw *row)
{
    double a = 1.0 / point->exposure;
    row->spectrum = spectrum->spectrum;
    ixs_copy(row->analyzer, sizeof row->analyzer, spectrum->analyzer);
    row->q = spectrum->q;
    row->energy = point->energy - fit->answer->zero;
    row->s = lost ? NAN : point->intensity - at->elastic - at->background;
    row->s_err = lost ? NAN : ixs_elastic_error(fit, point->energy, at, true, i, a, NULL);
    row->s_fit = at->inelastic;
    row->s_model = model_at(fit->answer, spectrum->temperature, row->energy);
    row->chi = row->chi_err = row->chi_fit = row->chi_model = NAN;
    if (spectrum->temperature > 0.0)
        put_chi(fit, spectrum, at, i, row);
}

/* Whether the point is number i of those that were fitted. */
static bool is_fitted(const struct ixs_fit_task *task, size_t i, const struct ixs_point *point)
{
    return i < task->points.n && !ixs_flags_bar(point->flags) &&
           task->points.energy[i] == point->energy && task->points.exposure[i] == point->exposure;
}

void ixs_elastic_subtract(const struct ixs_elastic_fit *fit, struct ixs_spectrum *spectrum,
                          size_t npoints, struct ixs_point *points, struct ixs_sqw *rows)
{
    const struct ixs_fit_task *task = fit->seen->task;
    size_t next = 0;
    for (size_t k = 0; k < npoints; k++) {
        struct ixs_point *point = &points[k];
        struct ixs_elastic_point at;
        bool fitted = is_fitted(task, next, point);
        point->elastic = point->elastic_err = point->inelastic = point->inelastic_err = NAN;
        point->flags &= ~(int64_t)IXS_FLAG_ELASTIC;
        if (!isfinite(point->energy))
            continue;
        ixs_elastic_point(fit, point->energy, &at);
        double error = ixs_elastic_error(fit, point->energy, &at, false, 0, 0.0, NULL);
        point->elastic = at.elastic;
        point->elastic_err = error;
        if (!fitted) {
            point->inelastic = point->intensity - at.elastic;
            point->inelastic_err = hypot(point->error, error);
            continue;
        }
        bool lost = is_lost(fit, &at, next, error);
        if (lost)
            point->flags |= IXS_FLAG_ELASTIC;
        else {
            point->inelastic = point->intensity - at.elastic;
            point->inelastic_err = ixs_elastic_error(fit, point->energy, &at, false, next,
                                                     1.0 / point->exposure, NULL);
        }
        if (lost && fit->elastic.status == IXS_ELASTIC_INSEPARABLE)
            point->elastic = point->elastic_err = NAN;
        rows[k].point = (int64_t)k + 1;
        put_row(fit, spectrum, point, &at, next++, lost, &rows[k]);
    }
}
