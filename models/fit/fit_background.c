/* SPDX-License-Identifier: GPL-3.0-or-later
 * Background data in a fit: fitted alone first, which tells how rough their spectrum is and where
 * to begin, then together with the spectrum. The roughness is that of largest evidence (Laplace:
 * -objective/2 - Sum ln sigma_m + ln det(covariance)/2), from smooth to rough.
 */
#include "models/fit/fit_inside.h"

#include "models/numerics/cholesky.h"

#include <math.h>
#include <string.h>

static const double smoothest = 0.1, roughest = 200.0, step = 2.0; /* in roughness */
static const double slack = 0.5; /* in evidence, on the side of the rougher */
static const double least_waves = 4;

static double sum_of(size_t n, const double *values)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum;
}

/* No finer than the response. */
static size_t count_waves(double length, double fwhm)
{
    double n = fmax(least_waves, ceil(length / fwhm)) + 1.0;
    return n < IXS_CELL_MOST_WAVES ? (size_t)n : IXS_CELL_MOST_WAVES;
}

static void evaluate_alone(void *context, const double *parameters, double *mu, double *jacobian)
{
    const struct ixs_cell_model *cell = context;
    ixs_cell_alone(cell, parameters, cell->alone.n, mu, jacobian);
}

static void set_roughness(struct ixs_fit_cell *cell, double roughness)
{
    cell->model.waves.roughness = roughness;
    for (size_t k = IXS_CELL_WAVES; k < cell->nparameters; k++)
        cell->sigma[k] = ixs_cell_sigma(roughness, k - IXS_CELL_WAVES);
}

/* ln of the evidence but for what is the same for all roughnesses. */
static double evidence(struct ixs_fit_space *space, const struct ixs_solve_problem *problem,
                       double *parameters)
{
    size_t p = problem->nparameters, n = 0, which[IXS_FIT_P];
    double covariance[IXS_MODEL_MOST_CELL * IXS_MODEL_MOST_CELL];
    double factor[IXS_MODEL_MOST_CELL * IXS_MODEL_MOST_CELL];
    enum ixs_solve_state states[IXS_FIT_P];
    double sum = -0.5 * ixs_solve_covariance(space->solve, problem, parameters, covariance, states);
    for (size_t k = IXS_CELL_WAVES - IXS_CELL_ZERO; k < p; k++)
        if (states[k] == IXS_SOLVE_FREE)
            which[n++] = k;
    for (size_t a = 0; a < n; a++) {
        double here = covariance[which[a] * p + which[a]];
        sum += 0.5 * log(here) - log(problem->prior_sigma[which[a]]);
        for (size_t b = 0; b <= a; b++)
            factor[a * n + b] = covariance[which[a] * p + which[b]] /
                                sqrt(here * covariance[which[b] * p + which[b]]);
    }
    if (ixs_cholesky(n, factor, 1e-15) < n)
        return -INFINITY;
    for (size_t a = 0; a < n; a++)
        sum += log(factor[a * n + a]);
    return sum;
}

/* Roughnesses in turn, each from where the one before came to. */
static void fit_alone(struct ixs_fit_space *space, const struct ixs_cell *data)
{
    struct ixs_fit_cell *cell = &space->cell;
    size_t p = cell->nparameters - IXS_CELL_ZERO;
    double at[IXS_MODEL_MOST_CELL], mean[IXS_MODEL_MOST_CELL] = {0}, best = -INFINITY;
    double rough = smoothest;
    const struct ixs_solve_problem problem = {.nparameters = p,
                                              .ndata = data->points.n,
                                              .counts = data->points.counts,
                                              .model = evaluate_alone,
                                              .context = &cell->model,
                                              .lower = cell->lower + IXS_CELL_ZERO,
                                              .upper = cell->upper + IXS_CELL_ZERO,
                                              .prior_mean = mean,
                                              .prior_sigma = cell->sigma + IXS_CELL_ZERO};
    const struct ixs_solve_rules rules = {.most_iterations = 50, .tolerance = 1e-2};
    memcpy(at, cell->start + IXS_CELL_ZERO, p * sizeof *at);
    for (double roughness = smoothest; roughness < roughest; roughness *= step) {
        struct ixs_solve_result result;
        set_roughness(cell, roughness);
        ixs_solve_run(space->solve, &problem, &rules, at, &result);
        double here = evidence(space, &problem, at);
        if (!(here > best - slack))
            continue;
        best = fmax(best, here);
        rough = roughness;
        memcpy(cell->start + IXS_CELL_ZERO, at, p * sizeof *at);
    }
    set_roughness(cell, rough);
}

/* Counts near zero are elastic, the others a level. */
static void guess(struct ixs_fit_space *space, const struct ixs_cell *data)
{
    struct ixs_fit_cell *cell = &space->cell;
    double level = (sum_of(data->points.n, data->points.counts) + 0.5) /
                   sum_of(data->points.n, data->points.exposure),
           unused;
    ixs_start_first(&space->model, cell->start[IXS_CELL_ZERO], &cell->start[IXS_CELL_AREA],
                    &unused);
    cell->start[IXS_CELL_WAVES] = log(0.5 * level);
}

