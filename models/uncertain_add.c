/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the errors of a response do to a fit.
 */
#include "models/uncertain.h"

#include "base/array.h"
#include "models/cholesky.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { P = IXS_MODEL_MOST_PARAMETERS };
static const double least_mu = 1e-4;
static const double limit90 = 1.2816; /* of a Gaussian */

struct ixs_uncertain_space {
    struct ixs_model model;
    struct ixs_bose bose;
    double *mu, *low, *high, *weight, *jacobian; /* [most_points], jacobian [P] times that */
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
    ixs_model_make(&space->model, &task->points, transform, &space->bose,
                   fabs(answer->parameters[IXS_MODEL_ZERO]), &task->form, answer->nmodes);
    ixs_model_evaluate(&space->model, answer->parameters, mu, jacobian);
}

/* The curvature of the moving parameters, factored. */
static bool factor(struct ixs_uncertain_space *space, const struct ixs_fit_task *task)
{
    size_t n = task->points.n, m = space->nmoving;
    for (size_t a = 0; a < m; a++)
        for (size_t b = 0; b <= a; b++) {
            const double *one = space->jacobian + space->moving[a] * n;
            const double *other = space->jacobian + space->moving[b] * n;
            double sum = 0;
            for (size_t i = 0; i < n; i++)
                sum += one[i] * other[i] * space->weight[i];
            if (a == b && space->moving[a] == IXS_MODEL_ZERO && task->zero_err > 0)
                sum += 1 / (task->zero_err * task->zero_err);
            space->curvature[a * m + b] = sum;
        }
    return ixs_cholesky(m, space->curvature, 0) == m;
}

/* The shift of all parameters by one standard deviation of a direction. */
static void find_shift(struct ixs_uncertain_space *space, const struct ixs_uncertain_end *end,
                       size_t n)
{
    double moved[P];
    for (size_t a = 0; a < space->nmoving; a++) {
        const double *column = space->jacobian + space->moving[a] * n;
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum -= column[i] * space->weight[i] * (space->high[i] - space->low[i]);
        moved[a] = sum / end->step;
    }
    ixs_cholesky_solve(space->nmoving, space->curvature, moved);
    memset(space->shift, 0, sizeof space->shift);
    for (size_t a = 0; a < space->nmoving; a++)
        space->shift[space->moving[a]] = moved[a];
}

static void add_shift(struct ixs_uncertain_space *space, const struct ixs_fit_answer *answer)
{
    size_t p = answer->nparameters;
    for (size_t k = 0; k < p; k++)
        for (size_t l = 0; l < p; l++)
            space->total[k * p + l] += space->shift[k] * space->shift[l];
    for (size_t k = 0; k < answer->nmodes; k++) {
        size_t o = answer->first_mode + IXS_MODEL_PER_MODE * k;
        const double *s = space->shift + o, *x = answer->parameters + o;
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

static void widen_answer(const struct ixs_uncertain_space *space, struct ixs_fit_answer *answer)
{
    size_t p = answer->nparameters;
    for (size_t k = 0; k < p; k++) {
        double error = sqrt(space->total[k * p + k]);
        answer->errors[k] = hypot(answer->errors[k], error);
        widen(&answer->lower[k], answer->parameters[k], error);
        widen(&answer->upper[k], answer->parameters[k], error);
        for (size_t l = 0; l < p; l++)
            if (answer->states[k] == IXS_SOLVE_FREE && answer->states[l] == IXS_SOLVE_FREE)
                answer->covariance[k * p + l] += space->total[k * p + l];
    }
    answer->zero_err = answer->errors[IXS_MODEL_ZERO];
    answer->elastic_err = answer->errors[IXS_MODEL_ELASTIC];
    answer->background_err = answer->errors[IXS_MODEL_BACKGROUND];
    for (size_t k = 0; k < answer->nmodes; k++)
        widen_line(space, k, answer);
}

void ixs_uncertain_add(struct ixs_uncertain_space *space, const struct ixs_uncertain *uncertain,
                       const struct ixs_fit_task *task, struct ixs_fit_answer *answer)
{
    size_t n = task->points.n;
    double counts = 0;
    if (uncertain->n == 0 || answer->nparameters == 0 || answer->status == IXS_FIT_NO_DATA)
        return;
    for (size_t i = 0; i < n; i++)
        counts += fmax(task->points.counts[i], 0);
    find_moving(space, answer);
    ixs_bose_make(&space->bose, task->kelvin, ixs_model_span(&task->points));
    evaluate(space, ixs_transform_choose(task->transforms, counts), task, answer, space->mu,
             space->jacobian);
    for (size_t i = 0; i < n; i++)
        space->weight[i] = task->sigma != NULL ? 1 / (task->sigma[i] * task->sigma[i])
                                               : 1 / fmax(space->mu[i], least_mu);
    memset(space->total, 0, sizeof space->total);
    memset(space->relaxation, 0, sizeof space->relaxation);
    memset(space->susceptibility, 0, sizeof space->susceptibility);
    if (!factor(space, task))
        return;
    for (size_t l = 0; l < uncertain->n; l++) {
        const struct ixs_uncertain_end *end = &uncertain->ends[l];
        evaluate(space, ixs_transform_choose(&end->low, counts), task, answer, space->low, NULL);
        evaluate(space, ixs_transform_choose(&end->high, counts), task, answer, space->high, NULL);
        find_shift(space, end, n);
        add_shift(space, answer);
    }
    widen_answer(space, answer);
}
