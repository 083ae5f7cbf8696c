/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether a model describes its data: the chance of the deviance that a fit left.
 */
#include "models/fit/fit_inside.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static const double few = 2.0;       /* counts: above, a point's share in what a fit takes away is
                                        that of many counts within 4 % */
static const double least_mu = 1e-4; /* as in the solver's weights */

static double chance_of(const struct ixs_fit_space *space, const struct ixs_deviance_moments *sum,
                        const struct ixs_deviance_fitted *fitted, double deviance)
{
    size_t n = space->ndata;
    if ((double)n <= fitted->leverage)
        return (double)NAN;
    if (space->inverse_variance)
        return gsl_cdf_chisq_Q(deviance, (double)n - fitted->leverage);
    return ixs_deviance_chance(n, sum, fitted, deviance);
}

/* What few counts change; the arrays hold square_i and slope_i. */
static void add_few(struct ixs_fit_space *space, const struct ixs_solve_problem *problem,
                    const double *covariance, double *square, double *slope,
                    struct ixs_deviance_fitted *fitted)
{
    const double *mu = ixs_solve_expected(space->solve);
    fitted->slope = ixs_solve_variance_along(space->solve, problem, covariance, slope);
    for (size_t i = 0; i < problem->ndata; i++) {
        double weight = 1.0 / fmax(mu[i], least_mu);
        slope[i] = (square[i] - 2.0 - slope[i]) * weight;
        square[i] *= weight;
    }
    fitted->bend = ixs_solve_leverage(space->solve, problem, covariance, slope);
    fitted->square = ixs_solve_leverage(space->solve, problem, covariance, square);
}

static double least_of(size_t n, const double *mu)
{
    double least = INFINITY;
    for (size_t i = 0; i < n; i++)
        least = mu[i] < least ? mu[i] : least;
    return least;
}

void ixs_fit_weigh(struct ixs_fit_space *space, const struct ixs_solve_problem *problem,
                   const double *covariance, double leverage, struct ixs_deviance_moments *sum,
                   struct ixs_deviance_fitted *fitted)
{
    const double *mu = ixs_solve_expected(space->solve);
    size_t n = problem->ndata;
    double *square = space->weight, *slope = space->columns;
    *fitted = (struct ixs_deviance_fitted){.leverage = leverage, .square = 2.0 * leverage};
    *sum = (struct ixs_deviance_moments){(double)n, 2.0 * (double)n, 8.0 * (double)n, 0.0, 2.0};
    if (space->inverse_variance)
        return;
    *sum = ixs_deviance_sum(&space->deviances, n, mu, square, slope);
    if (least_of(n, mu) < few)
        add_few(space, problem, covariance, square, slope, fitted);
}

double ixs_fit_chance(struct ixs_fit_space *space, const struct ixs_solve_problem *problem,
                      const double *covariance, const enum ixs_solve_state *states, double deviance)
{
    struct ixs_deviance_fitted fitted;
    struct ixs_deviance_moments sum;
    double leverage = 0.0;
    for (size_t k = 0; k < problem->nparameters; k++) {
        double sigma = problem->prior_sigma[k];
        double variance = covariance[k * problem->nparameters + k];
        if (states[k] == IXS_SOLVE_FREE)
            leverage += 1.0 - (sigma > 0.0 ? variance / (sigma * sigma) : 0.0);
    }
    ixs_fit_weigh(space, problem, covariance, leverage, &sum, &fitted);
    return chance_of(space, &sum, &fitted, deviance);
}

/* From half a count on the deviance of a point is 1 or more on average, its variance above 0.7:
 * what does not exceed that by two standard deviations needs no closer look. */
bool ixs_fit_unlikely(const struct ixs_fit_space *space, size_t nfree, double deviance,
                      double level)
{
    const struct ixs_deviance_fitted fitted = {.leverage = (double)nfree};
    const double *mu = ixs_solve_expected(space->solve);
    size_t n = space->ndata, known = 0;
    for (size_t i = 0; i < n; i++)
        known += mu[i] > 0.5;
    double most = (double)known - (double)nfree + 2.0 * sqrt(0.7 * (double)known);
    if (!space->inverse_variance && deviance < most)
        return false;
    struct ixs_deviance_moments sum = {0};
    if (!space->inverse_variance)
        sum = ixs_deviance_sum(&space->deviances, n, mu, NULL, NULL);
    return chance_of(space, &sum, &fitted, deviance) < level;
}
