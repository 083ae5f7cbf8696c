/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a fit works on: data, model, bounds and priors of a task.
 */
#include "models/fit/fit_inside.h"

#include "base/median.h"

#include <math.h>
#include <string.h>

static const double near_start = 4.0; /* FWHM of the response */

struct range {
    double lo, hi;
};

static struct range energies(const struct ixs_model_points *points)
{
    struct range range = {INFINITY, -INFINITY};
    for (size_t i = 0; i < points->n; i++) {
        range.lo = fmin(range.lo, points->energy[i]);
        range.hi = fmax(range.hi, points->energy[i]);
    }
    return range;
}

/* Energies that the scan covers, and those about a zero that is known; near a start, if there is
 * one. */
static void bound_zero(struct ixs_fit_space *space, struct range range)
{
    double zero = space->task->zero, err = space->task->zero_err;
    space->prior_mean[IXS_MODEL_ZERO] = zero;
    space->prior_sigma[IXS_MODEL_ZERO] = err;
    if (!isnan(err)) {
        range.lo = fmin(range.lo, zero - 8.0 * err);
        range.hi = fmax(range.hi, zero + 8.0 * err);
    }
    if (space->task->start) {
        range.lo = fmax(range.lo, space->task->start[IXS_MODEL_ZERO] - near_start * space->fwhm);
        range.hi = fmin(range.hi, space->task->start[IXS_MODEL_ZERO] + near_start * space->fwhm);
    }
    space->lower[IXS_MODEL_ZERO] = err == 0.0 ? zero : range.lo;
    space->upper[IXS_MODEL_ZERO] = err == 0.0 ? zero : range.hi;
}

static double widest_width(const struct ixs_fit_task *task, double highest)
{
    return task->fwhm_hi > 0.0 ? task->fwhm_hi : 4.0 * highest;
}

static void bound_modes(struct ixs_fit_space *space, struct range range)
{
    const struct ixs_fit_task *task = space->task;
    double lo = task->omega0_lo, hi = task->omega0_hi;
    if (!(hi > 0.0)) {
        lo = 0.3 * space->fwhm;
        hi = isnan(task->zero_err) ? range.hi - range.lo
                                   : fmax(fabs(range.lo - task->zero), fabs(range.hi - task->zero));
        hi = fmax(hi, 2.0 * space->fwhm);
    }
    for (size_t k = 0; k < IXS_MODEL_MOST_MODES; k++) {
        size_t at = space->model.first_mode + IXS_MODEL_PER_MODE * k;
        space->lower[at] = fmax(lo, 1e-3 * space->fwhm);
        space->upper[at] = hi;
        space->lower[at + 1] = 0.0;
        space->upper[at + 1] = widest_width(task, hi);
        space->lower[at + 2] = 0.0;
    }
    if (task->form.quasielastic)
        space->upper[IXS_MODEL_BACKGROUND + task->form.background_degree + 2] =
            widest_width(task, hi);
}

/* What the task gives of single parameters goes over all else. */
static void take_given(struct ixs_fit_space *space)
{
    const struct ixs_fit_task *task = space->task;
    size_t cell = task->cell ? space->cell.nparameters : 0, first = space->model.first_mode;
    size_t n = task->given ? first - cell + IXS_MODEL_PER_MODE * (size_t)task->nmodes : 0;
    for (size_t g = 0; g < n; g++) {
        const struct ixs_fit_given *given = &task->given[g];
        size_t k = g < first - cell ? g : g + cell;
        space->lower[k] = isnan(given->lower) ? space->lower[k] : given->lower;
        space->upper[k] = isnan(given->upper) ? space->upper[k] : given->upper;
        if (space->upper[k] < space->lower[k]) /* one is given, beyond the usual other */
            *(isnan(given->lower) ? &space->lower[k] : &space->upper[k]) =
                isnan(given->lower) ? space->upper[k] : space->lower[k];
        if (given->sigma > 0.0) {
            space->prior_mean[k] = given->mean;
            space->prior_sigma[k] = given->sigma;
        }
    }
}

