/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tails of the negative binomial distribution, by the incomplete beta function (Abramowitz & Stegun
 * 1964, 26.5.26).
 */
#include "models/numerics/surprise.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

struct foretold {
    double shape, scale; /* of the gamma distribution of the expected count */
};

/* A variance far below the mean makes no difference, but shapes beyond the reach of the beta
 * function. */
static struct foretold foretell(double mean, double variance)
{
    double scale = fmax(variance / mean, 1e-6);
    return (struct foretold){mean / scale, scale};
}

double ixs_surprise_high(double counts, double mean, double variance)
{
    struct foretold told = foretell(mean, variance);
    return counts > 0.0 ? gsl_cdf_beta_P(told.scale / (1.0 + told.scale), counts, told.shape) : 1.0;
}

double ixs_surprise_low(double counts, double mean, double variance)
{
    struct foretold told = foretell(mean, variance);
    return gsl_cdf_beta_Q(told.scale / (1.0 + told.scale), counts + 1.0, told.shape);
}
