/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the errors of a response do to a fit.
 */
#include "models/response/uncertain.h"

#include "base/array.h"
#include "models/numerics/cholesky.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { P = IXS_MODEL_MOST_PARAMETERS };
static const double least_mu = 1e-4;
static const double limit90 = 1.2816; /* of a Gaussian */

struct ixs_uncertain_space {
    struct ixs_model model;
    struct ixs_cell_model cell;
    struct ixs_bose bose;
    double *mu, *low, *high, *weight, *share, *jacobian; /* [most_points], jacobian [P] times it */
    double curvature[P * P], shift[P], total[P * P];
    double relaxation[IXS_MODEL_MOST_MODES], susceptibility[IXS_MODEL_MOST_MODES]; /* variances */
    size_t moving[P], nmoving;
};

bool ixs_uncertain_space_new(struct ixs_uncertain_space **out, size_t most_points,
                             struct ixs_err *err)
{
    struct ixs_uncertain_space *space;
    if (!IXS_NEW(space, 1, err))
        return false;
    *out = space;
    return IXS_NEW(space->mu, most_points, err) && IXS_NEW(space->low, most_points, err) &&
           IXS_NEW(space->high, most_points, err) && IXS_NEW(space->weight, most_points, err) &&
           IXS_NEW(space->share, most_points, err) &&
           IXS_NEW(space->jacobian, P * most_points, err);
}

void ixs_uncertain_space_free(struct ixs_uncertain_space *space)
{
    if (space == NULL)
        return;
    free(space->mu);
    free(space->low);
    free(space->high);
    free(space->weight);
    free(space->share);
    free(space->jacobian);
    free(space);
}

static bool is_width(const struct ixs_fit_answer *answer, size_t k)
{
    return k >= answer->first_mode && (k - answer->first_mode) % IXS_MODEL_PER_MODE == 1;
}

/* Those that a wrong response can move: free ones, and widths pressed against 0, whose limits tell
 * how far from it they may be. */
static void find_moving(struct ixs_uncertain_space *space, const struct ixs_fit_answer *answer)
{
    space->nmoving = 0;
    for (size_t k = 0; k < answer->nparameters; k++)
        if (answer->states[k] == IXS_SOLVE_FREE ||
            (answer->states[k] == IXS_SOLVE_LOWER && is_width(answer, k)))
            space->moving[space->nmoving++] = k;
}

static void evaluate(struct ixs_uncertain_space *space, const struct ixs_transform *transform,
                     const struct ixs_fit_task *task, const struct ixs_fit_answer *answer,
                     double *mu, double *jacobian)
{
    struct ixs_model *model = &space->model;
    struct ixs_model_form form = task->form;
    const double *parameters = answer->parameters;
    form.ncell = answer->form.ncell;
    ixs_model_make(model, &task->points, transform, &space->bose, fabs(parameters[IXS_MODEL_ZERO]),
                   &form, answer->nmodes);
    if (form.ncell == 0) {
        ixs_model_evaluate(model, parameters, mu, jacobian);
        return;
    }
    ixs_cell_model_make(&space->cell, model, task->cell, space->share);
    ixs_cell_evaluate(&space->cell, model, parameters, mu, jacobian);
}

/* 1/sigma^2 of a parameter's prior, 0 without one. */
static double prior_weight(const struct ixs_fit_task *task, const struct ixs_fit_answer *answer,
                           size_t k)
{
    size_t cell = answer->first_mode - (size_t)answer->form.ncell;
    size_t given = k < answer->first_mode ? k : k - (size_t)answer->form.ncell;
    double sigma = k == IXS_MODEL_ZERO ? task->zero_err : 0.0;
    if ((k < cell || k >= answer->first_mode) && task->given && task->given[given].sigma > 0.0)
        return 1.0 / (task->given[given].sigma * task->given[given].sigma);
    if (k == cell + IXS_CELL_SCALE && k < answer->first_mode)
        sigma = task->cell->scale_err;
    else if (k == cell + IXS_CELL_ZERO && k < answer->first_mode)
        sigma = task->cell->zero_err;
    else if (k >= cell + IXS_CELL_WAVES && k < answer->first_mode)
        sigma = ixs_cell_sigma(answer->waves.roughness, k - cell - IXS_CELL_WAVES);
    return sigma > 0.0 ? 1.0 / (sigma * sigma) : 0.0;
}

