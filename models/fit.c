/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fit of one spectrum from task to answer.
 */
#include "models/fit_inside.h"

#include "base/array.h"
#include "models/deviance.h"
#include "models/select.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *ixs_fit_status_word(enum ixs_fit_status status)
{
    static const char *const words[] = {"good",          "bound", "undetermined",
                                        "not-converged", "poor",  "no-data"};
    return words[status];
}

const char *ixs_fit_regime_word(enum ixs_fit_regime regime)
{
    static const char *const words[] = {"underdamped", "overdamped", "unresolved"};
    return words[regime];
}

bool ixs_fit_space_new(struct ixs_fit_space **out, size_t most_points, struct ixs_err *err)
{
    struct ixs_fit_space *space;
    if (!IXS_NEW(space, 1, err))
        return false;
    *out = space;
    space->most_points = most_points;
    return IXS_NEW(space->mu, most_points, err) &&
           ixs_solve_new(&space->solve, IXS_FIT_P, most_points, err) &&
           ixs_start_new(&space->start, most_points, err);
}

void ixs_fit_space_free(struct ixs_fit_space *space)
{
    if (!space)
        return;
    ixs_solve_free(space->solve);
    ixs_start_free(space->start);
    free(space->mu);
    free(space);
}

static const char *points_complaint(const struct ixs_model_points *points)
{
    for (size_t i = 0; i < points->n; i++) {
        if (!isfinite(points->energy[i]))
            return "an energy is not a number";
        if (!(points->counts[i] >= 0.0 && points->counts[i] < 1e15))
            return "a count is negative or not a number";
        if (!(points->exposure[i] > 0.0 && points->exposure[i] < 1e15))
            return "an exposure is not positive";
        if (points->dark && !(points->dark[i] >= 0.0 && points->dark[i] < 1e15))
            return "a dark count is negative or not a number";
    }
    return NULL;
}

const char *ixs_fit_complaint(const struct ixs_fit_task *task)
{
    if (task->nmodes != IXS_FIT_CHOOSE_MODES &&
        (task->nmodes < 0 || task->nmodes > IXS_MODEL_MOST_MODES))
        return "the number of modes is not 0 .. 6";
    if (task->nmodes == IXS_FIT_CHOOSE_MODES &&
        (task->most_modes < 1 || task->most_modes > IXS_MODEL_MOST_MODES))
        return "the largest number of modes is not 1 .. 6";
    if (task->kelvin <= 0.0)
        return "the temperature is not above 0 K";
    if (task->zero_err < 0.0)
        return "the error of the zero is negative";
    if (!(task->omega0_lo >= 0.0 && task->omega0_hi >= task->omega0_lo && task->fwhm_hi >= 0.0))
        return "the bounds of OMEGA0 or FWHM are not in order";
    const char *complaint = ixs_response_complaint(&task->response);
    return complaint ? complaint : points_complaint(&task->points);
}

static void evaluate(void *context, const double *parameters, double *mu, double *jacobian)
{
    ixs_model_evaluate(context, parameters, mu, jacobian);
}

struct ixs_solve_problem ixs_fit_problem(struct ixs_fit_space *space, size_t nmodes,
                                         const double *lower, const double *upper)
{
    space->model.nmodes = nmodes;
    return (struct ixs_solve_problem){.nparameters = ixs_model_nparameters(nmodes),
                                      .ndata = space->model.points.n,
                                      .counts = space->model.points.counts,
                                      .model = evaluate,
                                      .context = &space->model,
                                      .lower = lower,
                                      .upper = upper,
                                      .prior_mean = space->prior_mean,
                                      .prior_sigma = space->prior_sigma};
}

static void improve(struct ixs_fit_space *space, struct ixs_fit_state *state, const double *lower,
                    const double *upper, const struct ixs_solve_rules *rules)
{
    struct ixs_solve_problem problem = ixs_fit_problem(space, state->nmodes, lower, upper);
    struct ixs_solve_result result;
    ixs_solve_run(space->solve, &problem, rules, state->parameters, &result);
    state->objective = result.objective;
    state->deviance = result.deviance;
    state->converged = result.converged;
    state->iterations = result.iterations;
}

