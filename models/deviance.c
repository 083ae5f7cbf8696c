/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Poisson deviance, and how large it may be. At low mu its mean and variance are sums over the
 * Poisson distribution; far up mean = 1 + 1/(6 mu) + 1/(6 mu^2), variance = 2 + 2/(3 mu) (expansion
 * of the deviance in 1/mu; checked against the sums in tests/test_deviance.c).
 */
#include "models/deviance.h"

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

void ixs_deviance_moments(double mu, double *mean, double *variance)
{
    *mean = 1.0 + 1.0 / (6.0 * mu) + 1.0 / (6.0 * mu * mu);
    *variance = 2.0 + 2.0 / (3.0 * mu);
    if (mu > 60.0)
        return;
    double first = 0.0, second = 0.0, chance = exp(-mu);
    int most = (int)(mu + 12.0 * sqrt(mu) + 30.0);
    for (int k = 0; k <= most; k++) {
        double d = ixs_deviance_point(k, mu);
        first += chance * d;
        second += chance * d * d;
        chance *= mu / (k + 1.0);
    }
    *mean = first;
    *variance = second - first * first;
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
        ixs_deviance_moments(exp(first_log + table_step() * k), &table->mean[k],
                             &table->variance[k]);
}

static void look_up(const struct ixs_deviance_table *table, double mu, double *mean,
                    double *variance)
{
    double at = table ? (log(mu) - first_log) / table_step() : -1.0;
    if (!(at >= 0.0 && at < IXS_DEVIANCE_TABLE - 1)) {
        ixs_deviance_moments(mu, mean, variance);
        return;
    }
    size_t k = (size_t)at;
    double t = at - (double)k;
    *mean = (1.0 - t) * table->mean[k] + t * table->mean[k + 1];
    *variance = (1.0 - t) * table->variance[k] + t * table->variance[k + 1];
}

double ixs_deviance_p_value(const struct ixs_deviance_table *table, size_t n, const double *mu,
                            size_t nfree, double deviance)
{
    double mean = 0.0, variance = 0.0;
    if (n <= nfree)
        return (double)NAN;
    for (size_t i = 0; i < n; i++) {
        double a, b;
        look_up(table, fmax(mu[i], least_mu), &a, &b);
        mean += a;
        variance += b;
    }
    double share = (double)(n - nfree) / (double)n; /* what the fit takes away */
    mean *= share;
    variance *= share;
    return gsl_cdf_gamma_Q(deviance, mean * mean / variance, variance / mean);
}
