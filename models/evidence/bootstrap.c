/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parametric bootstrap of one spectrum.
 */
#include "models/evidence/bootstrap.h"

#include "base/array.h"
#include "models/numerics/chance.h"
#include "models/fit/fit_inside.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct draws {
    double *expected, *counts; /* [points and those of the cell] */
    double *values;            /* [parameters][most] */
    size_t most, n, larger;
};

static bool make(struct draws *draws, size_t most, size_t npoints, size_t nparameters,
                 struct ixs_err *err)
{
    draws->most = most;
    return IXS_NEW(draws->expected, npoints, err) && IXS_NEW(draws->counts, npoints, err) &&
           IXS_NEW(draws->values, most * nparameters, err);
}

static void dispose(struct draws *draws)
{
    free(draws->expected);
    free(draws->counts);
    free(draws->values);
}

void ixs_bootstrap_expect(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                          const double *parameters, double *expected)
{
    ixs_fit_prepare(space, task);
    ixs_fit_evaluate(space, parameters, expected, NULL);
    for (size_t i = 0; i < task->points.n; i++)
        expected[i] *= task->points.exposure[i] / space->model.points.exposure[i];
}

void ixs_bootstrap_counts(const struct ixs_fit_task *task, const double *expected, uint64_t *state,
                          double *counts)
{
    for (size_t i = 0; i < task->points.n; i++)
        counts[i] = task->sigma ? expected[i] + task->sigma[i] * ixs_chance_normal(state)
                                : ixs_chance_poisson(state, expected[i]);
}

static void expect(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                   const struct ixs_fit_answer *answer, double *expected)
{
    struct ixs_fit_task given = *task;
    given.nmodes = (int)answer->nmodes;
    given.start = answer->parameters;
    given.form = answer->form;
    ixs_fit_cell_begin(space, &given);
    ixs_bootstrap_expect(space, &given, answer->parameters, expected);
}

static void draw_counts(const struct draws *draws, const struct ixs_fit_task *task, uint64_t *state)
{
    ixs_bootstrap_counts(task, draws->expected, state, draws->counts);
    for (size_t i = task->points.n; task->cell && i < task->points.n + task->cell->points.n; i++)
        draws->counts[i] = ixs_chance_poisson(state, draws->expected[i]);
}

static bool fitted(const struct ixs_fit_answer *again, const struct ixs_fit_answer *answer)
{
    return again->nparameters == answer->nparameters && again->status != IXS_FIT_NO_DATA &&
           again->status != IXS_FIT_NOT_CONVERGED && isfinite(again->deviance);
}

static void draw_all(struct draws *draws, struct ixs_fit_space *space,
                     const struct ixs_fit_task *task, const struct ixs_bootstrap_rules *rules,
                     const struct ixs_fit_answer *answer)
{
    struct ixs_fit_task again = *task;
    struct ixs_cell cell = task->cell ? *task->cell : (struct ixs_cell){0};
    struct ixs_fit_answer result;
    uint64_t state = ixs_chance_state(rules->seed, rules->index);
    again.points.counts = draws->counts;
    again.nmodes = (int)answer->nmodes;
    again.start = answer->parameters;
    again.form = answer->form;
    again.quick = true;
    again.cell = task->cell ? &cell : NULL;
    cell.points.counts = draws->counts + task->points.n;
    for (size_t d = 0; d < draws->most; d++) {
        draw_counts(draws, task, &state);
        if (task->zero_err > 0.0)
            again.zero = answer->zero + task->zero_err * ixs_chance_normal(&state);
        if (task->cell && task->cell->scale_err > 0.0)
            cell.scale = answer->parameters[space->model.first_cell] +
                         task->cell->scale_err * ixs_chance_normal(&state);
        ixs_fit_run(space, &again, &result);
        if (!fitted(&result, answer))
            continue;
        for (size_t k = 0; k < answer->nparameters; k++)
            draws->values[k * draws->most + draws->n] = result.parameters[k];
        draws->larger += result.deviance >= answer->deviance;
        draws->n++;
    }
}

static double quantile(size_t n, const double *sorted, double share)
{
    double at = fmin(fmax(share * (double)n - 0.5, 0.0), (double)(n - 1));
    size_t k = (size_t)at;
    double t = at - (double)k;
    return k + 1 < n ? (1.0 - t) * sorted[k] + t * sorted[k + 1] : sorted[n - 1];
}

/* Where the value lies among the draws, as a normal variable; of one at a bound nothing is said. */
static double bias_of(size_t n, const double *sorted, double value, bool free)
{
    double below = 0.0;
    if (!free)
        return 0.0;
    for (size_t i = 0; i < n; i++)
        below += sorted[i] < value ? 1.0 : sorted[i] > value ? 0.0 : 0.5;
    below = fmin(fmax(below, 0.5), (double)n - 0.5);
    return gsl_cdf_ugaussian_Pinv(below / (double)n);
}

void ixs_bootstrap_measure(size_t n, double *values, const struct ixs_bootstrap_of *of,
                           struct ixs_bootstrap_figure *out)
{
    double value = of->value, more = of->response_error;
    gsl_sort(values, 1, n);
    double shift = 2.0 * bias_of(n, values, value, of->free);
    double lo = quantile(n, values, gsl_cdf_ugaussian_P(shift - 1.0));
    double hi = quantile(n, values, gsl_cdf_ugaussian_P(shift + 1.0));
    out->bias = quantile(n, values, 0.5) - value;
    out->sd = hypot(0.5 * (quantile(n, values, 0.841345) - quantile(n, values, 0.158655)), more);
    out->lo = value - copysign(hypot(value - lo, more), value - lo);
    out->hi = value + copysign(hypot(hi - value, more), hi - value);
}

bool ixs_bootstrap_run(struct ixs_fit_space *space, const struct ixs_fit_task *task,
                       const struct ixs_bootstrap_rules *rules, struct ixs_fit_answer *answer,
                       struct ixs_err *err)
{
    struct draws draws = {0};
    memset(&answer->bootstrap, 0, sizeof answer->bootstrap);
    if (answer->status == IXS_FIT_NO_DATA || answer->nparameters == 0 ||
        !isfinite(answer->deviance))
        return true;
    size_t n = task->points.n + (task->cell ? task->cell->points.n : 0);
    bool ok = make(&draws, rules->draws, n, answer->nparameters, err);
    if (ok) {
        expect(space, task, answer, draws.expected);
        draw_all(&draws, space, task, rules, answer);
        answer->bootstrap.draws = draws.n;
        answer->bootstrap.p_value = (double)draws.larger / fmax(1.0, (double)draws.n);
    }
    for (size_t k = 0; ok && draws.n > 1 && k < answer->nparameters; k++) {
        const struct ixs_bootstrap_of of = {answer->parameters[k], answer->response_errors[k],
                                            answer->states[k] == IXS_SOLVE_FREE};
        ixs_bootstrap_measure(draws.n, draws.values + k * draws.most, &of,
                              &answer->bootstrap.figures[k]);
    }
    dispose(&draws);
    return ok;
}
