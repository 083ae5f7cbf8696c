/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Poisson deviance 2 Sum [mu - N + N ln(N/mu)] (Baker & Cousins, NIM 221, 437, 1984): zero
 * counts are data.
 */
#ifndef IXS_MODELS_DEVIANCE_H
#define IXS_MODELS_DEVIANCE_H

#include <stddef.h>

double ixs_deviance(size_t n, const double *counts, const double *mu);
double ixs_deviance_point(double counts, double mu);    /* >= 0 */
double ixs_deviance_residual(double counts, double mu); /* signed square root of the above */

/* Mean and variance of the deviance of one point when counts ~ Poisson(mu): far from 1 and 2 at low
 * mu, so chi-squared tables are not used as they stand. */
void ixs_deviance_moments(double mu, double *mean, double *variance);

enum { IXS_DEVIANCE_TABLE = 1024 };

struct ixs_deviance_table { /* the moments for mu from 1e-4 to 100, even in ln mu; a value */
    double mean[IXS_DEVIANCE_TABLE], variance[IXS_DEVIANCE_TABLE];
};
void ixs_deviance_table_make(struct ixs_deviance_table *table);

/* Chance of a deviance this large or larger for expected counts mu[n] of which nfree were fitted:
 * gamma distribution of the deviance's own mean and variance. NaN for n <= nfree. The table may be
 * NULL. */
double ixs_deviance_p_value(const struct ixs_deviance_table *table, size_t n, const double *mu,
                            size_t nfree, double deviance);

#endif
