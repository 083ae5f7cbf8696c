/* SPDX-License-Identifier: GPL-3.0-or-later
 * A law of a few parameters through values with errors that may differ below and above, and through
 * limits: maximum likelihood by Levenberg-Marquardt with Fisher scoring. Where chi squared demands
 * one (5 %), a scatter beyond the errors is added to each, so that no single sharp value decides
 * (random effects: DerSimonian & Laird, Control. Clin. Trials 7, 177, 1986).
 */
#ifndef IXS_MODELS_NUMERICS_REGRESS_H
#define IXS_MODELS_NUMERICS_REGRESS_H

#include <stdbool.h>
#include <stddef.h>

enum { IXS_REGRESS_MOST = 6 }; /* parameters */

struct ixs_regress_point {
    double x, y;
    double below, above; /* error of y towards smaller and larger values, > 0 */
    bool limit;          /* the truth lies above y: y is where the deviance has risen by 1 from its
                            level far above, over about one error */
};

/* Value of the law at x; slopes[k] by parameter k. */
typedef double ixs_regress_law(const void *context, const double *p, double x, double *slopes);

struct ixs_regress_kin {       /* how the errors of points vary together; borrowed */
    const double *correlation; /* [n^2]; a limit's with others is 0 */
    double *room;              /* [n * (n + 1 + IXS_REGRESS_MOST)] */
    size_t *first;             /* [n] room, too */
};

struct ixs_regress { /* borrowed */
    size_t n;
    const struct ixs_regress_point *points;
    size_t nparameters;
    ixs_regress_law *law;
    const void *context;
    bool exact;                        /* no scatter is looked for */
    const struct ixs_regress_kin *kin; /* NULL: the points are independent */
};

struct ixs_regression {
    double p[IXS_REGRESS_MOST];                      /* start in, result out */
    double cov[IXS_REGRESS_MOST * IXS_REGRESS_MOST]; /* [nparameters^2] */
    double scatter;                                  /* 0: none is demanded */
    double chi2;                                     /* of the values, with their own errors */
    long dof;                                        /* values less parameters */
    size_t nvalues, nlimits;
};

/* False where the values do not determine the parameters. */
bool ixs_regress_run(const struct ixs_regress *task, struct ixs_regression *out);

/* V^-1 x for the covariance V of the values, scatter included; limits 0. x[n] in place. */
void ixs_regress_weigh(const struct ixs_regress *task, double scatter, double *x);

/* Variance of what depends on the parameters with these slopes. */
double ixs_regress_variance(size_t nparameters, const double *cov, const double *slopes);

/* Rise of the deviance where the law says `value` at a point, scatter included. */
double ixs_regress_rise(const struct ixs_regress_point *point, double value, double scatter);

/* AICc of a law whose scatter beyond the errors is not known: n ln(1 + chi2/n) is chi2 where the
 * errors are right and n ln chi2 where they are far too small. Infinite for too few values. */
double ixs_regress_aicc(const struct ixs_regression *fit, size_t nparameters);

#endif
