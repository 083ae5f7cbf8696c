/* SPDX-License-Identifier: GPL-3.0-or-later
 * Levenberg-Marquardt for the Poisson deviance. With w = 1/mu, half the gradient of the objective
 * is g_k = Sum_i J_ik (1 - N_i/mu_i) + (p_k - m_k)/s_k^2 and half its expected curvature (Fisher
 * scoring) H = J^T w J + diag(1/s^2). A step solves (H + lambda diag H) step = -g over the
 * parameters that no bound stops; lambda follows Nielsen (IMM-REP-1999-05, Technical University of
 * Denmark, 1999).
 */
#include "models/fit/solve_inside.h"

#include "base/array.h"
#include "models/numerics/cholesky.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The next n doubles, whole lines of the cache: a vector across two of them costs two loads. */
static double *carve(double **room, size_t n)
{
    double *here = *room;
    *room += ixs_kernels_lines(n);
    return here;
}

bool ixs_solve_new(struct ixs_solve **out, size_t most_parameters, size_t most_data,
                   struct ixs_err *err)
{
    size_t p = most_parameters, d = most_data;
    struct ixs_solve *space;
    if (!IXS_NEW(space, 1, err))
        return false;
    *out = space;
    space->most_parameters = p;
    space->most_data = d;
    space->kernels = ixs_kernels();
    size_t jacobian = ixs_kernels_room(p, d), spare = ixs_kernels_spare(p, d);
    size_t all = 2 * ixs_kernels_lines(d) + ixs_kernels_lines(3 * d) + ixs_kernels_lines(jacobian) +
                 ixs_kernels_lines(spare);
    if (!IXS_NEW(space->room, all + IXS_KERNELS_LINE, err))
        return false;
    double *room = ixs_kernels_aligned(space->room);
    space->mu = carve(&room, d);
    space->trial_mu = carve(&room, d);
    space->spare = carve(&room, 3 * d);
    space->jacobian = carve(&room, jacobian);
    space->weighted = carve(&room, spare);
    return IXS_NEW(space->curvature, p * p, err) && IXS_NEW(space->factor, p * p, err) &&
           IXS_NEW(space->gradient, p, err) && IXS_NEW(space->step, p, err) &&
           IXS_NEW(space->trial, p, err) && IXS_NEW(space->right, p, err) &&
           IXS_NEW(space->moving, p, err) && IXS_NEW(space->held, p, err);
}

void ixs_solve_free(struct ixs_solve *space)
{
    if (!space)
        return;
    void *owned[] = {space->room,  space->curvature, space->factor, space->gradient, space->step,
                     space->trial, space->right,     space->moving, space->held};
    for (size_t k = 0; k < IXS_COUNT(owned); k++)
        free(owned[k]);
    free(space);
}

double ixs_solve_lower(const struct ixs_solve_problem *problem, size_t k)
{
    return problem->lower ? problem->lower[k] : -INFINITY;
}

double ixs_solve_upper(const struct ixs_solve_problem *problem, size_t k)
{
    return problem->upper ? problem->upper[k] : INFINITY;
}

/* 1/s^2 of a parameter's prior, 0 without one. */
static double prior_weight(const struct ixs_solve_problem *problem, size_t k)
{
    double sigma = problem->prior_sigma ? problem->prior_sigma[k] : (double)NAN;
    return sigma > 0.0 ? 1.0 / (sigma * sigma) : 0.0;
}

static double prior_cost(const struct ixs_solve_problem *problem, const double *parameters)
{
    double sum = 0.0;
    for (size_t k = 0; k < problem->nparameters; k++) {
        double weight = prior_weight(problem, k);
        if (weight > 0.0) {
            double miss = parameters[k] - problem->prior_mean[k];
            sum += weight * miss * miss;
        }
    }
    return sum;
}