/* Areas are not negative; neither is the background where it is one number. */
static void set_bounds(struct ixs_fit_space *space, struct range range)
{
    for (size_t k = 0; k < IXS_FIT_P; k++) {
        space->prior_mean[k] = space->lower[k] = 0.0;
        space->prior_sigma[k] = (double)NAN;
        space->upper[k] = INFINITY;
    }
    for (int k = 1; k <= space->task->form.background_degree; k++)
        space->lower[IXS_MODEL_BACKGROUND + k] = -INFINITY;
    bound_modes(space, range);
    bound_zero(space, range);
    take_given(space);
}

/* Typical y/sigma^2 of data that stand above 0: the factor by which counts are larger than y. */
static double counts_per_unit(struct ixs_fit_space *space, const struct ixs_fit_task *task)
{
    size_t found = 0;
    for (size_t i = 0; i < task->points.n; i++)
        if (task->points.counts[i] > 0.0)
            space->mu[found++] = task->points.counts[i] / (task->sigma[i] * task->sigma[i]);
    return found > 0 ? ixs_median(found, space->mu) : 1.0;
}

static struct ixs_model_points scale_data(struct ixs_fit_space *space,
                                          const struct ixs_fit_task *task)
{
    size_t n = task->points.n;
    struct ixs_model_points points = task->points;
    double factor = counts_per_unit(space, task), *counts = space->scaled;
    double *exposure = counts + n, *dark = counts + 2 * n, *inverse_variance = counts + 3 * n;
    for (size_t i = 0; i < n; i++) {
        double sigma = factor * task->sigma[i];
        counts[i] = factor * points.counts[i];
        exposure[i] = factor * points.exposure[i];
        dark[i] = points.dark ? factor * points.dark[i] : 0.0;
        inverse_variance[i] = 1.0 / (sigma * sigma);
    }
    space->inverse_variance = inverse_variance;
    return (struct ixs_model_points){n, points.energy, counts, exposure, dark};
}

static const struct ixs_transforms *transforms_of(struct ixs_fit_space *space,
                                                  const struct ixs_fit_task *task)
{
    if (task->transforms)
        return task->transforms;
    // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison): if not bit by bit the same, made anew
    if (space->own.n == 0 || memcmp(&space->own_of, &task->response, sizeof task->response) != 0) {
        ixs_transforms_make(&space->own, &task->response);
        space->own_of = task->response;
    }
    return &space->own;
}

static const struct ixs_bose *bose_of(struct ixs_fit_space *space, const struct ixs_fit_task *task)
{
    double span = ixs_model_span(&task->points);
    if (task->cell)
        span = fmax(span, ixs_model_span(&task->cell->points));
    if (space->bose_kelvin != task->kelvin || space->bose_span != span) {
        ixs_bose_make(&space->bose, task->kelvin, span);
        space->bose_kelvin = task->kelvin;
        space->bose_span = span;
    }
    return &space->bose;
}

void ixs_fit_prepare(struct ixs_fit_space *space, const struct ixs_fit_task *task)
{
    const struct ixs_transforms *transforms = transforms_of(space, task);
    struct range range = energies(&task->points);
    double counts = 0.0;
    space->task = task;
    space->fwhm = transforms->fwhm;
    space->inverse_variance = NULL;
    struct ixs_model_points points = task->sigma ? scale_data(space, task) : task->points;
    for (size_t i = 0; i < points.n; i++)
        counts += points.counts[i];
    struct ixs_model_form form = task->form;
    form.ncell = task->cell ? (int)space->cell.nparameters : 0;
    space->model.first_mode = ixs_model_first_mode(&form);
    set_bounds(space, range);
    double most_zero = fmax(fabs(space->lower[IXS_MODEL_ZERO]), fabs(space->upper[IXS_MODEL_ZERO]));
    ixs_model_make(&space->model, &points, ixs_transform_choose(transforms, counts),
                   bose_of(space, task), most_zero, &form,
                   task->nmodes < 0 ? 0 : (size_t)task->nmodes);
    space->ndata = points.n;
    space->counts = space->model.points.counts;
    if (task->cell)
        ixs_fit_cell_join(space);
}