void ixs_fit_improve(struct ixs_fit_space *space, struct ixs_fit_state *state, size_t iterations,
                     double tolerance)
{
    struct ixs_solve_rules rules = {.most_iterations = iterations, .tolerance = tolerance};
    improve(space, state, space->lower, space->upper, &rules);
}

void ixs_fit_improve_areas(struct ixs_fit_space *space, struct ixs_fit_state *state,
                           size_t iterations)
{
    struct ixs_solve_rules rules = {.most_iterations = iterations, .tolerance = 0.1};
    double lower[IXS_FIT_P], upper[IXS_FIT_P];
    memcpy(lower, space->lower, sizeof lower);
    memcpy(upper, space->upper, sizeof upper);
    lower[IXS_MODEL_ZERO] = upper[IXS_MODEL_ZERO] = state->parameters[IXS_MODEL_ZERO];
    for (size_t k = 0; k < state->nmodes; k++) {
        size_t at = IXS_MODEL_MODES + IXS_MODEL_PER_MODE * k;
        lower[at] = upper[at] = state->parameters[at];
        lower[at + 1] = upper[at + 1] = state->parameters[at + 1];
    }
    improve(space, state, lower, upper, &rules);
}

/* Energies that the scan covers, and for a zero near 0 also those. */
static void bound_zero(struct ixs_fit_space *space)
{
    const struct ixs_model_points *points = &space->model.points;
    double lo = points->energy[0], hi = lo, err = space->task->zero_err;
    for (size_t i = 0; i < points->n; i++) {
        lo = fmin(lo, points->energy[i]);
        hi = fmax(hi, points->energy[i]);
    }
    space->prior_sigma[IXS_MODEL_ZERO] = err;
    if (!isnan(err)) {
        lo = fmin(lo, -8.0 * err);
        hi = fmax(hi, 8.0 * err);
    }
    space->lower[IXS_MODEL_ZERO] = err == 0.0 ? 0.0 : lo;
    space->upper[IXS_MODEL_ZERO] = err == 0.0 ? 0.0 : hi;
}

static void bound_modes(struct ixs_fit_space *space)
{
    const struct ixs_fit_task *task = space->task;
    const struct ixs_model_points *points = &space->model.points;
    double lo = task->omega0_lo, hi = task->omega0_hi, first = INFINITY, last = -INFINITY;
    for (size_t i = 0; i < points->n; i++) {
        first = fmin(first, points->energy[i]);
        last = fmax(last, points->energy[i]);
    }
    if (!(hi > 0.0)) {
        lo = 0.3 * space->fwhm;
        hi = isnan(task->zero_err) ? last - first : fmax(fabs(first), fabs(last));
        hi = fmax(hi, 2.0 * space->fwhm);
    }
    for (size_t k = 0; k < IXS_MODEL_MOST_MODES; k++) {
        size_t at = IXS_MODEL_MODES + IXS_MODEL_PER_MODE * k;
        space->lower[at] = fmax(lo, 1e-3 * space->fwhm);
        space->upper[at] = hi;
        space->lower[at + 1] = 0.0;
        space->upper[at + 1] = task->fwhm_hi > 0.0 ? task->fwhm_hi : 4.0 * hi;
        space->lower[at + 2] = 0.0;
        space->upper[at + 2] = INFINITY;
    }
}

void ixs_fit_prepare(struct ixs_fit_space *space, const struct ixs_fit_task *task)
{
    space->task = task;
    ixs_model_make(&space->model, &task->points, &task->response, task->kelvin, 0);
    space->fwhm = ixs_response_fwhm(&task->response);
    for (size_t k = 0; k < IXS_FIT_P; k++) {
        space->prior_mean[k] = 0.0;
        space->prior_sigma[k] = (double)NAN;
    }
    bound_zero(space);
    space->lower[IXS_MODEL_ELASTIC] = space->lower[IXS_MODEL_BACKGROUND] = 0.0;
    space->upper[IXS_MODEL_ELASTIC] = space->upper[IXS_MODEL_BACKGROUND] = INFINITY;
    bound_modes(space);
    ixs_start_prepare(space->start, &space->model);
}