double ixs_solve_dot(size_t n, const double *a, const double *b)
{
    double sum[4] = {0};
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        for (size_t k = 0; k < 4; k++)
            sum[k] += a[i + k] * b[i + k];
    for (; i < n; i++)
        sum[0] += a[i] * b[i];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* Curvature and gradient from mu and the Jacobian. */
static void differentiate(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                          const double *parameters)
{
    size_t p = problem->nparameters;
    space->kernels->normal(p, problem->ndata, space->jacobian, space->mu, problem->counts,
                           problem->inverse_variance, space->weighted, space->curvature,
                           space->gradient);
    for (size_t k = 0; k < p; k++) {
        double prior = prior_weight(problem, k);
        if (prior > 0.0) {
            space->gradient[k] += prior * (parameters[k] - problem->prior_mean[k]);
            space->curvature[k * p + k] += prior;
        }
    }
}

static double deviance(const struct ixs_solve *space, const struct ixs_solve_problem *problem,
                       const double *mu)
{
    double sum = 0.0;
    if (!problem->inverse_variance)
        return space->kernels->deviance(problem->ndata, problem->counts, mu);
    for (size_t i = 0; i < problem->ndata; i++) {
        double miss = problem->counts[i] - mu[i];
        sum += miss * miss * problem->inverse_variance[i];
    }
    return sum;
}

/* Held: fixed, without effect on the data, or pressed against a bound. */
void ixs_solve_hold(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                    const double *parameters)
{
    for (size_t k = 0; k < problem->nparameters; k++) {
        double lo = ixs_solve_lower(problem, k), hi = ixs_solve_upper(problem, k),
               g = space->gradient[k];
        space->held[k] = !(lo < hi) || !(space->curvature[k * problem->nparameters + k] > 0.0) ||
                         (parameters[k] <= lo && g >= 0.0) || (parameters[k] >= hi && g <= 0.0);
        space->step[k] = 0.0;
    }
}

size_t ixs_solve_gather(struct ixs_solve *space, size_t p, const double *values)
{
    size_t n = 0;
    for (size_t k = 0; k < p; k++)
        if (!space->held[k])
            space->moving[n++] = k;
    for (size_t a = 0; a < n; a++) {
        const double *row = space->curvature + space->moving[a] * p;
        double sum = -space->gradient[space->moving[a]];
        for (size_t l = 0; l < p; l++)
            if (space->held[l])
                sum -= row[l] * values[l];
        space->right[a] = sum;
    }
    return n;
}

/* Solves for the parameters not held, the others' steps given; false if singular. */
static bool solve_moving(struct ixs_solve *space, size_t p, double lambda)
{
    size_t n = ixs_solve_gather(space, p, space->step);
    for (size_t a = 0; a < n; a++) {
        size_t k = space->moving[a];
        const double *row = space->curvature + k * p;
        for (size_t b = 0; b <= a; b++)
            space->factor[a * n + b] = row[space->moving[b]];
        space->factor[a * n + a] += lambda * row[k];
    }
    if (ixs_cholesky(n, space->factor, 0.0) < n)
        return false;
    ixs_cholesky_solve(n, space->factor, space->right);
    for (size_t a = 0; a < n; a++)
        space->step[space->moving[a]] = space->right[a];
    return true;
}

/* Parameters that the step would carry over a bound go just to it and are held; how many. */
static size_t stop_at_bounds(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                             const double *parameters)
{
    size_t stopped = 0;
    for (size_t k = 0; k < problem->nparameters; k++) {
        double lo = ixs_solve_lower(problem, k), hi = ixs_solve_upper(problem, k),
               to = parameters[k] + space->step[k];
        if (space->held[k] || (to >= lo && to <= hi))
            continue;
        space->step[k] = (to < lo ? lo : hi) - parameters[k];
        space->held[k] = true;
        stopped++;
    }
    return stopped;
}

/* The step for this lambda, and the gain in objective that it promises (NaN if singular). */
static double find_step(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                        const double *parameters, double lambda)
{
    size_t p = problem->nparameters;
    double gain = 0.0;
    ixs_solve_hold(space, problem, parameters);
    do {
        if (!solve_moving(space, p, lambda))
            return (double)NAN;
    } while (stop_at_bounds(space, problem, parameters) > 0);
    for (size_t k = 0; k < p; k++)
        gain -= space->step[k] * (2.0 * space->gradient[k] +
                                  ixs_solve_dot(p, space->curvature + k * p, space->step));
    return gain;
}

/* Goes to the trial point if that is better; returns the gain (negative or NaN: stayed). */
static double try_step(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                       double *parameters, double *objective)
{
    size_t p = problem->nparameters;
    for (size_t k = 0; k < p; k++)
        space->trial[k] = fmin(fmax(parameters[k] + space->step[k], ixs_solve_lower(problem, k)),
                               ixs_solve_upper(problem, k));
    problem->model(problem->context, space->trial, space->trial_mu, space->jacobian);
    double now = deviance(space, problem, space->trial_mu) + prior_cost(problem, space->trial);
    double gain = *objective - now;
    if (gain >= 0.0) {
        memcpy(parameters, space->trial, p * sizeof *parameters);
        memcpy(space->mu, space->trial_mu, problem->ndata * sizeof *space->mu);
        differentiate(space, problem, parameters);
        *objective = now;
    }
    return gain;
}

void ixs_solve_begin(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                     double *parameters, double *objective)
{
    for (size_t k = 0; k < problem->nparameters; k++)
        parameters[k] =
            fmin(fmax(parameters[k], ixs_solve_lower(problem, k)), ixs_solve_upper(problem, k));
    problem->model(problem->context, parameters, space->mu, space->jacobian);
    differentiate(space, problem, parameters);
    *objective = deviance(space, problem, space->mu) + prior_cost(problem, parameters);
}

static void iterate(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                    const struct ixs_solve_rules *rules, double *parameters,
                    struct ixs_solve_result *result)
{
    double lambda = 1e-3, growth = 2.0;
    while (result->iterations < rules->most_iterations && !result->converged && lambda < 1e14) {
        double promise = find_step(space, problem, parameters, lambda);
        result->iterations++;
        if (promise >= 0.0 && promise < rules->tolerance && lambda < 1e-1) {
            result->converged = true;
            result->left = promise;
            for (size_t k = 0; rules->last_step && k < problem->nparameters; k++)
                parameters[k] += space->step[k];
            break;
        }
        double gain =
            promise > 0.0 ? try_step(space, problem, parameters, &result->objective) : -1.0;
        if (gain >= 0.0) {
            double ratio = 2.0 * gain / promise - 1.0;
            lambda *= fmax(1.0 / 3.0, 1.0 - ratio * ratio * ratio);
            growth = 2.0;
        } else if (promise > 0.0 && promise < rules->tolerance) {
            result->converged = true; /* round-off is all that is left */
        } else {
            lambda *= growth;
            growth *= 2.0;
        }
    }
}

static long degrees_of_freedom(const struct ixs_solve *space,
                               const struct ixs_solve_problem *problem)
{
    long dof = (long)problem->ndata;
    for (size_t k = 0; k < problem->nparameters; k++)
        dof += (prior_weight(problem, k) > 0.0 ? 1 : 0) - (space->held[k] ? 0 : 1);
    return dof;
}

void ixs_solve_run(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                   const struct ixs_solve_rules *rules, double *parameters,
                   struct ixs_solve_result *result)
{
    *result = (struct ixs_solve_result){0};
    ixs_solve_begin(space, problem, parameters, &result->objective);
    iterate(space, problem, rules, parameters, result);
    ixs_solve_hold(space, problem, parameters);
    result->dof = degrees_of_freedom(space, problem);
    result->deviance = deviance(space, problem, space->mu);
}

const double *ixs_solve_expected(const struct ixs_solve *space)
{
    return space->mu;
}