static void bound(struct ixs_fit_space *space, const struct ixs_cell *data)
{
    struct ixs_fit_cell *cell = &space->cell;
    bool exact = !(data->scale_err > 0.0);
    for (size_t k = 0; k < cell->nparameters; k++) {
        cell->start[k] = 0.0;
        cell->lower[k] = k < IXS_CELL_WAVES ? 0.0 : -INFINITY;
        cell->upper[k] = INFINITY;
        cell->sigma[k] = (double)NAN;
    }
    cell->lower[IXS_CELL_ZERO] = space->lower[IXS_MODEL_ZERO];
    cell->upper[IXS_CELL_ZERO] = space->upper[IXS_MODEL_ZERO];
    cell->sigma[IXS_CELL_ZERO] = data->zero_err;
    cell->start[IXS_CELL_SCALE] = data->scale;
    cell->lower[IXS_CELL_SCALE] = exact ? data->scale : 0.0;
    cell->upper[IXS_CELL_SCALE] = exact ? data->scale : INFINITY;
    cell->sigma[IXS_CELL_SCALE] = exact ? (double)NAN : data->scale_err;
}

/* A spectrum like any other, to find its zero. */
static double find_zero(struct ixs_fit_space *space)
{
    struct ixs_fit_found found[IXS_MODEL_MOST_MODES + 1];
    struct ixs_fit_numbers numbers;
    size_t reached;
    if (space->task->zero_err >= 0.0)
        return 0.0;
    ixs_fit_search(space, 3, true, found, &reached);
    const struct ixs_fit_found *best = &found[ixs_fit_choose(space, found, reached, &numbers)];
    return best->n > 0 ? best->states[0].parameters[IXS_MODEL_ZERO] : 0.0;
}

void ixs_fit_cell_begin(struct ixs_fit_space *space, const struct ixs_fit_task *task)
{
    struct ixs_fit_cell *cell = &space->cell;
    const struct ixs_cell *data = task->cell;
    struct ixs_fit_task alone = IXS_FIT_TASK;
    cell->nparameters = 0;
    if (!data)
        return;
    alone.points = data->points;
    alone.response = task->response;
    alone.transforms = task->transforms;
    alone.kelvin = task->kelvin;
    alone.zero_err = data->zero_err;
    ixs_fit_prepare(space, &alone);
    double zero = find_zero(space);
    struct ixs_model sample = space->model; /* its place in the making of waves */
    sample.points = task->points;
    ixs_cell_model_make(&cell->model, &sample, data, NULL);
    cell->nparameters = IXS_CELL_WAVES + count_waves(cell->model.waves.length, space->fwhm);
    cell->model.nparameters = cell->nparameters;
    bound(space, data);
    cell->start[IXS_CELL_ZERO] = zero;
    guess(space, data);
    fit_alone(space, data);
}

/* Weights of the cell's counts where those of the spectrum have errors of their own. */
static void join_weights(struct ixs_fit_space *space, double *joint)
{
    const struct ixs_model_points *alone = &space->task->cell->points;
    size_t n = space->model.points.n;
    memcpy(joint, space->inverse_variance, n * sizeof *joint);
    for (size_t j = 0; j < alone->n; j++)
        joint[n + j] = 1.0 / fmax(alone->counts[j], 1.0);
    space->inverse_variance = joint;
}

void ixs_fit_cell_join(struct ixs_fit_space *space)
{
    const struct ixs_fit_cell *cell = &space->cell;
    const struct ixs_cell *data = space->task->cell;
    size_t n = space->model.points.n, m = data->points.n, at = space->model.first_cell;
    double *counts = space->joint;
    for (size_t k = 0; k < cell->nparameters; k++) {
        space->lower[at + k] = cell->lower[k];
        space->upper[at + k] = cell->upper[k];
        space->prior_sigma[at + k] = cell->sigma[k];
        space->prior_mean[at + k] = k == IXS_CELL_SCALE ? data->scale : 0.0;
    }
    double roughness = cell->model.waves.roughness;
    ixs_cell_model_make(&space->cell.model, &space->model, data,
                        space->joint + 2 * space->most_points);
    space->cell.model.waves.roughness = roughness;
    memcpy(counts, space->model.points.counts, n * sizeof *counts);
    memcpy(counts + n, data->points.counts, m * sizeof *counts);
    space->counts = counts;
    space->ndata = n + m;
    if (space->inverse_variance)
        join_weights(space, space->joint + space->most_points);
}

double ixs_fit_cell_rate(const struct ixs_model *model, const struct ixs_fit_answer *answer,
                         double energy, double *by)
{
    const struct ixs_cell_model cell = {.nparameters = (size_t)answer->form.ncell,
                                        .first = model->first_cell,
                                        .waves = answer->waves,
                                        .transform = model->transform,
                                        .kernels = model->kernels};
    return cell.nparameters > 0 ? ixs_cell_rate(&cell, answer->parameters, energy, by) : 0.0;
}

bool ixs_fit_is_wave(const struct ixs_fit_answer *answer, size_t k)
{
    size_t first = answer->first_mode - (size_t)answer->form.ncell + IXS_CELL_WAVES;
    return answer->form.ncell > 0 && k >= first && k < answer->first_mode;
}

size_t ixs_fit_counted(const struct ixs_fit_space *space, size_t nmodes)
{
    size_t all = ixs_model_nparameters(&space->model.form, nmodes), cell = space->cell.nparameters;
    return cell > 0 ? all - (cell - IXS_CELL_WAVES) : all;
}

void ixs_fit_cell_start(const struct ixs_fit_space *space, double *parameters)
{
    if (space->cell.nparameters > 0)
        memcpy(parameters + space->model.first_cell, space->cell.start,
               space->cell.nparameters * sizeof *parameters);
}
