/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fit of one spectrum from task to answer.
 */
#include "models/fit/fit_inside.h"

#include "base/array.h"
#include "models/evidence/evidence.h"

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
    ixs_deviance_table_make(&space->deviances);
    return IXS_NEW(space->mu, most_points, err) && IXS_NEW(space->scaled, 4 * most_points, err) &&
           IXS_NEW(space->columns, ixs_kernels_room(IXS_FIT_P, most_points), err) &&
           IXS_NEW(space->weight, most_points, err) &&
           IXS_NEW(space->joint, 3 * most_points, err) &&
           IXS_NEW(space->spare, IXS_FIT_SPARE, err) &&
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
    free(space->scaled);
    free(space->columns);
    free(space->weight);
    free(space->joint);
    free(space->spare);
    free(space);
}

static const char *points_complaint(const struct ixs_model_points *points, const double *sigma)
{
    for (size_t i = 0; i < points->n; i++) {
        if (!isfinite(points->energy[i]))
            return "an energy is not a number";
        if (!sigma && !(points->counts[i] >= 0.0 && points->counts[i] < 1e15))
            return "a count is negative or not a number";
        if (sigma && !(fabs(points->counts[i]) < 1e15))
            return "an intensity is not a number";
        if (sigma && !(sigma[i] > 0.0 && sigma[i] < 1e15))
            return "an error is not positive";
        if (!(points->exposure[i] > 0.0 && points->exposure[i] < 1e15))
            return "an exposure is not positive";
        if (points->dark && !(points->dark[i] >= 0.0 && points->dark[i] < 1e15))
            return "a dark count is negative or not a number";
    }
    return NULL;
}

static const char *given_complaint(const struct ixs_fit_task *task)
{
    struct ixs_model_form form = task->form;
    form.ncell = 0;
    size_t n = task->given ? ixs_model_nparameters(&form, (size_t)task->nmodes) : 0;
    for (size_t k = 0; k < n; k++) {
        const struct ixs_fit_given *given = &task->given[k];
        if (given->lower > given->upper)
            return "a given lower bound is above the upper one";
        if (given->sigma <= 0.0 || isnan(given->sigma) != isnan(given->mean))
            return "a given prior has no mean or no error above 0";
    }
    return NULL;
}

static const char *cell_complaint(const struct ixs_cell *cell)
{
    if (!(cell->scale >= 0.0 && cell->scale < 1e15))
        return "the scale of the background data is negative or not a number";
    if (!(cell->scale_err >= 0.0 && cell->scale_err < 1e15))
        return "the error of that scale is negative or not a number";
    if (cell->zero_err < 0.0)
        return "the error of the zero of the background data is negative";
    return points_complaint(&cell->points, NULL);
}

static const char *number_complaint(const struct ixs_fit_task *task)
{
    if (task->nmodes != IXS_FIT_CHOOSE_MODES)
        return task->nmodes < 0 || task->nmodes > IXS_MODEL_MOST_MODES
                   ? "the number of modes is not 0 .. 6"
                   : NULL;
    if (task->most_modes < 1 || task->most_modes > IXS_MODEL_MOST_MODES)
        return "the largest number of modes is not 1 .. 6";
    if (task->start)
        return "a start is for a given number of modes";
    return task->given ? "what is given of parameters is for a given number of modes" : NULL;
}

const char *ixs_fit_complaint(const struct ixs_fit_task *task)
{
    if (task->kelvin <= 0.0)
        return "the temperature is not above 0 K";
    if (task->zero_err < 0.0 || !isfinite(task->zero))
        return "the prior of the zero is not a number with an error of 0 or more";
    if (!(task->omega0_lo >= 0.0 && task->omega0_hi >= task->omega0_lo && task->fwhm_hi >= 0.0))
        return "the bounds of OMEGA0 or FWHM are not in order";
    if (task->form.background_degree < 0 || task->form.background_degree > IXS_MODEL_MOST_DEGREE)
        return "the degree of the background is not 0 .. 3";
    if (task->form.interaction && !task->form.quasielastic)
        return "an interaction needs a quasi-elastic line";
    const char *complaint = number_complaint(task);
    if (!complaint)
        complaint = given_complaint(task);
    if (!complaint)
        complaint = ixs_response_complaint(&task->response);
    if (!complaint && task->cell)
        complaint = cell_complaint(task->cell);
    return complaint ? complaint : points_complaint(&task->points, task->sigma);
}

