/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Poisson deviance 2 Sum [mu - N + N ln(N/mu)] (Baker & Cousins, NIM 221, 437, 1984): zero
 * counts are data.
 */
#ifndef IXS_MODELS_FIT_DEVIANCE_H
#define IXS_MODELS_FIT_DEVIANCE_H

#include <stddef.h>

double ixs_deviance(size_t n, const double *counts, const double *mu);
double ixs_deviance_point(double counts, double mu);    /* >= 0 */
double ixs_deviance_residual(double counts, double mu); /* signed square root of the above */

/* How the deviance d of one point is distributed when counts N ~ Poisson(mu): far from chi squared
 * with one degree of freedom (1, 2, 8, 0, 2) at low mu, so its tables are not used as they stand.
 */
struct ixs_deviance_moments {
    double mean, variance, third; /* cumulants */
    double slope;                 /* d mean/d mu = cov(d, N)/mu */
    double square;                /* cov(d, (N - mu)^2)/mu; mu d^2 mean/d mu^2 = it - 2 - slope */
};
struct ixs_deviance_moments ixs_deviance_moments(double mu);

enum { IXS_DEVIANCE_TABLE = 1024 };

struct ixs_deviance_table { /* the moments for mu from 1e-4 to 100, even in ln mu; a value */
    struct ixs_deviance_moments rows[IXS_DEVIANCE_TABLE];
};
void ixs_deviance_table_make(struct ixs_deviance_table *table);
/* Of one point, from the table where it holds them. */
struct ixs_deviance_moments ixs_deviance_look_up(const struct ixs_deviance_table *table, double mu);

/* What a fit does to the distribution of its deviance; all-zero: nothing was fitted. With J the
 * Jacobian, C the covariance of what was fitted, hats the leverages h_i = (J C J^T)_ii/mu_i: */
struct ixs_deviance_fitted {
    double leverage; /* Sum h_i: parameters that the data alone determine */
    double square;   /* Sum h_i square_i, 2 leverage at many counts; 0: taken for that */
    double bend;     /* Sum h_i (square_i - 2 - slope_i) */
    double slope;    /* c^T C c, c = Sum_i J_i slope_i */
};

/* Sums of the moments of expected counts mu[n]; where they are not NULL, square[n] and slope[n] are
 * those of each point. The table may be NULL. */
struct ixs_deviance_moments ixs_deviance_sum(const struct ixs_deviance_table *table, size_t n,
                                             const double *mu, double *square, double *slope);

/* What more points, fitted with the others, add to both. */
void ixs_deviance_add(struct ixs_deviance_moments *sum, struct ixs_deviance_fitted *fitted,
                      const struct ixs_deviance_moments *more_sum,
                      const struct ixs_deviance_fitted *more_fitted);

/* Chance of a deviance this large or larger for so many expected counts, fitted or known (NULL), of
 * these moments: Pearson's type III distribution of the deviance's own mean, variance and third
 * cumulant. NaN where nothing is left. */
double ixs_deviance_chance(size_t n, const struct ixs_deviance_moments *sum,
                           const struct ixs_deviance_fitted *fitted, double deviance);

#endif
