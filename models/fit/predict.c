/* SPDX-License-Identifier: GPL-3.0-or-later
 * Expected errors, and the time for wanted ones by bisection: priors and dark counts do not scale
 * like 1/sqrt(time).
 */
#include "models/fit/predict.h"

#include "base/array.h"
#include "models/fit/fit_inside.h"

#include <math.h>
#include <stdlib.h>

static const double least_factor = 1e-6, most_factor = 1e6;

struct scaled { /* owns its arrays */
    double *counts, *exposure, *dark;
};

static bool make(struct scaled *out, const struct ixs_model_points *points, double factor,
                 struct ixs_err *err)
{
    if (!IXS_NEW(out->counts, points->n, err) || !IXS_NEW(out->exposure, points->n, err) ||
        !IXS_NEW(out->dark, points->n, err))
        return false;
    for (size_t i = 0; i < points->n; i++) {
        out->exposure[i] = factor * points->exposure[i];
        out->dark[i] = points->dark ? factor * points->dark[i] : 0.0;
        out->counts[i] = 1.0;
    }
    return true;
}

static void expect(double *errors, struct ixs_fit_space *space, const struct ixs_fit_task *task,
                   double *counts)
{
    double covariance[IXS_FIT_P * IXS_FIT_P], parameters[IXS_FIT_P];
    enum ixs_solve_state states[IXS_FIT_P];
    ixs_fit_prepare(space, task);
    size_t p = space->model.nparameters;
    for (size_t k = 0; k < p; k++)
        parameters[k] = task->start[k];
    ixs_model_evaluate(&space->model, parameters, counts, NULL);
    struct ixs_solve_problem problem =
        ixs_fit_problem(space, (size_t)task->nmodes, space->lower, space->upper);
    ixs_solve_covariance(space->solve, &problem, parameters, covariance, states);
    for (size_t k = 0; k < p; k++)
        errors[k] = states[k] == IXS_SOLVE_UNDETERMINED ? (double)NAN : sqrt(covariance[k * p + k]);
}

bool ixs_predict_errors(double *errors, struct ixs_fit_space *space,
                        const struct ixs_fit_task *task, double factor, struct ixs_err *err)
{
    struct scaled scaled = {0};
    struct ixs_fit_task longer = *task;
    bool ok = make(&scaled, &task->points, factor, err);
    longer.points = (struct ixs_model_points){task->points.n, task->points.energy, scaled.counts,
                                              scaled.exposure, scaled.dark};
    if (ok)
        expect(errors, space, &longer, scaled.counts);
    free(scaled.counts);
    free(scaled.exposure);
    free(scaled.dark);
    return ok;
}

bool ixs_predict_factor(double *factor, struct ixs_fit_space *space,
                        const struct ixs_fit_task *task, size_t k, double wanted,
                        struct ixs_err *err)
{
    double errors[IXS_FIT_P], lo = log(least_factor), hi = log(most_factor);
    if (!ixs_predict_errors(errors, space, task, most_factor, err))
        return false;
    *factor = INFINITY;
    if (!(errors[k] <= wanted))
        return true;
    while (hi - lo > 1e-4) {
        double middle = 0.5 * (lo + hi);
        if (!ixs_predict_errors(errors, space, task, exp(middle), err))
            return false;
        if (errors[k] <= wanted)
            hi = middle;
        else
            lo = middle;
    }
    *factor = exp(hi);
    return true;
}
