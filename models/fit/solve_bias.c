/* SPDX-License-Identifier: GPL-3.0-or-later
 * How far the median of an estimate lies from the truth at finite counts, to first order. With C
 * the covariance, u = dmu/dt and v = d^2 mu/dt^2 along a column t of C (Poisson counts): mean     b
 * = -C J^T w d,  d_i = Tr(C grad grad mu_i)/2   (Cox & Snell, J. R. Stat. Soc. B 30, 248, 1968; the
 * terms of the likelihood beyond mu's curvature cancel) third    k = Sum u^3/mu^2 - 3 Sum u v/mu
 *   median   b_t - k/(6 C_tt)                                 (Kenne Pagui, Salvan & Sartori,
 * Biometrika 104, 923, 2017) Second derivatives of mu are differences of the model along the
 * columns of a square root of C.
 */
#include "models/fit/solve_inside.h"

#include "models/numerics/cholesky.h"

#include <math.h>

static const double least_mu = 1e-4; /* as in the solver's weights */
static const double reach = 0.05;    /* of a difference, in standard deviations */

/* Adds the second derivative of mu along `direction` (unit: one standard deviation) to sum[]. */
static void add_bend(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                     const double *parameters, const double *direction, double *sum)
{
    size_t n = problem->ndata, p = problem->nparameters;
    double *up = space->spare, *down = space->spare + n;
    for (size_t k = 0; k < p; k++)
        space->trial[k] = parameters[k] + reach * direction[k];
    problem->model(problem->context, space->trial, up, NULL);
    for (size_t k = 0; k < p; k++)
        space->trial[k] = parameters[k] - reach * direction[k];
    problem->model(problem->context, space->trial, down, NULL);
    for (size_t i = 0; i < n; i++)
        sum[i] += (up[i] + down[i] - 2.0 * space->mu[i]) / (reach * reach);
}

/* Square root of the covariance of the parameters that have one; false if there is none. */
static bool square_root(struct ixs_solve *space, size_t p, const double *covariance, size_t *n)
{
    *n = 0;
    for (size_t k = 0; k < p; k++)
        if (covariance[k * p + k] > 0.0)
            space->moving[(*n)++] = k;
    for (size_t a = 0; a < *n; a++)
        for (size_t b = 0; b <= a; b++) {
            size_t k = space->moving[a], l = space->moving[b];
            space->factor[a * *n + b] =
                covariance[k * p + l] / sqrt(covariance[k * p + k] * covariance[l * p + l]);
        }
    return ixs_cholesky(*n, space->factor, 1e-12) == *n;
}

/* trial_mu[i] = Tr(C grad grad mu_i)/2 */
static void mean_bend(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                      const double *parameters, const double *covariance, size_t n)
{
    size_t p = problem->nparameters;
    for (size_t i = 0; i < problem->ndata; i++)
        space->trial_mu[i] = 0.0;
    for (size_t b = 0; b < n; b++) {
        for (size_t k = 0; k < p; k++)
            space->step[k] = 0.0;
        for (size_t a = b; a < n; a++) {
            size_t k = space->moving[a];
            space->step[k] = space->factor[a * n + b] * sqrt(covariance[k * p + k]);
        }
        add_bend(space, problem, parameters, space->step, space->trial_mu);
    }
    for (size_t i = 0; i < problem->ndata; i++)
        space->trial_mu[i] *= 0.5;
}

static double weight(const struct ixs_solve *space, const struct ixs_solve_problem *problem,
                     size_t i)
{
    return problem->inverse_variance ? problem->inverse_variance[i]
                                     : 1.0 / fmax(space->mu[i], least_mu);
}

static double median_bias(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                          const double *parameters, const double *covariance, size_t t)
{
    size_t n = problem->ndata, p = problem->nparameters;
    double *bend = space->spare + 2 * n, mean = 0.0, third = 0.0;
    double variance = covariance[t * p + t], sigma = sqrt(variance);
    for (size_t k = 0; k < p; k++)
        space->step[k] = covariance[t * p + k] > 0.0 || covariance[t * p + k] < 0.0
                             ? covariance[t * p + k] / sigma
                             : 0.0;
    for (size_t i = 0; i < n; i++)
        bend[i] = 0.0;
    add_bend(space, problem, parameters, space->step, bend);
    for (size_t i = 0; i < n; i++) {
        double u = 0.0, w = weight(space, problem, i);
        for (size_t k = 0; k < p; k++)
            u += space->step[k] * space->jacobian[k * n + i];
        mean -= sigma * u * w * space->trial_mu[i];
        third += (problem->inverse_variance ? 0.0 : u * u * u * w * w) - 3.0 * u * bend[i] * w;
    }
    return mean - sigma * third / 6.0;
}

void ixs_solve_median_bias(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                           double *parameters, const double *covariance, const bool *wanted,
                           double *bias)
{
    size_t p = problem->nparameters, n;
    double objective;
    for (size_t t = 0; t < p; t++)
        bias[t] = 0.0;
    if (!square_root(space, p, covariance, &n))
        return;
    ixs_solve_begin(space, problem, parameters, &objective);
    mean_bend(space, problem, parameters, covariance, n);
    for (size_t t = 0; t < p; t++)
        if (wanted[t] && covariance[t * p + t] > 0.0)
            bias[t] = median_bias(space, problem, parameters, covariance, t);
}
