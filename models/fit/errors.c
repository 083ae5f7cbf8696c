/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the minimum means: errors from the covariance, derived quantities, status.
 */
#include "models/fit/fit_inside.h"

#include "base/units.h"
#include "models/fit/deviance.h"
#include "models/evidence/evidence.h"
#include "models/evidence/select.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double poor = 1e-4; /* p value below which the model does not describe the data */
static const double unresolved = 2.706; /* deviance by which a width differs from 0 at 90 % */

static double at(const struct ixs_fit_answer *answer, size_t row, size_t column)
{
    return answer->covariance[row * answer->nparameters + column];
}

/* Error of a function with slopes a, b with respect to parameters i, k. */
static double combined(const struct ixs_fit_answer *answer, size_t i, double a, size_t k, double b)
{
    double variance =
        a * a * at(answer, i, i) + b * b * at(answer, k, k) + 2.0 * a * b * at(answer, i, k);
    return sqrt(fmax(variance, 0.0)); /* fmax(NaN, 0) would hide a NaN: see below */
}

static double error_of(const struct ixs_fit_answer *answer, size_t i, double a, size_t k, double b)
{
    return isnan(at(answer, i, k)) ? (double)NAN : combined(answer, i, a, k, b);
}

/* End of the interval of a rate OMEGA0^2/FWHM at this end of the width's; NaN: it has none. The two
 * are independent as long as the mode is far from overdamped. */
static double spread(const struct ixs_fit_line *line, double rate, double fwhm)
{
    double by_width = log(fwhm / line->fwhm), by_energy = 2.0 * line->omega0_err / line->omega0;
    double far = hypot(by_width, by_energy);
    return fwhm > 0.0 ? rate * exp(by_width > 0.0 ? -far : far) : (double)NAN;
}

/* What a pair of Lorentzians does not have. */
static void derive_damping(const struct ixs_fit_space *space, size_t o,
                           const struct ixs_fit_answer *answer, struct ixs_fit_line *line)
{
    double omega0 = line->omega0, fwhm = line->fwhm, chi = 2.0 * line->strength / omega0;
    double rate = omega0 * omega0 / fwhm, nan = (double)NAN;
    bool thermal = !isnan(space->model.bose.kt) && !answer->form.pair;
    bool damped = fwhm > 0.0 && !answer->form.pair;
    line->relaxation = damped ? rate : nan;
    line->relaxation_err =
        damped ? error_of(answer, o, 2.0 * omega0 / fwhm, o + 1, -rate / fwhm) : nan;
    line->relaxation_lo = spread(line, line->relaxation, line->fwhm_hi);
    line->relaxation_hi = spread(line, line->relaxation, line->fwhm_lo);
    line->susceptibility = thermal ? chi : nan;
    line->susceptibility_err =
        thermal ? error_of(answer, o + 2, 2.0 / omega0, o, -chi / omega0) : nan;
    line->susceptibility_lo = line->susceptibility - line->susceptibility_err;
    line->susceptibility_hi = line->susceptibility + line->susceptibility_err;
}

void ixs_fit_derive(const struct ixs_fit_space *space, size_t k, struct ixs_fit_answer *answer)
{
    struct ixs_fit_line *line = &answer->lines[k];
    double fwhm = line->fwhm, nan = (double)NAN;
    struct ixs_dho mode = {line->omega0, answer->form.pair ? 0.0 : fwhm, line->strength};
    derive_damping(space, answer->first_mode + IXS_MODEL_PER_MODE * k, answer, line);
    line->area = ixs_dho_area(&mode, space->task->kelvin);
    line->omega_damped = ixs_dho_damped(&mode);
    bool resolved = fwhm > 0.0 && line->regime != IXS_FIT_UNRESOLVED;
    line->lifetime = resolved ? IXS_HBAR / fwhm : nan;
    line->lifetime_err = resolved ? line->lifetime * line->fwhm_err / fwhm : nan;
}

static void take_parameters(const struct ixs_fit_space *space, const struct ixs_fit_state *state,
                            struct ixs_fit_answer *answer)
{
    answer->form = space->model.form;
    answer->gaussian = space->task->sigma != NULL;
    answer->order = space->model.transform->order;
    answer->first_mode = space->model.first_mode;
    answer->nparameters = ixs_model_nparameters(&space->model.form, state->nmodes);
    for (size_t k = 0; k < answer->nparameters; k++) {
        answer->parameters[k] = state->parameters[k];
        answer->errors[k] = sqrt(at(answer, k, k));
        answer->lower[k] = state->parameters[k] - answer->errors[k];
        answer->upper[k] = state->parameters[k] + answer->errors[k];
    }
    answer->zero = answer->parameters[IXS_MODEL_ZERO];
    answer->zero_err = answer->errors[IXS_MODEL_ZERO];
    answer->elastic = answer->parameters[IXS_MODEL_ELASTIC];
    answer->elastic_err = answer->errors[IXS_MODEL_ELASTIC];
    answer->background = answer->parameters[IXS_MODEL_BACKGROUND];
    answer->background_err = answer->errors[IXS_MODEL_BACKGROUND];
}

