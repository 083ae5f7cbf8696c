/* SPDX-License-Identifier: GPL-3.0-or-later
 * Covariance from the expected curvature at the minimum, and which parameters it does not
 * determine.
 */
#include "models/fit/solve_inside.h"

#include "models/numerics/cholesky.h"

#include <math.h>

static const double singular = 1e-9;  /* pivot of the curvature scaled to unit diagonal */
static const double dependent = 1e-3; /* share in a combination that the data do not tell */

static void judge(const struct ixs_solve *space, const struct ixs_solve_problem *problem,
                  const double *parameters, enum ixs_solve_state *states)
{
    size_t p = problem->nparameters;
    for (size_t k = 0; k < p; k++) {
        double lo = ixs_solve_lower(problem, k), hi = ixs_solve_upper(problem, k);
        states[k] = IXS_SOLVE_FREE;
        if (!(lo < hi))
            states[k] = IXS_SOLVE_FIXED;
        else if (!(space->curvature[k * p + k] > 0.0))
            states[k] = IXS_SOLVE_UNDETERMINED;
        else if (space->held[k])
            states[k] = parameters[k] <= lo ? IXS_SOLVE_LOWER : IXS_SOLVE_UPPER;
    }
}

/* Scaled curvature of the free parameters, decomposed; their number in *n. */
static size_t decompose(struct ixs_solve *space, size_t p, const enum ixs_solve_state *states,
                        size_t *n)
{
    *n = 0;
    for (size_t k = 0; k < p; k++)
        if (states[k] == IXS_SOLVE_FREE)
            space->moving[(*n)++] = k;
    for (size_t a = 0; a < *n; a++)
        for (size_t b = 0; b <= a; b++) {
            size_t k = space->moving[a], l = space->moving[b];
            space->factor[a * *n + b] =
                space->curvature[k * p + l] /
                sqrt(space->curvature[k * p + k] * space->curvature[l * p + l]);
        }
    return ixs_cholesky(*n, space->factor, singular);
}

/* Row `bad` is a combination of earlier ones: it and they are not told apart. */
static void give_up(struct ixs_solve *space, size_t n, size_t bad, enum ixs_solve_state *states)
{
    ixs_cholesky_depends(n, bad, space->factor, space->right);
    states[space->moving[bad]] = IXS_SOLVE_UNDETERMINED;
    for (size_t b = 0; b < bad; b++)
        if (fabs(space->right[b]) > dependent)
            states[space->moving[b]] = IXS_SOLVE_UNDETERMINED;
}

/* Rows of undetermined parameters become NaN, all others 0 until filled. */
static void clear(size_t p, const enum ixs_solve_state *states, double *covariance)
{
    for (size_t k = 0; k < p; k++)
        for (size_t l = 0; l < p; l++) {
            bool unknown =
                states[k] == IXS_SOLVE_UNDETERMINED || states[l] == IXS_SOLVE_UNDETERMINED;
            covariance[k * p + l] = unknown ? (double)NAN : 0.0;
        }
}

static void fill(struct ixs_solve *space, size_t p, size_t n, double *covariance)
{
    for (size_t b = 0; b < n; b++) {
        size_t l = space->moving[b];
        for (size_t a = 0; a < n; a++)
            space->right[a] = a == b ? 1.0 : 0.0;
        ixs_cholesky_solve(n, space->factor, space->right);
        for (size_t a = 0; a < n; a++) {
            size_t k = space->moving[a];
            covariance[k * p + l] =
                space->right[a] / sqrt(space->curvature[k * p + k] * space->curvature[l * p + l]);
        }
    }
}

double ixs_solve_covariance(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                            double *parameters, double *covariance, enum ixs_solve_state *states)
{
    size_t p = problem->nparameters, n, done;
    double objective;
    ixs_solve_begin(space, problem, parameters, &objective);
    ixs_solve_hold(space, problem, parameters);
    judge(space, problem, parameters, states);
    while ((done = decompose(space, p, states, &n)) < n)
        give_up(space, n, done, states);
    if (covariance) {
        clear(p, states, covariance);
        fill(space, p, n, covariance);
    }
    return objective;
}

struct ixs_solve_view ixs_solve_look(const struct ixs_solve *space)
{
    return (struct ixs_solve_view){space->jacobian, space->curvature, space->gradient};
}

double ixs_solve_leverage(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                          const double *covariance, const double *weight)
{
    size_t p = problem->nparameters;
    double sum = 0.0;
    space->kernels->normal(p, problem->ndata, space->jacobian, space->mu, space->mu, weight,
                           space->weighted, space->factor, space->right);
    for (size_t k = 0; k < p * p; k++)
        sum += isnan(covariance[k]) ? 0.0 : covariance[k] * space->factor[k];
    return sum;
}

double ixs_solve_variance_along(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                                const double *covariance, const double *weight)
{
    size_t p = problem->nparameters, n = problem->ndata;
    double sum = 0.0;
    for (size_t k = 0; k < p; k++)
        space->right[k] = ixs_solve_dot(n, weight, space->jacobian + k * n);
    for (size_t k = 0; k < p; k++)
        for (size_t l = 0; l < p; l++)
            if (!isnan(covariance[k * p + l]))
                sum += space->right[k] * covariance[k * p + l] * space->right[l];
    return sum;
}
