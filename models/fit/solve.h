/* SPDX-License-Identifier: GPL-3.0-or-later
 * Minimises the Poisson deviance (or chi squared) of a user's model within bounds:
 * Levenberg-Marquardt with Fisher scoring (Marquardt scaling, Nielsen's damping, Cholesky), active
 * bounds, Gaussian priors on single parameters. A workspace is made once; a fit allocates nothing.
 */
#ifndef IXS_MODELS_FIT_SOLVE_H
#define IXS_MODELS_FIT_SOLVE_H

#include "base/err.h"

/* Expected counts mu[ndata] and, where jacobian is not NULL, jacobian[k * ndata + i] = d mu_i/d
 * p_k. */
typedef void ixs_solve_model(void *context, const double *parameters, double *mu, double *jacobian);

struct ixs_solve_problem { /* all borrowed; arrays [nparameters] or [ndata] */
    size_t nparameters, ndata;
    const double *counts;
    const double *inverse_variance; /* NULL: counts are Poisson's; else counts are any numbers with
                                       Gaussian errors of 1/sqrt(inverse_variance), and wherever
                                       the deviance is spoken of it is chi squared */
    ixs_solve_model *model;
    void *context;
    const double *lower, *upper; /* NULL: none; lower == upper holds a parameter fixed */
    const double *prior_mean;    /* with prior_sigma, or both NULL */
    const double *prior_sigma;   /* NaN: no prior on this parameter */
};

struct ixs_solve_rules {
    size_t most_iterations;
    double tolerance; /* done when the next step is expected to gain less than this in deviance */
    bool last_step;   /* that step is taken, unseen: the result is of the place before it */
};
#define IXS_SOLVE_RULES ((struct ixs_solve_rules){.most_iterations = 200, .tolerance = 1e-7})

enum ixs_solve_state { /* of a parameter in the end */
                       IXS_SOLVE_FREE,
                       IXS_SOLVE_FIXED, /* lower == upper */
                       IXS_SOLVE_LOWER, /* at its lower bound, pressed against it */
                       IXS_SOLVE_UPPER,
                       IXS_SOLVE_UNDETERMINED, /* the data do not tell it: the curvature is singular
                                                  in it */
                       IXS_SOLVE_INSEPARABLE,  /* not told apart from others, by its profile: not
                                                  from the solver, see models/fit/fit.h */
                       IXS_SOLVE_TIED,         /* follows another one of its spectrum, */
                       IXS_SOLVE_SHARED, /* or one of many spectra: models/together/together.h */
};

struct ixs_solve_result {
    double deviance;  /* of the counts */
    double objective; /* deviance + priors: what was minimised */
    double left;      /* what the step that was not looked at is expected to gain */
    size_t iterations;
    bool converged;
    long dof; /* points + priors - free parameters */
};

struct ixs_solve; /* workspace */

IXS_MUST_CHECK bool ixs_solve_new(struct ixs_solve **out, size_t most_parameters, size_t most_data,
                                  struct ixs_err *err);
void ixs_solve_free(struct ixs_solve *space); /* accepts NULL */

/* parameters[nparameters]: start in (moved inside the bounds), minimum out. */
void ixs_solve_run(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                   const struct ixs_solve_rules *rules, double *parameters,
                   struct ixs_solve_result *result);

/* The start of a fit in its linear parameters: least squares of data[ndata] = dark + sum of columns
 * x parameters, within bounds. columns[k * ndata + i] in ixs_kernels_room; dark may be NULL. One
 * pass; bounds once met are kept. Parameters that the data do not tell stay at 0 or their nearest
 * bound. */
struct ixs_solve_linear {
    size_t nparameters, ndata;
    const double *columns, *dark, *data, *inverse_variance;
    const double *lower, *upper;
};
void ixs_solve_linear(struct ixs_solve *space, const struct ixs_solve_linear *problem,
                      double *parameters);

/* Covariance [nparameters^2] from the expected curvature (Fisher information and priors) at
 * `parameters`, those at bounds taken as fixed (zero rows); NaN rows for undetermined ones.
 * states[nparameters]; covariance may be NULL. Returns the objective there. */
double ixs_solve_covariance(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                            double *parameters, double *covariance, enum ixs_solve_state *states);

/* Median of an estimate minus the truth, to first order in 1/counts: bias[k] of the parameters that
 * are wanted[k], 0 for the others. The bounds of `problem` must leave room about `parameters`. */
void ixs_solve_median_bias(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                           double *parameters, const double *covariance, const bool *wanted,
                           double *bias);

/* What ixs_solve_covariance left behind, valid until the next call: slopes, curvature and gradient
 * of half the objective. */
struct ixs_solve_view {
    const double *jacobian, *curvature, *gradient;
};
struct ixs_solve_view ixs_solve_look(const struct ixs_solve *space);

/* Of the Jacobian J that ixs_solve_covariance left behind, with the covariance C that it gave (NaN
 * counts as 0): Sum_i weight_i (J C J^T)_ii, and c^T C c with c = J^T weight. Arrays [ndata]. */
double ixs_solve_leverage(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                          const double *covariance, const double *weight);
double ixs_solve_variance_along(struct ixs_solve *space, const struct ixs_solve_problem *problem,
                                const double *covariance, const double *weight);

/* Expected counts of the last accepted parameters, [ndata], valid until the next call. */
const double *ixs_solve_expected(const struct ixs_solve *space);

#endif