static void take_line(size_t k, struct ixs_fit_answer *answer)
{
    size_t o = answer->first_mode + IXS_MODEL_PER_MODE * k, g = o + 1, a = o + 2;
    struct ixs_fit_line *line = &answer->lines[k];
    line->omega0 = answer->parameters[o];
    line->omega0_err = answer->errors[o];
    line->omega0_lo = answer->lower[o];
    line->omega0_hi = answer->upper[o];
    line->fwhm = answer->parameters[g];
    line->fwhm_err = answer->errors[g];
    line->fwhm_lo = fmax(answer->lower[g], 0.0);
    line->fwhm_hi = answer->upper[g];
    line->strength = answer->parameters[a];
    line->strength_err = answer->errors[a];
    line->inseparable = false;
    line->fwhm_ul90 = line->fwhm + 1.2816 * line->fwhm_err;
    line->regime = line->fwhm > 2.0 * line->omega0 && !answer->form.pair ? IXS_FIT_OVERDAMPED
                                                                         : IXS_FIT_UNDERDAMPED;
    if (!(line->fwhm * line->fwhm > unresolved * line->fwhm_err * line->fwhm_err))
        line->regime = IXS_FIT_UNRESOLVED;
}

static bool is_width(const struct ixs_fit_answer *answer, size_t k)
{
    return k >= answer->first_mode && (k - answer->first_mode) % IXS_MODEL_PER_MODE == 1;
}

/* The width of a quasi-elastic line that is not there, or what nobody asks for: the shape of the
 * cell's spectrum. */
static bool is_idle(const struct ixs_fit_answer *answer, size_t k)
{
    size_t cell = answer->first_mode - (size_t)answer->form.ncell;
    if (k > cell && k < answer->first_mode)
        return true;
    size_t area = ixs_model_after_background(&answer->form);
    return answer->form.quasielastic && k == area + 1 && answer->states[area] == IXS_SOLVE_LOWER;
}

/* First parameter in that state, or the number of parameters. A width at 0 is not counted: it is a
 * delta line, which REGIME and the upper limit tell of. */
static size_t first_in(const struct ixs_fit_answer *answer, enum ixs_solve_state state)
{
    size_t k = 0;
    while (k < answer->nparameters && (answer->states[k] != state || is_idle(answer, k) ||
                                       (state == IXS_SOLVE_LOWER && is_width(answer, k))))
        k++;
    return k;
}

/* The first strength of a mode that the data do not tell from none, or the number of parameters. */
static size_t first_needless(const struct ixs_fit_answer *answer)
{
    for (size_t m = 0; m < answer->nmodes; m++) {
        size_t k = answer->first_mode + IXS_MODEL_PER_MODE * m + 2;
        if (answer->states[k] == IXS_SOLVE_FREE && answer->lower[k] <= 0.0)
            return k;
    }
    return answer->nparameters;
}

static void say(struct ixs_fit_answer *answer, enum ixs_fit_status status, size_t k,
                const char *what)
{
    struct ixs_model_name words = ixs_model_parameter(&answer->form, k);
    answer->status = status;
    if (strcmp(words.name, words.component) == 0)
        snprintf(answer->reason, sizeof answer->reason, "%s %s", words.name, what);
    else
        snprintf(answer->reason, sizeof answer->reason, "%s of %s %s", words.name, words.component,
                 what);
}

void ixs_fit_judge(const struct ixs_fit_state *state, struct ixs_fit_answer *answer)
{
    size_t n = answer->nparameters, unknown = first_in(answer, IXS_SOLVE_UNDETERMINED);
    size_t low = first_in(answer, IXS_SOLVE_LOWER), high = first_in(answer, IXS_SOLVE_UPPER);
    answer->status = IXS_FIT_GOOD;
    answer->reason[0] = '\0';
    if (unknown < n) {
        say(answer, IXS_FIT_UNDETERMINED, unknown, "is not determined by the data");
    } else if (!state->converged) {
        answer->status = IXS_FIT_NOT_CONVERGED;
        snprintf(answer->reason, sizeof answer->reason, "no minimum after %zu iterations",
                 state->iterations);
    } else if (answer->p_value < poor) {
        answer->status = IXS_FIT_POOR;
        snprintf(answer->reason, sizeof answer->reason, "deviance %.1f on %ld, chance %s%.0e",
                 answer->deviance, answer->dof, answer->p_value < 1e-9 ? "below " : "",
                 fmax(answer->p_value, 1e-9));
    } else if (first_needless(answer) < n) {
        say(answer, IXS_FIT_UNDETERMINED, first_needless(answer), "is not told from 0");
    } else if (low < n || high < n) {
        say(answer, IXS_FIT_BOUND, low < n ? low : high,
            low < n ? "is at its lower bound" : "is at its upper bound");
    }
}

