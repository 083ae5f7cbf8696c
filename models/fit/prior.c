/* SPDX-License-Identifier: GPL-3.0-or-later
 * Priors of a fit's parameters: their densities, and draws from them.
 */
#include "models/fit/prior.h"

#include "base/units.h"
#include "models/numerics/chance.h"

#include <math.h>

static const double log_root_2pi = 0.91893853320467274;
static const double seen = 2.0; /* errors of a strength above which a mode can be seen */

enum ixs_prior_kind ixs_prior_kind(const struct ixs_model *model, size_t k)
{
    static const enum ixs_prior_kind of_mode[] = {IXS_PRIOR_ENERGY, IXS_PRIOR_WIDTH,
                                                  IXS_PRIOR_AREA};
    if (k == IXS_MODEL_ZERO)
        return IXS_PRIOR_ZERO;
    if (k > IXS_MODEL_BACKGROUND && k < ixs_model_after_background(&model->form))
        return IXS_PRIOR_POWER;
    if (k >= model->first_cell && k < model->first_mode)
        return IXS_PRIOR_CELL;
    if (k >= model->first_mode)
        return of_mode[(k - model->first_mode) % IXS_MODEL_PER_MODE];
    return model->form.quasielastic && k == model->first_quasielastic + 1 ? IXS_PRIOR_WIDTH
                                                                          : IXS_PRIOR_AREA;
}

static bool is_area(const struct ixs_fit_space *space, size_t k)
{
    return ixs_prior_kind(&space->model, k) == IXS_PRIOR_AREA;
}

static double log_flat(const struct ixs_fit_space *space, size_t k)
{
    return -log(space->upper[k] - space->lower[k]);
}

static double log_gauss(double distance, double sigma)
{
    return -0.5 * distance * distance / (sigma * sigma) - log(sigma) - log_root_2pi;
}

/* Student's with three degrees of freedom; what lies beyond the bound is too little to matter. */
static double log_width(const struct ixs_fit_space *space, double width)
{
    double s = space->fwhm, x = width / s;
    return log(4.0 / (IXS_PI * sqrt(3.0) * s)) - 2.0 * log1p(x * x / 3.0);
}

static double counts_of(const struct ixs_fit_space *space)
{
    double sum = 0.0;
    for (size_t i = 0; i < space->model.points.n; i++)
        sum += fmax(space->model.points.counts[i], 0.0);
    return fmax(sum, 1.0);
}

/* Of a power of E of the background: the mean rate at the farthest energy. */
static double power_sigma(const struct ixs_fit_space *space, size_t k)
{
    double exposure = 0.0, widest = 0.0;
    for (size_t i = 0; i < space->model.points.n; i++) {
        exposure += space->model.points.exposure[i];
        widest = fmax(widest, fabs(space->model.points.energy[i]));
    }
    return counts_of(space) / exposure / pow(widest, (double)(k - IXS_MODEL_BACKGROUND));
}

/* Density of all areas: shares of the counts uniform on their simplex, (m - 1)!/total^(m - 1) for m
 * of them, times the exponential of the total. */
static double log_shares(const struct ixs_fit_space *space, const double *parameters,
                         const double *sums)
{
    double counts = counts_of(space), total = 0.0, log_density = 0.0, lines = 0.0;
    for (size_t k = 0; k < space->model.nparameters; k++)
        if (is_area(space, k)) {
            double sum = fmax(sums[k], 1e-300);
            total += parameters[k] * sum;
            log_density += log(sum);
            lines += 1.0;
        }
    total = fmax(total, 1e-3);
    return log_density + lgamma(lines) - (lines - 1.0) * log(total) - total / counts - log(counts);
}

double ixs_prior_visible(double curvature)
{
    return seen / sqrt(curvature);
}

double ixs_prior_log_of(const struct ixs_fit_space *space, size_t k, double value)
{
    double sigma = space->prior_sigma[k];
    if (sigma > 0.0) /* stated */
        return log_gauss(value - space->prior_mean[k], sigma);
    switch (ixs_prior_kind(&space->model, k)) {
    case IXS_PRIOR_ZERO:
    case IXS_PRIOR_ENERGY:
        return log_flat(space, k);
    case IXS_PRIOR_WIDTH:
        return log_width(space, value);
    case IXS_PRIOR_POWER:
        return log_gauss(value, power_sigma(space, k));
    default:
        return 0.0; /* all areas together: log_shares */
    }
}

double ixs_prior_log(const struct ixs_fit_space *space, const double *parameters,
                     const double *sums)
{
    double sum = log_shares(space, parameters, sums);
    for (size_t k = 0; k < space->model.nparameters; k++)
        if (space->lower[k] < space->upper[k])
            sum += ixs_prior_log_of(space, k, parameters[k]);
    return sum;
}

/* ---- draws ----------------------------------------------------------------------------------- */

static double draw_width(double scale, uint64_t *chance)
{
    double sum = 0.0;
    for (int k = 0; k < 3; k++)
        sum += pow(ixs_chance_normal(chance), 2.0) / 3.0;
    return scale * fabs(ixs_chance_normal(chance)) / sqrt(sum);
}

static double draw_shape(const struct ixs_fit_space *space, size_t k, uint64_t *chance)
{
    double lo = space->lower[k], hi = space->upper[k], s = space->fwhm;
    double sigma = space->prior_sigma[k];
    if (sigma > 0.0)
        return space->prior_mean[k] + sigma * ixs_chance_normal(chance);
    switch (ixs_prior_kind(&space->model, k)) {
    case IXS_PRIOR_ZERO:
    case IXS_PRIOR_ENERGY:
        return lo + (hi - lo) * ixs_chance_uniform(chance);
    case IXS_PRIOR_WIDTH:
        return fmin(draw_width(s, chance), hi);
    case IXS_PRIOR_POWER:
        return power_sigma(space, k) * ixs_chance_normal(chance);
    default:
        return 0.0;
    }
}

void ixs_prior_draw_shapes(const struct ixs_fit_space *space, uint64_t *chance, double *parameters)
{
    const struct ixs_model *model = &space->model;
    for (size_t k = 0; k < model->nparameters; k++)
        parameters[k] =
            space->lower[k] < space->upper[k] ? draw_shape(space, k, chance) : space->lower[k];
    for (size_t m = 1; m < model->nmodes; m++)
        for (size_t l = m; l > 0; l--) {
            double *high = parameters + model->first_mode + IXS_MODEL_PER_MODE * l;
            double *low = high - IXS_MODEL_PER_MODE, energy = *high;
            if (*low <= *high)
                break;
            *high = *low;
            *low = energy;
        }
}

/* Shares uniform on their simplex: exponential variables over their sum. */
void ixs_prior_draw_areas(const struct ixs_fit_space *space, uint64_t *chance, const double *sums,
                          double *parameters)
{
    double total = -counts_of(space) * log(ixs_chance_uniform(chance)), sum = 0.0;
    for (size_t k = 0; k < space->model.nparameters; k++)
        if (is_area(space, k))
            sum += parameters[k] = -log(ixs_chance_uniform(chance));
    for (size_t k = 0; k < space->model.nparameters; k++)
        if (is_area(space, k))
            parameters[k] *= total / sum / fmax(sums[k], 1e-300);
}
