/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether chains have come to rest, and how many draws they are worth: R hat of the four halves of
 * two ensembles (Gelman & Rubin, Stat. Sci. 7, 457, 1992), and the integrated time of correlation
 * of the walkers with a window of five times itself (Sokal, in Functional Integration, 1997).
 */
#include "models/evidence/sample_inside.h"

#include <math.h>

static double mean_of(size_t n, const double *x)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum / (double)n;
}

static double variance_about(size_t n, const double *x, double mean)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += (x[i] - mean) * (x[i] - mean);
    return sum / (double)n;
}

static double r_hat(size_t nsteps, size_t nwalkers, const double *const series[2])
{
    size_t half = nsteps / 2 * nwalkers;
    double means[4], within = 0.0;
    for (size_t k = 0; k < 4; k++) {
        const double *part = series[k / 2] + (k % 2) * half;
        means[k] = mean_of(half, part);
        within += variance_about(half, part, means[k]) / 4.0;
    }
    double between = 4.0 / 3.0 * variance_about(4, means, mean_of(4, means));
    return sqrt(1.0 + between / within);
}

/* Covariance of a walker's place with its own so many steps later, over all walkers. */
static double covariance_at(size_t lag, size_t nsteps, size_t nwalkers,
                            const double *const series[2], double mean)
{
    double sum = 0.0;
    size_t n = (nsteps - lag) * nwalkers;
    for (size_t e = 0; e < 2; e++)
        for (size_t i = 0; i < n; i++)
            sum += (series[e][i] - mean) * (series[e][i + lag * nwalkers] - mean);
    return sum / (2.0 * (double)n);
}

static double correlation_time(size_t nsteps, size_t nwalkers, const double *const series[2])
{
    size_t n = nsteps * nwalkers;
    double mean = 0.5 * (mean_of(n, series[0]) + mean_of(n, series[1]));
    double at_zero = covariance_at(0, nsteps, nwalkers, series, mean), time = 1.0;
    for (size_t lag = 1; lag < nsteps / 2; lag++) {
        time += 2.0 * covariance_at(lag, nsteps, nwalkers, series, mean) / at_zero;
        if ((double)lag >= 5.0 * time)
            return fmax(time, 1.0);
    }
    return INFINITY;
}

void ixs_sample_diagnose(size_t nsteps, size_t nwalkers, const double *const series[2],
                         struct ixs_sample_figure *out)
{
    double time = correlation_time(nsteps, nwalkers, series);
    out->r_hat = r_hat(nsteps, nwalkers, series);
    out->draws = 2.0 * (double)(nsteps * nwalkers) / time;
}