static void free_widths(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                        struct ixs_fit_widths *widths)
{
    struct ixs_fit_state copy = *state;
    enum ixs_solve_state states[IXS_FIT_P];
    bool wanted[IXS_FIT_P] = {false};
    double lower[IXS_FIT_P];
    memcpy(lower, space->lower, sizeof lower);
    for (size_t k = 0; k < state->nmodes; k++) {
        size_t g = space->model.first_mode + IXS_MODEL_PER_MODE * k + 1;
        wanted[g] = lower[g] < space->upper[g]; /* not one that is held */
        lower[g] = wanted[g] ? -INFINITY : lower[g];
    }
    if (space->model.form.quasielastic)
        wanted[space->model.first_quasielastic + 1] = true;
    struct ixs_solve_problem problem = ixs_fit_problem(space, state->nmodes, lower, space->upper);
    ixs_solve_covariance(space->solve, &problem, copy.parameters, widths->covariance, states);
    ixs_solve_median_bias(space->solve, &problem, copy.parameters, widths->covariance, wanted,
                          widths->bias);
}

double ixs_fit_deviance(const struct ixs_fit_space *space, const struct ixs_fit_state *state)
{
    double sum = state->objective;
    for (size_t k = 0; k < space->model.nparameters; k++)
        if (space->prior_sigma[k] > 0.0) {
            double miss = (state->parameters[k] - space->prior_mean[k]) / space->prior_sigma[k];
            sum -= miss * miss;
        }
    return sum;
}

void ixs_fit_describe(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                      struct ixs_fit_answer *answer)
{
    answer->nmodes = state->nmodes;
    answer->iterations = state->iterations;
    take_parameters(space, state, answer);
    for (size_t k = 0; k < state->nmodes; k++) {
        take_line(k, answer);
        ixs_fit_derive(space, k, answer);
    }
}

/* A parameter with a prior is none; but of the waves of a cell, whose priors are broad, the data
 * tell some: as many as their errors are below those of the priors. */
static size_t count_free(const struct ixs_fit_space *space, const struct ixs_fit_answer *answer)
{
    size_t count = 0;
    double told = 0.0;
    for (size_t k = 0; k < answer->nparameters; k++) {
        double prior = space->prior_sigma[k], share = answer->errors[k] / prior;
        if (ixs_fit_is_wave(answer, k))
            told += fmax(0.0, 1.0 - share * share);
        else
            count += answer->states[k] != IXS_SOLVE_FIXED && !(prior > 0.0);
    }
    return count + (size_t)lround(told);
}

void ixs_fit_report(struct ixs_fit_space *space, const struct ixs_fit_state *state,
                    struct ixs_fit_answer *answer)
{
    struct ixs_fit_state final = *state;
    struct ixs_fit_widths widths;
    struct ixs_solve_problem problem =
        ixs_fit_problem(space, state->nmodes, space->lower, space->upper);
    memset(answer, 0, offsetof(struct ixs_fit_answer, covariance)); /* which is filled as needed */
    final.objective = ixs_solve_covariance(space->solve, &problem, final.parameters,
                                           answer->covariance, answer->states);
    answer->nmodes = state->nmodes;
    answer->iterations = state->iterations;
    answer->deviance = final.deviance = ixs_fit_deviance(space, &final);
    if (space->cell.nparameters > 0)
        answer->waves = space->cell.model.waves;
    answer->objective = final.objective;
    take_parameters(space, &final, answer);
    size_t n = space->ndata;
    answer->dof = (long)n - (long)count_free(space, answer);
    answer->p_value = answer->dof > 0 ? ixs_fit_chance(space, &problem, answer->covariance,
                                                       answer->states, final.deviance)
                                      : (double)NAN;
    answer->aicc = ixs_select_aicc(final.objective, n, ixs_fit_counted(space, state->nmodes));
    answer->log_evidence = space->task->quick
                               ? (double)NAN
                               : ixs_evidence(space, &final, answer->covariance, answer->states);
    answer->bootstrap.draws = answer->sample.steps = 0;
    if (!space->task->quick) {
        free_widths(space, &final, &widths);
        ixs_fit_limit_areas(space, &final, &widths, answer);
    }
    if (!space->task->quick && answer->form.quasielastic)
        ixs_fit_limit_quasielastic(space, &final, &widths, answer);
    for (size_t k = 0; k < state->nmodes; k++) {
        take_line(k, answer);
        if (!space->task->quick)
            ixs_fit_limits(space, &final, &widths, k, answer);
        ixs_fit_derive(space, k, answer);
        if (!space->task->quick)
            ixs_fit_relaxation(space, &final, k, answer);
    }
    answer->elastic_err = answer->errors[IXS_MODEL_ELASTIC];
    answer->background_err = answer->errors[IXS_MODEL_BACKGROUND];
    ixs_fit_judge(&final, answer);
}
