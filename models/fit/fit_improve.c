/* SPDX-License-Identifier: GPL-3.0-or-later
 * The solver at work on a fit: all parameters, or the linear ones alone.
 */
#include "models/fit/fit_inside.h"

#include <math.h>
#include <string.h>

static const double least_variance = 0.05; /* of a count, where next to none is expected */

/* Scoring converges by a factor of ten or so in the gain from step to step, and the last step is
 * taken: what is left in the end is below 1e-4, a hundredth of an error. */
static const double final_tolerance = 1e-3;

static void evaluate(void *context, const double *parameters, double *mu, double *jacobian)
{
    ixs_fit_evaluate(context, parameters, mu, jacobian);
}

void ixs_fit_evaluate(const struct ixs_fit_space *space, const double *parameters, double *mu,
                      double *jacobian)
{
    if (space->cell.nparameters > 0)
        ixs_cell_evaluate(&space->cell.model, &space->model, parameters, mu, jacobian);
    else
        ixs_model_evaluate(&space->model, parameters, mu, jacobian);
}

struct ixs_solve_problem ixs_fit_problem(struct ixs_fit_space *space, size_t nmodes,
                                         const double *lower, const double *upper)
{
    ixs_model_set_modes(&space->model, nmodes);
    return (struct ixs_solve_problem){.nparameters = space->model.nparameters,
                                      .ndata = space->ndata,
                                      .counts = space->counts,
                                      .inverse_variance = space->inverse_variance,
                                      .model = evaluate,
                                      .context = space,
                                      .lower = lower,
                                      .upper = upper,
                                      .prior_mean = space->prior_mean,
                                      .prior_sigma = space->prior_sigma};
}

static void improve(struct ixs_fit_space *space, struct ixs_fit_state *state,
                    struct ixs_solve_rules rules)
{
    struct ixs_solve_problem problem =
        ixs_fit_problem(space, state->nmodes, space->lower, space->upper);
    struct ixs_solve_result result;
    ixs_solve_run(space->solve, &problem, &rules, state->parameters, &result);
    state->objective = result.objective;
    state->deviance = result.deviance;
    state->converged = result.converged;
    state->iterations = result.iterations;
}

void ixs_fit_improve(struct ixs_fit_space *space, struct ixs_fit_state *state, size_t iterations,
                     double tolerance)
{
    improve(space, state,
            (struct ixs_solve_rules){.most_iterations = iterations, .tolerance = tolerance});
}

void ixs_fit_finish(struct ixs_fit_space *space, struct ixs_fit_state *state)
{
    improve(space, state,
            (struct ixs_solve_rules){
                .most_iterations = 200, .tolerance = final_tolerance, .last_step = true});
}

/* Elastic area, background, area of the quasi-elastic line, scale of the table, strengths; the cell
 * stays as it is. */
static bool is_linear(const struct ixs_model *model, size_t k)
{
    if (k >= model->first_mode)
        return (k - model->first_mode) % IXS_MODEL_PER_MODE == 2;
    return k < model->first_cell && k != IXS_MODEL_ZERO &&
           !(model->form.quasielastic && k == model->first_quasielastic + 1);
}

/* Columns and bounds of the linear parameters, in their order; which[] tells their indices. */
static size_t take_linear(struct ixs_fit_space *space, size_t *which, double *lower, double *upper)
{
    size_t n = space->model.points.n, stride = space->model.stride, p = 0;
    for (size_t k = 0; k < space->model.nparameters; k++) {
        if (!is_linear(&space->model, k))
            continue;
        memmove(space->columns + p * n, space->columns + k * stride, n * sizeof *space->columns);
        lower[p] = space->lower[k];
        upper[p] = space->upper[k];
        which[p++] = k;
    }
    return p;
}

static void add_up(const struct ixs_fit_space *space, const struct ixs_solve_linear *linear,
                   const double *areas, double *mu)
{
    size_t n = linear->ndata;
    for (size_t i = 0; i < n; i++)
        mu[i] = linear->dark ? linear->dark[i] : 0.0;
    for (size_t k = 0; k < linear->nparameters; k++)
        for (size_t i = 0; i < n; i++)
            mu[i] += areas[k] * space->columns[k * n + i];
}

/* Counts that do not depend on areas, those of the cell among them; NULL: none. */
static const double *rest_of(struct ixs_fit_space *space, const double *parameters)
{
    const double *dark = space->model.points.dark;
    double *share = space->cell.model.share;
    if (space->cell.nparameters == 0)
        return dark;
    ixs_cell_share(&space->cell.model, parameters);
    for (size_t i = 0; i < space->model.points.n; i++)
        share[i] += dark ? dark[i] : 0.0;
    return share;
}

/* Least squares: first with weights of the data, from which any start is good, then with those of
 * the model so found, which is Fisher scoring. */
void ixs_fit_improve_areas(struct ixs_fit_space *space, struct ixs_fit_state *state, int passes)
{
    struct ixs_model *model = &space->model;
    size_t n = model->points.n, which[IXS_FIT_P];
    double lower[IXS_FIT_P], upper[IXS_FIT_P], areas[IXS_FIT_P], *weight = space->weight;
    ixs_model_set_modes(model, state->nmodes);
    ixs_model_evaluate(model, state->parameters, space->mu, space->columns);
    struct ixs_solve_linear linear = {.ndata = n,
                                      .columns = space->columns,
                                      .dark = rest_of(space, state->parameters),
                                      .data = model->points.counts,
                                      .lower = lower,
                                      .upper = upper};
    linear.nparameters = take_linear(space, which, lower, upper);
    for (size_t k = 0; k < linear.nparameters; k++)
        areas[k] = state->parameters[which[k]];
    const double *variance = model->points.counts; /* at first */
    for (int pass = 0; pass < (space->inverse_variance ? 1 : passes); pass++) {
        for (size_t i = 0; i < n; i++)
            weight[i] = 1.0 / fmax(variance[i], pass == 0 ? 1.0 : least_variance);
        linear.inverse_variance = space->inverse_variance ? space->inverse_variance : weight;
        ixs_solve_linear(space->solve, &linear, areas);
        if (pass + 1 < passes)
            add_up(space, &linear, areas, space->mu);
        variance = space->mu;
    }
    for (size_t k = 0; k < linear.nparameters; k++)
        state->parameters[which[k]] = areas[k];
}