void ixs_fit_sort(struct ixs_fit_state *state)
{
    double mode[IXS_MODEL_PER_MODE];
    for (size_t i = 1; i < state->nmodes; i++)
        for (size_t k = i; k > 0; k--) {
            double *high = state->parameters + IXS_MODEL_MODES + IXS_MODEL_PER_MODE * k;
            double *low = high - IXS_MODEL_PER_MODE;
            if (low[0] <= high[0])
                break;
            memcpy(mode, low, sizeof mode);
            memcpy(low, high, sizeof mode);
            memcpy(high, mode, sizeof mode);
        }
}

/* The number of modes that pays best among 0 .. reached. */
static size_t choose(const struct ixs_fit_space *space, const struct ixs_fit_state *states,
                     size_t reached)
{
    size_t best = 0;
    double least = INFINITY;
    double places = (space->upper[IXS_MODEL_ZERO] - space->lower[IXS_MODEL_ZERO]) / space->fwhm;
    for (size_t n = 0; n <= reached; n++) {
        double aicc =
            ixs_select_aicc(states[n].objective, space->model.points.n, ixs_model_nparameters(n));
        double cost = ixs_select_cost(aicc, n, places);
        if (cost < least) {
            least = cost;
            best = n;
        }
    }
    return best;
}

static bool any_counts(const struct ixs_model_points *points)
{
    double sum = 0.0;
    for (size_t i = 0; i < points->n; i++)
        sum += points->counts[i];
    return sum > 0.0;
}

/* An answer without numbers. */
static void no_answer(struct ixs_fit_answer *answer, size_t nmodes, enum ixs_fit_status status)
{
    double nan = (double)NAN;
    *answer = (struct ixs_fit_answer){.status = status, .nmodes = nmodes};
    answer->nparameters = ixs_model_nparameters(nmodes);
    answer->deviance = answer->p_value = answer->aicc = answer->log_evidence = nan;
    answer->zero = answer->zero_err = answer->elastic = answer->elastic_err = nan;
    answer->background = answer->background_err = nan;
    for (size_t k = 0; k < IXS_FIT_P; k++) {
        answer->parameters[k] = answer->errors[k] = answer->lower[k] = answer->upper[k] = nan;
        answer->states[k] = IXS_SOLVE_UNDETERMINED;
    }
    for (size_t k = 0; k < IXS_FIT_P * IXS_FIT_P; k++)
        answer->covariance[k] = nan;
    for (size_t k = 0; k < nmodes; k++)
        answer->lines[k] = (struct ixs_fit_line){
            nan,  nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan,
            nan,  nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, IXS_FIT_UNRESOLVED,
            false};
}

void ixs_fit_run(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                 struct ixs_fit_answer *answer)
{
    struct ixs_fit_state states[IXS_MODEL_MOST_MODES + 1];
    bool choosing = task->nmodes == IXS_FIT_CHOOSE_MODES;
    size_t given = choosing ? 0 : (size_t)task->nmodes, n = task->points.n, reached;
    if (n == 0 || !any_counts(&task->points)) {
        no_answer(answer, given, IXS_FIT_NO_DATA);
        snprintf(answer->reason, sizeof answer->reason, "%s",
                 n == 0 ? "no usable point" : "not a single count");
        return;
    }
    if (n < ixs_model_nparameters(given)) {
        no_answer(answer, given, IXS_FIT_UNDETERMINED);
        answer->dof = (long)n - (long)ixs_model_nparameters(given);
        snprintf(answer->reason, sizeof answer->reason, "%zu points for %zu parameters", n,
                 ixs_model_nparameters(given));
        return;
    }
    ixs_fit_prepare(space, task);
    ixs_fit_search(space, choosing ? (size_t)task->most_modes : given, choosing, states, &reached);
    struct ixs_fit_state *state = &states[choosing ? choose(space, states, reached) : given];
    ixs_fit_sort(state);
    ixs_fit_improve(space, state, 200, 1e-8);
    ixs_fit_report(space, state, answer);
}
