/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Poisson deviance, and how large it may be. At low mu the moments of a point are sums over the
 * Poisson distribution; far up mean = 1 + 1/(6 mu) + 1/(6 mu^2), variance = 2 + 2/(3 mu), third =
 * 8 + 4/mu, slope = -1/(6 mu^2), square = 2 + 1/(6 mu^2) (expansion of the deviance in 1/mu;
 * checked against the sums in tests/test_deviance.c).
 *
 * After a fit D = D(mu true) - LR, with LR the likelihood ratio of truth and fit, and what is
 * compared with it is Sum mean(mu fitted). To first order in the fit's shift
 *   mean      Sum mean_i - Sum h_i - Sum h_i bend_i/2        (bend_i = mu_i d^2 mean/d mu^2)
 *   variance  Sum variance_i - c^T C c + 2 Sum h_i - 2 Sum h_i square_i
 * for the shift of Sum mean_i is C c (N - mu) and cov(d_i, N_i) = mu_i slope_i; c^T C c is
 * McCullagh's term of the conditional variance (J. Am. Stat. Assoc. 81, 104, 1986), the last two
 * are what LR takes away, 2 for each parameter at many counts.
 */
#include "models/fit/deviance.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* mu of a model may touch 0 in a tail; one count there must cost much, not infinitely much. */
static const double least_mu = 1e-12;

double ixs_deviance_point(double counts, double mu)
{
    double m = fmax(mu, least_mu), t = (m - counts) / counts;
    if (counts <= 0.0)
        return 2.0 * m;
    if (fabs(t) < 1e-4) /* t - ln(1 + t) without cancellation */
        return 2.0 * counts * t * t * (0.5 - t * (1.0 / 3.0 - 0.25 * t));
    return 2.0 * (m - counts + counts * log(counts / m));
}

double ixs_deviance_residual(double counts, double mu)
{
    double root = sqrt(fmax(0.0, ixs_deviance_point(counts, mu)));
    return counts >= mu ? root : -root;
}

double ixs_deviance(size_t n, const double *counts, const double *mu)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += ixs_deviance_point(counts[i], mu[i]);
    return sum;
}

static struct ixs_deviance_moments far_up(double mu)
{
    return (struct ixs_deviance_moments){.mean = 1.0 + (1.0 + 1.0 / mu) / (6.0 * mu),
                                         .variance = 2.0 + 2.0 / (3.0 * mu),
                                         .third = 8.0 + 4.0 / mu,
                                         .slope = -1.0 / (6.0 * mu * mu),
                                         .square = 2.0 + 1.0 / (6.0 * mu * mu)};
}

struct ixs_deviance_moments ixs_deviance_moments(double mu)
{
    double powers[4] = {0}, by_count = 0.0, by_square = 0.0, chance = exp(-mu);
    if (mu > 60.0)
        return far_up(mu);
    int most = (int)(mu + 12.0 * sqrt(mu) + 30.0);
    for (int k = 0; k <= most; k++) {
        double d = ixs_deviance_point(k, mu), part = chance;
        for (int m = 1; m <= 3; m++)
            powers[m] += part *= d;
        by_count += chance * d * (k - mu);
        by_square += chance * d * (k - mu) * (k - mu);
        chance *= mu / (k + 1.0);
    }
    double mean = powers[1], variance = powers[2] - mean * mean;
    return (struct ixs_deviance_moments){.mean = mean,
                                         .variance = variance,
                                         .third =
                                             powers[3] - 3.0 * mean * variance - mean * mean * mean,
                                         .slope = by_count / mu,
                                         .square = by_square / mu - mean};
}

/* Natural logarithms at the ends of the table. */
static const double first_log = -9.2103403719761836, last_log = 4.6051701859880918;

static double table_step(void)
{
    return (last_log - first_log) / (IXS_DEVIANCE_TABLE - 1);
}

void ixs_deviance_table_make(struct ixs_deviance_table *table)
{
    for (int k = 0; k < IXS_DEVIANCE_TABLE; k++)
        table->rows[k] = ixs_deviance_moments(exp(first_log + table_step() * k));
}

struct ixs_deviance_moments ixs_deviance_look_up(const struct ixs_deviance_table *table, double mu)
{
    double at = table ? (log(mu) - first_log) / table_step() : -1.0;
    if (mu > 60.0)
        return far_up(mu);
    if (!(at >= 0.0 && at < IXS_DEVIANCE_TABLE - 1))
        return ixs_deviance_moments(fmax(mu, least_mu));
    size_t k = (size_t)at;
    double t = at - (double)k;
    const struct ixs_deviance_moments *a = &table->rows[k], *b = a + 1;
    return (struct ixs_deviance_moments){
        .mean = (1.0 - t) * a->mean + t * b->mean,
        .variance = (1.0 - t) * a->variance + t * b->variance,
        .third = (1.0 - t) * a->third + t * b->third,
        .slope = (1.0 - t) * a->slope + t * b->slope,
        .square = (1.0 - t) * a->square + t * b->square,
    };
}

/* Chance that a variable of these three cumulants is larger: a gamma variable, moved. */
static double chance_above(double value, double mean, double variance, double third)
{
    double shape = 4.0 * variance * variance * variance / (third * third);
    double scale = 0.5 * third / variance, start = mean - shape * scale;
    return value > start ? gsl_cdf_gamma_Q(value - start, shape, scale) : 1.0;
}

struct ixs_deviance_moments ixs_deviance_sum(const struct ixs_deviance_table *table, size_t n,
                                             const double *mu, double *square, double *slope)
{
    struct ixs_deviance_moments sum = {0};
    for (size_t i = 0; i < n; i++) {
        struct ixs_deviance_moments point = ixs_deviance_look_up(table, mu[i]);
        sum.mean += point.mean;
        sum.variance += point.variance;
        sum.third += point.third;
        sum.slope += point.slope;
        sum.square += point.square;
        if (square)
            square[i] = point.square;
        if (slope)
            slope[i] = point.slope;
    }
    return sum;
}

void ixs_deviance_add(struct ixs_deviance_moments *sum, struct ixs_deviance_fitted *fitted,
                      const struct ixs_deviance_moments *more_sum,
                      const struct ixs_deviance_fitted *more_fitted)
{
    sum->mean += more_sum->mean;
    sum->variance += more_sum->variance;
    sum->third += more_sum->third;
    fitted->leverage += more_fitted->leverage;
    fitted->square += more_fitted->square;
    fitted->bend += more_fitted->bend;
    fitted->slope += more_fitted->slope;
}

double ixs_deviance_chance(size_t n, const struct ixs_deviance_moments *sum,
                           const struct ixs_deviance_fitted *fitted, double deviance)
{
    static const struct ixs_deviance_fitted nothing = {0};
    const struct ixs_deviance_fitted *fit = fitted ? fitted : &nothing;
    double square = fit->square > 0.0 ? fit->square : 2.0 * fit->leverage;
    double left = sum->variance - fit->slope + 2.0 * fit->leverage - 2.0 * square;
    if ((double)n <= fit->leverage)
        return (double)NAN;
    left = fmax(left, 0.01 * sum->variance);
    // NOLINTNEXTLINE(readability-suspicious-call-argument): a deviance is the value
    return chance_above(deviance, sum->mean - fit->leverage - 0.5 * fit->bend, left,
                        sum->third * left / sum->variance);
}