size_t ixs_fit_choose(struct ixs_fit_space *space, const struct ixs_fit_found *found,
                      size_t reached, struct ixs_fit_numbers *numbers)
{
    size_t best = 0;
    double least = INFINITY;
    numbers->n = reached + 1;
    ixs_evidence_numbers(space, found, reached, numbers->list);
    for (size_t n = 0; n <= reached; n++) {
        double cost = space->task->choice == IXS_FIT_BY_EVIDENCE ? -numbers->list[n].probability
                      : found[n].n > 0 ? ixs_fit_cost(space, n, found[n].states[0].objective)
                                       : INFINITY;
        if (cost < least) {
            least = cost;
            best = n;
        }
    }
    return best;
}

static bool any_counts(const struct ixs_model_points *points)
{
    bool any = false;
    for (size_t i = 0; i < points->n; i++)
        any = any || points->counts[i] > 0.0;
    return any;
}

/* An answer without numbers. */
static void no_answer(struct ixs_fit_answer *answer, const struct ixs_model_form *form,
                      size_t nmodes, enum ixs_fit_status status)
{
    double nan = (double)NAN;
    *answer = (struct ixs_fit_answer){.status = status, .nmodes = nmodes, .form = *form};
    answer->first_mode = ixs_model_first_mode(form);
    answer->nparameters = ixs_model_nparameters(form, nmodes);
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

/* A start without the parameters of the cell gets those that the cell by itself has. */
static void take_start(const struct ixs_fit_space *space, double *parameters)
{
    const double *start = space->task->start;
    size_t before = space->model.first_cell, after = space->model.first_mode;
    if (space->task->form.ncell > 0) {
        memcpy(parameters, start, space->model.nparameters * sizeof *start);
        return;
    }
    memcpy(parameters, start, before * sizeof *start);
    memcpy(parameters + after, start + before, (space->model.nparameters - after) * sizeof *start);
    ixs_fit_cell_start(space, parameters);
}

/* A given start is improved; without one the data are searched. */
static void find(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                 struct ixs_fit_state *state, struct ixs_fit_numbers *numbers)
{
    struct ixs_fit_found found[IXS_MODEL_MOST_MODES + 1];
    bool choosing = task->nmodes == IXS_FIT_CHOOSE_MODES;
    size_t given = choosing ? (size_t)task->most_modes : (size_t)task->nmodes, reached;
    *state = (struct ixs_fit_state){.nmodes = given, .objective = INFINITY};
    if (task->start) {
        take_start(space, state->parameters);
        ixs_fit_from_start(space, state);
        return;
    }
    ixs_fit_search(space, given, choosing, found, &reached);
    state->nmodes = choosing ? ixs_fit_choose(space, found, reached, numbers) : given;
    if (found[state->nmodes].n > 0)
        *state = found[state->nmodes].states[0];
    ixs_fit_finish(space, state);
}

/* Modes by energy. */
static void sort_modes(const struct ixs_model *model, struct ixs_fit_state *state)
{
    double mode[IXS_MODEL_PER_MODE];
    for (size_t i = 1; i < state->nmodes; i++)
        for (size_t k = i; k > 0; k--) {
            double *high = state->parameters + model->first_mode + IXS_MODEL_PER_MODE * k;
            double *low = high - IXS_MODEL_PER_MODE;
            if (low[0] <= high[0])
                break;
            memcpy(mode, low, sizeof mode);
            memcpy(low, high, sizeof mode);
            memcpy(high, mode, sizeof mode);
        }
}

void ixs_fit_run(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                 struct ixs_fit_answer *answer)
{
    struct ixs_fit_state state;
    size_t given = task->nmodes == IXS_FIT_CHOOSE_MODES ? 0 : (size_t)task->nmodes;
    struct ixs_model_form form = task->form;
    form.ncell = 0;
    size_t n = task->points.n, p = ixs_model_nparameters(&form, given);
    if (n == 0 || !any_counts(&task->points)) {
        no_answer(answer, &form, given, IXS_FIT_NO_DATA);
        snprintf(answer->reason, sizeof answer->reason, "%s",
                 n == 0 ? "no usable point" : "not a single count");
        return;
    }
    if (n < p) {
        no_answer(answer, &form, given, IXS_FIT_UNDETERMINED);
        answer->dof = (long)n - (long)p;
        snprintf(answer->reason, sizeof answer->reason, "%zu points for %zu parameters", n, p);
        return;
    }
    struct ixs_fit_numbers numbers = {0};
    ixs_fit_cell_begin(space, task);
    ixs_fit_prepare(space, task);
    find(space, task, &state, &numbers);
    if (!task->keep_order)
        sort_modes(&space->model, &state);
    ixs_fit_report(space, &state, answer);
    answer->numbers = numbers;
}