/* The curvature of the moving parameters, factored. */
static bool factor(struct ixs_uncertain_space *space, const struct ixs_fit_task *task,
                   const struct ixs_fit_answer *answer)
{
    size_t n = space->model.stride, m = space->nmoving;
    for (size_t a = 0; a < m; a++)
        for (size_t b = 0; b <= a; b++) {
            const double *one = space->jacobian + space->moving[a] * n;
            const double *other = space->jacobian + space->moving[b] * n;
            double sum = 0;
            for (size_t i = 0; i < n; i++)
                sum += one[i] * other[i] * space->weight[i];
            space->curvature[a * m + b] =
                sum + (a == b ? prior_weight(task, answer, space->moving[a]) : 0.0);
        }
    return ixs_cholesky(m, space->curvature, 0) == m;
}

/* What one standard deviation of a direction adds to half the gradient of all parameters. */
static void find_gradient(const struct ixs_uncertain_space *space,
                          const struct ixs_uncertain_end *end, size_t n, size_t nparameters,
                          double *gradient)
{
    for (size_t k = 0; k < nparameters; k++) {
        const double *column = space->jacobian + k * n;
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += column[i] * space->weight[i] * (space->high[i] - space->low[i]);
        gradient[k] = sum / end->step;
    }
}

/* By how much that moves the parameters. */
static void find_shift(struct ixs_uncertain_space *space, const double *gradient)
{
    double moved[P];
    for (size_t a = 0; a < space->nmoving; a++)
        moved[a] = -gradient[space->moving[a]];
    ixs_cholesky_solve(space->nmoving, space->curvature, moved);
    memset(space->shift, 0, sizeof space->shift);
    for (size_t a = 0; a < space->nmoving; a++)
        space->shift[space->moving[a]] = moved[a];
}

void ixs_uncertain_shift(struct ixs_uncertain_space *space, const struct ixs_fit_answer *answer,
                         const double *shift)
{
    size_t p = answer->nparameters;
    for (size_t k = 0; k < p; k++)
        for (size_t l = 0; l < p; l++)
            space->total[k * p + l] += shift[k] * shift[l];
    for (size_t k = 0; k < answer->nmodes; k++) {
        size_t o = answer->first_mode + IXS_MODEL_PER_MODE * k;
        const double *s = shift + o, *x = answer->parameters + o;
        double rate = x[1] > 0 ? x[0] * x[0] / x[1] * (2 * s[0] / x[0] - s[1] / x[1]) : NAN;
        double chi = 2 * x[2] / x[0] * ((x[2] > 0 ? s[2] / x[2] : 0) - s[0] / x[0]);
        space->relaxation[k] += rate * rate;
        space->susceptibility[k] += chi * chi;
    }
}

/* An end of an interval about `at`, farther by an independent error. */
static void widen(double *end, double at, double error)
{
    double far = *end - at;
    *end = at + copysign(hypot(far, error), far);
}

static void widen_line(const struct ixs_uncertain_space *space, size_t k,
                       struct ixs_fit_answer *answer)
{
    struct ixs_fit_line *line = &answer->lines[k];
    size_t p = answer->nparameters, o = answer->first_mode + IXS_MODEL_PER_MODE * k;
    double omega0 = sqrt(space->total[o * p + o]), fwhm = sqrt(space->total[(o + 1) * p + o + 1]),
           strength = sqrt(space->total[(o + 2) * p + o + 2]);
    line->omega0_err = hypot(line->omega0_err, omega0);
    widen(&line->omega0_lo, line->omega0, omega0);
    widen(&line->omega0_hi, line->omega0, omega0);
    line->fwhm_err = hypot(line->fwhm_err, fwhm);
    widen(&line->fwhm_lo, line->fwhm, line->fwhm_lo < line->fwhm ? fwhm : 0);
    line->fwhm_lo = fmax(line->fwhm_lo, 0);
    widen(&line->fwhm_hi, line->fwhm, fwhm);
    widen(&line->fwhm_ul90, line->fwhm, limit90 * fwhm);
    line->strength_err = hypot(line->strength_err, strength);
    double rate = sqrt(space->relaxation[k]), chi = sqrt(space->susceptibility[k]);
    line->relaxation_err = hypot(line->relaxation_err, rate);
    widen(&line->relaxation_lo, line->relaxation, rate);
    line->relaxation_lo = line->relaxation_lo < 0 ? 0 : line->relaxation_lo;
    widen(&line->relaxation_hi, line->relaxation, rate);
    line->susceptibility_err = hypot(line->susceptibility_err, chi);
    widen(&line->susceptibility_lo, line->susceptibility, chi);
    widen(&line->susceptibility_hi, line->susceptibility, chi);
    line->lifetime_err = line->lifetime * line->fwhm_err / line->fwhm;
}

static bool is_told(enum ixs_solve_state state)
{
    return state == IXS_SOLVE_FREE || state == IXS_SOLVE_TIED || state == IXS_SOLVE_SHARED;
}

void ixs_uncertain_widen(const struct ixs_uncertain_space *space, struct ixs_fit_answer *answer)
{
    size_t p = answer->nparameters;
    for (size_t k = 0; k < p; k++) {
        double error = sqrt(space->total[k * p + k]);
        answer->response_errors[k] = error;
        answer->errors[k] = hypot(answer->errors[k], error);
        widen(&answer->lower[k], answer->parameters[k], error);
        widen(&answer->upper[k], answer->parameters[k], error);
        for (size_t l = 0; l < p; l++)
            if (is_told(answer->states[k]) && is_told(answer->states[l]))
                answer->covariance[k * p + l] += space->total[k * p + l];
    }
    answer->zero_err = answer->errors[IXS_MODEL_ZERO];
    answer->elastic_err = answer->errors[IXS_MODEL_ELASTIC];
    answer->background_err = answer->errors[IXS_MODEL_BACKGROUND];
    for (size_t k = 0; k < answer->nmodes; k++)
        widen_line(space, k, answer);
}

void ixs_uncertain_begin(struct ixs_uncertain_space *space)
{
    memset(space->total, 0, sizeof space->total);
    memset(space->relaxation, 0, sizeof space->relaxation);
    memset(space->susceptibility, 0, sizeof space->susceptibility);
}

static void weigh(struct ixs_uncertain_space *space, const struct ixs_fit_task *task)
{
    size_t n = task->points.n;
    for (size_t i = 0; i < space->model.stride; i++)
        space->weight[i] = 1 / fmax(space->mu[i], least_mu);
    for (size_t i = 0; task->sigma != NULL && i < n; i++)
        space->weight[i] = 1 / (task->sigma[i] * task->sigma[i]);
    for (size_t i = n; task->sigma != NULL && task->cell != NULL && i < space->model.stride; i++)
        space->weight[i] = 1 / fmax(task->cell->points.counts[i - n], 1.0);
}

/* mu, Jacobian and weights at the answer; the number of counts. */
static double look_at(struct ixs_uncertain_space *space, const struct ixs_fit_task *task,
                      const struct ixs_fit_answer *answer)
{
    double counts = 0, span = ixs_model_span(&task->points);
    if (task->cell)
        span = fmax(span, ixs_model_span(&task->cell->points));
    for (size_t i = 0; i < task->points.n; i++)
        counts += fmax(task->points.counts[i], 0);
    ixs_bose_make(&space->bose, task->kelvin, span);
    evaluate(space, ixs_transform_choose(task->transforms, counts), task, answer, space->mu,
             space->jacobian);
    weigh(space, task);
    return counts;
}

/* Of direction `end`, after look_at. */
static void change(struct ixs_uncertain_space *space, const struct ixs_uncertain_end *end,
                   const struct ixs_fit_task *task, const struct ixs_fit_answer *answer,
                   double counts, double *gradient)
{
    evaluate(space, ixs_transform_choose(&end->low, counts), task, answer, space->low, NULL);
    evaluate(space, ixs_transform_choose(&end->high, counts), task, answer, space->high, NULL);
    find_gradient(space, end, space->model.stride, answer->nparameters, gradient);
}

void ixs_uncertain_gradients(struct ixs_uncertain_space *space,
                             const struct ixs_uncertain *uncertain, const struct ixs_fit_task *task,
                             const struct ixs_fit_answer *answer, double *gradients)
{
    double counts = look_at(space, task, answer);
    for (size_t l = 0; l < uncertain->n; l++)
        change(space, &uncertain->ends[l], task, answer, counts,
               gradients + l * answer->nparameters);
}

void ixs_uncertain_add(struct ixs_uncertain_space *space, const struct ixs_uncertain *uncertain,
                       const struct ixs_fit_task *task, struct ixs_fit_answer *answer)
{
    double gradient[P];
    if (uncertain->n == 0 || answer->nparameters == 0 || answer->status == IXS_FIT_NO_DATA)
        return;
    find_moving(space, answer);
    double counts = look_at(space, task, answer);
    ixs_uncertain_begin(space);
    if (!factor(space, task, answer))
        return;
    for (size_t l = 0; l < uncertain->n; l++) {
        change(space, &uncertain->ends[l], task, answer, counts, gradient);
        find_shift(space, gradient);
        ixs_uncertain_shift(space, answer, space->shift);
    }
    ixs_uncertain_widen(space, answer);
}
